"""Read the compiled tables in `data/`, checked against their contract, and write them."""

import codecs
import csv
import io
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache, lru_cache
from operator import itemgetter
from pathlib import Path

from core.errors import TableError
from core.store.tables import ANYTHING, BY_NAME, TABLES, UNIT_KEY, Table, Tables, Value, is_possible, table_folder

_Row = tuple[Value, ...]
_Keys = set[_Row]
_YEARS_WITHOUT_SCORES = 5  # the newest source's date can't be checked against a later one; this far is a typo


def read_table(
    table: Table,
    folder: Path,
    newest: date | None = None,
    parents: Mapping[str, _Keys] | None = None,
    units: Mapping[_Row, str] | None = None,
) -> list[_Row]:
    """Read and check one table; values come in the order of its columns, whatever the order in the file.

    No date may be after `newest`, the day of the newest source. `parents` holds the keys of the tables that this one
    references, `units` the unit of each (benchmark, version). Raises TableError for a missing, unknown or duplicate
    column, a value of the wrong kind or outside its unit's range, a duplicate key, or a broken reference.
    """
    path, numbered = table.path(folder), _read_numbered_rows(table, folder)
    _check_days(table, path, numbered, newest.isoformat() if newest else "~")
    _check_references(table, path, numbered, parents or {})
    _check_units(table, path, numbered, units or {})
    return list(numbered.values())


def _read_numbered_rows(table: Table, folder: Path) -> dict[int, _Row]:
    """Read the rows of a table by their line, checked by themselves."""
    path = table.path(folder)
    try:
        return _parse_rows(table.name, path.read_bytes())
    except FileNotFoundError:
        raise TableError(path, "the table is missing") from None
    except OSError as error:
        raise TableError(path, f"the table can't be read ({error.strerror})") from error
    except TableError as error:
        raise TableError(path, error.problem, error.line, error.column) from error


@lru_cache(maxsize=4 * len(TABLES))  # of the shipped, the last and the new tables a refresh reads most several times
def _parse_rows(name: str, raw: bytes) -> dict[int, _Row]:
    table, path, rows, keys = BY_NAME[name], Path(), dict[int, _Row](), _Keys()
    reader = csv.reader(io.StringIO(_decode(path, raw), newline=""), strict=True)
    try:
        header = next(reader, [])
        places = _find_places(table, path, header)
        parsers = [(place, cache(column.parse)) for place, column in zip(places, table.columns, strict=True)]
        key_of = _make_picker(table, table.key)
        for cells in reader:
            line = reader.line_num
            if not cells:
                continue
            if len(cells) != len(header):
                raise TableError(path, "the row has too many or too few columns", line)
            try:
                rows[line] = row = tuple([parse(cells[place]) for place, parse in parsers])  # cells recur
            except ValueError:
                raise _cell_error(table, path, line, [cells[place] for place in places]) from None
            key = key_of(row)
            if key in keys:
                key_text = ", ".join(cells[header.index(name)] for name in table.key)
                raise TableError(path, f'"{key_text}" is there twice', line)
            keys.add(key)
    except csv.Error as error:
        raise TableError(path, f"the row can't be read ({error})", reader.line_num) from error
    return rows


def _cell_error(table: Table, path: Path, line: int, cells: list[str]) -> TableError:
    """Return what is wrong with the first bad cell of a row."""
    for column, cell in zip(table.columns, cells, strict=True):
        try:
            column.parse(cell)
        except ValueError as error:
            return TableError(path, str(error), line, column.name)
    raise AssertionError("every cell can be parsed")


def _decode(path: Path, raw: bytes) -> str:
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise TableError(path, "the line is not UTF-8 text", line) from error
    if "\0" in text:
        raise TableError(path, "the line holds a NUL character", text.count("\n", 0, text.index("\0")) + 1)
    return text


def _find_places(table: Table, path: Path, header: list[str]) -> list[int]:
    """Return the position of each column in the file."""
    if not header:
        raise TableError(path, "the table is empty")
    names = table.column_names
    for name in names:
        if name not in header:
            raise TableError(path, "the column is missing", column=name)
    for name in header:
        if header.count(name) > 1:
            raise TableError(path, "the column is there twice", column=name)
        if name not in names:
            raise TableError(path, "the column is not known", column=name)
    return [header.index(name) for name in names]


def _make_picker(table: Table, names: tuple[str, ...]) -> Callable[[tuple[Value, ...]], tuple[Value, ...]]:
    """Return a function that picks the named columns' values from a row."""
    first, *others = [table.column_names.index(name) for name in names]
    return itemgetter(first, *others) if others else lambda row: (row[first],)


def _check_days(table: Table, path: Path, rows: Mapping[int, _Row], newest: str) -> None:
    for place, column in enumerate(table.columns):
        if column.kind == "date":
            for line, row in rows.items():
                if (day := row[place]) is not None and str(day) > newest:
                    raise TableError(path, f'"{day}" is after the newest source ({newest})', line, column.name)


def _check_references(table: Table, path: Path, rows: Mapping[int, _Row], parents: Mapping[str, _Keys]) -> None:
    for name in table.refers_to:
        if name in parents:
            references = dict(zip(rows, map(_make_picker(table, BY_NAME[name].key), rows.values()), strict=True))
            unknown = {key for key in set(references.values()) - parents[name] if None not in key}
            if unknown:
                line, key = next((line, key) for line, key in references.items() if key in unknown)
                raise TableError(path, f'"{", ".join(map(str, key))}" is not in {name}.csv', line, BY_NAME[name].key[0])


def _check_units(table: Table, path: Path, rows: Mapping[int, _Row], units: Mapping[_Row, str]) -> None:
    in_unit = [(place, column) for place, column in enumerate(table.columns) if column.in_unit]
    unit_of = _make_picker(table, UNIT_KEY if in_unit else table.key)
    for line, row in rows.items() if in_unit else ():
        unit = units.get(unit_of(row), ANYTHING)
        for place, column in in_unit:
            value = row[place]
            if isinstance(value, float) and not is_possible(value, unit):
                reason = f'"{value:.12g}" is no {column.name.replace("_", " ")} in {unit}'
                raise TableError(path, reason, line, column.name)


def read_tables(folder: Path) -> Tables:
    """Read and check all tables and the references between them; no date may be after the newest source."""
    folder = table_folder(folder)
    path = TABLES[0].path(folder)
    sources = _read_numbered_rows(TABLES[0], folder)
    if not sources:
        raise TableError(path, "the table is empty")
    newest, line = max((str(row[3]), line) for line, row in sources.items())
    limit = date.fromisoformat(newest)
    tables: Tables = {}
    keys: dict[str, _Keys] = {}
    units: dict[_Row, str] = {}
    for table in TABLES:
        rows = list(sources.values()) if table is TABLES[0] else read_table(table, folder, limit, keys, units)
        tables[table.name], keys[table.name] = rows, set(map(_make_picker(table, table.key), rows))
        if table.name == "benchmarks":
            unit = table.column_names.index("unit")
            units = {row[: len(UNIT_KEY)]: str(row[unit]) for row in rows}
    for name in ("benchmarks", "models", "scores"):
        if not tables[name]:
            raise TableError(folder / f"{name}.csv", "the table is empty")
    last_known = max(map(_make_picker(BY_NAME["scores"], ("known_from",)), tables["scores"]))[0]
    if limit.year > int(str(last_known)[:4]) + _YEARS_WITHOUT_SCORES:
        raise TableError(path, f'"{newest}" is years after the newest score ({last_known})', line, "snapshot")
    return tables


def write_table(table: Table, folder: Path, rows: Iterable[Iterable[object]]) -> None:
    """Write one table, with rows sorted by their text. Scores keep their order: the source's order decides ties."""
    formats = [lru_cache(maxsize=None, typed=True)(column.format) for column in table.columns]  # values recur
    lines = [[form(value) for form, value in zip(formats, row, strict=True)] for row in rows]
    if table.name != "scores":
        lines.sort()
    with table.path(folder).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(table.column_names)
        writer.writerows(lines)
