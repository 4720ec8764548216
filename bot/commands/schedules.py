"""`gapbrief newsroom schedule` and what is done with schedules, from the command line."""

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from bot import terminal
from bot.commands.newsroom import NUMBER, SERVER, DiscordId, now, opened_state, say_unchecked, say_why
from bot.settings import Settings
from core.answer import Table
from core.words import day

if TYPE_CHECKING:
    from bot.state.schedules import Schedule


@click.command(
    short_help="Post a brief by a rule.",
    epilog='Example: gapbrief newsroom schedule "every Monday at 09:00" --zone Europe/Berlin --channel 123',
)
@click.argument("rule", metavar="RULE")
@click.option("--zone", metavar="NAME", default="UTC", show_default=True, help="The time zone, such as Europe/Berlin.")
@click.option(
    "--channel", metavar="ID", type=DiscordId(), help="A Discord channel; without it, archive, feeds and targets."
)
@SERVER
@click.option("--role", metavar="ID", type=DiscordId(), help="A role to mention.")
@click.option("--always", is_flag=True, help="Post without news too.")
@click.option("--ask-first", is_flag=True, help="Send a draft to the moderators' channel, and wait for approval.")
@click.option("--review-channel", metavar="ID", type=DiscordId(), help="The moderators' channel for the drafts.")
@click.option("--grace", metavar="MINUTES", type=int, help="How late a missed brief is still made up; by default 720.")
@click.option("--focus", metavar="private|public", help="Only tests of this kind.")
def schedule(rule: str, zone: str, grace: int | None, **options: Any) -> None:
    """Post a brief by a rule: "every day at 9", "monthly on the last day", or cron's five fields."""
    from bot.publish import desk, timetable
    from bot.state import schedules

    wish = timetable.Wish(
        rule, zone, options["channel"], options["role"], not options["always"], options["ask_first"],
        options["review_channel"], schedules.GRACE_MINUTES if grace is None else grace, options["focus"],
    )  # fmt: skip
    moment = now()
    with opened_state() as state:
        found = timetable.add(state, wish, desk.OPERATOR, moment, guild_id=options["server"])
    click.echo(f"Schedule {found.id}: {_said(found)}.")
    for at in timetable.coming(found, moment):
        local = at.astimezone(ZoneInfo(found.timezone))
        click.echo(f"  {local:%A}, {day(local.date())}, {local:%H:%M}")
    say_unchecked(options["channel"])


@click.command("list", short_help="List schedules and targets.", epilog="Example: gapbrief newsroom list")
def list_() -> None:
    """List all schedules with their next time, and all targets beside Discord."""
    from bot.publish import timetable
    from bot.state import schedules, targets

    moment = now()
    with opened_state() as state:
        found, others = schedules.listed(state), targets.listed(state)
    if not found:
        click.echo("There are no schedules yet; `gapbrief newsroom schedule` makes one.")
    else:
        rows = []
        for each in found:
            following = [at.astimezone(ZoneInfo(each.timezone)) for at in timetable.coming(each, moment, 1)]
            following_said = f"{following[0]:%Y-%m-%d %H:%M}" if following else f"paused: {each.paused_why}"
            rows.append((str(each.id), str(each.guild_id or "–"), _said(each), following_said))
        columns = ("No", "Server", "Schedule", "Next")
        terminal.show_tables([Table("Schedules", columns, tuple(rows))], terminal.is_unicode())
    for other in others:
        click.echo(f"Target {other.id}: {other.kind} {_host(other.address)}")


def _on_schedule(name: str, doc: str, done: str) -> click.Command:
    """Make a command that changes one schedule."""

    def run(number: int) -> None:
        from bot.publish import desk, timetable

        with opened_state() as state:
            getattr(timetable, name)(state, number, desk.OPERATOR, now())
        click.echo(f"Schedule {number} {done}.")

    return click.command(name, help=doc, epilog=f"Example: gapbrief newsroom {name} 3")(NUMBER(run))


pause = _on_schedule("pause", "Pause a schedule.", "is paused")
resume = _on_schedule("resume", "Let a paused schedule go on.", "goes on with its next time")


@click.command(short_help="Remove a schedule.", epilog="Example: gapbrief newsroom remove 3")
@NUMBER
def remove(number: int) -> None:
    """Remove a schedule; what it posted stays, what waits to be sent is not."""
    from bot.publish import desk, timetable

    with opened_state() as state:
        unsent = timetable.remove(state, number, desk.OPERATOR, now())
    click.echo(timetable.removed(number, unsent, "`gapbrief newsroom send-again {}` sends it"))


@click.command("run-now", epilog="Example: gapbrief newsroom run-now 3")
@NUMBER
def run_now(number: int) -> None:
    """Make a schedule's brief now, news or not."""
    from bot.publish import desk, timetable
    from bot.publish.writing import writer_of

    with opened_state() as state:
        brief_id = timetable.run_now(state, number, desk.OPERATOR, now(), writer_of(Settings.read(), state, say_why))
    click.echo(f"Brief {brief_id} is made; `gapbrief run` sends it within seconds.")


COMMANDS = (schedule, list_, pause, resume, remove, run_now)
"""What `gapbrief newsroom` has of schedules."""


def _said(found: "Schedule") -> str:
    """Say a schedule on one line."""
    from bot.publish.due import in_words

    parts = [f"{in_words(found.rule)} ({found.timezone})"]
    parts.append(f"to channel {found.channel_id}" if found.channel_id else "to archive, feeds and targets")
    parts.append("only with news" if found.only_news else "always")
    if found.focus:
        parts.append(f"{found.focus} tests alone")
    return ", ".join([*parts, *(["asks first"] if found.ask_first else [])])


def _host(address: str) -> str:
    """Return an address without what could be a secret in it."""
    scheme, _, rest = address.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2].partition('/')[0]}" if scheme in ("http", "https") else f"{scheme}://…"
