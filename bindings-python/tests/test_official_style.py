"""Programs as the official SDK's documentation and habits have them: only the import is another."""

from __future__ import annotations

from typing import Any

import pytest
from activitysmith_kit import (
    ActivitySmith,
    LiveActivityColor,
    action,
    alert_badge,
    alert_icon,
    content_state,
    metric,
)
from activitysmith_kit.testing import Account


@pytest.fixture
def client(activitysmith: Account, monkeypatch: pytest.MonkeyPatch) -> ActivitySmith:
    monkeypatch.setenv("ACTIVITYSMITH_BASE_URL", activitysmith.base_url)
    return ActivitySmith(api_key=activitysmith.api_key)


def body(activitysmith: Account, number: int = 0) -> Any:
    return activitysmith.requests()[number]["body"]


def test_keywords(activitysmith: Account, client: ActivitySmith) -> None:
    result = client.live_activities.stream(
        "prod-web-1",
        title="Server Health",
        subtitle="prod-web-1",
        type="metrics",
        metrics=[metric("CPU", 9, unit="%", color="cyan"), metric("MEM", 45, unit="%")],
        action=action("Open", type="open_url", url="https://ops.example.com/web-1"),
    )
    assert result.operation == "started"
    assert body(activitysmith) == {
        "content_state": {
            "title": "Server Health",
            "subtitle": "prod-web-1",
            "type": "metrics",
            "metrics": [
                {"label": "CPU", "value": 9, "unit": "%", "color": "cyan"},
                {"label": "MEM", "value": 45, "unit": "%"},
            ],
        },
        "action": {"title": "Open", "type": "open_url", "url": "https://ops.example.com/web-1"},
    }


def test_a_request_dict_and_the_generated_names(activitysmith: Account, client: ActivitySmith) -> None:
    request: Any = {
        "content_state": {"title": "Deploy", "type": "segmented_progress", "number_of_steps": 3, "current_step": 1}
    }
    client.live_activities.reconcile_live_activity_stream("deploy", request)
    client.live_activities.reconcile_live_activity_stream(
        "deploy", live_activity_stream_request=request, current_step=2
    )
    client.live_activities.stream("deploy", request=request, current_step=3)
    client.live_activities.end_live_activity_stream(
        "deploy", {"content_state": {"title": "Done", "type": "segmented_progress", "auto_dismiss_minutes": 2}}
    )
    assert [body(activitysmith, number)["content_state"].get("current_step") for number in range(4)] == [1, 2, 3, None]
    assert body(activitysmith, 3)["content_state"]["auto_dismiss_minutes"] == 2
    client.live_activities.stream("deploy", request)
    client.live_activities.end_live_activity_stream("deploy", live_activity_stream_delete_request={})
    assert activitysmith.stream("deploy")["state"] == "ended"


def test_the_helper_builds_a_state(activitysmith: Account, client: ActivitySmith) -> None:
    state = content_state(
        "Approve refund",
        type="alert",
        message="20 EUR to order 17",
        icon=alert_icon("bell.badge", color=LiveActivityColor.ORANGE),
        badge=alert_badge("open", color="red"),
        subtitle=None,
    )
    assert state == {
        "title": "Approve refund",
        "type": "alert",
        "message": "20 EUR to order 17",
        "icon": {"symbol": "bell.badge", "color": "orange"},
        "badge": {"title": "open", "color": "red"},
    }
    client.live_activities.stream("refund", content_state=state)
    state["message"] = "approved"
    client.live_activities.stream("refund", {"content_state": state})
    assert body(activitysmith, 1)["content_state"]["message"] == "approved"


def test_the_helper_builds_a_final_state(activitysmith: Account, client: ActivitySmith) -> None:
    client.live_activities.stream("k", title="T", type="progress", percentage=1)
    state = content_state("T", type="progress", percentage=100, auto_dismiss_seconds=0, auto_dismiss_minutes=None)
    client.live_activities.end_stream("k", content_state=state)
    assert body(activitysmith, 1)["content_state"]["auto_dismiss_seconds"] == 0


def test_helpers_and_names_on_the_resource(client: ActivitySmith) -> None:
    live_activities = client.live_activities
    assert live_activities.metric("CPU", 1) == {"label": "CPU", "value": 1}
    assert live_activities.alert_icon("bolt") == {"symbol": "bolt"}
    assert live_activities.alert_badge("new") == {"title": "new"}
    names = ["SEGMENTED_PROGRESS", "PROGRESS", "METRICS", "STATS", "ALERT", "TIMER", "VALUE"]
    assert [getattr(live_activities, f"TYPE_{name}") for name in names] == [name.lower() for name in names]


@pytest.mark.parametrize(
    ("channels", "sent"),
    [
        ("ops, night ", ["ops", "night"]),
        ("ops,", ["ops"]),
        ("a,,b", ["a", "b"]),
        (["ops"], ["ops"]),
        ([" ops ", ""], ["ops"]),
        (("ops", "night"), ["ops", "night"]),
    ],
)
def test_channels_in_their_forms(activitysmith: Account, client: ActivitySmith, channels: Any, sent: list[str]) -> None:
    client.live_activities.stream("k", title="T", type="timer", counts_down=False, channels=channels)
    client.live_activities.stream(
        "k", {"content_state": {"title": "T2", "type": "timer", "counts_down": False}, "channels": channels}
    )
    assert [body(activitysmith, number)["channels"] for number in (0, 1)] == [sent, sent]


class Model:
    """A model as pydantic makes them, of which only this is looked at."""

    def __init__(self, **given: Any) -> None:
        self.counts_down = True
        self.__dict__.update(given)
        self.model_fields_set = set(given)


def test_generated_models_send_what_was_set_on_them(activitysmith: Account, client: ActivitySmith) -> None:
    state = Model(title="T", type="progress", percentage=Model(actual_instance=1))
    request: Any = Model(content_state=state, metadata={"run": Model(actual_instance=17)}, channels=["ops "])
    live_activities = client.live_activities
    live_activities.stream("k", request)
    live_activities.stream("k", request, percentage=2)
    live_activities.stream("k", content_state=state)  # type: ignore[call-overload]
    sent = {"title": "T", "type": "progress", "percentage": 1}
    assert body(activitysmith) == {"content_state": sent, "metadata": {"run": 17}, "channels": ["ops"]}
    assert body(activitysmith, 1)["content_state"] == {**sent, "percentage": 2}
    assert body(activitysmith, 2) == {"content_state": sent}


def test_answers_as_dicts_by_both_names(client: ActivitySmith) -> None:
    response = client.live_activities.stream("k", title="T", type="progress", percentage=1)
    assert response.model_dump() == response.to_dict()
    assert response.to_dict()["operation"] == "started"


def test_a_target(activitysmith: Account, client: ActivitySmith) -> None:
    client.live_activities.stream("k", title="T", type="timer", counts_down=False, target={"channels": ["ops"]})
    assert body(activitysmith)["target"] == {"channels": ["ops"]}


def test_an_end_by_keywords(activitysmith: Account, client: ActivitySmith) -> None:
    client.live_activities.stream("k", title="T", type="progress", percentage=1)
    client.live_activities.end_stream("k", title="T", type="progress", percentage=100, auto_dismiss_minutes=0)
    assert body(activitysmith, 1) == {
        "content_state": {"title": "T", "type": "progress", "percentage": 100, "auto_dismiss_minutes": 0}
    }


def test_nothing_is_made_up_and_numbers_keep_their_form(activitysmith: Account, client: ActivitySmith) -> None:
    client.live_activities.stream("k", title="T", type="timer", duration_seconds=90, is_running=False)
    client.live_activities.stream("k", title="T", type="timer", subtitle="still paused")
    client.live_activities.stream("k2", title="T", type="value", value=9007199254740993, metadata={"row": 0})
    assert body(activitysmith, 1) == {"content_state": {"title": "T", "type": "timer", "subtitle": "still paused"}}
    assert body(activitysmith, 2) == {
        "content_state": {"title": "T", "type": "value", "value": 9007199254740993},
        "metadata": {"row": 0},
    }
