"""The calls themselves, in their three forms: a typed state, a dict, keywords. The clients differ in how a call is
sent, so that is handed in. Nothing is checked here: the core does, and finds everything at once.
"""

from __future__ import annotations

import sys

from . import helpers
from ._bridge import Generic, R, Uncopied
from ._json import encode
from ._request import CALL, body, taken
from .response import StreamResponse

TYPE_CHECKING = False
if not TYPE_CHECKING:
    # `typing` takes its time to load, and only type checkers need it.
    from .helpers import overload

    P = None


if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Callable, Coroutine, Iterable
    from typing import Any, TypeVar, overload

    from typing_extensions import Unpack

    from . import types
    from ._native import NativeClient
    from .publishing import AsyncPublisher, Publisher
    from .tracking import AsyncTrack, Track

    F = TypeVar("F", bound=Callable[..., Any])
    T = TypeVar("T")
    P = TypeVar("P", covariant=True)
    Awaited = Coroutine[Any, Any, StreamResponse]


class LiveActivities(helpers._Helpers, Uncopied, Generic[R, P]):
    """Live Activities by stream keys: send a state, end a stream, or publish it and let the kit decide when to send."""

    def __init__(self, send: Callable[..., R], client: NativeClient, options: dict[str, Any]) -> None:
        # Not a method of the client's: it would keep the client alive until the garbage collector comes.
        self._send = send
        self._client = client
        self._options = options

    @overload
    def stream(
        self,
        stream_key: str,
        request: types.State | types.StreamRequestDict,
        *,
        content_state: types.State | types.FinalStateDict | None = None,
        **fields: Unpack[types.StreamKeywords],
    ) -> R: ...
    @overload
    def stream(
        self,
        stream_key: str,
        request: None = None,
        *,
        content_state: types.State | types.ContentStateDict,
        **fields: Unpack[types.StreamKeywords],
    ) -> R: ...
    @overload
    def stream(self, stream_key: str, **fields: Unpack[types.SegmentedProgressKeywords]) -> R: ...
    @overload
    def stream(self, stream_key: str, **fields: Unpack[types.ProgressKeywords]) -> R: ...
    @overload
    def stream(self, stream_key: str, **fields: Unpack[types.MetricsKeywords]) -> R: ...
    @overload
    def stream(self, stream_key: str, **fields: Unpack[types.StatsKeywords]) -> R: ...
    @overload
    def stream(self, stream_key: str, **fields: Unpack[types.AlertKeywords]) -> R: ...
    @overload
    def stream(self, stream_key: str, **fields: Unpack[types.TimerKeywords]) -> R: ...
    @overload
    def stream(self, stream_key: str, **fields: Unpack[types.ValueKeywords]) -> R: ...
    @overload
    def stream(self, stream_key: str, **fields: Unpack[types.ChangeKeywords]) -> R: ...
    def stream(self, stream_key: Any, request: Any = None, **fields: Any) -> R:
        """Shows a state under a stream key: the service starts, updates or replaces the Live Activity.

        The state is the second argument (`Progress(...)`), `content_state` (a dict, or such an object), or keywords by
        the fields' names with `type`; keywords win over a state that they are combined with. Beside the state:
        `action`, `secondary_action`, `alert`, `channels`, `tags`, `metadata`, `extra` (fields newer than this release;
        those of the state itself are its own `extra`, among keywords `state_extra`), and for this call alone `timeout`
        (in seconds, or a `timedelta`) and `max_retries`. `None` means "not given".
        """
        return self._call("stream", stream_key, request, fields)

    def end_stream(
        self,
        stream_key: str,
        request: types.State | types.EndRequestDict | None = None,
        *,
        content_state: types.State | types.FinalStateDict | None = None,
        **fields: Unpack[types.EndKeywords],
    ) -> R:
        """Ends a stream, with a final state or as it is.

        Takes the parameters of `stream` except `channels`, and `auto_dismiss_seconds` or `auto_dismiss_minutes`: how
        long the ended activity stays on the Lock Screen.
        """
        return self._call("end_stream", stream_key, request, {**fields, "content_state": content_state})

    def reconcile_live_activity_stream(
        self,
        stream_key: str,
        live_activity_stream_request: types.State | types.StreamRequestDict | None = None,
        *,
        content_state: types.State | types.FinalStateDict | None = None,
        **fields: Unpack[types.StreamKeywords],
    ) -> R:
        """The official SDK's other name for `stream`."""
        given = {**fields, "content_state": content_state}
        return self._call("stream", stream_key, live_activity_stream_request, given)

    def end_live_activity_stream(
        self,
        stream_key: str,
        live_activity_stream_delete_request: types.State | types.EndRequestDict | None = None,
        *,
        content_state: types.State | types.FinalStateDict | None = None,
        **fields: Unpack[types.EndKeywords],
    ) -> R:
        """The official SDK's other name for `end_stream`."""
        return self.end_stream(stream_key, live_activity_stream_delete_request, content_state=content_state, **fields)

    def _call(self, endpoint: str, stream_key: Any, request: Any, fields: dict[str, Any]) -> R:
        options = {**self._options, **taken(fields, CALL)}
        call = {"endpoint": endpoint, "key": stream_key, **options, "body": body(request, fields)}
        return self._send(self._client, encode(call), StreamResponse)

    @overload
    def publish(
        self,
        stream_key: str,
        request: types.State | types.StreamRequestDict,
        *,
        content_state: types.State | types.FinalStateDict | None = None,
        **fields: Unpack[types.PublishKeywords],
    ) -> P: ...
    @overload
    def publish(
        self,
        stream_key: str,
        request: None = None,
        *,
        content_state: types.State | types.ContentStateDict,
        **fields: Unpack[types.PublishKeywords],
    ) -> P: ...
    @overload
    def publish(
        self, stream_key: str, *, title: str, type: types.StateType, **fields: Unpack[types.StartFields]
    ) -> P: ...
    def publish(self, stream_key: Any, request: Any = None, **fields: Any) -> P:
        """Starts to publish a stream: shows its first state, which must name its type, and then the latest one, in the
        background. The state is given in any form that `stream` takes.

        Returns a publisher, which is a context manager: the stream ends with the scope. `update` is cheap, never waits,
        and raises only for unknown fields and wrong types. By default updates go out as often as iOS shows them; with
        `min_interval` they are at least that many seconds apart, for short jobs. Nothing is shown in the first
        `show_after` seconds, unless the job fails. The end takes at most `flush_timeout` seconds: by default 2 after a
        success and 5 after a failure. Without an API key the job runs, and one warning is logged.
        """
        from .publishing import beginning

        return self._publisher(beginning(stream_key, request, fields))

    def _publisher(self, beginning: dict[str, Any]) -> P:
        raise NotImplementedError

    def job(
        self,
        stream_key: str | Callable[[], str],
        request: types.State | types.StreamRequestDict | None = None,
        *,
        content_state: types.State | types.ContentStateDict | None = None,
        **fields: Unpack[types.PublishKeywords],
    ) -> Callable[[F], F]:
        """Decorates a function or a coroutine function: each call publishes a stream while it runs. The stream ends as
        failed if the function raises; the exception propagates unchanged, and `sys.exit(0)` is a success. Parameters
        are as for `publish`; with only a title it shows how long the job has been running.

        A value that breaks a rule of the API raises at once. A computed stream key never stops the job: it may be a
        function without parameters, called for each run, and an invalid key is logged as a warning.
        """
        from .jobs import decorator

        client = self._client
        given = {**fields, "content_state": content_state}
        return decorator(lambda: client, stream_key, request, given, sys._getframe(1).f_code)


class SyncLiveActivities(LiveActivities["StreamResponse", "Publisher"]):
    """Live Activities for programs without an event loop."""

    def _publisher(self, beginning: dict[str, Any]) -> Publisher:
        from .publishing import Publisher

        return Publisher(self._client, beginning)

    def track(self, items: Iterable[T], stream_key: str, **fields: Unpack[types.TrackKeywords]) -> Track[T]:
        """Yields the items, one by one, and publishes how many are done: in percent where their number is known or
        given as `total`, else as a count. An item adds tens of nanoseconds.

        The stream ends with the loop: as complete, with the count so far after a `break`, or as failed after an
        exception; `Track` says where an exception is not seen. The loop waits for the end, as `publish` does.
        """
        from .tracking import Track

        return Track(self._client, items, stream_key, fields)


class AsyncLiveActivities(LiveActivities["Awaited", "AsyncPublisher"]):
    """Live Activities for programs with an event loop."""

    def _publisher(self, beginning: dict[str, Any]) -> AsyncPublisher:
        from .publishing import AsyncPublisher

        return AsyncPublisher(self._client, beginning)

    def track(
        self, items: AsyncIterable[T] | Iterable[T], stream_key: str, **fields: Unpack[types.TrackKeywords]
    ) -> AsyncTrack[T]:
        """As `track` of `ActivitySmith`, for `async for`. Items may be an iterable or an async iterable."""
        from .tracking import AsyncTrack

        return AsyncTrack(self._client, items, stream_key, fields)
