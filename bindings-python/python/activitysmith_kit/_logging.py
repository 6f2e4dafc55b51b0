"""What the kit tells the program's log, under the logger `activitysmith_kit`: silent unless the program asks."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from logging import Logger

    from .errors import ActivitySmithError
    from .response import StreamResponse

_logger: Logger | None = None


def answered(response: StreamResponse, call: bytes) -> None:
    """Tells what the service answered to a call, and warns of what may not come out as hoped."""
    logger = _logger or _find()
    if logger is None:
        return
    facts = response.facts
    for remark in (*facts.advice, response.warning):
        if remark is not None:
            logger.warning("%s: %s", _stream_key(call), remark)
    if logger.isEnabledFor(10):
        logger.debug(
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
    if logger is None or not logger.isEnabledFor(10):
        return
    # Before anything is sent, what was given for a stream key may yet be found to be the API key.
    subject = f"{_stream_key(call)}: " if error.attempts else ""
    logger.debug("%s%s: %s", subject, error.kind, error)


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
