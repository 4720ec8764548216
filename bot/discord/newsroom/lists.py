"""The newsroom's paged lists: briefs with their status, schedules, and the audit trail."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import discord
from discord.utils import format_dt, utcnow

from bot.discord import components, limits, render
from bot.discord.channels import Writable
from bot.discord.client_base import Interaction
from bot.discord.components import Items
from bot.discord.newsroom import cards
from bot.discord.newsroom.handlers import Call, acknowledge, button, custom_id, handler, read_choice, with_state
from bot.newsroom import scheduling, workflow
from bot.newsroom.workflow import HistoryEntry
from bot.state import audit, schedules
from bot.state.audit import AuditEntry
from bot.state.database import State
from bot.state.schedules import Run, Schedule
from core.words import capitalize

_BRIEFS, _SCHEDULES, _ENTRIES = 5, 5, 10
_LAST_PAGE = 10_000
_TITLE, _PLACES, _DATES = 90, 2, 3

Page = Callable[[Interaction, int], Awaitable[tuple[discord.Embed, Items]]]


async def send(interaction: Interaction, page: Page) -> None:
    """Send a list's first page in private."""
    embed, items = await page(interaction, 0)
    await interaction.response.send_message(embed=embed, view=components.make_view(items), ephemeral=True)


def _paged(name: str) -> Callable[[Page], Page]:
    """Register a list's page buttons under a name."""

    def register(page: Page) -> Page:
        @handler(name, takes=1)
        async def turn(call: Call) -> None:
            embed, items = await page(call.interaction, min(call.numbers[0], _LAST_PAGE))
            await call.interaction.response.edit_message(embed=embed, view=components.make_view(items))

        return page

    return register


# ---- briefs


@_paged("history")
async def history(interaction: Interaction, number: int) -> tuple[discord.Embed, Items]:
    """Return a page of the server's briefs, newest first, with a selection to open one."""

    def work(state: State) -> list[HistoryEntry]:
        return workflow.list_history(state, interaction.guild_id, limit=(number + 1) * _BRIEFS + 1)[number * _BRIEFS :]

    entries = await with_state(interaction.client, work)
    page, has_more = entries[:_BRIEFS], len(entries) > _BRIEFS
    none = "There are no briefs yet; /newsroom new writes one, and /newsroom schedule add schedules them."
    embed = _embed("Briefs", [_describe_brief(entry, interaction.guild) for entry in page], none if number == 0 else "")
    items = _page_buttons("history", number, has_more=has_more)
    return embed, [_open_select(page), *items] if page else items


@handler("open", takes=0)
async def open_brief(call: Call) -> None:
    """Open the chosen brief as a new card."""
    channel = call.interaction.channel
    channel_id = channel.id if isinstance(channel, Writable) else None
    brief_id = read_choice(call.field("values"))
    await acknowledge(call.interaction, new_message=True)
    await cards.show(call.interaction, brief_id, channel_id)


def _describe_brief(entry: HistoryEntry, guild: discord.Guild | None) -> str:
    stored = entry.stored
    title = limits.shorten(stored.brief.title, 2 * _TITLE)
    moment = stored.posted_at or stored.made_at
    lines = [f"**{stored.id}** · {stored.status_word} {format_dt(moment, 'd')} · {title}"]
    return "\n".join([*lines, *(f"- {place}" for place in cards.list_places(entry.items, guild, _PLACES))])


def _open_select(entries: Sequence[HistoryEntry]) -> discord.ui.Select[discord.ui.View]:
    options = [
        discord.SelectOption(
            label=limits.fit(f"{entry.stored.id}: {entry.stored.brief.title}", limits.CHOICE_NAME),
            value=str(entry.stored.id),
            description=entry.stored.status_word,
        )
        for entry in entries
    ]
    return discord.ui.Select(custom_id=custom_id("open"), placeholder="Open a brief", options=options)


# ---- schedules


@_paged("schedules")
async def all_schedules(interaction: Interaction, number: int) -> tuple[discord.Embed, Items]:
    """Return a page of the server's schedules, with their next times and last runs."""

    def work(state: State) -> list[tuple[Schedule, list[Run]]]:
        rows = schedules.list_schedules(state, guild_id=interaction.guild_id)[number * _SCHEDULES :][: _SCHEDULES + 1]
        return [(schedule, schedules.list_runs(state, schedule.id, 1)) for schedule in rows]

    rows = await with_state(interaction.client, work)
    now = utcnow()
    lines = [_describe_stored_schedule(schedule, runs, now) for schedule, runs in rows[:_SCHEDULES]]
    embed = _embed("Schedules", lines, "There are no schedules yet; /newsroom schedule add makes one.")
    return embed, _page_buttons("schedules", number, has_more=len(rows) > _SCHEDULES)


def _describe_stored_schedule(schedule: Schedule, runs: Sequence[Run], now: datetime) -> str:
    lines = [f"**{schedule.id}** · {cards.describe_schedule(schedule)}"]
    if problem := scheduling.describe_pause(schedule):
        lines.append(f"- {limits.shorten(capitalize(problem), 160)}")
    else:
        lines.append(f"- Next: {' · '.join(next_times(schedule, now))}")
    return "\n".join([*lines, *(f"- Last: {cards.describe_run(run)}" for run in runs)])


def next_times(schedule: Schedule, now: datetime) -> list[str]:
    """Return a schedule's next times, in the reader's time zone."""
    return [format_dt(moment, "F") for moment in scheduling.next_times(schedule, now, _DATES)]


# ---- the audit trail


@_paged("audit")
async def trail(interaction: Interaction, number: int) -> tuple[discord.Embed, Items]:
    """Return a page of the server's audit trail, newest first."""

    def work(state: State) -> list[AuditEntry]:
        limit = (number + 1) * _ENTRIES + 1
        return audit.list_entries(state, guild_id=interaction.guild_id, limit=limit)[number * _ENTRIES :]

    entries = await with_state(interaction.client, work)
    lines = [cards.describe_entry(entry) for entry in entries[:_ENTRIES]]
    embed = _embed("Who did what", lines, "Nothing has been done here yet.")
    return embed, _page_buttons("audit", number, has_more=len(entries) > _ENTRIES)


# ---- shared


def _embed(title: str, parts: Sequence[str], none: str) -> discord.Embed:
    separator = "\n\n" if any("\n" in part for part in parts) else "\n"
    text = limits.fit(separator.join(parts), limits.DESCRIPTION) or none
    return discord.Embed(title=title, description=text, colour=render.COLOUR)


def _page_buttons(name: str, number: int, *, has_more: bool) -> Items:
    if number == 0 and not has_more:
        return []
    return [
        button("Back", name, max(number - 1, 0), disabled=number == 0),
        button("Next", name, number + 1, disabled=not has_more),
    ]
