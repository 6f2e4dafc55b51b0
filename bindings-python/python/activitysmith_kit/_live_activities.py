"""The calls themselves, in their three forms: a typed state, a dict, keywords. The clients differ in how a call is
sent, so that is handed in. Nothing is checked here: the core does, and finds everything at once.
"""

from __future__ import annotations

from . import helpers
from ._json import encode
from ._record import Record

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

    R = None


if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Generic, Literal, TypeVar, overload

    from typing_extensions import Unpack

    from . import types

    T = TypeVar("T")
    R = TypeVar("R", covariant=True)

# Everything else among the keywords is of the state.
_OF_THE_REQUEST = frozenset(("action", "secondary_action", "alert", "channels", "target", "tags", "metadata", "extra"))


class LiveActivities(Generic[R]):
    """Live Activities by stream keys: send the latest state of one ongoing thing, and end it."""

    TYPE_SEGMENTED_PROGRESS: Literal["segmented_progress"] = "segmented_progress"
    TYPE_PROGRESS: Literal["progress"] = "progress"
    TYPE_METRICS: Literal["metrics"] = "metrics"
    TYPE_STATS: Literal["stats"] = "stats"
    TYPE_ALERT: Literal["alert"] = "alert"
    TYPE_TIMER: Literal["timer"] = "timer"
    TYPE_VALUE: Literal["value"] = "value"

    def __init__(self, send: Callable[[T, bytes], R], client: T, options: dict[str, Any]) -> None:
        # Not a method of the client's: it would keep the client alive until the garbage collector comes.
        self._send: Callable[[Any, bytes], R] = send
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
    def stream(
        self,
        stream_key: str,
        *,
        title: str,
        type: Literal["segmented_progress"],
        number_of_steps: float,
        current_step: float,
        **fields: Unpack[types.SegmentedProgressKeywords],
    ) -> R: ...
    @overload
    def stream(
        self, stream_key: str, *, title: str, type: Literal["progress"], **fields: Unpack[types.ProgressKeywords]
    ) -> R: ...
    @overload
    def stream(
        self,
        stream_key: str,
        *,
        title: str,
        type: Literal["metrics"],
        metrics: types.Figures,
        **fields: Unpack[types.MetricsKeywords],
    ) -> R: ...
    @overload
    def stream(
        self,
        stream_key: str,
        *,
        title: str,
        type: Literal["stats"],
        metrics: types.Figures,
        **fields: Unpack[types.StatsKeywords],
    ) -> R: ...
    @overload
    def stream(
        self,
        stream_key: str,
        *,
        title: str,
        type: Literal["alert"],
        message: str,
        **fields: Unpack[types.AlertKeywords],
    ) -> R: ...
    @overload
    def stream(
        self, stream_key: str, *, title: str, type: Literal["timer"], **fields: Unpack[types.TimerKeywords]
    ) -> R: ...
    @overload
    def stream(
        self,
        stream_key: str,
        *,
        title: str,
        type: Literal["value"],
        value: float | str,
        **fields: Unpack[types.ValueKeywords],
    ) -> R: ...
    @overload
    def stream(self, stream_key: str, *, title: str, **fields: Unpack[types.UpdateKeywords]) -> R: ...
    def stream(self, stream_key: Any, request: Any = None, **fields: Any) -> R:
        """Shows a state under a stream key: the service starts, updates or replaces the Live Activity.

        The state is the second argument (`Progress(...)`), `content_state` (a dict, or such an object), or keywords by
        the fields' names with `type`; keywords win over a dict that they are combined with. Beside the state: `action`,
        `secondary_action`, `alert`, `channels`, `tags`, `metadata`, `extra` (fields newer than this release), and for
        this call alone `timeout` (in seconds, or a `timedelta`) and `max_retries`. `None` is as good as left out.
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
        self, stream_key: str, live_activity_stream_request: types.StreamRequestDict | None = None, **fields: Any
    ) -> R:
        """The official SDK's other name for `stream`."""
        return self._send(self._client, self._call("stream", stream_key, live_activity_stream_request, fields))

    def end_live_activity_stream(
        self, stream_key: str, live_activity_stream_delete_request: types.EndRequestDict | None = None, **fields: Any
    ) -> R:
        """The official SDK's other name for `end_stream`."""
        return self._send(self._client, self._call("end", stream_key, live_activity_stream_delete_request, fields))

    def _call(self, purpose: str, stream_key: Any, request: Any, fields: dict[str, Any]) -> bytes:
        call = {"purpose": purpose, "stream_key": stream_key, **self._options}
        if fields:
            call.update(taken_options(fields))
        call["body"] = _body(request, fields)
        return encode(call)


def taken_options(fields: dict[str, Any]) -> dict[str, Any]:
    """Takes out of keywords what says how a call is made, as the core names it."""
    options = {}
    timeout = fields.pop("timeout", None)
    if timeout is not None:
        options["timeout_seconds"] = seconds(timeout)
    max_retries = fields.pop("max_retries", None)
    if max_retries is not None:
        options["max_retries"] = max_retries
    return options


def seconds(duration: Any) -> Any:
    """A `timedelta` in seconds; anything else as it is."""
    total_seconds = getattr(duration, "total_seconds", None)
    return duration if total_seconds is None else total_seconds()


def _body(request: Any, fields: dict[str, Any]) -> Any:
    """The request as the API has it, put together from what a caller has given."""
    if isinstance(request, Record):
        body: Any = {"content_state": request}
    elif request is None:
        body = {}
    elif hasattr(request, "keys"):
        body = dict(request)
    else:
        # For the core to refuse.
        return request
    if fields:
        state = {}
        for name, value in fields.items():
            if value is None:
                continue
            if name in _OF_THE_REQUEST:
                body[name] = value
            elif name == "content_state":
                body[name] = _merged(body.get(name), value)
            else:
                state[name] = value
        if state:
            body["content_state"] = _merged(body.get("content_state"), state)
    channels = body.get("channels")
    if isinstance(channels, str):
        body["channels"] = [slug.strip() for slug in channels.split(",")]
    return body


def _merged(state: Any, changes: Any) -> Any:
    """A state with some of its fields replaced."""
    if state is None:
        return changes
    both = []
    for part in (state, changes):
        if isinstance(part, Record):
            part = part._members()
        elif not hasattr(part, "keys"):
            raise TypeError(f"content_state must be a dict or a state to be combined, not {type(part).__name__}")
        both.append(part)
    return {**both[0], **both[1]}
