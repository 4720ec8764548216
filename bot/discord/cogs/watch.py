"""`/watch` and `/watching`: messages about milestones of a model, lab, test or field of work."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord import autocomplete, buttons, channels, limits
from bot.discord.client_base import Interaction
from bot.discord.newsroom import handlers
from bot.discord.newsroom.handlers import guild_of, with_state
from bot.discord.responses import in_time, respond
from bot.state import watches
from core.errors import UsageError
from core.names.names import OFFERED, Name, find
from core.words import or_list, quote

_LONGEST = 100


class Watching(commands.Cog):
    """Commands for watches."""

    @app_commands.command(description="Get a private message at each milestone of a model, a lab, a test or a field.")
    @app_commands.describe(
        what="A model, a lab, a test or a field of work", channel="For moderators: post it in this channel instead"
    )
    @app_commands.autocomplete(what=autocomplete.complete_subjects)
    async def watch(
        self,
        interaction: Interaction,
        what: app_commands.Range[str, 1, _LONGEST],
        channel: discord.TextChannel | None = None,
    ) -> None:
        """Add a watch for the person, or as a moderator for a channel."""
        subject = _find_subject(interaction.client.services.answers.names.subjects, what)
        target, guild_id = await _find_target(interaction, channel), interaction.guild_id if channel else None
        adding = with_state(interaction.client, watches.add, target, subject.key[0], subject.shown, guild_id=guild_id)
        is_new = await in_time(interaction, adding, private=True)
        recipient = f"<#{channel.id}> gets a line" if channel else "You get a private message"
        name, suffix = limits.escape(subject.shown), "" if is_new else ", as before"
        sentence = f"{recipient} as soon as {name} has a milestone{suffix}. /watching ends it."
        await respond(interaction, content=sentence, private=True)

    @app_commands.command(description="What you watch, with a button to end each.")
    @app_commands.describe(channel="For moderators: what this channel watches")
    async def watching(self, interaction: Interaction, channel: discord.TextChannel | None = None) -> None:
        """List the watches of the person or a channel."""
        target = await _find_target(interaction, channel)
        watched = await in_time(interaction, with_state(interaction.client, watches.list_watches, target), private=True)
        await respond(interaction, **buttons.list_watches(watched), private=True)


def _find_subject(subjects: list[Name], text: str) -> Name:
    """Return the subject of a name; raises UsageError if none or several match."""
    try:
        return find("side", text, subjects)
    except UsageError as error:
        names = error.suggestions[:OFFERED]
        hint = f"did you mean {or_list(names)}?" if names else "choose from what Discord offers as you type."
        raise UsageError(
            f"{quote(text)} is no single model, lab, test or field of work; {hint}", error.suggestions
        ) from error


async def _find_target(interaction: Interaction, channel: discord.TextChannel | None) -> str:
    """Return the watcher: the person, or a channel if a moderator asks and the bot can post there."""
    if channel is None:
        return f"user:{interaction.user.id}"
    await handlers.check_moderator(interaction)
    checked = await channels.check_postable(guild_of(interaction), channel.id, discord.TextChannel)
    return f"discord:{checked.id}"
