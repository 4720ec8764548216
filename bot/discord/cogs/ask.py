"""Free text: `/ask`, a mention, a direct message, a reply to or a choice of a message, and terms explained."""

import asyncio
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord import buttons, channels, error_messages, render, responses
from bot.discord.asking import TooQuickError, conversation_key
from bot.discord.brief_messages import reply_with_brief, show_brief
from bot.discord.channels import ElsewhereError
from bot.discord.client_base import Client, Interaction
from bot.discord.responses import in_time, reply_to, respond, show_reply
from bot.state import watches
from bot.state.conversation_key import ConversationKey
from core.errors import UsageError
from core.words import and_list, count

if TYPE_CHECKING:
    from bot.assistant.reading import Reply


# ---- messages


_TALK = (discord.MessageType.default, discord.MessageType.reply)
_TO_OUR_ROLE = (
    "You mentioned my role, and Discord does not show me the text of such messages. Please pick me under Members, not"
    " under Roles, when you type @, or use /ask."
)


def is_addressed(bot: Client, message: discord.Message) -> bool:
    """Whether a person addresses us: in a direct message, by a mention, of our role too, or by a reply that pings."""
    if message.author.bot or message.type not in _TALK:
        return False
    return message.guild is None or bot.user in message.mentions or message.guild.self_role in message.role_mentions


async def answer_message(bot: Client, message: discord.Message) -> None:
    """Answer a message, or say in one sentence why not: in the channel where that can be, else in private."""
    bot.track_answer()
    now = message.created_at.timestamp()
    try:
        bot.cooldown.check(message.author.id, now)
        await bot.channels.check(message.guild.id if message.guild else None, message.channel)
        lacking = _lacking(message, *channels.ANSWERS)
        if lacking:
            await _tell_in_private(message, render.show_sentence(channels.say_missing(str(message.channel), lacking)))
            return
        if message.guild and bot.user not in message.mentions:
            raise UsageError(_TO_OUR_ROLE)
        reply = await _read_and_answer(bot, message)
        await _send_reply(bot, message, reply)
    except Exception as error:
        if isinstance(error, TooQuickError) and not bot.cooldown.tells(message.author.id, now):
            return
        shown = error_messages.show_error(error, channel=message.channel.id, user=message.author.id)
        if isinstance(error, ElsewhereError) or not await _reply_in_channel(message, shown):
            await _tell_in_private(message, shown)


async def _read_and_answer(bot: Client, message: discord.Message) -> "Reply":
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


async def _send_reply(bot: Client, message: discord.Message, reply: "Reply") -> None:
    if reply.reading.is_brief:
        await reply_with_brief(bot, message, reply.reading.brief_day, **_as_reply(message))
        return
    shown, to = responses.message_of_reply(bot, reply), _as_reply(message)
    buttons = shown.view or discord.utils.MISSING
    send = message.channel.send
    sent = await responses.with_retry(lambda: send(shown.note, embed=shown.embed, view=buttons, **to))
    if shown.chart and not _lacking(message, "attach_files"):
        await responses.add_picture(bot, sent.edit, shown.embed, shown.chart)


def _as_reply(message: discord.Message) -> dict[str, Any]:
    """Return what makes a message a reply: one alone, though it be sent again where its receipt was lost."""
    reference = message.to_reference(fail_if_not_exists=False)
    return {"reference": reference, "mention_author": False, "nonce": message.id}


def _lacking(message: discord.Message, *needed: str) -> list[str]:
    """Return which of some permissions are missing where a message was written; in private none is."""
    channel = message.channel
    if message.guild is None or not isinstance(channel, channels.ChannelOrThread):
        return []
    return channels.missing_permissions(channel, message.guild.me, needed)


async def _reply_in_channel(message: discord.Message, shown: discord.Embed) -> bool:
    """Say it as a reply; whether that went well."""
    try:
        await message.channel.send(embed=shown, **_as_reply(message))
    except error_messages.NOT_TAKEN:
        return False
    return True


async def _tell_in_private(message: discord.Message, shown: discord.Embed) -> None:
    try:
        await message.author.send(embed=shown)
    except error_messages.NOT_TAKEN as error:
        error_messages.log.warning("could not say so", channel=message.channel.id, reason=str(error))


# ---- commands


_LONGEST = 500
_CUT = f"I read the first {_LONGEST} characters of the message."


class Ask(commands.Cog):
    """Questions in people's own words."""

    def __init__(self, bot: Client) -> None:
        self.bot = bot
        bot.tree.add_command(app_commands.ContextMenu(name="Explain the terms", callback=self.explain_terms))
        bot.tree.add_command(app_commands.ContextMenu(name="Ask about this", callback=self.ask_about))

    @app_commands.command(description="Ask in your own words how far open-weights models trail closed ones.")
    @app_commands.describe(question="Your question", private="Show the answer only to you")
    async def ask(
        self,
        interaction: Interaction,
        question: app_commands.Range[str, 1, _LONGEST],
        private: bool = False,
    ) -> None:
        """Read the question, say how it was understood, and answer."""
        await _answer_text(interaction, question, private=private)

    @app_commands.command(description="Forget all that you asked and watch; your next question stands alone.")
    async def forget(self, interaction: Interaction) -> None:
        """Forget what the person asked and watches, and a thread's conversation, which is everybody's in it."""
        user, guild = interaction.user.id, interaction.guild_id
        self.bot.memory.forget((interaction.channel_id or 0, user))
        keys = {conversation_key(interaction.channel, user, guild, private=private) for private in (False, True)}
        turns, watched = await in_time(interaction, self._forget(keys, f"user:{user}"), private=True)
        forgotten = [count(number, of) for number, of in ((turns, "question"), (watched, "watched name")) if number]
        opening = f"Forgotten: {and_list(forgotten)}. " if forgotten else "Forgotten. "
        await respond(interaction, content=f"{opening}Your next question stands on its own.", private=True)

    async def _forget(self, keys: Iterable[ConversationKey], person: str) -> tuple[int, int]:
        turns = sum([await self.bot.services.assistant.forget(key) for key in keys])
        return turns, await asyncio.to_thread(watches.forget, self.bot.services.state, person)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer what is addressed to us."""
        if is_addressed(self.bot, message):
            await answer_message(self.bot, message)

    async def ask_about(self, interaction: Interaction, message: discord.Message) -> None:
        """Read a message as a question: of a brief of ours its title, of a long one its beginning, as is said."""
        briefs = message.embeds if message.author == self.bot.user else ()
        titles = [embed.title for embed in briefs if embed.title and embed.author.name]
        text = titles[0] if titles else buttons.text_of(message)
        if not text:
            raise UsageError("I see no words in this message; ask in your own with /ask.")
        self.bot.memory.forget((interaction.channel_id or 0, interaction.user.id))  # it goes on with nothing they asked
        await _answer_text(interaction, text[:_LONGEST], private=True, notice=_CUT if len(text) > _LONGEST else "")

    async def explain_terms(self, interaction: Interaction, message: discord.Message) -> None:
        """Explain the terms of any message."""
        await buttons.explain(interaction, message)


async def _answer_text(interaction: Interaction, text: str, *, private: bool, notice: str = "") -> None:
    reply = await reply_to(interaction, text, private=private)
    if reply.reading.is_brief:
        await show_brief(interaction, reply.reading.brief_day, private=private)
        return
    if notice:
        reply = replace(reply, notice=" ".join(each for each in (reply.notice, notice) if each))
    await show_reply(interaction, reply, private=private)
