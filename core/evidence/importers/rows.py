"""What every importer yields, and readers of CSV, YAML and JSON files whose errors name file, line and column."""

import csv
import json
import re
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from core.errors import TableError
from core.store.tables import Claim, ScoreGrade
from core.words import quote, shorten

MOST_BYTES = 50_000_000
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_EFFORT_AT_END = re.compile(
    r"-(?:thinking-)?(?:\d+k-|auto-)?(?P<effort>minimal|low|medium|high|xhigh|max(?=-effort))(?:-effort|thinking)?$"
    r"|-(?P<thinking>thinking(?:-\d+k)?|no-?thinking)$"
)
_NOT_TO_THE_DAY = re.compile(r"\d{4}(-\d{2})?")
UNREADABLE = "a text that nobody could read"
"""Why a row is dropped that has control characters or bidirectional marks, or a name longer than any model's."""
NOT_OURS = "not one of gapbrief's benchmarks"
"""Why a row is dropped that is of a test that gapbrief doesn't read."""
UNKNOWN_SUITE = "is no known suite"
"""Why a row is dropped that is of a test that gapbrief does not know."""
_CONTROLS = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
_UNREADABLE_CELL = re.compile(f"[{_CONTROLS}]")
_UNREADABLE_NAME = re.compile(rf"[{_CONTROLS}\t\n\r]|.{{201}}")
"""The longest name of a model in the shipped data has 68 letters."""

_left_out: ContextVar[tuple[Path | None, frozenset[int]]] = ContextVar("_left_out", default=(None, frozenset()))


@dataclass(frozen=True)
class RawScore:
    """One score as its publisher gives it; percent, minutes or points, never a fraction.

    `spelling` is the publisher's, with its word for the effort, if any. `setting` is what keeps two runs of
    one model apart (agent, edit format, shots); `run_on` the day of the run, where the publisher says so.
    `column` holds the score, for whoever has to correct it.
    """

    line: int
    benchmark: str
    version: str
    spelling: str
    score: float
    grade: ScoreGrade
    setting: str = ""
    standard_error: float | None = None
    run_on: date | None = None
    column: str = field(kw_only=True, repr=False)


@dataclass(frozen=True)
class RawModel:
    """What a publisher says of a model. `claim` is its word on openness, `raw` that word as written.

    `country` is that of the organization.
    """

    line: int
    spelling: str
    name: str = ""
    released: date | None = None
    organization: str = ""
    claim: Claim | None = None
    raw: str = ""
    country: str = field(default="", repr=False)


@dataclass(frozen=True)
class RawSize:
    """A publisher's number of a model's parameters, in billions; `released` distinguishes models of one name."""

    line: int
    spelling: str
    total: float
    released: date | None = None


@dataclass(frozen=True)
class RawPrice:
    """The price of a model from a day on, in US dollars per million tokens read and written."""

    line: int
    spelling: str
    provider: str
    day: date
    input_usd: float
    output_usd: float


@dataclass(frozen=True)
class RawBoard:
    """A benchmark that a publisher declares itself, whose scores are shares, in percent."""

    line: int
    benchmark: str
    version: str
    name: str
    alias: str


@dataclass(frozen=True)
class Dropped:
    """A row that was read and not used, with the reason."""

    line: int
    what: str
    reason: str


@dataclass(frozen=True)
class Row:
    """One row that knows its file and line, so that an error can name the place of a bad value."""

    path: Path
    line: int
    values: dict[str, str]

    def text(self, column: str) -> str:
        """Return the text of a column, stripped; empty when blank or absent, or of a column without a name."""
        return (self.values.get(column) or "").strip() if column else ""

    def number(self, column: str, sign: str = "") -> float | None:
        """Return the number of a column, None when blank; raise TableError when it is no finite number.

        `sign` may follow the number: "%" for the boards that write it.
        """
        text = self.text(column)
        if not text:
            return None
        try:
            number = float(text.removesuffix(sign)) if "_" not in text else float("nan")
        except ValueError:
            number = float("nan")
        if not abs(number) < float("inf"):
            raise TableError(self.path, f'"{text}" is not a number', self.line, column)
        return number

    def day(self, column: str) -> date | None:
        """Return the day of a column, without the time that may follow; None when blank or only a month or year.

        Raises TableError when it is no date.
        """
        text = self.text(column)
        if not text or _NOT_TO_THE_DAY.fullmatch(text):
            return None
        match = _DAY.fullmatch(text)
        try:
            return date(*map(int, match.groups() if match else ()))
        except (ValueError, TypeError):
            problem = f'"{text}" is not a date (YYYY-MM-DD)'
            raise TableError(self.path, problem, self.line, column) from None


@dataclass
class Imported:
    """The content of one file: each row is in `scores`, or only in `models`, `sizes` or `prices`, or in `dropped`."""

    rows: int = 0
    scores: list[RawScore] = field(default_factory=list)
    models: list[RawModel] = field(default_factory=list)
    sizes: list[RawSize] = field(default_factory=list)
    prices: list[RawPrice] = field(default_factory=list)
    boards: list[RawBoard] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)

    def count(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Count and yield rows; drop those with characters that nobody could read."""
        for row in rows:
            self.rows += 1
            if is_left_out(row.path, row.line):
                continue
            column = next((name for name, text in row.values.items() if _UNREADABLE_CELL.search(text)), None)
            if column is None:
                yield row
            else:
                self.drop(row.line, quote(row.values[column]), f"{UNREADABLE} in column {quote(column)}")

    def drop(self, line: int, what: str, reason: str) -> None:
        """Record a row that is not used."""
        self.dropped.append(Dropped(line, what, reason))

    def drop_unreadable_names(self) -> None:
        """Drop all rows under a name that nobody could read, in files of any form."""
        lists = (self.models, self.sizes, self.prices, self.scores)
        names = {
            row.line: name
            for rows in lists
            for row in rows
            for name in (row.spelling, getattr(row, "name", ""))
            if _UNREADABLE_NAME.search(name)
        }
        for line, name in names.items():
            self.drop(line, quote(name), UNREADABLE)
        for rows in lists:
            for place in reversed(range(len(rows))):
                if rows[place].line in names:
                    del rows[place]


@contextmanager
def without_rows(path: Path, lines: Iterable[int]) -> Iterator[None]:
    """Let importers count the rows on some lines of a file without reading them."""
    token = _left_out.set((path, frozenset(lines)))
    try:
        yield
    finally:
        _left_out.reset(token)


def is_left_out(path: Path, line: int) -> bool:
    """Whether the row on a line is not to be read."""
    file, lines = _left_out.get()
    return line in lines and path == file


def copy_imported(imported: Imported) -> Imported:
    """Return a copy from which rows may be dropped."""
    lists = {kind.name: list(getattr(imported, kind.name)) for kind in fields(Imported) if kind.name != "rows"}
    return Imported(imported.rows, **lists)


def read_csv(path: Path, required: tuple[str, ...], *, may_be_short: bool = False) -> Iterator[Row]:
    """Yield the rows of a CSV file, each with the line on which it starts.

    A row that `may_be_short` can lack its last columns; its importer drops it. Raises TableError when the file can't
    be read or lacks a required column.
    """
    try:
        refuse_unbounded(path)
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = next(reader, [])
            for column in required:
                if column not in header:
                    raise TableError(path, "the column is missing", column=column)
            end = reader.line_num
            for cells in reader:
                line, end = end + 1, reader.line_num
                if not cells:
                    continue
                is_odd = len(cells) > len(header) or (len(cells) < len(header) and not may_be_short)
                if is_odd and not is_left_out(path, line):
                    raise TableError(path, "the row has too many or too few columns", line)
                yield Row(path, line, dict(zip(header, cells, strict=False)))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise TableError(path, f"can't be read ({why})") from error


def make_row(path: Path, line: int, values: object, required: tuple[str, ...], **others: object) -> Row:
    """Make a row of an entry of a YAML or JSON file, and of `others` of its values from elsewhere in the file.

    Lists and mappings among the values are left out. Raises TableError where the entry is no mapping, and where a
    required key has no plain value.
    """
    if is_left_out(path, line):
        return Row(path, line, {})
    if not isinstance(values, Mapping):
        raise TableError(path, "is not an entry with keys and values", line)
    try:
        plain = {
            str(key): str(value)
            for key, value in {**values, **others}.items()
            if isinstance(value, str | int | float | date)
        }
    except ValueError:  # as of a whole number with thousands of digits
        raise TableError(path, "holds a number that is too long", line) from None
    for key in required:
        if key not in plain:
            raise TableError(path, "the key is missing", line, key)
    return Row(path, line, plain)


class _Loader(yaml.SafeLoader):
    """Reads YAML, but refuses numbers that Python can hold and not print: `0x` and thousands of digits."""

    def construct_yaml_int(self, node: yaml.ScalarNode) -> int:
        number = int(super().construct_yaml_int(node))
        if abs(number) > sys.float_info.max:
            raise yaml.constructor.ConstructorError(None, None, "a number is too large", node.start_mark)
        return number


_Loader.add_constructor("tag:yaml.org,2002:int", _Loader.construct_yaml_int)


def read_yaml(path: Path) -> tuple[object, yaml.Node]:
    """Read a YAML document, and its nodes, which know their lines.

    Raises TableError when it can't be read or is no YAML.
    """
    try:
        refuse_unbounded(path)
        loader = _Loader(path.read_text(encoding="utf-8"))
        node = loader.get_single_node()
        if node is None:
            raise TableError(path, "is empty")
        return loader.construct_document(node), node
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise TableError(path, f"is not YAML ({error.problem})", line) from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValueError, RecursionError) as error:
        raise TableError(path, f"can't be read ({shorten(str(error))})") from error


def read_json(path: Path) -> Any:
    """Read a JSON document; raises TableError when it can't be read or is no JSON."""
    try:
        refuse_unbounded(path)
        return json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise TableError(path, f"is not JSON ({error.msg})", error.lineno) from error
    except (OSError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise TableError(path, f"can't be read ({shorten(str(error))})") from error


def read_mapping(path: Path, problem: str) -> dict[str, Any]:
    """Read a JSON document of keys and values; raises TableError with the problem for any other."""
    document = read_json(path)
    if not isinstance(document, dict):
        raise TableError(path, problem)
    return document


def read_entries(path: Path, required: tuple[str, ...], problem: str, key: str = "") -> Iterator[Row]:
    """Yield the entries of a JSON list, or of the list under a key; an entry's number stands for its line.

    Raises TableError with the problem where there is no list.
    """
    document = read_mapping(path, problem).get(key) if key else read_json(path)
    if not isinstance(document, list):
        raise TableError(path, problem)
    for number, values in enumerate(document, start=1):
        yield make_row(path, number, values, required)


def refuse_unbounded(path: Path) -> None:
    """Refuse what is no regular file, such as a pipe, and a file a hundred times as large as any that is served.

    Raises TableError for these, OSError where the path can't be inspected.
    """
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise TableError(path, "is not a regular file")
    if status.st_size > MOST_BYTES:
        raise TableError(path, f"is larger than {MOST_BYTES // 1_000_000} MB")


def yaml_number(path: Path, line: int, key: str, value: object) -> float | None:
    """Return a number of a YAML file, None when it is not there; raise TableError when it is no finite number."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= sys.float_info.max:
        raise TableError(path, f'"{value}" is not a number', line, key)
    return float(value)


def yaml_day(path: Path, line: int, key: str, value: object) -> date | None:
    """Return a day of a YAML file, None when it is not there; raise TableError when it is no date."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.date()
    if not isinstance(value, date):
        raise TableError(path, f'"{value}" is not a date (YYYY-MM-DD)', line, key)
    return value


def effort_in_brackets(name: str) -> str:
    """Write the effort at the end of a name in brackets, as most boards do: "gpt-5.4-high" is "gpt-5.4 (high)"."""
    match = _EFFORT_AT_END.search(name)
    if not match:
        return name
    effort = match["effort"] or match["thinking"].replace("-", " ").replace("nothinking", "no thinking")
    return f"{name[: match.start()]} ({effort})"


ACCESS: dict[str, Claim] = {
    "API access": "closed",
    "Hosted access (no API)": "closed",
    "Limited access": "closed",
    "Open weights (unrestricted)": "open",
    "Open weights (restricted use)": "open",
    "Open weights (non-commercial)": "open",
    "Unreleased": "unreleased",
}
"""Epoch AI's words for accessibility (also the study's), as claims."""


TRUE_OR_FALSE: dict[str, Claim] = {"True": "open", "False": "closed"}
"""What publishers say in a column of whether weights are open."""


def access_claim(row: Row, column: str) -> Claim | None:
    """Read a word of Epoch's accessibility, None where it has none; raise TableError for one that is not known."""
    raw = row.text(column)
    if raw not in ("", "Unknown", *ACCESS):
        raise TableError(row.path, f'"{raw}" is no known accessibility', row.line, column)
    return ACCESS.get(raw)
