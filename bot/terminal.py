"""Answers and tables on a terminal: rich where a person looks on, plain text where a pipe reads."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.answer import Answer, Table

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table as RichTable


def show_answer(answer: Answer, color: bool) -> None:
    """Show an answer's lines and its table."""
    if _is_rich(color):
        _rich_answer(answer, color)
    else:
        _write(f"{answer.text}\n\n{plain_table(answer.table)}")


def show_tables(tables: Sequence[Table], color: bool) -> None:
    """Show tables one below the other."""
    if _is_rich(color):
        console = _console(color)
        for table in tables:
            console.print(_rich_table(table))
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
    rows = [
        (
            point["benchmark"],
            f"{point['threshold']:g}",
            point["closed_model"],
            point["closed_date"],
            point["open_model"],
            point["open_date"],
            f"{point['gap_months']:.1f}",
            point["reason"] or "",
        )
        for point in answer.data["points"]
        if chosen == "all" or point["accepted"]
    ]
    columns = ("Test", "Level", "Closed model", "On", "Open model", "On", "Months", "Rejected because")
    return Table("Results" if chosen == "accepted" else "Results, rejected ones too", columns, tuple(rows))


def _is_figures(table: Table, column: int) -> bool:
    return all(row[column].replace(".", "").replace("−", "").replace("-", "").isdigit() or row[column] == "–"
               for row in table.rows)  # fmt: skip


def _write(text: str) -> None:
    sys.stdout.write(text + "\n")


def _is_rich(color: bool) -> bool:
    return color and sys.stdout.isatty()


def _console(color: bool) -> "Console":
    from rich.console import Console

    return Console(no_color=not color, highlight=False)


def _rich_table(table: Table) -> "RichTable":
    from rich.box import SIMPLE
    from rich.table import Table as RichTable
    from rich.text import Text

    shown = RichTable(title=table.title, box=SIMPLE, title_justify="left", title_style="bold")
    for number, column in enumerate(table.columns):
        shown.add_column(column, justify="right" if _is_figures(table, number) else "left")
    for row in table.rows:
        shown.add_row(*(Text(cell) for cell in row))
    return shown


def _rich_answer(answer: Answer, color: bool) -> None:
    from rich.table import Table as RichTable
    from rich.text import Text

    console = _console(color)
    grid = RichTable.grid(padding=(0, 2))
    grid.add_column(style="cyan", no_wrap=True)
    grid.add_column(overflow="fold")
    for line in answer.lines:
        if line.label:
            grid.add_row(Text(line.label), Text(line.text))
        else:
            console.print(Text(line.text, style="bold"))
    console.print(grid)
    console.print(_rich_table(answer.table))
