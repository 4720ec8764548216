"""Keeps the client within the requests a second that Discord takes from a bot."""

import asyncio
from typing import Any

from aiohttp import ClientSession, TraceConfig

_SECOND = 1.0
_UNLIMITED = ("/interactions/", "/webhooks/")
"""Answers to interactions don't count at Discord, and are never kept waiting."""


class RequestLimit(TraceConfig):
    """Lets at most so many requests begin a second as Discord counts them, however late each reaches it.

    A request holds its place until a second after its answer: Discord had it before, so no second of Discord's clock
    has more requests than there are places.
    """

    def __init__(self, per_second: int) -> None:
        super().__init__()
        self._places = asyncio.Semaphore(per_second)
        self.on_request_start.append(self._take_place)
        self.on_request_end.append(self._give_back)
        self.on_request_exception.append(self._give_back)

    async def _take_place(self, _session: ClientSession, request: Any, parameters: Any) -> None:
        request.is_limited = not any(part in parameters.url.path for part in _UNLIMITED)
        if request.is_limited:
            await self._places.acquire()

    async def _give_back(self, _session: ClientSession, request: Any, _parameters: Any) -> None:
        if request.is_limited:
            asyncio.get_running_loop().call_later(_SECOND, self._places.release)
