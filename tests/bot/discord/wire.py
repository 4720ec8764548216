"""The real client on the wire, with a Discord on loopback: how it is started, asked, and what it has answered."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bot.discord.client import Gapbrief
from bot.services import Services
from bot.settings import Settings
from bot.state.database import State
from tests.bot.discord.conftest import PNG
from tests.fakes.discord import FakeDiscord, Interaction, Message, running


@asynccontextmanager
async def online(settings: Settings, state: State, **options: Any) -> AsyncIterator[tuple[FakeDiscord, Gapbrief]]:
    bot = Gapbrief(Services(settings, state), guild_ready_timeout=0.1)
    async with FakeDiscord(**options) as fake, running(bot, fake.token):
        await fake.settled()
        yield fake, bot


async def gap(fake: FakeDiscord, **options: Any) -> Interaction:
    return await fake.slash(fake.world.user("ada"), fake.world.channel("general"), "gap", options)


def title(message: Message) -> str:
    text: str = message.embeds[0].get("title") or message.embeds[0]["description"]
    return text


async def answered(interaction: Interaction) -> Message:
    """Wait for the figures and the picture, and see that each came once."""
    await interaction.first_answer()
    message = await interaction.edited()
    assert title(message).startswith("Open models trail")
    assert [file.content for file in message.attachments] == [PNG]
    assert len(interaction.messages) == 1
    return message
