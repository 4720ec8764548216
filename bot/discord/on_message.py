"""Questions in messages: a mention, a direct message, a reply to one of our messages."""

import asyncio
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import discord

from bot.discord import error_messages, permissions, render, responses
from bot.discord.brief_messages import reply_with_brief
from bot.discord.channels import ElsewhereError
from bot.discord.client_base import Client
from bot.discord.conversation import conversation_key
from bot.discord.cooldown import TooQuickError
from core.errors import UsageError

if TYPE_CHECKING:
    from bot.assistant.reading import Reply

_TALK = (discord.MessageType.default, discord.MessageType.reply)
_TO_OUR_ROLE = (
    "You mentioned my role, and Discord does not show me the text of such messages. Please pick me under Members, not"
    " under Roles, when you type @, or use /ask."
)


def is_for(bot: Client, message: discord.Message) -> bool:
    """Whether a person addresses us: in a direct message, by a mention, of our role too, or by a reply that pings."""
    if message.author.bot or message.type not in _TALK:
        return False
    return message.guild is None or bot.user in message.mentions or message.guild.self_role in message.role_mentions


async def answer(bot: Client, message: discord.Message) -> None:
    """Answer a message, or say in one sentence why not: in the channel where that can be, else in private."""
    bot.track_answer()
    now = message.created_at.timestamp()
    try:
        bot.cooldown.check(message.author.id, now)
        await bot.channels.check(message.guild.id if message.guild else None, message.channel)
        lacking = _missing(message, *permissions.ANSWERS)
        if lacking:
            await _in_private(message, render.sentence(permissions.sentence(str(message.channel), lacking)))
            return
        if message.guild and bot.user not in message.mentions:
            raise UsageError(_TO_OUR_ROLE)
        reply = await _in_time(bot, message)
        await _answer(bot, message, reply)
    except Exception as error:
        if isinstance(error, TooQuickError) and not bot.cooldown.tells(message.author.id, now):
            return
        shown = error_messages.shown(error, channel=message.channel.id, user=message.author.id)
        if isinstance(error, ElsewhereError) or not await _in_channel(message, shown):
            await _in_private(message, shown)


async def _in_time(bot: Client, message: discord.Message) -> "Reply":
    """Read and answer; where that takes long, the person sees us typing."""
    text = _without_mentions(bot, message)
    asker, guild = (message.channel.id, message.author.id), message.guild.id if message.guild else None
    key = conversation_key(message.channel, message.author.id, guild)
    task = asyncio.ensure_future(bot.reply(text, asker, message.created_at.timestamp(), key))
    done, _ = await asyncio.wait([task], timeout=responses.PATIENCE)
    if not done:
        with suppress(discord.HTTPException):
            async with message.channel.typing():
                return await task
    return await task


def _without_mentions(bot: Client, message: discord.Message) -> str:
    us = (bot.user, message.guild.self_role if message.guild else None)
    ours = "|".join(str(each.id) for each in us if each)
    return re.sub(rf"<@[!&]?(?:{ours})>", " ", message.content).strip()


async def _answer(bot: Client, message: discord.Message, reply: "Reply") -> None:
    if reply.reading.is_brief:
        await reply_with_brief(bot, message, reply.reading.brief_day, **_as_reply(message))
        return
    shown, to = responses.message_of_reply(bot, reply), _as_reply(message)
    buttons = shown.view or discord.utils.MISSING
    send = message.channel.send
    sent = await responses.with_retry(lambda: send(shown.note, embed=shown.embed, view=buttons, **to))
    if shown.chart and not _missing(message, "attach_files"):
        await responses.add_picture(bot, sent.edit, shown.embed, shown.chart)


def _as_reply(message: discord.Message) -> dict[str, Any]:
    """Return what makes a message a reply: one alone, though it be sent again where its receipt was lost."""
    reference = message.to_reference(fail_if_not_exists=False)
    return {"reference": reference, "mention_author": False, "nonce": message.id}


def _missing(message: discord.Message, *needed: str) -> list[str]:
    """Return which of some permissions are missing where a message was written; in private none is."""
    channel = message.channel
    if message.guild is None or not isinstance(channel, permissions.ChannelOrThread):
        return []
    return permissions.missing(channel, message.guild.me, needed)


async def _in_channel(message: discord.Message, shown: discord.Embed) -> bool:
    """Say it as a reply; whether that went well."""
    try:
        await message.channel.send(embed=shown, **_as_reply(message))
    except error_messages.NOT_TAKEN:
        return False
    return True


async def _in_private(message: discord.Message, shown: discord.Embed) -> None:
    try:
        await message.author.send(embed=shown)
    except error_messages.NOT_TAKEN as error:
        error_messages.log.warning("could not say so", channel=message.channel.id, reason=str(error))
