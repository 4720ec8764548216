"""The other questions: each command is its options, made into a question."""

from typing import Literal

from discord import app_commands
from discord.ext import commands

from bot.discord.base import Asked, Client
from bot.discord.choices import choose
from bot.discord.responses import show
from core.questions import QUESTIONS

_side = choose("country", "lab", "benchmark", also=("private", "public", "others", "now"))


class Questions(commands.Cog):
    """The questions that people ask around the gap."""

    @app_commands.command(description="When each level of a test was reached, by closed and by open models.")
    @app_commands.describe(
        benchmark="A test, by any of its names",
        level="A level in the test's own unit, such as 80",
        model="Or a model: when did open models match it?",
        private="Show the answer to you alone",
    )
    @app_commands.autocomplete(benchmark=choose("benchmark"), model=choose("model"))
    async def timeline(
        self,
        interaction: Asked,
        benchmark: str | None = None,
        level: str | None = None,
        model: str | None = None,
        private: bool = False,
    ) -> None:
        """Answer when levels were reached."""
        words = {"benchmark": benchmark, "level": level, "model": model}
        await show(interaction, QUESTIONS["timeline"].from_words(**words), private=private)

    @app_commands.command(description="How far one model is behind the first closed ones of its level.")
    @app_commands.describe(model="A model, by any of its names", private="Show the answer to you alone")
    @app_commands.autocomplete(model=choose("model"))
    async def model(self, interaction: Asked, model: str, private: bool = False) -> None:
        """Answer for one model."""
        await show(interaction, QUESTIONS["model"].from_words(model=model), private=private)

    @app_commands.command(description="Compare two countries, labs, tests, kinds of tests or days.")
    @app_commands.describe(
        left="A country, a lab, a test, private or public, a day, or now",
        right="What to compare it with, of the same sort; others means all the rest",
        access="Only tests whose questions are secret, or only public ones",
        private="Show the answer to you alone",
    )
    @app_commands.autocomplete(left=_side, right=_side)
    async def compare(
        self,
        interaction: Asked,
        left: str,
        right: str,
        access: Literal["private", "public"] | None = None,
        private: bool = False,
    ) -> None:
        """Answer with both sides and their difference."""
        words = {"left": left, "right": right, "access": access}
        await show(interaction, QUESTIONS["compare"].from_words(**words), private=private)

    @app_commands.command(description="Who leads on a test, closed and open.")
    @app_commands.describe(benchmark="A test, by any of its names", private="Show the answer to you alone")
    @app_commands.autocomplete(benchmark=choose("benchmark"))
    async def frontier(self, interaction: Asked, benchmark: str | None = None, private: bool = False) -> None:
        """Answer with the leaders."""
        await show(interaction, QUESTIONS["frontier"].from_words(benchmark=benchmark), private=private)

    @app_commands.command(description="What closed models have reached and open ones have not.")
    @app_commands.describe(
        benchmark="One test, by any of its names",
        access="Only tests whose questions are secret, or only public ones",
        private="Show the answer to you alone",
    )
    @app_commands.autocomplete(benchmark=choose("benchmark"))
    async def waiting(
        self,
        interaction: Asked,
        benchmark: str | None = None,
        access: Literal["private", "public"] | None = None,
        private: bool = False,
    ) -> None:
        """Answer with the levels that wait."""
        await show(interaction, QUESTIONS["waiting"].from_words(benchmark=benchmark, access=access), private=private)

    @app_commands.command(description="What changed between two days: figures, results, leaders, scores.")
    @app_commands.describe(
        since="A day, such as 2026-06-01",
        until="A later day; by default the newest data's",
        private="Show the answer to you alone",
    )
    async def changes(self, interaction: Asked, since: str, until: str | None = None, private: bool = False) -> None:
        """Answer with what is new and what moved."""
        await show(interaction, QUESTIONS["changes"].from_words(since=since, until=until), private=private)

    @app_commands.command(description="The figures that others have published, with their rules.")
    @app_commands.describe(private="Show the answer to you alone")
    async def others(self, interaction: Asked, private: bool = False) -> None:
        """Answer with what others say."""
        await show(interaction, QUESTIONS["others"].from_words(), private=private)

    @app_commands.command(description="What if a model reached a score? How the answer would move.")
    @app_commands.describe(
        benchmark="A test, by any of its names",
        score="The supposed score, in the test's own unit",
        day="The supposed release, such as 2026-12-01",
        side="Whether the supposed model is open or closed",
        private="Show the answer to you alone",
    )
    @app_commands.autocomplete(benchmark=choose("benchmark"))
    async def whatif(
        self,
        interaction: Asked,
        benchmark: str,
        score: str,
        day: str | None = None,
        side: Literal["open", "closed"] = "open",
        private: bool = False,
    ) -> None:
        """Answer how the figures would move."""
        words = {"benchmark": benchmark, "score": score, "day": day, "side": side}
        await show(interaction, QUESTIONS["what_if"].from_words(**words), private=private)

    @app_commands.command(description="How sure is the figure, and what could be wrong with it?")
    @app_commands.describe(
        benchmark="One test, by any of its names",
        access="Only tests whose questions are secret, or only public ones",
        private="Show the answer to you alone",
    )
    @app_commands.autocomplete(benchmark=choose("benchmark"))
    async def trust(
        self,
        interaction: Asked,
        benchmark: str | None = None,
        access: Literal["private", "public"] | None = None,
        private: bool = False,
    ) -> None:
        """Answer how sure."""
        await show(interaction, QUESTIONS["trust"].from_words(benchmark=benchmark, access=access), private=private)

    @app_commands.command(description="What a term means.")
    @app_commands.describe(term="A term, such as open weights", private="Show the answer to you alone")
    @app_commands.autocomplete(term=choose("term"))
    async def terms(self, interaction: Asked, term: str | None = None, private: bool = False) -> None:
        """Explain a term, or list them."""
        await show(interaction, QUESTIONS["terms"].from_words(term=term), private=private)

    @app_commands.command(description="Where the data come from, and how to cite them.")
    @app_commands.describe(benchmark="One test, by any of its names", private="Show the answer to you alone")
    @app_commands.autocomplete(benchmark=choose("benchmark"))
    async def sources(self, interaction: Asked, benchmark: str | None = None, private: bool = False) -> None:
        """Answer with the sources."""
        await show(interaction, QUESTIONS["sources"].from_words(benchmark=benchmark), private=private)


async def setup(bot: Client) -> None:
    """Load the commands."""
    await bot.add_cog(Questions())
