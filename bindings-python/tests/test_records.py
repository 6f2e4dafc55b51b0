"""States and answers as plain data."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from activitysmith_kit import (
    Change,
    Icon,
    OpenUrl,
    Progress,
    Push,
    RateLimit,
    ResponseFacts,
    StreamResponse,
    Timer,
    Value,
)
from support import Service


def test_fields_are_read_and_changed() -> None:
    state = Progress("T", percentage=1)
    state.percentage = 2
    state.icon = Icon("bolt")
    assert (state.title, state.percentage, state.subtitle, state.type) == ("T", 2, None, "progress")
    with pytest.raises(AttributeError):
        state.percentge = 3  # type: ignore[attr-defined]


def test_repr_shows_what_is_set() -> None:
    state = Progress("T", percentage=0, icon=Icon("bolt", color="red"))
    assert repr(state) == "Progress(title='T', percentage=0, icon=Icon(symbol='bolt', color='red'))"
    assert eval(repr(state)) == state
    assert repr(Timer.elapsed("Run")) == "Timer(title='Run', counts_down=False)"


def test_equal_by_what_is_set() -> None:
    assert Progress("T", percentage=1) == Progress("T", percentage=1)
    assert Progress("T", percentage=1) != Progress("T", percentage=2)
    assert Progress("T") != Change("T")
    assert Progress("T") != "T"
    with pytest.raises(TypeError, match="unhashable"):
        hash(Progress("T"))


RECORDS: list[Any] = [
    Progress("T", percentage=1, icon=Icon("bolt"), extra={"a": [1]}),
    Timer.countdown("T", 9),
    Push("T", actions=[OpenUrl("Log", "https://a.test")], channels=["ops"]),
    StreamResponse(
        operation="updated",
        tags=["a"],
        extra={"mood": {"a": 1}},
        facts=ResponseFacts(status=200, rate_limits=[RateLimit(policy="p", remaining=3)]),
    ),
]


@pytest.mark.parametrize("record", RECORDS)
def test_copies_and_pickles_are_the_same(record: Any) -> None:
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(record, protocol)) == record
    assert copy.copy(record) == record
    deep = copy.deepcopy(record)
    assert deep == record
    deep.extra = {"changed": True}
    assert deep != record


def test_as_plain_json() -> None:
    assert RECORDS[0].to_dict() == {
        "title": "T",
        "type": "progress",
        "percentage": 1,
        "icon": {"symbol": "bolt"},
        "extra": {"a": [1]},
    }
    assert RECORDS[3].to_dict() == {
        "operation": "updated",
        "tags": ["a"],
        "extra": {"mood": {"a": 1}},
        "facts": {
            "status": 200,
            "attempts": 0,
            "elapsed_seconds": 0.0,
            "advice": [],
            "rate_limits": [{"policy": "p", "remaining": 3}],
        },
    }


def test_a_subclass_is_a_state_too(service: Service) -> None:
    class Nightly(Value):
        pass

    class Slotted(Value):
        __slots__ = ("note",)

    states: list[Any] = [Nightly("T", 7), Slotted("T", 7)]
    for number, state in enumerate(states):
        state.note = "of its own"
        service.client().live_activities.stream("k", state)
        assert service.requests[number].json == {"content_state": {"title": "T", "value": 7, "type": "value"}}
        assert repr(state) == f"{type(state).__qualname__.rsplit('.')[-1]}(title='T', value=7)"
        assert state != type(state)("T", 8)


def test_an_answer(service: Service) -> None:
    service.replies(
        200, {"operation": "merged", "success": True, "tags": [], "mood": {"a": [1]}, "devices_notified": 2.5}
    )
    response = service.client().live_activities.end_stream("k")
    assert (response.operation, response.success, response.tags, response.warning) == ("merged", True, [], None)
    assert (response.devices_notified, response.extra) == (None, {"mood": {"a": [1]}, "devices_notified": 2.5})
    assert (response.facts.status, response.facts.attempts, response.facts.rate_limits) == (200, 1, ())
    assert response.facts.elapsed_seconds > 0


def test_answers_do_not_share_what_is_empty() -> None:
    assert StreamResponse().extra is not StreamResponse().extra
    assert StreamResponse().facts is not StreamResponse().facts
