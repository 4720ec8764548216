"""Who may use the newsroom: asked at every command, autocompletion, button, selection and form.

Discord's own setting of who sees a command is a hint alone, and knows nothing of buttons.
"""

import asyncio

import discord
from discord import app_commands

from bot.discord.client_base import Interaction
from bot.state import guilds
from core.errors import UsageError

_STARTING = "I am still loading this server; please try again in a few seconds."
_SLOW = "I can't read this server's settings right now. Please try again in a few seconds; nothing was changed."
_PATIENCE = 1.5
"""Seconds that a look at the settings may take: Discord waits for 3, and a form must open within them."""


async def check(interaction: Interaction) -> None:
    """Raise an error, with what to do, for whoever neither manages messages nor has the role of the settings.

    The permission counts where it is the person's on the whole server, not in a single channel.
    """
    guild, person = interaction.guild, interaction.user
    if guild is None or not isinstance(person, discord.Member):
        raise app_commands.NoPrivateMessage
    if guild.default_role is None:
        raise UsageError(_STARTING)
    if person.guild_permissions.manage_messages:
        return
    try:
        look = asyncio.to_thread(guilds.newsroom, interaction.client.services.state, guild.id)
        newsroom = await asyncio.wait_for(look, _PATIENCE)
    except TimeoutError:
        raise UsageError(_SLOW) from None
    role = guild.get_role(newsroom.moderator_role_id or 0)
    if role is None or person.get_role(role.id) is None:
        also = f", or the role {role.name}" if role else ""
        raise UsageError(
            "The newsroom is for this server's moderators; an administrator can give you the permission"
            f" Manage Messages{also}."
        )


async def may(interaction: Interaction) -> bool:
    """Whether the person may use the newsroom."""
    try:
        await check(interaction)
    except (UsageError, app_commands.NoPrivateMessage):
        return False
    return True
