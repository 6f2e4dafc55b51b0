"""The states that a Live Activity can show, and what they are made of: plain data, checked when sent.

Generated from the core's models by `cargo xtask generate`; not to be edited.
"""

from __future__ import annotations

from ._record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import ClassVar, Literal

    from .types import BadgeDict, Color, IconDict, JsonObject, MetricList, WebhookMethod

__all__ = (
    "Alert",
    "Badge",
    "Change",
    "Icon",
    "Metric",
    "Metrics",
    "OpenUrl",
    "Progress",
    "PushAlert",
    "SegmentedProgress",
    "Stats",
    "Timer",
    "Value",
    "Webhook",
)


class Metric(Record):
    """One labelled value. `metrics` draws numbers as bars and takes no text; `stats` takes either.

    label: What is measured; at least 1 character.
    value: The value: a number of 0 or more, or (in `stats`) a text of 1 to 64 characters.
    unit: The unit after the value, for example `%`.
    color: The colour of the value.
    extra: Fields newer than this release, by name; they are sent unchecked.
    """

    __slots__ = ("label", "value", "unit", "color", "extra")
    _fields = __slots__

    def __init__(
        self,
        label: str,
        value: float | str,
        *,
        unit: str | None = None,
        color: Color | None = None,
        extra: JsonObject | None = None,
    ) -> None:
        self.label: str = label
        self.value: float | str = value
        self.unit: str | None = unit
        self.color: Color | None = color
        self.extra: JsonObject | None = extra


class Icon(Record):
    """A picture beside the title.

    symbol: The name of an SF Symbol, for example `server.rack`; at least 1 character.
    color: The symbol's colour.
    extra: Fields newer than this release, by name; they are sent unchecked.
    """

    __slots__ = ("symbol", "color", "extra")
    _fields = __slots__

    def __init__(
        self,
        symbol: str,
        *,
        color: Color | None = None,
        extra: JsonObject | None = None,
    ) -> None:
        self.symbol: str = symbol
        self.color: Color | None = color
        self.extra: JsonObject | None = extra


class Badge(Record):
    """A short label in a corner.

    title: The label; at least 1 character.
    color: The label's colour.
    extra: Fields newer than this release, by name; they are sent unchecked.
    """

    __slots__ = ("title", "color", "extra")
    _fields = __slots__

    def __init__(
        self,
        title: str,
        *,
        color: Color | None = None,
        extra: JsonObject | None = None,
    ) -> None:
        self.title: str = title
        self.color: Color | None = color
        self.extra: JsonObject | None = extra


class OpenUrl(Record):
    """A button that opens a web page or runs a Shortcut.

    title: The label; not blank.
    url: An `http://`, `https://` or `shortcuts://` URL; in a notification also one of an app's own scheme.
    extra: Fields newer than this release, by name; they are sent unchecked.
    """

    __slots__ = ("title", "url", "extra")
    _fields = __slots__
    type: ClassVar[Literal["open_url"]] = "open_url"

    def __init__(
        self,
        title: str,
        url: str,
        *,
        extra: JsonObject | None = None,
    ) -> None:
        self.title: str = title
        self.url: str = url
        self.extra: JsonObject | None = extra


class Webhook(Record):
    """A button that makes the service call a URL.

    title: The label; not blank.
    url: An `https://` URL.
    method: The HTTP method; the service's default is `POST`.
    body: The request body: a JSON object.
    extra: Fields newer than this release, by name; they are sent unchecked.
    """

    __slots__ = ("title", "url", "method", "body", "extra")
    _fields = __slots__
    type: ClassVar[Literal["webhook"]] = "webhook"

    def __init__(
        self,
        title: str,
        url: str,
        *,
        method: WebhookMethod | None = None,
        body: JsonObject | None = None,
        extra: JsonObject | None = None,
    ) -> None:
        self.title: str = title
        self.url: str = url
        self.method: WebhookMethod | None = method
        self.body: JsonObject | None = body
        self.extra: JsonObject | None = extra


class PushAlert(Record):
    """A notification with one update: a sound and a banner. It is not retried once it may have arrived.

    title: The banner's first line.
    body: The banner's text.
    extra: Fields newer than this release, by name; they are sent unchecked.
    """

    __slots__ = ("title", "body", "extra")
    _fields = __slots__

    def __init__(
        self,
        *,
        title: str | None = None,
        body: str | None = None,
        extra: JsonObject | None = None,
    ) -> None:
        self.title: str | None = title
        self.body: str | None = body
        self.extra: JsonObject | None = extra


class SegmentedProgress(Record):
    """Completed steps of a known number, each its own segment.

    title: The headline; not blank.
    number_of_steps: How many steps there are, at least 1; it may change later.
    current_step: How many are completed, from 0 to `number_of_steps`.
    subtitle: The second line.
    color: The accent colour.
    step_color: The current step's colour, in place of `color`.
    step_colors: The completed steps' colours, one for each.
    icon: A picture beside the title.
    badge: A short label in a corner.
    extra: Fields newer than this release, by name; they are sent unchecked.
    """

    __slots__ = (
        "title",
        "number_of_steps",
        "current_step",
        "subtitle",
        "color",
        "step_color",
        "step_colors",
        "icon",
        "badge",
        "extra",
    )
    _fields = __slots__
    type: ClassVar[Literal["segmented_progress"]] = "segmented_progress"

    def __init__(
        self,
        title: str,
        number_of_steps: float,
        current_step: float,
        *,
        subtitle: str | None = None,
        color: Color | None = None,
        step_color: Color | None = None,
        step_colors: Sequence[Color] | None = None,
        icon: Icon | IconDict | None = None,
        badge: Badge | BadgeDict | None = None,
        extra: JsonObject | None = None,
    ) -> None:
        self.title: str = title
        self.number_of_steps: float = number_of_steps
        self.current_step: float = current_step
        self.subtitle: str | None = subtitle
        self.color: Color | None = color
        self.step_color: Color | None = step_color
        self.step_colors: Sequence[Color] | None = step_colors
        self.icon: Icon | IconDict | None = icon
        self.badge: Badge | BadgeDict | None = badge
        self.extra: JsonObject | None = extra


class Progress(Record):
    """A bar: give `percentage`, or `value` with `upper_limit`. With all three, the percentage wins.

    title: The headline; not blank.
    subtitle: The second line.
    percentage: How much is done, from 0 to 100.
    value: How much is done, out of `upper_limit`.
    upper_limit: What `value` counts up to; above 0.
    color: The accent colour.
    icon: A picture beside the title.
    badge: A short label in a corner.
    extra: Fields newer than this release, by name; they are sent unchecked.
    """

    __slots__ = ("title", "subtitle", "percentage", "value", "upper_limit", "color", "icon", "badge", "extra")
    _fields = __slots__
    type: ClassVar[Literal["progress"]] = "progress"

    def __init__(
        self,
        title: str,
        *,
        subtitle: str | None = None,
        percentage: float | None = None,
        value: float | None = None,
        upper_limit: float | None = None,
        color: Color | None = None,
        icon: Icon | IconDict | None = None,
        badge: Badge | BadgeDict | None = None,
        extra: JsonObject | None = None,
    ) -> None:
        self.title: str = title
        self.subtitle: str | None = subtitle
        self.percentage: float | None = percentage
        self.value: float | None = value
        self.upper_limit: float | None = upper_limit
        self.color: Color | None = color
        self.icon: Icon | IconDict | None = icon
        self.badge: Badge | BadgeDict | None = badge
        self.extra: JsonObject | None = extra


class Metrics(Record):
    """Metrics drawn as bars: numbers only, best as percentages.

    title: The headline; not blank.
    metrics: 1 to 8 metrics; two look best.
    subtitle: The second line.
    color: The accent colour.
    icon: A picture beside the title.
    extra: Fields newer than this release, by name; they are sent unchecked.
    """

    __slots__ = ("title", "metrics", "subtitle", "color", "icon", "extra")
    _fields = __slots__
    type: ClassVar[Literal["metrics"]] = "metrics"

    def __init__(
        self,
        title: str,
        metrics: MetricList,
        *,
        subtitle: str | None = None,
        color: Color | None = None,
        icon: Icon | IconDict | None = None,
        extra: JsonObject | None = None,
    ) -> None:
        self.title: str = title
        self.metrics: MetricList = metrics
        self.subtitle: str | None = subtitle
        self.color: Color | None = color
        self.icon: Icon | IconDict | None = icon
        self.extra: JsonObject | None = extra


class Stats(Record):
    """Metrics as numbers or formatted texts.

    title: The headline; not blank.
    metrics: 1 to 8 metrics.
    subtitle: The second line.
    color: The accent colour; each metric has its own.
    icon: A picture beside the title.
    extra: Fields newer than this release, by name; they are sent unchecked.
    """

    __slots__ = ("title", "metrics", "subtitle", "color", "icon", "extra")
    _fields = __slots__
    type: ClassVar[Literal["stats"]] = "stats"

    def __init__(
        self,
        title: str,
        metrics: MetricList,
        *,
        subtitle: str | None = None,
        color: Color | None = None,
        icon: Icon | IconDict | None = None,
        extra: JsonObject | None = None,
    ) -> None:
        self.title: str = title
        self.metrics: MetricList = metrics
        self.subtitle: str | None = subtitle
        self.color: Color | None = color
        self.icon: Icon | IconDict | None = icon
        self.extra: JsonObject | None = extra


class Alert(Record):
    """A message that asks for attention.

    title: The headline; not blank.
    message: The text; at least 1 character.
    subtitle: The second line.
    color: The buttons' colour.
    icon: A picture beside the title.
    badge: A short label in a corner.
    extra: Fields newer than this release, by name; they are sent unchecked.
    """

    __slots__ = ("title", "message", "subtitle", "color", "icon", "badge", "extra")
    _fields = __slots__
    type: ClassVar[Literal["alert"]] = "alert"

    def __init__(
        self,
        title: str,
        message: str,
        *,
        subtitle: str | None = None,
        color: Color | None = None,
        icon: Icon | IconDict | None = None,
        badge: Badge | BadgeDict | None = None,
        extra: JsonObject | None = None,
    ) -> None:
        self.title: str = title
        self.message: str = message
        self.subtitle: str | None = subtitle
        self.color: Color | None = color
        self.icon: Icon | IconDict | None = icon
        self.badge: Badge | BadgeDict | None = badge
        self.extra: JsonObject | None = extra


class Timer(Record):
    """A countdown or a stopwatch that the device runs by itself. Later updates without `duration_seconds` keep it
    going; one with it restarts it.

    title: The headline; not blank.
    subtitle: The second line.
    duration_seconds: The window's length in seconds, above 0; fractions are allowed.
    counts_down: `False` counts up. The service's default is `True`.
    is_running: `False` pauses, `True` resumes. Left out, it is not sent.
    color: The accent colour.
    icon: A picture beside the title.
    extra: Fields newer than this release, by name; they are sent unchecked.
    """

    __slots__ = ("title", "subtitle", "duration_seconds", "counts_down", "is_running", "color", "icon", "extra")
    _fields = __slots__
    type: ClassVar[Literal["timer"]] = "timer"

    def __init__(
        self,
        title: str,
        *,
        subtitle: str | None = None,
        duration_seconds: float | None = None,
        counts_down: bool | None = None,
        is_running: bool | None = None,
        color: Color | None = None,
        icon: Icon | IconDict | None = None,
        extra: JsonObject | None = None,
    ) -> None:
        self.title: str = title
        self.subtitle: str | None = subtitle
        self.duration_seconds: float | None = duration_seconds
        self.counts_down: bool | None = counts_down
        self.is_running: bool | None = is_running
        self.color: Color | None = color
        self.icon: Icon | IconDict | None = icon
        self.extra: JsonObject | None = extra

    @classmethod
    def countdown(cls, title: str, duration_seconds: float) -> Timer:
        """Counts down from `duration_seconds`."""
        return cls(title, duration_seconds=duration_seconds)

    @classmethod
    def elapsed(cls, title: str) -> Timer:
        """Counts up from zero with no end."""
        return cls(title, counts_down=False)


class Value(Record):
    """One prominent value.

    title: The headline; not blank.
    value: A finite number, or a text that is shown exactly as given.
    subtitle: The second line.
    color: The accent colour.
    icon: A picture beside the title.
    badge: A short label in a corner.
    extra: Fields newer than this release, by name; they are sent unchecked.
    """

    __slots__ = ("title", "value", "subtitle", "color", "icon", "badge", "extra")
    _fields = __slots__
    type: ClassVar[Literal["value"]] = "value"

    def __init__(
        self,
        title: str,
        value: float | str,
        *,
        subtitle: str | None = None,
        color: Color | None = None,
        icon: Icon | IconDict | None = None,
        badge: Badge | BadgeDict | None = None,
        extra: JsonObject | None = None,
    ) -> None:
        self.title: str = title
        self.value: float | str = value
        self.subtitle: str | None = subtitle
        self.color: Color | None = color
        self.icon: Icon | IconDict | None = icon
        self.badge: Badge | BadgeDict | None = badge
        self.extra: JsonObject | None = extra


class Change(Record):
    """Changes to the running activity; the service infers the type. It cannot start an activity: the first request of a
    stream, and any request that may have to start a new one, needs a typed state.

    title: The headline; not blank.
    subtitle: The second line.
    number_of_steps: `segmented_progress`: how many steps there are, at least 1.
    current_step: `segmented_progress`: how many are completed.
    percentage: `progress`: how much is done, from 0 to 100.
    value: `progress`: how much is done, out of `upper_limit`; `value`: the value.
    upper_limit: `progress`: what `value` counts up to; above 0.
    metrics: `metrics` and `stats`: 1 to 8 metrics.
    message: `alert`: the text.
    duration_seconds: `timer`: restarts it with this length in seconds.
    counts_down: `timer`: the direction.
    is_running: `timer`: `False` pauses, `True` resumes.
    color: The accent colour.
    step_color: `segmented_progress`: the current step's colour.
    step_colors: `segmented_progress`: the completed steps' colours.
    icon: A picture beside the title.
    badge: A short label in a corner.
    extra: Fields newer than this release, by name; they are sent unchecked.
    """

    __slots__ = (
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
        "extra",
    )
    _fields = __slots__

    def __init__(
        self,
        title: str,
        *,
        subtitle: str | None = None,
        number_of_steps: float | None = None,
        current_step: float | None = None,
        percentage: float | None = None,
        value: float | str | None = None,
        upper_limit: float | None = None,
        metrics: MetricList | None = None,
        message: str | None = None,
        duration_seconds: float | None = None,
        counts_down: bool | None = None,
        is_running: bool | None = None,
        color: Color | None = None,
        step_color: Color | None = None,
        step_colors: Sequence[Color] | None = None,
        icon: Icon | IconDict | None = None,
        badge: Badge | BadgeDict | None = None,
        extra: JsonObject | None = None,
    ) -> None:
        self.title: str = title
        self.subtitle: str | None = subtitle
        self.number_of_steps: float | None = number_of_steps
        self.current_step: float | None = current_step
        self.percentage: float | None = percentage
        self.value: float | str | None = value
        self.upper_limit: float | None = upper_limit
        self.metrics: MetricList | None = metrics
        self.message: str | None = message
        self.duration_seconds: float | None = duration_seconds
        self.counts_down: bool | None = counts_down
        self.is_running: bool | None = is_running
        self.color: Color | None = color
        self.step_color: Color | None = step_color
        self.step_colors: Sequence[Color] | None = step_colors
        self.icon: Icon | IconDict | None = icon
        self.badge: Badge | BadgeDict | None = badge
        self.extra: JsonObject | None = extra
