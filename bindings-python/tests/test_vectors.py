"""The shared vectors, through the public face and real connections."""

from __future__ import annotations

import asyncio
import copy
import json
from typing import Any
from urllib.parse import quote

import pytest
from activitysmith_kit import ActivitySmithError, ValidationError
from support import SCHEMA, VECTORS, Service

# What Python cannot say, or says in another way; each has a test of its own below.
NOT_PYTHON = {
    "the same field twice": "a dict holds a key once",
    "extra loses no digits either": "a dict holds a key once",
    "null is not absence": "None is how Python says that something is not set",
    "a body that is no JSON": "a float that is not a number reaches the core, with its path",
}
# What no HTTP client lets through.
NOT_HTTP = {"limits nobody can read are passed over": "a control character in a header"}


def cases(file: str, left_out: dict[str, str]) -> list[Any]:
    read = json.loads((VECTORS / file).read_text(encoding="utf-8"))["cases"]
    assert left_out.keys() <= {case["name"] for case in read}
    return [pytest.param(case, id=case["name"]) for case in read if case["name"] not in left_out]


# The body that a call has where the case is about the answer.
BODIES: dict[str, Any] = {
    "stream": {"content_state": {"title": "T", "percentage": 1}},
    "end_stream": None,
    "start": {"content_state": {"title": "T", "type": "progress", "percentage": 1}},
    "update": {"activity_id": "a1", "content_state": {"title": "T"}},
    "end": {"activity_id": "a1", "content_state": {"title": "T"}},
    "push": {"title": "T"},
    "replace_push": {"title": "T"},
    "metric": {"value": 1},
    "badge": {"badge": 1},
}
ENDPOINTS = {each["name"]: each for each in json.loads(SCHEMA.read_text(encoding="utf-8"))["endpoints"]}


def send(client: Any, endpoint: str, key: Any, body: Any) -> Any:
    """Calls the endpoint by its method, with a whole body; what it gives back is the answer, or to be awaited."""
    if endpoint == "badge":
        badge = body.pop("badge", None)
        return client.badge_count(badge, **body)
    methods: dict[str, Any] = {
        "stream": client.live_activities.stream,
        "end_stream": client.live_activities.end_stream,
        "start": client.live_activities.start,
        "update": client.live_activities.update,
        "end": client.live_activities.end,
        "push": client.notifications.send,
        "replace_push": client.notifications.replace,
        "metric": client.metrics.update,
    }
    return methods[endpoint](body) if ENDPOINTS[endpoint]["key"] is None else methods[endpoint](key, body)


def call(service: Service, endpoint: str, key: Any, body: Any) -> Any:
    return send(service.client(max_retries=0), endpoint, key, body)


def test_every_endpoint_has_cases() -> None:
    for file in ("requests.json", "responses.json"):
        read = json.loads((VECTORS / file).read_text(encoding="utf-8"))["cases"]
        assert {case["endpoint"] for case in read} == set(ENDPOINTS) == set(BODIES)


@pytest.mark.parametrize("case", cases("requests.json", NOT_PYTHON))
def test_requests(service: Service, case: dict[str, Any]) -> None:
    body = json.loads(case["body_text"]) if "body_text" in case else case["body"]
    endpoint = ENDPOINTS[case["endpoint"]]
    if "violations" in case["expect"]:
        with pytest.raises(ValidationError) as raised:
            call(service, case["endpoint"], case.get("key"), body)
        found = sorted(raised.value.violations, key=lambda violation: (violation.path, violation.code))
        expected = sorted(case["expect"]["violations"], key=lambda violation: (violation["path"], violation["code"]))
        assert [(one.path, one.code) for one in found] == [(one["path"], one["code"]) for one in expected]
        for one, other in zip(found, expected):
            assert other.get("message_has", "") in one.message
        assert service.requests == []
    else:
        call(service, case["endpoint"], case.get("key"), body)
        (request,) = service.requests
        path = endpoint["path"].replace(f"{{{endpoint['key']}}}", quote(case.get("key", ""), safe=""))
        assert (request.method, request.path) == (endpoint["method"], f"/api{path}")
        # Compared as text, in which 42 is not 42.0.
        assert json.dumps(request.json, sort_keys=True) == json.dumps(case["expect"]["body"], sort_keys=True)


@pytest.mark.parametrize("case", cases("responses.json", NOT_HTTP))
def test_responses(service: Service, case: dict[str, Any]) -> None:
    service.replies(case["status"], case.get("body_text", case.get("body")), case.get("headers"))
    body = copy.deepcopy(BODIES[case["endpoint"]])
    if "error" in case["expect"]:
        with pytest.raises(ActivitySmithError) as raised:
            call(service, case["endpoint"], "k", body)
        expected = dict(case["expect"]["error"])
        expected["is_transient"] = expected.pop("transient")
        if "retry_after_seconds" in expected:
            expected["retry_after"] = expected.pop("retry_after_seconds")
        assert {name: getattr(raised.value, name) for name in expected} == expected
        assert raised.value.attempts == 1
    else:
        answer = call(service, case["endpoint"], "k", body)
        assert type(answer).__name__ == ENDPOINTS[case["endpoint"]]["response"]
        written = answer.to_dict()
        facts, extra = written.pop("facts"), written.pop("extra")
        # The vectors have both side by side: what is read wins, and nothing of the answer's is called `facts` there.
        extra.pop("facts", None)
        assert {**extra, **written} == case["expect"]["outcome"]
        assert (facts["status"], facts["attempts"]) == (case["status"], 1)
        if "rate_limits" in case["expect"]:
            assert facts["rate_limits"] == case["expect"]["rate_limits"]
            assert facts["request_id"] == "req-1"


def test_every_endpoint_is_awaited(service: Service) -> None:
    async def main() -> None:
        async with service.async_client(max_retries=0) as client:
            for name, body in BODIES.items():
                answer = await send(client, name, "k", copy.deepcopy(body))
                assert type(answer).__name__ == ENDPOINTS[name]["response"]

    asyncio.run(main())
    asked = [(request.method, request.path.replace("/k", "/{key}")) for request in service.requests]
    assert asked == [
        (each["method"], "/api" + each["path"].replace(f"{{{each['key']}}}", "{key}"))
        for each in (ENDPOINTS[name] for name in BODIES)
    ]


def test_none_is_absence(service: Service) -> None:
    state = {"title": "T", "percentage": 7, "subtitle": None, "icon": {"symbol": "bolt", "color": None}}
    call(service, "stream", "k", {"content_state": state, "tags": None, "metadata": None, "alert": None})
    assert service.requests[0].json == {"content_state": {"title": "T", "percentage": 7, "icon": {"symbol": "bolt"}}}


def test_none_inside_what_is_the_callers_own_is_null(service: Service) -> None:
    action = {"title": "Go", "type": "webhook", "url": "https://a.test", "body": {"a": None}}
    state = {"title": "T", "percentage": 7, "extra": {"glow": None}}
    call(service, "stream", "k", {"content_state": state, "action": action})
    assert service.requests[0].json == {
        "content_state": {"title": "T", "percentage": 7, "glow": None},
        "action": action,
    }
    with pytest.raises(ValidationError) as raised:
        call(service, "stream", "k", {"content_state": {"title": "T", "percentage": 7}, "metadata": {"a": None}})
    assert [(found.path, found.code) for found in raised.value.violations] == [("metadata.a", "wrong_type")]


def test_what_is_not_a_number_has_its_path(service: Service) -> None:
    with pytest.raises(ValidationError) as raised:
        call(service, "stream", "k", {"content_state": float("nan")})
    assert [found.path for found in raised.value.violations] == ["content_state"]


def test_digits_in_extra_are_not_lost(service: Service) -> None:
    with pytest.raises(ValidationError) as raised:
        call(
            service, "stream", "k", {"content_state": {"title": "T", "extra": {"glow": 123456789012345678901234567890}}}
        )
    violations = [(found.path, found.code) for found in raised.value.violations]
    assert violations == [("content_state.extra.glow", "too_many_digits")]
