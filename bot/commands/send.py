"""`gapbrief brief send`: the brief of a day to one address of another service."""

from datetime import date
from typing import TYPE_CHECKING

import click

from bot.answers import Answers
from bot.commands.shared import opened_state
from bot.settings import Settings
from core.errors import GapbriefError, UsageError

if TYPE_CHECKING:
    from bot.newsroom.formats import Around
    from core.answer import Chart
    from core.brief import Brief

_WEBHOOK = (
    "{} gets every brief that is posted: {}. --to takes another kind, such as mailto://user:password@example.org."
)


@click.command(epilog="Example: gapbrief brief send --to mailto://user:password@example.org")
@click.option("--to", "address", metavar="ADDRESS|NAME", help="Any address that apprise knows, or a target's name.")
@click.option("--as-of", "as_of", metavar="DATE", help="This day's brief; default: today.")
@click.option("--since", metavar="DATE", help="The last brief's day; default: a month before.")
@click.option("--preview", "is_preview", is_flag=True, help="Print what would be sent, and send nothing.")
def send(address: str | None, as_of: str | None, since: str | None, is_preview: bool) -> None:
    """Send the brief of a day to one address, once."""
    from bot.newsroom.targets.notify import notify, preview
    from core.questions.question import read_day

    if not address:
        raise UsageError("Say where to send it with --to, such as --to mailto://user:password@example.org.")
    if address.lower().startswith(("http://", "https://")):
        raise UsageError(
            _WEBHOOK.format("An http address is a webhook, which", "`gapbrief newsroom target add ADDRESS` adds it")
        )
    if "://" not in address and "@" in address:
        raise UsageError("That is not a full address; write it like mailto://user:password@example.org.")
    if "://" not in address:
        address = _address_of(address)
    days = [read_day(as_of, month="last") if as_of else None, read_day(since, month="first") if since else None]
    found, around, chart = prepare_brief(Settings.read(), *days)
    if is_preview:
        click.echo(preview(address, found, around))
        return
    if not notify(address, found, around, chart):
        raise GapbriefError("The service did not take the brief; see that the address is right, and try again.")
    click.echo(f"Sent: {found.title}")


def prepare_brief(
    settings: Settings, as_of: date | None = None, since: date | None = None
) -> "tuple[Brief, Around, Chart | None]":
    """Return the brief of a day, today's unless one is named, with what stands around it, and its chart."""
    from bot.newsroom.targets.notify import around_of
    from bot.pictures import chart_of

    answers = Answers(settings)
    brief = answers.brief_now(as_of, since)
    question = brief.chart_question(since)
    answer = answers.now(question)
    page = _page(settings, brief.published, date.fromisoformat(answer.known_by))
    return brief, around_of(settings.public_url, page, question, answer), chart_of(answer)


def _address_of(name: str) -> str:
    """Return the address of a target by its name; raises UsageError for one that is not apprise's, or none."""
    from bot.state import target_rows  # with SQLAlchemy, which no other command needs to wait for

    with opened_state() as state, state.reading() as connection:
        found = target_rows.called(connection, name)
    if found.kind != "apprise":
        raise UsageError(
            _WEBHOOK.format(
                f"Target {found.name} is a {found.kind}, which",
                f"`gapbrief newsroom target test {found.name}` tries it",
            )
        )
    if not found.address:
        raise UsageError(f"Target {found.name} can't be used: {target_rows.UNREADABLE}.")
    return found.address


def _page(settings: Settings, day: date, known_by: date) -> str:
    """Return the address of the page of a day's brief: the front page after the last day on which data came in."""
    if settings.public_url is None:
        return ""
    return f"{settings.public_url}/{f'briefs/{day}' if day <= known_by else ''}"
