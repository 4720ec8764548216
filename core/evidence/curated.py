"""The hand-kept inputs of the build: sources, files, aliases, benchmarks, labs and corrected dates."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date
from pathlib import Path

from core.dataclass import dataclass
from core.errors import TableError
from core.evidence.identity import normal_form
from core.evidence.importers import IMPORTERS
from core.evidence.importers.rows import RawModel, Row, access_claim, read_csv
from core.evidence.sizes import Size
from core.store.tables import Openness, OpennessGrade

LATE_BOUND = "late-bound"
"""The role of a source that gives a day by which a model was out; its days are compared with others but never used."""
ROLES = ("override", "index", "registry", "third-party", "scores", LATE_BOUND)
"""The roles of sources, in order of precedence; see core/evidence/classification.py."""
BY_HAND = "by hand"
"""The importer of a source whose rows are in a hand-kept table, `openness.csv`."""
OWN_GROUP = "own"
"""The group of spellings in the operator's own rows, which use model ids."""
_NAMED = ("name", "evidence")
_LONGEST_LAB = 60
"""In letters; a longer name is a list of people."""


@dataclass(frozen=True)
class Source:
    """A snapshot of a publisher. `rank` orders sources that differ on a model's date or name.

    `author_of` is the benchmark whose complete board this source is as its author; otherwise blank. Snapshots of one
    `series` come from the same file, read repeatedly. `held_until` is the last day on which the snapshot was served
    unchanged. If the source `sets_day`, the data are complete up to its day.
    """

    source_id: str
    publisher: str
    title: str
    importer: str
    snapshot: date
    complete: bool
    role: str
    rank: int
    spellings: str
    author_of: str
    licence: str
    citation: str
    url: str
    series: str = ""
    held_until: date | None = None
    sets_day: bool | None = None


@dataclass(frozen=True)
class File:
    """A raw file of a source; with fewer than `min_rows` rows it is treated as damaged."""

    path: str
    source_id: str
    min_rows: int


@dataclass(frozen=True)
class Correction:
    """A release date set by hand, with its evidence; without a date the model is withheld from the gap."""

    released: date | None
    reason: str
    evidence: str


@dataclass(frozen=True)
class Lab:
    """A lab, its country, and the names that sources use for it."""

    lab_id: str
    name: str
    country: str
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class Curated:
    """All hand-kept inputs.

    `units` is keyed by benchmark and version. `makers` gives labs that no source names, `names` the names of models
    whose sources use one name for several models, `apart` the versions that the index lists under another model,
    `sizes` the parameters of models, and `openness` the hand-kept claims of open or closed, by source. `held` gives the
    class and grade of models until a person has reviewed their sources; `waited` holds all models ever held.
    """

    sources: dict[str, Source]
    files: tuple[File, ...]
    aliases: dict[tuple[str, str], str]
    corrections: dict[str, Correction]
    labs: tuple[Lab, ...]
    makers: dict[str, str]
    names: dict[str, str]
    apart: frozenset[str]
    sizes: dict[str, Size]
    openness: dict[str, list[RawModel]]
    units: dict[tuple[str, str], str]
    held: Mapping[str, tuple[Openness, OpennessGrade]] = field(default_factory=dict)
    waited: frozenset[str] = frozenset()


def read_curated(folder: Path) -> Curated:
    """Read `data/curated`; raises TableError if a value is missing, has the wrong type, or refers to nothing."""
    sources = {row.text("source_id"): _source(row) for row in _rows(folder, "sources", ("source_id",))}
    files = tuple(_file(row, sources) for row in _rows(folder, "files", ("path",)))
    aliases = {
        (row.text("source_id"), row.text("spelling")): row.text("model_version")
        for row in _rows(folder, "model_aliases", ("source_id", "spelling"), ("model_version", "note"))
    }
    corrections = {
        row.text("model"): Correction(_corrected_day(row), row.text("reason"), row.text("evidence"))
        for row in _rows(folder, "release_dates", ("model",), ("release_date", "reason", "evidence"))
    }
    labs = tuple(
        Lab(
            row.text("lab_id"),
            row.text("name"),
            row.text("country"),
            tuple(filter(None, row.text("aliases").split(";"))),
        )
        for row in _rows(folder, "labs", ("lab_id",), ("name", "country", "aliases"))
    )
    lab_ids = {lab.lab_id for lab in labs}
    makers = {}
    for row in _rows(folder, "model_labs", ("model",), ("lab_id", "evidence")):
        makers[row.text("model")] = _one_of(row, "lab_id", lab_ids)
    names = {row.text("model"): row.text("name") for row in _rows(folder, "model_names", ("model",), _NAMED)}
    apart = frozenset(row.text("spelling") for row in _rows(folder, "models_apart", ("spelling",), ("evidence",)))
    sizes = {
        row.text("model"): Size(row.number("total_b"), row.number("active_b"), "by hand", row.text("evidence"))
        for row in _rows(folder, "parameters", ("model",), ("total_b", "active_b", "evidence"))
    }
    units = {
        (row.text("benchmark_id"), row.text("version")): row.text("unit")
        for row in _rows(folder, "benchmarks", ("benchmark_id", "version"), ("unit",))
    }
    return Curated(
        sources, files, aliases, corrections, labs, makers, names, apart, sizes, _openness(folder, sources), units
    )


def _openness(folder: Path, sources: Collection[str]) -> dict[str, list[RawModel]]:
    models: dict[str, list[RawModel]] = {}
    for row in _rows(folder, "openness", ("model", "source_id"), ("accessibility", "evidence")):
        claim = access_claim(row)
        if not row.text("evidence"):
            raise TableError(row.path, "the evidence is missing", row.line, "evidence")
        model = RawModel(row.line, row.text("model"), claim=claim, raw=row.text("accessibility"))
        models.setdefault(_one_of(row, "source_id", sources), []).append(model)
    return models


def _rows(folder: Path, table: str, key: tuple[str, ...], others: tuple[str, ...] = ()) -> Iterator[Row]:
    """Yield the rows of a hand-kept table; raises TableError for a duplicate key."""
    keys = set()
    for row in read_csv(folder / f"{table}.csv", (*key, *others)):
        values = tuple(row.text(column) for column in key)
        if values in keys:
            raise TableError(row.path, f'"{", ".join(values)}" is there twice', row.line)
        keys.add(values)
        yield row


def _one_of(row: Row, column: str, choices: Collection[str]) -> str:
    text = row.text(column)
    if text not in choices:
        raise TableError(row.path, f'"{text}" is not known', row.line, column)
    return text


def _corrected_day(row: Row) -> date | None:
    """Return a corrected release date; a blank withholds the model, and a month without a day is an error."""
    day = row.day("release_date")
    if day is None and row.text("release_date"):
        raise TableError(row.path, "the date is not known to the day", row.line, "release_date")
    return day


def _source(row: Row) -> Source:
    snapshot = row.day("snapshot")
    if snapshot is None:
        raise TableError(row.path, "the date is missing", row.line, "snapshot")
    return Source(
        row.text("source_id"),
        row.text("publisher"),
        row.text("title"),
        _one_of(row, "importer", (*IMPORTERS, BY_HAND)),
        snapshot,
        _one_of(row, "complete", ("true", "false")) == "true",
        _one_of(row, "role", ROLES),
        int(row.number("rank") or 0),
        row.text("spellings"),
        row.text("author_of"),
        row.text("licence"),
        row.text("citation"),
        row.text("url"),
    )


def _file(row: Row, sources: Collection[str]) -> File:
    return File(row.text("path"), _one_of(row, "source_id", sources), int(row.number("min_rows") or 0))


def with_new_labs(labs: Sequence[Lab], makers: Iterable[tuple[str, str]]) -> list[Lab]:
    """Return the labs plus new labs that a publisher names with a country; the id of a new lab is its normalized name.

    `makers` holds organizations and countries as publishers write them, or "". The first of several counts.
    """
    labs, by_name = list(labs), labs_by_name(labs)
    for organization, country in makers:
        name = organization.split(",")[0].strip()
        lab_id = normal_form(name)
        is_known = any(part in by_name for part in (lab_id, *lab_names(organization)))
        if country and lab_id and not is_known and len(name) <= _LONGEST_LAB:
            labs.append(Lab(lab_id, name, country.split(",")[0].strip(), ()))
            by_name |= labs_by_name(labs[-1:])
    return labs


def labs_by_name(labs: Iterable[Lab]) -> dict[str, Lab]:
    """Return labs by their ids, names and aliases, in lower case."""
    return {alias.casefold(): lab for lab in labs for alias in (lab.lab_id, lab.name, *lab.aliases)}


def lab_names(organization: str) -> list[str]:
    """Return the names that an organization may be listed under: the whole text, and its parts, in lower case."""
    return [organization.casefold(), *(part.strip().casefold() for part in organization.split(","))]
