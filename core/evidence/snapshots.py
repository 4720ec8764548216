"""What was read of publishers' snapshots, in rows of our own: what tables are compiled from, with no raw file at hand.

A file `imported/SOURCE.jsonl` holds a source. Each line is a row, its kind first; a row "file" begins what one of its
files held.
"""

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import MISSING, fields
from datetime import date
from pathlib import Path
from typing import IO, Any, cast

from core.errors import TableError
from core.evidence.importers.rows import Imported, RawBoard, RawModel, RawPrice, RawScore, RawSize

FOLDER = "imported"
_EXAMPLES = 3
_KINDS: dict[str, tuple[str, type[Any]]] = {
    "score": ("scores", RawScore),
    "model": ("models", RawModel),
    "size": ("sizes", RawSize),
    "price": ("prices", RawPrice),
    "board": ("boards", RawBoard),
}
_COLUMNS = {kind: [each for each in fields(made) if not each.kw_only] for kind, (_, made) in _KINDS.items()}
_DAYS = {
    kind: [place for place, column in enumerate(columns) if column.type in (date, date | None)]
    for kind, columns in _COLUMNS.items()
}


def write(path: Path, files: Iterable[tuple[str, Imported]]) -> None:
    """Write what was read of a source's files, each with its name."""
    with _open(path, "wt") as file:
        for name, imported in files:
            for row in _rows(name, imported):
                file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")


Rows = dict[tuple[str, str], tuple[str, Any, list[Any]]]
"""Rows that were read, by their text but for the line: snapshots of one series hold much the same."""


def read(path: Path, known: Rows | None = None) -> list[tuple[str, Imported]]:
    """Read what `write` wrote; raises TableError for a file that is not of this form.

    What is in `known` is not read again, and what is new is added to it.
    """
    known = {} if known is None else known
    files: list[tuple[str, Imported]] = []
    line = 0
    try:
        with _open(path, "rt") as file:
            for line, text in enumerate(file, start=1):  # noqa: B007 (an error names it)
                begins, _, rest = text.partition(",")
                place, _, rest = rest.partition(",")
                if (begins, rest) in known:
                    held, row, values = known[begins, rest]
                    if row.line != int(place):
                        row = _made(type(row), [int(place), *values[1:]])
                        known[begins, rest] = held, row, values
                    getattr(files[-1][1], held).append(row)
                    continue
                kind, *values = json.loads(text)
                if kind == "file":
                    name, rows = values
                    files.append((name, Imported(rows)))
                elif kind == "dropped":
                    _take_dropped(files[-1][1], *values)
                else:
                    held, row = _KINDS[kind][0], _row(kind, values)
                    getattr(files[-1][1], held).append(row)
                    known[begins, rest] = held, row, values
    except (OSError, EOFError, zlib.error) as error:
        raise TableError(path, f"can't be read ({getattr(error, 'strerror', None) or error})") from error
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        raise TableError(path, "is no row of a snapshot", line) from error
    return files


def _open(path: Path, mode: str) -> IO[Any]:
    if path.suffix == ".gz":
        return cast(IO[Any], gzip.open(path, mode, encoding="utf-8", newline="\n", compresslevel=6))
    return path.open(mode, encoding="utf-8", newline="\n")


def _rows(name: str, imported: Imported) -> Iterator[list[object]]:
    yield ["file", name, imported.rows]
    for kind, (held, _) in _KINDS.items():
        for each in getattr(imported, held):
            yield [kind, *_values(kind, each)]
    reasons: dict[str, list[str]] = {}
    for drop in imported.dropped:
        reasons.setdefault(drop.reason, []).append(drop.what)
    for reason, what in reasons.items():
        yield ["dropped", reason, len(what), sorted(set(filter(None, what)))[:_EXAMPLES]]


def _values(kind: str, each: object) -> list[object]:
    """Return a row's values without the last ones that say nothing."""
    columns = _COLUMNS[kind]
    values = [getattr(each, column.name) for column in columns]
    while columns[len(values) - 1].default is not MISSING and values[-1] == columns[len(values) - 1].default:
        values.pop()
    return [value.isoformat() if isinstance(value, date) else value for value in values]


def _take_dropped(imported: Imported, reason: str, rows: int, examples: list[str]) -> None:
    for number in range(rows):
        imported.drop(0, examples[number] if number < len(examples) else "", reason)


def _row(kind: str, values: list[Any]) -> Any:
    for place in _DAYS[kind]:
        if place < len(values) and values[place]:
            values[place] = date.fromisoformat(values[place])
    return _made(_KINDS[kind][1], values)


def _made(kind: type[Any], values: list[Any]) -> Any:
    return kind(*values, column="") if kind is RawScore else kind(*values)
