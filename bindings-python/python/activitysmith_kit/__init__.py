"""Unofficial SDK for the ActivitySmith stream API: show what a job is doing as a Live Activity on iPhones.

    from activitysmith_kit import ActivitySmith, Progress

    client = ActivitySmith()  # ACTIVITYSMITH_API_KEY
    with client.live_activities.publish("search-reindex", Progress("Search Reindex", percentage=0)) as live:
        live.update(percentage=42)

This module only says where each name is at home; a home is loaded when its first name is used.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import errors as errors
    from . import events as events
    from . import helpers as helpers
    from . import models as models
    from . import response as response
    from . import types as types
    from ._async_client import AsyncActivitySmith as AsyncActivitySmith
    from ._client import ActivitySmith as ActivitySmith
    from .errors import ActivityLimitReached as ActivityLimitReached
    from .errors import ActivitySmithError as ActivitySmithError
    from .errors import ApiError as ApiError
    from .errors import BadRequest as BadRequest
    from .errors import BillingBlocked as BillingBlocked
    from .errors import ConfigError as ConfigError
    from .errors import ConnectionError as ConnectionError
    from .errors import Forbidden as Forbidden
    from .errors import NoRecipients as NoRecipients
    from .errors import NotFound as NotFound
    from .errors import RateLimited as RateLimited
    from .errors import Redirect as Redirect
    from .errors import ServerError as ServerError
    from .errors import TimeoutError as TimeoutError
    from .errors import Unauthorized as Unauthorized
    from .errors import Unreadable as Unreadable
    from .errors import ValidationError as ValidationError
    from .errors import Violation as Violation
    from .helpers import LiveActivityColor as LiveActivityColor
    from .helpers import action as action
    from .helpers import alert_badge as alert_badge
    from .helpers import alert_icon as alert_icon
    from .helpers import content_state as content_state
    from .helpers import metric as metric
    from .jobs import job as job
    from .models import Alert as Alert
    from .models import Badge as Badge
    from .models import Icon as Icon
    from .models import Metric as Metric
    from .models import Metrics as Metrics
    from .models import OpenUrl as OpenUrl
    from .models import Progress as Progress
    from .models import PushAlert as PushAlert
    from .models import SegmentedProgress as SegmentedProgress
    from .models import Stats as Stats
    from .models import Timer as Timer
    from .models import Update as Update
    from .models import Value as Value
    from .models import Webhook as Webhook
    from .publishing import AsyncPublisher as AsyncPublisher
    from .publishing import Publisher as Publisher
    from .publishing import flush_all as flush_all
    from .response import RateLimit as RateLimit
    from .response import ResponseFacts as ResponseFacts
    from .response import StreamResponse as StreamResponse
    from .tracking import AsyncTrack as AsyncTrack
    from .tracking import Track as Track

    __version__: str

_HOMES = {
    "_client": ("ActivitySmith",),
    "_async_client": ("AsyncActivitySmith",),
    "models": (
        "Alert",
        "Badge",
        "Icon",
        "Metric",
        "Metrics",
        "OpenUrl",
        "Progress",
        "PushAlert",
        "SegmentedProgress",
        "Stats",
        "Timer",
        "Update",
        "Value",
        "Webhook",
    ),
    "publishing": ("AsyncPublisher", "Publisher", "flush_all"),
    "tracking": ("AsyncTrack", "Track"),
    "jobs": ("job",),
    "response": ("RateLimit", "ResponseFacts", "StreamResponse"),
    "errors": (
        "ActivityLimitReached",
        "ActivitySmithError",
        "ApiError",
        "BadRequest",
        "BillingBlocked",
        "ConfigError",
        "ConnectionError",
        "Forbidden",
        "NoRecipients",
        "NotFound",
        "RateLimited",
        "Redirect",
        "ServerError",
        "TimeoutError",
        "Unauthorized",
        "Unreadable",
        "ValidationError",
        "Violation",
    ),
    "helpers": ("LiveActivityColor", "action", "alert_badge", "alert_icon", "content_state", "metric"),
}
# Public as a whole, and there without an import of their own.
_MODULES = ("errors", "events", "helpers", "models", "response", "types")
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

# A star must not put our errors in place of Python's own of the same names.
__all__ = sorted(_HOME_OF.keys() - {"ConnectionError", "TimeoutError"})


if not TYPE_CHECKING:
    # Where a type checker saw it, every name would be one of ours.
    def __getattr__(name):
        home = _HOME_OF.get(name)
        if home is not None:
            value = getattr(__import__(f"{__name__}.{home}", fromlist=[name]), name)
        elif name in _MODULES:
            value = __import__(f"{__name__}.{name}", fromlist=["*"])
        elif name == "__version__":
            from importlib.metadata import version

            value = version("activitysmith-kit")
        else:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        # Found without this function from now on.
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME_OF, *_MODULES, "__version__"})
