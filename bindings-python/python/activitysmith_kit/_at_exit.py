"""The end of the process: publishers that have not ended end then, and their clients wait for that."""

from __future__ import annotations

import atexit
import os
import sys
from _weakref import ref

from ._bridge import checked, logged, operations, wait
from ._json import decode, encode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._native import NativeClient, NativePublisher
    from .publishing import Handle

# The clients that have published.
_clients: set[ref[NativeClient]] = set()
# The ends of publishers that were dropped, by the operations' numbers.
_ends: dict[int, NativePublisher] = {}
# The publishers of loops that run.
loops: set[Handle[Any]] = set()
if hasattr(os, "register_at_fork"):
    # All of them are the parent's.
    for _kept in (_clients, _ends, loops):
        os.register_at_fork(after_in_child=_kept.clear)


def watch(client: NativeClient) -> None:
    """Sees to it that a client's publishers end with the process."""
    if not _clients:
        atexit.unregister(_end_all)
        atexit.register(_end_all)
    _clients.add(ref(client, _clients.discard))


def let_go(publisher: NativePublisher, op: int) -> None:
    """Sees to it that the end of a publisher that is dropped arrives before the process ends."""
    for other, ending in list(_ends.items()):
        outcome = ending.wait(other, 0)
        if outcome:
            logged(decode(outcome))
            del _ends[other]
    _ends[op] = publisher


def is_watched(client: NativeClient) -> bool:
    """For a client that closes: gives back whether it has published, and may have something to end."""
    has_published = ref(client) in _clients
    for publisher in list(loops) if has_published else ():
        if publisher._client is client:
            publisher._send_count()
    return has_published


def forget(client: NativeClient) -> None:
    """For a client whose publishers have ended."""
    _clients.discard(ref(client))


def all_arrived(verb: str, options: dict[str, Any]) -> bool:
    """Has all clients do this, and waits for them; gives back whether all of it has arrived."""
    for publisher in list(loops):
        publisher._send_count()
    begun = []
    for reference in list(_clients):
        client = reference()
        if client is not None:
            op = next(operations)
            checked(getattr(client, verb), encode(options), op)
            begun.append((client, op))
    # All of them have begun before the first one is waited for, and none is left out after one that failed.
    outcomes = [wait(client, op) for client, op in begun]
    return all("failed" not in outcome for outcome in outcomes)


def _end_all() -> None:
    try:
        failure = _failure()
        end = {"how": "finished"} if failure is None else {"how": "failed", "reason": failure.__name__}
        all_arrived("shutdown", end)
        for op, publisher in _ends.items():
            wait(publisher, op)
    except KeyboardInterrupt:
        # Pressed while the process ends, so it ends at once.
        pass


def _failure() -> type[BaseException] | None:
    """The type of the exception that ends the program, if one does."""
    # At a prompt it is that of a line that was typed.
    return None if hasattr(sys, "ps1") else getattr(sys, "last_type", None)
