"""The one way to the native library: JSON goes in, answers and exceptions come out. It decides nothing."""

from __future__ import annotations

from itertools import count
from time import monotonic

from . import _logging
from ._json import decode, encode

# Loads the library, so that a program that only names the package does not.
from ._native import Completions, InternalError, NativeClient, NativeError, NativePublisher
from ._uncopied import refuse_copies
from .errors import ActivitySmithError, from_core
from .response import RateLimit, ResponseFacts, StreamResponse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# While the library waits, Python hears no signal; so it waits in steps of this.
_STEP_MS = 50

for _class in (NativeClient, NativePublisher, Completions):
    refuse_copies(_class)

# The number of the next operation. Chosen here, so that one can be abandoned whose start was interrupted.
operations = count(1)


def connect(settings: dict[str, Any]) -> NativeClient:
    """A native client with these settings."""
    try:
        return NativeClient(encode(settings))
    except (NativeError, InternalError) as error:
        failure = understood(error)
    finally:
        # The key is in it, and tracebacks can show what frames hold.
        settings.clear()
    raise failure


def call(client: NativeClient, text: bytes) -> StreamResponse:
    """Makes a call and waits for its answer."""
    op = next(operations)
    try:
        client.start(text, op)
        outcome = wait(client, op)
    except (NativeError, InternalError) as error:
        failure = exception(error, text)
    except BaseException:
        # Ctrl-C, most likely: nobody waits for the answer any more.
        client.cancel(op)
        raise
    else:
        return answer(outcome, text)
    raise failure


def wait(native: NativeClient | NativePublisher, op: int, limit: float | None = None) -> Any:
    """Waits for the outcome of an operation, for so many seconds at most: `None` where it is still under way."""
    deadline = None if limit is None else monotonic() + limit
    while True:
        step = _STEP_MS if deadline is None else max(0, min(_STEP_MS, int(1000 * (deadline - monotonic()))))
        outcome = native.wait(op, step)
        if outcome:
            return decode(outcome)
        if deadline is not None and monotonic() >= deadline:
            return None


def answer(outcome: dict[str, Any], call: bytes) -> StreamResponse:
    """The answer to a call, or the exception that it is."""
    done = outcome.get("done")
    if done is None:
        error = from_core(outcome["failed"])
        _logging.failed(error, call)
        raise error
    facts = done["facts"]
    limits = facts.get("rate_limits")
    if limits is not None:
        facts["rate_limits"] = [RateLimit(**limit) for limit in limits]
    done["facts"] = ResponseFacts(**facts)
    response = StreamResponse(**done)
    _logging.answered(response, call)
    return response


def exception(error: NativeError | InternalError, call: bytes) -> ActivitySmithError:
    """What the library refused of a call or, where it failed by itself, what it said."""
    failure = understood(error)
    _logging.failed(failure, call)
    return failure


def understood(error: NativeError | InternalError) -> ActivitySmithError:
    """The exception that the library's own stands for."""
    if isinstance(error, NativeError):
        return from_core(decode(str(error).encode()))
    return ActivitySmithError(f"the kit failed by a defect of its own: {error}", kind="internal")
