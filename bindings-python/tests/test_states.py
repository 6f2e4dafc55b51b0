"""Every state in every form, against the emulator, which judges by rules of its own."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

import activitysmith_kit
import pytest
from activitysmith_kit import (
    Alert,
    Badge,
    Change,
    Icon,
    Metric,
    Metrics,
    OpenUrl,
    Progress,
    PushAlert,
    SegmentedProgress,
    Stats,
    Timer,
    Value,
    Webhook,
    models,
)
from activitysmith_kit.testing import Account

# Each with every field that it has.
STATES: list[Any] = [
    SegmentedProgress(
        "Rollout",
        4,
        1,
        subtitle="eu",
        color="purple",
        step_color="yellow",
        step_colors=["green"],
        icon=Icon("shippingbox", color="cyan"),
        badge=Badge("canary", color="lime"),
    ),
    Progress("Backup", subtitle="disk 2", percentage=42, color="blue", icon=Icon("externaldrive"), badge=Badge("full")),
    Progress("Tape", value=31, upper_limit=96.5),
    Metrics(
        "node-3",
        [Metric("CPU", 71, unit="%", color="orange"), Metric("Disk", 44.5)],
        subtitle="rack 9",
        color="lime",
        icon=Icon("cpu"),
    ),
    Stats("Shop", [Metric("Orders", 0), Metric("Returns", "-3")], subtitle="today", color="red", icon=Icon("cart")),
    Alert("Refund", "Approve 20?", subtitle="order 17", color="magenta", icon=Icon("bell"), badge=Badge("new")),
    Timer(
        "Oven",
        subtitle="bread",
        duration_seconds=90.5,
        counts_down=True,
        is_running=True,
        color="red",
        icon=Icon("timer"),
    ),
    Timer.countdown("Oven", 90),
    Timer.elapsed("Run"),
    Value("Queue", "0031", subtitle="jobs", color="gray", icon=Icon("tray"), badge=Badge("high")),
    Value("Depth", -18.4),
]


def named(states: list[Any]) -> list[Any]:
    return [pytest.param(state, id=f"{state.type}-{number}") for number, state in enumerate(states)]


@pytest.mark.parametrize("state", named(STATES))
@pytest.mark.parametrize("form", ["typed", "typed by name", "dict", "request", "keywords", "async"])
def test_every_state_in_every_form(activitysmith: Account, state: Any, form: str) -> None:
    live_activities = activitysmith.client().live_activities
    plain = state.to_dict()
    if form == "typed":
        response = live_activities.stream("k", state)
    elif form == "typed by name":
        response = live_activities.stream("k", content_state=state)
    elif form == "dict":
        response = live_activities.stream("k", content_state=plain)
    elif form == "request":
        response = live_activities.stream("k", {"content_state": plain})
    elif form == "keywords":
        response = live_activities.stream("k", **plain)
    else:
        response = asyncio.run(activitysmith.async_client().live_activities.stream("k", state))
    assert (response.operation, response.success, response.stream_key) == ("started", True, "k")
    (request,) = activitysmith.requests()
    assert request["body"] == {"content_state": plain}
    shown = activitysmith.stream("k")
    assert (shown["type"], shown["content_state"]["title"]) == (state.type, state.title)


def test_there_is_a_case_for_every_field_of_every_state() -> None:
    classes = {value for value in vars(models).values() if inspect.isclass(value) and hasattr(value, "type")}
    states: set[Any] = classes - {OpenUrl, Webhook}
    assert {type(state) for state in STATES} == states
    for state in states:
        covered = {name for case in STATES if type(case) is state for name in case.to_dict()}
        assert covered - {"type"} == set(state._fields) - {"extra"}


@pytest.mark.parametrize("form", ["typed", "dict", "keywords"])
def test_what_stands_beside_the_state_goes_in_every_form(activitysmith: Account, form: str) -> None:
    state = Progress("Deploy", percentage=10)
    beside: dict[str, Any] = {
        "action": OpenUrl("Log", "https://ci.example.com/17"),
        "secondary_action": Webhook("Stop", "https://ci.example.com/stop", method="POST", body={"run": 17}),
        "alert": PushAlert(title="Deploying", body="version 9"),
        "channels": ["ops"],
        "tags": ["deploy"],
        "metadata": {"run": 17, "dry": False, "share": 0.5, "by": "ci"},
        "extra": None,
    }
    live_activities: Any = activitysmith.client().live_activities
    if form == "typed":
        live_activities.stream("k", state, **beside)
    elif form == "dict":
        live_activities.stream("k", {"content_state": state.to_dict(), **beside})
    else:
        live_activities.stream("k", **state.to_dict(), **beside)
    assert activitysmith.requests()[0]["body"] == {
        "content_state": {"title": "Deploy", "type": "progress", "percentage": 10},
        "action": {"title": "Log", "type": "open_url", "url": "https://ci.example.com/17"},
        "secondary_action": {
            "title": "Stop",
            "type": "webhook",
            "url": "https://ci.example.com/stop",
            "method": "POST",
            "body": {"run": 17},
        },
        "alert": {"title": "Deploying", "body": "version 9"},
        "channels": ["ops"],
        "tags": ["deploy"],
        "metadata": {"run": 17, "dry": False, "share": 0.5, "by": "ci"},
    }


def test_the_life_of_a_stream(activitysmith: Account) -> None:
    live_activities = activitysmith.client().live_activities
    operations = [
        live_activities.stream("k", Progress("Backup", percentage=1)).operation,
        live_activities.stream("k", Progress("Backup", percentage=1)).operation,
        live_activities.stream("k", Change("Backup", percentage=2)).operation,
    ]
    activitysmith.pause("k")
    operations.append(live_activities.stream("k", Progress("Backup", percentage=3)).operation)
    activitysmith.resume("k")
    operations.append(live_activities.stream("k", Progress("Backup", percentage=4)).operation)
    operations.append(live_activities.end_stream("k", Progress("Backup", percentage=100)).operation)
    assert operations == ["started", "noop", "updated", "paused", "started", "ended"]


@pytest.mark.parametrize("form", ["typed", "dict", "keywords", "inside the state"])
def test_an_end_says_how_long_it_stays(activitysmith: Account, form: str) -> None:
    live_activities: Any = activitysmith.client().live_activities
    state = Progress("Backup", percentage=100)
    live_activities.stream("k", state)
    if form == "typed":
        live_activities.end_stream("k", state, auto_dismiss_seconds=30)
    elif form == "dict":
        live_activities.end_stream("k", {"content_state": state.to_dict(), "auto_dismiss_seconds": 30})
    elif form == "keywords":
        live_activities.end_stream("k", title="Backup", type="progress", percentage=100, auto_dismiss_seconds=30)
    else:
        live_activities.end_stream("k", content_state={**state.to_dict(), "auto_dismiss_seconds": 30})
    assert activitysmith.requests()[1]["body"] == {"content_state": {**state.to_dict(), "auto_dismiss_seconds": 30}}


def test_an_end_that_says_nothing_has_no_body(activitysmith: Account) -> None:
    live_activities = activitysmith.client().live_activities
    live_activities.stream("k", Timer.elapsed("Run"))
    assert live_activities.end_stream("k", title=None, metadata=None).operation == "ended"
    assert activitysmith.requests()[1]["body"] is None


def test_tags_and_metadata_are_kept_replaced_or_cleared(activitysmith: Account) -> None:
    live_activities = activitysmith.client().live_activities
    live_activities.stream("k", Progress("T", percentage=1), tags=["a"], metadata={"run": 1})
    live_activities.stream("k", Progress("T", percentage=2), tags=None)
    assert (activitysmith.stream("k")["tags"], activitysmith.stream("k")["metadata"]) == (["a"], {"run": 1})
    live_activities.stream("k", Progress("T", percentage=3), tags=(), metadata={})
    assert (activitysmith.stream("k")["tags"], activitysmith.stream("k")["metadata"]) == ([], {})


def test_fields_win_over_what_they_are_combined_with(activitysmith: Account) -> None:
    live_activities: Any = activitysmith.client().live_activities
    base: dict[str, Any] = {"content_state": {"title": "T", "type": "progress", "percentage": 1}, "tags": ["a"]}
    live_activities.stream("k", base, content_state={"subtitle": "s", "percentage": 2}, percentage=3, tags=["b"])
    live_activities.stream("k", Progress("T", percentage=4, color="red"), percentage=5)
    assert [request["body"] for request in activitysmith.requests()] == [
        {"content_state": {"title": "T", "type": "progress", "subtitle": "s", "percentage": 3}, "tags": ["b"]},
        {"content_state": {"title": "T", "type": "progress", "color": "red", "percentage": 5}},
    ]
    assert base == {"content_state": {"title": "T", "type": "progress", "percentage": 1}, "tags": ["a"]}
    with pytest.raises(TypeError, match="content_state must be a dict or a state"):
        live_activities.stream("k", {"content_state": 7}, percentage=1)


def test_what_is_newer_than_this_release_goes_into_extra(service: Any) -> None:
    state = Value("T", 1, icon=Icon("bolt", extra={"glow": True}), extra={"color": "teal"})
    service.client().live_activities.stream("k", state, extra={"priority": 3})
    assert service.requests[0].json == {
        "content_state": {
            "title": "T",
            "value": 1,
            "type": "value",
            "icon": {"symbol": "bolt", "glow": True},
            "color": "teal",
        },
        "priority": 3,
    }


def test_a_newer_field_of_the_state_goes_by_keyword_too(service: Any) -> None:
    live_activities = service.client().live_activities
    live_activities.stream("k", title="T", type="value", value=1, state_extra={"glow": True}, extra={"priority": 3})
    live_activities.end_stream("k", title="T", state_extra={"glow": False})
    assert [request.json for request in service.requests] == [
        {"content_state": {"title": "T", "type": "value", "value": 1, "glow": True}, "priority": 3},
        {"content_state": {"title": "T", "glow": False}},
    ]


def test_the_version_is_the_packages() -> None:
    from importlib.metadata import version

    assert activitysmith_kit.__version__ == version("activitysmith-kit")
