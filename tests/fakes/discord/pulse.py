"""Waiting until something holds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

LOOK_EVERY = 0.005
PATIENCE = 60.0
"""Seconds to wait for what should come: a machine may be busy with other things."""


async def until(holds: Callable[[], object], timeout: float, what: str) -> None:
    """Wait until `holds` is true, looking every few milliseconds.

    Raises:
        TimeoutError: It wasn't in time; names `what` was waited for.
    """
    try:
        async with asyncio.timeout(timeout):
            while not holds():
                await asyncio.sleep(LOOK_EVERY)
    except TimeoutError:
        raise TimeoutError(f"{what} did not come within {timeout:g} s") from None


class Pulse:
    """The same for hundreds that wait at once: a condition is tried anew only when the pulse beats."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def beat(self) -> None:
        """Say that something has changed."""
        for future in self._waiting:
            if not future.done():
                future.set_result(None)

    async def until(self, holds: Callable[[], object], timeout: float, what: str) -> None:
        """Wait until `holds` is true.

        Raises:
            TimeoutError: It wasn't in time; names `what` was waited for.
        """
        try:
            async with asyncio.timeout(timeout):
                while not holds():
                    await self._next_beat()
        except TimeoutError:
            raise TimeoutError(f"{what} did not come within {timeout:g} s") from None

    async def _next_beat(self) -> None:
        future = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            await future
        finally:
            self._waiting.discard(future)
