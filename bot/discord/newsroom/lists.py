"""The newsroom's lists, a page at a time: the briefs with their status, the schedules, and who did what."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import discord
from discord.utils import format_dt, utcnow

from bot.discord import components, limits, render
from bot.discord.channels import Writable
from bot.discord.client_base import Interaction
from bot.discord.components import Items
from bot.discord.newsroom import cards
from bot.discord.newsroom.handlers import Call, acknowledge, button, chosen_one, custom_id, handler, with_state
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
    """Answer with the first page of a list, in private."""
    embed, items = await page(interaction, 0)
    await interaction.response.send_message(embed=embed, view=components.make_view(items), ephemeral=True)


def _turned_by(name: str) -> Callable[[Page], Page]:
    """Let a list be turned by its buttons, whose custom_ids have this name."""

    def register(page: Page) -> Page:
        @handler(name, takes=1)
        async def turn(call: Call) -> None:
            embed, items = await page(call.interaction, min(call.numbers[0], _LAST_PAGE))
            await call.interaction.response.edit_message(embed=embed, view=components.make_view(items))

        return page

    return register


# ---- briefs


@_turned_by("history")
async def history(interaction: Interaction, number: int) -> tuple[discord.Embed, Items]:
    """Return a page of the server's briefs, the newest first; each can be opened."""

    def work(state: State) -> list[HistoryEntry]:
        return workflow.list_history(state, interaction.guild_id, limit=(number + 1) * _BRIEFS + 1)[number * _BRIEFS :]

    entries = await with_state(interaction.client, work)
    shown, has_more = entries[:_BRIEFS], len(entries) > _BRIEFS
    none = "There are no briefs yet; /newsroom new writes one, and /newsroom schedule add schedules them."
    embed = _embed("Briefs", [_brief(each, interaction.guild) for each in shown], none if number == 0 else "")
    items = _turns("history", number, has_more=has_more)
    return embed, [_open(shown), *items] if shown else items


@handler("open", takes=0)
async def open_brief(call: Call) -> None:
    """Open the brief that was chosen, as a card of its own."""
    channel = call.interaction.channel
    here = channel.id if isinstance(channel, Writable) else None
    chosen = chosen_one(call.field("values"))
    await acknowledge(call.interaction, anew=True)
    await cards.show(call.interaction, chosen, here)


def _brief(entry: HistoryEntry, guild: discord.Guild | None) -> str:
    kept = entry.stored
    title = limits.shorten(kept.brief.title, 2 * _TITLE)
    at = kept.posted_at or kept.made_at
    lines = [f"**{kept.id}** · {kept.status_word} {format_dt(at, 'd')} · {title}"]
    return "\n".join([*lines, *(f"- {place}" for place in cards.list_places(entry.items, guild, _PLACES))])


def _open(entries: Sequence[HistoryEntry]) -> discord.ui.Select[discord.ui.View]:
    options = [
        discord.SelectOption(
            label=limits.fit(f"{each.stored.id}: {each.stored.brief.title}", limits.CHOICE_NAME),
            value=str(each.stored.id),
            description=each.stored.status_word,
        )
        for each in entries
    ]
    return discord.ui.Select(custom_id=custom_id("open"), placeholder="Open a brief", options=options)


# ---- schedules


@_turned_by("schedules")
async def all_schedules(interaction: Interaction, number: int) -> tuple[discord.Embed, Items]:
    """Return a page of the server's schedules, with their next times and what came of the last."""

    def work(state: State) -> list[tuple[Schedule, list[Run]]]:
        listed = schedules.list_schedules(state, guild_id=interaction.guild_id)[number * _SCHEDULES :][: _SCHEDULES + 1]
        return [(each, schedules.list_runs(state, each.id, 1)) for each in listed]

    listed = await with_state(interaction.client, work)
    now = utcnow()
    lines = [_schedule(each, runs, now) for each, runs in listed[:_SCHEDULES]]
    embed = _embed("Schedules", lines, "There are no schedules yet; /newsroom schedule add makes one.")
    return embed, _turns("schedules", number, has_more=len(listed) > _SCHEDULES)


def _schedule(schedule: Schedule, runs: Sequence[Run], now: datetime) -> str:
    lines = [f"**{schedule.id}** · {cards.describe_schedule(schedule)}"]
    if still := scheduling.describe_pause(schedule):
        lines.append(f"- {limits.shorten(capitalize(still), 160)}")
    else:
        lines.append(f"- Next: {' · '.join(coming(schedule, now))}")
    return "\n".join([*lines, *(f"- Last: {cards.describe_run(run)}" for run in runs)])


def coming(schedule: Schedule, now: datetime) -> list[str]:
    """Return a schedule's next times, as Discord shows them in the reader's own time."""
    return [format_dt(at, "F") for at in scheduling.next_times(schedule, now, _DATES)]


# ---- the audit trail


@_turned_by("audit")
async def trail(interaction: Interaction, number: int) -> tuple[discord.Embed, Items]:
    """Return a page of who did what in the server's newsroom, the newest first."""

    def work(state: State) -> list[AuditEntry]:
        wanted = (number + 1) * _ENTRIES + 1
        return audit.list_entries(state, guild_id=interaction.guild_id, limit=wanted)[number * _ENTRIES :]

    entries = await with_state(interaction.client, work)
    lines = [cards.describe_entry(each) for each in entries[:_ENTRIES]]
    embed = _embed("Who did what", lines, "Nothing has been done here yet.")
    return embed, _turns("audit", number, has_more=len(entries) > _ENTRIES)


# ---- what the lists share


def _embed(title: str, parts: Sequence[str], none: str) -> discord.Embed:
    between = "\n\n" if any("\n" in part for part in parts) else "\n"
    text = limits.fit(between.join(parts), limits.DESCRIPTION) or none
    return discord.Embed(title=title, description=text, colour=render.COLOUR)


def _turns(name: str, number: int, *, has_more: bool) -> Items:
    if number == 0 and not has_more:
        return []
    return [
        button("Back", name, max(number - 1, 0), disabled=number == 0),
        button("Next", name, number + 1, disabled=not has_more),
    ]
