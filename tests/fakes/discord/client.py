"""The two things a test does with discord.py itself: lead it to the server, and run a client for a while."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.fakes.discord.pulse import PATIENCE

SomeClient = TypeVar("SomeClient", bound=discord.Client)


def point_client(url: str, gateway_url: str) -> Callable[[], None]:
    """Set discord.py's two address constants, and return what puts them back."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = url, yarl.URL(gateway_url)

    def undo() -> None:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before

    return undo


@asynccontextmanager
async def running(client: SomeClient, token: str, timeout: float = PATIENCE) -> AsyncIterator[SomeClient]:
    """Log a client in, wait until it is ready, and close it at the end.

    Raises:
        Exception: Whatever ended the client, at the start or later (a wrong token: `discord.LoginFailure`).
    """
    async with client:
        life = asyncio.create_task(client.start(token))
        ready = asyncio.create_task(client.wait_until_ready())
        try:
            await asyncio.wait({life, ready}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
            if life.done():
                life.result()
            if not ready.done():
                raise TimeoutError(f"the client was not ready within {timeout:g} s")
            yield client
        finally:
            ready.cancel()
            await client.close()
            await asyncio.gather(life, ready, return_exceptions=True)
        if life.exception():
            life.result()
