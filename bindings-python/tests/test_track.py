"""Loops that publish how far they are, against the emulator."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from activitysmith_kit import ActivitySmith, AsyncActivitySmith, ConfigError, ValidationError
from activitysmith_kit.testing import Account
from support import API_KEY, PATIENCE, Service

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
    for item in activitysmith.client().live_activities.track(items, "k", title="T", pace=0.01):
        given.append(item)
        if item == 2 and leaves_early:
            break
    assert given == list(range(3 if leaves_early else 4))
    assert shown(activitysmith)["type"] == ("progress" if answers else "value")


@pytest.mark.parametrize("sized", [True, False])
def test_it_shows_how_far_it_is_while_it_runs(service: Service, sized: bool) -> None:
    items = [0, 1, 2, 3] if sized else iter([0, 1, 2, 3])
    field = "percentage" if sized else "value"
    for item in service.client().live_activities.track(items, "k", title="T", pace=0.01):
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
    assert [record.getMessage().split(": ")[:2] for record in caplog.records] == [
        ["whole", "after_end"],
        ["left", "after_end"],
    ]


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


def test_the_thread_of_a_loop_runs_before_the_loop_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python crashes when it ends while a thread is still being set up."""
    monkeypatch.setenv("ACTIVITYSMITH_DISABLED", "1")
    client = ActivitySmith()
    for _ in range(50):
        items = client.live_activities.track([1, 2], "thread", title="T")
        next(items)
        loop: Any = items._items
        sampler = loop.gi_frame.f_locals["sampler"]
        threads = sys._current_frames().values()
        runs = any(frame.f_locals.get("self") is sampler for frame in threads)
        items.close()
        assert runs
