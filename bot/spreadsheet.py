"""CSV as spreadsheets read it: numbers are numbers, letters what they are, and nothing is worked out as a formula."""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO
from typing import Any
from unicodedata import category, normalize

from core.errors import UsageError
from core.words import ACCESS, or_list, quote

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
    first = next((letter for letter in text if letter not in _BLANK and category(letter)[0] not in "CMZ"), "")
    return bool(first) and normalize("NFKC", first)[0] in _MARKS


def as_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write rows, the head among them, as a file of CSV; every cell is `safe`."""
    text = StringIO()
    csv.writer(text).writerows([safe(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")  # without the mark, spreadsheets take it for another encoding


# ---- an answer's tables


def data_tables(answer: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return the tables of an answer's JSON by their names: the headline first, `facts` last.

    The rows of private and of public tests are one table, with their class in the column `access`.
    """
    tables = {name: _rows(value) for name, value in answer.items() if name not in ("facts", "sources")}
    headlines = ("benchmarks",) if answer.get("leads") == "standing" else ("comparisons", "access", "index")
    tables = {name: tables[name] for name in headlines if name in tables} | tables
    return {name: rows for name, rows in tables.items() if rows} | {"facts": answer["facts"]}


def table_of(answer: Mapping[str, Any], name: str | None = None) -> list[dict[str, Any]]:
    """Return a table of an answer's JSON, the first by default; raises UsageError for one that it does not have."""
    tables = data_tables(answer)
    name = name or next(iter(tables))
    if name not in tables:
        raise UsageError(f"The answer has no table {quote(name)}; choose {or_list(list(tables))}.", tuple(tables))
    return tables[name]


def table_csv(answer: Mapping[str, Any], name: str | None = None) -> bytes:
    """Write a table of an answer's JSON as CSV, with its days and its method in each row."""
    return rows_csv(flatten(answer, table_of(answer, name)))


def flatten(answer: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return rows of an answer with the same columns in each: those of its parts, then its days and its method.

    A part of a part is a column such as `standing.months`.
    """
    basis = {key: answer[key] for key in ("as_of", "known_by", "method")}
    flat = [dict(_cells(row)) for row in rows]
    columns = dict.fromkeys(column for row in [*flat, basis] for column in row)
    return [{column: (row | basis).get(column) for column in columns} for row in flat]


def rows_csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Write rows that have the same columns as CSV; a list is JSON."""
    cells = [
        [json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value for value in row.values()]
        for row in rows
    ]
    return as_csv([list(rows[0]), *cells] if rows else [])


def _rows(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict) and set(value) <= set(ACCESS):
        rows_of = {access: part if isinstance(part, list) else [part] for access, part in value.items()}
        return [{"access": access, **row} for access, rows in rows_of.items() for row in rows]
    return value if isinstance(value, list) else []


def _cells(row: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        if isinstance(value, dict):
            yield from _cells(value, f"{before}{name}.")
        else:
            yield before + name, value
