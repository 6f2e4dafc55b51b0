"""Publishers against the emulator: what a job's stream looks like while it runs and when it is over."""

from __future__ import annotations

import contextlib
import gc
import sys
import threading
import time
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from activitysmith_kit import (
    ActivitySmith,
    ActivitySmithError,
    Alert,
    Change,
    ClosedError,
    ConfigError,
    ConnectionError,
    Progress,
    Publisher,
    Push,
    PushAlert,
    SegmentedProgress,
    ValidationError,
)
from activitysmith_kit.events import Counters
from activitysmith_kit.testing import Account
from support import API_KEY, NOBODY, PATIENCE, Service, in_short, methods, shown

STATE = Progress("Backup", percentage=0)


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
        assert methods(activitysmith) == ["PUT", "DELETE"]
        assert shown(activitysmith)["percentage"] == 100


class TestWhatIsShownAfterAWhile:
    def test_is_not_shown_where_it_succeeds_before(self, service: Service) -> None:
        live_activities = service.client().live_activities
        with live_activities.publish("backup", STATE, show_after=600) as live:
            live.update(percentage=50)
        assert live.problem is None
        assert list(live_activities.track([1, 2], "backup", title="T", show_after=600)) == [1, 2]
        assert live_activities.job("backup", title="Backup", show_after=600)(lambda: 7)() == 7
        assert service.requests == []

    def test_is_shown_then_or_where_it_is_asked_for(self, activitysmith: Account) -> None:
        publish = activitysmith.client().live_activities.publish
        with publish("backup", STATE, show_after=0.05) as live:
            deadline = time.monotonic() + PATIENCE
            while not live.counters.acknowledged and time.monotonic() < deadline:
                time.sleep(0.01)
        with publish("asked", STATE, show_after=600) as live:
            assert live.flush()
        assert methods(activitysmith) == ["PUT", "DELETE"] * 2

    def test_is_shown_where_it_fails(self, activitysmith: Account) -> None:
        live_activities = activitysmith.client().live_activities

        @live_activities.job("backup", title="Backup", show_after=600)
        def main() -> None:
            raise OSError("no disk")

        with pytest.raises(OSError, match="no disk"):
            main()
        assert (shown(activitysmith)["color"], shown(activitysmith)["subtitle"]) == ("red", "OSError")


class TestAnUpdate:
    def test_comes_as_keywords_or_as_a_dict(self, service: Service) -> None:
        live = service.client().live_activities.publish("backup", STATE, min_interval=0)
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
        live.detach()

    def test_that_breaks_a_rule_is_refused_at_once_and_changes_nothing(self, activitysmith: Account) -> None:
        with activitysmith.client().live_activities.publish("backup", STATE) as live:
            with pytest.raises(ValidationError, match="did you mean subtitle"):
                live.update({"percentage": 50, "subtitel": "s"})  # type: ignore[arg-type]
            with pytest.raises(ValidationError, match="is a list; give a dict"):
                live.update([1])  # type: ignore[arg-type]
            for number in ("50", True, [50], b"50", object(), 5j):
                with pytest.raises(ValidationError, match=r"content_state\.percentage is (a|bytes)"):
                    live.update(percentage=number, subtitle="s")  # type: ignore[arg-type]
        assert shown(activitysmith) == {"title": "Backup", "type": "progress", "percentage": 0}

    def test_is_no_whole_state(self, activitysmith: Account) -> None:
        with activitysmith.client().live_activities.publish("backup", STATE) as live:
            with pytest.raises(TypeError, match=r"use replace\(Progress\(\.\.\.\)\)"):
                live.update(Progress("Backup", percentage=3))  # type: ignore[arg-type]
            live.replace(SegmentedProgress("Backup", 3, 1), tags=["nightly"])
        assert shown(activitysmith) == {
            "title": "Backup",
            "type": "segmented_progress",
            "number_of_steps": 3,
            "current_step": 1,
        }

    def test_carries_an_alert_once(self, activitysmith: Account) -> None:
        with activitysmith.client().live_activities.publish("backup", STATE, min_interval=0) as live:
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
            # A change goes a second after the last request, a number 15 seconds after it.
            while live.counters.acknowledged < 2 and time.monotonic() < deadline:
                time.sleep(0.01)
            assert activitysmith.requests()[-1]["body"]["content_state"]["percentage"] == 51

    def test_takes_a_few_microseconds(self, activitysmith: Account) -> None:
        with activitysmith.client().live_activities.publish("backup", STATE) as live:
            # Not that of the clock: the machine may be busy. The bench has the number.
            began = time.thread_time()
            for step in range(20_000):
                live.update(percentage=step % 100)
            assert time.thread_time() - began < 20_000 * 100e-6


class Single:
    """A number of another library's, as numpy's of 32 bits are."""

    def __init__(self, number: float) -> None:
        self.number = number

    def __float__(self) -> float:
        return self.number


class TestANumberThatALoopComputes:
    def test_may_be_a_rounding_error_beyond_its_range(
        self, activitysmith: Account, caplog: pytest.LogCaptureFixture
    ) -> None:
        with activitysmith.client().live_activities.publish("backup", STATE) as live:
            done = 0.0
            for _ in range(6):
                done += 100 / 6
                live.update(percentage=done)
            assert done > 100
        assert shown(activitysmith)["percentage"] == 100
        assert caplog.records == []

    @pytest.mark.parametrize(
        ("given", "percentage"),
        [
            (101, 100),
            (-3, 0),
            (10**30, 100),
            (10**400, 100),
            (-(10**400), 0),
            (Decimal("12.5"), 12.5),
            (Decimal("100.1"), 100),
            (Fraction(1, 4), 0.25),
            (Single(12.5), 12.5),
            (Single(-0.5), 0),
        ],
        ids=in_short,
    )
    def test_is_clamped_and_of_any_type_of_number(self, activitysmith: Account, given: Any, percentage: float) -> None:
        with activitysmith.client().live_activities.publish("backup", STATE) as live:
            live.update(percentage=given)
        assert shown(activitysmith)["percentage"] == percentage
        assert activitysmith.client().live_activities.publish("end", STATE).finish(percentage=given)
        assert shown(activitysmith, "end")["percentage"] == percentage

    @pytest.mark.parametrize("kind", [float, Decimal, lambda text: Single(float(text))])
    def test_is_skipped_where_nothing_can_show_it(
        self, activitysmith: Account, caplog: pytest.LogCaptureFixture, kind: Callable[[str], Any]
    ) -> None:
        with activitysmith.client().live_activities.publish("backup", STATE) as live:
            live.update(percentage=30)
            for text in ("nan", "inf", "-inf"):
                live.update(percentage=kind(text), subtitle=text)
                live.update({"percentage": kind(text)})
            live.update(metadata={"loss": kind("nan")})
            live.replace(Progress("Backup", percentage=kind("nan")))
            assert live.finish(percentage=kind("nan"))
        state = shown(activitysmith)
        assert (state["percentage"], state.get("subtitle")) == (30, None)
        (line,) = [record.getMessage() for record in caplog.records]
        assert line.startswith("backup: content_state.percentage is NaN")

    def test_of_steps_stays_within_them(self, activitysmith: Account, caplog: pytest.LogCaptureFixture) -> None:
        with activitysmith.client().live_activities.publish("backup", SegmentedProgress("Backup", 4, 0)) as live:
            for step in (0.999_999_999, 3.5, 5, float("nan"), Fraction(17, 4)):
                live.update(current_step=step)  # type: ignore[arg-type]
        assert shown(activitysmith)["current_step"] == 4
        assert len(caplog.records) == 1


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
            publish("backup", Change("T"))
        with pytest.raises(ValidationError, match="stream_key is a number"):
            publish(7, STATE)
        with pytest.raises(ValidationError, match=": timeout is unknown"):
            publish("backup", STATE, timeout=3)
        for min_interval in (-1, "often", float("nan")):
            with pytest.raises(ConfigError, match="min_interval is"):
                publish("backup", STATE, min_interval=min_interval)
        assert activitysmith.requests() == []


class TestAnEnd:
    def test_that_failed_takes_any_reason(self, activitysmith: Account) -> None:
        live = activitysmith.client().live_activities.publish("backup", STATE)
        assert live.fail(5)  # type: ignore[arg-type]
        assert shown(activitysmith)["subtitle"] == "int"

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
            live.detach()
        assert methods(activitysmith) == ["PUT"]
        assert activitysmith.stream("backup")["state"] == "active"

    def test_of_a_publisher_that_is_dropped_is_a_failure(self, activitysmith: Account) -> None:
        def work() -> None:
            activitysmith.client().live_activities.publish("backup", STATE).update(percentage=40)
            gc.collect()

        with pytest.warns(ResourceWarning, match="<Publisher 'backup'> was not finished"):
            work()
        deadline = time.monotonic() + 10
        while "DELETE" not in methods(activitysmith) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert (shown(activitysmith)["percentage"], shown(activitysmith)["color"]) == (40, "red")

    def test_lets_no_update_through_while_it_is_under_way_nor_when_it_is_over(self, service: Service) -> None:
        live = service.client().live_activities.publish("backup", STATE)
        assert live.flush()
        service.silent = True
        ending = threading.Thread(target=live.finish)
        ending.start()
        # The first state, and the end that is not answered yet.
        assert service.arrived.acquire(timeout=PATIENCE)
        assert service.arrived.acquire(timeout=PATIENCE)
        live.update(percentage=99)
        live.replace(Progress("Backup", percentage=98))
        live.detach()
        ending.join()
        live.update(percentage=99)
        live.replace(Progress("Backup", percentage=98))
        assert [request.json["content_state"]["percentage"] for request in service.requests] == [0, 0]

    def test_outlives_the_client(self, activitysmith: Account) -> None:
        live = activitysmith.client().live_activities.publish("backup", STATE)
        gc.collect()
        live.update(percentage=70)
        assert live.flush()
        assert live.finish()
        assert shown(activitysmith)["percentage"] == 70

    def test_comes_with_the_close_of_its_client(self, activitysmith: Account) -> None:
        client = activitysmith.client()
        with client.live_activities.publish("backup", STATE) as live:
            live.update(percentage=50)
            client.close()
            live.update(percentage=70)
        assert live.problem is None
        assert activitysmith.stream("backup")["state"] == "ended"
        assert shown(activitysmith)["percentage"] == 50
        assert methods(activitysmith)[-1] == "DELETE"
        with pytest.raises(ClosedError):
            client.live_activities.publish("backup", STATE)

    @pytest.mark.parametrize(("error", "color"), [(OSError("no disk"), "red"), (SystemExit(0), None)])
    def test_comes_with_the_scope_of_its_client(
        self, activitysmith: Account, error: BaseException, color: str | None
    ) -> None:
        def work() -> None:
            with activitysmith.client() as client:
                kept.append(client.live_activities.publish("backup", STATE))
                raise error

        kept: list[Publisher] = []
        with pytest.raises(type(error)):
            work()
        assert activitysmith.stream("backup")["state"] == "ended"
        assert shown(activitysmith).get("color") == color
        assert kept[0].problem is None

    def test_does_not_hold_up_a_client_that_has_lost_its_service(self) -> None:
        with ActivitySmith(API_KEY, base_url=NOBODY, flush_timeout=0) as client:
            live = client.live_activities.publish("backup", STATE)
        assert isinstance(live.problem, ActivitySmithError)


PUSHED = [
    ("The backup failed", {"title": "The backup failed"}),
    ({"title": "Failed", "channels": "ops, night"}, {"title": "Failed", "target": {"channels": ["ops", "night"]}}),
    (Push("Failed", message="See the log"), {"title": "Failed", "message": "See the log"}),
]


def pushes(activitysmith: Account) -> list[Any]:
    return [request["body"] for request in activitysmith.requests() if request["path"].endswith("/push-notification")]


class TestAPush:
    @pytest.mark.parametrize(("push", "sent"), PUSHED)
    def test_tells_of_a_failure(self, activitysmith: Account, push: Any, sent: Any) -> None:
        live_activities = activitysmith.client().live_activities
        with pytest.raises(OSError, match="no disk"), live_activities.publish("backup", STATE, on_failure=push):
            raise OSError("no disk")
        assert pushes(activitysmith) == [sent]

    def test_tells_of_a_success(self, activitysmith: Account) -> None:
        live_activities = activitysmith.client().live_activities
        with live_activities.publish("backup", STATE, on_failure="Failed", on_success="Done"):
            pass
        assert list(live_activities.track([1], "backup", title="Backup", on_success="Counted")) == [1]
        live_activities.job("backup", title="Backup", on_success="Ran")(lambda: None)()
        assert pushes(activitysmith) == [{"title": "Done"}, {"title": "Counted"}, {"title": "Ran"}]

    @pytest.mark.parametrize("push", [{"titel": "Failed"}, "", 7, Push(" ")])
    def test_that_breaks_a_rule_is_refused_at_once(self, activitysmith: Account, push: Any) -> None:
        live_activities = activitysmith.client().live_activities
        with pytest.raises(ValidationError, match=r"on_failure\.tit"):
            live_activities.publish("backup", STATE, on_failure=push)
        with pytest.raises(ValidationError, match=r"on_failure\.tit"):
            live_activities.job("backup", title="Backup", on_failure=push)
        assert activitysmith.requests() == []


class TestWhenItHasEnded:
    def test_another_end_has_the_first_ones_outcome(
        self, activitysmith: Account, caplog: pytest.LogCaptureFixture
    ) -> None:
        live = activitysmith.client().live_activities.publish("backup", STATE)
        assert live.fail("no disk")
        assert live.finish(percentage=100)
        assert live.fail()
        assert live.problem is None
        assert shown(activitysmith)["subtitle"] == "no disk"
        assert methods(activitysmith) == ["PUT", "DELETE"]
        assert caplog.records == []

    def test_another_end_of_one_that_did_not_arrive_says_so_too(self) -> None:
        live = ActivitySmith(API_KEY, base_url=NOBODY).live_activities.publish("backup", STATE)
        assert not live.fail("no disk")
        problem = live.problem
        assert not live.finish()
        assert str(live.problem) == str(problem)
        assert isinstance(live.problem, ConnectionError)

    @pytest.mark.parametrize("scope", [False, True])
    def test_the_jobs_own_exception_survives(self, activitysmith: Account, scope: bool) -> None:
        error = OSError("no disk")

        def report(live: Publisher) -> None:
            try:
                raise error
            except OSError as caught:
                live.fail(caught)
                raise
            finally:
                live.finish()

        live = activitysmith.client().live_activities.publish("backup", STATE)
        with pytest.raises(OSError, match="no disk") as raised, live if scope else contextlib.nullcontext():
            report(live)
        assert raised.value is error
        assert error.__context__ is None
        assert shown(activitysmith)["subtitle"] == "OSError"

    @pytest.mark.parametrize("end", ["finish", "fail", "detach"])
    def test_changes_are_ignored_and_that_is_told_once(
        self, activitysmith: Account, caplog: pytest.LogCaptureFixture, end: str
    ) -> None:
        with activitysmith.client().live_activities.publish("backup", STATE) as live:
            assert live.flush()
            getattr(live, end)()
            live.update(percentage=50)
            # At once: there may be no other call that would write it to the log.
            assert len(caplog.records) == 1
            live.update(percentage=51, urgent=True)
        live.replace(Progress("Backup", percentage=52))
        live.finish(percentage=53)
        assert [record.getMessage() for record in caplog.records] == [
            "backup: a change came after the stream was ended; it is ignored"
        ]
        assert [event.kind for event in live.events() if event.is_warning] == ["after_end"]
        assert shown(activitysmith)["percentage"] == 0
