"""The turn to begin a session with Discord, which lets few begin at a time, however many processes there are.

It lets `max_concurrency` begin within five seconds, and no two of the same rate limit key: a shard's number modulo
`max_concurrency` (docs.discord.com/developers/events/gateway). So each key is a lease of five seconds.
"""

import asyncio
import secrets
from datetime import timedelta

import aiohttp
import discord
import structlog

from bot.discord.client_base import Client
from bot.state import leases
from core.errors import GapbriefError

log = structlog.get_logger("gapbrief.discord")

_APART = timedelta(seconds=5.5)
"""A little longer, as what is said later may arrive sooner."""
_LOOK_SECONDS = 0.25


async def turn(bot: Client, shard_id: int) -> None:
    """Wait until a shard may identify; where it can't be known when, as long as Discord's own limit."""
    owner = secrets.token_hex(8)  # each turn is somebody else's

    def hold(lease: str) -> bool:
        return leases.hold(bot.services.state, lease, owner, discord.utils.utcnow(), _APART)

    try:
        limits = await bot.fetch_session_start_limits()
        while not await asyncio.to_thread(hold, f"identify {shard_id % limits.max_concurrency}"):
            await asyncio.sleep(_LOOK_SECONDS)
    except (GapbriefError, discord.DiscordException, aiohttp.ClientError) as error:
        log.warning("a shard waits for no other process's", shard=shard_id, reason=str(error))
        await asyncio.sleep(_APART.total_seconds())
