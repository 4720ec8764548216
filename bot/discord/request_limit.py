"""Keeps the client within Discord's global rate limit."""

import asyncio
from typing import Any

from aiohttp import ClientSession, TraceConfig

_SECOND = 1.0
_UNLIMITED = ("/interactions/", "/webhooks/")
"""Discord does not count answers to interactions, so they never wait."""


class RequestLimit(TraceConfig):
    """Limits requests a second by Discord's clock, however long each takes to arrive.

    A request keeps its slot until a second after its response. Discord received it before that, so no second of
    Discord's clock has more requests than there are slots.
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
