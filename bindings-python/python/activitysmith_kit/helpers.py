"""The official SDK's helpers: each returns a plain dict, without defaults or checks.

Generated from the core's models by `cargo xtask generate`; not to be edited.
"""

from __future__ import annotations

from ._record import A, Generic, R

TYPE_CHECKING = False
if not TYPE_CHECKING:
    # `typing` takes its time to load, and only type checkers need it.
    def overload(function):
        return function


if TYPE_CHECKING:
    from typing import Any, Literal, overload

    from typing_extensions import Unpack

    from . import types

__all__ = ("LiveActivityColor", "action", "alert_badge", "alert_icon", "content_state", "metric")

# Keywords of a state; all others are of the request.
_OF_A_STATE = frozenset(
    (
        "title",
        "subtitle",
        "number_of_steps",
        "current_step",
        "percentage",
        "value",
        "upper_limit",
        "metrics",
        "message",
        "duration_seconds",
        "counts_down",
        "is_running",
        "color",
        "step_color",
        "step_colors",
        "icon",
        "badge",
        "type",
        "auto_dismiss_seconds",
        "auto_dismiss_minutes",
    )
)


def _set(**fields: Any) -> Any:
    return {name: value for name, value in fields.items() if value is not None}


@overload
def content_state(
    title: str,
    *,
    type: Literal["segmented_progress"],
    number_of_steps: float,
    current_step: float,
    extra: types.JsonObject | None = None,
    **fields: Unpack[types.SegmentedProgressFields],
) -> types.SegmentedProgressDict: ...
@overload
def content_state(
    title: str,
    *,
    type: Literal["progress"],
    extra: types.JsonObject | None = None,
    **fields: Unpack[types.ProgressFields],
) -> types.ProgressDict: ...
@overload
def content_state(
    title: str,
    *,
    type: Literal["metrics"],
    metrics: types.MetricList,
    extra: types.JsonObject | None = None,
    **fields: Unpack[types.MetricsFields],
) -> types.MetricsDict: ...
@overload
def content_state(
    title: str,
    *,
    type: Literal["stats"],
    metrics: types.MetricList,
    extra: types.JsonObject | None = None,
    **fields: Unpack[types.StatsFields],
) -> types.StatsDict: ...
@overload
def content_state(
    title: str,
    *,
    type: Literal["alert"],
    message: str,
    extra: types.JsonObject | None = None,
    **fields: Unpack[types.AlertFields],
) -> types.AlertDict: ...
@overload
def content_state(
    title: str, *, type: Literal["timer"], extra: types.JsonObject | None = None, **fields: Unpack[types.TimerFields]
) -> types.TimerDict: ...
@overload
def content_state(
    title: str,
    *,
    type: Literal["value"],
    value: float | str,
    extra: types.JsonObject | None = None,
    **fields: Unpack[types.ValueFields],
) -> types.ValueDict: ...
@overload
def content_state(
    title: str, *, extra: types.JsonObject | None = None, **fields: Unpack[types.ChangeFields]
) -> types.ChangeDict: ...
@overload
def content_state(
    title: str,
    *,
    auto_dismiss_seconds: float,
    auto_dismiss_minutes: float | None = None,
    type: types.StateType | None = None,
    extra: types.JsonObject | None = None,
    **fields: Unpack[types.ChangeFields],
) -> types.FinalStateDict: ...
@overload
def content_state(
    title: str,
    *,
    auto_dismiss_minutes: float,
    auto_dismiss_seconds: None = None,
    type: types.StateType | None = None,
    extra: types.JsonObject | None = None,
    **fields: Unpack[types.ChangeFields],
) -> types.FinalStateDict: ...
def content_state(title: str, **fields: Any) -> Any:
    """A state of the API, `None` left out."""
    return _set(title=title, **fields)


def metric(
    label: str, value: float | str, *, unit: str | None = None, color: types.Color | None = None
) -> types.MetricDict:
    """A metric of the states `metrics` and `stats`."""
    part: types.MetricDict = _set(label=label, value=value, unit=unit, color=color)
    return part


@overload
def action(title: str, type: Literal["open_url"], url: str) -> types.OpenUrlDict: ...
@overload
def action(
    title: str,
    type: Literal["webhook"],
    url: str,
    *,
    method: types.WebhookMethod | None = None,
    body: types.JsonObject | None = None,
) -> types.WebhookDict: ...
def action(
    title: str,
    type: str,
    url: str,
    *,
    method: types.WebhookMethod | None = None,
    body: types.JsonObject | None = None,
) -> Any:
    """A button."""
    return _set(title=title, type=type, url=url, method=method, body=body)


def alert_icon(symbol: str, *, color: types.Color | None = None) -> types.IconDict:
    """A picture beside the title; any state takes it."""
    part: types.IconDict = _set(symbol=symbol, color=color)
    return part


def alert_badge(title: str, *, color: types.Color | None = None) -> types.BadgeDict:
    """A short label in a corner."""
    part: types.BadgeDict = _set(title=title, color=color)
    return part


class LiveActivityColor:
    """The colours of the API's palette."""

    LIME: Literal["lime"] = "lime"
    GREEN: Literal["green"] = "green"
    CYAN: Literal["cyan"] = "cyan"
    BLUE: Literal["blue"] = "blue"
    PURPLE: Literal["purple"] = "purple"
    MAGENTA: Literal["magenta"] = "magenta"
    RED: Literal["red"] = "red"
    ORANGE: Literal["orange"] = "orange"
    YELLOW: Literal["yellow"] = "yellow"
    GRAY: Literal["gray"] = "gray"


class _Helpers(Generic[R, A]):
    """The official SDK's members of `live_activities`: types of states, some of the helpers, other names of methods."""

    if TYPE_CHECKING:
        # Those that have them.
        start: Any
        update: Any
        end: Any
        stream: Any
        end_stream: Any

    TYPE_SEGMENTED_PROGRESS: Literal["segmented_progress"] = "segmented_progress"
    TYPE_PROGRESS: Literal["progress"] = "progress"
    TYPE_METRICS: Literal["metrics"] = "metrics"
    TYPE_STATS: Literal["stats"] = "stats"
    TYPE_ALERT: Literal["alert"] = "alert"
    TYPE_TIMER: Literal["timer"] = "timer"
    TYPE_VALUE: Literal["value"] = "value"

    @staticmethod
    def metric(
        label: str, value: float | str, *, unit: str | None = None, color: types.Color | None = None
    ) -> types.MetricDict:
        """As the helper of that name."""
        return metric(label, value, unit=unit, color=color)

    @staticmethod
    def alert_icon(symbol: str, *, color: types.Color | None = None) -> types.IconDict:
        """As the helper of that name."""
        return alert_icon(symbol, color=color)

    @staticmethod
    def alert_badge(title: str, *, color: types.Color | None = None) -> types.BadgeDict:
        """As the helper of that name."""
        return alert_badge(title, color=color)

    def start_live_activity(
        self,
        live_activity_start_request: types.State | types.StartRequestDict | None = None,
        *,
        content_state: types.State | types.ContentStateDict | types.FinalStateDict | None = None,
        **fields: Unpack[types.StartKeywords],
    ) -> A:
        """The official SDK's other name for `start`."""
        given: Any = {**fields, "content_state": content_state}
        answer: A = self.start(live_activity_start_request, **given)
        return answer

    def update_live_activity(
        self,
        live_activity_update_request: types.State | types.UpdateRequestDict | None = None,
        *,
        content_state: types.State | types.ContentStateDict | types.FinalStateDict | None = None,
        **fields: Unpack[types.AddressedUpdateKeywords],
    ) -> A:
        """The official SDK's other name for `update`."""
        given: Any = {**fields, "content_state": content_state}
        answer: A = self.update(live_activity_update_request, **given)
        return answer

    def end_live_activity(
        self,
        live_activity_end_request: types.State | types.EndRequestDict | None = None,
        *,
        content_state: types.State | types.ContentStateDict | types.FinalStateDict | None = None,
        **fields: Unpack[types.AddressedEndKeywords],
    ) -> A:
        """The official SDK's other name for `end`."""
        given: Any = {**fields, "content_state": content_state}
        answer: A = self.end(live_activity_end_request, **given)
        return answer

    def reconcile_live_activity_stream(
        self,
        stream_key: str,
        live_activity_stream_request: types.State | types.StreamRequestDict | None = None,
        *,
        content_state: types.State | types.ContentStateDict | types.FinalStateDict | None = None,
        **fields: Unpack[types.StreamKeywords],
    ) -> R:
        """The official SDK's other name for `stream`."""
        given: Any = {**fields, "content_state": content_state}
        answer: R = self.stream(stream_key, live_activity_stream_request, **given)
        return answer

    def end_live_activity_stream(
        self,
        stream_key: str,
        live_activity_stream_delete_request: types.State | types.EndStreamRequestDict | None = None,
        *,
        content_state: types.State | types.ContentStateDict | types.FinalStateDict | None = None,
        **fields: Unpack[types.EndStreamKeywords],
    ) -> R:
        """The official SDK's other name for `end_stream`."""
        given: Any = {**fields, "content_state": content_state}
        answer: R = self.end_stream(stream_key, live_activity_stream_delete_request, **given)
        return answer
