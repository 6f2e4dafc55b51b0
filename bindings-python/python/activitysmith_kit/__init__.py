"""Unofficial SDK for the ActivitySmith API: show what a job is doing as a Live Activity on iPhones, and more.

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
    from . import notifications as notifications
    from . import response as response
    from . import types as types
    from ._client import ActivitySmith as ActivitySmith
    from ._client import AsyncActivitySmith as AsyncActivitySmith
    from .errors import *  # noqa: F403
    from .errors import ConnectionError as ConnectionError
    from .errors import TimeoutError as TimeoutError
    from .helpers import *  # noqa: F403
    from .jobs import job as job
    from .models import *  # noqa: F403
    from .notifications import Push as Push
    from .notifications import PushInterruptionLevel as PushInterruptionLevel
    from .notifications import PushReplacement as PushReplacement
    from .publishing import AsyncPublisher as AsyncPublisher
    from .publishing import Publisher as Publisher
    from .publishing import flush_all as flush_all
    from .response import *  # noqa: F403
    from .tracking import AsyncTrack as AsyncTrack
    from .tracking import Track as Track

    __version__: str

_NAMES = {
    "_client": ("ActivitySmith", "AsyncActivitySmith"),
    "jobs": ("job",),
    "notifications": ("Push", "PushInterruptionLevel", "PushReplacement"),
    "publishing": ("AsyncPublisher", "Publisher", "flush_all"),
    "tracking": ("AsyncTrack", "Track"),
}
_HOME_OF = {name: home for home, names in _NAMES.items() for name in names}
# Generated: what each of them names in its `__all__` is here, too.
_HOMES = ("models", "errors", "helpers", "response")
# Public as a whole, and there without an import of their own.
_MODULES = ("errors", "events", "helpers", "models", "notifications", "response", "types")


if not TYPE_CHECKING:
    # Where a type checker saw it, every name would be one of ours.
    def __getattr__(name):
        if name == "__all__":
            value = sorted({*_HOME_OF, *(name for home in _HOMES for name in _load(home).__all__)})
        elif name == "__version__":
            from importlib.metadata import version

            value = version("activitysmith-kit")
        elif name in _HOME_OF:
            value = getattr(_load(_HOME_OF[name]), name)
        elif name in _MODULES:
            value = _load(name)
        else:
            value = _generated(name)
        # Found without this function from now on.
        globals()[name] = value
        return value

    def _generated(name):
        if not name.startswith("_"):
            for home in map(_load, _HOMES):
                value = getattr(home, name, None)
                if getattr(value, "__module__", None) == home.__name__:
                    return value
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def _load(home):
        return __import__(f"{__name__}.{home}", fromlist=["*"])

    def __dir__():
        return sorted(
            {*globals(), *__getattr__("__all__"), *_MODULES, "ConnectionError", "TimeoutError", "__version__"}
        )
