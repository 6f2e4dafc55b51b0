"""Replaces what JSON cannot hold by the markers that the core reads. Loaded only when something is out of order."""

from __future__ import annotations

import math

from ._json import UNSUPPORTED, _unlike_json, unsupported

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# As deep as the core reads.
_DEEPEST = 100
# The first integer that no 64 bits hold; the core knows it for one of those.
_BEYOND = 2**64


def replaced(value: Any, above: tuple[int, ...] = ()) -> Any:
    """The value with a marker for each part that JSON cannot hold. `above` are the containers that it stands in."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value if _is_text(value) else {UNSUPPORTED: "a string with half a surrogate pair"}
    if isinstance(value, float):
        # NaN and the infinities, by their names.
        return value if math.isfinite(value) else {"$serde_json::private::Number": repr(float(value))}
    if isinstance(value, int):
        return max(-_BEYOND, min(int(value), _BEYOND))
    if id(value) in above:
        return {UNSUPPORTED: f"{unsupported(value)[UNSUPPORTED]} that contains itself"}
    if len(above) == _DEEPEST:
        return {UNSUPPORTED: f"nested more than {_DEEPEST} levels deep"}
    above += (id(value),)
    if isinstance(value, dict):
        return dict(_member(name, member, above) for name, member in value.items())
    if isinstance(value, (list, tuple)):
        return [replaced(item, above) for item in value]
    return replaced(_unlike_json(value), above)


def _member(name: Any, value: Any, above: tuple[int, ...]) -> tuple[Any, Any]:
    if isinstance(name, str):
        if _is_text(name):
            return name, replaced(value, above)
        shown = name.encode("utf-8", "backslashreplace").decode()
        return shown, {UNSUPPORTED: "under a name with half a surrogate pair"}
    if name is None or isinstance(name, (int, float)):
        return str(name), replaced(value, above)
    return str(type(name).__name__), {UNSUPPORTED: f"under a name that is no string but {type(name).__name__}"}


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
