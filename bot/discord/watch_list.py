"""The list of what is watched, and the button that ends a watch: below the list, and below what was told of it."""

from collections.abc import Sequence
from typing import Any

import discord

from bot.discord import components, limits, render
from bot.discord.client_base import Interaction
from bot.discord.components import DynamicComponent
from bot.discord.newsroom import rights
from bot.discord.newsroom.handlers import with_state
from bot.discord.responses import in_time, respond
from bot.state import watches
from bot.state.watches import Watch
from core.errors import UsageError

_GONE = "That is not watched any more; /watching lists what is."
_NONE = (
    "Nothing is watched yet. /watch follows a model, a lab, a test or a field of work: a message as soon as it has a"
    " milestone."
)


def shown(watched: Sequence[Watch]) -> dict[str, Any]:
    """Return what is watched as an embed and a view, as `respond` takes them."""
    lines = "\n".join(f"- {limits.escaped(watch.name)}" for watch in watched)
    embed = discord.Embed(title="Watched", description=lines or _NONE, colour=render.COLOUR)
    return {"embed": embed, "view": components.view_of(map(components.end_watch, watched))}


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
            said = shown(await with_state(bot, watches.of, watch.target))
        await respond(interaction, **said, private=True, in_place=in_list)
