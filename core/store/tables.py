"""The contract of the compiled tables in `data/`: the build writes them, and the evidence file is built from them."""

import re
from datetime import date
from pathlib import Path
from typing import Literal, get_args

import core
from core.dataclass import dataclass
from core.errors import TableError, UnusableTablesError
from core.words import ACCESS, DOMAINS

Value = str | float | int | None
Tables = dict[str, list[tuple[Value, ...]]]
Keys = set[tuple[Value, ...]]
Kind = Literal["text", "reference", "number", "integer", "date", "flag"]
Claim = Literal["open", "closed", "unreleased"]
Openness = Literal["open", "closed", "unreleased", "unknown"]
OpennessGrade = Literal["audited", "index", "registry", "third-party", "none", "held"]
"""The evidence for a model's openness. A `held` model is left out until a second publisher or a person confirms it."""
ScoreGrade = Literal["epoch-run", "board-run", "collected", "self-reported"]
_SQL_TYPES = {"number": "REAL", "integer": "INTEGER", "flag": "INTEGER"}  # the other kinds are TEXT
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_WHOLE = re.compile(r"[+-]?[0-9]+")
_TOO_LARGE = 2.0**53  # above this, floats can't represent every integer
ANYTHING = "points"
_RANGES = {"percent": (0.0, 100.0), "minutes": (0.0, 60.0 * 24 * 365), ANYTHING: (float("-inf"), float("inf"))}
"""The possible values in each unit; an index's points have no limits."""
_EARLIEST = date(2000, 1, 1)


@dataclass(frozen=True)
class Column:
    """A column: its kind, whether blank is allowed, the allowed values (empty: all), and the minimum.

    `in_unit` marks a number in the unit of the row's benchmark; it must be within that unit's range. A blank text is an
    empty string, so that keys compare; any other blank is None.
    """

    name: str
    kind: Kind = "text"
    optional: bool = False
    among: tuple[str, ...] = ()
    least: int | None = None
    in_unit: bool = False

    @property
    def sql(self) -> str:
        """Return the column's definition in SQL; only blanks of kinds other than text can be NULL."""
        can_be_null = self.optional and self.kind != "text"
        return f"{self.name} {_SQL_TYPES.get(self.kind, 'TEXT')}{'' if can_be_null else ' NOT NULL'}"

    def parse(self, text: str) -> Value:
        """Parse a cell. Raises ValueError that says what is wrong."""
        if not text:
            if not self.optional:
                raise ValueError("the value is missing")
            return "" if self.kind == "text" else None
        match self.kind:
            case "text" | "reference":
                if self.among and text not in self.among:
                    raise ValueError(f'"{text}" is not one of {", ".join(self.among)}')
                return text
            case "date":
                return _parse_day(text)
            case "flag":
                if text not in ("true", "false"):
                    raise ValueError(f'"{text}" is not true or false')
                return int(text == "true")
            case "number" | "integer":
                return self._parse_number(text)

    def _parse_number(self, text: str) -> float | int:
        if not _NUMBER.fullmatch(text):
            raise ValueError(f'"{text}" is not a number')
        if self.kind == "integer" and not _WHOLE.fullmatch(text):
            raise ValueError(f'"{text}" is not a whole number')
        number = float(text)
        if not abs(number) < _TOO_LARGE:
            raise ValueError(f'"{text}" is too large')
        if self.least is not None and number < self.least:
            raise ValueError(f'"{text}" is less than {self.least}')
        return int(text) if self.kind == "integer" else number

    def format(self, value: object) -> str:
        """Format a value as text that `parse` reads."""
        if value is None:
            return ""
        if isinstance(value, int) and self.kind == "flag":
            return "true" if value else "false"
        if isinstance(value, float):
            return f"{value:.12g}"
        return str(value).replace("\r\n", "\n").replace("\r", "\n")


def _parse_day(text: str) -> str:
    try:
        day = date.fromisoformat(text if _ISO_DAY.fullmatch(text) else "")
    except ValueError:
        raise ValueError(f'"{text}" is not a date (YYYY-MM-DD)') from None
    if day < _EARLIEST:
        raise ValueError(f'"{text}" is before {_EARLIEST.year}')
    return text


@dataclass(frozen=True)
class Table:
    """A table: its columns in order, its key columns, and the tables that it references."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    refers_to: tuple[str, ...] = ()

    @property
    def column_names(self) -> list[str]:
        """Return the names of the columns, in order."""
        return [column.name for column in self.columns]

    def path(self, folder: Path) -> Path:
        """Return the path of the table's file."""
        return folder / f"{self.name}.csv"

    def create_statement(self) -> str:
        """Return the SQL that creates the table."""
        parts = [*(column.sql for column in self.columns), f"PRIMARY KEY ({', '.join(self.key)})"]
        for name in self.refers_to:
            key = ", ".join(BY_NAME[name].key)
            parts.append(f"FOREIGN KEY ({key}) REFERENCES {name} ({key})")
        return f"CREATE TABLE {self.name} ({', '.join(parts)}) STRICT"

    def insert_statement(self) -> str:
        """Return the SQL that inserts a row, with values in the order of the columns."""
        values = ", ".join("?" for _ in self.columns)
        return f"INSERT INTO {self.name} ({', '.join(self.column_names)}) VALUES ({values})"  # noqa: S608 (own names)

    def select_statement(self, order_by: str = "rowid") -> str:
        """Return the SQL that reads all rows, with values in the order of the columns."""
        return f"SELECT {', '.join(self.column_names)} FROM {self.name} ORDER BY {order_by}"  # noqa: S608 (own names)


def _blank(name: str, kind: Kind = "text", least: int | None = None) -> Column:
    return Column(name, kind, optional=True, least=least)


def _count(name: str) -> Column:
    return Column(name, "integer", least=0)


_BENCHMARK = (Column("benchmark_id"), Column("version"))

TABLES: tuple[Table, ...] = (
    Table(
        "sources",
        (
            Column("source_id"), Column("publisher"), Column("title"), Column("snapshot", "date"),
            _blank("held_until", "date"), Column("complete", "flag"), Column("sets_day", "flag"), Column("role"),
            Column("licence"), Column("citation"), _blank("url"),
            _count("rows_read"), _count("rows_used"), _count("rows_dropped"),
        ),
        ("source_id",),
    ),
    Table("dropped", (Column("source_id"), Column("reason"), _count("rows"), _blank("examples")),
          ("source_id", "reason"), ("sources",)),
    Table(
        "benchmarks",
        (
            *_BENCHMARK, Column("name"), Column("access", among=ACCESS),
            Column("headline", "flag"), Column("unit", among=tuple(_RANGES)), Column("grid"),
            _blank("items", "integer", least=1), _blank("aliases"), _blank("description"), _blank("url"),
            Column("family"), _blank("succeeds"), Column("domain", optional=True, among=DOMAINS), _blank("asks"),
        ),
        ("benchmark_id", "version"),
    ),
    Table("thresholds", (*_BENCHMARK, Column("threshold", "number", in_unit=True)),
          ("benchmark_id", "version", "threshold"), ("benchmarks",)),
    Table("labs", (Column("lab_id"), Column("name"), _blank("country"), _blank("aliases")), ("lab_id",)),
    Table("countries", (Column("country"), _blank("aliases")), ("country",)),
    Table(
        "models",
        (
            Column("model_id"), Column("name"), _blank("release_date", "date"), _blank("date_source"),
            _blank("lab_id", "reference"), _blank("organization"), _blank("country"),
            Column("openness", among=get_args(Openness)),
            Column("openness_grade", among=get_args(OpennessGrade)),
            _blank("openness_from", "date"),
        ),
        ("model_id",),
        ("labs",),
    ),
    Table(
        "awaited",
        (
            Column("model_id"), Column("name"), Column("release_date", "date"), _blank("organization"),
            Column("openness", among=get_args(Openness)), Column("source_id"),
        ),
        ("model_id",),
        ("sources",),
    ),
    Table("aliases", (Column("spelling"), Column("source_id"), Column("model_id"), _blank("variant")),
          ("spelling", "source_id"), ("sources", "models")),
    Table(
        "scores",
        (
            *_BENCHMARK, Column("model_id"), _blank("variant"), _blank("setting"),
            Column("score", "number", in_unit=True),
            Column("standard_error", "number", optional=True, least=0, in_unit=True),
            Column("grade", among=get_args(ScoreGrade)),
            Column("known_from", "date"), Column("known_grade", among=("run date", "snapshot")),
            _blank("superseded_from", "date"), _blank("gone_from", "date"), Column("source_id"),
        ),
        ("benchmark_id", "version", "model_id", "variant", "setting", "known_from", "score"),
        ("benchmarks", "models", "sources"),
    ),
    Table(
        "classifications",
        (
            Column("model_id"), Column("source_id"), Column("claim", among=get_args(Claim)),
            Column("raw"), Column("used", "flag"),
        ),
        ("model_id", "source_id", "claim", "raw"),
        ("models", "sources"),
    ),
    Table(
        "conflicts",
        (
            Column("kind", among=("score", "release date", "openness")), Column("model_id"), _blank("subject"),
            Column("kept"), Column("kept_source"), Column("other"), Column("other_source"), Column("why"),
        ),
        ("kind", "model_id", "subject", "other", "other_source"),
        ("models",),
    ),
    Table(
        "parameters",
        (
            Column("model_id"), _blank("total_b", "number", least=0), _blank("active_b", "number", least=0),
            Column("basis", among=("by hand", "name", "source")), Column("stated_by"),
        ),
        ("model_id",),
        ("models",),
    ),
    Table(
        "model_prices",
        (
            Column("model_id"), Column("provider"), Column("day", "date"),
            Column("input_usd", "number", least=0), Column("output_usd", "number", least=0), Column("source_id"),
        ),
        ("model_id", "provider", "day"),
        ("models", "sources"),
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
    Table("biases", (Column("bias_id"), Column("caveat"), Column("effect", among=("larger", "smaller")),
                     _blank("remark"), _blank("access")), ("bias_id",)),
)  # fmt: skip
"""All compiled tables, ordered so that a table comes after the tables it references."""

UNIT_KEY = tuple(column.name for column in _BENCHMARK)
"""What a unit belongs to."""
BY_NAME = {table.name: table for table in TABLES}


def is_possible(value: float, unit: str) -> bool:
    """Whether a score can have this value in its benchmark's unit."""
    low, high = _RANGES[unit]
    return low <= value <= high


OWN_VERSION = "own"
"""The version of every benchmark for an operator's own scores."""
CURRENT = "current"
"""In a folder of refreshed data, the file with the number of the revision in use and the release that compiled it."""


def shipped_folder() -> Path:
    """Return the folder of the tables that came with gapbrief."""
    return Path(__file__).parents[2] / "data"


def table_folder(data: Path) -> Path:
    """Return the folder of the tables in use: the current revision of refreshed data, else `data` itself.

    If `data` has no tables yet, return the shipped folder: the first refresh creates refreshed data.
    """
    try:
        number, *_ = (data / CURRENT).read_text(encoding="ascii").split()
        return data / "revisions" / str(int(number))
    except ValueError as error:
        problem = "is not a revision's number; `gapbrief data undo` puts one in use"
        raise TableError(data / CURRENT, problem) from error
    except OSError:
        signs = (*(table.path(data) for table in TABLES), data / "curated")
        return data if any(path.exists() for path in signs) else shipped_folder()


def is_of_another_release(data: Path) -> bool:
    """Whether another release of gapbrief compiled the refreshed data, with the tables that it shipped."""
    try:
        return (data / CURRENT).read_text(encoding="ascii").split()[1:] != [core.__version__]
    except (OSError, ValueError):
        return False


def _paths(folder: Path) -> list[Path]:
    folder = table_folder(folder)
    return [table.path(folder) for table in TABLES]


def hash_tables(folder: Path) -> str:
    """Return a hash over all tables: the same data has the same revision on any machine."""
    import hashlib

    digest = hashlib.sha256()
    try:
        for path in _paths(folder):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    except OSError as error:
        raise _folder_error(folder, error) from error
    return digest.hexdigest()


def fingerprint(folder: Path) -> str:
    """Return the sizes and times of all tables: cheap to read, and unchanged until a file is written.

    The ctime counts too: archive tools set the mtime as they like.
    """
    try:
        stats = [path.stat() for path in _paths(folder)]
        return ";".join(f"{stat.st_size},{stat.st_mtime_ns},{stat.st_ctime_ns}" for stat in stats)
    except OSError as error:
        raise _folder_error(folder, error) from error


def _folder_error(folder: Path, error: OSError) -> UnusableTablesError:
    return UnusableTablesError(
        f"The data folder {folder} can't be read ({error.strerror}); name the right folder, or reinstall gapbrief."
    )
