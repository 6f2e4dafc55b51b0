"""The clients, for programs without an event loop and with one: settings, options of calls, closing."""

from __future__ import annotations

from ._bridge import Uncopied, call, connect, outcome
from ._json import encode
from ._live_activities import AsyncLiveActivities, SyncLiveActivities
from ._record import Generic, R
from ._request import CALL, Resource, flat, seconds, taken
from .response import BadgeResponse

TYPE_CHECKING = False
if not TYPE_CHECKING:
    M = N = None


if TYPE_CHECKING:
    import datetime
    from collections.abc import Coroutine
    from os import PathLike
    from typing import Any, TypeVar

    from typing_extensions import Self, Unpack

    from . import types
    from ._metrics import Metrics
    from ._native import NativeClient
    from ._notifications import Notifications
    from .response import MetricResponse, PushResponse

    N = TypeVar("N", covariant=True)
    M = TypeVar("M", covariant=True)
    AwaitedBadge = Coroutine[Any, Any, BadgeResponse]
    SyncNotifications = Notifications[PushResponse]
    AsyncNotifications = Notifications[Coroutine[Any, Any, PushResponse]]
    SyncMetrics = Metrics[MetricResponse]
    AsyncMetrics = Metrics[Coroutine[Any, Any, MetricResponse]]


class Client(Uncopied, Generic[R, N, M]):
    """A client's settings and connections. Threads may share it, and it still works in a forked child."""

    _native: NativeClient
    _options: dict[str, Any]
    _send: Any
    _parts: dict[type, Any]

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
        flush_timeout: float | datetime.timedelta | None = None,
    ) -> None:
        """Settings that are not given come from the environment, or have the default named here.

        api_key: Default: `ACTIVITYSMITH_API_KEY`, or the key file. Read at the first request.
        api_key_file: A file that holds only the key. Default: `ACTIVITYSMITH_API_KEY_FILE`.
        base_url: The API's base URL. Default: `ACTIVITYSMITH_BASE_URL`, else the service.
        timeout: Seconds for a call, including all attempts and pauses. Default: 15.
        connect_timeout: Seconds for connecting. Default: 5.
        max_retries: The maximum number of retries, where retrying is safe. Default: 2.
        budget_file: Shares the request budget with processes that name this file. Default: `ACTIVITYSMITH_BUDGET_FILE`.
        flush_timeout: Seconds for a publisher's end. Default: `ACTIVITYSMITH_FLUSH_TIMEOUT`, else 2, after a failure 5.
        """
        settings: dict[str, Any] = {"agent": "python", "api_key": api_key}
        # Tracebacks can show what frames hold.
        del api_key
        try:
            settings.update(api_key_file=_path(api_key_file), base_url=base_url, budget_file=_path(budget_file))
            settings.update(timeout_seconds=seconds(timeout), connect_timeout_seconds=seconds(connect_timeout))
            settings.update(max_retries=max_retries, flush_timeout_seconds=seconds(flush_timeout))
            self._native = connect(settings)
        finally:
            settings.clear()
        self._configure({})

    def _configure(self, options: dict[str, Any]) -> None:
        """Lets calls be made with these options, as the core names them."""
        self._options, self._parts = options, {}

    def _part(self, kind: type) -> Any:
        """What a part of the API is called by, once it is used."""
        return self._parts.setdefault(kind, kind(self._send, self._native, self._options))

    @property
    def notifications(self) -> N:
        """Push notifications."""
        from ._notifications import Notifications

        part: N = self._part(Notifications)
        return part

    @property
    def metrics(self) -> M:
        """The values of metrics, which widgets show."""
        from ._metrics import Metrics

        part: M = self._part(Metrics)
        return part

    def with_options(
        self, *, timeout: float | datetime.timedelta | None = None, max_retries: int | None = None
    ) -> Self:
        """A client with other options that shares this one's connections, and is closed with it."""
        given = taken({"timeout": timeout, "max_retries": max_retries}, CALL)
        other = object.__new__(type(self))
        other._native = self._native
        other._configure({**self._options, **given})
        return other

    def badge_count(self, value: int, **fields: Unpack[types.BadgeRequestOptions]) -> R:
        """Sets the number on the app's icon, from 0, which removes it, to 2,147,483,647; for some `channels` or all."""
        given: dict[str, Any] = {**fields}
        own = taken(given, CALL)
        part = self._part(Resource)
        answer: R = part._call("badge", BadgeResponse, None, flat({"badge": value}, given, "badge"), own)
        return answer

    def close(self) -> None:
        """Ends the publishers that are open, within their time limits, and closes the connections. Pending and later
        calls fail with an error that says so. Closing again is safe.
        """
        self._close(None, None)

    def _close(self, kind: type[BaseException] | None, error: BaseException | None) -> None:
        """Closes it with a scope that is left so."""
        from . import _at_exit

        if _at_exit.is_watched(self._native):
            from .publishing import how_it_ends, spared

            # Where this is interrupted, the client stays open and the ends go on.
            with spared():
                outcome(self._native, "shutdown", encode(how_it_ends(kind, error)))
            _at_exit.forget(self._native)
        self._native.close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


class ActivitySmith(Client["BadgeResponse", "SyncNotifications", "SyncMetrics"]):
    """A client of ActivitySmith's API.

    client = ActivitySmith()  # ACTIVITYSMITH_API_KEY
    client.live_activities.stream("search-reindex", Progress("Search Reindex", percentage=42))
    client.notifications.send("Backup failed", message="The disk is full")

    As a context it is closed with its scope: publishers that are open end as failed where an exception leaves that.
    """

    live_activities: SyncLiveActivities

    def _configure(self, options: dict[str, Any]) -> None:
        super()._configure(options)
        self._send = call
        self.live_activities = SyncLiveActivities(call, self._native, options)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, *_: object) -> None:
        self._close(kind, error)


class AsyncActivitySmith(Client["AwaitedBadge", "AsyncNotifications", "AsyncMetrics"]):
    """A client of ActivitySmith's API whose calls are awaited, by any event loops.

    async with AsyncActivitySmith() as client:  # ACTIVITYSMITH_API_KEY
        await client.live_activities.stream("search-reindex", Progress("Search Reindex", percentage=42))
    """

    live_activities: AsyncLiveActivities

    def _configure(self, options: dict[str, Any]) -> None:
        from . import _mailbox

        _mailbox.require_support()
        super()._configure(options)
        self._send = _mailbox.call
        self.live_activities = AsyncLiveActivities(_mailbox.call, self._native, options)

    async def aclose(self) -> None:
        """As `close`, which blocks the event loop where publishers are open."""
        await self._aclose(None, None)

    async def _aclose(self, kind: type[BaseException] | None, error: BaseException | None) -> None:
        from . import _at_exit, _mailbox

        if _at_exit.is_watched(self._native):
            from .publishing import how_it_ends, spared

            # Where this is cancelled, the client stays open and the ends go on.
            with spared():
                await _mailbox.outcome(self._native, "shutdown", encode(how_it_ends(kind, error)))
            _at_exit.forget(self._native)
        self._native.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, *_: object) -> None:
        await self._aclose(kind, error)


def _path(path: Any) -> Any:
    """A path's text; what is not a path as it is, for the core to refuse."""
    fspath = getattr(type(path), "__fspath__", None)
    return path if fspath is None else fspath(path)
