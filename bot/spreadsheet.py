"""CSV for spreadsheets: numbers are numbers, and no text is run as a formula."""

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
"""The first characters of a formula (OWASP, "CSV Injection"), in any form: wide, small or raised."""
_PARTS = re.compile(r"(?<=[;\t\r\n])")
"""Where a spreadsheet may begin a cell within one of ours, as in countries that write 1,5."""
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Invisible letters and symbols."""


def escape_cell(cell: Cell) -> Cell:
    """Return a cell that a spreadsheet reads as a number or as text, never as a formula."""
    if not isinstance(cell, str):
        return cell
    if _NUMBER.fullmatch(cell):
        return cell.replace("−", "-")
    return "".join(f"'{part}" if _begins_formula(part) else part for part in _PARTS.split(cell))


def _begins_formula(text: str) -> bool:
    """Whether a spreadsheet would run a text as a formula; some skip invisible characters first."""
    if text[:1] in ("\t", "\r", "\n"):
        return True
    first = next((letter for letter in text if letter not in _BLANK and category(letter)[0] not in "CMZ"), "")
    return bool(first) and normalize("NFKC", first)[0] in _MARKS


def write_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write rows, including the header, as a CSV file with escaped cells."""
    text = StringIO()
    csv.writer(text).writerows([escape_cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")  # without a byte order mark, spreadsheets guess another encoding


# ---- an answer's tables


def data_tables(answer: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return the tables of an answer's JSON by name: the headline first, `facts` last.

    Private and public tests share a table, with their class in the column `access`.
    """
    tables = {name: _read_table(value) for name, value in answer.items() if name not in ("facts", "sources")}
    headlines = ("benchmarks",) if answer.get("leads") == "standing" else ("comparisons", "access", "index")
    tables = {name: tables[name] for name in headlines if name in tables} | tables
    return {name: rows for name, rows in tables.items() if rows} | {"facts": answer["facts"]}


def table_of(answer: Mapping[str, Any], name: str | None = None) -> list[dict[str, Any]]:
    """Return a table of an answer's JSON, by default the first; raises UsageError for an unknown one."""
    tables = data_tables(answer)
    name = name or next(iter(tables))
    if name not in tables:
        raise UsageError(f"The answer has no table {quote(name)}; choose {or_list(list(tables))}.", tuple(tables))
    return tables[name]


def write_table_csv(answer: Mapping[str, Any], name: str | None = None) -> bytes:
    """Write a table of an answer's JSON as CSV, with its days and its method in each row."""
    return write_rows_csv(flatten(answer, table_of(answer, name)))


def flatten(answer: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return rows of an answer with the same columns: the fields of all rows, then the answer's days and method.

    A nested field is a column such as `standing.months`.
    """
    basis = {key: answer[key] for key in ("as_of", "known_by", "method")}
    flat_rows = [dict(_flatten_row(row)) for row in rows]
    columns = dict.fromkeys(column for row in [*flat_rows, basis] for column in row)
    return [{column: (row | basis).get(column) for column in columns} for row in flat_rows]


def write_rows_csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Write rows with the same columns as CSV; a list becomes JSON."""
    cells = [
        [json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value for value in row.values()]
        for row in rows
    ]
    return write_csv([list(rows[0]), *cells] if rows else [])


def _read_table(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict) and set(value) <= set(ACCESS):
        rows_of = {access: part if isinstance(part, list) else [part] for access, part in value.items()}
        return [{"access": access, **row} for access, rows in rows_of.items() for row in rows]
    return value if isinstance(value, list) else []


def _flatten_row(row: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        if isinstance(value, dict):
            yield from _flatten_row(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value
