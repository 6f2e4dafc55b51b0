"""Outcomes on their way to event loops: for each client and loop a descriptor that the loop watches and the native
library rings, so that no thread of Python's waits and a cancelled call is abandoned at once.
"""

from __future__ import annotations

import asyncio
import weakref

from ._bridge import answer, exception, tickets
from ._json import decode
from ._native import Inbox, InternalError, NativeError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._native import NativeClient
    from .response import StreamResponse


class Mailboxes:
    """A client's mailboxes, one for each event loop that awaits its calls."""

    def __init__(self, client: NativeClient) -> None:
        self._client = client
        # Neither keeps a loop alive nor its mailbox: the loop does, as long as it watches it.
        self._by_loop: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, weakref.ref[_Mailbox]]
        self._by_loop = weakref.WeakKeyDictionary()

    async def call(self, text: bytes) -> StreamResponse:
        """Makes a call and awaits its answer."""
        mailbox = self._of(asyncio.get_running_loop())
        ticket = next(tickets)
        try:
            outcome = self._client.start(text, ticket, mailbox.inbox)
        except (NativeError, InternalError) as error:
            failure = exception(error)
        else:
            return answer(decode(outcome) if outcome else await self._outcome(ticket, mailbox))
        raise failure

    async def _outcome(self, ticket: int, mailbox: _Mailbox) -> dict[str, Any]:
        future = asyncio.get_running_loop().create_future()
        mailbox.awaited[ticket] = future
        try:
            outcome: dict[str, Any] = await future
            return outcome
        except BaseException:
            self._client.cancel(ticket)
            raise
        finally:
            mailbox.awaited.pop(ticket, None)

    def _of(self, loop: asyncio.AbstractEventLoop) -> _Mailbox:
        reference = self._by_loop.get(loop)
        mailbox = None if reference is None else reference()
        if mailbox is None:
            try:
                mailbox = _Mailbox(loop)
            except (NativeError, InternalError) as error:
                failure = exception(error)
            else:
                self._by_loop[loop] = weakref.ref(mailbox)
                return mailbox
            raise failure
        return mailbox


class _Mailbox:
    """One loop's calls under way, by their tickets."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.inbox = Inbox()
        self.awaited: dict[int, asyncio.Future[dict[str, Any]]] = {}
        loop.add_reader(self.inbox.descriptor(), self._deliver)

    def _deliver(self) -> None:
        while text := self.inbox.take():
            letter = decode(text)
            future = self.awaited.get(letter["ticket"])
            if future is not None and not future.done():
                future.set_result(letter["outcome"])
