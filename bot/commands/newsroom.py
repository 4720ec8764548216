"""`gapbrief newsroom …`: what moderators do with briefs in Discord, from the command line."""

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from bot import answers, terminal
from bot.commands.shared import (
    SERVER,
    DiscordId,
    now,
    opened_state,
    say,
    say_unchecked,
    say_why,
    show,
    step_command,
)  # fmt: skip
from bot.newsroom import steps, workflow
from bot.newsroom.editing import as_text, change_lines, marked_lines
from bot.newsroom.formats import corrections
from bot.newsroom.targets import name_of
from bot.newsroom.workflow import HistoryEntry
from bot.newsroom.writing import Writer, names_of, read_focus
from bot.services import opened
from bot.settings import Settings
from bot.state.briefs import StoredBrief
from bot.state.outbox import IN_DISCORD
from bot.state.state_tables import EVERY
from core.answer import Table
from core.errors import UsageError
from core.questions.question import read_day
from core.words import count, quote

_SENT = "`gapbrief run` sends it within seconds, and the history shows what came of it"
_SENT_NOWHERE = "it stands in the archive and the feeds, and there is no channel or target to send it to"
_ANYWAY = click.option("--anyway", is_flag=True, help="Also with what the facts do not have; the audit says so.")
_DISCORDS = {"discord": "channel", "user": "message to"}


@click.command(epilog="Example: gapbrief newsroom new --since 2026-11-01 --focus private")
@click.option("--since", metavar="DATE", help="Say what is new since this day; by default a month before.")
@click.option("--focus", metavar="private|public", help="Only tests of this kind.")
@SERVER
def new(since: str | None, focus: str | None, server: int | None) -> None:
    """Write a draft of today, and print it."""
    since_day, access = read_day(since, month="first") if since else None, read_focus(focus) if focus else None
    with opened(Settings.read(), say_why) as services:
        writer = services.writer
        with terminal.waiting(terminal.ASKING if writer.form_model else "Writing the brief …"):
            made = writer.worded(writer.write(services.answers.today(), since_day, access))
        kept = workflow.make(services.state, made, workflow.OPERATOR, now(), guild_id=server)
    show(kept)
    click.echo(f"\nThis is draft {kept.id}. Go on with: gapbrief newsroom edit, approve or discard {kept.id}")


@step_command(steps.EDIT, "17 --text draft.txt")
@click.option("--text", metavar="FILE", help="The new text; - reads it from here. Without it, print the text.")
@click.option("--marks", is_flag=True, help="Print each sentence with its mark.")
def edit(number: int, text: str | None, marks: bool) -> None:
    """Change a draft's title, deck, bullets or terms, and print the sentences that changed with their marks."""
    with opened_state() as state:
        before = workflow.get(state, number, workflow.OPERATOR)
        if text is None:
            say("\n".join(marked_lines(before.review)) if marks else as_text(before.brief))
            return
        names = names_of(Settings.read())
        kept = workflow.edit(state, number, _read(text), workflow.OPERATOR, now(), names=names)
    _show_changes(before, kept)


@step_command(steps.UNDO)
def undo(number: int) -> None:
    """Go back one edit of a draft, and print the sentences that changed."""
    with opened_state() as state:
        before = workflow.get(state, number, workflow.OPERATOR)
        kept = workflow.undo(state, number, workflow.OPERATOR, now())
    _show_changes(before, kept)


def _show_changes(before: StoredBrief, kept: StoredBrief) -> None:
    """Print what a step changed in a draft, sentence by sentence, and what is wrong or gone."""
    say("\n".join(change_lines(before.brief, kept.brief, kept.review) or ["Nothing changed."]))
    anyway = " --anyway" if kept.findings else ""
    say(f"\nGo on with: gapbrief newsroom edit, undo or approve{anyway} {kept.id}")


@step_command(steps.APPROVE, "17 --channel 123456789012345678")
@click.option(
    "--channel", metavar="ID", type=DiscordId(), help="A Discord channel; without it, archive, feeds and targets."
)
@_ANYWAY
def approve(number: int, channel: int | None, anyway: bool) -> None:
    """Approve a draft: it is posted; one that a schedule made goes where that posts, unless a channel is given."""
    with opened_state() as state:
        if channel is None and workflow.is_awaited(state, number):
            workflow.approve(state, number, workflow.OPERATOR, now(), anyway=anyway)
        else:
            workflow.post(state, number, channel, workflow.OPERATOR, now(), anyway=anyway)
        is_sent = workflow.is_sent(state, number)
    click.echo(steps.POST.sentence.format(number, _SENT if is_sent else _SENT_NOWHERE))
    say_unchecked(channel)


@step_command(steps.DISCARD)
def discard(number: int) -> None:
    """Throw a draft away."""
    with opened_state() as state:
        workflow.discard(state, number, workflow.OPERATOR, now())
    click.echo(steps.DISCARD.sentence.format(number))


@click.command(short_help="List the newest briefs, and what came of each.", epilog="Example: gapbrief newsroom history")
@SERVER
@click.option("--all", "everywhere", is_flag=True, help="The briefs of all servers.")
@click.option("--archive", "in_archive", is_flag=True, help="The briefs of past months, written later.")
def history(server: int | None, everywhere: bool, in_archive: bool) -> None:
    """List the newest briefs, and what came of each at its targets."""
    whose = EVERY if everywhere else server
    with opened_state() as state:
        told = workflow.history(state, whose, limit=30, in_archive=in_archive)
        has_more = not in_archive and workflow.history(state, whose, limit=1, in_archive=True)
    if told:
        _show_history(told)
    else:
        click.echo("There are no briefs yet; `gapbrief newsroom new` makes one.")
    if has_more:
        click.echo("The briefs of past months, written later, stand apart: `gapbrief newsroom history --archive`.")


def _show_history(told: Sequence[HistoryEntry]) -> None:
    """Show briefs, what failed of them, and what waits."""
    rows = tuple(
        (str(each.kept.id), _when(each.kept.made_at), each.kept.status_said, _came(each), each.kept.brief.title)
        for each in told
    )
    terminal.show_tables(
        [Table("Briefs", ("No", "Made (UTC)", "Status", "Sent", "Title"), rows)], terminal.is_unicode()
    )
    for each in told:
        for item in each.items:
            if item.error and item.status != "sent":
                where = f"{_DISCORDS[item.kind]} {item.address}" if item.kind in IN_DISCORD else name_of(item)
                click.echo(f"Brief {each.kept.id}, {item.action} to {where}: {item.error}")
    _say_what_waits(told)


def _say_what_waits(told: Sequence[HistoryEntry]) -> None:
    """Say what waits for a Discord that is not set here."""
    waiting = sum(item.is_waiting and item.kind in IN_DISCORD for each in told for item in each.items)
    if waiting and Settings.read().discord_token is None:
        click.echo(f"{count(waiting, 'message')} for Discord: waiting until `gapbrief run` has a DISCORD_TOKEN")


@step_command(steps.WITHDRAW, '17 --reason "the data was wrong"')
@click.option("--reason", metavar="WORDS", help="Why, for the audit trail.")
def withdraw(number: int, reason: str | None) -> None:
    """Take a posted brief back: deleted in Discord, marked in archive and feeds."""
    with opened_state() as state:
        workflow.withdraw(state, number, workflow.OPERATOR, now(), reason=reason)
    click.echo(steps.WITHDRAW.sentence.format(number))


@step_command(steps.CORRECT, '17 --text brief.txt --note "The name of the test."')
@click.option(
    "--text", metavar="FILE", help="The right title and bullets; without it, it is written anew from the data."
)
@click.option("--note", metavar="WORDS", help="Why, for readers; the old and new words are added.")
@_ANYWAY
def correct(number: int, text: str | None, note: str | None, anyway: bool) -> None:
    """Correct a posted brief: readers see what changed, and when."""
    with opened_state() as state:
        before = workflow.get(state, number, workflow.OPERATOR)
        writer = Writer(Settings.read())
        anew = _read(text) if text else writer.rewrite(before, answers.utc_today())
        kept = workflow.correct(
            state, number, anew, workflow.OPERATOR, now(), names=names_of(writer.settings), note=note, anyway=anyway
        )
    say("\n".join(change_lines(before.brief, kept.brief, kept.review)))
    click.echo(f"\n{steps.CORRECT.sentence.format(number, corrections(kept.corrected)[0])}")


@step_command(steps.SEND_AGAIN)
def send_again(number: int) -> None:
    """Send a brief again where it failed, once you saw that it is not there."""
    with opened_state() as state:
        sent = workflow.send_again(state, number, workflow.OPERATOR, now())
    click.echo(steps.SEND_AGAIN.sentence.format(number, count(sent, "target")))


def _read(name: str) -> str:
    """Read a text that a person gives as a file, or "-" for what is typed or piped here."""
    try:
        return sys.stdin.read() if name == "-" else Path(name).expanduser().read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise UsageError(f"{quote(name)} can't be read ({reason}); give --text another file.") from None


def _came(told: HistoryEntry) -> str:
    """Say how many of a brief's posts arrived."""
    posts = [item for item in told.items if item.action == "post"]
    return f"{sum(item.status == 'sent' for item in posts)} of {len(posts)}" if posts else "–"


def _when(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


_post = click.Command("post", params=approve.params, callback=approve.callback, help=approve.help, hidden=True)
"""What `approve` was called before."""

COMMANDS = (new, edit, undo, approve, _post, discard, history, withdraw, correct, send_again)
"""What `gapbrief newsroom` has of briefs."""
