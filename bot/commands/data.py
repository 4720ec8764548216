"""`gapbrief data …`: what is there, what is in doubt, and the tables compiled anew."""

import sys
from collections.abc import Callable
from pathlib import Path

import click

from bot import answers, terminal
from bot.commands import data_own, data_revisions
from bot.settings import Settings


@click.group(epilog="Example: gapbrief data status")
def data() -> None:
    """Look at the data, check it, or compile it anew."""


def _no_color(command: Callable[..., None]) -> Callable[..., None]:
    return click.option("--no-color", is_flag=True, help="Plain text, as when piped.")(command)


@data.command(short_help="Count what is there, and how fresh it is.", epilog="Example: gapbrief data status | less")
@_no_color
def status(no_color: bool) -> None:
    """Count what is there, per source and benchmark, and say how fresh it is."""
    from bot.evidence_file import open_evidence
    from bot.refresh.last_refresh import last_refresh
    from bot.refresh.overview import finding_tables, overview
    from core.store import inspection
    from core.store.board_ages import age_table, board_ages

    settings = Settings.read()
    with open_evidence(settings) as store:
        tables = [
            overview(settings.data),
            *finding_tables(last_refresh(settings.data)),
            age_table(board_ages(store), answers.utc_today()),
            *inspection.status(store).tables,
        ]
        terminal.show_tables(tables, terminal.wants_color(no_color))
        if store.warning:
            click.echo(store.warning, err=True)
        click.echo(f"\nEvidence file {settings.db}, revision {store.revision[:12]}")


@data.command(
    short_help="Check the data and list what is in doubt.", epilog="Example: gapbrief data check && echo all is well"
)
@_no_color
def check(no_color: bool) -> None:
    """Check the data and list what is in doubt; exit code 1 when something is wrong."""
    from bot.evidence_file import open_evidence
    from bot.refresh.doubts import doubts
    from core.store import inspection

    settings = Settings.read()
    with open_evidence(settings) as store:
        found = inspection.check(store, settings.data)
        suspects = () if found.problems else doubts(store)
    terminal.show_tables((*found.tables, *suspects), terminal.wants_color(no_color))
    click.echo("")
    for problem in found.problems:
        click.echo(f"Wrong: {problem}", err=True)
    if found.problems:
        sys.exit(1)
    click.echo("All is well: the file is complete and matches the tables.")


@data.command(epilog="Example: gapbrief data build ../raw --into data")
@click.argument("source", metavar="FROM", type=click.Path(path_type=Path))
@click.option("--into", type=click.Path(path_type=Path), help="The folder of tables to rebuild; default: its own.")
@_no_color
def build(source: Path, into: Path | None, no_color: bool) -> None:
    """Compile the publishers' raw files in FROM into the data tables."""
    from core.evidence.build import build as compile_tables
    from core.evidence.build import report_tables
    from core.store.tables import shipped_folder

    report = compile_tables(source, into or shipped_folder())
    terminal.show_tables(report_tables(report), terminal.wants_color(no_color))


for _command in (
    *(data_revisions.refresh, data_revisions.log, data_revisions.diff, data_revisions.undo),
    *(
        data_own.classify,
        data_own.alias,
        data_own.override,
        data_own.count_board,
        data_own.audit,
        data_own.export,
        data_own.import_,
    ),
):
    data.add_command(_command)
