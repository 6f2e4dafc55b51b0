"""The one way to the native library: JSON goes in, answers and exceptions come out. It decides nothing."""

from __future__ import annotations

from itertools import count

from . import _logging
from ._json import decode, encode

# Loads the library, so that a program that only names the package does not.
from ._native import Completions, InternalError, NativeClient, NativeError, NativePublisher
from .errors import ActivitySmithError, from_core
from .response import RateLimit, ResponseFacts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn, SupportsIndex, TypeVar

    K = TypeVar("K")

# While the library waits, Python handles no signal; so it waits in steps of this.
_STEP_MS = 50

# The number of the next operation. Chosen here, so that one can be abandoned whose start was interrupted.
operations = count(1)


class Uncopied:
    """What holds or reaches a handle of the library. A copy would free the handle a second time, and in another process
    it points to nothing. `copy` and `pickle` both ask `__reduce_ex__` first.
    """

    __slots__ = ()

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError(f"{type(self).__name__} cannot be copied or pickled; create one in each process")


for _class in (NativeClient, NativePublisher, Completions):
    _class.__reduce_ex__ = Uncopied.__reduce_ex__  # type: ignore[assignment, method-assign]


def connect(settings: dict[str, Any]) -> NativeClient:
    """A native client with these settings, of which `None` is none."""
    try:
        return NativeClient(encode({name: value for name, value in settings.items() if value is not None}))
    except (NativeError, InternalError) as error:
        # Raised below, since tracebacks can show what frames hold: here, the key.
        failure = to_exception(error)
    raise failure


def checked(call: Callable[..., Any], *arguments: Any) -> Any:
    """What the library gives back, or the exception that it is."""
    try:
        return call(*arguments)
    except (NativeError, InternalError) as error:
        failure = to_exception(error)
    raise failure


def to_exception(error: NativeError | InternalError) -> ActivitySmithError:
    """The exception that the library's own stands for."""
    if isinstance(error, NativeError):
        return from_core(decode(str(error).encode()))
    return ActivitySmithError(f"the kit failed by a defect of its own: {error}", kind="internal")


def call(client: NativeClient, text: bytes, kind: type[K]) -> K:
    """Makes a call and waits for its answer."""
    return answer(outcome(client, "start", text), kind)


def outcome(native: NativeClient | NativePublisher, verb: str, options: bytes) -> dict[str, Any]:
    """Begins an operation, and waits for its outcome."""
    op = next(operations)
    try:
        checked(getattr(native, verb), options, op)
        return wait(native, op)
    except BaseException:
        # Ctrl-C, most likely.
        native.cancel(op)
        raise


def wait(native: NativeClient | NativePublisher, op: int) -> dict[str, Any]:
    """Waits for the outcome of an operation that was begun."""
    while not (text := checked(native.wait, op, _STEP_MS)):
        pass
    return logged(decode(text))


def logged(outcome: dict[str, Any]) -> dict[str, Any]:
    """An outcome, when what it has for the log is written."""
    _logging.write(outcome.get("log", []))
    return outcome


def answer(outcome: dict[str, Any], kind: type[K]) -> K:
    """The answer to a call as the class of its endpoint, or the exception that it is."""
    done = outcome.get("done")
    if done is None:
        raise from_core(outcome["failed"])
    facts = done["facts"]
    limits = facts.get("rate_limits")
    if limits is not None:
        facts["rate_limits"] = [RateLimit(**limit) for limit in limits]
    done["facts"] = ResponseFacts(**facts)
    return kind(**done)
