"""The client for programs with an event loop: the same calls, awaited."""

from __future__ import annotations

from . import _mailbox
from ._client import Client
from ._live_activities import LiveActivities
from ._request import body

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime
    from collections.abc import AsyncIterable, Coroutine, Iterable
    from types import TracebackType
    from typing import Any, TypeVar

    from typing_extensions import Self, Unpack

    from . import types
    from ._publishing import Stream
    from .publishing import AsyncPublisher
    from .response import StreamResponse
    from .tracking import AsyncTrack

    T = TypeVar("T")
    _LiveActivities = LiveActivities[Coroutine[Any, Any, StreamResponse], AsyncPublisher]
else:
    _LiveActivities = LiveActivities


class AsyncLiveActivities(_LiveActivities):
    """Live Activities for programs with an event loop."""

    def _publisher(self, stream: Stream) -> AsyncPublisher:
        from .publishing import AsyncPublisher

        return AsyncPublisher(stream)

    def track(
        self,
        items: AsyncIterable[T] | Iterable[T],
        stream_key: str,
        *,
        title: str,
        total: int | None = None,
        pace: float | datetime.timedelta | None = None,
        **fields: Unpack[types.TrackFields],
    ) -> AsyncTrack[T]:
        """As that of `ActivitySmith`, for `async for`. The items may come from an async iterable or any other."""
        from .tracking import AsyncTrack

        return AsyncTrack(self._client, items, stream_key, body(None, {"title": title, **fields}), total, pace)


class AsyncActivitySmith(Client):
    """A client of ActivitySmith's stream API whose calls are awaited, by any event loops.

    async with AsyncActivitySmith() as client:  # ACTIVITYSMITH_API_KEY
        await client.live_activities.stream("search-reindex", Progress("Search Reindex", percentage=42))
    """

    live_activities: AsyncLiveActivities

    def _configure(self, options: dict[str, Any]) -> None:
        _mailbox.require_support()
        super()._configure(options)
        self.live_activities = AsyncLiveActivities(_mailbox.call, self._native, options)

    async def aclose(self) -> None:
        """As `close`, which does not wait for anything either."""
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
