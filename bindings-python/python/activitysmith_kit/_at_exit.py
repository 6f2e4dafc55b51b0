"""The end of the process: publishers that nobody has ended are ended then, within a bound."""

from __future__ import annotations

import atexit
import sys
from os import getpid
from time import monotonic

from ._bridge import wait

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._publishing import Stream

# How long the ends of all of them are waited for: a bit longer than one takes that nobody waits for.
_LIMIT = 2.5

# Those whose end has not arrived. They stay until then, lest nobody sends it.
_streams: dict[int, Stream] = {}
_registered = False


def watch(stream: Stream) -> None:
    """Sees to it that a stream ends with the process."""
    global _registered
    if not _registered:
        _registered = True
        atexit.register(_end_all)
    for ended in [other for other in list(_streams.values()) if other.is_over()]:
        forget(ended)
    _streams[id(stream)] = stream


def forget(stream: Stream) -> None:
    """Its end has arrived, or is nobody's concern."""
    _streams.pop(id(stream), None)


def flush_all(timeout: Any) -> bool:
    """Has the newest state of every stream sent, and waits for all of them; gives back whether all have arrived."""
    from ._publishing import limited

    flush = limited(timeout)
    streams = [stream for stream in _of_this_process() if not stream.has_ended]
    # All of them set out before the first one is waited for, and none is left out after one that failed.
    flushes = [(stream, stream.begin_to_flush(flush)) for stream in streams]
    arrived = [stream.arrived(wait(stream.native, op)) for stream, op in flushes]
    return all(arrived)


def _of_this_process() -> list[Stream]:
    return [stream for stream in _streams.values() if stream.process == getpid()]


def _end_all() -> None:
    streams = _of_this_process()
    _streams.clear()
    from ._publishing import reason_of

    failure = _failure()
    deadline = monotonic() + _LIMIT
    try:
        for stream in streams:
            stream.is_left = True
            stream.let_go(failure is not None, reason_of(failure))
        for stream in streams:
            # Whoever looks for why it did not arrive has the log.
            stream.wait(max(0, deadline - monotonic()))
    except KeyboardInterrupt:
        # Whoever presses Ctrl-C now does not want to wait.
        pass


def _failure() -> type[BaseException] | None:
    """The type of the exception that ends the program, if one does."""
    # At a prompt it is that of a line which somebody has typed.
    return None if hasattr(sys, "ps1") else getattr(sys, "last_type", None)
