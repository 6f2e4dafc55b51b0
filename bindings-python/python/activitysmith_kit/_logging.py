"""What the core has for the program's log, under the logger `activitysmith_kit`: silent unless the program asks."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from logging import Logger
    from typing import Any

_logger: Logger | None = None


def write(lines: list[dict[str, Any]]) -> None:
    """Writes lines as the core gives them."""
    logger = _logger or _find()
    if logger is None:
        return
    for line in lines:
        try:
            logger.log(30 if line["warning"] else 10, "%s", line["message"])
        except Exception:
            # The program's handlers and filters may raise, and no job breaks for a line that cannot be written.
            continue


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
