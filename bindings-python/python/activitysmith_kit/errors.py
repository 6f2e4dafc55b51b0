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
        """Where, for example `content_state.metrics[2].value`; `stream_key` for the key, `request` for the whole."""
        self.code: ViolationCode | str = code
        """Which kind of rule. Stable; messages are not."""
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
    """Whether the same call may succeed later without anybody changing anything."""
    attempts: int = 0
    """How often it was tried; 0 when nothing was sent."""

    def __init__(self, description: str = "", **details: Unpack[ErrorDetails]) -> None:
        super().__init__(description)
        self.__dict__.update(details)


class ConfigError(ActivitySmithError):
    """A setting that is missing or cannot be used."""

    kind = "config"
    setting: str = ""
    """Which setting, by the name under which it was given."""
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
    """The service answered, but not with success."""

    status: int = 0
    """The HTTP status."""
    code: str | None = None
    """The machine-readable name, if the answer had one: its `code`, or else its `error` label."""
    message: str | None = None
    """The service's prose, if the answer had one. It changes; do not compare it."""
    body: str = ""
    """The answer's body, shortened to 64 KiB."""
    request_id: str | None = None
    """The service's or a proxy's name for the request."""
    retry_after: float | None = None
    """How long to wait before the next try, if the service said so. In seconds."""
    date: str | None = None
    """What time it was where the answer came from, as its `Date` header says."""


class BadRequest(ApiError):
    """400 and other refusals of the request itself."""

    kind = "bad_request"


class Unauthorized(ApiError):
    """401: no such key."""

    kind = "unauthorized"


class BillingBlocked(ApiError):
    """402: the trial is over, or a spending cap is reached."""

    kind = "billing_blocked"
    upgrade_url: str | None = None
    """Where to change that."""


class Forbidden(ApiError):
    """403: the key may not do this, for example not reach that channel."""

    kind = "forbidden"


class NotFound(ApiError):
    """404: no such stream, or not the API's address."""

    kind = "not_found"


class NoRecipients(ApiError):
    """422 (404 of older services): nobody to deliver to. It heals when somebody pairs a device."""

    kind = "no_recipients"
    effective_channel_slugs: Sequence[str] | None = None
    """The channels that had nobody; none for the whole account."""


class RateLimited(ApiError):
    """429: too many requests for now; see `retry_after`."""

    kind = "rate_limited"
    is_transient = True


class ActivityLimitReached(ApiError):
    """429: as many activities run as there may. It heals only when one ends."""

    kind = "activity_limit_reached"
    limit: int | None = None
    """How many may run."""
    active: int | None = None
    """How many run."""
    blocked_devices: int | None = None
    """How many targeted devices are full, where only some are."""
    targeted_devices: int | None = None
    """How many devices were targeted."""


class ServerError(ApiError):
    """5xx and 408: the service, or something in front of it, is in trouble."""

    kind = "server_error"
    is_transient = True


class Redirect(ApiError):
    """3xx: redirects are not followed, since the key would go along."""

    kind = "redirect"
    location: str | None = None
    """Where it points."""


class Unreadable(ApiError):
    """A success whose body is not the service's, for example a network's log-in page."""

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
