"""`dataclass` without the part that costs the most at start-up.

For the type checker it is `dataclasses.dataclass`, and `frozen=True` means what it means there. At run time a frozen
class refuses no assignment: the two functions that would do so take half of the time in which a class is defined, and a
process that answers one question defines 80 classes.
"""

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(*, frozen: bool = False, eq: bool = True, **options: bool) -> Callable[[type], type]:
        """Define a dataclass; a frozen one has a hash of its fields if it is compared by them."""
        return dataclasses.dataclass(eq=eq, unsafe_hash=frozen and eq, **options)
