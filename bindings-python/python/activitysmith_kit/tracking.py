"""Loops that publish how far they are. An item costs next to nothing: the loop counts, and a thread sends the count now
and then. How it shows is decided in the core.
"""

from __future__ import annotations

import sys
from _thread import allocate_lock, start_new_thread
from _weakref import ref
from time import sleep

from . import _at_exit
from ._bridge import Uncopied
from ._record import Generic
from .publishing import AsyncPublisher, Publisher, beginning

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _thread import LockType
    from collections.abc import AsyncIterable, AsyncIterator, Generator, Iterable, Iterator
    from types import CodeType, FrameType
    from typing import Any, TypeVar

    from ._native import NativeClient
    from .publishing import Handle

    T = TypeVar("T")
    # Its code, and where in it the next item is asked for.
    _Loop = tuple[CodeType, int]
else:
    T = None

# The instructions show how a loop is left: those of CPython, in the versions that this was tried with.
_TELLS = sys.implementation.name == "cpython" and sys.version_info < (3, 15)
# The flags of the code of generators, with `async` and without.
_GENERATOR = 0x20 | 0x200
# What lets go of items on purpose: a `break`, a `return`, the end of a loop, an assignment, a `del`.
_ON_PURPOSE = ("POP_TOP", "POP_ITER", "END_FOR", "STORE_FAST", "STORE_NAME", "STORE_GLOBAL", "STORE_DEREF", "DELETE_")


class Track(Uncopied, Generic[T]):
    """Items, and a stream that shows how many of them are done; created by `live_activities.track`.

    The stream ends with the loop: as complete after the last item, with the count so far after a `break`, and as failed
    if the items raise. An exception in the loop's body ends it as failed only on CPython, and only in a `for` statement
    that calls `track` itself, outside a generator; elsewhere it ends with the count so far. `with
    client.live_activities.publish(...)` and `@job` see every exception.
    """

    publisher: Publisher
    """The underlying publisher, for other changes."""

    def __init__(self, client: NativeClient, items: Iterable[T], stream_key: str, fields: Any) -> None:
        iterator = iter(items)
        self.publisher = Publisher(client, _beginning(items, stream_key, fields))
        self._items = _run(iterator, self.publisher, ref(self))

    def __iter__(self) -> Iterator[T]:
        # Itself would cost each item another call.
        return self._items

    def __next__(self) -> T:
        return next(self._items)

    def close(self) -> None:
        """Leaves the loop: the stream ends with the count so far."""
        self._items.close()
        self.publisher.finish()


def _run(iterator: Iterator[T], publisher: Publisher, track: ref[Track[T]]) -> Generator[T, None, None]:
    # Where a variable holds the object, too, a loop that is left lets go of nothing.
    loop = _loop("FOR_ITER", "GET_ITER") if track() is None else None
    _watch(publisher)
    try:
        for publisher._done, item in enumerate(iterator):
            yield item
        publisher._done += 1
        publisher._leave(None, None, "complete")
    except GeneratorExit:
        publisher._leave(None, None, "failed" if _is_left_by_exception(loop) else "finished")
        raise
    except BaseException as error:
        publisher._leave(type(error), error)
        raise


class AsyncTrack(Uncopied, Generic[T]):
    """As `Track`, for `async for`; created by `live_activities.track` of an `AsyncActivitySmith`."""

    publisher: AsyncPublisher
    """The underlying publisher, for other changes."""

    def __init__(
        self, client: NativeClient, items: AsyncIterable[T] | Iterable[T], stream_key: str, fields: Any
    ) -> None:
        self._loop: _Loop | None = None
        asynchronous = getattr(type(items), "__aiter__", None)
        self._is_async = asynchronous is not None
        self._items: Any = asynchronous(items) if asynchronous is not None else iter(items)  # type: ignore[arg-type]
        self.publisher = AsyncPublisher(client, _beginning(items, stream_key, fields))

    def __aiter__(self) -> AsyncIterator[T]:
        self._loop = _loop("GET_AITER")
        return self

    async def __anext__(self) -> T:
        publisher = self.publisher
        if publisher._done < 0:
            _watch(publisher)
        publisher._done += 1
        try:
            item: T = await self._items.__anext__() if self._is_async else next(self._items)
            return item
        except (StopAsyncIteration, StopIteration):
            pass
        except BaseException as error:
            await publisher._leave(type(error), error)
            raise
        await publisher._leave(None, None, "complete")
        raise StopAsyncIteration

    async def aclose(self) -> None:
        """Leaves the loop: the stream ends with the count so far."""
        await self.publisher.finish()

    def __del__(self) -> None:
        publisher: AsyncPublisher | None = self.__dict__.get("publisher")
        if publisher is not None and publisher._done >= 0 and publisher._native.is_open():
            publisher._let_go("failed" if _is_left_by_exception(self._loop) else "finished")


def _beginning(items: Any, stream_key: str, fields: Any) -> dict[str, Any]:
    """A stream that shows how many items are done with."""
    size, total = _size(items), fields.pop("total", None)
    return {**beginning(stream_key, None, fields), "items": {"total": size if total is None else total}}


def _watch(publisher: Handle[Any]) -> None:
    """Starts a thread that sends the count of a loop now and then. It keeps no process alive."""
    _at_exit.loops.add(publisher)
    running = allocate_lock()
    running.acquire()
    start_new_thread(_send_counts, (publisher, running))
    # Python crashes when it ends while a thread is still being set up.
    running.acquire()


def _send_counts(publisher: Handle[Any], running: LockType) -> None:
    running.release()
    try:
        while publisher._native.is_open():
            publisher._send_count()
            sleep(publisher._native.look_seconds())
    except Exception:
        # The process is ending.
        return
    _at_exit.loops.discard(publisher)


def _size(items: Any) -> int | None:
    try:
        return len(items)
    except Exception:
        # Also where there is a `__len__`, and it fails.
        return None


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
