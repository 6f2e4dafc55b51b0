"""Replaces what JSON cannot hold by the markers that the core reads. Loaded only when something is out of order."""

from __future__ import annotations

import math

from ._json import BEYOND, DEEPEST, UNSUPPORTED, like_json, unsupported

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def replaced(value: Any, above: tuple[int, ...] = ()) -> Any:
    """The value with a marker for each part that JSON cannot hold. `above` are the containers that it stands in."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value if _is_text(value) else {UNSUPPORTED: "a string with half a surrogate pair"}
    if isinstance(value, float):
        # NaN and the infinities, by their names.
        return value if math.isfinite(value) else {UNSUPPORTED: repr(float(value))}
    if isinstance(value, int):
        return max(-BEYOND, min(int(value), BEYOND))
    if id(value) in above:
        return {UNSUPPORTED: f"{unsupported(value)[UNSUPPORTED]} that contains itself"}
    if len(above) == DEEPEST:
        return {UNSUPPORTED: f"nested more than {DEEPEST} levels deep"}
    above += (id(value),)
    if isinstance(value, dict):
        return _members(value, above)
    if isinstance(value, (list, tuple)):
        return [replaced(item, above) for item in value]
    return replaced(like_json(value), above)


def _members(value: dict[Any, Any], above: tuple[int, ...]) -> dict[str, Any]:
    members, misnamed = {}, {}
    for name, member in value.items():
        if not isinstance(name, str):
            kind = "None" if name is None else unsupported(name)[UNSUPPORTED]
            misnamed[_shown(name)] = {UNSUPPORTED: f"under a name that is not a string but {kind}"}
        elif not _is_text(name):
            shown = name.encode("utf-8", "backslashreplace").decode()
            misnamed[shown] = {UNSUPPORTED: "under a name with half a surrogate pair"}
        else:
            members[name] = replaced(member, above)
    # These last: a sound name that looks the same must not hide one.
    return {**members, **misnamed}


def _shown(name: Any) -> str:
    """A name that is not a string, for a path."""
    if name is None or isinstance(name, (bool, float)) or (isinstance(name, int) and abs(name) <= BEYOND):
        return str(name)
    return type(name).__name__


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
