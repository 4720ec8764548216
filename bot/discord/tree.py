"""The commands' tree: what holds for every command, whichever it is."""

from contextlib import suppress
from math import inf
from typing import Any

import discord
from discord import app_commands

from bot.discord import error_messages
from bot.discord.client_base import Client, Interaction
from bot.discord.newsroom import rights
from bot.discord.responses import in_time
from core.errors import UsageError
from core.words import quote

_ANYWHERE = ("about", "help", "forget", "newsroom", "watch", "watching", "Explain the terms")
"""Commands that only their user sees the answers of; a server's list of channels does not hold for them."""
_KINDS = {
    discord.AppCommandOptionType.string: str,
    discord.AppCommandOptionType.integer: int,
    discord.AppCommandOptionType.boolean: bool,
}
PATIENCE = 1.0
"""Seconds that a look at that list may take before Discord is told to wait; the answer may take a while too."""


class Tree(app_commands.CommandTree[Client]):
    """Checks how often and where somebody asks, and says what went wrong in the one way."""

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Whether a command may be answered; where not, its user has been told why."""
        bot = interaction.client
        bot.track_answer()
        now = interaction.created_at.timestamp()
        if interaction.type is discord.InteractionType.autocomplete:
            if not bot.completions.wait(interaction.user.id, now):
                return True
            with suppress(*error_messages.NOT_TAKEN):
                await interaction.response.autocomplete([])
            return False
        try:
            bot.cooldown.check(interaction.user.id, now)
            _check_options(interaction)
            command = _root(interaction.command)
            if command == "newsroom":
                await rights.check(interaction)
            if command not in _ANYWHERE:
                look = bot.channels.check(interaction.guild_id, interaction.channel)
                if bot.channels.knows(interaction.guild_id):
                    await look
                else:
                    await in_time(interaction, look, private=_is_private(interaction), patience=PATIENCE)
        except Exception as error:
            await self.on_error(interaction, error)
            return False
        return True

    async def on_error(self, interaction: Interaction, error: Exception, /) -> None:
        """Tell the person what went wrong."""
        await error_messages.tell(interaction, error)


def _check_options(interaction: Interaction) -> None:
    """Raise UsageError for an option that is not what Discord was told to let in: the library does not look."""
    if not isinstance(interaction.command, app_commands.Command):
        return
    for option in interaction.command.parameters:
        value = getattr(interaction.namespace, option.display_name, None)
        kind = _KINDS.get(option.type)
        if value is None or kind is None:
            continue
        size = len(value) if isinstance(value, str) else value
        offered = [choice.value for choice in option.choices]
        if type(value) is not kind or (offered and value not in offered) or not _least(option) <= size <= _most(option):
            raise UsageError(f"{quote(str(value))} does not work as {option.display_name}; choose what Discord offers.")


def _least(option: app_commands.Parameter) -> float:
    return -inf if option.min_value is None else option.min_value


def _most(option: app_commands.Parameter) -> float:
    return inf if option.max_value is None else option.max_value


def _is_private(interaction: discord.Interaction) -> bool:
    """Whether the person wants to be answered alone."""
    return bool(getattr(interaction.namespace, "private", False))


def _root(command: app_commands.Command[Any, ..., Any] | app_commands.ContextMenu | None) -> str | None:
    """Return the first word of a command: "newsroom" of `/newsroom schedule add`."""
    if isinstance(command, app_commands.Command):
        return command.qualified_name.split()[0]
    return None if command is None else command.name
