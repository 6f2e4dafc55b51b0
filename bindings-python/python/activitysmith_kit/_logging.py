"""What the kit tells the program's log, under the logger `activitysmith_kit`: silent unless the program asks."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from logging import Logger

    from .errors import ActivitySmithError
    from .response import StreamResponse

_logger: Logger | None = None


def answered(response: StreamResponse) -> None:
    """Tells what the service answered, and warns of what may not come out as hoped."""
    logger = _logger or _find()
    if logger is None:
        return
    for advice in response.facts.advice:
        logger.warning("%s: %s", response.stream_key, advice)
    if response.warning is not None:
        logger.warning("%s: %s", response.stream_key, response.warning)
    if logger.isEnabledFor(10):
        facts = response.facts
        logger.debug(
            "%s: %s (status: %d, attempts: %d, %.1f ms)",
            response.stream_key,
            response.operation,
            facts.status,
            facts.attempts,
            1000 * facts.elapsed_seconds,
        )


def failed(error: ActivitySmithError) -> None:
    """Tells what went wrong; the caller gets it as an exception."""
    logger = _logger or _find()
    if logger is not None:
        logger.debug("%s: %s", error.kind, error)


def _find() -> Logger | None:
    """The logger, if the program logs at all: one that has not imported `logging` has no handler."""
    global _logger
    logging = sys.modules.get("logging")
    if logging is not None:
        _logger = logging.getLogger("activitysmith_kit")
        # Without one, warnings of a program that has set up no log would go to stderr.
        _logger.addHandler(logging.NullHandler())
    return _logger
