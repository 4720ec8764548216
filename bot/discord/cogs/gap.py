"""`/gap`: the question that everybody asks."""

from typing import Literal

from discord import app_commands
from discord.ext import commands

from bot.discord.base import Asked, Client
from bot.discord.choices import choose
from bot.discord.responses import show
from core.questions import GapQuestion


class Gap(commands.Cog):
    """The gap, on all tests or on some."""

    @app_commands.command(description="How many months open-weights models trail closed ones, with the evidence.")
    @app_commands.describe(
        benchmark="One test, by any of its names",
        access="Only tests whose questions are secret, or only public ones",
        country="Count only open models from this country",
        as_of="The world of this day, such as 2026-05-22",
        private="Show the answer to you alone",
    )
    @app_commands.autocomplete(benchmark=choose("benchmark"), country=choose("country"))
    async def gap(
        self,
        interaction: Asked,
        benchmark: str | None = None,
        access: Literal["private", "public"] | None = None,
        country: str | None = None,
        as_of: str | None = None,
        private: bool = False,
    ) -> None:
        """Answer with the figures at once; the picture follows."""
        question = GapQuestion.from_words(benchmark=benchmark, access=access, country=country, as_of=as_of)
        await show(interaction, question, private=private)


async def setup(bot: Client) -> None:
    """Load the commands."""
    await bot.add_cog(Gap())
