"""Jobs as decorated functions: each call publishes a stream while it runs. Whatever becomes of that, the job runs."""

from __future__ import annotations

import sys
from contextlib import AsyncExitStack, ExitStack
from functools import cache, partial, wraps

from . import _logging
from ._bridge import checked
from ._json import encode
from ._native import check_publishing
from .errors import ActivitySmithError
from .publishing import AsyncPublisher, Publisher, beginning

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType
    from typing import Any, TypeVar

    from typing_extensions import Unpack

    from . import types
    from ._native import NativeClient

    F = TypeVar("F", bound=Callable[..., Any])

# Flags of a function's code.
_GENERATOR, _COROUTINE, _ASYNC_GENERATOR = 0x20, 0x80, 0x200


def job(
    stream_key: str | Callable[[], str],
    request: types.State | types.StreamRequestDict | None = None,
    *,
    content_state: types.State | types.ContentStateDict | None = None,
    **fields: Unpack[types.PublishKeywords],
) -> Callable[[F], F]:
    """As `live_activities.job`, with a client whose settings come from the environment when the job runs.

    @job("nightly-backup", title="Nightly backup")
    def main() -> None: ...
    """
    given = {**fields, "content_state": content_state}
    return decorator(_of_the_environment, stream_key, request, given, sys._getframe(1).f_code)


@cache
def _of_the_environment() -> NativeClient:
    from ._client import ActivitySmith

    return ActivitySmith()._native


def decorator(
    client: Callable[[], NativeClient],
    stream_key: str | Callable[[], str],
    request: Any,
    fields: dict[str, Any],
    caller: CodeType,
) -> Callable[[F], F]:
    """Decorates functions and coroutine functions. What breaks a rule raises here, when the program is loaded; but a
    key that is computed is checked when the job runs, and breaks no job.
    """
    if callable(stream_key) and request is None and all(value is None for value in fields.values()):
        raise TypeError('job needs a stream key and a state: @job("nightly-backup", title="Nightly backup")')
    # The key of the check where it is not known yet, or not to break the job.
    known = "computed" if _is_computed(stream_key, caller) else stream_key
    first = beginning(known, request, fields)
    closing = {}
    if _has_a_title_alone(first["body"]):
        first["body"]["content_state"].update(type="timer", counts_down=False)
        closing = {"is_running": False}
    checked(check_publishing, encode(first))

    def begin(kind: type[Publisher | AsyncPublisher]) -> Any:
        """A publisher for one run; nothing where there is none."""
        try:
            key = stream_key() if callable(stream_key) else stream_key
            publisher = kind(client(), {**first, "stream_key": key})
        except Exception as error:
            # Also of the function that computes the key.
            name = "" if isinstance(error, ActivitySmithError) else f"{type(error).__name__}: "
            _warn_once(f"nothing is published: {name}{error}")
            return None
        publisher._closing = closing
        return publisher

    def decorate(function: Any) -> Any:
        flags = _flags(function)
        if flags & (_GENERATOR | _ASYNC_GENERATOR):
            raise TypeError(f"{function!r} makes a generator: it has not done its work when it returns")
        if flags & _COROUTINE:

            @wraps(function)
            async def awaited(*args: Any, **kwargs: Any) -> Any:
                async with begin(AsyncPublisher) or AsyncExitStack():
                    return await function(*args, **kwargs)

            return awaited

        @wraps(function)
        def called(*args: Any, **kwargs: Any) -> Any:
            with begin(Publisher) or ExitStack():
                return function(*args, **kwargs)

        return called

    return decorate


@cache
def _warn_once(message: str) -> None:
    _logging.write([{"warning": True, "message": message}])


def _is_computed(stream_key: object, caller: CodeType) -> bool:
    """Whether a key comes from a function, or is a text that is no constant of the code that gives it."""
    if isinstance(stream_key, str):
        return not any(isinstance(constant, str) and constant == stream_key for constant in caller.co_consts)
    return callable(stream_key)


def _has_a_title_alone(request: Any) -> bool:
    """Whether nothing is said of what to show: then it is for how long the job has been running."""
    state = request.get("content_state") if isinstance(request, dict) else None
    return isinstance(state, dict) and state.keys() <= {"title", "subtitle", "color", "icon"}


def _flags(function: Any) -> int:
    """What kind of function it is."""
    if not callable(function):
        raise TypeError(f"job decorates functions, not {type(function).__name__}")
    while isinstance(function, partial):
        function = function.func
    # An object that can be called has it in its class.
    code = getattr(function, "__code__", None) or getattr(type(function).__call__, "__code__", None)
    flags: int = getattr(code, "co_flags", 0)
    return flags
