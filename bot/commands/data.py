"""`gapbrief data …`: status, refreshing and undoing, and the operator's own corrections."""

import asyncio
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot import answers, terminal
from bot.commands.shared import COLOR
from bot.settings import Settings
from core.answer import Table
from core.errors import UsageError
from core.words import count

if TYPE_CHECKING:
    from bot.refresh.effects import Effects
    from bot.refresh.refreshing import RefreshResult
    from core.refresh.own_rows import OwnRow
    from core.refresh.own_scores import Unit
    from core.refresh.revisions import Revision
    from core.refresh.table_changes import Change


@click.group(epilog="Example: gapbrief data status")
def data() -> None:
    """Look at the data, check it, or compile it anew."""


_DRY_RUN = click.option("--dry-run", is_flag=True, help="Only show what would change.")
_EVIDENCE = click.option("--evidence", required=True, metavar="URL", help="The page that shows it.")


@data.command(short_help="Count what is there, and how fresh it is.", epilog="Example: gapbrief data status | less")
@COLOR
def status(color: bool) -> None:
    """Count what is there, per source and benchmark, and say how fresh it is."""
    from bot.refresh.last_refresh import finding_tables, publisher_table, read_last_refresh
    from core.store import inspection
    from core.store.board_ages import age_table, board_ages

    settings = Settings.read()
    with answers.open_evidence(settings) as store:
        tables = [
            publisher_table(settings.data),
            *finding_tables(read_last_refresh(settings.data)),
            age_table(board_ages(store), answers.utc_today()),
            *inspection.status(store).tables,
        ]
        terminal.show_tables(tables, color)
        if store.warning:
            click.echo(store.warning, err=True)
        click.echo(f"\nEvidence file {settings.db}, revision {store.revision[:12]}")


@data.command(
    short_help="Check the data and list what is in doubt.", epilog="Example: gapbrief data check && echo all is well"
)
@COLOR
def check(color: bool) -> None:
    """Check the data and list what is in doubt; exit code 1 when something is wrong."""
    from bot.refresh.doubts import suspect_tables
    from core.store import inspection

    settings = Settings.read()
    with answers.open_evidence(settings) as store:
        findings = inspection.check(store, settings.data)
        suspects = () if findings.problems else suspect_tables(store)
    terminal.show_tables((*findings.tables, *suspects), color)
    click.echo("")
    for problem in findings.problems:
        click.echo(f"Wrong: {problem}", err=True)
    if findings.problems:
        sys.exit(1)
    click.echo("All is well: the file is complete and matches the tables.")


@data.command(epilog="Example: gapbrief data build ../raw --into data")
@click.argument("source", metavar="FROM", type=click.Path(path_type=Path))
@click.option("--into", type=click.Path(path_type=Path), help="The folder of tables to rebuild; default: its own.")
@COLOR
def build(source: Path, into: Path | None, color: bool) -> None:
    """Compile the publishers' raw files in FROM into the data tables."""
    from core.evidence.build import build as compile_tables
    from core.evidence.build import report_tables
    from core.store.tables import shipped_folder

    report = compile_tables(source, into or shipped_folder())
    terminal.show_tables(report_tables(report), color)


_MOST_SHOWN = 40


@data.command(short_help="Ask publishers for new data.", epilog="Example: gapbrief data refresh weirdml --dry-run")
@click.argument("series", metavar="[SOURCE]...", nargs=-1)
@_DRY_RUN
@click.option("--accept", is_flag=True, help="Accept what was held back, after you have looked.")
@COLOR
def refresh(series: tuple[str, ...], dry_run: bool, accept: bool, color: bool) -> None:
    """Ask publishers for new data, all by default; check them, and use what is sound.

    With --accept, SOURCE may name a file that alone is accepted, as epoch-hub:gpqa_diamond.csv does.
    """
    from bot.commands.refresh_screen import Names, refresh_lines
    from bot.refresh import last_refresh, refreshing

    settings, now = Settings.read(), datetime.now(UTC)
    known_publishers = refreshing.known_publishers()
    publishers = refreshing.choose_publishers(series, known_publishers)
    if not accept and (file := next((name for name in series if ":" in name), "")):
        raise UsageError(f'"{file}" names a file, which only --accept takes; leave the file out, or add --accept.')
    accepted = (series or sorted(known_publishers)) if accept else ()
    with terminal.progress("Asking publishers") if sys.stdout.isatty() else nullcontext(lambda _text: None) as note:
        result = asyncio.run(refreshing.refresh(settings, publishers, now, dry_run=dry_run, accept=accepted, note=note))
    last = last_refresh.add_outcomes(last_refresh.read_last_refresh(settings.data), now, result.outcomes)
    terminal.show_lines(refresh_lines(result, last, Names.read(settings), dry_run=dry_run), color)
    if dry_run and result.changes:
        click.echo()
        terminal.show_tables([_changes_table(result.changes)], color)
    if all(outcome.state in ("failed", "held back") for outcome in result.outcomes):
        sys.exit(1)


def show_result(result: "RefreshResult", color: bool) -> None:
    """Show the effect of a change of the data, and how to undo it."""
    if result.effects:
        terminal.show_tables(_effect_tables(result.changes, result.effects), color)
    click.echo(f"\nRevision {result.number} is in use; `gapbrief data undo` goes back." if result.number else
               "\nNo score or model was changed.")  # fmt: skip


def _changes_table(changes: "Sequence[Change]") -> Table:
    from core.refresh import table_changes

    table = table_changes.to_table(changes[:_MOST_SHOWN])
    if (n_more := len(changes) - _MOST_SHOWN) > 0:
        return replace(table, rows=(*table.rows, (f"and {n_more} more", "", "", "", "")))
    return table


def _effect_tables(changes: "Sequence[Change]", effects: "Effects") -> list[Table]:
    figures = tuple(
        (f"{figure.measure}, {figure.access}", _write_months(figure.before), _write_months(figure.after))
        for figure in effects.figures
    )
    first = tuple(
        (f"{first.benchmark} {first.version}", f"{first.level:g}", first.model, first.before or "–")
        for first in effects.first
    )
    tables = [
        _changes_table(changes),
        Table("How the figures move, in months", ("Figure", "Before", "After"), figures),
        Table("Newly first of the open models: please review", ("Test", "Level", "Model", "Before"), first),
    ]
    return [table for table in tables if table.rows]


def _write_months(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


@data.command(short_help="List what changed the data.", epilog="Example: gapbrief data log")
@COLOR
def log(color: bool) -> None:
    """List what changed the data, and what each change did to the figures."""
    from core.refresh import revisions

    data = Settings.read().data
    log_entries = revisions.read_log(data)
    if not log_entries:
        click.echo("The data came with gapbrief; `gapbrief data refresh` asks for more.")
        return
    in_use = revisions.read_current(data)
    rows = tuple(_revision_row(revision, in_use) for revision in reversed(log_entries))
    columns = ("Revision", "Made (UTC)", "By", "What changed", "Figures, in months")
    terminal.show_tables([Table("Revisions of the data", columns, rows)], color)


def _revision_row(revision: "Revision", in_use: "Revision | None") -> tuple[str, ...]:
    mark = " (in use)" if in_use and revision.number == in_use.number else ""
    changes = ", ".join(f"{kind}: {number}" for kind, number in revision.told.get("changes", {}).items())
    moves = []
    for figure in revision.told.get("figures", []):
        before, after = _write_months(figure["before"]), _write_months(figure["after"])
        if before != after:
            moves.append(f"{figure['measure']}, {figure['access']}: {before} to {after}")
    made_at = revision.made[:16].replace("T", " ")
    return f"{revision.number}{mark}", made_at, revision.why, changes or "–", "; ".join(moves) or "–"


@data.command(short_help="Show what changed from A to B.", epilog="Example: gapbrief data diff 3 4")
@click.argument("first", metavar="[A]", type=click.IntRange(0), required=False)
@click.argument("second", metavar="[B]", type=click.IntRange(0), required=False)
@COLOR
def diff(first: int | None, second: int | None, color: bool) -> None:
    """Show what changed from revision A to B: by default from the last one to the one in use; 0 is the shipped data."""
    from core.refresh import revisions, table_changes

    data = Settings.read().data
    in_use = revisions.read_current(data)
    number = in_use.number if in_use else 0
    new = number if second is None else second
    old = first if first is not None else in_use.parent if in_use else 0
    changes = table_changes.compare_tables(revisions.find_tables(data, old), revisions.find_tables(data, new))
    if changes:
        terminal.show_tables([table_changes.to_table(changes)], color)
    click.echo(f"From revision {old} to {new}: {count(len(changes), 'change')}.")


@data.command(short_help="Undo the last change.", epilog="Example: gapbrief data undo")
@COLOR
def undo(color: bool) -> None:
    """Go back to the data before the last change; what came with it is not taken again until it changes."""
    from bot.refresh import refreshing

    result = refreshing.undo(Settings.read(), datetime.now(UTC))
    show_result(result, color)


@data.command(
    short_help="Say with evidence that a model is open or closed.",
    epilog="Example: gapbrief data classify glm-5 open --evidence https://huggingface.co/zai-org/GLM-5",
)
@click.argument("model")
@click.argument("openness", type=click.Choice(("open", "closed")), metavar="open|closed")
@_EVIDENCE
@_DRY_RUN
@COLOR
def classify(model: str, openness: str, evidence: str, dry_run: bool, color: bool) -> None:
    """Say with evidence that MODEL is open or closed: it goes before what any source says."""
    from bot.refresh import own_changes

    settings, now = Settings.read(), datetime.now(UTC)
    row = own_changes.make_openness(settings, model, openness, evidence, now.date())
    _use_row(settings, now, row, f"classify {row.model} {openness}, by {evidence}", dry_run, color)


@data.command(short_help="Say which model a spelling means.", epilog='Example: gapbrief data alias "GLM five" glm-5')
@click.argument("spelling")
@click.argument("model")
@click.option("--source", metavar="SOURCE", default="", help="Only in these sources; default: everywhere.")
@_DRY_RUN
@COLOR
def alias(spelling: str, model: str, source: str, dry_run: bool, color: bool) -> None:
    """Say that SPELLING means MODEL, in sources and in questions."""
    from bot.refresh import own_changes

    settings, now = Settings.read(), datetime.now(UTC)
    row = own_changes.make_alias(settings, spelling, model, source, now.date())
    source_note = f" at {source}" if source else ""
    _use_row(settings, now, row, f"alias {spelling} means {row.model}{source_note}", dry_run, color)


@data.command(
    short_help="Say with evidence when a model was released.",
    epilog="Example: gapbrief data override glm-5 --release-date 2026-02-11 --evidence https://z.ai/blog/glm-5",
)
@click.argument("model")
@click.option("--release-date", required=True, type=click.DateTime(("%Y-%m-%d",)), metavar="DAY", help="YYYY-MM-DD.")
@_EVIDENCE
@_DRY_RUN
@COLOR
def override(model: str, release_date: datetime, evidence: str, dry_run: bool, color: bool) -> None:
    """Say with evidence on which day MODEL was released: it goes before what any source says."""
    from bot.refresh import own_changes

    settings, now = Settings.read(), datetime.now(UTC)
    row = own_changes.make_release_date(settings, model, release_date.date(), evidence, now.date())
    _use_row(settings, now, row, f"override {row.model} released {row.release_date}, by {evidence}", dry_run, color)


@data.command(
    "count",
    short_help="Say that a new board is private or public.",
    epilog="Example: gapbrief data count scicode public",
)
@click.argument("benchmark")
@click.argument("access", type=click.Choice(("private", "public")), metavar="private|public")
@_DRY_RUN
@COLOR
def count_board(benchmark: str, access: str, dry_run: bool, color: bool) -> None:
    """Let BENCHMARK, which its publisher alone declares, count: its questions are secret (private), or they are not."""
    from bot.refresh import own_changes

    settings, now = Settings.read(), datetime.now(UTC)
    row = own_changes.make_access(settings, benchmark, access, now.date())
    _use_row(settings, now, row, f"count {row.benchmark_id} as {access}", dry_run, color)


def _use_row(settings: Settings, now: datetime, row: "OwnRow", why: str, dry_run: bool, color: bool) -> None:
    from bot.refresh import refreshing

    result = refreshing.change(settings, now, why, lambda last: last.with_row(row), dry_run=dry_run)
    show_result(result, color)


@data.command(short_help="List what most deserves a person's look.", epilog="Example: gapbrief data audit --most 50")
@click.option("--most", type=click.IntRange(1), default=15, show_default=True, help="How many to list.")
@COLOR
def audit(most: int, color: bool) -> None:
    """List what most deserves a person's look: record setters first, by how far they could move a headline."""
    from bot.refresh import doubts
    from core.store.store import open_store

    settings = Settings.read()
    with open_store(settings.db, settings.data) as store:
        tables = [doubts.audit(store).table(most), doubts.awaited_table(store)]
    terminal.show_tables(tables, color)


@data.command(short_help="Write the tables in use for a pull request.", epilog="Example: gapbrief data export changes")
@click.argument("into", metavar="DIR", type=click.Path(path_type=Path))
def export(into: Path) -> None:
    """Write the tables in use, your own rows and what differs from the shipped data into the new folder DIR."""
    from core.refresh.table_changes import SUMMARY, export_tables

    changes = export_tables(Settings.read().data, into)
    click.echo(f"Wrote {into}: {count(len(changes), 'change')} to the shipped data, listed in {into / SUMMARY}.")


@data.command("import", short_help="Use your own scores.", epilog="Example: gapbrief data import runs.csv --as WeirdML")
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
@_DRY_RUN
@COLOR
def import_(
    file: Path, name: str, unit: "Unit | None", access: str, columns: tuple[str, ...], yes: bool, dry_run: bool,
    color: bool,
) -> None:  # fmt: skip
    """Use scores of your own from FILE (CSV, JSON, xlsx, parquet), kept apart from all that publishers say."""
    from bot.refresh import own_changes
    from core.refresh import own_scores

    settings, now = Settings.read(), datetime.now(UTC)
    own = own_scores.read_scores(file, dict(own_scores.parse_column(column) for column in columns))
    benchmark = own_changes.make_benchmark(settings, name, unit, access, now.date())
    terminal.show_tables([own_scores.column_table(own, benchmark)], color)
    if not (yes or dry_run):
        click.confirm(f"Use these as {benchmark.name}?", abort=True, err=True)
    show_result(own_changes.import_scores(settings, now, own, benchmark, unit, dry_run=dry_run), color)
