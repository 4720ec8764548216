"""A publisher's table without the rows that can't be read: a bad cell costs its row, not the board."""

import csv
from collections.abc import Callable
from io import StringIO
from pathlib import Path

from core.errors import TableError
from core.evidence.importers.rows import Imported

_MOST_SHARE, _MOST = 0.1, 50
"""A table with more bad rows has changed its form, and reading it once for each bad row would take too long."""


def read_good_rows(path: Path, read: Callable[[Path], Imported]) -> tuple[Imported, list[TableError]]:
    """Read a table without its bad rows, which are blanked in the file; return what was read, and the rows' errors.

    Raises TableError for what is wrong with the file as a whole, and where more than a tenth of its rows are bad.
    """
    errors: list[TableError] = []
    while True:
        try:
            return read(path), errors
        except TableError as error:
            if error.path != path or error.line is None or path.suffix != ".csv":
                raise
            errors.append(error)
            if len(errors) > _MOST or not _blank_row(path, error.line, len(errors)):
                raise errors[0] from None


def _blank_row(path: Path, line: int, n_bad: int) -> bool:
    """Blank the row of a line, so that the other rows keep their lines; False for the header, and for too many."""
    lines = list(StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
    spans, end = [], 0
    reader = csv.reader(lines)
    for _ in reader:
        spans.append((end, reader.line_num))
        end = reader.line_num
    span = next(((start, stop) for start, stop in spans[1:] if start < line <= stop), None)
    if span is None or n_bad > max(1, _MOST_SHARE * len(spans)):
        return False
    lines[slice(*span)] = ["\n"] * (span[1] - span[0])
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(lines)
    return True
