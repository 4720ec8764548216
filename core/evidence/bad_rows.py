"""A publisher's table without the rows that can't be read: a bad value costs its row, not the board."""

from collections.abc import Callable
from pathlib import Path

from core.errors import TableError
from core.evidence.importers.rows import Imported, without_rows

_MOST_SHARE, _MOST = 0.1, 50
"""A table with more bad rows has changed its form, and reading it once for each bad row would take too long."""


def read_good_rows(path: Path, read: Callable[[Path], Imported]) -> tuple[Imported, list[TableError]]:
    """Read a table without its bad rows, whatever its form; return what was read, and the rows' errors.

    Raises TableError for what is wrong with the file as a whole, and where more than a tenth of its rows are bad.
    """
    errors: dict[int, TableError] = {}
    while True:
        try:
            with without_rows(path, errors):
                imported = read(path)
        except TableError as error:
            if error.path != path or error.line is None:
                raise
            if error.line in errors or len(errors) == _MOST:
                raise next(iter(errors.values())) from None
            errors[error.line] = error
            continue
        if len(errors) > max(1, _MOST_SHARE * imported.rows):
            raise next(iter(errors.values()))
        return imported, list(errors.values())
