"""Publishers: handles of streams whose latest state is shown. Nothing here waits unless it is asked to. What is sent,
and when, is decided in the core.
"""

from __future__ import annotations

from contextlib import contextmanager
from sys import is_finalizing

from . import _at_exit, _logging
from ._bridge import Uncopied, checked, operations, outcome
from ._json import decode, encode
from ._record import Generic, R, Record
from ._request import PUBLISHING, PUSHES, body, flat, seconds, taken
from .errors import ActivitySmithError, from_core
from .events import Counters, Event

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime
    from collections.abc import Coroutine, Iterator
    from typing import Any

    from typing_extensions import Self, Unpack

    from . import types
    from ._native import NativeClient, NativePublisher

    Awaited = Coroutine[Any, Any, bool]

# What cannot go over as it is.
_UNLIKE_THE_API = frozenset(("content_state", "state_extra", "channels"))
# The library's publishers, until nothing needs them. In a cycle of garbage they would go before what still ends them.
_natives: set[NativePublisher] = set()


def flush_all(timeout: float | datetime.timedelta | None = None) -> bool:
    """Sends the newest states of all streams that this process publishes, and waits at most `timeout` seconds, 2 by
    default. Returns whether all have arrived. For programs that exit by `os._exit`, which ends no publisher.
    """
    return _at_exit.all_arrived("flush_all", timed(timeout))


def timed(timeout: Any) -> dict[str, Any]:
    """A flush that may take so long."""
    return {} if timeout is None else {"timeout_seconds": seconds(timeout)}


def beginning(stream_key: Any, request: Any, fields: dict[str, Any]) -> dict[str, Any]:
    """What to publish, as the library takes it."""
    options = taken(fields, PUBLISHING)
    for name in PUSHES:
        push = fields.pop(name, None)
        if push is not None:
            options[name] = flat(push, {}, "title")
    return {"stream_key": stream_key, "body": body(request, fields), **options}


class Handle(Uncopied, Generic[R]):
    """What both publishers have in common; they differ in how they wait."""

    stream_key: str
    """The key of the stream."""

    def __init__(self, client: NativeClient, beginning: dict[str, Any]) -> None:
        self._native: NativePublisher = checked(client.publish, encode(beginning))
        _natives.add(self._native)
        # Its end at the end of the process goes through the client.
        self._client = client
        self.stream_key = beginning["stream_key"]
        # How many items of its loop are done with; -1 where none was asked for.
        self._done = -1
        # What changes where its scope ends.
        self._closing: dict[str, Any] = {}
        _at_exit.watch(client)

    @property
    def problem(self) -> ActivitySmithError | None:
        """Why the last `flush`, `finish` or `fail` returned `False`, or why nothing is published."""
        problem = self._native.problem()
        return from_core(decode(problem)) if problem else None

    @property
    def counters(self) -> Counters:
        """Event counters."""
        return Counters(**decode(self._native.counters()))

    def events(self) -> list[Event]:
        """The events since the last call, at most the newest 64. They are logged, too."""
        events = decode(self._native.events())
        return [Event(kind=event["kind"], message=event["message"], is_warning=event["warning"]) for event in events]

    def update(self, patch: types.Patch | None = None, *, urgent: bool = False, **fields: Unpack[types.Patch]) -> None:
        """Changes fields of the state, by keywords or a dict; all others stay. It never waits, and raises only for
        unknown fields and wrong types; such a change is not applied. A number out of range is clamped, NaN is skipped,
        and a change after the end is ignored, each with one warning.

        Numbers are sent at the next interval unless `urgent`, other changes at once while they are few.
        """
        self._change({"update": changes(patch, fields), "urgent": urgent})

    def replace(
        self,
        state: types.State | types.StreamRequestDict | None = None,
        *,
        urgent: bool = False,
        content_state: types.State | types.ContentStateDict | None = None,
        **beside: Unpack[types.StreamRequestFields],
    ) -> None:
        """Replaces the whole state. Fields beside it stay, unless they are given."""
        self._change({"replace": body(state, {"content_state": content_state, **beside}), "urgent": urgent})

    def flush(self, timeout: float | datetime.timedelta | None = None) -> R:
        """Sends the newest state now, as far as the request budget allows, and waits until the service has accepted it:
        at most `timeout` seconds, 10 by default. Returns whether it was accepted; if not, `problem` says why.
        """
        return self._arrived("flush", timed(timeout))

    def finish(self, patch: types.FinalPatch | None = None, **fields: Unpack[types.FinalPatch]) -> R:
        """Ends the stream with its last state, after a last change, and waits at most `flush_timeout`. Returns whether
        the end has arrived; if not, `problem` says why. A second end has the outcome of the first.
        """
        return self._arrived("end", {"how": "finished", "change": changes(patch, fields)})

    def fail(self, reason: BaseException | type[BaseException] | str | None = None) -> R:
        """Ends the stream as failed: red, with `reason`, or an exception's type, in the second line. Returns as
        `finish`.
        """
        return self._arrived("end", {"how": "failed", "reason": reason_of(reason)})

    def _arrived(self, verb: str, options: dict[str, Any]) -> R:
        """Flushes or ends, waits for the outcome, and gives back whether the newest state has arrived."""
        raise NotImplementedError

    def detach(self) -> None:
        """Stops publishing and leaves the activity on screen as it is."""
        self._native.detach()

    def _change(self, change: dict[str, Any]) -> None:
        lines = checked(self._native.change, encode(change))
        if lines:
            _logging.write(decode(lines))

    def _options(self, options: dict[str, Any]) -> bytes:
        """The options of a flush or an end, before which the count of a loop is sent."""
        self._send_count()
        return encode(options)

    def _send_count(self) -> None:
        if self._done >= 0:
            self._change({"done": self._done})

    def _let_go(self, how: str) -> None:
        """Ends the stream where that is not awaited; an end that has begun goes on."""
        # At the end of the interpreter what an end needs may be gone, and the process would crash.
        if not is_finalizing():
            op = next(operations)
            checked(self._native.end, self._options({"how": how}), op)
            _at_exit.let_go(self._native, op)

    def _last(self, kind: type[BaseException] | None, error: BaseException | None, how: str) -> dict[str, Any]:
        """How it ends with a scope that is left so."""
        if self._closing:
            with spared():
                self._change({"update": self._closing})
        return how_it_ends(kind, error, how)

    def __del__(self) -> None:
        # There is none where publishing was refused.
        native: NativePublisher | None = self.__dict__.get("_native")
        if native is None or is_finalizing():
            return
        _natives.discard(native)
        if native.is_open():
            self._let_go("failed")
            import warnings

            warnings.warn(f"{self!r} was not finished, failed or detached", ResourceWarning, source=self, stacklevel=2)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.stream_key!r}>"


class Publisher(Handle[bool]):
    """A stream that is being published: its latest state is sent in the background, as often as iOS shows it.

    with client.live_activities.publish("nightly-backup", Progress("Nightly backup", percentage=0)) as live:
        for done, part in enumerate(parts):
            work(part)
            live.update(percentage=100 * (done + 1) / len(parts))

    The stream ends with the scope: with its last state, or as failed if an exception leaves the scope, which propagates
    unchanged. Without a scope call `finish`, `fail` or `detach`; open publishers are ended at exit.
    """

    def _arrived(self, verb: str, options: dict[str, Any]) -> bool:
        outcome(self._native, verb, self._options(options))
        return not self._native.problem()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, *_: object) -> None:
        self._leave(kind, error)

    def _leave(self, kind: type[BaseException] | None, error: BaseException | None, how: str = "finished") -> None:
        """Ends the stream with its scope: as failed where an exception leaves that."""
        # At the end of the interpreter what an end needs may be gone, and the process would crash.
        if not is_finalizing():
            with spared():
                self._arrived("end", self._last(kind, error, how))


class AsyncPublisher(Handle["Awaited"]):
    """As `Publisher`, for programs with an event loop: methods that wait are awaited.

    async with client.live_activities.publish("nightly-backup", Progress("Nightly backup", percentage=0)) as live:
        async for done in work():
            live.update(percentage=done)

    If waiting for the end is cancelled, the end continues in the background.
    """

    async def _arrived(self, verb: str, options: dict[str, Any]) -> bool:
        from ._mailbox import outcome

        try:
            await outcome(self._native, verb, self._options(options))
        except BaseException as error:
            # Cancelled, while it is under way.
            if verb == "end" and not isinstance(error, Exception):
                self._let_go("failed")
            raise
        return not self._native.problem()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, *_: object) -> None:
        await self._leave(kind, error)

    async def _leave(
        self, kind: type[BaseException] | None, error: BaseException | None, how: str = "finished"
    ) -> None:
        """As that of `Publisher`."""
        # At the end of the interpreter what an end needs may be gone, and the process would crash.
        if not is_finalizing():
            with spared():
                await self._arrived("end", self._last(kind, error, how))


@contextmanager
def spared() -> Iterator[None]:
    """What leaves a scope must not be lost to a failure of its end."""
    try:
        yield
    except ActivitySmithError as failure:
        _logging.write([{"warning": True, "message": str(failure)}])


def changes(patch: Any, fields: Any) -> Any:
    """Changes to a state, from a dict and from keywords, which win."""
    if patch is not None:
        if isinstance(patch, Record):
            raise TypeError(f"update takes keywords or a dict; for a state use replace({type(patch).__name__}(...))")
        if not hasattr(patch, "keys"):
            # For the core to refuse.
            return {"content_state": patch}
        fields = {**patch, **fields}
    return fields if _UNLIKE_THE_API.isdisjoint(fields) else body(None, fields)


def how_it_ends(kind: type[BaseException] | None, error: BaseException | None, how: str = "finished") -> dict[str, Any]:
    """The end of what ends with a scope that is left so."""
    return {"how": how} if is_success(kind, error) else {"how": "failed", "reason": reason_of(kind)}


def is_success(kind: type[BaseException] | None, error: BaseException | None) -> bool:
    """Whether a scope that is left so has done its work: `sys.exit(0)` has, and so has a generator that is closed."""
    if kind is None or issubclass(kind, GeneratorExit):
        return True
    return issubclass(kind, SystemExit) and getattr(error, "code", 1) in (None, 0)


def reason_of(error: Any) -> str:
    """What shows of an error: its type alone, since its message may hold what does not belong on a Lock Screen."""
    if error is None or isinstance(error, str):
        return (error or "").encode("utf-8", "replace").decode()
    # Also of what is no error: to refuse it would hide the one that the job has met.
    return (error if isinstance(error, type) else type(error)).__name__
