"""Who goes first: answers before pictures, so that all of hundreds who ask at once have their figures soon."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

_PICTURES = 16
"""How many pictures go at a time."""
_PATIENCE_SECONDS = 2.0
"""How long a picture lets answers go first."""


class SendPriority:
    """Lets pictures wait, a while at most, until no answer is on its way."""

    def __init__(self) -> None:
        self._answers = 0
        self._none = asyncio.Event()
        self._none.set()
        self._few = asyncio.Semaphore(_PICTURES)

    @contextmanager
    def answer(self) -> Iterator[None]:
        """Send a first answer within this."""
        self._answers += 1
        self._none.clear()
        try:
            yield
        finally:
            self._answers -= 1
            if not self._answers:
                self._none.set()

    @asynccontextmanager
    async def picture(self) -> AsyncIterator[None]:
        """Wait for one's turn, then send a picture within this."""
        async with self._few:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._none.wait(), _PATIENCE_SECONDS)
            yield
