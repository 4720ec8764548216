"""How a schedule is set: by its command, or by the form under a draft."""

from collections.abc import Sequence
from typing import Any

import discord
from discord.utils import utcnow

from bot.discord import render
from bot.discord.client_base import Interaction
from bot.discord.newsroom import channel_checks, lists, wording
from bot.discord.newsroom.handlers import Call, acknowledge, actor, chosen, chosen_one, handler, modal, with_state
from bot.newsroom import scheduling, workflow
from bot.state import guilds, schedules
from bot.state.briefs import StoredBrief
from bot.state.database import State
from bot.state.schedules import NewSchedule, Schedule
from core.errors import UsageError
from core.words import capitalize

EXAMPLES = (
    "every Monday at 09:00", "every day at 9", "every weekday at 8:30", "monthly on the 1st at 9",
    "monthly on the last day at 17:00", "first Monday of the month at 9", "tomorrow at 17:00",
    "0 9 * * MON,THU",
)  # fmt: skip
_NO_CHANNEL = (
    "Moderators need a channel for the drafts; choose one with /newsroom settings, then set the schedule again."
)
_FOCI = (None, "private", "public")


async def set_schedule(interaction: Interaction, wish: NewSchedule, role: discord.Role | None) -> None:
    """Set a schedule, and answer with its next times what is acknowledged; raises UsageError where it can't be."""
    guild = interaction.guild
    if guild is None or wish.channel_id is None:
        raise UsageError("Choose a channel for the briefs.")
    said = await _check(interaction, guild, wish.channel_id, role, ask_first=wish.ask_first)
    found = await with_state(interaction.client, scheduling.add, wish, actor(interaction), utcnow())
    await interaction.edit_original_response(embed=_set(found, said))


async def _check(
    interaction: Interaction, guild: discord.Guild, channel_id: int, role: discord.Role | None, *, ask_first: bool
) -> list[str]:
    """Return what is good to know of where the briefs would go; raises UsageError where they can't."""
    channel = await channel_checks.check(guild, channel_id)
    if role is not None:
        channel_checks.check_role(channel, role)
    if ask_first:
        newsroom = await with_state(interaction.client, guilds.newsroom, guild.id)
        if newsroom.review_channel_id is None:
            raise UsageError(_NO_CHANNEL)
        await channel_checks.check(guild, newsroom.review_channel_id, channel_checks.Writable)
    return channel_checks.notes(channel)


def _set(found: Schedule, notes: Sequence[str]) -> discord.Embed:
    dates = "\n".join(f"{number}. {date}" for number, date in enumerate(lists.coming(found, utcnow()), 1))
    text = f"{capitalize(wording.schedule(found))}.\n\n**Next, in your own time**\n{dates}"
    shown = discord.Embed(title=f"Schedule {found.id} is set", description=text, colour=render.COLOUR)
    ways = "Pause, resume, remove or run it now with /newsroom schedule."
    return shown.set_footer(text="\n".join([*notes, ways]))


# ---- the form under a draft


@handler("plan", takes=3)
async def open_form(call: Call) -> None:
    """Open the form that sets a schedule for briefs like a draft."""
    brief_id, _, channel_id = call.numbers

    def work(state: State) -> tuple[StoredBrief, list[Schedule]]:
        return workflow.get(state, brief_id, actor(call.interaction)), schedules.listed(
            state, guild_id=call.interaction.guild_id
        )

    kept, known = await with_state(call.interaction.client, work)
    zone = known[-1].timezone if known else None
    made = modal("Schedule briefs like this", _fields(channel_id, zone), "planned", _FOCI.index(kept.focus))
    await call.interaction.response.send_modal(made)


@handler("planned", takes=1)
async def set_as_filled_in(call: Call) -> None:
    """Set the schedule of a form."""
    await acknowledge(call.interaction, anew=True)
    options, roles = call.fields.get("options") or [], chosen(call.fields.get("role"))
    guild = call.interaction.guild
    role = channel_checks.known_role(guild, roles[0]) if guild and roles else None
    wish = NewSchedule(
        call.field("when"),
        call.field("zone"),
        chosen_one(call.field("channel")),
        role.id if role else None,
        only_news="news" in options,
        ask_first="ask" in options,
        focus=_FOCI[min(call.numbers[0], len(_FOCI) - 1)],
    )
    await set_schedule(call.interaction, wish, role)


def _fields(channel_id: int, zone: str | None) -> list[discord.ui.Item[Any]]:
    kind = discord.SelectDefaultValueType.channel
    channel = discord.ui.ChannelSelect[Any](
        custom_id="channel",
        channel_types=channel_checks.POSTABLE,
        default_values=[discord.SelectDefaultValue(id=channel_id, type=kind)] if channel_id else [],
        required=True,
    )
    role = discord.ui.RoleSelect[Any](custom_id="role", min_values=0, required=False)
    options = discord.ui.Select[Any](
        custom_id="options",
        min_values=0,
        max_values=2,
        required=False,
        options=[
            discord.SelectOption(label="Only when there is news", value="news", default=True),
            discord.SelectOption(label="Ask in the moderators' channel first", value="ask"),
        ],
    )
    when = discord.ui.TextInput[Any](custom_id="when", placeholder=EXAMPLES[0], max_length=100)
    where = discord.ui.TextInput[Any](custom_id="zone", placeholder="Europe/Berlin", default=zone, max_length=60)
    return [
        discord.ui.Label(
            text="When",
            description="Such as “monthly on the last day at 9”, “tomorrow at 17:00”, or cron.",
            component=when,
        ),
        discord.ui.Label(text="Time zone", description="The clock that “when” is read on.", component=where),
        discord.ui.Label(text="Channel", component=channel),
        discord.ui.Label(text="Role to mention", description="I mention nothing else.", component=role),
        discord.ui.Label(text="How", component=options),
    ]
