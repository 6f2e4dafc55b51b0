"""What a publisher tells of itself: what has happened, in words and as counters.

Generated from the core's models by `cargo xtask generate`; not to be edited.
"""

from __future__ import annotations

from ._record import Record


class Event(Record):
    """An event of a publisher.

    kind: The kind, for example `acknowledged`, `failing` or `not_arrived`; new kinds may appear.
    message: Human-readable message.
    is_warning: Whether it is a warning.
    """

    __slots__ = ("kind", "message", "is_warning")
    _fields = __slots__

    def __init__(self, *, kind: str = "", message: str = "", is_warning: bool = False) -> None:
        self.kind: str = kind
        self.message: str = message
        self.is_warning: bool = is_warning


class Counters(Record):
    """Event counters of a publisher.

    updates: Updates, including the first state.
    coalesced: Updates that were replaced by a newer one before they were sent.
    suppressed: States that were not sent because the device shows them already.
    sent: Requests that were sent.
    acknowledged: Requests that the service accepted.
    failed: Requests that failed.
    alerts_replaced: Alerts that were replaced by a newer one before they were sent.
    """

    __slots__ = ("updates", "coalesced", "suppressed", "sent", "acknowledged", "failed", "alerts_replaced")
    _fields = __slots__

    def __init__(
        self,
        *,
        updates: int = 0,
        coalesced: int = 0,
        suppressed: int = 0,
        sent: int = 0,
        acknowledged: int = 0,
        failed: int = 0,
        alerts_replaced: int = 0,
    ) -> None:
        self.updates: int = updates
        self.coalesced: int = coalesced
        self.suppressed: int = suppressed
        self.sent: int = sent
        self.acknowledged: int = acknowledged
        self.failed: int = failed
        self.alerts_replaced: int = alerts_replaced
