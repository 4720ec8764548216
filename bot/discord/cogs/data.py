"""`/data`: how fresh the data are, for this server's moderators; private to whoever asks."""

import asyncio
from datetime import UTC, datetime, timedelta

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord import components, limits
from bot.discord.client_base import Client, Interaction
from bot.discord.newsroom import rights
from bot.discord.newsroom.handlers import Call, NewsroomComponent, acknowledge, button, handler
from bot.discord.render import COLOUR
from bot.refresh import daily
from bot.refresh.last_refresh import asked_at, last_refresh, overview, without_command
from core.errors import UsageError
from core.store.board_ages import STILL_DAYS, still_boards
from core.words import and_list, count

_MOST_LISTED = 10
_APART = timedelta(hours=1)
"""How long publishers are left alone between two refreshes that moderators ask for."""


@app_commands.default_permissions(manage_messages=True)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
class Data(commands.Cog):
    """What the data are, and asking for newer ones."""

    @app_commands.command(description="How fresh the data are, by source: for this server's moderators.")
    async def data(self, interaction: Interaction) -> None:
        """Show each publisher's newest data, and what is held back."""
        await rights.check(interaction)
        await acknowledge(interaction)
        await interaction.edit_original_response(embed=await _shown(interaction), view=components.view_of(_items()))


def _items() -> list[NewsroomComponent]:
    return [button("Refresh now", "refresh")]


async def _shown(interaction: Interaction, done: str = "") -> discord.Embed:
    services = interaction.client.services
    table = await asyncio.to_thread(overview, services.settings.data)
    lines = [f"**{name}** · {day}{f' · {why}' if why else ''}" for name, day, _, why in table.rows]
    text = limits.fitted("\n".join(lines), limits.DESCRIPTION)
    shown = discord.Embed(title=table.title, description=text, colour=COLOUR)
    last = await asyncio.to_thread(last_refresh, services.settings.data)
    still = ", ".join(each.name for each in still_boards(services.answers.names.boards))
    waits = "\n".join(without_command(what) for what in last.waiting_within) if last else ""
    for name, what in (
        (f"No new score for {STILL_DAYS} days, though served", still),
        ("Waits for the operator", waits),
    ):
        if what:
            shown.add_field(name=name, value=limits.fitted(what, limits.FIELD_VALUE), inline=False)
    if done:
        shown.add_field(name="Just now", value=limits.fitted(done, limits.FIELD_VALUE), inline=False)
    return shown


@handler("refresh", takes=0)
async def refresh_now(call: Call) -> None:
    """Ask publishers for new data, not more often than once an hour, and say what came of it."""
    services = call.interaction.client.services
    last = asked_at(services.settings.data)
    now = datetime.now(UTC)
    if last and now - last < _APART:
        minutes = count(int((now - last).total_seconds() // 60), "minute")
        raise UsageError(f"Publishers were asked {minutes} ago; once an hour is enough.")
    await acknowledge(call.interaction)
    done = await daily.refresh_now(services, now)
    looks = done.looks.first if done.looks else ()
    first = [f"{each.model} is newly first at {each.level:g} on {each.benchmark}" for each in looks]
    said = f"{count(len(done.changes), 'change')}."
    if first:
        said += f" Please review: {and_list(first, most=_MOST_LISTED)}."
    await call.interaction.edit_original_response(
        embed=await _shown(call.interaction, said), view=components.view_of(_items())
    )


async def setup(bot: Client) -> None:
    """Load the command."""
    await bot.add_cog(Data())
