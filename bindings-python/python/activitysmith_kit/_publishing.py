"""What both publishers and both kinds of `track` stand on: one stream in the native library, its log, and its end. What
is sent, and when, is decided there.
"""

from __future__ import annotations

from os import getpid
from sys import is_finalizing

from . import _at_exit, _logging
from ._bridge import operations, understood, wait
from ._json import decode, encode, number
from ._native import InternalError, NativeError, NativePublisher
from ._record import Record
from ._request import body, seconds
from ._uncopied import Uncopied
from .errors import ActivitySmithError, ConfigError, from_core
from .events import Counters, Event

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Protocol

    from ._native import NativeClient

    class Gauge(Protocol):
        """Tells how many items are done with."""

        def count(self) -> int: ...


_MOST_EVENTS = 64
# What cannot go over as it is.
_UNLIKE_THE_API = frozenset(("content_state", "state_extra", "channels"))


class Stream(Uncopied):
    """A stream that is being published by this process; in a forked child it is inert."""

    __slots__ = (
        "stream_key",
        "native",
        "process",
        "problem",
        "has_ended",
        "is_let_go",
        "is_left",
        "_gauge",
        "_is_told",
        "_op",
        "_outcome",
        "_obstacle",
        "_events",
        "_troubled",
    )

    _instead = "publish in each process"

    def __init__(self, client: NativeClient, beginning: dict[str, Any], gauge: Gauge | None = None) -> None:
        self.native: NativePublisher = checked(client.publish, encode(beginning))
        self.stream_key: str = beginning["stream_key"]
        self.process: int = getpid()
        self.has_ended: bool = False
        # It ends, and nobody waits for that.
        self.is_let_go: bool = False
        # The program has ended before.
        self.is_left: bool = False
        self._gauge: Gauge | None = gauge
        # That it is inert here was said.
        self._is_told: bool = False
        # The newest end, and its outcome where that was looked for.
        self._op: int = 0
        self._outcome: dict[str, Any] | None = None
        # Why nothing is published here at all.
        self._obstacle: ActivitySmithError | None = None
        self.problem: ActivitySmithError | None = None
        self._events: list[Event] = []
        # A warning was given, and what it was about is not over.
        self._troubled: bool = False
        obstacle = self.native.obstacle()
        if obstacle:
            self.problem = self._obstacle = from_core(decode(obstacle))
            _logging.warn_once(f"nothing is published: {self.problem}")
        _at_exit.watch(self)

    def is_here(self) -> bool:
        """Whether this is the process that publishes it. In another one that is told once."""
        if getpid() == self.process:
            return True
        if not self._is_told:
            self._is_told = True
            problem = "belongs to the process that this one was forked from, and is inert here; publish again"
            self.problem = self._obstacle = ConfigError(f"publisher {problem}", setting="publisher", problem=problem)
            _logging.warn(f"{self.stream_key}: {self.problem}")
        return False

    def change(self, change: dict[str, Any]) -> None:
        """Hands over a change to what is shown."""
        if self.is_here() and checked(self.native.change, encode(change)):
            self.hear()

    def count(self) -> None:
        """Hands over how many items are done with, where some are counted."""
        if self._gauge is None:
            return
        try:
            done = self._gauge.count()
        except Exception:
            # What is iterated over no longer says how much is left.
            return
        if self.native.change(encode({"done": done})):
            self.hear()

    def begin_to_end(self, end: dict[str, Any]) -> bool:
        """Begins to end it; gives back whether this is the process that can."""
        if not self.is_here():
            return False
        self.count()
        op = next(operations)
        checked(self.native.end, encode(end), op)
        self._op = op
        self._outcome = None
        self.has_ended = True
        return True

    def let_go(self, failed: bool = False, reason: str = "") -> None:
        """Begins to end it where nobody waits for that, unless it ends already: with its last state, or as failed."""
        # At the end of the interpreter what a call needs may be gone, and the process would crash.
        if self.has_ended or is_finalizing() or getpid() != self.process:
            return
        self.is_let_go = True
        try:
            self.begin_to_end({"how": "failed" if failed else "finished", "reason": reason, "attended": False})
        except ActivitySmithError as error:
            self.problem = error

    def wait(self, limit: float | None = None) -> bool:
        """Waits for the end that was begun, for so many seconds at most, and else as long as the end may take; gives
        back whether it has arrived with the last state.
        """
        if self._outcome is None:
            self._outcome = checked(wait, self.native, self._op, limit)
        return self.settle(self._outcome)

    async def ended(self) -> bool:
        """Awaits the end that was begun; gives back whether it has arrived with the last state."""
        from ._mailbox import current, outcome

        return self.settle(await outcome(self.native, self._op, current()))

    def is_over(self) -> bool:
        """Whether the end that nobody waits for has arrived, or does not."""
        if self.is_let_go and self._outcome is None:
            self._outcome = wait(self.native, self._op, 0)
        return self._outcome is not None

    def settle(self, outcome: dict[str, Any] | None) -> bool:
        """Takes the outcome of an end; gives back whether the last state has arrived."""
        _at_exit.forget(self)
        return self.arrived(outcome)

    def begin_to_flush(self, flush: bytes) -> int:
        """Has the newest state sent; gives back the number of the operation."""
        self.count()
        op = next(operations)
        checked(self.native.flush, flush, op)
        return op

    def flush(self, timeout: Any) -> bool:
        """Waits until the newest state has arrived; gives back whether it has."""
        flush = limited(timeout)
        return self.is_here() and self.arrived(checked(wait, self.native, self.begin_to_flush(flush)))

    async def flushed(self, timeout: Any) -> bool:
        """As `flush`, and awaits it."""
        from ._mailbox import current, outcome

        flush, mailbox = limited(timeout), current()
        return self.is_here() and self.arrived(await outcome(self.native, self.begin_to_flush(flush), mailbox))

    def arrived(self, outcome: dict[str, Any] | None) -> bool:
        """Whether a state has arrived, as an outcome says it; where it has not, the problem says why."""
        self.hear()
        if outcome is None:
            return False
        if "failed" in outcome:
            self.problem = from_core(outcome["failed"])
        else:
            # What is inert has had no failure, and sent nothing either.
            self.problem = self._obstacle
        return self.problem is None

    def close(self) -> None:
        """Sends no more, and leaves the activity as it is."""
        self.has_ended = True
        _at_exit.forget(self)
        if getpid() == self.process:
            self.native.close()
            self.hear()

    def hear(self) -> None:
        """Takes what has happened, and tells it to the log."""
        for told in decode(self.native.events()):
            if self.is_left and told["kind"] == "after_end":
                # Of a thread that goes on while the program ends, which is no mistake.
                continue
            event = Event(kind=told["kind"], message=told["message"], is_warning=told["warning"])
            self._events.append(event)
            del self._events[:-_MOST_EVENTS]
            self._troubled = _logging.happened(self.stream_key, event, self._troubled)

    def events(self) -> list[Event]:
        """What has happened since this was asked last."""
        if getpid() == self.process:
            self.hear()
        events, self._events = self._events, []
        return events

    def counters(self) -> Counters:
        """How often what has happened."""
        return Counters(**decode(self.native.counters()))


def beginning(stream_key: Any, body: Any, pace: Any) -> dict[str, Any]:
    """What to publish, as the library takes it."""
    given = {"stream_key": stream_key, "body": body}
    if pace is not None:
        given["pace_seconds"] = seconds(pace)
    return given


def checked(call: Callable[..., Any], *arguments: Any) -> Any:
    """What the library gives back, or the exception that it is."""
    try:
        return call(*arguments)
    except (NativeError, InternalError) as error:
        failure = understood(error)
    raise failure


def changes(patch: Any, fields: Any) -> Any:
    """Changes to a state, from a dict and from keywords, which win."""
    if patch is not None:
        if isinstance(patch, Record):
            raise TypeError(f"update takes what changes, as keywords or a dict; replace takes a {type(patch).__name__}")
        if not hasattr(patch, "keys"):
            # For the core to refuse.
            return {"content_state": patch}
        fields = {**patch, **fields}
    return fields if _UNLIKE_THE_API.isdisjoint(fields) else body(None, fields)


def limited(timeout: Any) -> bytes:
    """A flush that may take so long: a day at most, and no time where it is negative or NaN."""
    return encode({"timeout_seconds": bounded(timeout, 0, 86_400)})


def bounded(duration: Any, least: float, most: float) -> float:
    """A duration in seconds, within limits; NaN is the least."""
    given = seconds(duration)
    found = given if isinstance(given, (int, float)) else number(given)
    if found is None:
        raise TypeError(f"a duration is a number of seconds or a timedelta, not {type(duration).__name__}")
    return float(max(least, min(found, most)))


def is_success(kind: type[BaseException] | None, error: BaseException | None) -> bool:
    """Whether a scope that is left so has done its work: `sys.exit(0)` has, and so has a generator that is closed."""
    if kind is None or issubclass(kind, GeneratorExit):
        return True
    return issubclass(kind, SystemExit) and getattr(error, "code", 1) in (None, 0)


def reason_of(error: Any) -> str:
    """What shows of an error: its type alone, since its message may hold what nobody should read on a Lock Screen."""
    if error is None or isinstance(error, str):
        return (error or "").encode("utf-8", "replace").decode()
    # Also of what is no error: to refuse it would hide the one that the job has met.
    return (error if isinstance(error, type) else type(error)).__name__
