"""`/newsroom schedule`: automatic briefs, scheduled by command or by the form under a draft."""

from collections.abc import Sequence
from typing import Any, Literal
from zoneinfo import ZoneInfo, available_timezones

import discord
from discord import app_commands
from discord.utils import utcnow

from bot.discord import channels, render
from bot.discord.autocomplete import choose_matching
from bot.discord.client_base import Interaction
from bot.discord.limits import CHOICE_NAME, CHOICES
from bot.discord.newsroom import cards, lists
from bot.discord.newsroom.handlers import (
    Call,
    acknowledge,
    actor,
    guild_of,
    handler,
    modal,
    preset_channels,
    read_choice,
    read_choices,
    text_field,
    with_state,
)
from bot.newsroom import scheduling, workflow
from bot.newsroom.recurrence import describe_rule, parse_rule, parse_zone
from bot.newsroom.step_table import PAUSE
from bot.state import guilds, schedules
from bot.state.briefs import LARGEST_ID
from bot.state.schedules import NewSchedule, Schedule
from core.errors import UsageError
from core.words import capitalize

# ---- adding a schedule


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
    """Add a schedule, and answer a deferred interaction with its next times; raises UsageError if it can't be added."""
    guild = guild_of(interaction)
    channel = await channels.check_postable(guild, wish.channel_id or 0)
    if role is not None:
        channels.check_role(channel, role)
    if wish.ask_first:
        newsroom = await with_state(interaction.client, guilds.get_newsroom, guild.id)
        if newsroom.review_channel_id is None:
            raise UsageError(_NO_CHANNEL)
        await channels.check_postable(guild, newsroom.review_channel_id, channels.Writable)
    schedule = await with_state(interaction.client, scheduling.add, wish, actor(interaction), utcnow())
    await interaction.edit_original_response(embed=_confirm(schedule, channels.channel_notes(channel)))


def _confirm(schedule: Schedule, notes: Sequence[str]) -> discord.Embed:
    dates = "\n".join(f"{number}. {date}" for number, date in enumerate(lists.next_times(schedule, utcnow()), 1))
    text = f"{capitalize(cards.describe_schedule(schedule))}.\n\n**Next, in your own time**\n{dates}"
    embed = discord.Embed(title=f"Schedule {schedule.id} is set", description=text, colour=render.COLOUR)
    hint = "Pause, resume, remove or run it now with /newsroom schedule."
    return embed.set_footer(text="\n".join([*notes, hint]))


# ---- the form under a draft


@handler("plan", takes=3)
async def open_form(call: Call) -> None:
    """Open the form to schedule briefs like a draft."""
    brief_id, _, channel_id = call.numbers
    stored = await with_state(call.interaction.client, workflow.get, brief_id, actor(call.interaction))
    existing = await _list_schedules(call.interaction)
    zone = existing[-1].timezone if existing else None
    form = modal("Schedule briefs like this", _form_fields(channel_id, zone), "planned", _FOCI.index(stored.focus))
    await call.interaction.response.send_modal(form)


@handler("planned", takes=1)
async def set_as_filled_in(call: Call) -> None:
    """Add the schedule of a submitted form."""
    await acknowledge(call.interaction, new_message=True)
    options, roles = call.fields.get("options") or [], read_choices(call.fields.get("role"))
    role = channels.find_role(guild_of(call.interaction), roles[0]) if roles else None
    wish = NewSchedule(
        call.field("when"),
        call.field("zone"),
        read_choice(call.field("channel")),
        role.id if role else None,
        only_news="news" in options,
        ask_first="ask" in options,
        focus=_FOCI[min(call.numbers[0], len(_FOCI) - 1)],
    )
    await set_schedule(call.interaction, wish, role)


def _form_fields(channel_id: int, zone: str | None) -> list[discord.ui.Item[Any]]:
    channel = discord.ui.ChannelSelect[Any](
        custom_id="channel",
        channel_types=channels.POSTABLE,
        default_values=preset_channels([channel_id]),
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
    when_hint = "Such as “monthly on the last day at 9”, “tomorrow at 17:00”, or cron."
    zone_options = {"placeholder": "Europe/Berlin", "default": zone, "max_length": _MOST_ZONE}
    return [
        text_field("when", "When", when_hint, placeholder=EXAMPLES[0], max_length=_MOST_RULE),
        text_field("zone", "Time zone", "The clock that “when” is read on.", **zone_options),
        discord.ui.Label(text="Channel", component=channel),
        discord.ui.Label(text="Role to mention", description="I mention nothing else.", component=role),
        discord.ui.Label(text="How", component=options),
    ]


# ---- autocompletion


async def _list_schedules(interaction: Interaction) -> list[Schedule]:
    return await with_state(interaction.client, schedules.list_schedules, guild_id=interaction.guild_id)


_USUAL_ZONES = (
    "UTC", "Europe/London", "Europe/Berlin", "Europe/Paris", "America/New_York", "America/Chicago",
    "America/Los_Angeles", "America/Sao_Paulo", "Asia/Kolkata", "Asia/Shanghai", "Asia/Tokyo", "Australia/Sydney",
)  # fmt: skip
_MOST_RULE, _MOST_ZONE = 100, 60
_MOST_GRACE_HOURS = 7 * 24

Number = app_commands.Range[int, 1, LARGEST_ID]


async def _offer_rules(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Show how the typed rule is understood, and offer examples."""
    matching = [rule for rule in EXAMPLES if typed.lower() in rule.lower()] or list(EXAMPLES)
    offers = {rule: rule for rule in matching if rule != typed}
    try:
        if typed.strip() and len(typed) <= CHOICE_NAME:
            zone = parse_zone(interaction.namespace.zone or "UTC")
            offers = {typed: f"{typed}: {describe_rule(parse_rule(typed, zone, utcnow()))}", **offers}
    except UsageError:
        pass
    return choose_matching(offers)


async def _offer_zones(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Offer time zones with their current times, first those that the server uses."""
    used_zones = [schedule.timezone for schedule in reversed(await _list_schedules(interaction))]
    search = typed.strip().lower().replace(" ", "_")
    zones = dict.fromkeys([*used_zones, *_USUAL_ZONES, *(sorted(available_timezones()) if search else ())])
    matching = [zone for zone in zones if search in zone.lower()]
    matching.sort(key=lambda zone: not any(part.startswith(search) for part in zone.lower().split("/")))
    now = utcnow()
    names = {zone: f"{zone} (now {now.astimezone(ZoneInfo(zone)):%H:%M})" for zone in matching[:CHOICES]}
    return choose_matching(names)


async def _offer_schedules(interaction: Interaction, typed: str) -> list[app_commands.Choice[int]]:
    """Offer the server's schedules."""
    names = {
        row.id: f"{row.id}: {describe_rule(row.rule)} ({row.timezone}){_channel_name(interaction, row)}"
        for row in await _list_schedules(interaction)
    }
    return choose_matching(names, typed)


def _channel_name(interaction: Interaction, schedule: Schedule) -> str:
    channel = guild_of(interaction).get_channel_or_thread(schedule.channel_id or 0)
    return f" to #{channel.name}" if channel else ""


# ---- the commands


class ScheduleCommands(app_commands.Group):
    """Moderators' commands for schedules."""

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
    @app_commands.autocomplete(when=_offer_rules, zone=_offer_zones)
    async def add(
        self,
        interaction: Interaction,
        when: app_commands.Range[str, 1, _MOST_RULE],
        zone: app_commands.Range[str, 1, _MOST_ZONE],
        channel: channels.Postable,
        role: discord.Role | None = None,
        only_news: bool | None = None,
        ask_first: bool = False,
        focus: Literal["private", "public"] | None = None,
        grace_hours: app_commands.Range[int, 0, _MOST_GRACE_HOURS] = 12,
    ) -> None:
        """Add a schedule, and show its next times."""
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
    @app_commands.autocomplete(schedule=_offer_schedules)
    async def pause(self, interaction: Interaction, schedule: Number) -> None:
        """Pause a schedule."""
        await acknowledge(interaction)
        await with_state(interaction.client, scheduling.pause, schedule, actor(interaction), utcnow())
        await _say(interaction, f"{PAUSE.sentence.format(schedule)}; /newsroom schedule resume continues it.")

    @app_commands.command(description="Resume a paused schedule with its next time.")
    @app_commands.describe(schedule="Its number")
    @app_commands.autocomplete(schedule=_offer_schedules)
    async def resume(self, interaction: Interaction, schedule: Number) -> None:
        """Resume a schedule, if the bot can post in its channel."""
        await acknowledge(interaction)
        await _find_open_schedule(interaction, schedule)
        resumed = await with_state(interaction.client, scheduling.resume, schedule, actor(interaction), utcnow())
        await _say(interaction, f"Schedule {schedule} is resumed: {' · '.join(lists.next_times(resumed, utcnow()))}")

    @app_commands.command(description="Remove a schedule; its posts stay.")
    @app_commands.describe(schedule="Its number")
    @app_commands.autocomplete(schedule=_offer_schedules)
    async def remove(self, interaction: Interaction, schedule: Number) -> None:
        """Remove a schedule."""
        await acknowledge(interaction)
        unsent = await with_state(interaction.client, scheduling.remove, schedule, actor(interaction), utcnow())
        await _say(
            interaction, scheduling.removal_sentence(schedule, unsent, "open it with /newsroom history to send it")
        )

    @app_commands.command(name="run-now", description="Make a schedule's brief now, news or not.")
    @app_commands.describe(schedule="Its number")
    @app_commands.autocomplete(schedule=_offer_schedules)
    async def run_now(self, interaction: Interaction, schedule: Number) -> None:
        """Write a schedule's brief now."""
        await acknowledge(interaction)
        bot, stored = interaction.client, await _find_open_schedule(interaction, schedule)
        who, writer = actor(interaction), bot.services.writer
        brief_id = await with_state(bot, scheduling.run_now, schedule, who, utcnow(), writer)
        if bot.newsroom_worker:
            bot.newsroom_worker.nudge()
        if stored.ask_first:
            recipient = await with_state(bot, scheduling.describe_review, brief_id)
            sentence = f"Draft {brief_id} is ready, and {recipient}. It is also in /newsroom history."
        else:
            sentence = (
                f"Brief {brief_id} is ready, and goes to <#{stored.channel_id}>; /newsroom history shows if it arrived."
            )
        await _say(interaction, sentence)


async def _find_open_schedule(interaction: Interaction, number: int) -> Schedule:
    """Return the server's schedule; raises UsageError if it is missing, or the bot can't post in its channel."""
    schedule = await with_state(interaction.client, schedules.by_id, number)
    if schedule is None or schedule.guild_id != interaction.guild_id:
        raise UsageError(f"There is no schedule {number} here; /newsroom schedule list shows the existing ones.")
    if schedule.channel_id:
        await channels.check_postable(guild_of(interaction), schedule.channel_id)
    return schedule


async def _say(interaction: Interaction, words: str) -> None:
    await interaction.edit_original_response(embed=discord.Embed(description=words, colour=render.COLOUR))
