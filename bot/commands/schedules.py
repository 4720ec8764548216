"""`gapbrief newsroom schedule` and what is done with schedules, from the command line."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from bot import terminal
from bot.commands.shared import SERVER, Between, DiscordId, now, opened_state, say_unchecked, say_why, step_command
from bot.newsroom import scheduling, steps, workflow
from bot.newsroom.recurrence import in_words
from bot.services import opened
from bot.settings import Settings
from bot.state import outbox, schedules, target_rows
from bot.state.schedules import GRACE_MINUTES, NewSchedule, Run, Schedule
from core.answer import Table
from core.errors import UsageError
from core.words import count, day

_DRAFTED = (
    "`gapbrief run` writes a draft when it is due, as long as it runs. `gapbrief newsroom list` names the draft, and"
    " `gapbrief newsroom approve NUMBER` posts it."
)


@click.command(
    short_help="Post a brief on a schedule, or once.",
    epilog='Example: gapbrief newsroom schedule "every Monday at 09:00" --zone Europe/Berlin --channel 123',
)
@click.argument("words", metavar="[add] RULE", nargs=-1)
@click.option("--zone", metavar="NAME", default="UTC", show_default=True, help="The time zone, such as Europe/Berlin.")
@click.option(
    "--channel", metavar="ID", type=DiscordId(), help="A Discord channel; without it, archive, feeds and targets."
)
@SERVER
@click.option("--role", metavar="ID", type=DiscordId(), help="A role to mention.")
@click.option("--always", is_flag=True, help="Post even without news, as a single post does.")
@click.option("--ask-first", is_flag=True, help="Wait for approval of each draft.")
@click.option("--review-channel", metavar="ID", type=DiscordId(), help="The moderators' channel to ask in.")
@click.option(
    "--grace", metavar="MINUTES", type=Between(0, scheduling.MOST_GRACE), default=GRACE_MINUTES,
    help="How late a missed brief may still be posted; default: 720.",
)  # fmt: skip
@click.option("--focus", metavar="private|public", help="Only tests of this kind.")
def schedule(words: tuple[str, ...], zone: str, grace: int, **options: Any) -> None:
    """Post a brief by a rule: "every day at 9", "monthly on the last day", or cron's five fields; or once.

    What comes once is "tomorrow at 17:00", "next Friday at 9", "on 3 December at 9".
    """
    if options["review_channel"] is not None and not options["ask_first"]:
        raise UsageError(
            "--review-channel is for drafts that wait for approval; give --ask-first too, or leave it out."
        )
    rule = " ".join(words[1:] if words[:1] == ("add",) else words)  # Discord's command is called so
    if not rule:
        raise UsageError(
            "Say when: `gapbrief newsroom schedule every Monday at 09:00` repeats, “tomorrow at 17:00” posts once."
        )
    wish = NewSchedule(
        rule, zone, options["channel"], options["role"], False if options["always"] else None, options["ask_first"],
        options["review_channel"], grace, options["focus"],
    )  # fmt: skip
    moment = now()
    with opened_state() as state:
        found = scheduling.add(state, wish, workflow.OPERATOR, moment, guild_id=options["server"])
    click.echo(f"Schedule {found.id}: {_said(found)}.")
    for at in scheduling.coming(found, moment):
        local = at.astimezone(ZoneInfo(found.timezone))
        click.echo(f"  {local:%A}, {day(local.date())}, {local:%H:%M}")
    click.echo(_DRAFTED if found.ask_first else "`gapbrief run` posts it when it is due, as long as it runs.")
    say_unchecked(options["channel"])


@click.command("list", short_help="List schedules and targets.", epilog="Example: gapbrief newsroom list")
@click.option("--server", metavar="ID", type=DiscordId(), help="Only this Discord server's.")
def list_(server: int | None) -> None:
    """List schedules with what came of their last time and the next three, and the targets beside Discord."""
    with opened_state() as state:
        found = [each for each in schedules.listed(state) if server in (None, each.guild_id)]
        last = {each.id: schedules.runs(state, each.id, 1) for each in found}
        others = [each for each in target_rows.listed(state) if server in (None, each.guild_id)]
    tables = []
    if found:
        rows = tuple((str(each.id), _whose(each.guild_id), _said(each)) for each in found)
        tables.append(Table("Schedules", ("No", "Server", "Schedule"), rows))
        moment = now()
        times = tuple((str(each.id), _last(last[each.id]), _next(each, moment)) for each in found)
        tables.append(Table("When, on each schedule's own clock", ("No", "Last", "Next"), times))
    else:
        there = "yet" if server is None else "there"
        click.echo(f"There are no schedules {there}; `gapbrief newsroom schedule` makes one.")
    if others:
        rows = tuple((each.name, _whose(each.guild_id), str(each)) for each in others)
        tables.append(Table("Targets beside Discord", ("Name", "Server", "Address"), rows))
    if tables:
        terminal.show_tables(tables, terminal.is_unicode())


@step_command(steps.PAUSE, "3")
def pause(number: int) -> None:
    """Pause a schedule."""
    with opened_state() as state:
        scheduling.pause(state, number, workflow.OPERATOR, now())
    click.echo(f"{steps.PAUSE.sentence.format(number)}.")


@step_command(steps.RESUME, "3")
def resume(number: int) -> None:
    """Resume a paused schedule."""
    with opened_state() as state:
        scheduling.resume(state, number, workflow.OPERATOR, now())
    click.echo(f"{steps.RESUME.sentence.format(number)}.")


@step_command(steps.REMOVE, "3")
def remove(number: int) -> None:
    """Remove a schedule; what it posted stays, what waits to be sent is not."""
    with opened_state() as state:
        unsent = scheduling.remove(state, number, workflow.OPERATOR, now())
    click.echo(scheduling.removed(number, unsent, "`gapbrief newsroom send-again {}` sends it"))


@step_command(steps.RUN_NOW, "3")
def run_now(number: int) -> None:
    """Make a schedule's brief now, news or not."""
    with opened(Settings.read(), say_why) as services:
        state = services.state
        brief_id = scheduling.run_now(state, number, workflow.OPERATOR, now(), services.writer)
        asked = scheduling.asked(state, brief_id) if workflow.is_awaited(state, brief_id) else None
        goes = bool(outbox.of_brief(state, brief_id))
    if asked is not None:
        click.echo(f"Draft {brief_id} is ready, and {asked}. `gapbrief newsroom approve {brief_id}` posts it.")
    elif goes:
        click.echo(f"Brief {brief_id} is ready; `gapbrief run` sends it within seconds.")
    else:
        click.echo(
            f"Brief {brief_id} is ready, and in the archive and feeds; there is nowhere to send it, because there is"
            " no channel and no target."
        )


COMMANDS = (schedule, list_, pause, resume, remove, run_now)
"""What `gapbrief newsroom` has of schedules."""


def _said(found: Schedule) -> str:
    """Say a schedule on one line."""
    parts = [f"{in_words(found.rule)} ({found.timezone})"]
    parts.append(f"to channel {found.channel_id}" if found.channel_id else "to archive, feeds and targets")
    parts += [f"mentioning role {found.role_id}"] * bool(found.role_id)
    parts.append("only with news" if found.only_news else "always")
    parts += [f"{found.focus} tests alone"] * bool(found.focus)
    where = f" in channel {found.review_channel_id}" if found.review_channel_id else ""
    parts += [f"asks first{where}"] * found.ask_first
    if found.grace_minutes != GRACE_MINUTES:
        parts.append(f"missed ones made up within {count(found.grace_minutes, 'minute')}")
    return ", ".join(parts)


def _whose(server: int | None) -> str:
    return "whole service" if server is None else str(server)


def _last(runs: Sequence[Run]) -> str:
    """Say what came of a schedule's last time."""
    if not runs:
        return "–"
    run = runs[0]
    awaiting = f"draft {run.brief_id} waits for approval"
    said = {"made": "a brief was made", "awaiting": awaiting, "nothing-new": "nothing new"}
    note = f": {run.note}" if run.note else ""
    return f"{run.due.rstrip(schedules.RUN_NOW).replace('T', ' ')} {said.get(run.status, run.status)}{note}"


def _next(found: Schedule, moment: datetime) -> str:
    """Say a schedule's next three times, or why it has none."""
    if still := scheduling.stands_still(found):
        return still
    local = [at.astimezone(ZoneInfo(found.timezone)) for at in scheduling.coming(found, moment)]
    return ", ".join(f"{at:%Y-%m-%d %H:%M}" for at in local)
