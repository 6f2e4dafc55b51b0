"""The values of metrics, and when they were measured."""

from __future__ import annotations

import asyncio
import datetime
from decimal import Decimal
from typing import Any

import pytest
from activitysmith_kit import ValidationError
from activitysmith_kit.testing import Account
from support import Service

HOUR = datetime.timezone(datetime.timedelta(hours=1))
NOON = datetime.datetime(2026, 11, 20, 12, tzinfo=HOUR)


def test_a_value_is_set(activitysmith: Account) -> None:
    metrics = activitysmith.client().metrics
    assert metrics.update("queue.depth", 42).success
    metrics.update("queue.depth", "many", timeout=5)
    metrics.update_metric_value("queue.depth", {"value": 0})
    assert [request["body"] for request in activitysmith.requests()] == [{"value": 42}, {"value": "many"}, {"value": 0}]
    assert activitysmith.requests()[0]["path"].endswith("/metrics/queue.depth/value")


def test_it_is_awaited(activitysmith: Account) -> None:
    async def main() -> None:
        async with activitysmith.async_client() as client:
            assert (await client.metrics.update("queue.depth", 42)).success

    asyncio.run(main())


@pytest.mark.parametrize(
    ("moment", "sent"),
    [
        (NOON, "2026-11-20T12:00:00+01:00"),
        (NOON.astimezone(datetime.timezone.utc), "2026-11-20T11:00:00+00:00"),
        ("2026-11-20T12:00:00Z", "2026-11-20T12:00:00Z"),
    ],
)
def test_a_moment_may_be_given(service: Service, moment: Any, sent: str) -> None:
    metrics = service.client().metrics
    metrics.update("k", 1, moment)
    metrics.update("k", {"value": 1}, timestamp=moment)
    metrics.update("k", {"value": 1, "timestamp": moment})
    metrics.update_metric_value("k", metric_value_update_request={"value": 1, "timestamp": moment})
    assert [request.json for request in service.requests] == 4 * [{"value": 1, "timestamp": sent}]


@pytest.mark.parametrize(
    ("moment", "problem"),
    [
        (NOON.replace(tzinfo=None), "has no time zone"),
        (datetime.date(2026, 11, 20), "is not a time"),
        ("yesterday", "is not a time"),
        (1763632740, "timestamp is a number"),
        (1763632740.5, "timestamp is a number"),
        (Decimal(1763632740), "timestamp is a number"),
    ],
)
def test_what_is_no_moment_is_refused(service: Service, moment: Any, problem: str) -> None:
    with pytest.raises(ValidationError) as raised:
        service.client().metrics.update("k", 1, timestamp=moment)
    assert problem in str(raised.value)
    assert service.requests == []


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("Queue", 1, "key contains 'Q'"),
        ("a" * 65, 1, "key "),
        ("", 1, "key is empty"),
        ("k", True, "value is a boolean"),
        ("k", float("nan"), "value is NaN"),
        ("k", "a" * 65, "value "),
        ("k", None, "value is missing"),
        ("k", {"vlaue": 1}, "did you mean value"),
        ("k", [1], "value is a list"),
    ],
)
def test_what_is_no_metric_is_refused(service: Service, key: str, value: Any, problem: str) -> None:
    with pytest.raises(ValidationError) as raised:
        service.client().metrics.update(key, value)
    assert problem in str(raised.value)
    assert service.requests == []
