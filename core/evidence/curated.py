"""The hand-kept inputs of the build: sources, files, aliases, benchmarks, labs, corrections of dates."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from core.errors import TableError
from core.evidence.importers.rows import Row, read_csv


@dataclass(frozen=True)
class Source:
    """One publisher's snapshot. `rank` orders sources where they differ on a model's date or name."""

    source_id: str
    publisher: str
    title: str
    importer: str
    snapshot: date
    complete: bool
    role: str
    rank: int
    spellings: str
    licence: str
    citation: str
    url: str


@dataclass(frozen=True)
class File:
    """One raw file of a source, and the number of rows below which it is taken for damaged."""

    path: str
    source_id: str
    min_rows: int


@dataclass(frozen=True)
class Correction:
    """A release date set by hand, with its evidence; no date withholds the model from the gap."""

    released: date | None
    reason: str
    evidence: str


@dataclass(frozen=True)
class Lab:
    """A lab, its country, and the names under which sources list it."""

    lab_id: str
    name: str
    country: str
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class Curated:
    """All hand-kept inputs."""

    sources: dict[str, Source]
    files: tuple[File, ...]
    aliases: dict[tuple[str, str], str]
    corrections: dict[str, Correction]
    labs: tuple[Lab, ...]


def _day(row: Row, column: str) -> date:
    day = row.day(column)
    if day is None:
        raise TableError(row.path, "the date is missing", row.line, column)
    return day


def read(folder: Path) -> Curated:
    """Read `data/curated`; raises TableError where a value is missing or not of its kind."""
    sources = {
        row.text("source_id"): Source(
            row.text("source_id"),
            row.text("publisher"),
            row.text("title"),
            row.text("importer"),
            _day(row, "snapshot"),
            row.text("complete") == "true",
            row.text("role"),
            int(row.number("rank") or 0),
            row.text("spellings"),
            row.text("licence"),
            row.text("citation"),
            row.text("url"),
        )
        for row in read_csv(folder / "sources.csv", ("source_id", "importer", "snapshot", "role", "rank"))
    }
    files = tuple(
        File(row.text("path"), row.text("source_id"), int(row.number("min_rows") or 0))
        for row in read_csv(folder / "files.csv", ("path", "source_id", "min_rows"))
    )
    aliases = {
        (row.text("source_id"), row.text("spelling")): row.text("model_version")
        for row in read_csv(folder / "model_aliases.csv", ("source_id", "spelling", "model_version"))
    }
    corrections = {
        row.text("model"): Correction(row.day("release_date"), row.text("reason"), row.text("evidence"))
        for row in read_csv(folder / "release_dates.csv", ("model", "release_date", "reason", "evidence"))
    }
    labs = tuple(
        Lab(
            row.text("lab_id"),
            row.text("name"),
            row.text("country"),
            tuple(filter(None, row.text("aliases").split(";"))),
        )
        for row in read_csv(folder / "labs.csv", ("lab_id", "name", "country", "aliases"))
    )
    return Curated(sources, files, aliases, corrections, labs)
