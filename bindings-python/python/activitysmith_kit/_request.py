"""Puts a request together from what a caller has given, in any of the forms. It checks nothing: the core does, and
finds everything at once.
"""

from __future__ import annotations

from ._json import is_model, like_json
from ._record import Record
from .helpers import _OF_THE_REQUEST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# The options of calls and of publishers, with the core's names.
CALL = {"timeout": "timeout_seconds", "max_retries": "max_retries"}
PUBLISHING = {name: f"{name}_seconds" for name in ("min_interval", "flush_timeout", "show_after")}


def taken(fields: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """Takes options out of keywords, and gives them by the core's names."""
    given = ((name, seconds(fields.pop(keyword, None))) for keyword, name in names.items())
    return {name: value for name, value in given if value is not None}


def seconds(duration: Any) -> Any:
    """A `timedelta` in seconds; anything else as it is."""
    total_seconds = getattr(duration, "total_seconds", None)
    return duration if total_seconds is None else total_seconds()


def body(request: Any, fields: dict[str, Any]) -> Any:
    """The request as the API has it, put together from what a caller has given."""
    if isinstance(request, Record):
        whole: Any = {"content_state": request}
    elif request is None:
        whole = {}
    elif hasattr(request, "keys"):
        whole = dict(request)
    elif is_model(request):
        whole = like_json(request)
    else:
        # For the core to refuse.
        return request
    if fields:
        state = {}
        for name, value in fields.items():
            if value is None:
                continue
            if name in _OF_THE_REQUEST:
                whole[name] = value
            elif name == "content_state":
                whole[name] = _merged(whole.get(name), value)
            elif name == "state_extra":
                state["extra"] = value
            else:
                state[name] = value
        if state:
            whole["content_state"] = _merged(whole.get("content_state"), state)
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
