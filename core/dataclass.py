"""`dataclass` without the part that costs the most at start-up.

For the type checker it is `dataclasses.dataclass`, and `frozen=True` means what it means there. At run time a frozen
class refuses no assignment: the two functions that would do so take half of the time in which a class is defined, and a
process that answers one question defines 80 classes. All classes share one `__repr__`, for the same reason.
"""

import dataclasses
import reprlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(*, frozen: bool = False, eq: bool = True, **options: bool) -> Callable[[type], type]:
        """Define a dataclass; a frozen one has a hash of its fields if it is compared by them."""

        def define(cls: type) -> type:
            if "__repr__" not in vars(cls):
                cls.__repr__ = _represent
            return dataclasses.dataclass(cls, eq=eq, unsafe_hash=frozen and eq, repr=False, **options)

        return define

    @reprlib.recursive_repr()
    def _represent(self: Any) -> str:
        shown = (f"{field.name}={getattr(self, field.name)!r}" for field in dataclasses.fields(self) if field.repr)
        return f"{type(self).__qualname__}({', '.join(shown)})"
