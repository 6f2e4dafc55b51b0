"""Every failure that a call can meet, as exceptions: one tree under `ActivitySmithError`. What a failure means is
decided in the core; here each kind has its class. `str()` of each names the problem and, where there is one, the fix.

Generated from the core's models by `cargo xtask generate`; not to be edited.
"""

from __future__ import annotations

import builtins

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from typing_extensions import Unpack

    from .types import ErrorDetails, ViolationCode

# A star must not put these in place of Python's own errors of the same names: `ConnectionError`, `TimeoutError`.
__all__ = (
    "ActivityLimitReached",
    "ActivitySmithError",
    "ApiError",
    "BadRequest",
    "BillingBlocked",
    "ClosedError",
    "ConfigError",
    "Conflict",
    "Forbidden",
    "NoRecipients",
    "NotFound",
    "RateLimited",
    "Redirect",
    "ServerError",
    "Unauthorized",
    "Unreadable",
    "ValidationError",
    "Violation",
)


class Violation:
    """One broken rule."""

    __slots__ = ("code", "message", "path")

    def __init__(self, path: str, code: ViolationCode | str, message: str) -> None:
        self.path: str = path
        """The path, for example `content_state.metrics[2].value`; `stream_key` for the key, `request` for the whole."""
        self.code: ViolationCode | str = code
        """The kind of rule. Stable; messages are not."""
        self.message: str = message
        """What is wrong and what to do."""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Violation):
            return NotImplemented
        return (self.path, self.code, self.message) == (other.path, other.code, other.message)

    def __hash__(self) -> int:
        return hash((self.path, self.code, self.message))

    def __repr__(self) -> str:
        return f"Violation({self.path!r}, {self.code!r}, {self.message!r})"


class ActivitySmithError(Exception):
    """A call failed. The error holds no key."""

    kind: str = ""
    """What happened, as text, the same in every language."""
    is_transient: bool = False
    """Whether the same call may succeed later, unchanged."""
    attempts: int = 0
    """How often it was tried; 0 when nothing was sent."""

    def __init__(self, description: str = "", **details: Unpack[ErrorDetails]) -> None:
        super().__init__(description)
        self.__dict__.update(details)


class ConfigError(ActivitySmithError):
    """A setting is missing or invalid."""

    kind = "config"
    setting: str = ""
    """The name of the setting."""
    problem: str = ""
    """What is wrong and what to do."""


class ValidationError(ActivitySmithError, ValueError):
    """The request breaks rules of the API. Nothing was sent."""

    kind = "validation"
    violations: Sequence[Violation] = ()
    """Every broken rule, at least one."""


class ConnectionError(ActivitySmithError, builtins.ConnectionError):
    """No answer came: the service was not reached, or the connection broke."""

    kind = "connection"
    is_transient = True


class TimeoutError(ConnectionError, builtins.TimeoutError):
    """No answer came in time. The service may have done what was asked."""

    kind = "timeout"
    is_transient = True


class ClosedError(ActivitySmithError):
    """The client is closed, or the handle belongs to another process. A call that was under way may have been carried
    out.
    """

    kind = "closed"


class ApiError(ActivitySmithError):
    """The service answered with an error."""

    status: int = 0
    """The HTTP status."""
    code: str | None = None
    """The machine-readable name, if the answer had one: its `code`, or else its `error` label."""
    message: str | None = None
    """The service's message, if the answer had one. The wording may change; do not compare it."""
    body: str = ""
    """The answer's body, shortened to 64 KiB."""
    request_id: str | None = None
    """The request id of the service or a proxy."""
    retry_after: float | None = None
    """How long to wait before the next attempt, if the service said so. In seconds."""
    date: str | None = None
    """The `Date` header of the answer."""


class BadRequest(ApiError):
    """400 and other refusals of the request itself."""

    kind = "bad_request"


class Unauthorized(ApiError):
    """401: the API key is unknown."""

    kind = "unauthorized"


class BillingBlocked(ApiError):
    """402: the trial is over, or a spending cap is reached."""

    kind = "billing_blocked"
    upgrade_url: str | None = None
    """Where to resolve it."""


class Forbidden(ApiError):
    """403: the key lacks permission, for example for that channel."""

    kind = "forbidden"


class NotFound(ApiError):
    """404: nothing has this name, or the base URL is not the API's."""

    kind = "not_found"


class Conflict(ApiError):
    """409: what is there stands against the request, for example a notification that can no longer be replaced."""

    kind = "conflict"


class NoRecipients(ApiError):
    """422 (404 of older services): there is no device to deliver to. It resolves when a device is paired."""

    kind = "no_recipients"
    effective_channel_slugs: Sequence[str] | None = None
    """The channels without a device; absent for the whole account."""


class RateLimited(ApiError):
    """429: too many requests for now; see `retry_after`."""

    kind = "rate_limited"
    is_transient = True


class ActivityLimitReached(ApiError):
    """429: the limit of running Live Activities is reached. It resolves when one ends."""

    kind = "activity_limit_reached"
    limit: int | None = None
    """The limit."""
    active: int | None = None
    """The number of running activities."""
    blocked_devices: int | None = None
    """The number of targeted devices at the limit, where only some are."""
    targeted_devices: int | None = None
    """The number of targeted devices."""


class ServerError(ApiError):
    """5xx and 408: the service, or a proxy in front of it, failed."""

    kind = "server_error"
    is_transient = True


class Redirect(ApiError):
    """3xx: redirects are not followed, since they would forward the key."""

    kind = "redirect"
    location: str | None = None
    """The target."""


class Unreadable(ApiError):
    """A success whose body is not the service's, for example a captive portal's page."""

    kind = "unreadable"
    is_transient = True


_BY_KIND: Mapping[str, type[ActivitySmithError]] = {
    error.kind: error
    for error in list(globals().values())
    if isinstance(error, type) and issubclass(error, ActivitySmithError)
}


def _in_python(text: str) -> str:
    """What the core says of a value's type, in Python's terms."""
    for kind, own in (("null", "None"), ("an array", "a list"), ("an object", "a dict")):
        text = text.replace(f" is {kind};", f" is {own};").replace(f"; give {kind}", f"; give {own}")
    return text


def from_core(failure: dict[str, Any]) -> ActivitySmithError:
    """The exception for a failure as the core describes it; a kind newer than this release has the nearest class."""
    nearest = ApiError if "status" in failure else ActivitySmithError
    failure.update((name, _in_python(failure[name])) for name in ("description", "problem") if name in failure)
    description = failure.pop("description", "")
    failure["is_transient"] = failure.pop("transient", False)
    if "retry_after_seconds" in failure:
        failure["retry_after"] = failure.pop("retry_after_seconds")
    if "violations" in failure:
        told = failure["violations"]
        failure["violations"] = [Violation(each["path"], each["code"], _in_python(each["message"])) for each in told]
    return _BY_KIND.get(failure["kind"], nearest)(description, **failure)
