"""The client for programs with an event loop: the same calls, awaited."""

from __future__ import annotations

from . import _mailbox
from ._client import Client
from ._live_activities import LiveActivities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Coroutine
    from types import TracebackType
    from typing import Any

    from typing_extensions import Self

    from .response import StreamResponse


class AsyncActivitySmith(Client):
    """A client of ActivitySmith's stream API whose calls are awaited, by any event loops.

    async with AsyncActivitySmith() as client:  # ACTIVITYSMITH_API_KEY
        await client.live_activities.stream("search-reindex", Progress("Search Reindex", percentage=42))
    """

    live_activities: LiveActivities[Coroutine[Any, Any, StreamResponse]]

    def _configure(self, options: dict[str, Any]) -> None:
        _mailbox.require_support()
        super()._configure(options)
        self.live_activities = LiveActivities(_mailbox.call, self._native, options)

    async def aclose(self) -> None:
        """As `close`, which does not wait for anything either."""
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
