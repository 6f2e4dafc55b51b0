"""The client for programs without an event loop, and what both clients have in common: settings, options, closing."""

from __future__ import annotations

from ._bridge import call, connect
from ._live_activities import LiveActivities
from ._request import body, seconds, taken_options
from ._uncopied import Uncopied

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from os import PathLike
    from types import TracebackType
    from typing import Any, TypeVar

    from typing_extensions import Self, Unpack

    from . import types
    from ._native import NativeClient
    from ._publishing import Stream
    from .publishing import Publisher
    from .response import StreamResponse
    from .tracking import Track

    T = TypeVar("T")
    _LiveActivities = LiveActivities[StreamResponse, Publisher]
else:
    _LiveActivities = LiveActivities


class Client(Uncopied):
    """A client's settings and connections. Threads may share it, and it goes on working in a forked child."""

    _native: NativeClient
    _options: dict[str, Any]

    def __init__(
        self,
        api_key: str | None = None,
        *,
        api_key_file: str | PathLike[str] | None = None,
        base_url: str | None = None,
        timeout: float | datetime.timedelta | None = None,
        connect_timeout: float | datetime.timedelta | None = None,
        max_retries: int | None = None,
        budget_file: str | PathLike[str] | None = None,
    ) -> None:
        """What is not given comes from the environment, or has the default named here.

        api_key: Else `ACTIVITYSMITH_API_KEY`, else what the file holds. It is read at the first request.
        api_key_file: A file that holds the key and nothing else; else `ACTIVITYSMITH_API_KEY_FILE`.
        base_url: Where the API is; else `ACTIVITYSMITH_BASE_URL`, else the service.
        timeout: How long a whole call may take, with all attempts and pauses, in seconds: 15.
        connect_timeout: How long connecting may take, in seconds: 5.
        max_retries: How often a request is repeated at most, where that is safe: 2.
        budget_file: A file through which the publishers of all processes of a host that name it share the requests that
            the account may make; else `ACTIVITYSMITH_BUDGET_FILE`, else a client has them to itself.
        """
        settings: dict[str, Any] = {"agent": "python", "api_key": api_key}
        # Tracebacks can show what frames hold.
        del api_key
        try:
            settings["api_key_file"] = _path(api_key_file)
            settings["base_url"] = base_url
            settings["timeout_seconds"] = seconds(timeout)
            settings["connect_timeout_seconds"] = seconds(connect_timeout)
            settings["max_retries"] = max_retries
            settings["budget_file"] = _path(budget_file)
            self._native = connect({name: value for name, value in settings.items() if value is not None})
        finally:
            settings.clear()
        self._configure({})

    def _configure(self, options: dict[str, Any]) -> None:
        """Lets calls be made with these options, as the core names them."""
        self._options = options

    def with_options(
        self, *, timeout: float | datetime.timedelta | None = None, max_retries: int | None = None
    ) -> Self:
        """A client with other limits that shares this one's connections, and is closed with it."""
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        given = taken_options({"timeout": timeout, "max_retries": max_retries})
        other._configure({**self._options, **given})
        return other

    def close(self) -> None:
        """Closes its connections. Calls under way and later ones fail and say so; closing once more does nothing."""
        self._native.close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


class SyncLiveActivities(_LiveActivities):
    """Live Activities for programs without an event loop."""

    def _publisher(self, stream: Stream) -> Publisher:
        from .publishing import Publisher

        return Publisher(stream)

    def track(
        self,
        items: Iterable[T],
        stream_key: str,
        *,
        title: str,
        total: int | None = None,
        pace: float | datetime.timedelta | None = None,
        **fields: Unpack[types.TrackFields],
    ) -> Track[T]:
        """Gives back the items, one by one, and publishes how many are done with: in percent where their number is
        known or given as `total`, else as a count. An item costs next to nothing.

        The stream ends when the loop has: with all of it done, with what was done where the loop was left early, or as
        failed where an exception has left it, as far as `Track` says. The loop waits for that, for 10 seconds at most.
        """
        from .tracking import Track

        return Track(self._client, items, stream_key, body(None, {"title": title, **fields}), total, pace)


class ActivitySmith(Client):
    """A client of ActivitySmith's stream API.

    client = ActivitySmith()  # ACTIVITYSMITH_API_KEY
    client.live_activities.stream("search-reindex", Progress("Search Reindex", percentage=42))
    """

    live_activities: SyncLiveActivities

    def _configure(self, options: dict[str, Any]) -> None:
        super()._configure(options)
        self.live_activities = SyncLiveActivities(call, self._native, options)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def _path(path: Any) -> Any:
    """A path's text; what is not a path as it is, for the core to refuse."""
    fspath = getattr(type(path), "__fspath__", None)
    return path if fspath is None else fspath(path)
