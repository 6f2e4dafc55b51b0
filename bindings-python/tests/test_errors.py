"""Failures as exceptions: each kind has its class, and each holds what is needed to act on it."""

from __future__ import annotations

import builtins
import copy
import json
import pickle
from pathlib import Path
from typing import Any, get_args

import pytest
from activitysmith_kit import (
    ActivityLimitReached,
    ActivitySmith,
    ActivitySmithError,
    ApiError,
    BillingBlocked,
    ClosedError,
    ConnectionError,
    NoRecipients,
    RateLimited,
    Redirect,
    TimeoutError,
    ValidationError,
    Violation,
    _native,
    errors,
    types,
)
from support import Service

NOWHERE = "http://127.0.0.1:1/api"


def failure(service: Service, status: int, body: object = None, headers: dict[str, str] | None = None) -> Any:
    service.replies(status, body, headers)
    with pytest.raises(ActivitySmithError) as raised:
        service.client(max_retries=0).live_activities.end_stream("k")
    return raised.value


def test_every_kind_of_the_core_has_its_class() -> None:
    for kind in get_args(types.ErrorKind):
        for transient in (True, False):
            error = errors.from_core({"kind": kind, "description": "what", "transient": transient, "attempts": 3})
            assert (type(error).kind, error.kind, str(error)) == (kind, kind, "what")
            assert (error.is_transient, error.attempts) == (transient, 3)
            assert type(error) not in (ActivitySmithError, ApiError)


TRANSIENT = {"connection", "timeout", "rate_limited", "server_error", "unreadable"}


# What the core says of its errors.
SCHEMA = json.loads((Path(__file__).parents[2] / "core/schema.json").read_text(encoding="utf-8"))
FIELDS = {error["name"]: {field["name"] for field in error["fields"]} for error in SCHEMA["errors"]}
RENAMED = {"transient": "is_transient", "retry_after_seconds": "retry_after"}


@pytest.mark.parametrize("error", [error for error in vars(errors).values() if isinstance(error, type)])
def test_every_class_has_the_fields_that_the_core_describes(error: type) -> None:
    if not issubclass(error, ActivitySmithError):
        assert error is Violation
        return
    own = {RENAMED.get(name, name) for name in FIELDS[error.__name__]}
    assert own == set(vars(error).get("__annotations__", ()))
    assert own <= set(types.ErrorDetails.__annotations__)
    assert error().is_transient == (error.kind in TRANSIENT)


def test_a_kind_newer_than_this_release_is_of_the_nearest_class() -> None:
    error = errors.from_core(
        {"kind": "teapot", "description": "what", "transient": False, "attempts": 1, "status": 418}
    )
    assert (type(error), error.kind) == (ApiError, "teapot")
    assert (
        type(errors.from_core({"kind": "odd", "description": "", "transient": False, "attempts": 0}))
        is ActivitySmithError
    )


def test_all_are_of_one_tree_and_of_pythons_own_kinds() -> None:
    assert issubclass(ValidationError, ValueError)
    assert issubclass(ConnectionError, builtins.ConnectionError)
    assert issubclass(TimeoutError, builtins.TimeoutError)
    assert issubclass(TimeoutError, ConnectionError)
    for name in dir(errors):
        value = getattr(errors, name)
        if isinstance(value, type) and issubclass(value, Exception):
            assert issubclass(value, ActivitySmithError)


def test_what_a_failure_tells(service: Service) -> None:
    error = failure(
        service,
        400,
        {"error": "Invalid tags", "code": "invalid_tags", "message": "too many"},
        {"x-request-id": "req-7", "date": "Thu, 24 Sep 2026 09:18:57 GMT"},
    )
    assert isinstance(error, ApiError)
    assert (error.status, error.code, error.message, error.request_id, error.attempts) == (
        400,
        "invalid_tags",
        "too many",
        "req-7",
        1,
    )
    assert error.date == "Thu, 24 Sep 2026 09:18:57 GMT"
    assert (error.body, error.retry_after) == (
        '{"error": "Invalid tags", "code": "invalid_tags", "message": "too many"}',
        None,
    )
    assert str(error) == "the service refused the request (status 400, invalid_tags): too many"


def test_what_the_special_ones_tell(service: Service) -> None:
    billing = failure(service, 402, {"error": "trial_expired", "upgrade_url": "https://example.com/up"})
    assert isinstance(billing, BillingBlocked)
    assert billing.upgrade_url == "https://example.com/up"
    nobody = failure(service, 422, {"error": "No recipients found", "effective_channel_slugs": ["night"]})
    assert isinstance(nobody, NoRecipients)
    assert nobody.effective_channel_slugs == ["night"]
    full = failure(
        service, 429, {"error": "Live Activity limit reached", "limit": 5, "active": 5, "blocked_devices": 1}
    )
    assert isinstance(full, ActivityLimitReached)
    assert (full.limit, full.active, full.blocked_devices, full.targeted_devices) == (5, 5, 1, None)
    limited = failure(service, 429, {"error": "Rate limit exceeded"}, {"retry-after": "19"})
    assert isinstance(limited, RateLimited)
    assert (limited.retry_after, limited.is_transient) == (19, True)
    elsewhere = failure(service, 308, "", {"location": "https://elsewhere.test/"})
    assert isinstance(elsewhere, Redirect)
    assert elsewhere.location == "https://elsewhere.test/"


def test_nobody_answers() -> None:
    client = ActivitySmith("ask_test_1", base_url=NOWHERE, max_retries=0)
    with pytest.raises(ConnectionError) as raised:
        client.live_activities.end_stream("k")
    assert (raised.value.kind, raised.value.is_transient, raised.value.attempts) == ("connection", True, 1)
    with pytest.raises(OSError, match="could not connect"):
        client.live_activities.end_stream("k")


def test_no_answer_in_time(service: Service) -> None:
    service.silent = True
    client = service.client(timeout=0.05)
    with pytest.raises(TimeoutError) as raised:
        client.live_activities.end_stream("k")
    assert (raised.value.kind, raised.value.is_transient) == ("timeout", True)
    with pytest.raises(builtins.TimeoutError):
        client.live_activities.end_stream("k", timeout=0.06)


def test_all_violations_at_once(service: Service) -> None:
    with pytest.raises(ValidationError) as raised:
        service.client().live_activities.stream("a b", type="progress", percentage=-1)  # type: ignore[call-overload]
    assert {violation.path for violation in raised.value.violations} == {
        "stream_key",
        "content_state.title",
        "content_state.percentage",
    }
    assert all(violation.message in str(raised.value) for violation in raised.value.violations)
    assert raised.value.attempts == 0


@pytest.mark.parametrize("copied", [lambda error: pickle.loads(pickle.dumps(error)), copy.copy, copy.deepcopy])
def test_copies_and_pickles_are_the_same(service: Service, copied: Any) -> None:
    with pytest.raises(ValidationError) as invalid:
        service.client().live_activities.stream("k", {})  # type: ignore[call-overload]
    with pytest.raises(ConnectionError) as unreachable:
        ActivitySmith("ask_test_1", base_url=NOWHERE, max_retries=0).live_activities.end_stream("k")
    full = failure(service, 429, {"error": "Live Activity limit reached", "limit": 5, "active": 5})
    for error in (invalid.value, unreachable.value, full):
        other = copied(error)
        assert (type(other), str(other), vars(other)) == (type(error), str(error), vars(error))


def test_a_defect_of_the_kit_is_one_of_the_tree_too(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    def panics(*_: object) -> bytes:
        raise _native.InternalError("index out of bounds")

    client = service.client()
    monkeypatch.setattr(type(client._native), "start", panics)
    with pytest.raises(ActivitySmithError, match="a defect of its own: index out of bounds") as raised:
        client.live_activities.end_stream("k")
    assert (raised.value.kind, raised.value.__context__) == ("internal", None)


def test_tests_can_make_their_own() -> None:
    error = RateLimited("too many requests", retry_after=3, status=429)
    assert (error.kind, error.retry_after, error.status, error.is_transient, str(error)) == (
        "rate_limited",
        3,
        429,
        True,
        "too many requests",
    )
    with pytest.raises(ActivitySmithError):
        raise error


def test_a_closed_client_says_so(service: Service) -> None:
    client = service.client()
    other = client.with_options(timeout=1)
    with client:
        client.live_activities.end_stream("k")
    client.close()
    for closed in (client, other):
        with pytest.raises(ClosedError, match="the client is closed; make a new one") as raised:
            closed.live_activities.end_stream("k")
        assert (raised.value.kind, raised.value.is_transient, raised.value.attempts) == ("closed", False, 0)
    assert len(service.requests) == 1


def test_a_violation_is_plain_data() -> None:
    violation = Violation("a", "empty", "a is empty")
    assert violation == Violation("a", "empty", "a is empty")
    assert len({violation, Violation("a", "empty", "a is empty"), Violation("b", "empty", "b is empty")}) == 2
    assert violation != "a"
    assert repr(violation) == "Violation('a', 'empty', 'a is empty')"
