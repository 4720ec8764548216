"""A moderator's story: an article of the web, read and briefed in the background, and kept as a draft."""

import asyncio

import discord
from discord.utils import utcnow

from bot.assistant import article, models
from bot.discord.client_base import Client, Interaction
from bot.discord.newsroom.handlers import actor, in_own_thread, with_state
from bot.guarded_session import LONGEST_ADDRESS
from bot.newsroom import workflow
from bot.state.briefs import NewBrief, StoredBrief
from bot.state.conversation_key import ConversationKey
from core.errors import UsageError

MOST_ADDRESS = LONGEST_ADDRESS
_MOST_AT_ONCE = 3
_NO_MODEL = "A story needs a language model, and none is set here; my operator can set one."
_NO_READER = "I can't read articles here yet; my operator can add the package for it."
_BUSY = "I am already reading three articles; please try again in a minute."


class Stories:
    """Reads articles for moderators, a few at once."""

    def __init__(self) -> None:
        self._readers = asyncio.Semaphore(_MOST_AT_ONCE)

    async def draft(self, interaction: Interaction, url: str) -> StoredBrief:
        """Have an article briefed, and keep the draft; raises UsageError, in a sentence, where there can be none."""
        bot = interaction.client
        if not models.is_set(bot.services.settings):
            raise UsageError(_NO_MODEL)
        if not article.is_installed():
            raise UsageError(_NO_READER)
        if self._readers.locked():
            raise UsageError(_BUSY)
        async with self._readers:
            made = await in_own_thread(lambda: _made(bot, url, _key(interaction)))
        return await with_state(bot, workflow.make, made, actor(interaction), utcnow())


def _made(bot: Client, url: str, key: ConversationKey) -> NewBrief:
    from bot.assistant import article_loader

    return bot.services.writer.story(article_loader.of_web(url), bot.services.answers.today(), key)


def _key(interaction: discord.Interaction) -> ConversationKey:
    guild = None if interaction.guild_id is None else str(interaction.guild_id)
    return ConversationKey("newsroom", str(interaction.user.id), guild)
