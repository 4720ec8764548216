"""Commands at Discord: their translations, syncing them when they change, and their ids."""

import asyncio
import hashlib
import json
from functools import cache
from pathlib import Path

import discord
import structlog
import yaml
from discord import Locale
from discord.app_commands import TranslationContextLocation, TranslationContextTypes, Translator, locale_str

from bot.discord.client_base import Client
from bot.state.notes import drop_note, keep_note, read_note

log = structlog.get_logger("gapbrief.discord")


# ---- translations


CATALOGUE = Path(__file__).with_name("locales.yml")
LANGUAGES = {
    Locale.german: "de",
    Locale.spain_spanish: "es",
    Locale.latin_american_spanish: "es",
    Locale.french: "fr",
    Locale.italian: "it",
    Locale.brazil_portuguese: "pt-BR",
    Locale.japanese: "ja",
}
"""The catalogue's language for each of Discord's locales; all others show English."""
SECTIONS = {
    TranslationContextLocation.command_name: "names",
    TranslationContextLocation.group_name: "names",
    TranslationContextLocation.parameter_name: "names",
    TranslationContextLocation.command_description: "descriptions",
    TranslationContextLocation.group_description: "descriptions",
    TranslationContextLocation.parameter_description: "descriptions",
    TranslationContextLocation.choice_name: "choices",
}


@cache
def read_catalogue() -> dict[str, dict[str, dict[str, str]]]:
    """Return the translations by section, English text and language."""
    catalogue: dict[str, dict[str, dict[str, str]]] = yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))
    return catalogue


class CatalogueTranslator(Translator):
    """Translates commands; texts without a translation stay English."""

    async def translate(self, string: locale_str, locale: Locale, context: TranslationContextTypes) -> str | None:
        """Return the catalogue's translation."""
        language, section = LANGUAGES.get(locale), SECTIONS.get(context.location)
        if language is None or section is None:
            return None
        return read_catalogue()[section].get(string.message, {}).get(language)


# ---- syncing


def commands_hash(bot: Client) -> str:
    """Return a hash of all command payloads and translations."""
    commands = [command.to_dict(bot.tree) for command in bot.tree.get_commands()]
    commands.sort(key=lambda command: (command["type"], command["name"]))
    text = json.dumps(commands, sort_keys=True, default=str).encode()
    return hashlib.sha256(text + CATALOGUE.read_bytes()).hexdigest()


async def sync_if_changed(bot: Client) -> bool:
    """Sync the commands if they changed since the last sync; return whether they did."""
    name, current_hash = f"commands:{bot.application_id}", commands_hash(bot)
    if await asyncio.to_thread(read_note, bot.services.state, name) == current_hash:
        return False
    log.info("commands told to Discord", commands=await sync(bot))
    return True


async def sync(bot: Client, guild: discord.abc.Snowflake | None = None) -> int:
    """Sync the commands, globally or on one server at once; return their number."""
    if guild is not None:
        bot.tree.copy_global_to(guild=guild)
    synced = await bot.tree.sync(guild=guild)
    ids = {command.name: command.id for command in synced if command.type is discord.AppCommandType.chat_input}
    ids_note = _ids_note(bot, guild.id if guild else None)
    await asyncio.to_thread(keep_note, bot.services.state, ids_note, json.dumps(ids))
    if guild is None:
        await asyncio.to_thread(keep_note, bot.services.state, f"commands:{bot.application_id}", commands_hash(bot))
    return len(synced)


async def clear(bot: Client, guild: discord.abc.Snowflake) -> None:
    """Remove one server's own commands; global commands stay."""
    bot.tree.clear_commands(guild=guild)
    await bot.tree.sync(guild=guild)
    await forget_ids(bot, guild.id)


async def command_ids(bot: Client, guild_id: int | None) -> dict[str, int]:
    """Return the command ids on a server: its own commands' where it has any."""
    ids: dict[str, int] = {}
    for place in (None, guild_id):
        stored = await asyncio.to_thread(read_note, bot.services.state, _ids_note(bot, place))
        ids |= json.loads(stored or "{}")
    return ids


async def forget_ids(bot: Client, guild_id: int) -> None:
    """Forget the ids of a server's own commands."""
    await asyncio.to_thread(drop_note, bot.services.state, _ids_note(bot, guild_id))


def mention(command: str, ids: dict[str, int]) -> str:
    """Return a clickable mention of a command, or its name if its id is unknown."""
    command_id = ids.get(command.partition(" ")[0])
    return f"**/{command}**" if command_id is None else f"</{command}:{command_id}>"


def _ids_note(bot: Client, guild_id: int | None) -> str:
    return f"command ids:{bot.application_id}" + (f":{guild_id}" if guild_id else "")
