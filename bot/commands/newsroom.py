"""`gapbrief newsroom …`: what moderators do with briefs and schedules in Discord, from the command line."""

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from bot import answers, terminal
from bot.commands.brief import SOURCE, write_story
from bot.commands.shared import (
    SERVER,
    BoundedNumber,
    DiscordId,
    now,
    say,
    say_unchecked,
    say_why,
    show,
    state_session,
    step_command,
)  # fmt: skip
from bot.newsroom import scheduling, step_table, workflow
from bot.newsroom.editing import as_text, change_lines, marked_lines
from bot.newsroom.formats import correction_notes
from bot.newsroom.recurrence import describe_rule
from bot.newsroom.targets import name_target
from bot.newsroom.workflow import HistoryEntry
from bot.newsroom.writing import Writer, load_names, parse_focus
from bot.services import open_services
from bot.settings import Settings
from bot.state import briefs, outbox, schedules, target_rows
from bot.state.briefs import StoredBrief
from bot.state.outbox import IN_DISCORD
from bot.state.schedules import GRACE_MINUTES, NewSchedule, Run, Schedule
from bot.state.state_tables import EVERY
from core.answer import Table
from core.errors import UsageError
from core.questions.question import read_day
from core.words import count, day, quote

_SENT = "`gapbrief run` sends it within seconds, and the history shows what came of it"
_SENT_NOWHERE = "it stands in the archive and the feeds, and there is no channel or target to send it to"
_ANYWAY_OPTION = click.option("--anyway", is_flag=True, help="Also with what the facts do not have; the audit says so.")
_FROM_DATA = " Until one is posted, the page /briefs shows one that it writes from the newest data and does not keep."
_DISCORD_LABELS = {"discord": "channel", "user": "message to"}


@click.command(epilog="Example: gapbrief newsroom new --since 2026-11-01 --focus private")
@click.option("--since", metavar="DATE", help="Say what is new since this day; by default a month before.")
@click.option("--focus", metavar="private|public", help="Only tests of this kind.")
@SERVER
def new(since: str | None, focus: str | None, server: int | None) -> None:
    """Write a draft of today, and print it."""
    since_day, access = read_day(since, month="first") if since else None, parse_focus(focus) if focus else None
    with open_services(Settings.read(), say_why) as services:
        writer = services.writer
        with terminal.progress(terminal.ASKING if writer.form_model else "Writing the brief …"):
            brief = writer.reword(writer.write(services.answers.today(), since_day, access))
        draft = workflow.add_draft(services.state, brief, workflow.OPERATOR, now(), guild_id=server)
    _show_draft(draft)


@click.command(
    short_help="Make a draft from an article.", epilog="Example: gapbrief newsroom story https://example.org/a"
)
@SOURCE
@SERVER
def story(source: str, server: int | None) -> None:
    """Write a draft of an article from the web or a file, and print it; it needs a language model."""
    with open_services(Settings.read()) as services:
        draft = workflow.add_draft(
            services.state, write_story(source, services), workflow.OPERATOR, now(), guild_id=server
        )
    _show_draft(draft)


def _show_draft(draft: StoredBrief) -> None:
    show(draft)
    click.echo(f"\nThis is draft {draft.id}. Go on with: gapbrief newsroom edit, approve or discard {draft.id}")


@step_command(step_table.EDIT, "17 --text draft.txt")
@click.option("--text", metavar="FILE", help="The new text; - reads it from here. Without it, print the text.")
@click.option("--marks", is_flag=True, help="Print each sentence with its mark.")
def edit(number: int, text: str | None, marks: bool) -> None:
    """Change a draft's title, deck, bullets or terms, and print the sentences that changed with their marks."""
    with state_session() as state:
        before = workflow.get(state, number, workflow.OPERATOR)
        if text is None:
            say("\n".join(marked_lines(before.review)) if marks else as_text(before.brief))
            return
        names = load_names(Settings.read())
        after = workflow.edit(state, number, _read_text(text), workflow.OPERATOR, now(), names=names)
    _show_changes(before, after)


@step_command(step_table.UNDO)
def undo(number: int) -> None:
    """Go back one edit of a draft, and print the sentences that changed."""
    with state_session() as state:
        before = workflow.get(state, number, workflow.OPERATOR)
        after = workflow.undo(state, number, workflow.OPERATOR, now())
    _show_changes(before, after)


def _show_changes(before: StoredBrief, after: StoredBrief) -> None:
    """Print what a step changed in a draft, sentence by sentence, with the findings."""
    say("\n".join(change_lines(before.brief, after.brief, after.review) or ["Nothing changed."]))
    anyway = " --anyway" if after.findings else ""
    say(f"\nGo on with: gapbrief newsroom edit, undo, approve{anyway} or discard {after.id}")


@step_command(step_table.APPROVE, "17 --channel 123456789012345678")
@click.option(
    "--channel", metavar="ID", type=DiscordId(), help="A Discord channel; without it, archive, feeds and targets."
)
@_ANYWAY_OPTION
def approve(number: int, channel: int | None, anyway: bool) -> None:
    """Approve a draft: it is posted; one that a schedule made goes where that posts, unless a channel is given."""
    with state_session() as state:
        if channel is None and workflow.is_awaited(state, number):
            workflow.approve(state, number, workflow.OPERATOR, now(), anyway=anyway)
        else:
            workflow.post(state, number, channel, workflow.OPERATOR, now(), anyway=anyway)
        is_sent = workflow.is_sent(state, number)
        unchecked = len(workflow.get(state, number, workflow.OPERATOR).review.unchecked)
    click.echo(step_table.POST.sentence.format(number, _SENT if is_sent else _SENT_NOWHERE))
    say_unchecked(channel)
    if unchecked:
        click.echo(f"Unchecked: {count(unchecked, 'sentence')}; `gapbrief newsroom edit {number} --marks` shows which.")


@step_command(step_table.DISCARD)
def discard(number: int) -> None:
    """Throw a draft away."""
    with state_session() as state:
        workflow.discard(state, number, workflow.OPERATOR, now())
    click.echo(step_table.DISCARD.sentence.format(number))


@click.command(short_help="List the newest briefs, and what came of each.", epilog="Example: gapbrief newsroom history")
@SERVER
@click.option("--all", "everywhere", is_flag=True, help="The briefs of all servers.")
@click.option("--archive", "in_archive", is_flag=True, help="The briefs of past months, written later.")
def history(server: int | None, everywhere: bool, in_archive: bool) -> None:
    """List the newest briefs, and what came of each at its targets."""
    guild_id = EVERY if everywhere else server
    with state_session() as state:
        entries = workflow.list_history(state, guild_id, limit=30, in_archive=in_archive)
        has_more = not in_archive and workflow.list_history(state, guild_id, limit=1, in_archive=True)
    if entries:
        _show_history(entries)
    else:
        click.echo(f"There are no briefs yet; `gapbrief newsroom new` makes one.{'' if in_archive else _FROM_DATA}")
    if has_more:
        click.echo("The briefs of past months, written later, stand apart: `gapbrief newsroom history --archive`.")


def _show_history(entries: Sequence[HistoryEntry]) -> None:
    """Show briefs, their failed deliveries, and what waits."""
    rows = tuple(
        (
            str(entry.stored.id),
            entry.stored.brief.published.isoformat(),
            f"{entry.stored.made_at:%Y-%m-%d %H:%M}",
            entry.stored.status_word,
            _count_sent(entry),
            entry.stored.brief.title,
        )
        for entry in entries
    )
    terminal.show_tables(
        [Table("Briefs", ("No", "Day", "Made (UTC)", "Status", "Sent", "Title"), rows)], terminal.is_unicode()
    )
    for entry in entries:
        for item in entry.items:
            if item.error and item.status != "sent":
                target = (
                    f"{_DISCORD_LABELS[item.kind]} {item.address}" if item.kind in IN_DISCORD else name_target(item)
                )
                click.echo(f"Brief {entry.stored.id}, {item.action} to {target}: {item.outcome}")
    _say_what_waits(entries)


def _say_what_waits(entries: Sequence[HistoryEntry]) -> None:
    """Say how many messages wait because no Discord token is set."""
    waiting = sum(item.is_waiting and item.kind in IN_DISCORD for entry in entries for item in entry.items)
    if waiting and Settings.read().discord_token is None:
        click.echo(f"{count(waiting, 'message')} for Discord: waiting until `gapbrief run` has a DISCORD_TOKEN")


@step_command(step_table.WITHDRAW, '17 --reason "the data was wrong"')
@click.option("--reason", metavar="WORDS", help="Why, for the audit trail.")
def withdraw(number: int, reason: str | None) -> None:
    """Take a posted brief back: deleted in Discord, marked in archive and feeds."""
    with state_session() as state:
        workflow.withdraw(state, number, workflow.OPERATOR, now(), reason=reason)
    click.echo(step_table.WITHDRAW.sentence.format(number))


@step_command(step_table.CORRECT, '17 --text brief.txt --note "The name of the test."')
@click.option(
    "--text", metavar="FILE", help="The right title and bullets; without it, it is written anew from the data."
)
@click.option("--note", metavar="WORDS", help="Why, for readers; the old and new words are added.")
@_ANYWAY_OPTION
def correct(number: int, text: str | None, note: str | None, anyway: bool) -> None:
    """Correct a posted brief: readers see what changed, and when."""
    with state_session() as state:
        before = workflow.get(state, number, workflow.OPERATOR)
        writer = Writer(Settings.read())
        words = _read_text(text) if text else writer.rewrite(before, answers.utc_today())
        after = workflow.correct(
            state, number, words, workflow.OPERATOR, now(), names=load_names(writer.settings), note=note, anyway=anyway
        )
    say("\n".join(change_lines(before.brief, after.brief, after.review)))
    click.echo(f"\n{step_table.CORRECT.sentence.format(number, correction_notes(after.corrections)[0])}")


@step_command(step_table.SEND_AGAIN)
def send_again(number: int) -> None:
    """Send a brief again where it failed, once you saw that it is not there."""
    with state_session() as state:
        sent = workflow.send_again(state, number, workflow.OPERATOR, now())
    click.echo(step_table.SEND_AGAIN.sentence.format(number, count(sent, "target")))


def _read_text(name: str) -> str:
    """Read a text from a file, or from standard input for "-"."""
    try:
        return sys.stdin.read() if name == "-" else Path(name).expanduser().read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise UsageError(f"{quote(name)} can't be read ({reason}); give --text another file.") from None


def _count_sent(entry: HistoryEntry) -> str:
    """Count the posts of a brief that arrived."""
    posts = [item for item in entry.items if item.action == "post"]
    return f"{sum(item.status == 'sent' for item in posts)} of {len(posts)}" if posts else "–"


_post = click.Command("post", params=approve.params, callback=approve.callback, help=approve.help, hidden=True)
"""The former name of `approve`."""


# ---- schedules


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
    "--grace", metavar="MINUTES", type=BoundedNumber(0, scheduling.MOST_GRACE), default=GRACE_MINUTES,
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
    rule = " ".join(words[1:] if words[:1] == ("add",) else words)  # as in Discord: /schedule add
    if not rule:
        raise UsageError(
            "Say when: `gapbrief newsroom schedule every Monday at 09:00` repeats, “tomorrow at 17:00” posts once."
        )
    draft = NewSchedule(
        rule, zone, options["channel"], options["role"], False if options["always"] else None, options["ask_first"],
        options["review_channel"], grace, options["focus"],
    )  # fmt: skip
    moment = now()
    with state_session() as state:
        new_schedule = scheduling.add(state, draft, workflow.OPERATOR, moment, guild_id=options["server"])
    click.echo(f"Schedule {new_schedule.id}: {_describe_schedule(new_schedule)}.")
    for due in scheduling.next_times(new_schedule, moment):
        local_due = due.astimezone(ZoneInfo(new_schedule.timezone))
        click.echo(f"  {local_due:%A}, {day(local_due.date())}, {local_due:%H:%M}")
    click.echo(_DRAFTED if new_schedule.ask_first else "`gapbrief run` posts it when it is due, as long as it runs.")
    say_unchecked(options["channel"])


@click.command(
    "list", short_help="List schedules, targets and waiting drafts.", epilog="Example: gapbrief newsroom list"
)
@click.option("--server", metavar="ID", type=DiscordId(), help="Only this Discord server's.")
def list_(server: int | None) -> None:
    """List schedules with what came of their last time and the next three, other targets, and waiting drafts."""
    with state_session() as state:
        listed = [schedule for schedule in schedules.list_schedules(state) if server in (None, schedule.guild_id)]
        runs = {schedule.id: schedules.list_runs(state, schedule.id, 1) for schedule in listed}
        drafts = briefs.list_briefs(state, guild_id=EVERY if server is None else server, statuses=step_table.DRAFT)
        targets = [target for target in target_rows.list_targets(state) if server in (None, target.guild_id)]
    tables = []
    if listed:
        rows = tuple((str(row.id), _server_label(row.guild_id), _describe_schedule(row)) for row in listed)
        tables.append(Table("Schedules", ("No", "Server", "Schedule"), rows))
        moment = now()
        times = tuple((str(row.id), _describe_last_run(runs[row.id]), _list_next_runs(row, moment)) for row in listed)
        tables.append(Table("When, on each schedule's own clock", ("No", "Last", "Next"), times))
    else:
        scope_word = "yet" if server is None else "there"
        click.echo(f"There are no schedules {scope_word}; `gapbrief newsroom schedule` makes one.")
    if targets:
        rows = tuple((target.name, _server_label(target.guild_id), str(target)) for target in targets)
        tables.append(Table("Targets beside Discord", ("Name", "Server", "Address"), rows))
    if drafts:
        rows = tuple((str(draft.id), f"{draft.made_at:%Y-%m-%d %H:%M}", draft.brief.title) for draft in drafts)
        tables.append(Table("Waiting drafts", ("No", "Made (UTC)", "Title"), rows))
    if tables:
        terminal.show_tables(tables, terminal.is_unicode())


@step_command(step_table.PAUSE, "3")
def pause(number: int) -> None:
    """Pause a schedule."""
    with state_session() as state:
        scheduling.pause(state, number, workflow.OPERATOR, now())
    click.echo(f"{step_table.PAUSE.sentence.format(number)}.")


@step_command(step_table.RESUME, "3")
def resume(number: int) -> None:
    """Resume a paused schedule."""
    with state_session() as state:
        scheduling.resume(state, number, workflow.OPERATOR, now())
    click.echo(f"{step_table.RESUME.sentence.format(number)}.")


@step_command(step_table.REMOVE, "3")
def remove(number: int) -> None:
    """Remove a schedule; what it posted stays, what waits to be sent is not."""
    with state_session() as state:
        unsent = scheduling.remove(state, number, workflow.OPERATOR, now())
    click.echo(scheduling.removal_sentence(number, unsent, "`gapbrief newsroom send-again {}` sends it"))


@step_command(step_table.RUN_NOW, "3")
def run_now(number: int) -> None:
    """Make a schedule's brief now, news or not."""
    with open_services(Settings.read(), say_why) as services:
        state = services.state
        brief_id = scheduling.run_now(state, number, workflow.OPERATOR, now(), services.writer)
        review_note = scheduling.describe_review(state, brief_id) if workflow.is_awaited(state, brief_id) else None
        has_target = bool(outbox.list_items(state, brief_id))
    if review_note is not None:
        click.echo(f"Draft {brief_id} is ready, and {review_note}. `gapbrief newsroom approve {brief_id}` posts it.")
    elif has_target:
        click.echo(f"Brief {brief_id} is ready; `gapbrief run` sends it within seconds.")
    else:
        click.echo(
            f"Brief {brief_id} is ready, and in the archive and feeds; there is nowhere to send it, because there is"
            " no channel and no target."
        )


def _describe_schedule(schedule: Schedule) -> str:
    """Describe a schedule on one line."""
    parts = [f"{describe_rule(schedule.rule)} ({schedule.timezone})"]
    parts.append(f"to channel {schedule.channel_id}" if schedule.channel_id else "to archive, feeds and targets")
    parts += [f"mentioning role {schedule.role_id}"] * bool(schedule.role_id)
    parts.append("only with news" if schedule.only_news else "always")
    parts += [f"{schedule.focus} tests alone"] * bool(schedule.focus)
    review_place = f" in channel {schedule.review_channel_id}" if schedule.review_channel_id else ""
    parts += [f"asks first{review_place}"] * schedule.ask_first
    if schedule.grace_minutes != GRACE_MINUTES:
        parts.append(f"missed ones made up within {count(schedule.grace_minutes, 'minute')}")
    return ", ".join(parts)


def _server_label(server: int | None) -> str:
    return "whole service" if server is None else str(server)


def _describe_last_run(runs: Sequence[Run]) -> str:
    """Describe the outcome of a schedule's last run."""
    if not runs:
        return "–"
    run = runs[0]
    awaiting = f"draft {run.brief_id} waits for approval"
    words = {"made": "a brief was made", "awaiting": awaiting, "nothing-new": "nothing new"}
    note = f": {run.note}" if run.note else ""
    return f"{run.due.rstrip(schedules.RUN_NOW).replace('T', ' ')} {words.get(run.status, run.status)}{note}"


def _list_next_runs(schedule: Schedule, moment: datetime) -> str:
    """List a schedule's next three times, or say why it has none."""
    if still := scheduling.describe_pause(schedule):
        return still
    local_times = [due.astimezone(ZoneInfo(schedule.timezone)) for due in scheduling.next_times(schedule, moment)]
    return ", ".join(f"{due:%Y-%m-%d %H:%M}" for due in local_times)


COMMANDS = (
    new, story, edit, undo, approve, _post, discard, history, withdraw, correct, send_again,
    schedule, list_, pause, resume, remove, run_now,
)  # fmt: skip
"""The commands of `gapbrief newsroom` for briefs and schedules."""
