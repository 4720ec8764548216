"""`gapbrief data classify`, `alias`, `override`, `count`, `audit` and `export`: what is known, and what is not."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot import terminal
from bot.commands.data_revisions import show_done
from bot.settings import Settings
from core.words import count

if TYPE_CHECKING:
    from core.refresh.own_rows import OwnRow
    from core.refresh.own_scores import Unit

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
@click.option("--source", metavar="SOURCE", default="", help="Only in these sources; default: everywhere.")
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


@click.command(
    "count",
    short_help="Say that a new board is private or public.",
    epilog="Example: gapbrief data count scicode public",
)
@click.argument("benchmark")
@click.argument("access", type=click.Choice(("private", "public")), metavar="private|public")
@_own
def count_board(benchmark: str, access: str, dry_run: bool, no_color: bool) -> None:
    """Let BENCHMARK, which its publisher alone declares, count: its questions are secret (private), or they are not."""
    from bot.refresh import own_changes

    settings, now = Settings.read(), datetime.now(UTC)
    row = own_changes.counted(settings, benchmark, access, now.date())
    _change(settings, now, row, f"count {row.benchmark_id} as {access}", dry_run, no_color)


def _change(settings: Settings, now: datetime, row: "OwnRow", why: str, dry_run: bool, no_color: bool) -> None:
    from bot.refresh import refreshing

    done = refreshing.change(settings, now, why, lambda last: last.with_row(row), dry_run=dry_run)
    show_done(done, terminal.wants_color(no_color))


@click.command(short_help="List what most deserves a person's look.", epilog="Example: gapbrief data audit --most 50")
@click.option("--most", type=click.IntRange(1), default=15, show_default=True, help="How many to list.")
@click.option("--no-color", is_flag=True, help="Plain text, as when piped.")
def audit(most: int, no_color: bool) -> None:
    """List what most deserves a person's look: record setters first, by how far they could move a headline."""
    from bot.refresh.data_audit import audit as audited
    from bot.refresh.data_audit import awaited
    from core.store.store import open_store

    settings = Settings.read()
    with open_store(settings.db, settings.data) as store:
        tables = [audited(store).table(most), awaited(store)]
    terminal.show_tables(tables, terminal.wants_color(no_color))


@click.command(short_help="Write the tables in use for a pull request.", epilog="Example: gapbrief data export changes")
@click.argument("into", metavar="DIR", type=click.Path(path_type=Path))
def export(into: Path) -> None:
    """Write the tables in use, your own rows and what differs from the shipped data into the new folder DIR."""
    from core.refresh.table_changes import SUMMARY, export_tables

    changes = export_tables(Settings.read().data, into)
    click.echo(f"Wrote {into}: {count(len(changes), 'change')} to the shipped data, listed in {into / SUMMARY}.")


@click.command(
    "import", short_help="Use your own scores.", epilog="Example: gapbrief data import runs.csv --as WeirdML"
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "name", required=True, metavar="BENCHMARK", help="The benchmark of these tasks, or a new name.")
@click.option("--unit", type=click.Choice(("percent", "fraction", "minutes")), help="The scores' unit.")
@click.option(
    "--access", type=click.Choice(("private", "public")), default="private", show_default=True, help="Of a new one."
)
@click.option(
    "--column", "columns", multiple=True, metavar="WHAT=NAME", help="Which is the model, score, effort, standard_error."
)
@click.option("--yes", is_flag=True, help="Don't ask first.")
@_own
def import_(
    file: Path, name: str, unit: "Unit | None", access: str, columns: tuple[str, ...], yes: bool, dry_run: bool,
    no_color: bool,
) -> None:  # fmt: skip
    """Use scores of your own from FILE (CSV, JSON, xlsx, parquet), kept apart from all that publishers say."""
    from bot.refresh import own_changes
    from core.refresh import own_scores

    settings, now = Settings.read(), datetime.now(UTC)
    color = terminal.wants_color(no_color)
    own = own_scores.read_scores(file, dict(own_scores.parse_column(each) for each in columns))
    benchmark = own_changes.filed(settings, name, unit, access, now.date())
    terminal.show_tables([own_scores.column_table(own, benchmark)], color)
    if not (yes or dry_run):
        click.confirm(f"Use these as {benchmark.name}?", abort=True, err=True)
    show_done(own_changes.import_scores(settings, now, own, benchmark, unit, dry_run=dry_run), color)
