"""One place for what goes wrong: from an exception to one sentence, with a reference for the log."""

import secrets
from contextlib import suppress

import aiohttp
import discord
import structlog
from discord import app_commands

from bot.discord import render
from bot.discord.channels import ElsewhereError, name_permissions
from bot.state.protection import StateGoneError
from core.errors import GapbriefError, UsageError
from core.words import quote

log = structlog.get_logger("gapbrief.discord")

UNKNOWN_INTERACTION, ALREADY_ANSWERED, UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK = 10062, 40060, 10008, 10015
_GONE = (UNKNOWN_INTERACTION, UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK)
MISSING_PERMISSIONS = (50001, 50013)
NOT_TAKEN = (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, TimeoutError, ConnectionError)
"""What it raises when Discord does not take what we send."""
THINKING_IN_PUBLIC = "thinking in public"
"""Marks an interaction, in its `extras`, of which all see that we are at it."""

_CHANNELS = 20
_NOT_NOW = "I can't read my data right now, and the error is logged. Please ask again in a few seconds."
_OLD_COMMAND = "Discord still shows you an old version of this command. Please press Ctrl-R, or restart Discord."


def cause_of(error: BaseException) -> BaseException:
    """Return what a command's wrapper error was raised for; an option that can't be taken is a cause by itself."""
    while isinstance(error, app_commands.CommandInvokeError) and error.__cause__ is not None:
        error = error.__cause__
    return error


def is_gone(error: BaseException) -> bool:
    """Whether nobody is left to answer: the interaction is over, or its message is deleted."""
    return isinstance(error, discord.HTTPException) and error.code in _GONE


def explain(error: BaseException) -> tuple[str, bool]:
    """Return what the person reads, and whether it is the person (rather than the operator) who can mend it."""
    if isinstance(error, UsageError):
        return str(error), True
    if isinstance(error, StateGoneError):
        return str(error), False
    if isinstance(error, GapbriefError):  # what it says is the operator's: where our files are, and our database
        return _NOT_NOW, False
    if isinstance(error, app_commands.TransformerError):
        return f"{quote(str(error.value))} does not work here; choose from what Discord offers on this server.", True
    if isinstance(error, app_commands.MissingPermissions):
        return (
            f"This needs the permission {name_permissions(error.missing_permissions)} here; a moderator has it.",
            True,
        )
    if isinstance(error, app_commands.NoPrivateMessage):
        return "This works in a server only; ask me there.", True
    if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
        return _OLD_COMMAND, True
    if isinstance(error, app_commands.CheckFailure):
        return str(error) or "You can't use this here.", True
    if isinstance(error, discord.HTTPException) and error.code in MISSING_PERMISSIONS:
        return "I lack a permission here. A moderator can grant it under Channel settings › Permissions.", True
    if isinstance(error, NOT_TAKEN):
        return "Discord did not take my answer. Please ask again in a moment.", False
    return "Something went wrong on my side, and the error is logged. Please ask again later.", False


def log_error(error: BaseException, **about: object) -> str:
    """Log an error and return the sentence for the person, with its reference in the log."""
    error = cause_of(error)
    sentence, is_theirs = explain(error)
    if is_theirs:
        log.info("refused", reason=sentence, **about)
        return sentence
    reference = secrets.token_hex(2)
    log.error("failed", ref=reference, exc_info=error, **about)
    return f"{sentence} (ref {reference})"


def show_error(error: BaseException, **about: object) -> discord.Embed:
    """Log an error and return what the person sees of it."""
    embed = render.show_sentence(log_error(error, **about))
    if isinstance(error, ElsewhereError):
        channels = " ".join(f"<#{channel}>" for channel in error.channels[:_CHANNELS])
        embed.description = f"{embed.description} {channels}"
    return embed


async def tell_error(
    interaction: discord.Interaction, error: BaseException, view: discord.ui.View | None = None
) -> None:
    """Tell the person alone what is wrong; `view` offers what to ask instead."""
    cause = cause_of(error)
    about = {
        "command": interaction.command.qualified_name if interaction.command else None,
        "guild": interaction.guild_id,
        "user": interaction.user.id,
    }
    if is_gone(cause):
        log.warning("nobody left to answer", reason=str(cause), **about)
        return
    try:
        await say_privately(interaction, show_error(cause, **about), view)
    except NOT_TAKEN as second:
        log.warning("could not say so", reason=type(second).__name__, **about)


async def say_privately(
    interaction: discord.Interaction, embed: discord.Embed, view: discord.ui.View | None = None
) -> None:
    """Say something to who asked alone, also where all see us thinking: that is taken back, or replaced at worst."""
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
