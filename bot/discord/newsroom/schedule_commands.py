"""`/newsroom schedule`: briefs that are posted by themselves."""

from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

import discord
from discord import app_commands
from discord.utils import utcnow

from bot.discord import render
from bot.discord.autocomplete import matching
from bot.discord.client_base import Interaction
from bot.discord.limits import CHOICE_NAME, CHOICES
from bot.discord.newsroom import channel_checks, lists, rights
from bot.discord.newsroom.handlers import acknowledge, actor, with_state
from bot.discord.newsroom.schedule_form import EXAMPLES, set_schedule
from bot.newsroom import scheduling
from bot.newsroom.recurrence import in_words, read_rule, read_zone
from bot.newsroom.step_table import PAUSE
from bot.state import schedules
from bot.state.briefs import LARGEST_ID
from bot.state.schedules import NewSchedule, Schedule
from core.errors import UsageError

_USUAL_ZONES = (
    "UTC", "Europe/London", "Europe/Berlin", "Europe/Paris", "America/New_York", "America/Chicago",
    "America/Los_Angeles", "America/Sao_Paulo", "Asia/Kolkata", "Asia/Shanghai", "Asia/Tokyo", "Australia/Sydney",
)  # fmt: skip
_MOST_RULE, _MOST_ZONE = 100, 60
_MOST_GRACE_HOURS = 7 * 24

Number = app_commands.Range[int, 1, LARGEST_ID]


# ---- autocompletion


async def _rules(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Say how the rule is understood that is typed so far, and offer others."""
    if not await rights.may(interaction):
        return []
    fitting = [each for each in EXAMPLES if typed.lower() in each.lower()] or list(EXAMPLES)
    offered = {each: each for each in fitting if each != typed}
    try:
        if typed.strip() and len(typed) <= CHOICE_NAME:
            zone = read_zone(interaction.namespace.zone or "UTC")
            offered = {typed: f"{typed}: {in_words(read_rule(typed, zone, utcnow()))}", **offered}
    except UsageError:
        pass
    return matching(offered)


async def _zones(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Offer time zones with what their clocks show: first those that the server uses, then the usual ones."""
    if not await rights.may(interaction):
        return []
    found = await with_state(interaction.client, schedules.listed, guild_id=interaction.guild_id)
    used = list(dict.fromkeys(each.timezone for each in reversed(found)))
    wanted = typed.strip().lower().replace(" ", "_")
    known = dict.fromkeys([*used, *_USUAL_ZONES, *(sorted(available_timezones()) if wanted else ())])
    fitting = [zone for zone in known if wanted in zone.lower()]
    fitting.sort(key=lambda zone: not any(part.startswith(wanted) for part in zone.lower().split("/")))
    now = utcnow()
    return matching({zone: f"{zone} (now {now.astimezone(ZoneInfo(zone)):%H:%M})" for zone in fitting[:CHOICES]})


async def _schedules(interaction: Interaction, typed: str) -> list[app_commands.Choice[int]]:
    """Offer the server's schedules."""
    if not await rights.may(interaction):
        return []
    found = await with_state(interaction.client, schedules.listed, guild_id=interaction.guild_id)
    names = {
        each.id: f"{each.id}: {in_words(each.rule)} ({each.timezone}){_channel_name(interaction, each)}"
        for each in found
    }
    return matching(names, typed)


def _channel_name(interaction: Interaction, found: Schedule) -> str:
    guild, channel_id = interaction.guild, found.channel_id
    channel = guild.get_channel_or_thread(channel_id) if guild and channel_id else None
    return f" to #{channel.name}" if channel else ""


# ---- the commands


class ScheduleCommands(app_commands.Group):
    """What moderators do with schedules."""

    def __init__(self) -> None:
        super().__init__(name="schedule", description="Briefs that are posted automatically.")

    @app_commands.command(description="Post a brief every day, week or month, by a cron rule, or once.")
    @app_commands.describe(
        when="Such as “every Monday at 09:00”, “monthly on the last day”, “tomorrow at 17:00”, or cron's fields",
        zone="The time zone that “when” is read in, such as Europe/Berlin",
        channel="Where to post",
        role="A role to mention; I mention nothing else",
        only_news="Only when there is news (the default for repeated schedules), or always",
        ask_first="Send a draft to the moderators' channel, and wait for approval",
        focus="Only tests of this kind",
        grace_hours="How late a missed brief may still be posted; default: 12 hours",
    )
    @app_commands.autocomplete(when=_rules, zone=_zones)
    async def add(
        self,
        interaction: Interaction,
        when: app_commands.Range[str, 1, _MOST_RULE],
        zone: app_commands.Range[str, 1, _MOST_ZONE],
        channel: channel_checks.Postable,
        role: discord.Role | None = None,
        only_news: bool | None = None,
        ask_first: bool = False,
        focus: Literal["private", "public"] | None = None,
        grace_hours: app_commands.Range[int, 0, _MOST_GRACE_HOURS] = 12,
    ) -> None:
        """Set a schedule, and show its next times."""
        wish = NewSchedule(
            when, zone, channel.id, role.id if role else None, only_news, ask_first, None, grace_hours * 60, focus
        )  # fmt: skip
        await acknowledge(interaction)
        await set_schedule(interaction, wish, role)

    @app_commands.command(name="list", description="The schedules here, with their next times.")
    async def list_(self, interaction: Interaction) -> None:
        """List the schedules."""
        await lists.send(interaction, lists.all_schedules)

    @app_commands.command(description="Pause a schedule.")
    @app_commands.describe(schedule="Its number")
    @app_commands.autocomplete(schedule=_schedules)
    async def pause(self, interaction: Interaction, schedule: Number) -> None:
        """Pause a schedule."""
        await acknowledge(interaction)
        await with_state(interaction.client, scheduling.pause, schedule, actor(interaction), utcnow())
        await _say(interaction, f"{PAUSE.sentence.format(schedule)}; /newsroom schedule resume continues it.")

    @app_commands.command(description="Resume a paused schedule with its next time.")
    @app_commands.describe(schedule="Its number")
    @app_commands.autocomplete(schedule=_schedules)
    async def resume(self, interaction: Interaction, schedule: Number) -> None:
        """Let a paused schedule go on, if its channel takes its briefs."""
        await acknowledge(interaction)
        await _with_open_channel(interaction, schedule)
        found = await with_state(interaction.client, scheduling.resume, schedule, actor(interaction), utcnow())
        await _say(interaction, f"Schedule {schedule} is resumed: {' · '.join(lists.coming(found, utcnow()))}")

    @app_commands.command(description="Remove a schedule; its posts stay.")
    @app_commands.describe(schedule="Its number")
    @app_commands.autocomplete(schedule=_schedules)
    async def remove(self, interaction: Interaction, schedule: Number) -> None:
        """Remove a schedule."""
        await acknowledge(interaction)
        unsent = await with_state(interaction.client, scheduling.remove, schedule, actor(interaction), utcnow())
        await _say(interaction, scheduling.removed(schedule, unsent, "open it with /newsroom history to send it"))

    @app_commands.command(name="run-now", description="Make a schedule's brief now, news or not.")
    @app_commands.describe(schedule="Its number")
    @app_commands.autocomplete(schedule=_schedules)
    async def run_now(self, interaction: Interaction, schedule: Number) -> None:
        """Make a schedule's brief now."""
        await acknowledge(interaction)
        bot, found = interaction.client, await _with_open_channel(interaction, schedule)
        who, writer = actor(interaction), bot.services.writer
        brief_id = await with_state(bot, scheduling.run_now, schedule, who, utcnow(), writer)
        if bot.publisher:
            bot.publisher.nudge()
        if found.ask_first:
            asked = await with_state(bot, scheduling.asked, brief_id)
            said = f"Draft {brief_id} is ready, and {asked}. It is also in /newsroom history."
        else:
            said = (
                f"Brief {brief_id} is ready, and goes to <#{found.channel_id}>; /newsroom history shows if it arrived."
            )
        await _say(interaction, said)


async def _with_open_channel(interaction: Interaction, number: int) -> Schedule:
    """Return a schedule of the server's; raises UsageError where there is none, or its channel takes no briefs."""
    found = await with_state(interaction.client, schedules.by_id, number)
    if found is None or found.guild_id != interaction.guild_id:
        raise UsageError(f"There is no schedule {number} here; /newsroom schedule list shows the existing ones.")
    if interaction.guild and found.channel_id:
        await channel_checks.check(interaction.guild, found.channel_id)
    return found


async def _say(interaction: Interaction, words: str) -> None:
    await interaction.edit_original_response(embed=discord.Embed(description=words, colour=render.COLOUR))
