"""Where more is asked for than can be done, work has turns, and who would wait long is told to come back."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from bot.web.replies import BusyError

T = TypeVar("T")

_FEW, _SOON = 4, 1.0
"""Beside more requests than so few, one waits for long work for so many seconds."""
REQUESTS: "ContextVar[Turns | None]" = ContextVar("REQUESTS", default=None)
"""The turns of requests, where something is done for one of them; what is done ahead has none."""


class Turns:
    """So much work of a kind at a time; who finds `most` waiting, or has waited for `seconds`, is told to come back.

    `calm` is for work that takes long: where more requests are under way, none of them has such work begun.
    """

    def __init__(self, at_once: int, most: int, seconds: float, calm: int | None = None) -> None:
        self.most, self.seconds, self.calm = most, seconds, calm
        self._free = asyncio.Semaphore(at_once)
        self._waiting = self.taken = 0
        self._late: set[asyncio.Task[Any]] = set()

    async def do(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do work in a turn; raises BusyError where there is none in time, or it takes long and others ask meanwhile.

        Work that was begun goes on: who asks again finds it done.
        """
        requests = REQUESTS.get()
        doing = asyncio.create_task(self._done(work))
        if requests is None or requests.taken <= _FEW:
            return await doing
        done, _ = await asyncio.wait([doing], timeout=_SOON)
        if not done:
            self._late.add(doing)
            doing.add_done_callback(self._ended)
            raise BusyError
        return doing.result()

    async def _done(self, work: Callable[[], Awaitable[T]]) -> T:
        async with self.turn():
            return await work()

    def _ended(self, late: asyncio.Task[Any]) -> None:
        """Forget work that nobody waits for any more, and what it raised."""
        self._late.discard(late)
        _ = late.cancelled() or late.exception()

    @asynccontextmanager
    async def turn(self, since: float | None = None) -> AsyncIterator[None]:
        """Wait for a turn; raises BusyError where there is none in time.

        `since` is when the waiting began, by the monotonic clock: now unless it is given.
        """
        left = self.seconds - (0.0 if since is None else time.monotonic() - since)
        requests = REQUESTS.get()
        is_calm = self.calm is None or requests is None or requests.taken <= self.calm
        if left <= 0 or not is_calm or (self._free.locked() and self._waiting >= self.most):
            raise BusyError
        self._waiting += 1
        try:
            async with asyncio.timeout(left):
                await self._free.acquire()
        except TimeoutError:
            raise BusyError from None
        finally:
            self._waiting -= 1
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1
            self._free.release()
