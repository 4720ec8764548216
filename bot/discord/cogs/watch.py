"""`/watch` and `/watching`: being told of milestones about a model, a lab, a test or a field of work."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord import autocomplete, components, limits, render
from bot.discord.client_base import Client, Interaction
from bot.discord.components import DynamicComponent
from bot.discord.newsroom import channel_checks, rights
from bot.discord.newsroom.handlers import with_state
from bot.discord.responses import in_time, respond
from bot.state import watches
from bot.state.watches import Watch
from core.errors import UsageError
from core.names.names import OFFERED, Name, find
from core.words import or_list, quote

_LONGEST = 100
_GONE = "That is not watched any more; /watching lists what is."
_NONE = (
    "watched yet. /watch follows a model, a lab, a test or a field of work: a message as soon as it has a milestone."
)


class Watching(commands.Cog):
    """What a person, or a server's channel, is told of."""

    @app_commands.command(description="Get a private message at each milestone of a model, a lab, a test or a field.")
    @app_commands.describe(
        name="A model, a lab, a test or a field of work", channel="For moderators: post it in this channel instead"
    )
    @app_commands.autocomplete(name=autocomplete.subjects)
    async def watch(
        self,
        interaction: Interaction,
        name: app_commands.Range[str, 1, _LONGEST],
        channel: discord.TextChannel | None = None,
    ) -> None:
        """Let the person, or a channel that a moderator names, watch something."""
        subject = _find(interaction.client.services.answers.names.subjects, name)
        target, guild_id = await _target(interaction, channel), interaction.guild_id if channel else None
        added = with_state(interaction.client, watches.add, target, subject.key[0], subject.shown, guild_id=guild_id)
        is_new = await in_time(interaction, added, private=True)
        shown = limits.escaped(subject.shown)
        where = f"<#{channel.id}> gets a line" if channel else "You get a private message"
        said = (
            f"{where} as soon as {shown} has a milestone. /watching ends it."
            if is_new
            else f"{shown} is watched already."
        )
        await respond(interaction, content=said, private=True)

    @app_commands.command(description="What you watch, with a button to end each.")
    @app_commands.describe(channel="For moderators: what this channel watches")
    async def watching(self, interaction: Interaction, channel: discord.TextChannel | None = None) -> None:
        """List what the person, or a channel, watches."""
        target = await _target(interaction, channel)
        watched = await in_time(interaction, with_state(interaction.client, watches.of, target), private=True)
        await respond(interaction, **_listed(watched), private=True)


class EndWatch(DynamicComponent, template=r"unwatch:(?P<watch>[0-9a-z]{1,6})"):
    """A button that ends a watch: for the person whose it is, and of a channel for the server's moderators."""

    async def on_press(self, interaction: Interaction) -> None:
        """End it; below the list of what is watched, that shows what is left."""
        bot, number = interaction.client, int(self.fields["watch"], 36)
        in_list = interaction.message is not None and interaction.message.flags.ephemeral
        watch = await with_state(bot, watches.by_id, number)
        if watch is None or watch.target != f"user:{interaction.user.id}":
            if watch is None or watch.guild_id is None or watch.guild_id != interaction.guild_id:
                raise UsageError(_GONE)
            await rights.check(interaction)
        ended = with_state(bot, watches.end, watch.id)
        await in_time(interaction, ended, private=True, in_place=in_list)
        said: dict[str, Any] = {"content": f"{limits.escaped(watch.name)} is watched no more."}
        if in_list:
            said = _listed(await with_state(bot, watches.of, watch.target))
        await respond(interaction, **said, private=True, in_place=in_list)


def _find(known: list[Name], typed: str) -> Name:
    """Return what can be watched by a name; raises UsageError where none is meant, or several are."""
    try:
        return find("side", typed, known)
    except UsageError as error:
        near = or_list(error.suggestions[:OFFERED])
        hint = f"did you mean {near}?" if near else "choose from what Discord offers as you type."
        raise UsageError(
            f"{quote(typed)} is no single model, lab, test or field of work; {hint}", error.suggestions
        ) from error


async def _target(interaction: Interaction, channel: discord.TextChannel | None) -> str:
    """Return who watches: the person, or a channel if the person moderates and I can post there."""
    if channel is None:
        return f"user:{interaction.user.id}"
    await rights.check(interaction)
    if interaction.guild is None:
        raise app_commands.NoPrivateMessage
    return f"discord:{channel_checks.check(interaction.guild, channel.id).id}"


def _listed(watched: list[Watch]) -> dict[str, Any]:
    lines = "\n".join(f"- {limits.escaped(watch.name)}" for watch in watched)
    embed = discord.Embed(title="Watched", description=lines or f"Nothing is {_NONE}", colour=render.COLOUR)
    return {"embed": embed, "view": components.view_of(map(components.end_watch, watched))}


async def setup(bot: Client) -> None:
    """Load the commands, and the buttons of before."""
    bot.add_dynamic_items(EndWatch)
    await bot.add_cog(Watching())
