"""`/brief`: the newest brief, or an earlier one."""

import time

from discord import app_commands
from discord.ext import commands

from bot.discord.autocomplete import matching
from bot.discord.brief_messages import posted, show_brief
from bot.discord.client_base import Client, Interaction
from bot.services import Services
from core.questions.question import read_day
from core.words import day

_REMEMBERED_SECONDS = 30.0


class Brief(commands.Cog):
    """What changed, and how the gap stands, in a minute's reading."""

    def __init__(self) -> None:
        self._known: dict[int | None, tuple[float, list[tuple[str, str]]]] = {}

    @app_commands.command(description="What changed since the last brief, and how the gap stands: a minute's reading.")
    @app_commands.describe(which="An earlier brief, by its day", private="Show the brief only to you")
    async def brief(self, interaction: Interaction, which: str | None = None, private: bool = False) -> None:
        """Show the newest brief, or an earlier one."""
        await show_brief(interaction, read_day(which) if which else None, private=private)

    @brief.autocomplete("which")
    async def earlier(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer earlier briefs, from memory while somebody types."""
        known = await self._earlier(interaction.client.services, interaction.guild_id)
        return matching({value: name for name, value in known if typed.lower() in f"{name} {value}".lower()})

    async def _earlier(self, services: Services, guild_id: int | None) -> list[tuple[str, str]]:
        """Return what is shown of the posted briefs, and their days; where none was, of those that today's names."""
        now = time.monotonic()
        self._known = {whose: known for whose, known in self._known.items() if now - known[0] < _REMEMBERED_SECONDS}
        if guild_id not in self._known:
            kept = (await posted(services, guild_id)).values()
            briefs = [each.brief for each in kept] or (await services.answers.brief()).more
            found = [(f"{day(each.published)}: {each.title}", each.published.isoformat()) for each in briefs]
            self._known[guild_id] = (now, found)
        return self._known[guild_id][1]


async def setup(bot: Client) -> None:
    """Load the commands."""
    await bot.add_cog(Brief())
