"""Outcomes on their way to event loops: each loop watches a descriptor that the native library makes readable, so that
no thread of Python's waits and a cancelled call is abandoned at once.
"""

from __future__ import annotations

import asyncio
import sys
import weakref
from sys import is_finalizing

from ._bridge import Uncopied, answer, checked, logged, operations
from ._json import decode
from ._native import Completions
from .errors import ConfigError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._bridge import K
    from ._native import NativeClient, NativePublisher


def require_support() -> None:
    """Complains where event loops cannot watch descriptors."""
    if sys.platform == "win32":
        problem = f"is not there yet on {sys.platform}; use ActivitySmith, in a thread of its own if need be"
        raise ConfigError(f"AsyncActivitySmith {problem}", setting="AsyncActivitySmith", problem=problem)


async def call(client: NativeClient, text: bytes, kind: type[K]) -> K:
    """Makes a call and awaits its answer."""
    return answer(await outcome(client, "start", text), kind)


async def outcome(native: NativeClient | NativePublisher, verb: str, options: bytes) -> dict[str, Any]:
    """Begins an operation, and awaits its outcome."""
    op, mailbox = next(operations), current()
    future = asyncio.get_running_loop().create_future()
    mailbox.awaited[op] = future
    _under_way[op] = native
    try:
        checked(getattr(native, verb), options, op)
        checked(native.deliver, op, mailbox.completions)
        return logged(await future)
    except BaseException:
        # At the end of the interpreter what a call needs may be gone, and the process would crash.
        if not is_finalizing():
            native.cancel(op)
        raise
    finally:
        mailbox.awaited.pop(op, None)
        del _under_way[op]


# What the operations under way are of. In a cycle of garbage it would go before the coroutine that still cancels.
_under_way: dict[int, NativeClient | NativePublisher] = {}
# One serves all clients, which come and go. Nothing here keeps a loop or a mailbox alive: an open loop keeps its own.
_by_loop: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, weakref.ref[Mailbox]] = weakref.WeakKeyDictionary()


def current() -> Mailbox:
    """The one of the loop that runs."""
    loop = asyncio.get_running_loop()
    reference = _by_loop.get(loop)
    mailbox = None if reference is None else reference()
    if mailbox is None:
        mailbox = Mailbox(loop)
        _by_loop[loop] = weakref.ref(mailbox)
    return mailbox


class Mailbox(Uncopied):
    """One loop's operations under way, by their numbers."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.completions = Completions()
        self.awaited: dict[int, asyncio.Future[dict[str, Any]]] = {}
        loop.add_reader(self.completions.descriptor(), self._deliver)

    def _deliver(self) -> None:
        while text := self.completions.take():
            arrived = decode(text)
            future = self.awaited.get(arrived["op"])
            if future is not None and not future.done():
                future.set_result(arrived["outcome"])
