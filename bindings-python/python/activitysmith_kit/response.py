"""What a call gives back: the service's answer, and how it came about.

Generated from the core's models by `cargo xtask generate`; not to be edited.
"""

from __future__ import annotations

from ._record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from .types import JsonObject, Operation

__all__ = (
    "ActivityResponse",
    "BadgeResponse",
    "MetricResponse",
    "PushResponse",
    "RateLimit",
    "ResponseFacts",
    "StreamResponse",
)


class RateLimit(Record):
    """One policy of the service's request limits.

    policy: The policy's name.
    remaining: The number of requests left in the window.
    reset_seconds: Time until the window restarts.
    quota: The number of requests that a window allows.
    window_seconds: The window's length.
    """

    __slots__ = ("policy", "remaining", "reset_seconds", "quota", "window_seconds")
    _fields = __slots__

    def __init__(
        self,
        *,
        policy: str = "",
        remaining: int | None = None,
        reset_seconds: float | None = None,
        quota: int | None = None,
        window_seconds: float | None = None,
    ) -> None:
        self.policy: str = policy
        self.remaining: int | None = remaining
        self.reset_seconds: float | None = reset_seconds
        self.quota: int | None = quota
        self.window_seconds: float | None = window_seconds


class ResponseFacts(Record):
    """How the answer was obtained. Durations are in seconds.

    status: The HTTP status; 0 when nothing was sent.
    attempts: The number of requests sent; 0 when nothing was sent.
    elapsed_seconds: The time from the call to the answer, including all attempts and waits.
    request_id: The request id of the service or a proxy.
    advice: Advice for a log: values that are accepted but may not display well.
    rate_limits: The service's rate limits, by policy.
    """

    __slots__ = ("status", "attempts", "elapsed_seconds", "request_id", "advice", "rate_limits")
    _fields = __slots__

    def __init__(
        self,
        *,
        status: int = 0,
        attempts: int = 0,
        elapsed_seconds: float = 0.0,
        request_id: str | None = None,
        advice: Sequence[str] = (),
        rate_limits: Sequence[RateLimit] = (),
    ) -> None:
        self.status: int = status
        self.attempts: int = attempts
        self.elapsed_seconds: float = elapsed_seconds
        self.request_id: str | None = request_id
        self.advice: Sequence[str] = advice
        self.rate_limits: Sequence[RateLimit] = rate_limits


class StreamResponse(Record):
    """The answer to a stream request or to the end of a stream.

    operation: What the service did.
    success: The service's own flag; a push that Apple accepted may still not be displayed.
    stream_key: The stream's key.
    timestamp: The service's time, RFC 3339.
    activity_id: The activity that is running or has just ended; absent while the stream is paused or idle.
    previous_activity_id: The activity that a rotation ended.
    devices_notified: For how many devices Apple accepted the push.
    devices_queued: For how many devices the push waits until their token is registered.
    users_notified: How many users those devices belong to.
    effective_channel_slugs: The channels that received it; absent for the whole account, or if not stated.
    tags: The tags that the stream has now.
    warning: A remark of the service, for example that iOS holds back updates because there are too many.
    ignored: The request had no effect.
    remote_push_sent: Whether a push left the service.
    forced_completion: The stream was marked as ended though Apple did not confirm it.
    message: A message of the service.
    errors: The errors of devices that could not be reached.
    extra: Whatever else the answer held: fields newer than this release, and known ones of an unexpected type.
    facts: How the answer was obtained.
    """

    __slots__ = (
        "operation",
        "success",
        "stream_key",
        "timestamp",
        "activity_id",
        "previous_activity_id",
        "devices_notified",
        "devices_queued",
        "users_notified",
        "effective_channel_slugs",
        "tags",
        "warning",
        "ignored",
        "remote_push_sent",
        "forced_completion",
        "message",
        "errors",
        "extra",
        "facts",
    )
    _fields = __slots__

    def __init__(
        self,
        *,
        operation: Operation | str = "",
        success: bool | None = None,
        stream_key: str | None = None,
        timestamp: str | None = None,
        activity_id: str | None = None,
        previous_activity_id: str | None = None,
        devices_notified: int | None = None,
        devices_queued: int | None = None,
        users_notified: int | None = None,
        effective_channel_slugs: Sequence[str] | None = None,
        tags: Sequence[str] | None = None,
        warning: str | None = None,
        ignored: bool | None = None,
        remote_push_sent: bool | None = None,
        forced_completion: bool | None = None,
        message: str | None = None,
        errors: Sequence[str] | None = None,
        extra: JsonObject | None = None,
        facts: ResponseFacts | None = None,
    ) -> None:
        self.operation: Operation | str = operation
        self.success: bool | None = success
        self.stream_key: str | None = stream_key
        self.timestamp: str | None = timestamp
        self.activity_id: str | None = activity_id
        self.previous_activity_id: str | None = previous_activity_id
        self.devices_notified: int | None = devices_notified
        self.devices_queued: int | None = devices_queued
        self.users_notified: int | None = users_notified
        self.effective_channel_slugs: Sequence[str] | None = effective_channel_slugs
        self.tags: Sequence[str] | None = tags
        self.warning: str | None = warning
        self.ignored: bool | None = ignored
        self.remote_push_sent: bool | None = remote_push_sent
        self.forced_completion: bool | None = forced_completion
        self.message: str | None = message
        self.errors: Sequence[str] | None = errors
        self.extra: JsonObject = {} if extra is None else extra
        self.facts: ResponseFacts = ResponseFacts() if facts is None else facts


class ActivityResponse(Record):
    """The answer to the start, an update or the end of a Live Activity by its id.

    success: The service's own flag; a push that Apple accepted may still not be displayed.
    activity_id: The activity.
    operation: What the service did, where the activity belongs to a stream.
    stream_key: The stream that the activity belongs to.
    ended_activity_id: The activity that a start ended to make room.
    previous_activity_id: The activity that a rotation of its stream ended.
    devices_notified: For how many devices Apple accepted the push.
    devices_queued: For how many devices the push waits until their token is registered.
    users_notified: How many users those devices belong to.
    effective_channel_slugs: The channels that received it; absent for the whole account, or if not stated.
    tags: The tags that the activity has now.
    ignored: The request had no effect.
    end_reason: Why the activity ended.
    forced_completion: The activity was marked as ended though Apple did not confirm it.
    warning: A remark of the service.
    message: A message of the service.
    errors: The errors of devices that could not be reached.
    timestamp: The service's time, RFC 3339.
    extra: Whatever else the answer held: fields newer than this release, and known ones of an unexpected type.
    facts: How the answer was obtained.
    """

    __slots__ = (
        "success",
        "activity_id",
        "operation",
        "stream_key",
        "ended_activity_id",
        "previous_activity_id",
        "devices_notified",
        "devices_queued",
        "users_notified",
        "effective_channel_slugs",
        "tags",
        "ignored",
        "end_reason",
        "forced_completion",
        "warning",
        "message",
        "errors",
        "timestamp",
        "extra",
        "facts",
    )
    _fields = __slots__

    def __init__(
        self,
        *,
        success: bool | None = None,
        activity_id: str | None = None,
        operation: Operation | str | None = None,
        stream_key: str | None = None,
        ended_activity_id: str | None = None,
        previous_activity_id: str | None = None,
        devices_notified: int | None = None,
        devices_queued: int | None = None,
        users_notified: int | None = None,
        effective_channel_slugs: Sequence[str] | None = None,
        tags: Sequence[str] | None = None,
        ignored: bool | None = None,
        end_reason: str | None = None,
        forced_completion: bool | None = None,
        warning: str | None = None,
        message: str | None = None,
        errors: Sequence[str] | None = None,
        timestamp: str | None = None,
        extra: JsonObject | None = None,
        facts: ResponseFacts | None = None,
    ) -> None:
        self.success: bool | None = success
        self.activity_id: str | None = activity_id
        self.operation: Operation | str | None = operation
        self.stream_key: str | None = stream_key
        self.ended_activity_id: str | None = ended_activity_id
        self.previous_activity_id: str | None = previous_activity_id
        self.devices_notified: int | None = devices_notified
        self.devices_queued: int | None = devices_queued
        self.users_notified: int | None = users_notified
        self.effective_channel_slugs: Sequence[str] | None = effective_channel_slugs
        self.tags: Sequence[str] | None = tags
        self.ignored: bool | None = ignored
        self.end_reason: str | None = end_reason
        self.forced_completion: bool | None = forced_completion
        self.warning: str | None = warning
        self.message: str | None = message
        self.errors: Sequence[str] | None = errors
        self.timestamp: str | None = timestamp
        self.extra: JsonObject = {} if extra is None else extra
        self.facts: ResponseFacts = ResponseFacts() if facts is None else facts


class PushResponse(Record):
    """The answer to a push notification or its replacement.

    success: The service's own flag; a push that Apple accepted may still not be displayed.
    notification_id: What the notification is called, to replace it later.
    devices_notified: For how many devices Apple accepted it.
    users_notified: How many users those devices belong to.
    devices_targeted: How many devices it was meant for.
    devices_deactivated: How many devices were switched off since Apple does not know them any more.
    devices_unregistered: How many devices Apple does not know any more.
    effective_channel_slugs: The channels that received it; absent for the whole account.
    tags: Its tags.
    credential_test: It only tested the key, since no device is paired yet.
    message: A message of the service.
    timestamp: The service's time, RFC 3339.
    extra: Whatever else the answer held: fields newer than this release, and known ones of an unexpected type.
    facts: How the answer was obtained.
    """

    __slots__ = (
        "success",
        "notification_id",
        "devices_notified",
        "users_notified",
        "devices_targeted",
        "devices_deactivated",
        "devices_unregistered",
        "effective_channel_slugs",
        "tags",
        "credential_test",
        "message",
        "timestamp",
        "extra",
        "facts",
    )
    _fields = __slots__

    def __init__(
        self,
        *,
        success: bool | None = None,
        notification_id: str | None = None,
        devices_notified: int | None = None,
        users_notified: int | None = None,
        devices_targeted: int | None = None,
        devices_deactivated: int | None = None,
        devices_unregistered: int | None = None,
        effective_channel_slugs: Sequence[str] | None = None,
        tags: Sequence[str] | None = None,
        credential_test: bool | None = None,
        message: str | None = None,
        timestamp: str | None = None,
        extra: JsonObject | None = None,
        facts: ResponseFacts | None = None,
    ) -> None:
        self.success: bool | None = success
        self.notification_id: str | None = notification_id
        self.devices_notified: int | None = devices_notified
        self.users_notified: int | None = users_notified
        self.devices_targeted: int | None = devices_targeted
        self.devices_deactivated: int | None = devices_deactivated
        self.devices_unregistered: int | None = devices_unregistered
        self.effective_channel_slugs: Sequence[str] | None = effective_channel_slugs
        self.tags: Sequence[str] | None = tags
        self.credential_test: bool | None = credential_test
        self.message: str | None = message
        self.timestamp: str | None = timestamp
        self.extra: JsonObject = {} if extra is None else extra
        self.facts: ResponseFacts = ResponseFacts() if facts is None else facts


class MetricResponse(Record):
    """The answer to the value of a metric.

    success: The service's own flag.
    message: A message of the service.
    timestamp: The service's time, RFC 3339.
    extra: Whatever else the answer held: fields newer than this release, and known ones of an unexpected type.
    facts: How the answer was obtained.
    """

    __slots__ = ("success", "message", "timestamp", "extra", "facts")
    _fields = __slots__

    def __init__(
        self,
        *,
        success: bool | None = None,
        message: str | None = None,
        timestamp: str | None = None,
        extra: JsonObject | None = None,
        facts: ResponseFacts | None = None,
    ) -> None:
        self.success: bool | None = success
        self.message: str | None = message
        self.timestamp: str | None = timestamp
        self.extra: JsonObject = {} if extra is None else extra
        self.facts: ResponseFacts = ResponseFacts() if facts is None else facts


class BadgeResponse(Record):
    """The answer to a badge request.

    success: The service's own flag.
    badge: The number that was set.
    devices_updated: On how many devices.
    users_updated: How many users those devices belong to.
    devices_notified: As `devices_updated`; the service keeps it for older clients.
    users_notified: As `users_updated`; the service keeps it for older clients.
    devices_targeted: How many devices it was meant for.
    devices_deactivated: How many devices were switched off since Apple does not know them any more.
    devices_unregistered: How many devices Apple does not know any more.
    effective_channel_slugs: The channels that received it; absent for the whole account.
    timestamp: The service's time, RFC 3339.
    extra: Whatever else the answer held: fields newer than this release, and known ones of an unexpected type.
    facts: How the answer was obtained.
    """

    __slots__ = (
        "success",
        "badge",
        "devices_updated",
        "users_updated",
        "devices_notified",
        "users_notified",
        "devices_targeted",
        "devices_deactivated",
        "devices_unregistered",
        "effective_channel_slugs",
        "timestamp",
        "extra",
        "facts",
    )
    _fields = __slots__

    def __init__(
        self,
        *,
        success: bool | None = None,
        badge: int | None = None,
        devices_updated: int | None = None,
        users_updated: int | None = None,
        devices_notified: int | None = None,
        users_notified: int | None = None,
        devices_targeted: int | None = None,
        devices_deactivated: int | None = None,
        devices_unregistered: int | None = None,
        effective_channel_slugs: Sequence[str] | None = None,
        timestamp: str | None = None,
        extra: JsonObject | None = None,
        facts: ResponseFacts | None = None,
    ) -> None:
        self.success: bool | None = success
        self.badge: int | None = badge
        self.devices_updated: int | None = devices_updated
        self.users_updated: int | None = users_updated
        self.devices_notified: int | None = devices_notified
        self.users_notified: int | None = users_notified
        self.devices_targeted: int | None = devices_targeted
        self.devices_deactivated: int | None = devices_deactivated
        self.devices_unregistered: int | None = devices_unregistered
        self.effective_channel_slugs: Sequence[str] | None = effective_channel_slugs
        self.timestamp: str | None = timestamp
        self.extra: JsonObject = {} if extra is None else extra
        self.facts: ResponseFacts = ResponseFacts() if facts is None else facts
