"""`gapbrief data refresh`, `log`, `diff` and `undo`: new data, what each change did, and the way back."""

import asyncio
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from bot import terminal
from bot.settings import Settings
from core.answer import Table
from core.errors import UsageError
from core.words import count

if TYPE_CHECKING:
    from bot.refresh.effects import Looks
    from bot.refresh.refreshing import Refreshed
    from core.refresh.revisions import Revision
    from core.refresh.table_changes import Change

_MOST_SHOWN = 40


@click.command(short_help="Ask publishers for new data.", epilog="Example: gapbrief data refresh weirdml --dry-run")
@click.argument("series", metavar="[SOURCE]...", nargs=-1)
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@click.option("--accept", is_flag=True, help="Accept what was held back, after you have looked.")
@click.option("--no-color", is_flag=True, help="Plain text, as when piped.")
def refresh(series: tuple[str, ...], dry_run: bool, accept: bool, no_color: bool) -> None:
    """Ask publishers for new data, all by default; check them, and use what is sound.

    With --accept, SOURCE may name a file that alone is accepted, as epoch-hub:gpqa_diamond.csv does.
    """
    from bot.commands.refresh_screen import Known, refresh_lines
    from bot.refresh import last_refresh, refreshing

    settings, now, color = Settings.read(), datetime.now(UTC), terminal.wants_color(no_color)
    declared = refreshing.declared()
    publishers = refreshing.chosen(series, declared)
    if not accept and (file := next((each for each in series if ":" in each), "")):
        raise UsageError(f'"{file}" names a file, which only --accept takes; leave the file out, or add --accept.')
    accepted = (series or sorted(declared)) if accept else ()
    with terminal.noting("Asking publishers") if sys.stdout.isatty() else nullcontext(lambda _text: None) as note:
        done = asyncio.run(refreshing.refresh(settings, publishers, now, dry_run=dry_run, accept=accepted, note=note))
    last = last_refresh.with_outcomes(last_refresh.last_refresh(settings.data), now, done.outcomes)
    terminal.show_lines(refresh_lines(done, last, Known.read(settings), dry_run=dry_run), color)
    if dry_run and done.changes:
        click.echo()
        terminal.show_tables([_changes_table(done.changes)], color)
    if all(each.state in ("failed", "held back") for each in done.outcomes):
        sys.exit(1)


def show_done(done: "Refreshed", color: bool) -> None:
    """Show what a change of the data did, and the way back."""
    if done.looks:
        terminal.show_tables(_tables(done.changes, done.looks), color)
    click.echo(f"\nRevision {done.number} is in use; `gapbrief data undo` goes back." if done.number else
               "\nNo score or model was changed.")  # fmt: skip


def _changes_table(changes: "Sequence[Change]") -> Table:
    from core.refresh import table_changes

    shown = table_changes.to_table(changes[:_MOST_SHOWN])
    rest = len(changes) - _MOST_SHOWN
    rows = (*shown.rows, (f"and {rest} more", "", "", "", "")) if rest > 0 else shown.rows
    return Table(shown.title, shown.columns, rows)


def _tables(changes: "Sequence[Change]", looks: "Looks") -> list[Table]:
    figures = tuple(
        (f"{each.measure}, {each.access}", _months(each.before), _months(each.after)) for each in looks.figures
    )
    first = tuple(
        (f"{each.benchmark} {each.version}", f"{each.level:g}", each.model, each.before or "–") for each in looks.first
    )
    tables = [
        _changes_table(changes),
        Table("How the figures move, in months", ("Figure", "Before", "After"), figures),
        Table("Newly first of the open models: please review", ("Test", "Level", "Model", "Before"), first),
    ]
    return [table for table in tables if table.rows]


def _months(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


@click.command(short_help="List what changed the data.", epilog="Example: gapbrief data log")
@click.option("--no-color", is_flag=True, help="Plain text, as when piped.")
def log(no_color: bool) -> None:
    """List what changed the data, and what each change did to the figures."""
    from core.refresh import revisions

    data = Settings.read().data
    made = revisions.read_log(data)
    if not made:
        click.echo("The data came with gapbrief; `gapbrief data refresh` asks for more.")
        return
    in_use = revisions.read_current(data)
    rows = tuple(_line(each, in_use) for each in reversed(made))
    columns = ("Revision", "Made (UTC)", "By", "What changed", "Figures, in months")
    terminal.show_tables([Table("Revisions of the data", columns, rows)], terminal.wants_color(no_color))


def _line(each: "Revision", in_use: "Revision | None") -> tuple[str, ...]:
    mark = " (in use)" if in_use and each.number == in_use.number else ""
    told: dict[str, Any] = dict(each.told)
    changes = ", ".join(f"{kind}: {number}" for kind, number in told.get("changes", {}).items())
    moved = [
        f"{figure['measure']}, {figure['access']}: {_months(figure['before'])} to {_months(figure['after'])}"
        for figure in told.get("figures", [])
        if _months(figure["before"]) != _months(figure["after"])
    ]
    return f"{each.number}{mark}", each.made[:16].replace("T", " "), each.why, changes or "–", "; ".join(moved) or "–"


@click.command(short_help="Show what changed from A to B.", epilog="Example: gapbrief data diff 3 4")
@click.argument("first", metavar="[A]", type=click.IntRange(0), required=False)
@click.argument("second", metavar="[B]", type=click.IntRange(0), required=False)
@click.option("--no-color", is_flag=True, help="Plain text, as when piped.")
def diff(first: int | None, second: int | None, no_color: bool) -> None:
    """Show what changed from revision A to B: by default from the last one to the one in use; 0 is the shipped data."""
    from core.refresh import revisions, table_changes

    data = Settings.read().data
    in_use = revisions.read_current(data)
    number = in_use.number if in_use else 0
    new = number if second is None else second
    old = first if first is not None else in_use.parent if in_use else 0
    changes = table_changes.compare_tables(revisions.find_tables(data, old), revisions.find_tables(data, new))
    if changes:
        terminal.show_tables([table_changes.to_table(changes)], terminal.wants_color(no_color))
    click.echo(f"From revision {old} to {new}: {count(len(changes), 'change')}.")


@click.command(short_help="Undo the last change.", epilog="Example: gapbrief data undo")
@click.option("--no-color", is_flag=True, help="Plain text, as when piped.")
def undo(no_color: bool) -> None:
    """Go back to the data before the last change; what came with it is not taken again until it changes."""
    from bot.refresh import refreshing

    done = refreshing.undo(Settings.read(), datetime.now(UTC))
    show_done(done, terminal.wants_color(no_color))
