"""Answers and tables on a terminal: rich where a person looks on, plain text where a pipe reads."""

import codecs
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING

from core.answer import Answer, Table

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table as RichTable

_ASCII = {"–": "-", "−": "-", "·": "|", "…": "...", "“": '"', "”": '"', "’": "'", "─": "-"}
ASKING = "Asking the language model …"
_WORDS = 16
"""A column of words may be this narrow; where a table needs more room, its rows are written one below the other."""


def speak_every_encoding() -> None:
    """Write what the terminal's encoding lacks in the nearest of its letters, where else it would be an error."""
    codecs.register_error("gapbrief", _nearest)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="gapbrief")


def _nearest(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_ASCII.get(letter, "?") for letter in error.object[error.start : error.end]), error.end


def wants_color(no_color: bool) -> bool:
    """Whether colour is welcome: neither `--no-color` nor NO_COLOR speaks against it."""
    return not no_color and not os.environ.get("NO_COLOR")


def waiting(text: str) -> AbstractContextManager[object]:
    """Show a person on standard error what takes its time; nothing where nobody looks."""
    if not sys.stderr.isatty():
        return nullcontext()
    from rich.console import Console

    return Console(stderr=True).status(text)


@contextmanager
def noting(first: str) -> Iterator[Callable[[str], None]]:
    """Show a person on standard error what is being done, step by step; nothing where nobody looks."""
    from rich.console import Console

    with Console(stderr=True).status(first) as status:
        yield status.update


def is_unicode() -> bool:
    """Whether standard output takes every letter."""
    return "utf" in (sys.stdout.encoding or "").lower()


def show_json(found: object) -> None:
    """Print a value as JSON, in letters that standard output takes."""
    sys.stdout.write(json.dumps(found, ensure_ascii=not is_unicode(), indent=2) + "\n")


def show_answer(answer: Answer, color: bool) -> None:
    """Show an answer's lines and its table."""
    if _is_rich(color):
        _rich_answer(answer)
    else:
        _write("\n\n".join([answer.text, *(plain_table(table) for table in answer.tables)]))


def show_tables(tables: Sequence[Table], color: bool) -> None:
    """Show tables one below the other."""
    if _is_rich(color):
        console = _console()
        for table in tables:
            _rich_table(console, table)
    else:
        _write("\n\n".join(plain_table(table) for table in tables))


def plain_table(table: Table) -> str:
    """Write a table in columns of plain text: figures to the right, words to the left."""
    rows = [table.columns, *table.rows]
    widths = [max(len(row[n]) for row in rows) for n in range(len(table.columns))]
    right = [_is_figures(table, n) for n in range(len(table.columns))]
    lines = [
        "  ".join(
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in rows
    ]
    return "\n".join([table.title, *lines])


def points_table(answer: Answer, chosen: str) -> Table:
    """Return the answer's points as a table: the accepted ones, or all with the reason of each rejection."""
    names = {(board["benchmark"], board["version"]): board["name"] for board in answer.data["benchmarks"]}
    rows = [
        (
            names[point["benchmark"], point["version"]],
            f"{point['threshold']:g}",
            point["closed_model"],
            point["closed_date"],
            point["open_model"],
            point["open_date"],
            f"{point['gap_months']:.1f}".replace("-", "−"),
            point["reason"] or "",
        )
        for point in answer.data["points"]
        if chosen == "all" or point["accepted"]
    ]
    columns = ("Test", "Level", "Closed model", "On", "Open model", "On", "Months", "Rejected because")
    if chosen == "all":
        return Table("Results, rejected ones too", columns, tuple(rows))
    return Table("Results", columns[:-1], tuple(row[:-1] for row in rows))


def _is_figures(table: Table, column: int) -> bool:
    return all(row[column].replace(".", "").replace("−", "").replace("-", "").isdigit() or row[column] == "–"
               for row in table.rows)  # fmt: skip


def _write(text: str) -> None:
    sys.stdout.write(text + "\n")


def _is_rich(color: bool) -> bool:
    return color and sys.stdout.isatty()


def _console() -> "Console":
    from rich.console import Console

    return Console(highlight=False)


def _rich_answer(answer: Answer) -> None:
    from rich.table import Table as RichTable
    from rich.text import Text

    console = _console()
    grid = RichTable.grid(padding=(0, 2))
    grid.add_column(style="cyan", no_wrap=True)
    grid.add_column(overflow="fold")
    room = console.width - 2 - max(len(line.label) for line in answer.lines)
    for line in answer.lines:
        if line.label:
            fits = len(line.text) <= room
            grid.add_row(Text(line.label), Text(line.text if fits else re.sub(" {2,}", " · ", line.text)))
        else:
            console.print(Text(line.text, style="bold"))
    console.print(grid)
    for table in answer.tables:
        console.print()
        _rich_table(console, table)


def _rich_table(console: "Console", table: Table) -> None:
    """Print a table, or its rows one below the other where figures would not keep their whole width."""
    from rich.padding import Padding
    from rich.text import Text

    console.print(Text(table.title, style="bold"))
    columns = range(len(table.columns))
    if sum(_narrowest(table, column) + 2 for column in columns) <= console.width:
        console.print(_in_columns(table, tight=sum(_widest(table, column) + 2 for column in columns) > console.width))
        return
    for first, *others in table.rows:
        cells = ", ".join(
            f"{column} {cell}" for column, cell in zip(table.columns[1:], others, strict=True) if cell not in ("", "–")
        )
        console.print(Text(first, overflow="fold"))
        console.print(Padding(Text(cells, overflow="fold"), (0, 0, 0, 2)))
    console.print()


def _widest(table: Table, column: int) -> int:
    """Return the width at which nothing of a column is folded."""
    return max(len(row[column]) for row in (table.columns, *table.rows))


def _narrowest(table: Table, column: int) -> int:
    """Return the width at which a column's figures are whole, and its words too, up to `_WORDS`."""
    longest = max(len(cell) for cell in (*table.columns[column].split(), *(row[column] for row in table.rows)))
    return longest if _is_figures(table, column) else min(longest, _WORDS)


def _in_columns(table: Table, *, tight: bool) -> "RichTable":
    """Lay a table out; where it is `tight`, figures keep just their own width, and words share the rest."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table as RichTable
    from rich.text import Text

    shown = RichTable(box=SIMPLE_HEAD)
    shown.pad_edge, shown.collapse_padding = False, True
    for number, column in enumerate(table.columns):
        if _is_figures(table, number):
            shown.add_column(column, justify="right", width=_narrowest(table, number) if tight else None)
        else:
            shown.add_column(column, overflow="fold", min_width=_narrowest(table, number))
    for row in table.rows:
        shown.add_row(*(Text(cell) for cell in row))
    return shown
