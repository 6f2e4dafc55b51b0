"""The calls themselves, in their three forms: a typed state, a dict, keywords. The clients differ in how a call is
sent, so that is handed in. Nothing is checked here: the core does, and finds everything at once.
"""

from __future__ import annotations

import sys

from . import helpers
from ._json import encode
from ._request import body, taken_options
from ._uncopied import Uncopied

TYPE_CHECKING = False
if not TYPE_CHECKING:
    # `typing` takes its time to load, and only type checkers need it.
    def overload(function):
        return function

    class _Subscriptable(type):
        def __getitem__(cls, _):
            return object

    class Generic(metaclass=_Subscriptable):
        pass

    R = P = None


if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable
    from typing import Any, Generic, Literal, TypeVar, overload

    from typing_extensions import Unpack

    from . import types
    from ._native import NativeClient
    from ._publishing import Stream

    F = TypeVar("F", bound=Callable[..., Any])
    T = TypeVar("T")
    R = TypeVar("R", covariant=True)
    P = TypeVar("P", covariant=True)


class LiveActivities(Uncopied, Generic[R, P]):
    """Live Activities by stream keys: send the latest state of one ongoing thing, and end it; or publish it, and leave
    what is sent when to the kit.
    """

    _instead = "create a client in each process"

    TYPE_SEGMENTED_PROGRESS: Literal["segmented_progress"] = "segmented_progress"
    TYPE_PROGRESS: Literal["progress"] = "progress"
    TYPE_METRICS: Literal["metrics"] = "metrics"
    TYPE_STATS: Literal["stats"] = "stats"
    TYPE_ALERT: Literal["alert"] = "alert"
    TYPE_TIMER: Literal["timer"] = "timer"
    TYPE_VALUE: Literal["value"] = "value"

    def __init__(self, send: Callable[[NativeClient, bytes], R], client: NativeClient, options: dict[str, Any]) -> None:
        # Not a method of the client's: it would keep the client alive until the garbage collector comes.
        self._send = send
        self._client = client
        self._options = options

    @staticmethod
    def metric(
        label: str, value: float | str, *, unit: str | None = None, color: types.Color | None = None
    ) -> types.MetricDict:
        """As the helper of that name."""
        return helpers.metric(label, value, unit=unit, color=color)

    @staticmethod
    def alert_icon(symbol: str, *, color: types.Color | None = None) -> types.IconDict:
        """As the helper of that name."""
        return helpers.alert_icon(symbol, color=color)

    @staticmethod
    def alert_badge(title: str, *, color: types.Color | None = None) -> types.BadgeDict:
        """As the helper of that name."""
        return helpers.alert_badge(title, color=color)

    @overload
    def stream(
        self,
        stream_key: str,
        request: types.State,
        *,
        content_state: None = None,
        **options: Unpack[types.StreamOptions],
    ) -> R: ...
    @overload
    def stream(
        self,
        stream_key: str,
        request: types.StreamRequestDict,
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
        the fields' names with `type`; keywords win over a dict that they are combined with. Beside the state: `action`,
        `secondary_action`, `alert`, `channels`, `tags`, `metadata`, `extra` (fields newer than this release; those of
        the state itself are its own `extra`, among keywords `state_extra`), and for this call alone `timeout` (in
        seconds, or a `timedelta`) and `max_retries`. `None` is as good as left out.
        """
        return self._send(self._client, self._call("stream", stream_key, request, fields))

    @overload
    def end_stream(
        self,
        stream_key: str,
        request: types.State,
        *,
        content_state: None = None,
        **options: Unpack[types.EndOptions],
    ) -> R: ...
    @overload
    def end_stream(
        self,
        stream_key: str,
        request: types.EndRequestDict | None = None,
        *,
        content_state: types.State | types.FinalStateDict | None = None,
        **fields: Unpack[types.EndKeywords],
    ) -> R: ...
    def end_stream(self, stream_key: Any, request: Any = None, **fields: Any) -> R:
        """Ends a stream, with a final state or as it is.

        It takes what `stream` takes but for `channels`, and `auto_dismiss_seconds` or `auto_dismiss_minutes`: how long
        the ended activity stays on the Lock Screen.
        """
        return self._send(self._client, self._call("end", stream_key, request, fields))

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
        return self._send(self._client, self._call("stream", stream_key, live_activity_stream_request, given))

    def end_live_activity_stream(
        self,
        stream_key: str,
        live_activity_stream_delete_request: types.State | types.EndRequestDict | None = None,
        *,
        content_state: types.State | types.FinalStateDict | None = None,
        **fields: Unpack[types.EndKeywords],
    ) -> R:
        """The official SDK's other name for `end_stream`."""
        given = {**fields, "content_state": content_state}
        return self._send(self._client, self._call("end", stream_key, live_activity_stream_delete_request, given))

    @overload
    def publish(
        self,
        stream_key: str,
        request: types.State,
        *,
        content_state: None = None,
        pace: float | datetime.timedelta | None = None,
        **options: Unpack[types.StreamRequestFields],
    ) -> P: ...
    @overload
    def publish(
        self,
        stream_key: str,
        request: types.StreamRequestDict,
        *,
        content_state: types.State | types.FinalStateDict | None = None,
        pace: float | datetime.timedelta | None = None,
        **fields: Unpack[types.Patch],
    ) -> P: ...
    @overload
    def publish(
        self,
        stream_key: str,
        request: None = None,
        *,
        content_state: types.State | types.ContentStateDict,
        pace: float | datetime.timedelta | None = None,
        **fields: Unpack[types.Patch],
    ) -> P: ...
    @overload
    def publish(
        self,
        stream_key: str,
        *,
        title: str,
        type: types.StateType,
        pace: float | datetime.timedelta | None = None,
        **fields: Unpack[types.StartFields],
    ) -> P: ...
    def publish(self, stream_key: Any, request: Any = None, *, pace: Any = None, **fields: Any) -> P:
        """Begins to publish a stream: shows its first state, which has to name its type, and then the latest one, in
        the background. The state comes in the forms that `stream` takes.

        It gives back a publisher, which is a context: the stream ends with the scope. `update` is cheap, waits for
        nothing and raises only for misspelt fields and wrong types. Without a `pace` what is sent is as much as iOS
        shows; else so many seconds lie between two updates, which only suits a job that is short.

        Without a key that is warned of once, and the job runs.
        """
        from ._publishing import Stream, beginning

        return self._publisher(Stream(self._client, beginning(stream_key, body(request, fields), pace)))

    def _publisher(self, stream: Stream) -> P:
        raise NotImplementedError

    def job(
        self,
        stream_key: str | Callable[[], str],
        request: types.State | types.StreamRequestDict | None = None,
        *,
        content_state: types.State | types.ContentStateDict | None = None,
        pace: float | datetime.timedelta | None = None,
        **fields: Unpack[types.Patch],
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
        return decorator(lambda: client, stream_key, request, given, pace, sys._getframe(1).f_code)

    def _call(self, purpose: str, stream_key: Any, request: Any, fields: dict[str, Any]) -> bytes:
        call = {"purpose": purpose, "stream_key": stream_key, **self._options}
        if fields:
            call.update(taken_options(fields))
        call["body"] = body(request, fields)
        return encode(call)
