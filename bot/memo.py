"""A cache of expensive values for asyncio: each is made once for all who ask; the least recently used goes first."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Memo(Generic[K, V]):
    """Values by key, up to a total size of `most`; by default each value has size 1."""

    def __init__(self, most: float, size: Callable[[V], int] = lambda _: 1) -> None:
        self.values: OrderedDict[K, V] = OrderedDict()
        self._most, self._size = most, size
        self._making: dict[K, asyncio.Task[V]] = {}

    def cached(self, key: K) -> V | None:
        """Return the cached value, if any."""
        if key in self.values:
            self.values.move_to_end(key)
        return self.values.get(key)

    def put(self, key: K, value: V) -> None:
        """Cache a value, evicting the least recently used ones."""
        self.values[key] = value
        while sum(map(self._size, self.values.values())) > self._most:
            self.values.popitem(last=False)

    async def get(self, key: K, make: Callable[[], Awaitable[V]], is_final: Callable[[V], bool] = lambda _: True) -> V:
        """Return the cached value, else make it, or wait for a caller that is making it already."""
        value = self.cached(key)
        if value is not None:
            return value
        if key not in self._making:
            self._making[key] = asyncio.create_task(self._make(key, make, is_final))
            self._making[key].add_done_callback(lambda _: self._making.pop(key))
        return await asyncio.shield(self._making[key])

    async def _make(self, key: K, make: Callable[[], Awaitable[V]], is_final: Callable[[V], bool]) -> V:
        value = await make()
        if is_final(value):
            self.put(key, value)
        return value
