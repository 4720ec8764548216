"""CSV as spreadsheets read it: numbers are numbers, letters what they are, and nothing is worked out as a formula."""

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO
from unicodedata import category, normalize

Cell = str | float | None

_NUMBER = re.compile(r"[−-]?\d[\d,.]*")
_MARKS = "=+-@"
"""What a formula begins with (OWASP, "CSV Injection"), in any form: wide, small or raised."""
_PARTS = re.compile(r"(?<=[;\t\r\n])")
"""Where a spreadsheet of a country that writes 1,5 begins a cell, though this is within one of ours."""
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and symbols that nobody sees."""


def safe(cell: Cell) -> Cell:
    """Return a cell so that a spreadsheet reads a number as one, and takes nothing else for a formula."""
    if not isinstance(cell, str):
        return cell
    if _NUMBER.fullmatch(cell):
        return cell.replace("−", "-")
    return "".join(f"'{part}" if _begins_formula(part) else part for part in _PARTS.split(cell))


def _begins_formula(text: str) -> bool:
    """Whether a spreadsheet would work a text out; what is not seen is skipped, as some of them do."""
    if text[:1] in ("\t", "\r", "\n"):
        return True
    first = next((each for each in text if each not in _BLANK and category(each)[0] not in "CMZ"), "")
    return bool(first) and normalize("NFKC", first)[0] in _MARKS


def as_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write rows, the head among them, as a file of CSV; every cell is `safe`."""
    text = StringIO()
    csv.writer(text).writerows([safe(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")  # without the mark, spreadsheets take it for another encoding
