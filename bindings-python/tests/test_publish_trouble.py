"""Publishers that cannot publish, what they tell, and what they keep to themselves."""

from __future__ import annotations

import asyncio
import datetime
import logging
import pickle
import time
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from activitysmith_kit import (
    ActivitySmith,
    ConfigError,
    Progress,
    TimeoutError,
    flush_all,
)
from activitysmith_kit.events import Counters, Event
from activitysmith_kit.testing import Account
from support import (
    API_KEY,
    LONG_DURATIONS,
    NEGATIVE_DURATIONS,
    NO_DURATIONS,
    NOBODY,
    ODD_DURATIONS,
    PATIENCE,
    Service,
    in_short,
)

STATE = Progress("Backup", percentage=0)


def warnings_in(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]


class TestWithoutANetwork:
    def test_the_job_runs_at_full_speed_and_is_told_at_its_end(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG, "activitysmith_kit")
        live = ActivitySmith(API_KEY, base_url=NOBODY).live_activities.publish("backup", STATE)
        for step in range(10_000):
            live.update(percentage=step % 100)
        assert live.counters.updates == 10_001
        assert not live.flush(timeout=0.05)
        assert isinstance(live.problem, (TimeoutError, ConnectionError))
        assert not live.finish()
        assert isinstance(live.problem, ConnectionError)
        assert live.counters.acknowledged == 0
        (warning,) = warnings_in(caplog)
        assert warning.startswith("backup: could not connect")
        assert [event.kind for event in live.events() if event.is_warning] == ["failing", "not_arrived"]

    def test_a_flush_takes_as_long_as_it_may(self, service: Service) -> None:
        service.silent = True
        live = service.client().live_activities.publish("backup", STATE)
        began = time.monotonic()
        assert not live.flush(timeout=0.2)
        # Unless told otherwise it takes 10 s.
        assert 0.2 <= time.monotonic() - began < 8
        assert str(live.problem) == "the newest state has not arrived within 0.2 s"
        live.detach()


class TestTheTimeLimitOfAnEnd:
    @pytest.mark.parametrize("how", ["client", "publisher", "track", "job", "variable"])
    def test_may_be_set(self, service: Service, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
        service.silent = True
        if how == "variable":
            monkeypatch.setenv("ACTIVITYSMITH_FLUSH_TIMEOUT", "0.2")
        limit: Any = datetime.timedelta(seconds=0.2)
        live_activities = service.client(flush_timeout=limit if how == "client" else None).live_activities
        if how == "job":
            assert live_activities.job("backup", STATE, flush_timeout=limit)(lambda: 7)() == 7
            return
        if how == "track":
            items = live_activities.track([1, 2], "backup", title="Backup", flush_timeout=limit)
            assert list(items) == [1, 2]
            live = items.publisher
        else:
            live = live_activities.publish("backup", STATE, flush_timeout=limit if how == "publisher" else None)
            assert not live.finish()
        # A request has at least a quarter of a second.
        assert "within 0.2" in str(live.problem)

    def test_is_a_number_of_seconds(self, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
        client: Any = service.client
        for limit in ("5", -1, float("nan")):
            for name in ("flush_timeout", "show_after"):
                for begin in (client().live_activities.publish, client().live_activities.job):
                    with pytest.raises(ConfigError, match=f"{name} is "):
                        begin("backup", STATE, **{name: limit})
                with pytest.raises(ConfigError, match=f"{name} is "):
                    client().live_activities.track([1], "backup", title="T", **{name: limit})
            with pytest.raises(ConfigError, match="flush_timeout is "):
                client(flush_timeout=limit)
        monkeypatch.setenv("ACTIVITYSMITH_FLUSH_TIMEOUT", "long")
        with pytest.raises(ConfigError, match="ACTIVITYSMITH_FLUSH_TIMEOUT is"):
            client()
        assert service.requests == []


class TestADuration:
    @pytest.mark.parametrize("duration", LONG_DURATIONS, ids=in_short)
    def test_of_a_wait_is_bounded(self, service: Service, duration: Any) -> None:
        live = service.client().live_activities.publish("backup", STATE)
        assert live.flush()
        assert live.flush(timeout=duration)
        assert flush_all(timeout=duration)
        live.detach()

        async def main() -> None:
            live = service.async_client().live_activities.publish("backup", STATE)
            assert await live.flush()
            assert await live.flush(timeout=duration)
            live.detach()

        asyncio.run(main())

    def test_of_a_wait_that_is_over_at_once(self, service: Service) -> None:
        service.silent = True
        live = service.client().live_activities.publish("backup", STATE)
        assert not live.flush(timeout=5e-324)
        assert str(live.problem) == "the newest state has not arrived within 0 s"
        live.detach()

    @pytest.mark.parametrize("duration", [*NEGATIVE_DURATIONS, *NO_DURATIONS], ids=in_short)
    def test_of_a_wait_is_a_number_of_at_least_0(self, service: Service, duration: Any) -> None:
        live = service.client().live_activities.publish("backup", STATE)
        for wait in (live.flush, flush_all):
            with pytest.raises(ConfigError, match=r"timeout is .*; give a number of seconds of at least 0"):
                wait(timeout=duration)
        live.detach()

    @pytest.mark.parametrize("duration", [*ODD_DURATIONS, *NO_DURATIONS], ids=in_short)
    def test_between_updates_is_bounded_or_refused(self, service: Service, duration: Any) -> None:
        live_activities = service.client().live_activities
        try:
            live = live_activities.publish("backup", STATE, min_interval=duration)
        except ConfigError:
            with pytest.raises(ConfigError, match="min_interval is"):
                live_activities.track([1, 2], "backup", title="T", min_interval=duration)
            return
        live.update(percentage=50)
        assert live.finish()
        assert list(live_activities.track([1, 2], "backup", title="T", min_interval=duration)) == [1, 2]

    @pytest.mark.parametrize("min_interval", [Decimal("0.01"), Fraction(1, 100)])
    def test_may_be_any_number(self, service: Service, min_interval: Any) -> None:
        for item in service.client().live_activities.track([0, 1, 2, 3], "k", title="T", min_interval=min_interval):
            if item == 2:
                until = time.monotonic() + PATIENCE
                while service.requests[-1:] == [] or not service.requests[-1].json["content_state"]["percentage"]:
                    assert time.monotonic() < until
                    time.sleep(0.01)


class TestAStateThatTheServiceRefuses:
    def test_is_told_by_a_flush_and_not_sent_again(self, service: Service) -> None:
        service.replies(400, {"error": "Bad Request", "message": "no such icon"})
        live = service.client().live_activities.publish("backup", STATE, min_interval=0)
        assert not live.flush()
        assert "no such icon" in str(live.problem)
        assert not live.flush()
        assert len(service.requests) == 1
        service.replies(200, {"operation": "started"})
        live.update(percentage=50)
        assert live.flush()
        assert live.problem is None
        live.detach()


class TestWithoutAKey:
    def test_the_job_runs_and_that_is_told_once(self, caplog: pytest.LogCaptureFixture) -> None:
        client = ActivitySmith(base_url=NOBODY)
        for _ in range(3):
            with client.live_activities.publish("backup", STATE) as live:
                live.update(percentage=5)
                assert not live.flush()
            assert isinstance(live.problem, ConfigError)
        (warning,) = warnings_in(caplog)
        assert warning.startswith("nothing is published: ACTIVITYSMITH_API_KEY is not set")

    def test_where_it_is_disabled_nothing_is_told(
        self, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        caplog.set_level(logging.DEBUG, "activitysmith_kit")
        monkeypatch.setenv("ACTIVITYSMITH_DISABLED", "1")
        with ActivitySmith().live_activities.publish("backup", STATE) as live:
            live.update(percentage=5)
            assert live.flush()
        assert (live.problem, live.counters, caplog.records) == (None, Counters(), [])


class TestTheLog:
    def test_tells_what_happens(self, activitysmith: Account, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG, "activitysmith_kit")
        with activitysmith.client().live_activities.publish("backup", STATE, min_interval=0) as live:
            assert live.flush()
            activitysmith.pause("backup")
            live.update(percentage=10)
            assert live.flush()
            live.update(percentage=20)
            assert live.flush()
        told = [(record.levelname, record.getMessage()) for record in caplog.records]
        events = live.events()
        assert [event.kind for event in events] == ["acknowledged", "acknowledged", "paused", "acknowledged", "ended"]
        assert told == [("WARNING" if event.is_warning else "DEBUG", f"backup: {event.message}") for event in events]
        assert live.events() == []

    def test_hears_of_trouble_while_the_job_runs(self, service: Service, caplog: pytest.LogCaptureFixture) -> None:
        service.replies(503, {})
        live = service.client().live_activities.publish("backup", STATE)
        assert service.arrived.acquire(timeout=10)
        deadline = time.monotonic() + 10
        while not caplog.records and time.monotonic() < deadline:
            live.update(percentage=time.monotonic() % 100)
        assert warnings_in(caplog) == ["backup: the service is in trouble (status 503)"]
        live.detach()


def test_nothing_secret_is_shown_or_pickled(activitysmith: Account) -> None:
    with activitysmith.client().live_activities.publish("backup", STATE) as live:
        assert repr(live) == "<Publisher 'backup'>"
        with pytest.raises(TypeError, match="create one in each process"):
            pickle.dumps(live)
    event = live.events()[-1]
    assert pickle.loads(pickle.dumps(event)) == event == Event(kind="ended", message=event.message)


def test_a_budget_file_is_read_from_an_argument_or_the_environment(
    activitysmith: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = activitysmith.base_url
    with ActivitySmith(activitysmith.api_key, base_url=url, budget_file=tmp_path / "argument") as client:
        client.live_activities.stream("one", STATE)
    monkeypatch.setenv("ACTIVITYSMITH_BUDGET_FILE", str(tmp_path / "variable"))
    with ActivitySmith(activitysmith.api_key, base_url=url) as client:
        client.live_activities.stream("two", STATE)
    assert {path.name for path in tmp_path.iterdir()} == {"argument", "variable"}


def test_the_core_reads_its_rules_from_the_environment(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACTIVITYSMITH_RULES", '{"kept_events": 1, "flush_timeout_seconds": 0.25}')
    service.silent = True
    live = service.client().live_activities.publish("backup", Progress("Backup", percentage=130))
    assert not live.flush()
    assert str(live.problem) == "the newest state has not arrived within 0.25 s"
    live.detach()
    live.update(percentage=5)
    assert len(live.events()) == 1


def test_a_stream_key_that_is_the_api_key_is_refused_and_stops_no_other_stream(activitysmith: Account) -> None:
    live_activities = activitysmith.client().live_activities
    live = live_activities.publish("good", STATE)
    with pytest.raises(ConfigError, match="stream_key must not be the API key"):
        live_activities.publish(activitysmith.api_key, STATE)
    assert live.finish()
    assert live.problem is None
    assert live_activities.publish("later", STATE).finish()


def test_a_client_that_is_closed_stops_nothing_that_has_ended(activitysmith: Account) -> None:
    with activitysmith.client() as client:
        detached = client.live_activities.publish("left", STATE)
        detached.flush()
        detached.detach()
        with client.live_activities.publish("backup", STATE) as live:
            live.update(percentage=100)
    assert live.problem is None
    assert live.finish()
    assert all(event.kind != "stopped" for handle in (live, detached) for event in handle.events())
