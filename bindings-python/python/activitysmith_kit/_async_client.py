"""The client for programs with an event loop: the same calls, awaited."""

from __future__ import annotations

from ._client import Client
from ._live_activities import LiveActivities
from ._mailbox import Mailboxes

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
    _mailboxes: Mailboxes | None = None

    def _configure(self, options: dict[str, Any]) -> None:
        super()._configure(options)
        if self._mailboxes is None:
            self._mailboxes = Mailboxes(self._native)
        self.live_activities = LiveActivities(Mailboxes.call, self._mailboxes, options)

    async def aclose(self) -> None:
        """As `close`, which does not wait for anything either."""
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
