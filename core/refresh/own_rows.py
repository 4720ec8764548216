"""The operator's own rows: tables of a revision that take precedence over every source.

own/openness.csv         a model is open or closed
own/aliases.csv          a spelling means a model: in one group of sources, or in all sources if the group is blank
own/release_dates.csv    a model's release date
own/benchmarks.csv       a benchmark for own scores (see core/refresh/own_scores.py)
own/access.csv           a benchmark declared by its publisher counts as private or public
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeVar

from core.answer import Table as AnswerTable
from core.dataclass import dataclass
from core.errors import TableError
from core.evidence.curated import BY_HAND, OWN_GROUP, Correction, Curated, Source
from core.evidence.declared_boards import OwnBenchmark
from core.evidence.identity import split_effort
from core.evidence.importers.rows import FileContent, RawModel, Row, read_csv

FOLDER = "own"
PUBLISHER = "own data"
_RANK = 0
"""The rank of own rows: lower than the rank of any other source, so they win."""
_OPENNESS_VALUES = {"open": "open_weights", "closed": "API access"}
"""The openness recorded for each value of an own row; "open_weights" implies no licence."""


@dataclass(frozen=True)
class OwnOpenness:
    """A model (its id) is open or closed; `evidence` is the URL of a page that says so."""

    model: str
    openness: Literal["open", "closed"]
    evidence: str
    day: date


@dataclass(frozen=True)
class OwnAlias:
    """A spelling means a model (its id): in one group of sources, or in all sources and in questions."""

    spelling: str
    group: str
    model: str
    day: date


@dataclass(frozen=True)
class OwnReleaseDate:
    """The release date of a model (its id); `evidence` is the URL of a page that says so."""

    model: str
    release_date: date
    evidence: str
    day: date


@dataclass(frozen=True)
class OwnAccess:
    """A benchmark (its id), declared by its publisher alone, counts in a class and so in the headline."""

    benchmark_id: str
    access: Literal["private", "public"]
    day: date


OwnRow = OwnBenchmark | OwnOpenness | OwnAlias | OwnReleaseDate | OwnAccess
_AnyOwnRow = TypeVar("_AnyOwnRow", bound=OwnRow)


@dataclass(frozen=True)
class OwnRows:
    """All own rows of a revision, oldest first."""

    openness: tuple[OwnOpenness, ...] = ()
    aliases: tuple[OwnAlias, ...] = ()
    release_dates: tuple[OwnReleaseDate, ...] = ()
    benchmarks: tuple[OwnBenchmark, ...] = ()
    access: tuple[OwnAccess, ...] = ()

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in _TABLES)

    def with_row(self, row: OwnRow) -> "OwnRows":
        """Return the rows with one more; it replaces an earlier row for the same key."""
        name = next(name for name, row_type in _TABLES.items() if isinstance(row, row_type))
        others = tuple(other for other in getattr(self, name) if _row_key(other) != _row_key(row))
        tables: dict[str, Any] = {name: (*others, row)}
        return replace(self, **tables)


_TABLES: dict[str, type[OwnRow]] = {
    "openness": OwnOpenness,
    "aliases": OwnAlias,
    "release_dates": OwnReleaseDate,
    "benchmarks": OwnBenchmark,
    "access": OwnAccess,
}


def _row_key(row: OwnRow) -> tuple[str, ...]:
    if isinstance(row, OwnAlias):
        return row.spelling, row.group
    return (row.benchmark_id,) if isinstance(row, OwnBenchmark | OwnAccess) else (row.model,)


def write_rows(own: OwnRows, folder: Path) -> None:
    """Write own rows into a revision's folder; empty tables are skipped."""
    for name, row_type in _TABLES.items():
        rows: Sequence[OwnRow] = getattr(own, name)
        if rows:
            path = folder / FOLDER / f"{name}.csv"
            path.parent.mkdir(exist_ok=True)
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                columns = [column.name for column in fields(row_type)]
                writer.writerow(columns)
                writer.writerows([getattr(row, column) for column in columns] for row in rows)


def read_rows(folder: Path) -> OwnRows:
    """Read what `write_rows` wrote; raises TableError if a value is missing or invalid."""
    tables: dict[str, Any] = {name: tuple(_read_table(folder, name, row_type)) for name, row_type in _TABLES.items()}
    return OwnRows(**tables)


def _read_table(folder: Path, name: str, row_type: type[_AnyOwnRow]) -> list[_AnyOwnRow]:
    path = folder / FOLDER / f"{name}.csv"
    if not path.exists():
        return []
    columns = tuple(column.name for column in fields(row_type))
    rows: Iterator[dict[str, Any]] = (
        {column: _parse_value(row, column) for column in columns} for row in read_csv(path, columns)
    )
    return [row_type(**values) for values in rows]


def _parse_value(row: Row, column: str) -> str | date | None:
    value = row.day(column) if column in ("day", "release_date") else row.text(column)
    if not value and column != "group":
        raise TableError(row.path, "the value is missing", row.line, column)
    if column == "openness" and value not in _OPENNESS_VALUES:
        raise TableError(row.path, f'"{value}" is not open or closed', row.line, column)
    return value


def to_tables(own: OwnRows) -> list[AnswerTable]:
    """Return own rows as tables for people."""
    return [
        AnswerTable(
            f"By hand: {name.replace('_', ' ')}",
            tuple(column.name.replace("_", " ") for column in fields(row_type)),
            tuple(tuple(str(getattr(row, column.name)) for column in fields(row_type)) for row in getattr(own, name)),
        )
        for name, row_type in _TABLES.items()
        if getattr(own, name)
    ]


def alias_groups(sources: Iterable[Source]) -> list[str]:
    """Return the sorted names of the groups of sources that share spellings."""
    return sorted({source.spellings for source in sources if source.spellings})


def add_own_rows(curated: Curated, own: OwnRows) -> Curated:
    """Return the curated data with own rows, which take precedence.

    Aliases also need `add_own_aliases`, once the spellings in use are known.
    """
    sources, openness = dict(curated.sources), dict(curated.openness)
    for row in own.openness:
        source = _make_source(f"{OWN_GROUP}-{row.model}", f"{row.model} is {row.openness}", row.day, row.evidence)
        sources[source.source_id] = source
        openness[source.source_id] = [RawModel(1, row.model, claim=row.openness, raw=_OPENNESS_VALUES[row.openness])]
    general_aliases = [row for row in own.aliases if not row.group]
    if general_aliases:
        source = _make_source(
            f"{OWN_GROUP}-aliases", "What models are called", max(row.day for row in general_aliases), ""
        )
        sources[source.source_id] = source
        openness[source.source_id] = [
            RawModel(number, row.spelling) for number, row in enumerate(general_aliases, start=1)
        ]
    corrections = {
        row.model: Correction(row.release_date, f"by hand on {row.day}", row.evidence) for row in own.release_dates
    }
    units = {(benchmark.benchmark_id, benchmark.version): benchmark.unit for benchmark in own.benchmarks}
    return replace(
        curated,
        sources=sources,
        openness=openness,
        corrections={**curated.corrections, **corrections},
        units={**curated.units, **units},
    )


def _make_source(source_id: str, title: str, day: date, url: str) -> Source:
    return Source(
        source_id, PUBLISHER, title, BY_HAND, day, False, "override", _RANK, OWN_GROUP, "", "own", f"By hand on {day}",
        url, sets_day=False,
    )  # fmt: skip


def add_own_aliases(curated: Curated, own: OwnRows, inputs: Sequence[tuple[Source, FileContent]]) -> Curated:
    """Return the curated data with own aliases; an alias also covers its spelling with each effort in use."""
    if not own.aliases:
        return curated
    spellings_by_base: dict[tuple[str, str], set[str]] = defaultdict(set)
    for source, content in inputs:
        for spelling in {raw.spelling for raw in content.scores} | {raw.spelling for raw in content.models}:
            spellings_by_base[source.spellings, split_effort(spelling)[0]].add(spelling)
    groups = sorted({source.spellings for source, _ in inputs})
    aliases = dict(curated.aliases)
    for row in own.aliases:
        for group in [row.group] if row.group else groups:
            for spelling in {row.spelling, *spellings_by_base[group, row.spelling]}:
                effort = split_effort(spelling)[1] if spelling != row.spelling else ""
                aliases[group, spelling] = f"{row.model} ({effort})" if effort else row.model
    return replace(curated, aliases=aliases)
