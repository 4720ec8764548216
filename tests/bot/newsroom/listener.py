"""A webhook's address on loopback: it answers as it is told, and keeps what it was told."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass
class Listener:
    """What came, as headers and body, the oldest first; `seconds` pass before each answer."""

    answer: Callable[[], web.Response] = web.Response
    seconds: float = 0.0
    url: str = ""
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def events(self) -> list[dict[str, Any]]:
        """What it was told, read."""
        return [json.loads(body) for _, body in self.requests]

    async def take(self, request: web.Request) -> web.Response:
        self.requests.append((dict(request.headers), await request.read()))
        await asyncio.sleep(self.seconds)
        return self.answer()


@asynccontextmanager
async def serving(take: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[str]:
    """Serve every path of an address on loopback by one function; yield the address."""
    app = web.Application(client_max_size=10_000_000)
    app.router.add_route("*", "/{tail:.*}", take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def listening() -> AsyncIterator[Listener]:
    """Serve such an address."""
    listener = Listener()
    async with serving(listener.take) as address:
        listener.url = f"{address}/hook"
        yield listener
