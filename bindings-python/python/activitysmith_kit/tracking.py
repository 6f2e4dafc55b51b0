"""Loops that publish how far they are. An item costs next to nothing: the loop counts at most, and a thread looks now
and then. How the count shows is decided in the core.
"""

from __future__ import annotations

import sys
from _thread import allocate_lock, start_new_thread
from _weakref import ref
from operator import length_hint

from ._publishing import Stream, beginning, bounded
from ._uncopied import Uncopied
from .errors import ActivitySmithError
from .publishing import AsyncPublisher, Publisher

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime
    from _thread import LockType
    from collections.abc import AsyncIterable, AsyncIterator, Generator, Iterable, Iterator
    from types import CodeType, FrameType
    from typing import Any, Generic, TypeVar

    from ._native import NativeClient

    T = TypeVar("T")
    # Its code, and where in it the next item is asked for.
    _Loop = tuple[CodeType, int]
else:
    from ._live_activities import Generic

    T = None

# How many seconds lie between two looks, at least and at most.
_SHORTEST_LOOK = 0.01
_LONGEST_LOOK = 1.0

# The instructions tell how a loop is left: those of CPython, in the versions that this was tried with.
_TELLS = sys.implementation.name == "cpython" and sys.version_info < (3, 15)
# The flags of the code of generators, with `async` and without.
_GENERATOR = 0x20 | 0x200
# What lets go of items on purpose: a `break`, a `return`, the end of a loop, an assignment, a `del`.
_ON_PURPOSE = ("POP_TOP", "POP_ITER", "END_FOR", "STORE_FAST", "STORE_NAME", "STORE_GLOBAL", "STORE_DEREF", "DELETE_")


class _Counter:
    """Counts items as they are done with: each when the next one is asked for."""

    __slots__ = ("done",)

    def __init__(self) -> None:
        # Before the first is asked for.
        self.done = -1

    def count(self) -> int:
        return max(0, self.done)


class _Remainder:
    """Asks an iterator how many items are left, so that nothing has to be counted."""

    __slots__ = ("_iterator", "_size")

    def __init__(self, iterator: Iterator[Any], size: int) -> None:
        self._iterator = iterator
        self._size = size

    def count(self) -> int:
        # One of those that are given is being worked on.
        return max(0, self._size - length_hint(self._iterator) - 1)


class _Sampler(Uncopied):
    """Looks how far a loop is while it runs, in a thread that keeps no process alive."""

    __slots__ = ("_stream", "_look", "_over")

    def __init__(self, stream: Stream, pace: Any) -> None:
        self._stream = stream
        self._look = _LONGEST_LOOK if pace is None else bounded(pace, _SHORTEST_LOOK, _LONGEST_LOOK)
        # Held until it is over.
        self._over = allocate_lock()

    def start(self) -> None:
        self._over.acquire()
        running = allocate_lock()
        running.acquire()
        start_new_thread(self._run, (running,))
        # Python crashes when it ends while a thread is still being set up.
        running.acquire()

    def stop(self) -> None:
        if self._over.locked():
            self._over.release()

    def _run(self, running: LockType) -> None:
        running.release()
        while not self._over.acquire(timeout=self._look):
            if self._stream.has_ended:
                return
            try:
                self._stream.count()
            except Exception:
                # The process is ending.
                return


class Track(Uncopied, Generic[T]):
    """Items, and a stream that shows how many of them are done with; made by `live_activities.track`.

    The stream ends with the loop: complete after the last item, and with what was done where the loop is left before.
    It ends as failed where the items raise an exception. One that the loop's body raises is known on CPython alone, and
    only of a `for` statement that calls `track` itself and is in no generator; elsewhere the stream ends with what was
    done. `with client.live_activities.publish(...)` and `@job` always know.
    """

    publisher: Publisher
    """The publisher beneath, for what else changes."""
    _instead = "call track in each process"

    def __init__(
        self,
        client: NativeClient,
        items: Iterable[T],
        stream_key: str,
        request: dict[str, Any],
        total: int | None,
        pace: float | datetime.timedelta | None,
    ) -> None:
        iterator = iter(items)
        size = _size(items)
        gauge = _gauge(iterator, size)
        stream = _open(client, stream_key, request, size if total is None else total, pace, gauge)
        self.publisher = Publisher(stream)
        sampler = _Sampler(stream, pace)
        self._items = _run(iterator, gauge, self.publisher, sampler, ref(self))

    def __iter__(self) -> Iterator[T]:
        # Itself would cost each item another call.
        return self._items

    def __next__(self) -> T:
        return next(self._items)

    def close(self) -> None:
        """Leaves the loop: the stream ends with what was done."""
        self._items.close()
        if not self.publisher._stream.has_ended:
            self.publisher.finish()


def _run(
    iterator: Iterator[T],
    gauge: _Counter | _Remainder,
    publisher: Publisher,
    sampler: _Sampler,
    track: ref[Track[T]],
) -> Generator[T, None, None]:
    stream = publisher._stream
    # Where a variable holds the object, too, a loop that is left lets go of nothing.
    loop = _loop("FOR_ITER", "GET_ITER") if track() is None else None
    sampler.start()
    try:
        if isinstance(gauge, _Counter):
            for gauge.done, item in enumerate(iterator):
                yield item
            gauge.done += 1
        else:
            yield from iterator
    except GeneratorExit:
        sampler.stop()
        stream.let_go(_is_left_by_exception(loop))
        if stream.is_let_go and stream.is_here():
            stream.wait()
        raise
    except BaseException as error:
        sampler.stop()
        publisher.__exit__(type(error), error, None)
        raise
    sampler.stop()
    if not stream.has_ended:
        try:
            publisher._complete()
        except ActivitySmithError as problem:
            # The loop has done its work.
            stream.problem = problem


class AsyncTrack(Uncopied, Generic[T]):
    """As `Track`, for `async for`; made by the `live_activities.track` of a client whose calls are awaited."""

    publisher: AsyncPublisher
    """The publisher beneath, for what else changes."""
    _instead = "call track in each process"

    def __init__(
        self,
        client: NativeClient,
        items: AsyncIterable[T] | Iterable[T],
        stream_key: str,
        request: dict[str, Any],
        total: int | None,
        pace: float | datetime.timedelta | None,
    ) -> None:
        self._next: Any = None
        self._loop: _Loop | None = None
        asynchronous = getattr(type(items), "__aiter__", None)
        if asynchronous is not None:
            self._next = asynchronous(items).__anext__
        else:
            iterator = iter(items)  # type: ignore[arg-type]
            self._iterator = iterator
        size = _size(items)
        self._gauge = _Counter()
        stream = _open(client, stream_key, request, size if total is None else total, pace, self._gauge)
        self.publisher = AsyncPublisher(stream)
        self._sampler = _Sampler(stream, pace)

    def __aiter__(self) -> AsyncIterator[T]:
        self._loop = _loop("GET_AITER")
        return self

    async def __anext__(self) -> T:
        gauge = self._gauge
        if gauge.done < 0:
            self._sampler.start()
        gauge.done += 1
        try:
            if self._next is not None:
                item: T = await self._next()
                return item
            for item in self._iterator:
                return item
        except StopAsyncIteration:
            pass
        except BaseException as error:
            self._sampler.stop()
            await self.publisher.__aexit__(type(error), error, None)
            raise
        await self._finish()
        raise StopAsyncIteration

    async def _finish(self) -> None:
        self._sampler.stop()
        stream = self.publisher._stream
        if not stream.has_ended:
            try:
                await self.publisher._complete()
            except ActivitySmithError as problem:
                # The loop has done its work.
                stream.problem = problem

    async def aclose(self) -> None:
        """Leaves the loop: the stream ends with what was done."""
        self._sampler.stop()
        if not self.publisher._stream.has_ended:
            await self.publisher.finish()

    def __del__(self) -> None:
        sampler: _Sampler | None = self.__dict__.get("_sampler")
        if sampler is not None:
            sampler.stop()
            self.publisher._stream.let_go(_is_left_by_exception(self._loop))


def _open(
    client: NativeClient, stream_key: str, request: dict[str, Any], total: Any, pace: Any, gauge: _Counter | _Remainder
) -> Stream:
    return Stream(client, {**beginning(stream_key, request, pace), "items": {"total": total}}, gauge)


def _size(items: Any) -> int | None:
    try:
        return len(items)
    except Exception:
        # Also where there is a `__len__`, and it fails.
        return None


def _gauge(iterator: Iterator[Any], size: int | None) -> _Counter | _Remainder:
    """The one that costs less, of those that tell the truth: Python's own iterators know how much is left."""
    try:
        if size is not None and type(iterator).__module__ == "builtins" and length_hint(iterator, -1) == size:
            return _Remainder(iterator, size)
    except Exception:
        # Python's own iterator asks the `__len__` of what it iterates over.
        pass
    return _Counter()


def _loop(*instructions: str) -> _Loop | None:
    """The loop that the caller's caller begins by these instructions, the last first; `None` where it is not known.

    A call has to come before them: then only the loop holds what it iterates over. And it must not be in a generator:
    that one's consumer may leave both.
    """
    frame = sys._getframe(2)
    if not _TELLS or frame.f_code.co_flags & _GENERATOR:
        return None
    before = _instructions(frame)
    found = [next(before, (0, "")) for _ in instructions]
    if tuple(name for _, name in found) != instructions or not next(before, (0, ""))[1].startswith("CALL"):
        return None
    return frame.f_code, found[0][0]


def _is_left_by_exception(loop: _Loop | None) -> bool:
    """Whether the caller's caller is this loop and lets go of its items because of an exception; not where in doubt.

    Python closes the items after a `break` in the same way. But after an exception the frame is still at the
    instruction that raised it, which is none of those that let go on purpose.
    """
    try:
        frame = sys._getframe(2)
    except ValueError:
        # The interpreter itself, at its end.
        return False
    if loop is None or frame.f_code is not loop[0]:
        return False
    at, name = next(_instructions(frame), (loop[1], ""))
    # Where a loop asks for an item, it may end, as one over `zip` does before all of its items have.
    return at != loop[1] and not name.startswith(_ON_PURPOSE)


def _instructions(frame: FrameType) -> Iterator[tuple[int, str]]:
    """The instruction that a frame is at, and those before it: their places and names."""
    from opcode import opname

    code, at = frame.f_code.co_code, frame.f_lasti
    # Until 3.10 a frame is at the prefix of an instruction that has one, since 3.11 at times in the cache behind it.
    while opname[code[at]] == "EXTENDED_ARG":
        at += 2
    for place in range(at, -1, -2):
        name = opname[code[place]]
        if name not in ("CACHE", "EXTENDED_ARG"):
            yield place, name
