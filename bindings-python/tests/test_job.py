"""Functions that are jobs, against the emulator."""

from __future__ import annotations

import asyncio
import functools
import logging
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from activitysmith_kit import (
    ActivitySmith,
    AsyncActivitySmith,
    ConfigError,
    Progress,
    ValidationError,
    _native,
    job,
    jobs,
)
from activitysmith_kit.testing import Account


@pytest.fixture(autouse=True)
def _a_new_process() -> None:
    """As if no job had been called in this process."""
    jobs._of_the_environment.cache_clear()


@pytest.fixture
def environment(activitysmith: Account, monkeypatch: pytest.MonkeyPatch) -> Account:
    for name, value in activitysmith.environment.items():
        monkeypatch.setenv(name, value)
    return activitysmith


def shown(account: Account) -> dict[str, Any]:
    stream = account.stream("backup")
    assert stream["state"] == "ended"
    state: dict[str, Any] = stream["content_state"]
    if stream["timer"] is not None:
        state.update((name, stream["timer"][name]) for name in ("counts_down", "is_running"))
    return state


STOPPED = {"title": "Backup", "type": "timer", "counts_down": False, "is_running": False}
FAILED = {**STOPPED, "color": "red", "auto_dismiss_minutes": 60}


def test_it_runs_beside_a_timer_that_stops_with_it(activitysmith: Account) -> None:
    @activitysmith.client().live_activities.job("backup", title="Backup")
    def main(first: int, *, second: int) -> int:
        """Backs up."""
        return first + second

    assert main(1, second=2) == 3
    assert (main.__name__, main.__doc__) == ("main", "Backs up.")
    assert [request["method"] for request in activitysmith.requests()] == ["PUT", "DELETE"]
    assert shown(activitysmith) == STOPPED
    assert main(3, second=4) == 7
    assert len(activitysmith.requests()) == 4


def test_it_shows_any_state(activitysmith: Account) -> None:
    live_activities = activitysmith.client().live_activities
    live_activities.job("backup", Progress("Backup", percentage=0), tags=["nightly"])(lambda: None)()
    assert shown(activitysmith) == {"title": "Backup", "type": "progress", "percentage": 0}
    live_activities.job("backup", title="Backup", type="value", value=3)(lambda: None)()
    assert shown(activitysmith)["value"] == 3
    with pytest.raises(ValidationError, match=r"content_state\.percentage"):
        live_activities.job("backup", title="Backup", type="progress", percentage="5")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "failed"),
    [
        (RuntimeError("secret"), True),
        (KeyboardInterrupt(), True),
        (SystemExit(1), True),
        (SystemExit("no disk"), True),
        (SystemExit(0), False),
        (SystemExit(), False),
    ],
)
@pytest.mark.parametrize("how", ["sync", "async"])
def test_what_leaves_it_says_whether_it_failed(
    environment: Account, error: BaseException, failed: bool, how: str
) -> None:
    def fail() -> None:
        raise error

    @job("backup", title="Backup")
    def main() -> None:
        fail()

    @job("backup", title="Backup")
    async def async_main() -> None:
        fail()

    with pytest.raises(type(error)) as raised:
        main() if how == "sync" else drive(async_main())
    assert raised.value is error
    assert shown(environment) == ({**FAILED, "subtitle": type(error).__name__} if failed else STOPPED)


def drive(main: Any) -> None:
    """Runs a coroutine; a loop of its own would let an exit through before the task that met it is done."""

    async def caught() -> BaseException | None:
        try:
            await main
        except BaseException as error:
            return error
        return None

    error = asyncio.run(caught())
    if error is not None:
        raise error


def test_a_coroutine_function_stays_one(environment: Account) -> None:
    @job("backup", title="Backup")
    async def main() -> int:
        await asyncio.sleep(0)
        return 5

    @job("backup", title="Backup")
    @functools.wraps(main)
    async def twice() -> int:
        return 2 * await main()

    assert asyncio.iscoroutinefunction(main)
    assert asyncio.run(main()) == 5
    assert shown(environment) == STOPPED


def test_what_can_be_called_is_a_function(environment: Account) -> None:
    class Job:
        async def __call__(self) -> int:
            return 1

    async def add(one: int, other: int) -> int:
        return one + other

    assert asyncio.run(job("backup", title="Backup")(Job())()) == 1
    assert asyncio.run(job("backup", title="Backup")(functools.partial(add, 1, 2))()) == 3
    assert job("backup", title="Backup")(len)([1]) == 1


def test_a_generator_is_none() -> None:
    def items() -> Iterator[int]:
        yield 1

    async def async_items() -> AsyncIterator[int]:
        yield 1

    for function in (items, async_items):
        with pytest.raises(TypeError, match="makes a generator"):
            job("backup", title="Backup")(function)


def test_without_parentheses_it_is_refused() -> None:
    def main() -> None:
        pass

    async def async_main() -> None:
        pass

    refused: Any = [job, ActivitySmith().live_activities.job, AsyncActivitySmith().live_activities.job]
    for decorate in refused:
        with pytest.raises(TypeError, match="needs a stream key and a state"):
            decorate(main)
        with pytest.raises(TypeError, match="needs a stream key and a state"):
            decorate(async_main)
        with pytest.raises(TypeError, match="stream_key"):
            decorate()
        with pytest.raises(TypeError, match="decorates functions, not int"):
            decorate("backup", title="Backup")(7)


def test_what_is_misspelt_is_refused_before_anything_runs(environment: Account) -> None:
    for decorate in (job, environment.client().live_activities.job, environment.async_client().live_activities.job):
        checked: Any = decorate
        with pytest.raises(ValidationError, match="did you mean subtitle"):
            checked("backup", title="Backup", subtitel="s")
        with pytest.raises(ValidationError, match=": timeout is unknown"):
            checked("backup", title="Backup", timeout=3)
        with pytest.raises(ValidationError, match=r"content_state\.type is missing"):
            checked("backup", title="Backup", percentage=3)
        with pytest.raises(ValidationError, match=r"content_state"):
            checked("backup")
        with pytest.raises(ValidationError, match=r"title is a number"):
            checked("backup", title=7)
        with pytest.raises(ConfigError, match="min_interval is a string"):
            checked("backup", title="Backup", min_interval="often")
        with pytest.raises(ValidationError, match="stream_key is a number"):
            checked(7, title="Backup")
        with pytest.raises(ValidationError, match="stream_key"):
            checked(None, title="Backup")
    assert environment.requests() == []


def test_a_bad_key_in_the_programs_text_is_refused_before_anything_runs() -> None:
    for decorate in (job, ActivitySmith().live_activities.job, AsyncActivitySmith().live_activities.job):
        with pytest.raises(ValidationError, match="stream_key contains ' '"):
            decorate("nightly backup", title="Backup")
        with pytest.raises(ValidationError, match="stream_key"):
            decorate("", title="Backup")
        with pytest.raises(ValidationError, match="stream_key contains '/'"):
            decorate(stream_key="nightly" + "/" + "backup", title="Backup")


@pytest.mark.parametrize("how", ["text", "function", "function that fails", "function without a text"])
def test_a_bad_key_that_is_computed_breaks_no_job(
    environment: Account, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    branch = environment.api_key.replace("_", "/")

    def fails() -> str:
        return {"HOST": branch}["BRANCH"]

    keys: dict[str, Any] = {
        "text": f"deploy-{branch}",
        "function": lambda: f"deploy-{branch}",
        "function that fails": fails,
        "function without a text": lambda: 7,
    }

    @job(keys[how], title="Backup")
    def main() -> int:
        return 7

    @job(keys[how], Progress("Backup", percentage=1))
    async def async_main() -> int:
        return 8

    assert [main(), main(), asyncio.run(async_main())] == [7, 7, 8]
    (warning,) = [record.getMessage() for record in caplog.records]
    assert warning.startswith("nothing is published: ")
    assert ("KeyError: 'BRANCH'" if how == "function that fails" else "stream_key") in warning
    assert environment.requests() == []


def test_a_bad_state_beside_a_computed_key_is_refused_before_anything_runs(environment: Account) -> None:
    checked: Any = job
    for key in (f"deploy-{environment.api_key}", lambda: "deploy"):
        with pytest.raises(ValidationError, match="did you mean subtitle"):
            checked(key, title="Backup", subtitel="s")


def test_a_key_may_be_computed_for_each_run(environment: Account) -> None:
    keys = iter(["one", "two"])

    @job(lambda: next(keys), title="Backup")
    def main() -> None:
        pass

    main()
    main()
    assert [environment.stream(key)["state"] for key in ("one", "two")] == ["ended", "ended"]
    job(f"{environment.api_key}-3", title="Backup")(main)


def test_what_fails_in_its_end_is_not_what_leaves_it(environment: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    def panics(*_: object) -> None:
        raise _native.InternalError("index out of bounds")

    @job("backup", title="Backup")
    def main() -> None:
        monkeypatch.setattr(_native.NativePublisher, "change", panics)
        raise OSError("no disk")

    with pytest.raises(OSError, match="no disk") as raised:
        main()
    assert raised.value.__context__ is None


def test_the_environment_is_read_when_it_runs(activitysmith: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    @job("backup", title="Backup")
    def main() -> int:
        return 1

    for name, value in activitysmith.environment.items():
        monkeypatch.setenv(name, value)
    assert main() == 1
    assert shown(activitysmith) == STOPPED


@pytest.mark.parametrize(
    ("variables", "warning"),
    [
        ({}, "ACTIVITYSMITH_API_KEY is not set"),
        (
            {"ACTIVITYSMITH_API_KEY": "ask_1", "ACTIVITYSMITH_BASE_URL": "http://example.com"},
            "ACTIVITYSMITH_BASE_URL is plain http",
        ),
        ({"ACTIVITYSMITH_DISABLED": "1"}, None),
    ],
)
def test_where_nothing_can_be_published_it_runs_all_the_same(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], warning: str | None
) -> None:
    caplog.set_level(logging.DEBUG, "activitysmith_kit")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    @job("backup", title="Backup")
    def main() -> int:
        return 7

    @job("backup", title="Backup")
    async def async_main() -> int:
        return 8

    assert [main(), main(), asyncio.run(async_main())] == [7, 7, 8]
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == (0 if warning is None else 1)
    assert warning is None or told[0].startswith(f"nothing is published: {warning}")


def test_a_client_that_is_closed_breaks_no_job(caplog: pytest.LogCaptureFixture) -> None:
    client = ActivitySmith("ask_test_1", base_url="http://127.0.0.1:1/api")

    @client.live_activities.job("backup", title="Backup")
    def main() -> int:
        return 7

    client.close()
    assert main() == 7
    assert "client is closed" in caplog.text


def test_a_failure_leaves_no_trace_of_the_kit_in_the_jobs_exception(environment: Account) -> None:
    @job("backup", title="Backup")
    def main() -> None:
        sys.exit(3)

    with pytest.raises(SystemExit) as raised:
        main()
    assert (raised.value.code, raised.value.__context__, raised.value.__cause__) == (3, None, None)
