"""The compiled tables of `data/`: their columns and keys, and the reading that checks them.

The build writes these tables, the store is filled from them, and both hold them to this one contract.
"""

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from core.errors import DataError, TableError

Value = str | float | int | None
Kind = Literal["text", "number", "integer", "date", "flag"]
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Column:
    """A column: its kind, whether blank is allowed, and which values are (all, when empty)."""

    name: str
    kind: Kind = "text"
    optional: bool = False
    among: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table: its columns in order, and the columns that together name a row."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    def path(self, folder: Path) -> Path:
        """Return the file that holds this table."""
        return folder / f"{self.name}.csv"


def _blank(name: str, kind: Kind = "text") -> Column:
    return Column(name, kind, optional=True)


_BENCHMARK = (Column("benchmark_id"), Column("version"))

TABLES: tuple[Table, ...] = (
    Table(
        "sources",
        (
            Column("source_id"), Column("publisher"), Column("title"), Column("snapshot", "date"),
            Column("complete", "flag"), Column("role"), Column("licence"), Column("citation"), _blank("url"),
            Column("rows_read", "integer"), Column("rows_used", "integer"), Column("rows_dropped", "integer"),
        ),
        ("source_id",),
    ),
    Table("dropped", (Column("source_id"), Column("reason"), Column("rows", "integer"), _blank("examples")),
          ("source_id", "reason")),
    Table(
        "benchmarks",
        (
            *_BENCHMARK, Column("name"), Column("access", among=("private", "public")),
            Column("headline", "flag"), Column("unit", among=("percent", "minutes", "points")), Column("grid"),
            _blank("items", "integer"), _blank("aliases"), _blank("description"), _blank("url"),
        ),
        ("benchmark_id", "version"),
    ),
    Table("thresholds", (*_BENCHMARK, Column("threshold", "number")), ("benchmark_id", "version", "threshold")),
    Table("labs", (Column("lab_id"), Column("name"), _blank("country"), _blank("aliases")), ("lab_id",)),
    Table("countries", (Column("country"), _blank("aliases")), ("country",)),
    Table(
        "models",
        (
            Column("model_id"), Column("name"), _blank("release_date", "date"), _blank("date_source"),
            _blank("lab_id"), _blank("organization"), _blank("country"),
            Column("openness", among=("open", "closed", "unreleased", "unknown")),
            Column("openness_grade", among=("audited", "index", "registry", "third-party", "none")),
        ),
        ("model_id",),
    ),
    Table("aliases", (Column("spelling"), Column("source_id"), Column("model_id"), _blank("variant")),
          ("spelling", "source_id")),
    Table(
        "scores",
        (
            *_BENCHMARK, Column("model_id"), _blank("variant"), _blank("setting"), Column("score", "number"),
            _blank("standard_error", "number"),
            Column("grade", among=("epoch-run", "board-run", "collected", "self-reported")),
            Column("known_from", "date"), Column("known_grade", among=("run date", "snapshot")),
            _blank("superseded_from", "date"), Column("source_id"),
        ),
        ("benchmark_id", "version", "model_id", "variant", "setting", "known_from", "score"),
    ),
    Table(
        "classifications",
        (
            Column("model_id"), Column("source_id"), Column("claim", among=("open", "closed", "unreleased")),
            Column("raw"), Column("used", "flag"),
        ),
        ("model_id", "source_id", "claim", "raw"),
    ),
    Table(
        "conflicts",
        (
            Column("kind", among=("score", "release date", "openness")), Column("model_id"), _blank("subject"),
            Column("kept"), Column("kept_source"), Column("other"), Column("other_source"), Column("why"),
        ),
        ("kind", "model_id", "subject", "other", "other_source"),
    ),
    Table(
        "published",
        (
            Column("figure_id"), Column("source"), Column("published", "date"), Column("measures"), _blank("rule"),
            _blank("months_low", "number"), _blank("months_high", "number"), Column("figure"),
            _blank("direction"), _blank("url"), Column("comparable"), _blank("why"),
        ),
        ("figure_id",),
    ),
    Table("glossary", (Column("term_id"), Column("term"), _blank("aliases"), Column("definition"),
                       _blank("see_also")), ("term_id",)),
)  # fmt: skip
"""All compiled tables, in an order that satisfies their references."""


def read_table(table: Table, folder: Path, newest: date | None = None) -> list[tuple[Value, ...]]:
    """Read and check one table; values come in the order of its columns.

    `newest` is the last date that a release date may have: the day the newest source was retrieved.
    Raises TableError for a missing or unknown column, a value of the wrong kind, a duplicate key.
    """
    path, names = table.path(folder), [column.name for column in table.columns]
    rows: list[tuple[Value, ...]] = []
    seen: set[tuple[str, ...]] = set()
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            header = next(reader, [])
            for name in names:
                if name not in header:
                    raise TableError(path, "the column is missing", column=name)
            places = [header.index(name) for name in names]
            key_places = [header.index(name) for name in table.key]
            for cells in reader:
                if len(cells) != len(header):
                    raise TableError(path, "the row has too many or too few columns", reader.line_num)
                key = tuple([cells[place] for place in key_places])
                if key in seen:
                    raise TableError(path, f'"{", ".join(key)}" is there twice', reader.line_num)
                seen.add(key)
                rows.append(
                    tuple(
                        _value(path, reader.line_num, column, cells[place], newest)
                        for column, place in zip(table.columns, places, strict=True)
                    )
                )
    except FileNotFoundError:
        raise TableError(path, "the table is missing") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise TableError(path, f"can't be read ({error})") from error
    return rows


def _value(path: Path, line: int, column: Column, text: str, newest: date | None) -> Value:
    if not text:
        if column.optional:
            return "" if column.kind == "text" else None
        raise TableError(path, "the value is missing", line, column.name)
    if column.kind == "text":
        if column.among and text not in column.among:
            raise TableError(path, f'"{text}" is not one of {", ".join(column.among)}', line, column.name)
        return text
    if column.kind == "date":
        return _checked_day(path, line, column, text, newest)
    if column.kind == "flag":
        if text not in ("true", "false"):
            raise TableError(path, f'"{text}" is not true or false', line, column.name)
        return int(text == "true")
    try:
        number = int(text) if column.kind == "integer" else float(text)
    except ValueError:
        raise TableError(path, f'"{text}" is not a number', line, column.name) from None
    if not abs(number) < float("inf"):
        raise TableError(path, f'"{text}" is not a number', line, column.name)
    return number


def _checked_day(path: Path, line: int, column: Column, text: str, newest: date | None) -> str:
    try:
        day = date.fromisoformat(text) if _ISO_DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise TableError(path, f'"{text}" is not a date (YYYY-MM-DD)', line, column.name)
    if newest is not None and day > newest:
        raise TableError(path, f'"{text}" is after the newest source ({newest})', line, column.name)
    return text


def read_tables(folder: Path) -> dict[str, list[tuple[Value, ...]]]:
    """Read and check all tables; no date in them may be later than the newest source."""
    sources = read_table(TABLES[0], folder)
    if not sources:
        raise TableError(TABLES[0].path(folder), "the table is empty")
    newest = max(date.fromisoformat(str(row[3])) for row in sources)
    tables = {"sources": sources}
    for table in TABLES[1:]:
        tables[table.name] = read_table(table, folder, newest)
    for name in ("benchmarks", "models", "scores"):
        if not tables[name]:
            raise TableError(folder / f"{name}.csv", "the table is empty")
    return tables


def write_table(table: Table, folder: Path, rows: Iterable[Iterable[object]]) -> None:
    """Write one table. Rows are sorted by their text, but for scores: there the source's order decides ties."""
    lines = [[_cell(value) for value in row] for row in rows]
    if table.name != "scores":
        lines.sort()
    with table.path(folder).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(column.name for column in table.columns)
        writer.writerows(lines)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.12g}"
    return str(value)


def _files(folder: Path) -> Iterator[Path]:
    for table in TABLES:
        yield table.path(folder)


def revision(folder: Path) -> str:
    """Return a hash over all tables: the same data has the same revision on any machine."""
    digest = hashlib.sha256()
    try:
        for path in _files(folder):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    except OSError as error:
        raise DataError(f"The data folder {folder} can't be read ({error.strerror}); reinstall gapbrief.") from error
    return digest.hexdigest()


def fingerprint(folder: Path) -> str:
    """Return sizes and times of all tables: cheap to ask, and equal as long as nothing was written."""
    try:
        return ";".join(f"{stat.st_size},{stat.st_mtime_ns}" for stat in (p.stat() for p in _files(folder)))
    except OSError as error:
        raise DataError(f"The data folder {folder} can't be read ({error.strerror}); reinstall gapbrief.") from error
