"""Tables for a phone: those of figures as aligned lines of a code block, those of words as entries; and as CSV.

Nothing is left out: a table that is too wide is shown a few columns at a time, its first column beside each.
"""

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from bot.spreadsheet import as_csv
from core.answer import Table

WIDTH = 29
"""Letters of a line that a code block in an embed shows on a phone 390 pixels wide."""
_KEY = 14
"""Letters to which the first column may be folded, where others stand beside it."""
_SHORT = 12
_KIND = "Kind"
_FIGURE = re.compile(r"[−-]?[\d,.]+(?: ?%)?|–")
_PERCENT = ", %"
"""What ends the title of a column of percentages."""

Entry = tuple[str, list[tuple[str, str]]]
"""A row's first cell, and the titles and cells of the others that say something."""


@dataclass(frozen=True)
class Sheet:
    """A table, or some of its columns: the lines of its head, and of each row."""

    head: list[str]
    rows: list[list[str]]


@dataclass
class _Column:
    """A column with the width at which it is written; figures go to the right."""

    title: str
    cells: list[str]
    width: int
    is_figures: bool


def is_of_figures(table: Table) -> bool:
    """Whether all cells but a row's first are short."""
    return all(len(cell) <= _SHORT for row in table.rows for cell in row[1:])


def by_kind(table: Table) -> dict[str, Table]:
    """Return a table's private and public tests apart, without the column that says it; "" for one that has none."""
    if _KIND not in table.columns:
        return {"": table}
    at = table.columns.index(_KIND)
    parts: dict[str, list[tuple[str, ...]]] = {}
    for row in table.rows:
        parts.setdefault(row[at], []).append(row[:at] + row[at + 1 :])
    columns = table.columns[:at] + table.columns[at + 1 :]
    return {kind: Table(table.title, columns, tuple(rows)) for kind, rows in parts.items()}


def sheets(table: Table) -> list[Sheet]:
    """Return a table of figures as sheets of lines, each at most `WIDTH` wide."""
    key, *others = [_column(title, [row[n] for row in table.rows]) for n, title in enumerate(table.columns)]
    groups: list[list[_Column]] = []
    for column in others:
        if not groups or min(key.width, _KEY) + sum(each.width + 1 for each in (*groups[-1], column)) > WIDTH:
            groups.append([])
        groups[-1].append(column)
    return [_sheet(key, group) for group in groups or [[]]]


def entries(table: Table) -> list[Entry]:
    """Return a table of words as entries: a row's first cell, and the others with their columns' titles."""
    title, percent, _ = table.columns[0].partition(_PERCENT)
    is_figures = all(_FIGURE.fullmatch(row[0]) for row in table.rows)
    before, after = (f"{title} ", " %" * bool(percent)) if is_figures else ("", "")
    titles = table.columns[1:] if len(table.columns) > 2 else ("",)
    return [
        (before + first + after, [each for each in zip(titles, others, strict=True) if each[1] not in ("", "–")])
        for first, *others in table.rows
    ]


def files(tables: Sequence[Table]) -> list[tuple[str, bytes]]:
    """Return each table, whole, as a CSV file's name and content."""
    return [(f"gapbrief-{number}.csv", as_csv([table.columns, *table.rows])) for number, table in enumerate(tables, 1)]


def _column(title: str, cells: list[str]) -> _Column:
    width = max(map(len, (*cells, *title.split())), default=1)
    return _Column(title, cells, width, all(map(_FIGURE.fullmatch, cells)))


def _sheet(key: _Column, group: list[_Column]) -> Sheet:
    """Write columns side by side; the key is folded where they need its room, titles where there is none to spare."""
    beside = sum(column.width + 1 for column in group)
    shelf = [_Column(key.title, key.cells, min(key.width, WIDTH - beside), key.is_figures), *group]
    spare = WIDTH - beside - shelf[0].width
    for column in shelf:
        lacks = len(column.title) - column.width
        if 0 < lacks <= spare:
            column.width += lacks
            spare -= lacks
    gap = "  " if spare >= len(group) else " "
    head = _lines(shelf, [column.title for column in shelf], gap, low=True)
    rule = "─" * max(map(len, head))
    return Sheet([*head, rule], [_lines(shelf, [each.cells[n] for each in shelf], gap) for n in range(len(key.cells))])


def _lines(shelf: list[_Column], cells: list[str], gap: str, *, low: bool = False) -> list[str]:
    """Write cells side by side, each folded in its column; `low` puts what is short at the bottom."""
    folded = [_folded(cell, column.width) for column, cell in zip(shelf, cells, strict=True)]
    high = max(map(len, folded))
    padded = [[""] * (high - len(cell)) + cell if low else cell + [""] * (high - len(cell)) for cell in folded]
    return [
        gap.join(
            part.rjust(column.width) if column.is_figures else part.ljust(column.width)
            for column, part in zip(shelf, line, strict=True)
        ).rstrip()
        for line in zip(*padded, strict=True)
    ]


def _folded(cell: str, width: int) -> list[str]:
    """Fold a cell between words; a name too long for a line is parted before a capital: "FictionLive-", "Bench"."""
    part = rf"\b(?=\w{{{width + 1}}})(\w{{0,{max(width - 2, 0)}}}[a-z])(?=[A-Z])"
    return textwrap.wrap(re.sub(part, r"\1-", cell), width) or [""]
