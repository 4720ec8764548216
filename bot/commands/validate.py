"""`gapbrief validate`: how well each figure does in simulated worlds whose truth is known, as a page."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.health_checks import how_to_add
from bot.settings import Settings
from core.errors import UsageError
from core.words import quote

if TYPE_CHECKING:
    from core.validation.grades import Cell

FULL, QUICK = 1000, 30
"""Worlds of each kind that are drawn by default, and for a quick look."""
_BLOCK = 10
"""Worlds that a process draws at a time."""
_SECONDS = 10
"""How long a scheduler may take to answer."""


@click.command(
    short_help="Judge the figures in simulated worlds.",
    epilog="Example: gapbrief validate --quick --out validation.md",
)
@click.option(
    "--worlds", type=click.IntRange(2), metavar="N", help=f"How many of each kind; default: {FULL}, quick {QUICK}."
)
@click.option("--quick", is_flag=True, help="A quick look, at few worlds.")
@click.option("--jobs", type=click.IntRange(1), metavar="N", help="Processes; default: one per core.")
@click.option("--dask", metavar="ADDRESS", help="Share the work on a Dask cluster: its scheduler's address.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", default=Path("docs/validation.md"),
    show_default=True, help="The page to write.",
)  # fmt: skip
def validate(worlds: int | None, quick: bool, jobs: int | None, dask: str | None, out: Path) -> None:
    """Judge every figure in simulated worlds whose truth is known, and write what it did as a page.

    The numbers depend on the number of worlds alone, not on who draws them.
    """
    from core.validation.report import write_page

    if find_spec("joblib") is None:
        raise UsageError(f"Judging the figures needs joblib; {how_to_add('cluster')} adds it.")
    if not out.parent.is_dir():
        raise UsageError(f"{quote(str(out.parent), 80)} is not a folder; name a file in one with --out.")
    worlds = worlds or (QUICK if quick else FULL)
    real_data_part = _write_real_data_part()  # first, as the worlds take long
    with _cluster(dask):
        cells = judge_worlds(worlds, jobs or -1)
    out.write_text(write_page(cells, worlds) + real_data_part, encoding="utf-8")
    click.echo(f"Wrote {out}.")


def judge_worlds(worlds: int, jobs: int) -> "list[Cell]":
    """Draw and judge worlds of each kind in a number of processes (-1: one per core), with a progress bar."""
    import joblib
    from rich.console import Console
    from rich.progress import track

    from core.validation.grades import join_cells
    from core.validation.judge import WORLDS, judge

    blocks = [
        (world, range(first, min(first + _BLOCK, worlds))) for world in WORLDS for first in range(0, worlds, _BLOCK)
    ]
    results = joblib.Parallel(n_jobs=jobs, return_as="generator")(
        joblib.delayed(judge)(world, numbers) for world, numbers in blocks
    )
    console = Console(stderr=True)
    parts = track(results, "Worlds", len(blocks), console=console, disable=not sys.stderr.isatty(), transient=True)
    return join_cells(parts)


@contextmanager
def _cluster(address: str | None) -> Iterator[None]:
    """Let joblib distribute the work on a Dask cluster, if one is named."""
    if address is None:
        yield
        return
    try:
        import distributed
    except ModuleNotFoundError:
        raise UsageError(f"A cluster needs Dask; {how_to_add('cluster')} adds it.") from None
    import joblib

    cluster: Any = distributed  # without types
    try:
        client = cluster.Client(address, timeout=_SECONDS)
    except (OSError, ValueError):
        advice = "start one with `dask scheduler`, or leave --dask out"
        raise UsageError(f"No Dask scheduler answers at {quote(address)}: {advice}.") from None
    with client, joblib.parallel_config("dask", client=client):
        yield


def _write_real_data_part() -> str:
    from bot.answers import open_evidence
    from core.evidence.evidence import load
    from core.validation.report import write_real_data

    with open_evidence(Settings.read()) as store:
        records = load(store)
    return write_real_data(records.known_by(records.last_known))
