"""JSON to and from the core: what Python holds becomes text, and the core's answers become dicts. It judges nothing.

What JSON cannot hold goes over as a marker, so that the core reports it with its path among all else that is wrong.
"""

from __future__ import annotations

from math import isfinite

from ._record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# Stands for a value that JSON has nothing for; the core reads it.
UNSUPPORTED = "$activitysmith_kit::unsupported"
# How many lists and objects may stand within one another; the core reads one level more, which a marker may need.
DEEPEST = 126
# The first integer that no 64 bits hold, which stands for all beyond. The core takes it for one of those.
BEYOND = 2**64
# Kinds of numpy's types that can be converted to `float` all the same.
_NO_NUMBERS = frozenset("bcSU")


def encode(value: Any) -> bytes:
    """A value as JSON."""
    return _text(_plain(value)).encode()


def decode(text: bytes) -> Any:
    """What the core has written."""
    return _value(text.decode())


def unsupported(value: object) -> dict[str, str]:
    """The marker for a value that JSON has nothing for."""
    name = type(value).__name__
    if name == "bytes":
        return {UNSUPPORTED: name}
    if isinstance(value, type):
        return {UNSUPPORTED: f"the class {value.__name__}, not an instance"}
    return {UNSUPPORTED: f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"}


def is_model(value: Any) -> bool:
    """Whether it is one of the official SDK's generated models, or another of pydantic's."""
    return isinstance(getattr(value, "model_fields_set", None), set)


def like_json(value: Any) -> Any:
    """What stands for an object that is not one of JSON's own."""
    if isinstance(value, Record):
        return value._members()
    if is_model(value):
        members = {name: getattr(value, name) for name in value.model_fields_set}
        # What the official SDK wraps up where the API takes one of several types.
        return members.get("actual_instance", members)
    from collections.abc import Mapping, Sequence

    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray, memoryview)):
        return list(value)
    found = number(value)
    return unsupported(value) if found is None else found


def number(value: Any) -> int | float | None:
    """The number that an object of another library is, if it is one; a whole number keeps all its digits."""
    # What numpy calls a number and is none: flags, complex numbers, bytes, text.
    if isinstance(value, (bytes, bytearray)) or getattr(getattr(value, "dtype", None), "kind", "f") in _NO_NUMBERS:
        return None
    for convert, kind in ("__index__", int), ("__float__", float):
        try:
            found = getattr(value, convert)()
        except OverflowError:
            return float("inf")
        except Exception:
            continue
        if isinstance(found, kind):
            return found
    return None


def _plain(value: Any, above: tuple[int, ...] = ()) -> Any:
    """The value with a marker for each part that JSON cannot hold. `above` are the containers that it stands in."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value if _is_text(value) else {UNSUPPORTED: "a string with half a surrogate pair"}
    if isinstance(value, float):
        # NaN and the infinities, by their names.
        return value if isfinite(value) else {UNSUPPORTED: repr(float(value))}
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
        return [_plain(item, above) for item in value]
    return _plain(like_json(value), above)


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
            members[name] = _plain(member, above)
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


def _codec() -> tuple[Callable[[Any], str], Callable[[str], Any]]:
    """The half of the package `json` that is written in C, without its other half: that takes as long to import as all
    else that a call needs together. Where the first half is not what it has long been, the package itself does.
    """
    try:
        from _json import encode_basestring, make_encoder, make_scanner

        scan = make_scanner(_Scanning)  # type: ignore[arg-type]
        make = make_encoder(None, None, encode_basestring, None, ":", ",", False, False, False)  # type: ignore[arg-type]

        def text(value: Any) -> str:
            return "".join(make(value, 0))

        def value(text: str) -> Any:
            return scan(text, 0)[0]

        if value(text({"a": [1.5, None]})) == {"a": [1.5, None]}:
            return text, value
    except (ImportError, TypeError, AttributeError):
        pass
    import json

    return json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode, json.loads


class _Scanning:
    """How the scanner reads."""

    strict = True
    object_hook = None
    object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = None


_text, _value = _codec()
