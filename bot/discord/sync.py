"""Telling Discord the commands: only when they changed, by a hash kept in the state."""

import asyncio
import hashlib
import json

import discord
import structlog

from bot.discord.client_base import Client
from bot.state.notes import keep_note, note

log = structlog.get_logger("gapbrief.discord")


def commands_hash(bot: Client) -> str:
    """Return a hash of all commands as Discord would be told them."""
    told = [command.to_dict(bot.tree) for command in bot.tree.get_commands()]
    told += [menu.to_dict(bot.tree) for menu in bot.tree.get_commands(type=discord.AppCommandType.message)]
    told.sort(key=lambda each: (each["type"], each["name"]))
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


async def sync_if_changed(bot: Client) -> bool:
    """Tell Discord the commands where they differ from what it was last told; return whether it was."""
    name, wanted = f"commands:{bot.application_id}", commands_hash(bot)
    if await asyncio.to_thread(note, bot.services.state, name) == wanted:
        return False
    log.info("commands told to Discord", commands=await sync(bot))
    return True


async def sync(bot: Client, guild: discord.abc.Snowflake | None = None) -> int:
    """Tell Discord the commands, everywhere or on one server at once; return how many."""
    if guild is not None:
        bot.tree.copy_global_to(guild=guild)
    told = await bot.tree.sync(guild=guild)
    if guild is None:
        await asyncio.to_thread(keep_note, bot.services.state, f"commands:{bot.application_id}", commands_hash(bot))
    return len(told)


async def clear(bot: Client, guild: discord.abc.Snowflake) -> None:
    """Take back what one server was told for itself; what was told everywhere stays."""
    bot.tree.clear_commands(guild=guild)
    await bot.tree.sync(guild=guild)
