"""Loops that publish how far they are, against the emulator."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import sys
import threading
import time
import warnings
from collections.abc import AsyncIterator, Iterator
from itertools import islice
from typing import Any, Callable

import pytest
from activitysmith_kit import ActivitySmith, AsyncActivitySmith, ConfigError, ValidationError, tracking
from activitysmith_kit.testing import Account
from support import API_KEY, PATIENCE, Service

LATE = "a change came after the stream was ended; it is ignored"
SIZED: dict[str, Any] = {
    "list": [0, 1, 2, 3],
    "tuple": (0, 1, 2, 3),
    "range": range(4),
    "dict": dict.fromkeys(range(4)),
    "items": dict.fromkeys(range(4)).items(),
    "set": {0, 1, 2, 3},
    "str": "0123",
    "bytes": b"0123",
}


class Sized:
    """Knows how many items it has, and gives them one by one."""

    def __len__(self) -> int:
        return 4

    def __iter__(self) -> Iterator[int]:
        yield from range(4)


class Unsized:
    """Has a `__len__` that fails, as where the number of rows takes a database that does not answer."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __len__(self) -> int:
        raise self.error

    def __iter__(self) -> Iterator[int]:
        yield from range(4)


class Hinted(Unsized):
    """Its iterator fails when it is asked how many are left."""

    def __iter__(self) -> Hinted:
        self.left = iter(range(4))
        return self

    def __next__(self) -> int:
        return next(self.left)

    def __length_hint__(self) -> int:
        raise self.error


class Indexed:
    """Python's own iterator asks it for its size, which fails after the first time or some more."""

    def __init__(self, answers: int) -> None:
        self.answers = answers

    def __len__(self) -> int:
        self.answers -= 1
        if self.answers < 0:
            raise RuntimeError("no size any more")
        return 4

    def __getitem__(self, index: int) -> int:
        return range(4)[index]


def shown(account: Account, key: str = "k") -> dict[str, Any]:
    stream = account.stream(key)
    assert stream["state"] == "ended"
    state: dict[str, Any] = stream["content_state"]
    return state


@pytest.mark.parametrize("name", [*SIZED, "sized"])
def test_what_has_a_size_shows_percent(activitysmith: Account, name: str) -> None:
    track = activitysmith.client().live_activities.track
    items = SIZED.get(name, Sized())
    assert list(track(items, "whole", title="T")) == list(items)
    assert shown(activitysmith, "whole") == {"title": "T", "type": "progress", "percentage": 100}
    for number, _ in enumerate(track(items, "left", title="T", subtitle="s")):
        if number == 2:
            break
    # Two of four are done with.
    assert shown(activitysmith, "left") == {"title": "T", "type": "progress", "percentage": 50, "subtitle": "s"}


def test_what_has_no_size_shows_a_count(activitysmith: Account) -> None:
    track = activitysmith.client().live_activities.track
    assert sum(track((number for number in range(9) if number % 2 == 0), "k", title="T")) == 20
    assert shown(activitysmith) == {"title": "T", "type": "value", "value": 5}
    assert list(track(iter([1]), "given", title="T", total=10)) == [1]
    assert shown(activitysmith, "given") == {"title": "T", "type": "progress", "percentage": 100}
    assert list(track([], "empty", title="T")) == []
    assert shown(activitysmith, "empty")["percentage"] == 100


@pytest.mark.parametrize("kind", [Unsized, Hinted])
@pytest.mark.parametrize("error", [RuntimeError("database"), ValueError(), OverflowError(), TypeError(), OSError()])
def test_a_size_that_cannot_be_told_is_unknown(activitysmith: Account, kind: Any, error: Exception) -> None:
    assert list(activitysmith.client().live_activities.track(kind(error), "k", title="T")) == [0, 1, 2, 3]
    assert shown(activitysmith) == {"title": "T", "type": "value", "value": 4}


def test_a_size_that_cannot_be_told_may_be_given(activitysmith: Account) -> None:
    items = Unsized(RuntimeError())
    assert list(activitysmith.client().live_activities.track(items, "k", title="T", total=4)) == [0, 1, 2, 3]
    assert shown(activitysmith)["percentage"] == 100


@pytest.mark.parametrize("answers", range(4))
@pytest.mark.parametrize("leaves_early", [False, True])
def test_a_size_that_is_told_no_longer_breaks_no_loop(activitysmith: Account, answers: int, leaves_early: bool) -> None:
    given: list[int] = []
    items: Any = Indexed(answers)
    for item in activitysmith.client().live_activities.track(items, "k", title="T", min_interval=0.01):
        given.append(item)
        if item == 2 and leaves_early:
            break
    assert given == list(range(3 if leaves_early else 4))
    assert shown(activitysmith)["type"] == ("progress" if answers else "value")


@pytest.mark.parametrize("sized", [True, False])
def test_it_shows_how_far_it_is_while_it_runs(service: Service, sized: bool) -> None:
    items = [0, 1, 2, 3] if sized else iter([0, 1, 2, 3])
    field = "percentage" if sized else "value"
    for item in service.client().live_activities.track(items, "k", title="T", min_interval=0.01):
        if item == 2:
            deadline = time.monotonic() + 10
            while service.requests[-1:] == [] or not service.requests[-1].json["content_state"][field]:
                assert time.monotonic() < deadline
                time.sleep(0.01)
            assert service.requests[-1].json["content_state"][field] == (50 if sized else 2)


@pytest.mark.parametrize("items", [[1, 2], iter([1, 2])])
def test_an_exception_in_the_loop_ends_it_as_failed(activitysmith: Account, items: Any) -> None:
    def work() -> None:
        for item in activitysmith.client().live_activities.track(items, "k", title="T"):
            if item == 2:
                raise RuntimeError("the job's own")

    with pytest.raises(RuntimeError, match="the job's own"):
        work()
    assert shown(activitysmith)["color"] == "red"


def test_an_exception_that_the_loops_own_function_catches_is_one(activitysmith: Account) -> None:
    try:
        for _ in activitysmith.client().live_activities.track([1, 2], "k", title="T"):
            raise RuntimeError
    except RuntimeError:
        pass
    assert shown(activitysmith)["color"] == "red"


def test_what_is_caught_within_the_loop_is_none(activitysmith: Account) -> None:
    caught = []
    for item in activitysmith.client().live_activities.track([1, 2, 3], "k", title="T"):
        try:
            raise RuntimeError
        except RuntimeError as error:
            caught.append(error)
        if item == 2:
            break
    assert "color" not in shown(activitysmith)


class Failed(Exception):
    pass


def fails(*_: object) -> Any:
    raise Failed


def failing_items() -> Iterator[int]:
    yield 1
    raise Failed


Loop = Callable[[], Iterator[int]]


class ByException:
    """Loops that an exception leaves."""

    @staticmethod
    def of_a_function_that_the_body_calls(loop: Loop) -> None:
        for item in loop():
            fails(item)

    @staticmethod
    def of_an_operator(loop: Loop) -> None:
        for item in loop():
            str(item / 0)

    @staticmethod
    def of_an_assignment(loop: Loop) -> None:
        items: list[int] = []
        for item in loop():
            items[item] = item

    @staticmethod
    def of_another_loop_in_its_body(loop: Loop) -> None:
        for _ in loop():
            for _ in failing_items():
                pass

    @staticmethod
    def that_passes_a_finally(loop: Loop) -> None:
        for item in loop():
            try:
                fails()
            finally:
                str(item)

    @staticmethod
    def that_passes_a_with(loop: Loop) -> None:
        for _ in loop():
            with contextlib.nullcontext():
                fails()

    @staticmethod
    def that_is_raised_again(loop: Loop) -> None:
        for _ in loop():
            try:
                fails()
            except Failed as error:
                raise ValueError from error

    @staticmethod
    def that_a_with_around_it_suppresses(loop: Loop) -> None:
        with contextlib.suppress(Failed):
            for _ in loop():
                fails()

    @staticmethod
    def of_a_loop_with_numbers(loop: Loop) -> None:
        for _ in enumerate(zip(loop(), "abcd")):
            fails()

    @staticmethod
    def in_a_loop_of_many_instructions(loop: Loop) -> None:
        body = "".join(f"    x{number} = {number}.5\n" for number in range(400))
        exec(f"for x in loop():\n{body}    fails.missing\n", {"loop": loop, "fails": fails})


class OnPurpose:
    """Loops that are left for another reason, or for one that is not known."""

    @staticmethod
    def by_a_break_where_an_exception_is_caught(loop: Loop) -> None:
        for _ in loop():
            try:
                fails()
            except Failed:
                break

    @staticmethod
    def by_a_break_in_a_finally(loop: Loop) -> None:
        for item in loop():
            try:
                break
            finally:
                str(item)

    @staticmethod
    def by_a_return_of_what_a_call_gives(loop: Loop) -> Any:
        for item in loop():
            with contextlib.nullcontext():
                return str(item)
        return None

    @staticmethod
    def by_an_end_of_other_items(loop: Loop) -> None:
        for item, _ in zip(islice(loop(), 3), [1]):
            str(item)

    @staticmethod
    def by_the_consumer_of_a_generator(loop: Loop) -> None:
        def rows() -> Iterator[int]:
            for item in loop():  # noqa: UP028
                yield item

        for _ in rows():
            break

    @staticmethod
    def by_the_consumer_of_a_generator_that_cleans_up(loop: Loop) -> None:
        def failed(error: BaseException) -> None:
            raise error

        def rows() -> Iterator[int]:
            for item in loop():
                try:
                    yield item
                except BaseException as error:
                    failed(error)
                finally:
                    str(item)

        for _ in rows():
            break

    @staticmethod
    def by_the_consumer_of_a_generator_that_delegates(loop: Loop) -> None:
        def rows() -> Iterator[int]:
            yield from loop()

        for _ in rows():
            break

    @staticmethod
    def from_a_variable_by_break(loop: Loop) -> None:
        items = loop()
        for _ in items:
            break
        fails()

    @staticmethod
    def from_a_variable_by_return(loop: Loop) -> int:
        items = loop()
        for item in items:
            return item
        return 0

    @staticmethod
    def from_a_variable_whose_exception_is_caught(loop: Loop) -> None:
        items: Any = loop()
        try:
            for item in items:
                fails(item)
        except Failed:
            items = None
        str(items)

    @staticmethod
    def from_a_list_by_break(loop: Loop) -> None:
        items = [enumerate(loop())]
        for _ in items[0]:
            break
        items.clear()

    @staticmethod
    def from_a_circle_that_is_collected_in_a_later_loop(loop: Loop) -> None:
        circle: dict[str, Any] = {"items": loop()}
        circle["circle"] = circle
        for _ in circle["items"]:
            break
        for _ in enumerate([1]):
            del circle
            with warnings.catch_warnings():
                # That it was never closed.
                warnings.simplefilter("ignore", ResourceWarning)
                gc.collect()

    @staticmethod
    def by_an_exception_in_a_comprehension(loop: Loop) -> None:
        with contextlib.suppress(Failed):
            [fails(item) for item in loop()]

    @staticmethod
    def by_an_exception_in_a_function_of_its_own(loop: Loop) -> None:
        with contextlib.suppress(Failed):
            list(map(fails, loop()))


def functions(cases: type) -> dict[str, Callable[[Loop], Any]]:
    return {name: case.__func__ for name, case in vars(cases).items() if isinstance(case, staticmethod)}


@pytest.mark.parametrize("leave", [*functions(ByException)])
@pytest.mark.parametrize("is_traced", [False, True])
def test_an_exception_that_leaves_a_loop_is_known(activitysmith: Account, leave: str, is_traced: bool) -> None:
    with contextlib.suppress(Exception):
        run(activitysmith, functions(ByException)[leave], is_traced)
    assert shown(activitysmith)["color"] == "red"
    assert shown(activitysmith)["percentage"] == 0


@pytest.mark.parametrize("leave", [*functions(OnPurpose)])
@pytest.mark.parametrize("is_traced", [False, True])
def test_a_loop_that_is_left_otherwise_ends_with_what_was_done(
    activitysmith: Account, leave: str, is_traced: bool
) -> None:
    with contextlib.suppress(Failed):
        run(activitysmith, functions(OnPurpose)[leave], is_traced)
    assert shown(activitysmith)["percentage"] in (0, 25)
    assert "color" not in shown(activitysmith)


def run(account: Account, leave: Callable[[Loop], Any], is_traced: bool) -> None:
    """Leaves a loop, as under a debugger or a coverage tool, too."""
    client = account.client()

    def trace(frame: Any, _event: str, _argument: Any) -> Any:
        frame.f_trace_opcodes = True
        return trace

    before = sys.gettrace()
    sys.settrace(trace if is_traced else before)
    try:
        leave(lambda: client.live_activities.track([1, 2, 3, 4], "k", title="T"))
    finally:
        sys.settrace(before)


def test_an_exception_of_the_items_says_what_it_was(activitysmith: Account) -> None:
    def items() -> Iterator[int]:
        yield 1
        raise OSError("the disk")

    with pytest.raises(OSError, match="the disk"):
        list(activitysmith.client().live_activities.track(items(), "k", title="T"))
    assert shown(activitysmith)["subtitle"] == "OSError"


def test_a_function_that_returns_from_its_loop_has_not_failed(activitysmith: Account) -> None:
    def first() -> int:
        for item in activitysmith.client().live_activities.track([7, 8], "k", title="T"):
            return item
        return 0

    assert first() == 7
    assert shown(activitysmith) == {"title": "T", "type": "progress", "percentage": 0}


def test_it_is_an_iterator_that_can_be_closed(activitysmith: Account) -> None:
    items = activitysmith.client().live_activities.track([1, 2, 3, 4], "k", title="T")
    assert [next(items), next(items)] == [1, 2]
    items.publisher.update(subtitle="so far")
    items.close()
    assert shown(activitysmith) == {"title": "T", "type": "progress", "percentage": 25, "subtitle": "so far"}
    assert list(items) == []
    unused = activitysmith.client().live_activities.track([1], "unused", title="T")
    unused.close()
    assert shown(activitysmith, "unused")["percentage"] == 0


def test_a_change_after_the_loop_is_ignored(activitysmith: Account, caplog: pytest.LogCaptureFixture) -> None:
    track = activitysmith.client().live_activities.track
    whole, left = track([1, 2], "whole", title="T"), track([1, 2], "left", title="T")
    for _ in whole:
        pass
    for _ in left:
        break
    left.close()
    for items in (whole, left):
        for _ in range(3):
            items.publisher.update(subtitle="late")
        items.close()
        assert "subtitle" not in shown(activitysmith, items.publisher.stream_key)
    assert [record.getMessage() for record in caplog.records] == [f"{key}: {LATE}" for key in ("whole", "left")]


def test_a_loop_that_ends_its_stream_itself_raises_what_it_raises(activitysmith: Account) -> None:
    error = OSError("no disk")

    def work() -> None:
        items = activitysmith.client().live_activities.track([1, 2], "k", title="T")
        try:
            for _ in items:
                raise error
        except OSError as caught:
            items.publisher.fail(caught)
            raise
        finally:
            items.publisher.finish()

    with pytest.raises(OSError, match="no disk") as raised:
        work()
    assert raised.value is error
    assert error.__context__ is None
    assert shown(activitysmith)["color"] == "red"


def test_what_is_wrong_is_told_before_the_loop(activitysmith: Account) -> None:
    track: Any = activitysmith.client().live_activities.track
    with pytest.raises(TypeError):
        track(7, "k", title="T")
    with pytest.raises(ValidationError, match=r"content_state\.title is a number"):
        track([], "k", title=7)
    with pytest.raises(ValidationError, match="stream_key"):
        track([], "", title="T")
    for total in (-1, 1.5, "many"):
        with pytest.raises(ConfigError, match="total is"):
            track([], "k", title="T", total=total)
    assert activitysmith.requests() == []


def test_without_a_key_or_a_network_the_loop_runs() -> None:
    assert list(ActivitySmith().live_activities.track([1, 2], "k", title="T")) == [1, 2]
    began = time.monotonic()
    client = ActivitySmith(API_KEY, base_url="http://127.0.0.1:1/api")
    items = client.live_activities.track(range(100_000), "k", title="T")
    assert sum(1 for _ in items) == 100_000
    assert isinstance(items.publisher.problem, ConnectionError)
    assert time.monotonic() - began < 12


class TestAnAsyncLoop:
    async def numbers(self, count: int) -> AsyncIterator[int]:
        for number in range(count):
            await asyncio.sleep(0)
            yield number

    def test_takes_async_items_and_others(self, activitysmith: Account) -> None:
        async def main() -> None:
            track = activitysmith.async_client().live_activities.track
            assert [item async for item in track(self.numbers(3), "counted", title="T")] == [0, 1, 2]
            assert [item async for item in track([4, 5], "sized", title="T")] == [4, 5]
            assert [item async for item in track(self.numbers(3), "given", title="T", total=6)] == [0, 1, 2]

        asyncio.run(main())
        assert shown(activitysmith, "counted") == {"title": "T", "type": "value", "value": 3}
        assert shown(activitysmith, "sized")["percentage"] == 100
        assert shown(activitysmith, "given")["percentage"] == 100

    def test_has_no_size_where_that_cannot_be_told(self, activitysmith: Account) -> None:
        async def main() -> None:
            track = activitysmith.async_client().live_activities.track
            assert [item async for item in track(Unsized(RuntimeError()), "k", title="T")] == [0, 1, 2, 3]

        asyncio.run(main())
        assert shown(activitysmith) == {"title": "T", "type": "value", "value": 4}

    def test_that_is_left_early_ends_with_what_was_done(self, activitysmith: Account) -> None:
        async def main() -> None:
            client = activitysmith.async_client()
            async for item in client.live_activities.track(range(4), "left", title="T"):
                if item == 2:
                    break
            closed = client.live_activities.track(self.numbers(4), "closed", title="T")
            await closed.__anext__()
            await closed.aclose()
            await ended(activitysmith, "left")

        asyncio.run(main())
        assert shown(activitysmith, "left")["percentage"] == 50
        assert shown(activitysmith, "closed")["value"] == 0

    def test_that_an_exception_leaves_has_failed(self, activitysmith: Account) -> None:
        async def main() -> None:
            async for _ in activitysmith.async_client().live_activities.track([1, 2], "k", title="T"):
                raise RuntimeError

        with pytest.raises(RuntimeError):
            asyncio.run(main())
        asyncio.run(ended(activitysmith, "k"))
        assert shown(activitysmith)["color"] == "red"

    def test_that_is_left_by_what_it_awaits_has_failed(self, activitysmith: Account) -> None:
        async def fails() -> None:
            await asyncio.sleep(0)
            raise Failed

        async def main() -> None:
            with contextlib.suppress(Failed):
                async for _ in activitysmith.async_client().live_activities.track([1, 2], "k", title="T"):
                    await fails()
            await ended(activitysmith, "k")

        asyncio.run(main())
        assert shown(activitysmith)["color"] == "red"

    def test_in_a_generator_ends_with_what_was_done(self, activitysmith: Account) -> None:
        async def rows(track: Any) -> AsyncIterator[int]:
            async for item in track([1, 2, 3, 4], "k", title="T"):
                try:
                    yield item
                finally:
                    await asyncio.sleep(0)

        async def main() -> None:
            items: Any = rows(activitysmith.async_client().live_activities.track)
            async for _ in items:
                break
            await items.aclose()
            await ended(activitysmith, "k")

        asyncio.run(main())
        assert shown(activitysmith) == {"title": "T", "type": "progress", "percentage": 0}

    def test_in_a_variable_ends_with_what_was_done(self, activitysmith: Account) -> None:
        async def main() -> None:
            items: Any = activitysmith.async_client().live_activities.track([1, 2, 3, 4], "k", title="T")
            try:
                async for _ in items:
                    fails()
            except Failed:
                items = None
            await ended(activitysmith, "k")

        asyncio.run(main())
        assert shown(activitysmith) == {"title": "T", "type": "progress", "percentage": 0}

    def test_whose_items_fail_says_what_it_was(self, activitysmith: Account) -> None:
        async def items() -> AsyncIterator[int]:
            yield 1
            raise OSError

        async def main() -> None:
            async for _ in activitysmith.async_client().live_activities.track(items(), "k", title="T"):
                pass

        with pytest.raises(OSError):  # noqa: PT011
            asyncio.run(main())
        assert shown(activitysmith)["subtitle"] == "OSError"

    def test_runs_without_a_key(self) -> None:
        async def main() -> None:
            track = AsyncActivitySmith().live_activities.track
            assert [item async for item in track(self.numbers(2), "k", title="T")] == [0, 1]

        asyncio.run(main())


async def ended(account: Account, key: str) -> None:
    """Waits for an end that is sent in the background."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        # Its start is sent in the background, too.
        with contextlib.suppress(LookupError):
            if account.stream(key)["state"] == "ended":
                return
        await asyncio.sleep(0.01)


def test_the_thread_of_a_loop_runs_before_the_loop_does(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python crashes when it ends while a thread is still being set up."""
    running = []

    def start(function: Callable[..., None], arguments: tuple[Any, ...]) -> None:
        def run() -> None:
            time.sleep(0.1)
            running.append(True)
            function(*arguments)

        threading.Thread(target=run, daemon=True).start()

    monkeypatch.setattr(tracking, "start_new_thread", start)
    items = service.client().live_activities.track([1, 2], "thread", title="T")
    next(items)
    assert running
    items.close()


def test_what_is_dropped_in_a_circle_ends(activitysmith: Account) -> None:
    class Circle:
        pass

    circle: Any = Circle()
    circle.items = activitysmith.client().live_activities.track([1, 2, 3, 4], "k", title="T")
    circle.circle = circle
    assert [next(circle.items), next(circle.items)] == [1, 2]
    del circle
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
    assert shown(activitysmith)["percentage"] == 25
