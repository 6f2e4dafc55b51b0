"""Refuses to copy and to pickle what holds or reaches a handle of the native library: a copy would free the handle a
second time, and in another process it points to nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import ClassVar, NoReturn, SupportsIndex


class Uncopied:
    """Cannot be copied or pickled. `copy` and `pickle` both ask `__reduce_ex__` first."""

    __slots__ = ()
    # What to do instead.
    _instead: ClassVar[str] = "create one in each process"

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError(f"{type(self).__name__} cannot be copied or pickled; {self._instead}")


def refuse_copies(generated: type) -> None:
    """Has a class refuse the same whose text is generated."""

    def __reduce_ex__(self: object, protocol: SupportsIndex) -> NoReturn:
        raise TypeError(f"{type(self).__name__} cannot be copied or pickled; create a client in each process")

    generated.__reduce_ex__ = __reduce_ex__  # type: ignore[assignment, method-assign]
