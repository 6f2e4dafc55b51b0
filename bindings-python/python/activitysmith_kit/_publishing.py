"""What both publishers and both kinds of `track` stand on: one stream in the native library, its log, and its end. What
is sent, and when, is decided there.
"""

from __future__ import annotations

from os import getpid
from sys import is_finalizing
from time import monotonic

from . import _at_exit, _logging
from ._bridge import STEP_MS, understood
from ._json import decode, encode, number
from ._native import InternalError, NativeError, NativePublisher
from ._record import Record
from ._request import body, seconds
from ._straight import update
from ._uncopied import Uncopied
from .errors import ActivitySmithError, ConfigError, TimeoutError, from_core
from .events import Counters, Event

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Protocol

    from ._native import NativeClient

    class Gauge(Protocol):
        """Tells how many items are done with."""

        def count(self) -> int: ...


# How long an end may take that somebody waits for, and one that nobody does.
TIMEOUT_MS = 10_000
UNATTENDED_MS = 2_000
# An end that was sent at the last moment is waited for a bit longer.
_GRACE = 0.5
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
        "_client",
        "_gauge",
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
        # The library abandons what a client waits for when nobody holds the client.
        self._client: NativeClient | None = client
        self._gauge: Gauge | None = gauge
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
        if self._client is not None:
            self._client = None
            problem = "belongs to the process that this one was forked from, and is inert here; publish again"
            self.problem = self._obstacle = ConfigError(f"publisher {problem}", setting="publisher", problem=problem)
            _logging.warn(f"{self.stream_key}: {self.problem}")
        return False

    def update(self, patch: bytes, urgent: bool) -> None:
        """Hands over changes to the state."""
        self._change(update, patch, urgent)

    def replace(self, state: bytes, urgent: bool) -> None:
        """Hands over another state."""
        self._change(NativePublisher.replace, state, urgent)

    def _change(self, call: Callable[[NativePublisher, bytes, bool], bool], text: bytes, urgent: bool) -> None:
        if self.is_here() and checked(call, self.native, text, urgent):
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
        if self.native.progressed(done):
            self.hear()

    def begin_to_end(self, end: Callable[..., None], *arguments: Any) -> bool:
        """Begins to end it, in one of the library's ways; gives back whether this is the process that can."""
        if not self.is_here():
            return False
        self.count()
        checked(end, *arguments)
        self.has_ended = True
        return True

    def let_go(self, failed: bool = False, reason: bytes = b"") -> None:
        """Begins to end it where nobody waits for that, unless it ends already: with its last state, or as failed."""
        # At the end of the interpreter what a call needs may be gone, and the process would crash.
        if self.has_ended or is_finalizing() or getpid() != self.process:
            return
        self.is_let_go = True
        try:
            if failed:
                self.begin_to_end(self.native.fail, reason, UNATTENDED_MS)
            else:
                self.begin_to_end(self.native.finish, b"{}", UNATTENDED_MS)
        except ActivitySmithError as error:
            self.problem = error

    def wait(self, timeout_ms: int) -> bool:
        """Waits for the end that was begun with this limit; gives back whether it has arrived with the last state."""
        outcome = b""
        limit = timeout_ms / 1000
        deadline = monotonic() + limit + _GRACE
        while not outcome and monotonic() < deadline:
            outcome = checked(self.native.outcome, STEP_MS)
        return self.settle(decode(outcome) if outcome else None, limit)

    def is_over(self) -> bool:
        """Whether the end that nobody waits for has arrived, or does not."""
        return self.is_let_go and self.native.outcome(0) != b""

    def settle(self, outcome: dict[str, Any] | None, limit: float) -> bool:
        """Takes the outcome of an end; gives back whether the last state has arrived."""
        _at_exit.forget(self)
        return self.arrived(outcome, limit)

    def flush(self, timeout_ms: int) -> bool:
        """Waits until the newest state has arrived; gives back whether it has."""
        outcome = b""
        limit = timeout_ms / 1000
        deadline = monotonic() + limit
        while not outcome:
            left = deadline - monotonic()
            outcome = checked(self.native.flush, min(int(1000 * left) + 1, STEP_MS) if left > 0 else 0)
            if left <= 0:
                break
        return self.arrived(decode(outcome) if outcome else None, limit)

    def arrived(self, outcome: dict[str, Any] | None, limit: float) -> bool:
        """Whether a state has arrived, as an outcome says it; where it has not, the problem says why."""
        self.hear()
        if outcome is None:
            text = f"the newest state has not arrived within {limit:g} s"
            self.problem = TimeoutError(text, kind="timeout", is_transient=True)
        elif "failed" in outcome:
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


def changes(patch: Any, fields: Any) -> bytes:
    """Changes to a state, from a dict and from keywords, which win."""
    if patch is not None:
        if isinstance(patch, Record):
            raise TypeError(f"update takes what changes, as keywords or a dict; replace takes a {type(patch).__name__}")
        if not hasattr(patch, "keys"):
            # For the core to refuse.
            return encode({"content_state": patch})
        fields = {**patch, **fields}
    if _UNLIKE_THE_API.isdisjoint(fields):
        return encode(fields)
    return encode(body(None, fields))


def milliseconds(timeout: Any) -> int:
    """A timeout as the library takes it: a day at most, and no time where it is negative or NaN."""
    return int(1000 * bounded(timeout, 0, 86_400))


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


def reason_of(error: Any) -> bytes:
    """What shows of an error: its type alone, since its message may hold what nobody should read on a Lock Screen."""
    if error is None or isinstance(error, str):
        reason = error or ""
    else:
        # Also of what is no error: to refuse it would hide the one that the job has met.
        reason = (error if isinstance(error, type) else type(error)).__name__
    return reason.encode("utf-8", "replace")
