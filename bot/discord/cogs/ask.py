"""Free text: `/ask`, a mention, a direct message, a reply to or a choice of a message, and terms explained."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord import buttons, on_message
from bot.discord.brief_messages import show_brief
from bot.discord.client_base import Client, Interaction
from bot.discord.conversation import conversation_key
from bot.discord.responses import in_time, reply_to, respond, show_reply
from bot.discord.stale_components import StaleComponent
from bot.state import watches
from bot.state.conversation_key import ConversationKey
from core.errors import UsageError
from core.words import and_list, count

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
        await _answer(interaction, question, private=private)

    @app_commands.command(description="Forget all that you asked and watch; your next question stands alone.")
    async def forget(self, interaction: Interaction) -> None:
        """Forget what the person asked and watches, and a thread's conversation, which is everybody's in it."""
        user, guild = interaction.user.id, interaction.guild_id
        self.bot.memory.forget((interaction.channel_id or 0, user))
        keys = {conversation_key(interaction.channel, user, guild, private=private) for private in (False, True)}
        turns, watched = await in_time(interaction, self._forget(keys, f"user:{user}"), private=True)
        forgotten = [count(number, of) for number, of in ((turns, "question"), (watched, "watched name")) if number]
        said = f"Forgotten: {and_list(forgotten)}. " if forgotten else "Forgotten. "
        await respond(interaction, content=f"{said}Your next question stands on its own.", private=True)

    async def _forget(self, keys: Iterable[ConversationKey], person: str) -> tuple[int, int]:
        turns = sum([await self.bot.services.assistant.forget(key) for key in keys])
        return turns, await asyncio.to_thread(watches.forget, self.bot.services.state, person)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer what is addressed to us."""
        if on_message.is_for(self.bot, message):
            await on_message.answer(self.bot, message)

    async def ask_about(self, interaction: Interaction, message: discord.Message) -> None:
        """Read a message as a question: of a brief of ours its title, of a long one its beginning, as is said."""
        briefs = message.embeds if message.author == self.bot.user else ()
        titles = [embed.title for embed in briefs if embed.title and embed.author.name]
        text = titles[0] if titles else buttons.text_of(message)
        if not text:
            raise UsageError("I see no words in this message; ask in your own with /ask.")
        self.bot.memory.forget((interaction.channel_id or 0, interaction.user.id))  # it goes on with nothing they asked
        await _answer(interaction, text[:_LONGEST], private=True, notice=_CUT if len(text) > _LONGEST else "")

    async def explain_terms(self, interaction: Interaction, message: discord.Message) -> None:
        """Explain the terms of any message."""
        await buttons.explain(interaction, message)


async def _answer(interaction: Interaction, text: str, *, private: bool, notice: str = "") -> None:
    reply = await reply_to(interaction, text, private=private)
    if reply.reading.is_brief:
        await show_brief(interaction, reply.reading.brief_day, private=private)
        return
    if notice:
        reply = replace(reply, notice=" ".join(each for each in (reply.notice, notice) if each))
    await show_reply(interaction, reply, private=private)


async def setup(bot: Client) -> None:
    """Load the commands, and what answers buttons of before that none knows."""
    bot.add_dynamic_items(StaleComponent)
    await bot.add_cog(Ask(bot))
