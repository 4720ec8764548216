"""`/brief`: the newest brief, or an earlier one."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.briefs import posted, show_brief
from bot.discord.client import Gapbrief
from bot.discord.limits import CHOICE_NAME, fitted
from core.questions.question import read_day
from core.words import day

Asked = discord.Interaction[Gapbrief]


async def _earlier(interaction: Asked, typed: str) -> list[app_commands.Choice[str]]:
    """Offer the briefs that were posted; where none was, those that today's names."""
    bot = interaction.client
    briefs = (await posted(bot, interaction.guild_id)).values() or (await bot.answers.brief()).more
    choices = [(f"{day(each.published)}: {each.title}", each.published.isoformat()) for each in briefs]
    return [
        app_commands.Choice(name=fitted(name, CHOICE_NAME), value=value)
        for name, value in choices
        if typed.lower() in f"{name} {value}".lower()
    ]


class Brief(commands.Cog):
    """What changed, and how the gap stands, in a minute's reading."""

    @app_commands.command(description="What changed since the last brief, and how the gap stands: a minute's reading.")
    @app_commands.describe(which="An earlier brief, by its day", private="Show the brief to you alone")
    @app_commands.autocomplete(which=_earlier)
    async def brief(self, interaction: Asked, which: str | None = None, private: bool = False) -> None:
        """Show the newest brief, or an earlier one."""
        await show_brief(interaction, read_day(which) if which else None, private=private)


async def setup(bot: Gapbrief) -> None:
    """Load the commands."""
    await bot.add_cog(Brief())
