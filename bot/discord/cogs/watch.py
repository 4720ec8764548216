"""`/watch` and `/watching`: being told of milestones about a model, a lab, a test or a field of work."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord import autocomplete, buttons, channels, limits
from bot.discord.client_base import Interaction
from bot.discord.newsroom import handlers
from bot.discord.newsroom.handlers import with_state
from bot.discord.responses import in_time, respond
from bot.state import watches
from core.errors import UsageError
from core.names.names import OFFERED, Name, find
from core.words import or_list, quote

_LONGEST = 100


class Watching(commands.Cog):
    """What a person, or a server's channel, is told of."""

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
        """Let the person, or a channel that a moderator names, watch something."""
        subject = _find(interaction.client.services.answers.names.subjects, what)
        target, guild_id = await _target(interaction, channel), interaction.guild_id if channel else None
        added = with_state(interaction.client, watches.add, target, subject.key[0], subject.shown, guild_id=guild_id)
        is_new = await in_time(interaction, added, private=True)
        where = f"<#{channel.id}> gets a line" if channel else "You get a private message"
        shown, so = limits.escape(subject.shown), "" if is_new else ", as before"
        sentence = f"{where} as soon as {shown} has a milestone{so}. /watching ends it."
        await respond(interaction, content=sentence, private=True)

    @app_commands.command(description="What you watch, with a button to end each.")
    @app_commands.describe(channel="For moderators: what this channel watches")
    async def watching(self, interaction: Interaction, channel: discord.TextChannel | None = None) -> None:
        """List what the person, or a channel, watches."""
        target = await _target(interaction, channel)
        watched = await in_time(interaction, with_state(interaction.client, watches.list_watches, target), private=True)
        await respond(interaction, **buttons.list_watches(watched), private=True)


def _find(known: list[Name], typed: str) -> Name:
    """Return what can be watched by a name; raises UsageError where none is meant, or several are."""
    try:
        return find("side", typed, known)
    except UsageError as error:
        near = error.suggestions[:OFFERED]
        hint = f"did you mean {or_list(near)}?" if near else "choose from what Discord offers as you type."
        raise UsageError(
            f"{quote(typed)} is no single model, lab, test or field of work; {hint}", error.suggestions
        ) from error


async def _target(interaction: Interaction, channel: discord.TextChannel | None) -> str:
    """Return who watches: the person, or a channel if the person moderates and I can post there."""
    if channel is None:
        return f"user:{interaction.user.id}"
    await handlers.check_moderator(interaction)
    if interaction.guild is None:
        raise app_commands.NoPrivateMessage
    checked = await channels.check_postable(interaction.guild, channel.id, discord.TextChannel)
    return f"discord:{checked.id}"
