"""The shapes of the API's JSON and of the keywords of calls, for type checkers.

Generated from the core's models by `cargo xtask generate`; not to be edited.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict, Union

from .errors import Violation
from .models import (
    Alert,
    Badge,
    Change,
    Icon,
    Metric,
    Metrics,
    OpenUrl,
    Progress,
    PushAlert,
    SegmentedProgress,
    Stats,
    Timer,
    Value,
    Webhook,
)
from .notifications import Push

Color = Literal["lime", "green", "cyan", "blue", "purple", "magenta", "red", "orange", "yellow", "gray"]
"""A colour of the API's palette."""
StateType = Literal["segmented_progress", "progress", "metrics", "stats", "alert", "timer", "value"]
"""Which of the seven states one is."""
WebhookMethod = Literal["GET", "POST"]
"""How a `Webhook` is called."""
InterruptionLevel = Literal["passive", "active", "time-sensitive"]
"""How much a notification interrupts."""
Operation = Literal["started", "updated", "rotated", "noop", "paused", "ended", "disabled"]
"""What the service did; new ones may come."""
ViolationCode = Literal[
    "missing",
    "unknown_field",
    "duplicate_field",
    "wrong_type",
    "not_finite",
    "too_many_digits",
    "not_integer",
    "out_of_range",
    "empty",
    "too_long",
    "unknown_value",
    "bad_format",
    "not_applicable",
    "conflict",
    "duplicate_item",
    "invalid_json",
]
"""The kind of rule that a value breaks. Stable; messages are not."""
ErrorKind = Literal[
    "config",
    "validation",
    "connection",
    "timeout",
    "closed",
    "bad_request",
    "unauthorized",
    "billing_blocked",
    "forbidden",
    "not_found",
    "conflict",
    "no_recipients",
    "rate_limited",
    "activity_limit_reached",
    "server_error",
    "redirect",
    "unreadable",
]
"""The kind of a failure."""

Json = Union[None, bool, float, str, Sequence["Json"], Mapping[str, "Json"]]
JsonObject = Mapping[str, Json]
# Not any sequence of strings, since a string is one too.
Slugs = Union[list[str], tuple[str, ...]]
Metadata = Mapping[str, Union[str, float, bool]]


class ExtraField(TypedDict, total=False):
    """What is newer than this release.

    extra: Fields newer than this release, by name; they are sent unchecked.
    """

    extra: JsonObject | None


class TargetDict(TypedDict):
    """Who receives it.

    channels: The slugs of channels, at least one.
    """

    channels: Slugs


class CallOptions(TypedDict, total=False):
    """The options of a single call, in place of the client's settings. Durations are in seconds, or a `timedelta`.

    timeout: The timeout of this call, including all attempts and pauses.
    max_retries: The maximum number of retries, where retrying is safe.
    """

    timeout: float | datetime.timedelta | None
    max_retries: int | None


class ClientSettings(CallOptions, total=False):
    """How a client is made, beside its key and where the API is. Durations are in seconds, or a `timedelta`.

    connect_timeout: The timeout of connecting: at most one day, 5 seconds by default.
    flush_timeout: The timeout of a publisher's end. Default: `ACTIVITYSMITH_FLUSH_TIMEOUT`, in seconds; else 2 seconds
        after a success and 5 after a failure.
    """

    connect_timeout: float | datetime.timedelta | None
    flush_timeout: float | datetime.timedelta | None


class PublishOptions(TypedDict, total=False):
    """Options of publishing. Durations are in seconds, or a `timedelta`.

    min_interval: Minimum time between updates, for short jobs; iOS may skip some. Default: as iOS shows them.
    flush_timeout: The timeout of the end. Default: the client's `flush_timeout`.
    show_after: Sends nothing for this time, unless the job fails: a shorter job is never shown.
    on_failure: A push notification if the job fails. If it cannot be sent, that is logged.
    on_success: A push notification if the job succeeds. If it cannot be sent, that is logged.
    """

    min_interval: float | datetime.timedelta | None
    flush_timeout: float | datetime.timedelta | None
    show_after: float | datetime.timedelta | None
    on_failure: Push | PushDict | str | None
    on_success: Push | PushDict | str | None


class StateExtra(TypedDict, total=False):
    """What is newer than this release, where a state's fields are keywords.

    state_extra: The state's own `extra`: fields newer than this release, by name; they are sent unchecked.
    """

    state_extra: JsonObject | None


class MetricFields(TypedDict, total=False):
    unit: str | None
    color: Color | None


class MetricDict(MetricFields, ExtraField):
    """One labelled value. `metrics` draws numbers as bars and takes no text; `stats` takes either."""

    label: str
    value: float | str


class IconFields(TypedDict, total=False):
    color: Color | None


class IconDict(IconFields, ExtraField):
    """A picture beside the title."""

    symbol: str


class BadgeFields(TypedDict, total=False):
    color: Color | None


class BadgeDict(BadgeFields, ExtraField):
    """A short label in a corner."""

    title: str


class OpenUrlDict(ExtraField):
    """A button that opens a web page or runs a Shortcut."""

    title: str
    url: str
    type: Literal["open_url"]


class WebhookFields(TypedDict, total=False):
    method: WebhookMethod | None
    body: JsonObject | None


class WebhookDict(WebhookFields, ExtraField):
    """A button that makes the service call a URL."""

    title: str
    url: str
    type: Literal["webhook"]


class PushAlertFields(TypedDict, total=False):
    title: str | None
    body: str | None


class PushAlertDict(PushAlertFields, ExtraField):
    """A notification with one update: a sound and a banner. It is not retried once it may have arrived."""


ActionDict = Union[OpenUrlDict, WebhookDict]
Action = Union[OpenUrl, Webhook, ActionDict]
MetricList = Sequence[Union[Metric, MetricDict]]


class SegmentedProgressFields(TypedDict, total=False):
    subtitle: str | None
    color: Color | None
    step_color: Color | None
    step_colors: Sequence[Color] | None
    icon: Icon | IconDict | None
    badge: Badge | BadgeDict | None


class SegmentedProgressDict(SegmentedProgressFields, ExtraField):
    """Completed steps of a known number, each its own segment."""

    title: str
    number_of_steps: float
    current_step: float
    type: Literal["segmented_progress"]


class ProgressFields(TypedDict, total=False):
    subtitle: str | None
    percentage: float | None
    value: float | None
    upper_limit: float | None
    color: Color | None
    icon: Icon | IconDict | None
    badge: Badge | BadgeDict | None


class ProgressDict(ProgressFields, ExtraField):
    """A bar: give `percentage`, or `value` with `upper_limit`. With all three, the percentage wins."""

    title: str
    type: Literal["progress"]


class MetricsFields(TypedDict, total=False):
    subtitle: str | None
    color: Color | None
    icon: Icon | IconDict | None


class MetricsDict(MetricsFields, ExtraField):
    """Metrics drawn as bars: numbers only, best as percentages."""

    title: str
    metrics: MetricList
    type: Literal["metrics"]


class StatsFields(TypedDict, total=False):
    subtitle: str | None
    color: Color | None
    icon: Icon | IconDict | None


class StatsDict(StatsFields, ExtraField):
    """Metrics as numbers or formatted texts."""

    title: str
    metrics: MetricList
    type: Literal["stats"]


class AlertFields(TypedDict, total=False):
    subtitle: str | None
    color: Color | None
    icon: Icon | IconDict | None
    badge: Badge | BadgeDict | None


class AlertDict(AlertFields, ExtraField):
    """A message that asks for attention."""

    title: str
    message: str
    type: Literal["alert"]


class TimerFields(TypedDict, total=False):
    subtitle: str | None
    duration_seconds: float | None
    counts_down: bool | None
    is_running: bool | None
    color: Color | None
    icon: Icon | IconDict | None


class TimerDict(TimerFields, ExtraField):
    """A countdown or a stopwatch that the device runs by itself. Later updates without `duration_seconds` keep it
    going; one with it restarts it.
    """

    title: str
    type: Literal["timer"]


class ValueFields(TypedDict, total=False):
    subtitle: str | None
    color: Color | None
    icon: Icon | IconDict | None
    badge: Badge | BadgeDict | None


class ValueDict(ValueFields, ExtraField):
    """One prominent value."""

    title: str
    value: float | str
    type: Literal["value"]


class ChangeFields(TypedDict, total=False):
    subtitle: str | None
    number_of_steps: float | None
    current_step: float | None
    percentage: float | None
    value: float | str | None
    upper_limit: float | None
    metrics: MetricList | None
    message: str | None
    duration_seconds: float | None
    counts_down: bool | None
    is_running: bool | None
    color: Color | None
    step_color: Color | None
    step_colors: Sequence[Color] | None
    icon: Icon | IconDict | None
    badge: Badge | BadgeDict | None


class ChangeDict(ChangeFields, ExtraField):
    """Changes to the running activity; the service infers the type. It cannot start an activity: the first request of a
    stream, and any request that may have to start a new one, needs a typed state.
    """

    title: str


ContentStateDict = Union[
    SegmentedProgressDict, ProgressDict, MetricsDict, StatsDict, AlertDict, TimerDict, ValueDict, ChangeDict
]
State = Union[SegmentedProgress, Progress, Metrics, Stats, Alert, Timer, Value, Change]


class StateFields(ChangeFields, total=False):
    """The fields of all states together.

    title: The headline; not blank.
    type: Which of the seven states it is.
    """

    title: str | None
    type: StateType | None


class FinalStateDict(StateFields, ExtraField, total=False):
    """A final state: it starts nothing, so it need not be whole.

    auto_dismiss_seconds: Seconds until the ended activity leaves the Lock Screen, 0 for at once; it needs a
        `content_state`, and wins over `auto_dismiss_minutes`. Without either the service waits for about two minutes.
    auto_dismiss_minutes: Minutes until the ended activity leaves the Lock Screen; it needs a `content_state`.
    """

    auto_dismiss_seconds: float | None
    auto_dismiss_minutes: float | None


class StreamRequestFields(ExtraField, total=False):
    """What goes beside `content_state`.

    action: The first button; it applies to every state.
    secondary_action: The second button; it needs a first one and applies to `alert`, `progress`, `segmented_progress`
        and `value`.
    alert: A sound and a banner that accompany this update.
    channels: The slugs of the channels that receive it, at least one. Absent: all that the key can reach.
    tags: Labels for the service's history: at most 20. Absent, the stream keeps its own; an empty list clears them.
    metadata: Details for the service's history. Absent, the stream keeps its own; an empty object clears them.
    target: Who receives it, as the API spells `channels`.
    """

    action: Action | None
    secondary_action: Action | None
    alert: PushAlert | PushAlertDict | None
    channels: Slugs | str | None
    tags: Slugs | None
    metadata: Metadata | None
    target: TargetDict | None


class StreamRequestDict(StreamRequestFields):
    """Shows a state under a stream key: the service starts, updates or replaces the Live Activity.

    content_state: What to show.
    """

    content_state: State | ContentStateDict


class StreamOptions(StreamRequestFields, CallOptions, total=False):
    """Keywords beside a state."""


class StreamKeywords(StateFields, StateExtra, StreamOptions, total=False):
    """Keywords of a `StreamRequest`."""


class EndStreamRequestFields(ExtraField, total=False):
    """What goes beside `content_state`.

    auto_dismiss_seconds: Seconds until the ended activity leaves the Lock Screen, 0 for at once; it needs a
        `content_state`, and wins over `auto_dismiss_minutes`. Without either the service waits for about two minutes.
    auto_dismiss_minutes: Minutes until the ended activity leaves the Lock Screen; it needs a `content_state`.
    action: The first button.
    secondary_action: The second button.
    alert: A sound and a banner that accompany the end.
    tags: As in `StreamRequest`.
    metadata: As in `StreamRequest`.
    """

    auto_dismiss_seconds: float | None
    auto_dismiss_minutes: float | None
    action: Action | None
    secondary_action: Action | None
    alert: PushAlert | PushAlertDict | None
    tags: Slugs | None
    metadata: Metadata | None


class EndStreamRequestDict(EndStreamRequestFields, total=False):
    """Ends a stream. Without a final state the last one stays as it is.

    content_state: What to show.
    """

    content_state: State | ContentStateDict | FinalStateDict | None


class EndStreamOptions(EndStreamRequestFields, CallOptions, total=False):
    """Keywords beside a state."""


class EndStreamKeywords(StateFields, StateExtra, EndStreamOptions, total=False):
    """Keywords of a `EndStreamRequest`."""


class StartRequestFields(ExtraField, total=False):
    """What goes beside `content_state`.

    action: The first button.
    secondary_action: The second button.
    alert: A sound and a banner that accompany the start.
    channels: The slugs of the channels that receive it, at least one. Absent: all that the key can reach.
    tags: Labels for the service's history: at most 20.
    metadata: Details for the service's history.
    target: Who receives it, as the API spells `channels`.
    """

    action: Action | None
    secondary_action: Action | None
    alert: PushAlert | PushAlertDict | None
    channels: Slugs | str | None
    tags: Slugs | None
    metadata: Metadata | None
    target: TargetDict | None


class StartRequestDict(StartRequestFields):
    """Starts a Live Activity. It is not sent again once it may have arrived, since each start makes an activity of its
    own.

    content_state: What to show.
    """

    content_state: State | ContentStateDict


class StartOptions(StartRequestFields, CallOptions, total=False):
    """Keywords beside a state."""


class StartKeywords(StateFields, StateExtra, StartOptions, total=False):
    """Keywords of a `StartRequest`."""


class UpdateRequestFields(ExtraField, total=False):
    """What goes beside `content_state`.

    action: The first button.
    secondary_action: The second button.
    tags: Labels for the service's history: at most 20. Absent, the activity keeps its own; an empty list clears them.
    metadata: Details for the service's history. Absent, the activity keeps its own; an empty object clears them.
    """

    action: Action | None
    secondary_action: Action | None
    tags: Slugs | None
    metadata: Metadata | None


class UpdateRequestDict(UpdateRequestFields):
    """Updates a Live Activity by its id.

    activity_id: The activity, as the answer to its start names it.
    content_state: What to show.
    """

    activity_id: str
    content_state: State | ContentStateDict | FinalStateDict


class UpdateOptions(UpdateRequestFields, CallOptions, total=False):
    """Keywords beside a state."""


class UpdateKeywords(StateFields, StateExtra, UpdateOptions, total=False):
    """Keywords of a `UpdateRequest`."""


class AddressedUpdateKeywords(UpdateKeywords, total=False):
    """Every keyword of a `UpdateRequest`."""

    activity_id: str | None


class EndRequestFields(ExtraField, total=False):
    """What goes beside `content_state`.

    auto_dismiss_minutes: Minutes until the ended activity leaves the Lock Screen, 0 for at once. Without it the service
        waits for about three.
    action: The first button.
    secondary_action: The second button.
    tags: As in `UpdateRequest`.
    metadata: As in `UpdateRequest`.
    """

    auto_dismiss_minutes: float | None
    action: Action | None
    secondary_action: Action | None
    tags: Slugs | None
    metadata: Metadata | None


class EndRequestDict(EndRequestFields):
    """Ends a Live Activity by its id.

    activity_id: The activity, as the answer to its start names it.
    content_state: What to show.
    """

    activity_id: str
    content_state: State | ContentStateDict | FinalStateDict


class EndOptions(EndRequestFields, CallOptions, total=False):
    """Keywords beside a state."""


class EndKeywords(StateFields, StateExtra, EndOptions, total=False):
    """Keywords of a `EndRequest`."""


class AddressedEndKeywords(EndKeywords, total=False):
    """Every keyword of a `EndRequest`."""

    activity_id: str | None


class PushFields(TypedDict, total=False):
    message: str | None
    subtitle: str | None
    icon: str | None
    media: str | None
    redirection: str | None
    actions: Sequence[Action] | None
    payload: JsonObject | None
    badge: float | None
    tags: Slugs | None
    metadata: Metadata | None
    sound: str | None
    interruption_level: InterruptionLevel | None
    channels: Slugs | str | None
    target: TargetDict | None


class PushDict(PushFields, ExtraField):
    """A push notification. It is not sent again once it may have arrived."""

    title: str


class PushOptions(PushFields, ExtraField, CallOptions, total=False):
    """Keywords beside a request."""


class PushKeywords(PushDict, CallOptions, total=False):
    """Keywords in place of a request."""


class AnyPushKeywords(PushOptions, total=False):
    """Every keyword of a request."""

    title: str | None


class PushReplacementFields(TypedDict, total=False):
    message: str | None
    subtitle: str | None
    icon: str | None
    media: str | None
    redirection: str | None
    actions: Sequence[Action] | None
    payload: JsonObject | None
    badge: float | None
    tags: Slugs | None
    metadata: Metadata | None


class PushReplacementDict(PushReplacementFields, ExtraField):
    """What replaces a push notification, silently and for the same recipients. Content that is left out is removed;
    tags and metadata that are left out stay.
    """

    title: str


class PushReplacementOptions(PushReplacementFields, ExtraField, CallOptions, total=False):
    """Keywords beside a request."""


class PushReplacementKeywords(PushReplacementDict, CallOptions, total=False):
    """Keywords in place of a request."""


class AnyPushReplacementKeywords(PushReplacementOptions, total=False):
    """Every keyword of a request."""

    title: str | None


class MetricRequestFields(TypedDict, total=False):
    timestamp: datetime.datetime | str | None


class MetricRequestDict(MetricRequestFields, ExtraField):
    """Sets the value of a metric."""

    value: float | str


class BadgeRequestFields(TypedDict, total=False):
    channels: Slugs | str | None
    target: TargetDict | None


class BadgeRequestDict(BadgeRequestFields, ExtraField):
    """Sets the number on the app's icon."""

    badge: float


class BadgeRequestOptions(BadgeRequestFields, ExtraField, CallOptions, total=False):
    """Keywords beside a request."""


class SegmentedProgressKeywords(SegmentedProgressDict, StateExtra, StreamOptions, total=False):
    """Keywords of a stream that shows a `SegmentedProgress`."""


class ProgressKeywords(ProgressDict, StateExtra, StreamOptions, total=False):
    """Keywords of a stream that shows a `Progress`."""


class MetricsKeywords(MetricsDict, StateExtra, StreamOptions, total=False):
    """Keywords of a stream that shows a `Metrics`."""


class StatsKeywords(StatsDict, StateExtra, StreamOptions, total=False):
    """Keywords of a stream that shows a `Stats`."""


class AlertKeywords(AlertDict, StateExtra, StreamOptions, total=False):
    """Keywords of a stream that shows an `Alert`."""


class TimerKeywords(TimerDict, StateExtra, StreamOptions, total=False):
    """Keywords of a stream that shows a `Timer`."""


class ValueKeywords(ValueDict, StateExtra, StreamOptions, total=False):
    """Keywords of a stream that shows a `Value`."""


class ChangeKeywords(ChangeDict, StateExtra, StreamOptions, total=False):
    """Keywords of a stream that shows a `Change`."""


class Patch(StateFields, StateExtra, StreamRequestFields, total=False):
    """Changes to what is being published."""


class FinalPatch(StateFields, StateExtra, EndStreamRequestFields, total=False):
    """Changes to what was published, for its end."""


class PublishKeywords(Patch, PublishOptions, total=False):
    """Keywords beside a first state."""


class FirstFields(ChangeFields, StateExtra, total=False):
    """What a first state has beside its title and type."""


class StartFields(FirstFields, StartOptions, total=False):
    """The same, and keywords of a start."""


class PublishFields(FirstFields, StreamRequestFields, PublishOptions, total=False):
    """The same, and keywords of publishing."""


class TrackFields(StateExtra, StreamRequestFields, total=False):
    """What `track` shows beside a title and how many items are done with.

    subtitle: The second line.
    color: The accent colour.
    icon: A picture beside the title.
    badge: A short label in a corner.
    total: The number of items, where it cannot be determined.
    """

    subtitle: str | None
    color: Color | None
    icon: Icon | IconDict | None
    badge: Badge | BadgeDict | None
    total: int | None


class TrackKeywords(TrackFields, PublishOptions):
    """Keywords of `track`.

    title: The headline; not blank.
    """

    title: str


class ErrorDetails(TypedDict, total=False):
    """What errors tell, all of them together."""

    kind: str
    is_transient: bool
    attempts: int
    setting: str
    problem: str
    violations: Sequence[Violation]
    status: int
    code: str | None
    message: str | None
    body: str
    request_id: str | None
    retry_after: float | None
    date: str | None
    upgrade_url: str | None
    effective_channel_slugs: Sequence[str] | None
    limit: int | None
    active: int | None
    blocked_devices: int | None
    targeted_devices: int | None
    location: str | None
