"""What the generated classes have in common: plain data, in which `None` means not set. No rule of the API is here."""

from __future__ import annotations

TYPE_CHECKING = False
if not TYPE_CHECKING:
    # `typing` takes its time to load, and only type checkers need it.
    A = R = None

    class Generic:
        def __class_getitem__(cls, _):
            return cls


if TYPE_CHECKING:
    from typing import Any, ClassVar, TypeVar
    from typing import Generic as Generic

    A = TypeVar("A", covariant=True)
    R = TypeVar("R", covariant=True)


class Record:
    """Named fields, to be read, changed, compared, copied and pickled; not hashed, since equal ones can become
    different.
    """

    __slots__: tuple[str, ...] = ()
    # Not the slots themselves, since a subclass may have its own.
    _fields: ClassVar[tuple[str, ...]] = ()

    def to_dict(self) -> dict[str, Any]:
        """What is set, as plain JSON values."""
        return {name: _plain(value) for name, value in self._members().items()}

    def model_dump(self) -> dict[str, Any]:
        """The official SDK's other name for `to_dict`."""
        return self.to_dict()

    def _members(self) -> dict[str, Any]:
        """What is set, as it is, with the API's `type` where there is one."""
        members = {name: getattr(self, name) for name in self._fields}
        members["type"] = getattr(self, "type", None)
        return {name: value for name, value in members.items() if value is not None}

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self._fields)

    def __repr__(self) -> str:
        fields = ((name, getattr(self, name)) for name in self._fields)
        # An empty `extra` is as good as none; an empty list of tags is not.
        shown = (f"{name}={value!r}" for name, value in fields if value is not None and (value or name != "extra"))
        return f"{type(self).__name__}({', '.join(shown)})"


def _plain(value: Any) -> Any:
    if isinstance(value, Record):
        return value.to_dict()
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: _plain(member) for name, member in value.items()}
    return value
