"""The servers that the bot is in, noted in the state: so a removal while it was away is noticed at its next start."""

import asyncio
import json

import structlog

from bot.discord.client_base import Client
from bot.discord.sync import forget_ids
from bot.state import notes

log = structlog.get_logger("gapbrief.discord")


async def forget_removed(bot: Client) -> None:
    """Note the servers that the bot is in by now, and forget what those set that it was in before and is not any more.

    Only what this application was in counts, and what is in this process's shards: another's servers, and those that an
    operator set up for, stay.
    """
    name = f"servers of {bot.application_id}"
    noted = await asyncio.to_thread(notes.note, bot.services.state, name)
    before, here = _ids(noted), {guild.id for guild in bot.guilds}
    gone = {each for each in before - here if bot.held is None or bot.held.has(each)}
    if gone:  # Discord's list is asked too, as what it tells at a start may be short in an outage
        gone -= {guild.id async for guild in bot.fetch_guilds(limit=None, with_counts=False)}
    for guild_id in gone:
        log.info("a server removed us; what it set is forgotten", guild=guild_id)
        await bot.channels.forget(guild_id)
        await forget_ids(bot, guild_id)
    if gone or here - before:
        await asyncio.to_thread(
            notes.change, bot.services.state, name, lambda note: json.dumps(sorted(_ids(note) - gone | here))
        )


def _ids(noted: str | None) -> set[int]:
    return set(json.loads(noted or "[]"))
