"""What the kit tells the program's log, under the logger `activitysmith_kit`: silent unless the program asks."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from logging import Logger

    from .errors import ActivitySmithError
    from .events import Event
    from .response import StreamResponse

_DEBUG, _WARNING = 10, 30

_logger: Logger | None = None
# What is told once in a process.
_told: set[str] = set()
# What goes on until it is over: that the last state did not arrive either is no other warning then.
_TROUBLES = frozenset(("failing", "refused", "blocked", "stopped"))


def answered(response: StreamResponse, call: bytes) -> None:
    """Tells what the service answered to a call, and warns of what may not come out as hoped."""
    logger = _logger or _find()
    if logger is None:
        return
    facts = response.facts
    for remark in (*facts.advice, response.warning):
        if remark is not None:
            _write(logger, _WARNING, "%s: %s", _stream_key(call), remark)
    if logger.isEnabledFor(_DEBUG):
        _write(
            logger,
            _DEBUG,
            "%s: %s (status: %d, attempts: %d, %.1f ms)",
            _stream_key(call),
            response.operation,
            facts.status,
            facts.attempts,
            1000 * facts.elapsed_seconds,
        )


def failed(error: ActivitySmithError, call: bytes) -> None:
    """Tells what became of a call that failed; the caller gets it as an exception."""
    logger = _logger or _find()
    if logger is None or not logger.isEnabledFor(_DEBUG):
        return
    # Before anything is sent, what was given for a stream key may yet be found to be the API key.
    subject = f"{_stream_key(call)}: " if error.attempts else ""
    _write(logger, _DEBUG, "%s%s: %s", subject, error.kind, error)


def warn(message: str) -> None:
    """Warns of what may not come out as hoped."""
    logger = _logger or _find()
    if logger is not None:
        _write(logger, _WARNING, "%s", message)


def warn_once(message: str) -> None:
    """Warns of what is so for the whole process."""
    if message not in _told:
        _told.add(message)
        warn(message)


def happened(stream_key: str, event: Event, troubled: bool) -> bool:
    """Tells what has happened to a publisher, and gives back whether it is in trouble now, as it may have been."""
    logger = _logger or _find()
    is_known = troubled and event.kind == "not_arrived"
    if logger is not None:
        level = _WARNING if event.is_warning and not is_known else _DEBUG
        _write(logger, level, "%s: %s: %s", stream_key, event.kind, event.message)
    return event.kind in _TROUBLES or (troubled and event.kind not in ("acknowledged", "recovered", "ended"))


def _write(logger: Logger, level: int, message: str, *arguments: object) -> None:
    try:
        logger.log(level, message, *arguments)
    except Exception:
        # The program's handlers and filters may raise, and no job breaks for a line that cannot be written.
        return


def _stream_key(call: bytes) -> str:
    from ._json import decode

    name: str = decode(call)["stream_key"]
    return name


def _find() -> Logger | None:
    """The logger, if the program logs at all: one that has not imported `logging` has no handler."""
    global _logger
    if "logging" in sys.modules:
        # Waits where another thread is not done with importing it.
        import logging

        logger = logging.getLogger("activitysmith_kit")
        # Without one, warnings of a program that has set up no log would go to stderr.
        logger.addHandler(logging.NullHandler())
        _logger = logger
    return _logger
