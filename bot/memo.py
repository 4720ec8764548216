"""The memory of what takes long to make: made once however many ask meanwhile, what nobody asks for forgotten first."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Memo(Generic[K, V]):
    """What was made, by what it was made of: so much of it as `most` says, by default so many values."""

    def __init__(self, most: float, size: Callable[[V], int] = lambda _: 1) -> None:
        self.values: OrderedDict[K, V] = OrderedDict()
        self._most, self._size = most, size
        self._making: dict[K, asyncio.Task[V]] = {}

    def at_hand(self, key: K) -> V | None:
        """Return the value that is in memory, if any."""
        if key in self.values:
            self.values.move_to_end(key)
        return self.values.get(key)

    def keep(self, key: K, value: V) -> None:
        """Take a value into memory; the one asked for longest ago makes room."""
        self.values[key] = value
        while sum(map(self._size, self.values.values())) > self._most:
            self.values.popitem(last=False)

    async def get(self, key: K, make: Callable[[], Awaitable[V]], is_kept: Callable[[V], bool] = lambda _: True) -> V:
        """Return a value from memory, else make it, or wait for whoever makes it already."""
        value = self.at_hand(key)
        if value is not None:
            return value
        if key not in self._making:
            self._making[key] = asyncio.create_task(self._make(key, make, is_kept))
            self._making[key].add_done_callback(lambda _: self._making.pop(key))
        return await asyncio.shield(self._making[key])

    async def _make(self, key: K, make: Callable[[], Awaitable[V]], is_kept: Callable[[V], bool]) -> V:
        value = await make()
        if is_kept(value):
            self.keep(key, value)
        return value
