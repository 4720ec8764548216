"""From an exception to one sentence for the user, with a reference to the log."""

import secrets
from contextlib import suppress

import aiohttp
import discord
import structlog
from discord import app_commands

from bot.discord import render
from bot.discord.channels import ElsewhereError
from bot.state.protection import StateGoneError
from core.errors import GapbriefError, UsageError
from core.words import quote

log = structlog.get_logger("gapbrief.discord")

UNKNOWN_INTERACTION, ALREADY_ANSWERED, UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK = 10062, 40060, 10008, 10015
_GONE_CODES = (UNKNOWN_INTERACTION, UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK)
MISSING_PERMISSIONS = (50001, 50013)
NOT_TAKEN = (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, TimeoutError, ConnectionError)
"""Errors raised when Discord does not accept a request."""
THINKING_IN_PUBLIC = "thinking in public"
"""Key in an interaction's `extras`: everyone sees it as "thinking"."""

_CHANNELS = 20
_NOT_NOW = "I can't read my data right now, and the error is logged. Please ask again in a few seconds."
_OLD_COMMAND = "Discord still shows you an old version of this command. Please press Ctrl-R, or restart Discord."


def cause_of(error: BaseException) -> BaseException:
    """Return the error inside a command's wrapper error; a transformer's error is kept as it is."""
    while isinstance(error, app_commands.CommandInvokeError) and error.__cause__ is not None:
        error = error.__cause__
    return error


def is_gone(error: BaseException) -> bool:
    """Whether the interaction has expired, or its message is deleted."""
    return isinstance(error, discord.HTTPException) and error.code in _GONE_CODES


def explain(error: BaseException) -> tuple[str, bool]:
    """Return the sentence for the user, and whether the user (not the operator) can fix it."""
    if isinstance(error, UsageError):
        return str(error), True
    if isinstance(error, StateGoneError):
        return str(error), False
    if isinstance(error, GapbriefError):  # its text is for the operator: it names files and the database
        return _NOT_NOW, False
    if isinstance(error, app_commands.TransformerError):
        return f"{quote(str(error.value))} does not work here; choose from what Discord offers on this server.", True
    if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
        return _OLD_COMMAND, True
    if isinstance(error, app_commands.NoPrivateMessage):
        return "This works in a server only; ask me there.", True
    if isinstance(error, discord.HTTPException) and error.code in MISSING_PERMISSIONS:
        return "I lack a permission here. A moderator can grant it under Channel settings › Permissions.", True
    if isinstance(error, NOT_TAKEN):
        return "Discord did not take my answer. Please ask again in a moment.", False
    return "Something went wrong on my side, and the error is logged. Please ask again later.", False


def show_error(error: BaseException, **context: object) -> discord.Embed:
    """Log an error and return its embed for the user, with its log reference."""
    error = cause_of(error)
    sentence, is_theirs = explain(error)
    if is_theirs:
        log.info("refused", reason=sentence, **context)
    else:
        reference = secrets.token_hex(2)
        log.error("failed", ref=reference, exc_info=error, **context)
        sentence += f" (ref {reference})"
    embed = render.show_sentence(sentence)
    if isinstance(error, ElsewhereError):
        channels = " ".join(f"<#{channel}>" for channel in error.channels[:_CHANNELS])
        embed.description = f"{embed.description} {channels}"
    return embed


async def tell_error(
    interaction: discord.Interaction, error: BaseException, view: discord.ui.View | None = None
) -> None:
    """Report an error in private; `view` offers other questions."""
    cause = cause_of(error)
    context = {
        "command": interaction.command.qualified_name if interaction.command else None,
        "guild": interaction.guild_id,
        "user": interaction.user.id,
    }
    if is_gone(cause):
        log.warning("nobody left to answer", reason=str(cause), **context)
        return
    try:
        await say_privately(interaction, show_error(cause, **context), view)
    except NOT_TAKEN as second:
        log.warning("could not say so", reason=type(second).__name__, **context)


async def say_privately(
    interaction: discord.Interaction, embed: discord.Embed, view: discord.ui.View | None = None
) -> None:
    """Answer in private; a public "thinking" message is deleted first, if possible."""
    buttons, response = discord.utils.MISSING if view is None else view, interaction.response
    in_public = interaction.extras.pop(THINKING_IN_PUBLIC, False)
    if not response.is_done():
        await response.send_message(embed=embed, ephemeral=True, view=buttons)
    elif response.type is discord.InteractionResponseType.deferred_channel_message and not in_public:
        await interaction.edit_original_response(embed=embed, view=buttons)
    else:
        if in_public:
            with suppress(*NOT_TAKEN):
                await interaction.delete_original_response()
        await interaction.followup.send(embed=embed, ephemeral=True, view=buttons)
