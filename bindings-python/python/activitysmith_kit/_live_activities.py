"""The calls themselves, in their three forms: a typed state, a dict, keywords. The clients differ in how a call is
sent, so that is handed in. Nothing is checked here: the core does, and finds everything at once.
"""

from __future__ import annotations

import sys

from . import helpers
from ._record import A, Generic, R
from ._request import CALL, Resource, body, taken
from .response import ActivityResponse, StreamResponse

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
    from .publishing import AsyncPublisher, Publisher
    from .tracking import AsyncTrack, Track

    F = TypeVar("F", bound=Callable[..., Any])
    T = TypeVar("T")
    P = TypeVar("P", covariant=True)
    Awaited = Coroutine[Any, Any, StreamResponse]
    AwaitedById = Coroutine[Any, Any, ActivityResponse]


class LiveActivities(helpers._Helpers[R, A], Resource, Generic[R, A, P]):
    """Live Activities by stream keys: send a state, end a stream, or publish it and let the kit decide when to send.
    Also by the ids that the service gives them.
    """

    @overload
    def stream(
        self,
        stream_key: str,
        request: types.State | types.StreamRequestDict,
        *,
        content_state: types.State | types.ContentStateDict | types.FinalStateDict | None = None,
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
        answer: R = self._show("stream", StreamResponse, stream_key, request, fields)
        return answer

    def end_stream(
        self,
        stream_key: str,
        request: types.State | types.EndStreamRequestDict | None = None,
        *,
        content_state: types.State | types.ContentStateDict | types.FinalStateDict | None = None,
        **fields: Unpack[types.EndStreamKeywords],
    ) -> R:
        """Ends a stream, with a final state or as it is.

        Takes the parameters of `stream` except `channels`, and `auto_dismiss_seconds` or `auto_dismiss_minutes`: how
        long the ended activity stays on the Lock Screen.
        """
        given = {**fields, "content_state": content_state}
        answer: R = self._show("end_stream", StreamResponse, stream_key, request, given)
        return answer

    @overload
    def start(
        self,
        request: types.State | types.StartRequestDict,
        *,
        content_state: types.State | types.ContentStateDict | types.FinalStateDict | None = None,
        **fields: Unpack[types.StartKeywords],
    ) -> A: ...
    @overload
    def start(
        self,
        request: None = None,
        *,
        content_state: types.State | types.ContentStateDict,
        **fields: Unpack[types.StartKeywords],
    ) -> A: ...
    @overload
    def start(self, *, title: str, type: types.StateType, **fields: Unpack[types.StartFields]) -> A: ...
    def start(self, request: Any = None, **fields: Any) -> A:
        """Starts a Live Activity that is updated and ended by its id, which the answer has as `activity_id`.

        Takes the parameters of `stream`; the state must name its type. It is not sent again once it may have arrived,
        since each start makes an activity of its own; a stream is one activity however often it is sent.
        """
        answer: A = self._show("start", ActivityResponse, None, request, fields)
        return answer

    @overload
    def update(
        self,
        request: types.UpdateRequestDict,
        *,
        content_state: types.State | types.ContentStateDict | types.FinalStateDict | None = None,
        **fields: Unpack[types.AddressedUpdateKeywords],
    ) -> A: ...
    @overload
    def update(
        self,
        request: types.State | None = None,
        *,
        activity_id: str | None,
        content_state: types.State | types.ContentStateDict | types.FinalStateDict | None = None,
        **fields: Unpack[types.UpdateKeywords],
    ) -> A: ...
    def update(self, request: Any = None, **fields: Any) -> A:
        """Updates a Live Activity by its `activity_id`. Takes what `stream` takes except `channels` and `alert`."""
        answer: A = self._show("update", ActivityResponse, None, request, fields)
        return answer

    @overload
    def end(
        self,
        request: types.EndRequestDict,
        *,
        content_state: types.State | types.ContentStateDict | types.FinalStateDict | None = None,
        **fields: Unpack[types.AddressedEndKeywords],
    ) -> A: ...
    @overload
    def end(
        self,
        request: types.State | None = None,
        *,
        activity_id: str | None,
        content_state: types.State | types.ContentStateDict | types.FinalStateDict | None = None,
        **fields: Unpack[types.EndKeywords],
    ) -> A: ...
    def end(self, request: Any = None, **fields: Any) -> A:
        """Ends a Live Activity by its `activity_id`, with a final state. Takes the parameters of `update`, and
        `auto_dismiss_minutes`: how long it stays on the Lock Screen.
        """
        answer: A = self._show("end", ActivityResponse, None, request, fields)
        return answer

    def _show(self, endpoint: str, kind: type, key: Any, request: Any, fields: dict[str, Any]) -> Any:
        options = taken(fields, CALL)
        return self._call(endpoint, kind, key, body(request, fields), options)

    @overload
    def publish(
        self,
        stream_key: str,
        request: types.State | types.StreamRequestDict,
        *,
        content_state: types.State | types.ContentStateDict | types.FinalStateDict | None = None,
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
        self, stream_key: str, *, title: str, type: types.StateType, **fields: Unpack[types.PublishFields]
    ) -> P: ...
    def publish(self, stream_key: Any, request: Any = None, **fields: Any) -> P:
        """Starts to publish a stream: shows its first state, which must name its type, and then the latest one, in the
        background. The state is given in any form that `stream` takes.

        Returns a publisher, which is a context manager: the stream ends with the scope. `update` is cheap, never waits,
        and raises only for unknown fields and wrong types. By default updates go out as often as iOS shows them; with
        `min_interval` they are at least that many seconds apart, for short jobs. Nothing is shown in the first
        `show_after` seconds, unless the job fails. The end takes at most `flush_timeout` seconds: by default 2 after a
        success and 5 after a failure. `on_failure` and `on_success` are pushes: a `Push`, a dict or a title.
        Without an API key the job runs, and one warning is logged.
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


class SyncLiveActivities(LiveActivities["StreamResponse", "ActivityResponse", "Publisher"]):
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


class AsyncLiveActivities(LiveActivities["Awaited", "AwaitedById", "AsyncPublisher"]):
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
