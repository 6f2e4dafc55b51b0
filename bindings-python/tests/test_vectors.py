"""The shared vectors, through the public face and real connections."""

from __future__ import annotations

import json
from typing import Any

import pytest
from activitysmith_kit import ActivitySmithError, ValidationError
from support import VECTORS, Service

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


def call(service: Service, method: str, stream_key: Any, body: Any) -> Any:
    client = service.client(max_retries=0)
    if method == "POST":
        return client.badge_count(**(body or {"badge": 1}))
    live_activities = client.live_activities
    send: Any = live_activities.stream if method == "PUT" else live_activities.end_stream
    return send(stream_key, body)


@pytest.mark.parametrize("case", cases("requests.json", NOT_PYTHON))
def test_requests(service: Service, case: dict[str, Any]) -> None:
    body = json.loads(case["body_text"]) if "body_text" in case else case["body"]
    if "violations" in case["expect"]:
        with pytest.raises(ValidationError) as raised:
            call(service, case["method"], case.get("stream_key"), body)
        found = sorted(raised.value.violations, key=lambda violation: (violation.path, violation.code))
        expected = sorted(case["expect"]["violations"], key=lambda violation: (violation["path"], violation["code"]))
        assert [(one.path, one.code) for one in found] == [(one["path"], one["code"]) for one in expected]
        for one, other in zip(found, expected):
            assert other.get("message_has", "") in one.message
        assert service.requests == []
    else:
        call(service, case["method"], case.get("stream_key"), body)
        (request,) = service.requests
        path = f"/api/live-activity/stream/{case['stream_key']}" if "stream_key" in case else "/api/badge"
        assert (request.method, request.path) == (case["method"], path)
        # Compared as text, in which 42 is not 42.0.
        assert json.dumps(request.json, sort_keys=True) == json.dumps(case["expect"]["body"], sort_keys=True)


@pytest.mark.parametrize("case", cases("responses.json", NOT_HTTP))
def test_responses(service: Service, case: dict[str, Any]) -> None:
    service.replies(case["status"], case.get("body_text", case.get("body")), case.get("headers"))
    body = {"content_state": {"title": "T", "percentage": 1}} if case["method"] == "PUT" else None
    if "error" in case["expect"]:
        with pytest.raises(ActivitySmithError) as raised:
            call(service, case["method"], "k", body)
        expected = dict(case["expect"]["error"])
        expected["is_transient"] = expected.pop("transient")
        if "retry_after_seconds" in expected:
            expected["retry_after"] = expected.pop("retry_after_seconds")
        assert {name: getattr(raised.value, name) for name in expected} == expected
        assert raised.value.attempts == 1
    else:
        answer = call(service, case["method"], "k", body)
        written = answer.to_dict()
        facts, extra = written.pop("facts"), written.pop("extra")
        # The vectors have both side by side: what is read wins, and nothing of the answer's is called `facts` there.
        extra.pop("facts", None)
        assert {**extra, **written} == case["expect"]["outcome"]
        assert (facts["status"], facts["attempts"]) == (case["status"], 1)
        if "rate_limits" in case["expect"]:
            assert facts["rate_limits"] == case["expect"]["rate_limits"]
            assert facts["request_id"] == "req-1"


def test_none_is_absence(service: Service) -> None:
    state = {"title": "T", "percentage": 7, "subtitle": None, "icon": {"symbol": "bolt", "color": None}}
    call(service, "PUT", "k", {"content_state": state, "tags": None, "metadata": None, "alert": None})
    assert service.requests[0].json == {"content_state": {"title": "T", "percentage": 7, "icon": {"symbol": "bolt"}}}


def test_none_inside_what_is_the_callers_own_is_null(service: Service) -> None:
    action = {"title": "Go", "type": "webhook", "url": "https://a.test", "body": {"a": None}}
    state = {"title": "T", "percentage": 7, "extra": {"glow": None}}
    call(service, "PUT", "k", {"content_state": state, "action": action})
    assert service.requests[0].json == {
        "content_state": {"title": "T", "percentage": 7, "glow": None},
        "action": action,
    }
    with pytest.raises(ValidationError) as raised:
        call(service, "PUT", "k", {"content_state": {"title": "T", "percentage": 7}, "metadata": {"a": None}})
    assert [(found.path, found.code) for found in raised.value.violations] == [("metadata.a", "wrong_type")]


def test_what_is_not_a_number_has_its_path(service: Service) -> None:
    with pytest.raises(ValidationError) as raised:
        call(service, "PUT", "k", {"content_state": float("nan")})
    assert [found.path for found in raised.value.violations] == ["content_state"]


def test_digits_in_extra_are_not_lost(service: Service) -> None:
    with pytest.raises(ValidationError) as raised:
        call(service, "PUT", "k", {"content_state": {"title": "T", "extra": {"glow": 123456789012345678901234567890}}})
    violations = [(found.path, found.code) for found in raised.value.violations]
    assert violations == [("content_state.extra.glow", "too_many_digits")]
