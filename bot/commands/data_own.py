"""`gapbrief data classify`, `alias` and `override`: what the operator knows of a model, with day and evidence."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from bot import terminal
from bot.commands.data_revisions import show_done
from bot.settings import Settings

if TYPE_CHECKING:
    from core.evidence.own_rows import OwnRow

_Command = Callable[..., None]


def _own(command: _Command) -> _Command:
    command = click.option("--no-color", is_flag=True, help="Plain text, as when piped.")(command)
    return click.option("--dry-run", is_flag=True, help="Only show what would change.")(command)


_evidence = click.option("--evidence", required=True, metavar="URL", help="The page that shows it.")


@click.command(
    short_help="Say with evidence that a model is open or closed.",
    epilog="Example: gapbrief data classify glm-5 open --evidence https://huggingface.co/zai-org/GLM-5",
)
@click.argument("model")
@click.argument("openness", type=click.Choice(("open", "closed")), metavar="open|closed")
@_evidence
@_own
def classify(model: str, openness: str, evidence: str, dry_run: bool, no_color: bool) -> None:
    """Say with evidence that MODEL is open or closed: it goes before what any source says."""
    from bot.refresh import own_changes

    settings, now = Settings.read(), datetime.now(UTC)
    row = own_changes.classified(settings, model, openness, evidence, now.date())
    _change(settings, now, row, f"classify {row.model} {openness}, by {evidence}", dry_run, no_color)


@click.command(short_help="Say which model a spelling means.", epilog='Example: gapbrief data alias "GLM five" glm-5')
@click.argument("spelling")
@click.argument("model")
@click.option(
    "--source", metavar="SOURCE", default="", help="Only where these sources write it; everywhere by default."
)
@_own
def alias(spelling: str, model: str, source: str, dry_run: bool, no_color: bool) -> None:
    """Say that SPELLING means MODEL, in sources and in questions."""
    from bot.refresh import own_changes

    settings, now = Settings.read(), datetime.now(UTC)
    row = own_changes.aliased(settings, spelling, model, source, now.date())
    at = f" at {source}" if source else ""
    _change(settings, now, row, f"alias {spelling} means {row.model}{at}", dry_run, no_color)


@click.command(
    short_help="Say with evidence when a model was released.",
    epilog="Example: gapbrief data override glm-5 --release-date 2026-02-11 --evidence https://z.ai/blog/glm-5",
)
@click.argument("model")
@click.option("--release-date", required=True, type=click.DateTime(("%Y-%m-%d",)), metavar="DAY", help="YYYY-MM-DD.")
@_evidence
@_own
def override(model: str, release_date: datetime, evidence: str, dry_run: bool, no_color: bool) -> None:
    """Say with evidence on which day MODEL was released: it goes before what any source says."""
    from bot.refresh import own_changes

    settings, now = Settings.read(), datetime.now(UTC)
    row = own_changes.redated(settings, model, release_date.date(), evidence, now.date())
    _change(settings, now, row, f"override {row.model} released {row.release_date}, by {evidence}", dry_run, no_color)


def _change(settings: Settings, now: datetime, row: "OwnRow", why: str, dry_run: bool, no_color: bool) -> None:
    from bot.refresh import refreshing

    done = refreshing.change(settings, now, why, lambda own: own.with_row(row), dry_run=dry_run)
    show_done(done, terminal.wants_color(no_color))


@click.command(short_help="List what most deserves a person's look.", epilog="Example: gapbrief data audit --most 50")
@click.option("--most", type=click.IntRange(1), default=15, show_default=True, help="How many to list.")
@click.option("--no-color", is_flag=True, help="Plain text, as when piped.")
def audit(most: int, no_color: bool) -> None:
    """List what most deserves a person's look: first what could move a headline farthest, with what settles it."""
    from core.questions.data_audit import audit as audited
    from core.store.store import open_store

    settings = Settings.read()
    with open_store(settings.db, settings.data) as store:
        found = audited(store)
    terminal.show_tables([found.table(most)], terminal.wants_color(no_color))
