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


def encode(value: Any) -> bytes:
    """A value as JSON."""
    try:
        return _text(value).encode()
    except (ValueError, TypeError, RecursionError):
        # A number that is none, half a character, a loop: rare, so looked for only where the quick way has failed.
        from ._unusual import replaced

        return _text(replaced(value)).encode()


def decode(text: bytes) -> Any:
    """What the core has written."""
    return _value(text.decode())


def unsupported(value: object) -> dict[str, str]:
    """The marker for a value that JSON has nothing for."""
    name = type(value).__name__
    if name in ("bytes", "NoneType"):
        return {UNSUPPORTED: name}
    return {UNSUPPORTED: f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"}


def _unlike_json(value: Any) -> Any:
    """What stands for an object that is none of JSON's own."""
    if isinstance(value, Record):
        return value._members()
    from collections.abc import Mapping, Sequence

    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray, memoryview)):
        return list(value)
    try:
        return value.__index__()
    except Exception:
        return unsupported(value)


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
                make_encoder({}, _unlike_json, encode_basestring, None, ":", ",", False, False, False)(value, 0)
            )

        def value(text: str) -> Any:
            return scan(text, 0)[0]

        if value(text({"a": [1.5, None]})) == {"a": [1.5, None]}:
            return text, value
    except (ImportError, TypeError, AttributeError):
        pass
    import json

    encoder = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_unlike_json)
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
