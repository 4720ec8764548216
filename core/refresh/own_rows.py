"""What an operator says of models, with day and evidence: tables of a revision's own, which go before all others.

own/openness.csv         a model is open or closed
own/aliases.csv          a spelling means a model: at one group of sources, or at all where that is blank
own/release_dates.csv    the day of a model's release
own/benchmarks.csv       a benchmark of one's own, for own scores: core/refresh/own_scores.py
own/access.csv           a benchmark that a publisher declares counts as private or as public
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeVar

from core.answer import Table as Shown
from core.errors import TableError
from core.evidence.curated import BY_HAND, OWN_GROUP, Correction, Curated, Source
from core.evidence.declared_boards import OwnBenchmark
from core.evidence.identity import split_effort
from core.evidence.importers.rows import Imported, RawModel, Row, read_csv

FOLDER = "own"
PUBLISHER = "own data"
_FIRST = 0
"""The rank of own rows: every other source has a higher number."""
_WORDS = {"open": "open_weights", "closed": "API access"}
"""How own rows say so; the first says nothing of a licence."""


@dataclass(frozen=True)
class OwnOpenness:
    """A model (its id) is open or closed, by the page at `evidence`."""

    model: str
    openness: Literal["open", "closed"]
    evidence: str
    day: date


@dataclass(frozen=True)
class OwnAlias:
    """A spelling means a model (its id), at the sources of one group, or at all and for whoever asks."""

    spelling: str
    group: str
    model: str
    day: date


@dataclass(frozen=True)
class OwnReleaseDate:
    """A model (its id) was released on a day, by the page at `evidence`."""

    model: str
    release_date: date
    evidence: str
    day: date


@dataclass(frozen=True)
class OwnAccess:
    """A benchmark (its id) that a publisher alone declares counts in a class, and so in the headline."""

    benchmark_id: str
    access: Literal["private", "public"]
    day: date


OwnRow = OwnBenchmark | OwnOpenness | OwnAlias | OwnReleaseDate | OwnAccess
_Of = TypeVar("_Of", bound=OwnRow)


@dataclass(frozen=True)
class OwnRows:
    """All own rows of a revision, in the order in which they were made."""

    openness: tuple[OwnOpenness, ...] = ()
    aliases: tuple[OwnAlias, ...] = ()
    release_dates: tuple[OwnReleaseDate, ...] = ()
    benchmarks: tuple[OwnBenchmark, ...] = ()
    access: tuple[OwnAccess, ...] = ()

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in _TABLES)

    def with_row(self, row: OwnRow) -> "OwnRows":
        """Return the rows with one more; it replaces what was said of the same thing before."""
        name = next(name for name, made in _TABLES.items() if isinstance(row, made))
        others = tuple(each for each in getattr(self, name) if _key(each) != _key(row))
        changed: dict[str, Any] = {name: (*others, row)}
        return replace(self, **changed)


_TABLES: dict[str, type[OwnRow]] = {
    "openness": OwnOpenness,
    "aliases": OwnAlias,
    "release_dates": OwnReleaseDate,
    "benchmarks": OwnBenchmark,
    "access": OwnAccess,
}


def _key(row: OwnRow) -> tuple[str, ...]:
    if isinstance(row, OwnAlias):
        return row.spelling, row.group
    return (row.benchmark_id,) if isinstance(row, OwnBenchmark | OwnAccess) else (row.model,)


def write(own: OwnRows, folder: Path) -> None:
    """Write own rows into a folder of a revision's tables; a table without rows is not there."""
    for name, made in _TABLES.items():
        rows: Sequence[OwnRow] = getattr(own, name)
        if rows:
            path = folder / FOLDER / f"{name}.csv"
            path.parent.mkdir(exist_ok=True)
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                columns = [each.name for each in fields(made)]
                writer.writerow(columns)
                writer.writerows([getattr(row, column) for column in columns] for row in rows)


def read(folder: Path) -> OwnRows:
    """Read what `write` wrote; raises TableError where a value is missing or not of its kind."""
    tables: dict[str, Any] = {name: tuple(_rows(folder, name, made)) for name, made in _TABLES.items()}
    return OwnRows(**tables)


def _rows(folder: Path, name: str, made: type[_Of]) -> list[_Of]:
    path = folder / FOLDER / f"{name}.csv"
    if not path.exists():
        return []
    columns = tuple(each.name for each in fields(made))
    told: Iterator[dict[str, Any]] = ({each: _value(row, each) for each in columns} for row in read_csv(path, columns))
    return [made(**values) for values in told]


def _value(row: Row, column: str) -> str | date | None:
    found = row.day(column) if column in ("day", "release_date") else row.text(column)
    if not found and column != "group":
        raise TableError(row.path, "the value is missing", row.line, column)
    if column == "openness" and found not in _WORDS:
        raise TableError(row.path, f'"{found}" is not open or closed', row.line, column)
    return found


def shown(own: OwnRows) -> list[Shown]:
    """Return own rows as tables for people."""
    return [
        Shown(
            f"By hand: {name.replace('_', ' ')}",
            tuple(each.name.replace("_", " ") for each in fields(made)),
            tuple(tuple(str(getattr(row, each.name)) for each in fields(made)) for row in getattr(own, name)),
        )
        for name, made in _TABLES.items()
        if getattr(own, name)
    ]


def groups(sources: Iterable[Source]) -> list[str]:
    """Return the groups of sources that share their spellings, by name."""
    return sorted({source.spellings for source in sources if source.spellings})


def with_own(curated: Curated, own: OwnRows) -> Curated:
    """Return the hand-kept inputs with own rows before all else; `with_own_aliases` adds the aliases of spellings."""
    sources, openness = dict(curated.sources), dict(curated.openness)
    for row in own.openness:
        source = _source(f"{OWN_GROUP}-{row.model}", f"{row.model} is {row.openness}", row.day, row.evidence)
        sources[source.source_id] = source
        openness[source.source_id] = [RawModel(1, row.model, claim=row.openness, raw=_WORDS[row.openness])]
    said = [row for row in own.aliases if not row.group]
    if said:
        source = _source(f"{OWN_GROUP}-aliases", "What models are called", max(row.day for row in said), "")
        sources[source.source_id] = source
        openness[source.source_id] = [RawModel(number, row.spelling) for number, row in enumerate(said, start=1)]
    corrections = {
        row.model: Correction(row.release_date, f"by hand on {row.day}", row.evidence) for row in own.release_dates
    }
    units = {(each.benchmark_id, each.version): each.unit for each in own.benchmarks}
    return replace(
        curated,
        sources=sources,
        openness=openness,
        corrections={**curated.corrections, **corrections},
        units={**curated.units, **units},
    )


def _source(source_id: str, title: str, day: date, url: str) -> Source:
    return Source(
        source_id, PUBLISHER, title, BY_HAND, day, False, "override", _FIRST, OWN_GROUP, "", "own", f"By hand on {day}",
        url, sets_day=False,
    )  # fmt: skip


def with_own_aliases(curated: Curated, own: OwnRows, held: Sequence[tuple[Source, Imported]]) -> Curated:
    """Return the hand-kept inputs with own aliases; one holds for the spelling with every effort that is in use."""
    spelled: dict[tuple[str, str], set[str]] = defaultdict(set)
    for source, imported in held:
        for spelling in {raw.spelling for raw in imported.scores} | {raw.spelling for raw in imported.models}:
            spelled[source.spellings, split_effort(spelling)[0]].add(spelling)
    every = sorted({source.spellings for source, _ in held})
    aliases = dict(curated.aliases)
    for row in own.aliases:
        for group in [row.group] if row.group else every:
            for spelling in {row.spelling, *spelled[group, row.spelling]}:
                effort = split_effort(spelling)[1] if spelling != row.spelling else ""
                aliases[group, spelling] = f"{row.model} ({effort})" if effort else row.model
    return replace(curated, aliases=aliases)
