"""JSON to and from the core: what Python holds becomes text, and the core's answers become dicts. It judges nothing.

What JSON cannot hold goes over as a marker, so that the core reports it with its path among all else that is wrong.
"""

from __future__ import annotations

from ._record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# Stands for a value that JSON has nothing for; the core reads it.
UNSUPPORTED = "$activitysmith_kit::unsupported"
# How many lists and objects may stand within one another; the core reads one level more, which a marker may need.
DEEPEST = 126
# The first integer that no 64 bits hold, which stands for all beyond; the core knows it for one of those.
BEYOND = 2**64
# Kinds of numpy's types that can be converted to `float` all the same.
_NO_NUMBERS = frozenset("bcSU")


def encode(value: Any) -> bytes:
    """A value as JSON."""
    try:
        _check(value)
        text = _text(value)
        # What is nested too deeply has at least as many brackets.
        if text.count("[") + text.count("{") <= DEEPEST:
            return text.encode()
    except (ValueError, TypeError, RecursionError):
        pass
    # NaN, half a character, a loop: rare, so looked for only where the quick way has failed.
    from ._unusual import replaced

    return _text(replaced(value)).encode()


def decode(text: bytes) -> Any:
    """What the core has written."""
    return _value(text.decode())


def unsupported(value: object) -> dict[str, str]:
    """The marker for a value that JSON has nothing for."""
    name = type(value).__name__
    if name == "bytes":
        return {UNSUPPORTED: name}
    return {UNSUPPORTED: f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"}


def _check(value: Any) -> None:
    """Complains of a name that is not a string, since the encoder would turn `None`, flags and numbers into strings,
    and of an integer with more digits than the core reads.
    """
    if isinstance(value, int):
        if not -BEYOND <= value <= BEYOND:
            raise ValueError
        return
    if isinstance(value, dict):
        for name in value:
            if not isinstance(name, str):
                raise TypeError
        value = value.values()
    for item in value:
        if isinstance(item, (dict, list, tuple, int)):
            _check(item)


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


def _converted(value: Any) -> Any:
    """The same for the encoder, which asks for one level at a time."""
    like = like_json(value)
    if isinstance(like, (dict, list, int)):
        _check(like)
    return like


def _codec() -> tuple[Callable[[Any], str], Callable[[str], Any]]:
    """The half of the package `json` that is written in C, without its other half: that takes as long to import as all
    else that a call needs together. Where the first half is not what it has long been, the package itself does.
    """
    try:
        from _json import encode_basestring, make_encoder, make_scanner

        scan = make_scanner(_Scanning)  # type: ignore[arg-type]

        def text(value: Any) -> str:
            # Made anew, since one that has met a circle keeps what it was in.
            return "".join(
                make_encoder({}, _converted, encode_basestring, None, ":", ",", False, False, False)(value, 0)
            )

        def value(text: str) -> Any:
            return scan(text, 0)[0]

        if value(text({"a": [1.5, None]})) == {"a": [1.5, None]}:
            return text, value
    except (ImportError, TypeError, AttributeError):
        pass
    import json

    encoder = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_converted)
    return encoder.encode, json.loads


class _Scanning:
    """How the scanner reads."""

    strict = True
    object_hook = None
    object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = None


_text, _value = _codec()
