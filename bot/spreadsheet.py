"""CSV as spreadsheets read it: numbers are numbers, letters what they are, and nothing is worked out as a formula."""

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO

Cell = str | float | None

_NUMBER = re.compile(r"[−-]?\d[\d,.]*")
_FORMULA = re.compile(r"[\t\r\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
"""How a cell begins that a spreadsheet works out (OWASP, "CSV Injection"), with the wide forms of the marks."""


def safe(cell: Cell) -> Cell:
    """Return a cell so that a spreadsheet reads a number as one, and takes nothing else for a formula."""
    if not isinstance(cell, str):
        return cell
    if _NUMBER.fullmatch(cell):
        return cell.replace("−", "-")
    return f"'{cell}" if _FORMULA.match(cell) else cell


def as_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write rows, the head among them, as a file of CSV; every cell is `safe`."""
    text = StringIO()
    csv.writer(text).writerows([safe(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")  # without the mark, spreadsheets take it for another encoding
