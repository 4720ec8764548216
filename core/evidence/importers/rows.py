"""The result of an importer, and readers of CSV, YAML and JSON files with errors that name file, line and column."""

import csv
import json
import re
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import field, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from core.dataclass import dataclass
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
"""Why a row with control characters, bidirectional marks, or a name longer than any model's is dropped."""
NOT_OURS = "not one of gapbrief's benchmarks"
"""Why a row of a test that gapbrief doesn't read is dropped."""
UNKNOWN_SUITE = "is no known suite"
"""Why a row of an unknown test suite is dropped."""
_CONTROLS = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
_UNREADABLE_CELL = re.compile(f"[{_CONTROLS}]")
_UNREADABLE_NAME = re.compile(rf"[{_CONTROLS}\t\n\r]|.{{201}}")
"""The longest name of a model in the shipped data has 68 letters."""

_left_out: ContextVar[tuple[Path | None, frozenset[int]]] = ContextVar("_left_out", default=(None, frozenset()))


@dataclass(frozen=True)
class RawScore:
    """A score as published, in percent, minutes or points, never as a fraction.

    `spelling` is the publisher's, including its word for the effort, if any. `setting` distinguishes two runs of one
    model (agent, edit format, shots). `run_on` is the day of the run, if published. `column` is the column with the
    score, for error messages.
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
    """What a publisher says about a model. `claim` is the openness that it states, `raw` its original word.

    `country` is the country of the organization.
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
    """A model's number of parameters by a publisher, in billions; `released` distinguishes models of one name."""

    line: int
    spelling: str
    total: float
    released: date | None = None


@dataclass(frozen=True)
class RawPrice:
    """The price of a model from a day on, in US dollars per million input and output tokens."""

    line: int
    spelling: str
    provider: str
    day: date
    input_usd: float
    output_usd: float


@dataclass(frozen=True)
class RawBoard:
    """A benchmark declared by its publisher; its scores are shares, in percent."""

    line: int
    benchmark: str
    version: str
    name: str
    alias: str


@dataclass(frozen=True)
class Dropped:
    """A row that was read but not used, with the reason."""

    line: int
    what: str
    reason: str


@dataclass(frozen=True)
class Row:
    """A row with its file and line, so that an error can name the place of a bad value."""

    path: Path
    line: int
    values: dict[str, str]

    def text(self, column: str) -> str:
        """Return the text of a column, stripped; empty if blank or absent, or if the column name is empty."""
        return (self.values.get(column) or "").strip() if column else ""

    def number(self, column: str, sign: str = "") -> float | None:
        """Return the number of a column, None if blank; raise TableError if it is not a finite number.

        `sign` may follow the number, for example "%".
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
        """Return the day of a column, ignoring a time after it; None if blank or only a month or year.

        Raises TableError if it is not a date.
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


@dataclass()
class FileContent:
    """The content of one file: each row is in `scores`, or only in `models`, `sizes` or `prices`, or in `dropped`."""

    rows: int = 0
    scores: list[RawScore] = field(default_factory=list)
    models: list[RawModel] = field(default_factory=list)
    sizes: list[RawSize] = field(default_factory=list)
    prices: list[RawPrice] = field(default_factory=list)
    boards: list[RawBoard] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)

    def count(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Count and yield rows; drop rows with unreadable characters."""
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
        """Drop all rows with an unreadable name, in files of any form."""
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
    """Make importers count the rows on some lines of a file without reading them."""
    token = _left_out.set((path, frozenset(lines)))
    try:
        yield
    finally:
        _left_out.reset(token)


def is_left_out(path: Path, line: int) -> bool:
    """Return whether the row on a line must not be read."""
    file, lines = _left_out.get()
    return line in lines and path == file


def copy_rows(content: FileContent) -> FileContent:
    """Return a copy from which rows may be dropped."""
    lists = {kind.name: list(getattr(content, kind.name)) for kind in fields(FileContent) if kind.name != "rows"}
    return FileContent(content.rows, **lists)


def read_csv(path: Path, required: tuple[str, ...], *, may_be_short: bool = False) -> Iterator[Row]:
    """Yield the rows of a CSV file with the lines on which they start.

    With `may_be_short`, rows can lack their last columns; the importer drops them. Raises TableError if the file can't
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
    """Make a row from an entry of a YAML or JSON file, and from `others`, values from elsewhere in the file.

    Lists and mappings among the values are left out. Raises TableError if the entry is not a mapping or a required key
    has no plain value.
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
    except ValueError:  # for example an integer with thousands of digits
        raise TableError(path, "holds a number that is too long", line) from None
    for key in required:
        if key not in plain:
            raise TableError(path, "the key is missing", line, key)
    return Row(path, line, plain)


class _Loader(yaml.SafeLoader):
    """Reads YAML, but refuses integers that Python can hold but not print: `0x` with thousands of digits."""

    def construct_yaml_int(self, node: yaml.ScalarNode) -> int:
        number = int(super().construct_yaml_int(node))
        if abs(number) > sys.float_info.max:
            raise yaml.constructor.ConstructorError(None, None, "a number is too large", node.start_mark)
        return number


_Loader.add_constructor("tag:yaml.org,2002:int", _Loader.construct_yaml_int)


def read_yaml(path: Path) -> tuple[object, yaml.Node]:
    """Read a YAML document and its nodes, which have line numbers.

    Raises TableError if the file can't be read or is not YAML.
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
    """Read a JSON document; raises TableError if the file can't be read or is not JSON."""
    try:
        refuse_unbounded(path)
        return json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise TableError(path, f"is not JSON ({error.msg})", error.lineno) from error
    except (OSError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise TableError(path, f"can't be read ({shorten(str(error))})") from error


def read_mapping(path: Path, problem: str) -> dict[str, Any]:
    """Read a JSON object; raises TableError with the problem for other documents."""
    document = read_json(path)
    if not isinstance(document, dict):
        raise TableError(path, problem)
    return document


def read_entries(path: Path, required: tuple[str, ...], problem: str, key: str = "") -> Iterator[Row]:
    """Yield the entries of a JSON list, or of the list under a key; the entry number is used as the line.

    Raises TableError with the problem if there is no list.
    """
    document = read_mapping(path, problem).get(key) if key else read_json(path)
    if not isinstance(document, list):
        raise TableError(path, problem)
    for number, values in enumerate(document, start=1):
        yield make_row(path, number, values, required)


def refuse_unbounded(path: Path) -> None:
    """Refuse anything but a regular file, such as a pipe, and a file a hundred times larger than any served file.

    Raises TableError if refused, OSError if the path can't be inspected.
    """
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise TableError(path, "is not a regular file")
    if status.st_size > MOST_BYTES:
        raise TableError(path, f"is larger than {MOST_BYTES // 1_000_000} MB")


def yaml_number(path: Path, line: int, key: str, value: object) -> float | None:
    """Return a number from a YAML file, None if it is missing; raise TableError if it is not a finite number."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= sys.float_info.max:
        raise TableError(path, f'"{value}" is not a number', line, key)
    return float(value)


def yaml_day(path: Path, line: int, key: str, value: object) -> date | None:
    """Return a day from a YAML file, None if it is missing; raise TableError if it is not a date."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.date()
    if not isinstance(value, date):
        raise TableError(path, f'"{value}" is not a date (YYYY-MM-DD)', line, key)
    return value


def effort_in_brackets(name: str) -> str:
    """Put the effort at the end of a name in brackets, as on most boards: "gpt-5.4-high" is "gpt-5.4 (high)"."""
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
"""The claims for Epoch AI's words on accessibility, which the study also uses."""


TRUE_OR_FALSE: dict[str, Claim] = {"True": "open", "False": "closed"}
"""The claims for the words in a column on open weights."""


def access_claim(row: Row) -> Claim | None:
    """Read the column "accessibility" in Epoch's words, None without a claim; raise TableError for an unknown word."""
    raw = row.text("accessibility")
    if raw not in ("", "Unknown", *ACCESS):
        raise TableError(row.path, f'"{raw}" is not a known accessibility', row.line, "accessibility")
    return ACCESS.get(raw)
