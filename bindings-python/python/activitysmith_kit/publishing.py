"""Publishers: handles of streams whose latest state is shown. Nothing here waits unless it is asked to."""

from __future__ import annotations

from . import _at_exit
from ._publishing import changes, is_success, reason_of
from ._request import body
from ._uncopied import Uncopied
from .errors import ActivitySmithError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime
    from types import TracebackType
    from typing import Any

    from typing_extensions import Self, Unpack

    from . import types
    from ._publishing import Stream
    from .events import Counters, Event


def flush_all(timeout: float | datetime.timedelta = 2.0) -> bool:
    """Has the newest state of every stream that this process publishes sent, and waits for that for so many seconds at
    most; gives back whether all have arrived. For programs that leave by `os._exit`, which ends no stream.
    """
    return _at_exit.flush_all(timeout)


class Handle(Uncopied):
    """What both publishers have in common: they take the latest state, and tell how it fares."""

    _instead = "publish in each process"

    def __init__(self, stream: Stream) -> None:
        self._stream: Stream = stream

    @property
    def stream_key(self) -> str:
        """The key of the stream."""
        return self._stream.stream_key

    @property
    def problem(self) -> ActivitySmithError | None:
        """Why the last `flush`, `finish` or `fail` gave back `False`, or why nothing is published at all."""
        return self._stream.problem

    @property
    def counters(self) -> Counters:
        """How often what has happened."""
        return self._stream.counters()

    def events(self) -> list[Event]:
        """What has happened since this was asked last: the newest 64 events. The log has them, too."""
        return self._stream.events()

    def update(self, patch: types.Patch | None = None, *, urgent: bool = False, **fields: Unpack[types.Patch]) -> None:
        """Changes some of the state, by keywords or a dict; all else stays. It waits for nothing, and raises only for
        misspelt fields and wrong types: then nothing changes. A number that is out of range is clamped, and NaN is
        skipped. After the end of the stream a change is ignored. Both are warned of once.

        Figures wait for their turn, unless they are `urgent`; what else changes goes at once, as long as it is seldom.
        """
        self._stream.change({"update": changes(patch, fields), "urgent": urgent})

    def replace(
        self,
        state: types.State | types.StreamRequestDict | None = None,
        *,
        urgent: bool = False,
        content_state: types.State | types.ContentStateDict | None = None,
        **beside: Unpack[types.StreamRequestFields],
    ) -> None:
        """Puts another state in place of the whole one. What goes beside it stays, unless it is given."""
        self._stream.change({"replace": body(state, {"content_state": content_state, **beside}), "urgent": urgent})

    def close(self) -> None:
        """Sends no more, and leaves the activity as it is."""
        self._stream.close()

    def __del__(self) -> None:
        # There is none where publishing was refused.
        stream: Stream | None = self.__dict__.get("_stream")
        if stream is None or stream.has_ended:
            return
        stream.let_go()
        if stream.has_ended:
            import warnings

            warnings.warn(f"{self!r} was never finished, failed or closed", ResourceWarning, source=self, stacklevel=2)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._stream.stream_key!r}>"


class Publisher(Handle):
    """A stream that is being published: its latest state is sent as often as it helps and no more, in the background.

    with client.live_activities.publish("nightly-backup", Progress("Nightly backup", percentage=0)) as live:
        for done, part in enumerate(parts):
            work(part)
            live.update(percentage=100 * (done + 1) / len(parts))

    The stream ends with the scope, with its last state; as failed where an exception leaves the scope, which goes on
    unchanged. Without a scope call `finish`, `fail` or `close`; what nobody has ended ends with the program.
    """

    def flush(self, timeout: float | datetime.timedelta = 10.0) -> bool:
        """Has the newest state sent as far as the account's budget allows, and waits until the service has taken it:
        for that many seconds at most. Gives back whether it has; where it has not, `problem` says why.
        """
        return self._stream.flush(timeout)

    def finish(self, patch: types.FinalPatch | None = None, **fields: Unpack[types.FinalPatch]) -> bool:
        """Ends the stream with its last state, changed once more, and waits for that for 10 seconds at most; gives back
        whether it has arrived. Where it has not, `problem` says why. A second end gives back what the first one did.
        """
        return self._end({"how": "finished", "change": changes(patch, fields)})

    def fail(self, reason: BaseException | type[BaseException] | str | None = None) -> bool:
        """Ends the stream as failed: red, and with `reason` in the second line, where an exception shows by its type
        alone. Gives back what `finish` does.
        """
        return self._end({"how": "failed", "reason": reason_of(reason)})

    def _complete(self) -> bool:
        return self._end({"how": "complete"})

    def _end(self, end: dict[str, Any]) -> bool:
        return self._stream.begin_to_end(end) and self._stream.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._stream.has_ended:
            return
        try:
            if is_success(kind, error):
                self.finish()
            else:
                self.fail(kind)
        except ActivitySmithError as problem:
            # What leaves the scope must not be lost to it.
            self._stream.problem = problem


class AsyncPublisher(Handle):
    """As `Publisher`, for programs with an event loop: whatever waits is awaited.

    async with client.live_activities.publish("nightly-backup", Progress("Nightly backup", percentage=0)) as live:
        async for done in work():
            live.update(percentage=done)
    """

    async def flush(self, timeout: float | datetime.timedelta = 10.0) -> bool:
        """As `Publisher.flush`."""
        return await self._stream.flushed(timeout)

    async def finish(self, patch: types.FinalPatch | None = None, **fields: Unpack[types.FinalPatch]) -> bool:
        """As `Publisher.finish`. Where it is cancelled, the stream goes on ending."""
        return await self._end({"how": "finished", "change": changes(patch, fields)})

    async def fail(self, reason: BaseException | type[BaseException] | str | None = None) -> bool:
        """As `Publisher.fail`."""
        return await self._end({"how": "failed", "reason": reason_of(reason)})

    async def _complete(self) -> bool:
        return await self._end({"how": "complete"})

    async def _end(self, end: dict[str, Any]) -> bool:
        return self._stream.begin_to_end(end) and await self._stream.ended()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._stream.has_ended:
            return
        try:
            if is_success(kind, error):
                await self.finish()
            else:
                reason = reason_of(kind)
                # Who cancels does not want to wait for long.
                await self._end({"how": "failed", "reason": reason, "attended": reason != "CancelledError"})
        except ActivitySmithError as problem:
            # What leaves the scope must not be lost to it.
            self._stream.problem = problem
