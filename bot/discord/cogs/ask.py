"""Free text: `/ask`, mentions, direct messages, replies, and the menu of a message."""

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
    """Whether a person addresses the bot: in a direct message, or by a mention of it or its role, as replies have."""
    if message.author.bot or message.type not in _TALK:
        return False
    return message.guild is None or bot.user in message.mentions or message.guild.self_role in message.role_mentions


async def answer_message(bot: Client, message: discord.Message) -> None:
    """Answer a message, or say why not: in the channel if possible, else in private."""
    bot.track_answer()
    now = message.created_at.timestamp()
    try:
        bot.cooldown.check(message.author.id, now)
        await bot.channels.check(message.guild.id if message.guild else None, message.channel)
        missing = _missing_permissions(message, *channels.ANSWERS)
        if missing:
            await _send_privately(message, render.show_sentence(channels.say_missing(str(message.channel), missing)))
            return
        if message.guild and bot.user not in message.mentions:
            raise UsageError(_TO_OUR_ROLE)
        reply = await _read_and_answer(bot, message)
        await _send_reply(bot, message, reply)
    except Exception as error:
        if isinstance(error, TooQuickError) and bot.warnings.wait(message.author.id, now):
            return
        embed = error_messages.show_error(error, channel=message.channel.id, user=message.author.id)
        if isinstance(error, ElsewhereError) or not await _reply_in_channel(message, embed):
            await _send_privately(message, embed)


async def _read_and_answer(bot: Client, message: discord.Message) -> "Reply":
    """Read and answer a message, with a typing indicator if it takes long."""
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
    mentionable = (bot.user, message.guild.self_role if message.guild else None)
    ids = "|".join(str(target.id) for target in mentionable if target)
    return re.sub(rf"<@[!&]?(?:{ids})>", " ", message.content).strip()


async def _send_reply(bot: Client, message: discord.Message, reply: "Reply") -> None:
    if reply.reading.is_brief:
        await reply_with_brief(bot, message, reply.reading.brief_day, reply.reading.brief_since, **_as_reply(message))
        return
    parts, reply_options = responses.message_of_reply(bot, reply), _as_reply(message)
    buttons = parts.view or discord.utils.MISSING
    send = message.channel.send
    sent = await responses.with_retry(lambda: send(parts.note, embed=parts.embed, view=buttons, **reply_options))
    if parts.chart and not _missing_permissions(message, "attach_files"):
        await responses.add_picture(bot, sent.edit, parts.embed, parts.chart)


def _as_reply(message: discord.Message) -> dict[str, Any]:
    """Return the options of a reply; the nonce keeps a retry from posting twice."""
    reference = message.to_reference(fail_if_not_exists=False)
    return {"reference": reference, "mention_author": False, "nonce": message.id}


def _missing_permissions(message: discord.Message, *required: str) -> list[str]:
    """Return the permissions missing in a message's channel; none in private."""
    channel = message.channel
    if message.guild is None or not isinstance(channel, channels.ChannelOrThread):
        return []
    return channels.missing_permissions(channel, message.guild.me, required)


async def _reply_in_channel(message: discord.Message, embed: discord.Embed) -> bool:
    """Reply in the channel; return whether that succeeded."""
    try:
        await message.channel.send(embed=embed, **_as_reply(message))
    except error_messages.NOT_TAKEN:
        return False
    return True


async def _send_privately(message: discord.Message, embed: discord.Embed) -> None:
    try:
        await message.author.send(embed=embed)
    except error_messages.NOT_TAKEN as error:
        error_messages.log.warning("could not say so", channel=message.channel.id, reason=str(error))


# ---- commands


_LONGEST = 500
_CUT = f"I read the first {_LONGEST} characters of the message."


class Ask(commands.Cog):
    """Questions in free text."""

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
        """Answer a question in free text."""
        await _answer_text(interaction, question, private=private)

    @app_commands.command(description="Forget all that you asked and watch; your next question stands alone.")
    async def forget(self, interaction: Interaction) -> None:
        """Delete the person's questions and watches, and in a thread its shared conversation."""
        user, guild = interaction.user.id, interaction.guild_id
        self.bot.memory.forget((interaction.channel_id or 0, user))
        keys = {conversation_key(interaction.channel, user, guild, private=private) for private in (False, True)}
        n_questions, n_watches = await in_time(interaction, self._forget(keys, f"user:{user}"), private=True)
        counts = ((n_questions, "question"), (n_watches, "watched name"))
        forgotten = [count(number, noun) for number, noun in counts if number]
        opening = f"Forgotten: {and_list(forgotten)}. " if forgotten else "Forgotten. "
        await respond(interaction, content=f"{opening}Your next question stands on its own.", private=True)

    async def _forget(self, keys: Iterable[ConversationKey], person: str) -> tuple[int, int]:
        n_questions = sum([await self.bot.services.assistant.forget(key) for key in keys])
        return n_questions, await asyncio.to_thread(watches.forget, self.bot.services.state, person)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer messages addressed to the bot."""
        if is_addressed(self.bot, message):
            await answer_message(self.bot, message)

    async def ask_about(self, interaction: Interaction, message: discord.Message) -> None:
        """Read a message as a question: our brief's title, or the beginning of a long text, with a notice."""
        briefs = message.embeds if message.author == self.bot.user else ()
        titles = [embed.title for embed in briefs if embed.title and embed.author.name]
        text = titles[0] if titles else buttons.text_of(message)
        if not text:
            raise UsageError("I see no words in this message; ask in your own with /ask.")
        self.bot.memory.forget((interaction.channel_id or 0, interaction.user.id))  # not a follow-up
        await _answer_text(interaction, text[:_LONGEST], private=True, notice=_CUT if len(text) > _LONGEST else "")

    async def explain_terms(self, interaction: Interaction, message: discord.Message) -> None:
        """Explain the terms of any message."""
        await buttons.explain(interaction, message)


async def _answer_text(interaction: Interaction, text: str, *, private: bool, notice: str = "") -> None:
    reply = await reply_to(interaction, text, private=private)
    if reply.reading.is_brief:
        await show_brief(interaction, reply.reading.brief_day, reply.reading.brief_since, private=private)
        return
    if notice:
        reply = replace(reply, notice=" ".join(part for part in (reply.notice, notice) if part))
    await show_reply(interaction, reply, private=private)
