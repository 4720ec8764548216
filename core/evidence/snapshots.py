"""The imported rows of publishers' snapshots; tables are compiled from them without the raw files.

A file `imported/SOURCE.jsonl` holds one source. Each line is a row that starts with its kind; a row "file" precedes the
rows of one file of the source.
"""

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import MISSING, fields
from datetime import date
from functools import lru_cache
from io import StringIO
from pathlib import Path
from typing import IO, Any, cast

from core.errors import TableError
from core.evidence.importers.rows import FileContent, RawBoard, RawModel, RawPrice, RawScore, RawSize, copy_rows

FOLDER = "imported"
_EXAMPLES = 3
_KINDS: dict[str, tuple[str, type[Any]]] = {
    "score": ("scores", RawScore),
    "model": ("models", RawModel),
    "size": ("sizes", RawSize),
    "price": ("prices", RawPrice),
    "board": ("boards", RawBoard),
}
_COLUMNS = {kind: [column for column in fields(row) if not column.kw_only] for kind, (_, row) in _KINDS.items()}
_ROW_STARTS = {f'["{kind}"' for kind in _KINDS}
_DAYS = {
    kind: [place for place, column in enumerate(columns) if column.type in (date, date | None)]
    for kind, columns in _COLUMNS.items()
}


def write_rows(path: Path, files: Iterable[tuple[str, FileContent]]) -> None:
    """Write the imported rows of a source's files, with the file names."""
    with _open(path, "wt") as file:
        for name, content in files:
            for row in _rows(name, content):
                file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")


def read_rows(path: Path) -> list[tuple[str, FileContent]]:
    """Read a file written by `write_rows`; raises TableError for a file of another form."""
    try:
        packed = path.read_bytes()
        text = gzip.decompress(packed) if path.suffix == ".gz" else packed
    except (OSError, EOFError, zlib.error) as error:
        raise TableError(path, f"can't be read ({getattr(error, 'strerror', None) or error})") from error
    try:
        files = _parse_file(text, is_of_series=text is not packed)
    except TableError as error:
        raise TableError(path, error.problem, error.line) from error
    return [(name, copy_rows(content)) for name, content in files]  # compiling drops rows


@lru_cache(maxsize=64)  # what is compiled is mostly what was compiled last
def _parse_file(text: bytes, *, is_of_series: bool) -> list[tuple[str, FileContent]]:
    files: list[tuple[str, FileContent]] = []
    line = 0
    try:
        for line, row_text in enumerate(StringIO(text.decode(), newline="\n"), start=1):  # noqa: B007 (an error names it)
            start, _, rest = row_text.partition(",")
            place, _, rest = rest.partition(",")
            if is_of_series and start in _ROW_STARTS and place.isdecimal():
                rows_name, row, values = parsed = _parse_line(start, rest)
                if row.line != int(place):
                    parsed[1] = row = _make_row(type(row), [int(place), *values])
                getattr(files[-1][1], rows_name).append(row)
                continue
            kind, *values = json.loads(row_text)
            if kind == "file":
                name, rows = values
                files.append((name, FileContent(rows)))
            elif kind == "dropped":
                _add_dropped(files[-1][1], *values)
            else:
                getattr(files[-1][1], _KINDS[kind][0]).append(_parse_row(kind, values))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        raise TableError(Path(), "is not a row of a snapshot", line) from error
    return files


@lru_cache(maxsize=2**16)  # snapshots of one series are mostly the same, but for their lines' numbers
def _parse_line(start: str, rest: str) -> list[Any]:
    """Return the kind of a row, the row, whose line is to be set, and its other values."""
    kind, *values = json.loads(f"{start},0,{rest}")
    return [_KINDS[kind][0], _parse_row(kind, values), values[1:]]


def _open(path: Path, mode: str) -> IO[Any]:
    if path.suffix == ".gz":
        return cast(IO[Any], gzip.open(path, mode, encoding="utf-8", newline="\n", compresslevel=6))
    return path.open(mode, encoding="utf-8", newline="\n")


def _rows(name: str, content: FileContent) -> Iterator[list[object]]:
    yield ["file", name, content.rows]
    for kind, (rows_name, _) in _KINDS.items():
        for row in getattr(content, rows_name):
            yield [kind, *_values(kind, row)]
    reasons: dict[str, list[str]] = {}
    for drop in content.dropped:
        reasons.setdefault(drop.reason, []).append(drop.what)
    for reason, what in reasons.items():
        yield ["dropped", reason, len(what), sorted(set(filter(None, what)))[:_EXAMPLES]]


def _values(kind: str, row: object) -> list[object]:
    """Return the values of a row without trailing defaults."""
    columns = _COLUMNS[kind]
    values = [getattr(row, column.name) for column in columns]
    while columns[len(values) - 1].default is not MISSING and values[-1] == columns[len(values) - 1].default:
        values.pop()
    return [value.isoformat() if isinstance(value, date) else value for value in values]


def _add_dropped(content: FileContent, reason: str, rows: int, examples: list[str]) -> None:
    for number in range(rows):
        content.drop(0, examples[number] if number < len(examples) else "", reason)


def _parse_row(kind: str, values: list[Any]) -> Any:
    for place in _DAYS[kind]:
        if place < len(values) and values[place]:
            values[place] = date.fromisoformat(values[place])
    return _make_row(_KINDS[kind][1], values)


def _make_row(kind: type[Any], values: list[Any]) -> Any:
    return kind(*values, column="") if kind is RawScore else kind(*values)
