"""Waiting until something holds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

LOOK_EVERY = 0.005
PATIENCE = 60.0
"""Seconds to wait for what should come: a machine may be busy with other things."""


async def until(holds: Callable[[], object], timeout: float, what: str) -> None:
    """Wait until `holds` is true; raises TimeoutError, which names what was waited for."""
    try:
        async with asyncio.timeout(timeout):
            while not holds():
                await asyncio.sleep(LOOK_EVERY)
    except TimeoutError:
        raise TimeoutError(f"{what} did not come within {timeout:g} s") from None
