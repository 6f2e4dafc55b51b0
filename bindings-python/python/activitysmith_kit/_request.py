"""Puts a request together from what a caller has given, in any of the forms. It checks nothing: the core does, and
finds everything at once.
"""

from __future__ import annotations

from ._bridge import Uncopied
from ._json import encode, is_model, like_json
from ._record import Record
from .helpers import _OF_A_STATE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ._native import NativeClient

# The options of calls and of publishers, with the core's names.
CALL = {"timeout": "timeout_seconds", "max_retries": "max_retries"}
PUSHES = ("on_failure", "on_success")
PUBLISHING = {name: f"{name}_seconds" for name in ("min_interval", "flush_timeout", "show_after")}


class Resource(Uncopied):
    """The calls of a part of the API. Clients differ in how a call is sent, so that is handed in."""

    def __init__(self, send: Callable[..., Any], client: NativeClient, options: dict[str, Any]) -> None:
        # Not a method of the client's: it would keep the client alive until the garbage collector comes.
        self._send = send
        self._client = client
        self._options = options

    def _call(self, endpoint: str, kind: type, key: Any, whole: Any, options: dict[str, Any]) -> Any:
        call = {"endpoint": endpoint, "key": key, **self._options, **options, "body": whole}
        return self._send(self._client, encode(call), kind)


def taken(fields: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """Takes options out of keywords, and gives them by the core's names."""
    given = ((name, seconds(fields.pop(keyword, None))) for keyword, name in names.items())
    return {name: value for name, value in given if value is not None}


def seconds(duration: Any) -> Any:
    """A `timedelta` in seconds; anything else as it is."""
    total_seconds = getattr(duration, "total_seconds", None)
    return duration if total_seconds is None else total_seconds()


def body(request: Any, fields: dict[str, Any]) -> Any:
    """A request with a state as the API has it, put together from what a caller has given."""
    whole: Any = {"content_state": request} if isinstance(request, Record) else _members(request)
    if not isinstance(whole, dict):
        # For the core to refuse.
        return whole
    state = {}
    for name, value in fields.items():
        if value is None:
            continue
        if name in _OF_A_STATE:
            state[name] = value
            # When it leaves may stand beside the state, too.
            whole.pop(name, None)
        elif name == "state_extra":
            state["extra"] = value
        elif name == "content_state":
            whole[name] = _merged(whole.get(name), value)
        else:
            whole[name] = value
    if state:
        whole["content_state"] = _merged(whole.get("content_state"), state)
    return _with_slugs(whole)


def flat(request: Any, fields: dict[str, Any], alone: str) -> dict[str, Any]:
    """A request without a state. What is no object is the field `alone` of one."""
    whole = _members(request)
    if not isinstance(whole, dict):
        whole = {alone: whole}
    whole.update((name, value) for name, value in fields.items() if value is not None)
    return _with_slugs(whole)


def _members(request: Any) -> Any:
    """An object as a dict of its own; what is none as it is."""
    if request is None:
        return {}
    if isinstance(request, Record) or is_model(request):
        return like_json(request)
    return dict(request) if hasattr(request, "keys") else request


def _with_slugs(whole: dict[str, Any]) -> dict[str, Any]:
    channels = whole.get("channels")
    if channels is not None:
        whole["channels"] = _slugs(channels)
    return whole


def _slugs(channels: Any) -> Any:
    """Channels as the official SDK takes them: also as one text with commas, and with blanks around and between them.
    Where none is left, or one is not a text, the core refuses them.
    """
    if isinstance(channels, str):
        channels = channels.split(",")
    elif not isinstance(channels, (list, tuple)) or not all(isinstance(slug, str) for slug in channels):
        return channels
    return [slug.strip() for slug in channels if slug.strip()]


def _merged(state: Any, changes: Any) -> Any:
    """A state with some of its fields replaced."""
    if state is None:
        return changes
    both = []
    for part in (state, changes):
        if isinstance(part, Record) or is_model(part):
            part = like_json(part)
        elif not hasattr(part, "keys"):
            raise TypeError(f"content_state must be a dict or a state to be combined, not {type(part).__name__}")
        both.append(part)
    return {**both[0], **both[1]}
