"""Live Activities by the ids that the service gives them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from activitysmith_kit import Change, Progress, SegmentedProgress, ValidationError
from activitysmith_kit.testing import Account
from support import Service

STATE = {"title": "T", "type": "progress", "percentage": 10}
FORMS: list[tuple[Any, dict[str, Any]]] = [
    (Progress("T", percentage=10), {}),
    ({"content_state": STATE}, {}),
    (None, {"content_state": STATE}),
    (None, STATE),
    ({"content_state": {"title": "T", "type": "progress"}}, {"percentage": 10, "subtitle": None}),
    (None, {"content_state": Progress("T", percentage=9), "percentage": 10}),
]


def test_one_is_started_updated_and_ended(activitysmith: Account) -> None:
    live = activitysmith.client().live_activities
    started = live.start(SegmentedProgress("Print", number_of_steps=3, current_step=1), tags=["print"])
    activity_id = started.activity_id or ""
    assert (started.success, started.devices_notified, started.tags) == (True, 1, ["print"])
    assert live.update(Change("Print", current_step=2), activity_id=activity_id).activity_id == activity_id
    ended = live.end(Change("Print", current_step=3), activity_id=activity_id, auto_dismiss_minutes=0)
    assert ended.ignored is None
    assert live.end(Change("Print", current_step=3), activity_id=activity_id).ignored
    assert activitysmith.requests()[1]["body"] == {
        "activity_id": activity_id,
        "content_state": {"title": "Print", "current_step": 2},
    }


def test_it_is_awaited(activitysmith: Account) -> None:
    async def main() -> None:
        async with activitysmith.async_client() as client:
            live = client.live_activities
            started = await live.start(title="T", type="timer", counts_down=False)
            await live.update_live_activity(activity_id=started.activity_id, title="U")
            await live.end(activity_id=started.activity_id or "", title="V")

    asyncio.run(main())
    assert [request["status"] for request in activitysmith.requests()] == [200, 200, 200]


@pytest.mark.parametrize(("request_", "fields"), FORMS)
def test_each_form_says_the_same(service: Service, request_: Any, fields: dict[str, Any]) -> None:
    live: Any = service.client().live_activities
    live.start(request_, **fields)
    live.start_live_activity(live_activity_start_request=request_, **fields)
    live.update(request_, activity_id="a", **fields)
    live.update_live_activity(live_activity_update_request=request_, activity_id="a", **fields)
    live.end(request_, activity_id="a", **fields)
    live.end_live_activity(live_activity_end_request=request_, activity_id="a", **fields)
    addressed = {"activity_id": "a", "content_state": STATE}
    assert [request.json for request in service.requests] == 2 * [{"content_state": STATE}] + 4 * [addressed]


@pytest.mark.parametrize(
    ("method", "fields", "problem"),
    [
        ("start", {"title": "T", "percentage": 10}, "content_state.type is missing"),
        ("start", {**STATE, "channels": []}, "channels is empty"),
        ("start", {**STATE, "activity_id": "a"}, "activity_id is unknown"),
        ("update", {"title": "T"}, "activity_id is missing"),
        ("update", {"title": "T", "activity_id": ""}, "activity_id is empty"),
        ("update", {"title": "T", "activity_id": "a/b"}, "activity_id contains '/'"),
        ("update", {"title": "T", "activity_id": "a", "channels": ["ops"]}, "channels is unknown"),
        ("end", {"activity_id": "a"}, "content_state is missing"),
        ("end", {"title": "T", "activity_id": "a", "auto_dismiss_minutes": -1}, "auto_dismiss_minutes"),
    ],
)
def test_what_breaks_a_rule_is_refused(service: Service, method: str, fields: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValidationError) as raised:
        getattr(service.client().live_activities, method)(**fields)
    assert problem in str(raised.value)
    assert service.requests == []
