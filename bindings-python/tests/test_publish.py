"""Publishers against the emulator: what a job's stream looks like while it runs and when it is over."""

from __future__ import annotations

import asyncio
import gc
import logging
import pickle
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from activitysmith_kit import (
    ActivitySmith,
    Alert,
    AsyncActivitySmith,
    ConfigError,
    Progress,
    PushAlert,
    SegmentedProgress,
    TimeoutError,
    Update,
    ValidationError,
    _logging,
)
from activitysmith_kit.events import Counters, Event
from activitysmith_kit.testing import Account
from support import API_KEY, Service

STATE = Progress("Backup", percentage=0)
# Nothing listens on port 1 of this machine.
NOBODY = "http://127.0.0.1:1/api"


@pytest.fixture(autouse=True)
def _nothing_told_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_logging, "_told", set())


def methods(account: Account) -> list[str]:
    return [request["method"] for request in account.requests()]


def shown(account: Account, key: str = "backup") -> dict[str, Any]:
    state: dict[str, Any] = account.stream(key)["content_state"]
    return state


def warnings_in(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]


class TestAScope:
    def test_is_a_start_and_an_end_with_the_last_state(self, activitysmith: Account) -> None:
        with activitysmith.client().live_activities.publish("backup", STATE) as live:
            assert live.flush()
            for step in range(1, 1001):
                live.update(percentage=step / 20)
        assert methods(activitysmith) == ["PUT", "DELETE"]
        assert shown(activitysmith) == {"title": "Backup", "type": "progress", "percentage": 50}
        assert activitysmith.stream("backup")["state"] == "ended"
        assert live.counters == Counters(updates=1001, coalesced=999, sent=2, acknowledged=2)
        assert live.problem is None

    def test_that_an_exception_leaves_has_failed(self, activitysmith: Account) -> None:
        error = RuntimeError("the password is hunter2")

        def work() -> None:
            with activitysmith.client().live_activities.publish("backup", STATE) as live:
                live.update(percentage=30, subtitle="copying")
                raise error

        with pytest.raises(RuntimeError) as raised:
            work()
        assert raised.value is error
        assert error.__context__ is None
        state = shown(activitysmith)
        assert (state["percentage"], state["color"], state["badge"]["title"]) == (30, "red", "Failed")
        assert state["subtitle"] == "RuntimeError"
        assert "hunter2" not in str(activitysmith.requests())

    @pytest.mark.parametrize(
        ("code", "failed"), [(0, False), (None, False), (False, False), (1, True), ("no disk", True)]
    )
    def test_that_the_program_leaves(self, activitysmith: Account, code: Any, failed: bool) -> None:
        live = activitysmith.client().live_activities.publish("backup", STATE)
        with pytest.raises(SystemExit) as raised, live:
            sys.exit(code)
        assert raised.value.code is code
        assert shown(activitysmith).get("subtitle") == ("SystemExit" if failed else None)

    def test_that_ctrl_c_leaves_has_failed(self, activitysmith: Account) -> None:
        with pytest.raises(KeyboardInterrupt), activitysmith.client().live_activities.publish("backup", STATE):
            raise KeyboardInterrupt
        assert shown(activitysmith)["subtitle"] == "KeyboardInterrupt"

    def test_of_a_generator_that_is_closed_has_not_failed(self, activitysmith: Account) -> None:
        def parts() -> Any:
            with activitysmith.client().live_activities.publish("backup", STATE) as live:
                live.update(percentage=30)
                yield 1
                live.update(percentage=60)

        for _ in parts():
            break
        assert shown(activitysmith) == {"title": "Backup", "type": "progress", "percentage": 30}

    def test_may_end_its_stream_itself(self, activitysmith: Account) -> None:
        with activitysmith.client().live_activities.publish("backup", STATE) as live:
            assert live.finish(percentage=100, auto_dismiss_seconds=5)
            with pytest.raises(ConfigError, match="has ended"):
                live.update(percentage=5)
            with pytest.raises(ConfigError, match="has ended"):
                live.finish()
        assert methods(activitysmith) == ["PUT", "DELETE"]
        assert shown(activitysmith)["percentage"] == 100


class TestAnUpdate:
    def test_comes_as_keywords_or_as_a_dict(self, service: Service) -> None:
        live = service.client().live_activities.publish("backup", STATE, pace=0)
        live.update(percentage=10, subtitle="one", metadata={"run": 7})
        live.update({"percentage": 20, "tags": ["nightly"]})
        live.update({"percentage": 30, "subtitle": "two"}, subtitle="three", color=None)
        live.update(state_extra={"glow": True}, channels=[" ops "])
        assert live.flush()
        assert service.requests[-1].json == {
            "content_state": {
                "title": "Backup",
                "type": "progress",
                "percentage": 30,
                "subtitle": "three",
                "glow": True,
            },
            "channels": ["ops"],
            "metadata": {"run": 7},
            "tags": ["nightly"],
        }
        live.close()

    def test_that_breaks_a_rule_is_refused_at_once_and_changes_nothing(self, activitysmith: Account) -> None:
        with activitysmith.client().live_activities.publish("backup", STATE) as live:
            with pytest.raises(ValidationError, match=r"content_state\.percentage is 101"):
                live.update(percentage=101, subtitle="s")
            with pytest.raises(ValidationError, match="did you mean subtitle"):
                live.update({"subtitel": "s"})  # type: ignore[arg-type]
            with pytest.raises(ValidationError, match="is an array"):
                live.update([1])  # type: ignore[arg-type]
            with pytest.raises(ValidationError, match="NaN"):
                live.update(percentage=float("nan"))
        assert shown(activitysmith) == {"title": "Backup", "type": "progress", "percentage": 0}

    def test_is_no_whole_state(self, activitysmith: Account) -> None:
        with activitysmith.client().live_activities.publish("backup", STATE) as live:
            with pytest.raises(TypeError, match="replace takes a Progress"):
                live.update(Progress("Backup", percentage=3))  # type: ignore[arg-type]
            live.replace(SegmentedProgress("Backup", 3, 1), tags=["nightly"])
        assert shown(activitysmith) == {
            "title": "Backup",
            "type": "segmented_progress",
            "number_of_steps": 3,
            "current_step": 1,
        }

    def test_carries_an_alert_once(self, activitysmith: Account) -> None:
        with activitysmith.client().live_activities.publish("backup", STATE, pace=0) as live:
            assert live.flush()
            live.update(percentage=50, alert=PushAlert(title="Half way"))
            assert live.flush()
            live.update(percentage=60)
            assert live.flush()
        assert ["alert" in request["body"] for request in activitysmith.requests()] == [False, True, False, False]

    def test_that_is_urgent_does_not_wait_for_its_turn(self, activitysmith: Account) -> None:
        with activitysmith.client().live_activities.publish("backup", STATE) as live:
            assert live.flush()
            live.update(percentage=50)
            live.update(percentage=51, urgent=True)
            deadline = time.monotonic() + 10
            # A change goes a second after the last request, a figure 15 seconds after it.
            while live.counters.acknowledged < 2 and time.monotonic() < deadline:
                time.sleep(0.01)
            assert activitysmith.requests()[-1]["body"]["content_state"]["percentage"] == 51

    def test_takes_a_few_microseconds(self, activitysmith: Account) -> None:
        with activitysmith.client().live_activities.publish("backup", STATE) as live:
            began = time.perf_counter()
            for step in range(20_000):
                live.update(percentage=step % 100)
            # On a busy machine; the bench has the number.
            assert time.perf_counter() - began < 20_000 * 100e-6


class TestTheFirstState:
    def test_comes_in_the_forms_of_a_call(self, activitysmith: Account) -> None:
        live_activities = activitysmith.client().live_activities
        for key, live in {
            "typed": live_activities.publish("typed", STATE),
            "dict": live_activities.publish(
                "dict", content_state={"title": "Backup", "type": "progress", "percentage": 0}
            ),
            "keywords": live_activities.publish("keywords", title="Backup", type="progress", percentage=0),
            "request": live_activities.publish("request", {"content_state": STATE}),
        }.items():
            assert live.stream_key == key
            assert live.finish()
            assert shown(activitysmith, key) == {"title": "Backup", "type": "progress", "percentage": 0}

    def test_is_checked_before_anything_is_published(self, activitysmith: Account) -> None:
        publish: Any = activitysmith.client().live_activities.publish
        with pytest.raises(ValidationError, match=r"content_state\.type is missing"):
            publish("backup", Update("T"))
        with pytest.raises(ValidationError, match="stream_key is a number"):
            publish(7, STATE)
        with pytest.raises(ValidationError, match=r"content_state\.timeout is unknown"):
            publish("backup", STATE, timeout=3)
        for pace in (-1, "often", float("nan")):
            with pytest.raises(ConfigError, match="pace is"):
                publish("backup", STATE, pace=pace)
        assert activitysmith.requests() == []


class TestAnEnd:
    def test_that_failed_says_why_where_there_is_room(self, activitysmith: Account) -> None:
        publish = activitysmith.client().live_activities.publish
        assert publish("page", Alert("Disk", "90 % full")).fail(OSError("/secret/path"))
        assert shown(activitysmith, "page")["message"] == "OSError"
        assert publish("backup", STATE).fail("no disk")
        assert shown(activitysmith)["subtitle"] == "no disk"
        assert publish("silent", STATE).fail()
        assert "subtitle" not in shown(activitysmith, "silent")

    def test_that_closes_leaves_the_activity_as_it_is(self, activitysmith: Account) -> None:
        with activitysmith.client().live_activities.publish("backup", STATE) as live:
            assert live.flush()
            live.close()
        assert methods(activitysmith) == ["PUT"]
        assert activitysmith.stream("backup")["state"] == "active"

    def test_of_a_publisher_that_nobody_holds_any_more_is_its_last_state(self, activitysmith: Account) -> None:
        def work() -> None:
            activitysmith.client().live_activities.publish("backup", STATE).update(percentage=40)
            gc.collect()

        with pytest.warns(ResourceWarning, match="<Publisher 'backup'> was never finished"):
            work()
        deadline = time.monotonic() + 10
        while "DELETE" not in methods(activitysmith) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert shown(activitysmith) == {"title": "Backup", "type": "progress", "percentage": 40}

    def test_outlives_the_client(self, activitysmith: Account) -> None:
        live = activitysmith.client().live_activities.publish("backup", STATE)
        gc.collect()
        live.update(percentage=70)
        assert live.flush()
        assert live.finish()
        assert shown(activitysmith)["percentage"] == 70

    def test_says_that_the_client_was_closed(self, activitysmith: Account) -> None:
        client = activitysmith.client()
        with client.live_activities.publish("backup", STATE) as live:
            assert live.flush()
            client.close()
            live.update(percentage=50)
            assert not live.flush(timeout=5)
        assert "client is closed" in str(live.problem)


class TestWithoutANetwork:
    def test_the_job_runs_at_full_speed_and_is_told_at_its_end(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG, "activitysmith_kit")
        began = time.monotonic()
        live = ActivitySmith(API_KEY, base_url=NOBODY).live_activities.publish("backup", STATE)
        for step in range(10_000):
            live.update(percentage=step % 100)
        assert not live.flush(timeout=0.05)
        assert isinstance(live.problem, (TimeoutError, ConnectionError))
        assert not live.finish()
        assert isinstance(live.problem, ConnectionError)
        assert time.monotonic() - began < 12
        assert [message.split(": ")[:2] for message in warnings_in(caplog)] == [["backup", "failing"]]
        assert [event.kind for event in live.events() if event.is_warning] == ["failing", "not_arrived"]

    def test_a_flush_takes_as_long_as_it_may(self, service: Service) -> None:
        service.silent = True
        live = service.client().live_activities.publish("backup", STATE)
        began = time.monotonic()
        assert not live.flush(timeout=0.2)
        assert 0.2 <= time.monotonic() - began < 2
        assert str(live.problem) == "the newest state has not arrived within 0.2 s"
        live.close()


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
        with activitysmith.client().live_activities.publish("backup", STATE, pace=0) as live:
            assert live.flush()
            activitysmith.pause("backup")
            live.update(percentage=10)
            assert live.flush()
            live.update(percentage=20)
            assert live.flush()
        told = [(record.levelname, record.getMessage().split(": ")[1]) for record in caplog.records]
        assert told == [
            ("DEBUG", "acknowledged"),
            ("DEBUG", "acknowledged"),
            ("WARNING", "paused"),
            ("DEBUG", "acknowledged"),
            ("DEBUG", "ended"),
        ]
        assert [(event.kind, event.is_warning) for event in live.events()] == [
            (kind, level == "WARNING") for level, kind in told
        ]
        assert live.events() == []

    def test_hears_of_trouble_while_the_job_runs(self, service: Service, caplog: pytest.LogCaptureFixture) -> None:
        service.replies(503, {})
        live = service.client().live_activities.publish("backup", STATE)
        assert service.arrived.acquire(timeout=10)
        deadline = time.monotonic() + 10
        while not caplog.records and time.monotonic() < deadline:
            live.update(percentage=time.monotonic() % 100)
        assert [message.split(": ")[1] for message in warnings_in(caplog)] == ["failing"]
        live.close()


def test_nothing_secret_is_shown_or_pickled(activitysmith: Account) -> None:
    with activitysmith.client().live_activities.publish("backup", STATE) as live:
        assert repr(live) == "<Publisher 'backup'>"
        with pytest.raises(TypeError, match="do not pickle"):
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


class TestAnAsyncPublisher:
    def test_is_a_start_and_an_end_with_the_last_state(self, activitysmith: Account) -> None:
        async def main() -> None:
            async with activitysmith.async_client().live_activities.publish("backup", STATE) as live:
                assert await live.flush()
                live.update(percentage=40)
                live.update({"percentage": 50})
            assert live.counters.sent == 2
            assert repr(live) == "<AsyncPublisher 'backup'>"

        asyncio.run(main())
        assert methods(activitysmith) == ["PUT", "DELETE"]
        assert shown(activitysmith)["percentage"] == 50

    def test_that_an_exception_leaves_has_failed(self, activitysmith: Account) -> None:
        async def main() -> None:
            async with activitysmith.async_client().live_activities.publish("backup", STATE):
                raise KeyError("secret")

        with pytest.raises(KeyError):
            asyncio.run(main())
        assert shown(activitysmith)["subtitle"] == "KeyError"

    def test_ends_as_it_is_told(self, activitysmith: Account) -> None:
        async def main() -> None:
            publish = activitysmith.async_client().live_activities.publish
            assert await publish("one", STATE).finish(percentage=100)
            assert await publish("two", STATE).fail(OSError())
            three = publish("three", STATE)
            assert await three.flush()
            three.close()

        asyncio.run(main())
        assert shown(activitysmith, "one")["percentage"] == 100
        assert shown(activitysmith, "two")["subtitle"] == "OSError"
        assert activitysmith.stream("three")["state"] == "active"

    def test_keeps_no_loop_waiting(self, service: Service) -> None:
        service.silent = True

        async def main() -> None:
            live = service.async_client().live_activities.publish("backup", STATE)
            flushing = asyncio.ensure_future(live.flush(timeout=0.5))
            longest, last = 0.0, time.monotonic()
            while not flushing.done():
                await asyncio.sleep(0.001)
                longest, last = max(longest, time.monotonic() - last), time.monotonic()
            assert not await flushing
            assert isinstance(live.problem, TimeoutError)
            assert longest < 0.3
            live.close()

        asyncio.run(main())

    def test_whose_task_is_cancelled_has_failed(self, activitysmith: Account) -> None:
        async def job() -> None:
            async with activitysmith.async_client().live_activities.publish("backup", STATE) as live:
                assert await live.flush()
                await asyncio.sleep(60)

        async def main() -> None:
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(job(), 1)

        asyncio.run(main())
        assert shown(activitysmith)["subtitle"] == "CancelledError"

    def test_goes_on_ending_where_nobody_waits_any_more(self, activitysmith: Account) -> None:
        async def main() -> None:
            live = activitysmith.async_client().live_activities.publish("backup", STATE)
            ending = asyncio.ensure_future(live.finish(percentage=90))
            await asyncio.sleep(0)
            ending.cancel()
            deadline = time.monotonic() + 10
            while "DELETE" not in methods(activitysmith) and time.monotonic() < deadline:
                await asyncio.sleep(0.01)

        asyncio.run(main())
        assert shown(activitysmith)["percentage"] == 90

    def test_without_a_key_or_a_network_breaks_no_job(self) -> None:
        async def main() -> None:
            async with AsyncActivitySmith(base_url=NOBODY).live_activities.publish("backup", STATE) as live:
                assert not await live.flush()
            assert isinstance(live.problem, ConfigError)
            async with AsyncActivitySmith(API_KEY, base_url=NOBODY).live_activities.publish("backup", STATE) as live:
                assert not await live.flush(timeout=0.1)
            assert isinstance(live.problem, ConnectionError)

        asyncio.run(main())
