"""The operator's own scores from a file (CSV, JSON, Excel, Parquet), on a separate benchmark.

Only this module imports pandas. If a model has several rows at one effort, the best row counts, as everywhere.
"""

from collections.abc import Mapping
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from zipfile import ZipFile

from core.answer import Table as AnswerTable
from core.dataclass import dataclass
from core.errors import TableError, UsageError
from core.evidence.curated import BY_HAND, OWN_GROUP, Source
from core.evidence.declared_boards import OwnBenchmark
from core.evidence.identity import normal_form
from core.evidence.importers.rows import MOST_BYTES, FileContent, RawScore, read_json, refuse_unbounded
from core.refresh.own_rows import PUBLISHER
from core.store.tables import is_possible
from core.words import and_list, count, quote

if TYPE_CHECKING:
    import pandas as pd

Unit = Literal["percent", "fraction", "minutes"]
_COLUMN_NAMES = {
    "model": ("model", "model_name", "display_name", "name", "spelling"),
    "score": ("score", "accuracy", "avg_acc", "result", "mean_score", "percent"),
    "effort": ("effort", "reasoning_effort", "variant"),
    "standard_error": ("standard_error", "stderr", "std_err", "se"),
}
"""The names of columns in such files, most common first."""
_REQUIRED = ("model", "score")
_FORMS = (".json", ".xlsx", ".parquet")
"""File types that are not read as CSV."""
_MOST_ROWS, _MOST_CELLS = 1_000_000, 10_000_000
"""A million rows of CSV take seconds to read."""
_MOST_OF_WORKBOOK = 100_000
"""A workbook's rows take about thirty times as long."""
_MOST_COLUMNS = 200
_ENGINES = {".xlsx": "openpyxl", ".parquet": "pyarrow"}
_RANK = 99
"""The rank of own scores: what they say about a model comes after all other sources."""
_FIRST_LINE = 2
"""The line number of the first row, after the header; a JSON file's rows are numbered the same way."""
_FRACTION, _PERCENT = 1.0, 100.0


@dataclass(frozen=True)
class OwnScores:
    """A parsed file: its rows as text, and the column for each kind of content."""

    path: Path
    frame: "pd.DataFrame"
    columns: Mapping[str, str]


def read_scores(path: Path, column_names: Mapping[str, str]) -> OwnScores:
    """Read a file and find its columns by their usual names or by `column_names`.

    Raises TableError for a file that can't be read, UsageError for a missing column.
    """
    frame = _read_frame(path)
    columns = dict(column_names)
    plain = {normal_form(str(column)): str(column) for column in reversed(frame.columns)}
    for what, names in _COLUMN_NAMES.items():
        column = next((plain[normal_form(name)] for name in names if normal_form(name) in plain), None)
        if column and what not in columns:
            columns[what] = column
    for what, name in columns.items():
        if what not in _COLUMN_NAMES:
            raise UsageError(f"{quote(what)} is not a column of scores; choose from {and_list(list(_COLUMN_NAMES))}.")
        if name not in frame.columns:
            raise TableError(path, "the column is missing", column=name)
    for what in _REQUIRED:
        if what not in columns:
            names_there = ", ".join(map(str, frame.columns[:12]))
            raise UsageError(f"{path.name} has no {what} column among {names_there}; name it by --column {what}=NAME.")
    return OwnScores(path, frame, columns)


def parse_column(text: str) -> tuple[str, str]:
    """Parse WHAT=NAME: a kind of content and the name of its column. Raises UsageError for any other form."""
    what, equals, name = text.partition("=")
    if not (what and equals and name):
        raise UsageError(f"{quote(text)} names no column; write it as --column score=NAME.")
    return what, name


def column_table(own: OwnScores, benchmark: OwnBenchmark) -> AnswerTable:
    """Return a table that shows how each column is interpreted."""
    first = own.frame.head(1)
    rows = tuple(
        (what, own.columns[what], str(first[own.columns[what]].iloc[0]) if len(first) else "–")
        for what in _COLUMN_NAMES
        if what in own.columns
    )
    title = f"{own.path.name}, {count(len(own.frame), 'row')}, as {benchmark.name} ({benchmark.unit})"
    return AnswerTable(title, ("What", "Column", "First row"), rows)


def _read_frame(path: Path) -> "pd.DataFrame":
    """Read a table with every cell as text; stop one row after the limit, so that a too long table is detected."""
    import pandas as pd

    most = _MOST_OF_WORKBOOK if path.suffix == ".xlsx" else _MOST_ROWS
    try:
        _refuse_unbounded(path)
        if path.suffix == ".json":
            frame = pd.DataFrame(_read_json_rows(path), dtype=object).fillna("").astype(str)
        elif path.suffix == ".xlsx":
            names, rows = _read_sheet_rows(path, most + 1)
            frame = pd.DataFrame(rows, columns=names, dtype=object).fillna("").astype(str)
        elif path.suffix == ".parquet":
            frame = pd.read_parquet(path).astype(object).fillna("").astype(str)
        else:
            frame = pd.read_csv(
                path, dtype=str, keep_default_na=False, skip_blank_lines=False, encoding="utf-8-sig", nrows=most + 1
            )
    except (TableError, UsageError):
        raise
    except ImportError:
        engine = _ENGINES[path.suffix]
        how = "`uv sync --extra tables`, or pip install 'gapbrief[tables]', adds it"
        raise UsageError(f"Reading {path.suffix} takes {engine}; {how}.") from None
    except OSError as error:
        raise TableError(path, f"can't be read ({error.strerror or error})") from error
    except Exception as error:  # pandas' engines raise anything for damaged archives
        raise TableError(path, f"can't be read ({' '.join(str(error).split()) or type(error).__name__})") from error
    if path.suffix not in _FORMS and not isinstance(frame.index, pd.RangeIndex):
        raise TableError(path, "the row has too many columns", _FIRST_LINE)  # pandas made the first columns an index
    _refuse_large(path, *frame.shape, most)
    return frame


def _refuse_unbounded(path: Path) -> None:
    """Raise TableError for a file that could fill the memory or never end, before it is read."""
    refuse_unbounded(path)
    if path.suffix == ".xlsx":
        with ZipFile(path) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_BYTES:
                raise TableError(path, f"is larger than {MOST_BYTES // 1_000_000} MB when unpacked")
    elif path.suffix == ".parquet":
        from pyarrow import parquet

        metadata = parquet.read_metadata(path)
        _refuse_large(path, metadata.num_rows, metadata.num_columns)


def _refuse_large(path: Path, rows: int, columns: int, most: int = _MOST_ROWS) -> None:
    if rows > most:
        raise TableError(path, f"has more than {most:,} rows")
    if rows * columns > _MOST_CELLS:
        raise TableError(path, f"has more than {_MOST_CELLS:,} cells")
    if columns > _MOST_COLUMNS:
        raise TableError(path, f"has more than {_MOST_COLUMNS} columns")


def _read_json_rows(path: Path) -> list[dict[str, object]]:
    rows = read_json(path)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise TableError(path, "is not a list of rows")
    _refuse_large(path, len(rows), len(set().union(*rows)))  # a key in a single row adds a column to all rows
    return rows


def _read_sheet_rows(path: Path, most: int) -> tuple[list[str], list[list[object]]]:
    """Return the column names and the rows of a workbook's first sheet.

    pandas would pad each row to the sheet's last used column.
    """
    from openpyxl import load_workbook

    with closing(load_workbook(path, read_only=True, data_only=True)) as book:
        rows = book.worksheets[0].iter_rows(max_row=most + 1, max_col=_MOST_COLUMNS, values_only=True)
        places: dict[str, int] = {}
        for place, name in enumerate(next(rows, ())):
            if name is not None:
                places.setdefault(str(name), place)
        return list(places), [[row[place] for place in places.values()] for row in rows]


def make_benchmark(name: str, like: OwnBenchmark | None, unit: Unit | None, access: str, today: date) -> OwnBenchmark:
    """Return the benchmark for own scores; `like` is the benchmark with the same tasks, if any."""
    slug = normal_form(name)
    if not slug:
        raise UsageError(f"{quote(name)} is not a benchmark's name; use letters or digits.")
    kind = "minutes" if unit == "minutes" else "percent"
    if like and unit and like.unit != kind:
        raise UsageError(f"{like.name} is scored in {like.unit}, not in {unit}.")
    grid = like.grid if like else "2|5|10|20|50|100|200|500" if unit == "minutes" else "5:100:5"
    title = like.name if like else name
    access, kind = (like.access, like.unit) if like else (access, kind)
    return OwnBenchmark(f"{OWN_GROUP}-{slug}", f"Own {title}", access, kind, grid, today)


def parse_scores(own: OwnScores, benchmark: OwnBenchmark, unit: Unit | None) -> FileContent:
    """Parse the scores of a file; keep the best score per model and effort.

    Raises TableError, with line and column, for a value that is not a score in its unit, and UsageError if the unit is
    not clear.
    """
    import pandas as pd

    frame, columns = own.frame, own.columns
    models = frame[columns["model"]].str.strip()
    scores = _parse_numbers(own, "score")
    blank = (models == "") & scores.isna()  # an empty line
    _refuse_first(own, "model", (models == "") & ~blank, "the model is missing")
    _refuse_first(own, "score", scores.isna() & ~blank, "the score is missing")
    if blank.all():
        raise TableError(own.path, "holds no score")
    if unit is None and benchmark.unit == "percent" and scores.max() <= _FRACTION:
        raise UsageError(f"All scores of {own.path.name} are 1 or less: say --unit fraction, or --unit percent.")
    factor = _PERCENT if unit == "fraction" else 1.0
    table = pd.DataFrame({"model": models, "score": (scores * factor).round(9), "blank": blank})
    possible = table["score"].map(lambda score: is_possible(score, benchmark.unit))
    _refuse_first(own, "score", ~possible & ~blank, f"is no score in {unit or benchmark.unit}", shows=True)
    table["error"] = _parse_numbers(own, "standard_error") * factor if "standard_error" in columns else float("nan")
    _refuse_first(own, "standard_error", table["error"] < 0, "is no standard error", shows=True)
    if "effort" in columns:
        efforts = frame[columns["effort"]].str.strip()
        table["model"] = models.where(efforts == "", models + " (" + efforts + ")")
    best = table[~blank].sort_values("score", ascending=False, kind="stable").drop_duplicates("model").sort_index()
    errors = [None if error != error else error for error in best["error"].tolist()]  # NaN is not equal to itself
    rows = zip(best.index.tolist(), best["model"].tolist(), best["score"].tolist(), errors, strict=True)
    return FileContent(
        len(best),
        [
            RawScore(
                row + _FIRST_LINE, benchmark.benchmark_id, benchmark.version, model, score, "board-run", "", error,
                column=columns["score"],
            )
            for row, model, score, error in rows
        ],
    )  # fmt: skip


def _parse_numbers(own: OwnScores, what: str) -> "pd.Series[float]":
    """Return a column as numbers, blanks as NaN; raises TableError for anything else."""
    import pandas as pd

    texts = own.frame[own.columns[what]].str.strip().str.removesuffix("%")
    numbers = pd.to_numeric(texts, errors="coerce")
    is_finite = numbers.abs() < float("inf")
    _refuse_first(own, what, (texts != "") & ~is_finite, "is not a number", shows=True)
    return numbers.astype(float)


def _refuse_first(own: OwnScores, what: str, is_wrong: "pd.Series[bool]", problem: str, *, shows: bool = False) -> None:
    """Raise TableError for the first row of a mask, with its line and column."""
    if is_wrong.any():
        row, column = int(is_wrong.to_numpy().argmax()), own.columns[what]
        if shows:
            problem = f"{quote(str(own.frame[column].iloc[row]))} {problem}"
        raise TableError(own.path, problem, row + _FIRST_LINE, column)


def make_source(benchmark: OwnBenchmark, path: Path, today: date) -> Source:
    """Return the source of own scores: never complete, so that it does not set the day of the data."""
    return Source(
        f"{benchmark.benchmark_id}-{today}", PUBLISHER, f"{benchmark.name}: {path.name}", BY_HAND, today, False,
        "scores", _RANK, f"{OWN_GROUP}-scores", "", "own", f"By hand on {today}", "", series=benchmark.benchmark_id,
        sets_day=False,
    )  # fmt: skip
