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
    """Live Activities by stream keys: send the latest state of one ongoing thing, and end it; or publish it, and leave
    what is sent when to the kit.
    """

    def __init__(
        self,
        send: Callable[[NativeClient, bytes, type[StreamResponse]], R],
        client: NativeClient,
        options: dict[str, Any],
    ) -> None:
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
    def stream(self, stream_key: str, **fields: Unpack[types.UpdateKeywords]) -> R: ...
    def stream(self, stream_key: Any, request: Any = None, **fields: Any) -> R:
        """Shows a state under a stream key: the service starts, updates or replaces the Live Activity.

        The state is the second argument (`Progress(...)`), `content_state` (a dict, or such an object), or keywords by
        the fields' names with `type`; keywords win over a state that they are combined with. Beside the state:
        `action`, `secondary_action`, `alert`, `channels`, `tags`, `metadata`, `extra` (fields newer than this release;
        those of the state itself are its own `extra`, among keywords `state_extra`), and for this call alone `timeout`
        (in seconds, or a `timedelta`) and `max_retries`. `None` is as good as left out.
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

        It takes what `stream` takes but for `channels`, and `auto_dismiss_seconds` or `auto_dismiss_minutes`: how long
        the ended activity stays on the Lock Screen.
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
        """Begins to publish a stream: shows its first state, which has to name its type, and then the latest one, in
        the background. The state comes in the forms that `stream` takes.

        It gives back a publisher, which is a context: the stream ends with the scope. `update` is cheap, waits for
        nothing and raises only for misspelt fields and wrong types. Without a `pace` what is sent is as much as iOS
        shows; else so many seconds lie between two updates, which only suits a job that is short. Nothing is shown
        before `show_after` seconds have passed, unless the job fails. The end takes `flush_timeout` seconds at most: 2
        after a success and 5 after a failure unless set.

        Without a key that is warned of once, and the job runs.
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
        """Decorates a function or a coroutine function that is a job: each call publishes a stream while it runs, which
        ends as failed where an exception leaves the function. The exception goes on unchanged, and `sys.exit(0)` is a
        success. It takes what `publish` takes; with a title alone it shows how long the job has been running.

        What breaks a rule of the API raises at once. Only a stream key that is computed, here or by a function without
        parameters that is called for each run, breaks no job: a bad one is warned of, and the job runs.
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
        """Gives back the items, one by one, and publishes how many are done with: in percent where their number is
        known or given as `total`, else as a count. An item costs next to nothing.

        The stream ends when the loop has: with all of it done, with what was done where the loop was left early, or as
        failed where an exception has left it, as far as `Track` says. The loop waits for that, as `publish` does.
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
        """As that of `ActivitySmith`, for `async for`. The items may come from an async iterable or any other."""
        from .tracking import AsyncTrack

        return AsyncTrack(self._client, items, stream_key, fields)
