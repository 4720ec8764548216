"""`gapbrief data build`: compile the publishers' raw files into the project's own tables."""

import os
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, field, fields
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from types import MappingProxyType

from core.answer import Table as Shown
from core.errors import DataError, TableError
from core.evidence import classification, declared_boards, sizes, snapshots
from core.evidence import curated as inputs
from core.evidence.classification import SourceWord, classify
from core.evidence.curated import LATE_BOUND, Curated, Lab, Source
from core.evidence.declared_boards import OwnBenchmark
from core.evidence.identity import Given, Identity, normal_form, split_effort
from core.evidence.importers import IMPORTERS
from core.evidence.importers.rows import Imported, RawModel, RawSize
from core.evidence.merge import Cell, Conflict, Score, Sighting, merge
from core.evidence.model_ids import Snapshot, by_id, drop_shared, given_ids, identity_of
from core.evidence.plausibility import check, drop_doubles
from core.store.tables import BY_NAME, TABLES, read_tables, write_table

_AWAITED_FOR = timedelta(days=183)
"""So long after its release a model that an index names is awaited on a board here: as long as a board is live."""
_COPIED = ("benchmarks", "thresholds", "countries", "published", "glossary", "biases")


@dataclass
class Known:
    """What all sources together say of one model."""

    words: list[tuple[int, Source, RawModel]] = field(default_factory=list)
    openness: set[SourceWord] = field(default_factory=set)
    said: dict[tuple[str, str], list[tuple[date, SourceWord]]] = field(default_factory=lambda: defaultdict(list))
    scored: bool = False


@dataclass(frozen=True)
class SourceReport:
    """Rows of one source: read, used, and dropped with the reasons."""

    source: Source
    rows: int
    dropped: Counter[str]

    @property
    def used(self) -> int:
        """The rows that were not dropped."""
        return self.rows - self.dropped.total()


@dataclass(frozen=True)
class Report:
    """What a build did."""

    sources: tuple[SourceReport, ...]
    scores: int
    models: int
    conflicts: int
    unclassified: int


def build(raw: Path, folder: Path) -> Report:
    """Compile the raw files under `raw` into the tables of `folder`, which replaces them whole.

    What was read of each source is kept in `folder/imported`: the tables are compiled from that, as a refresh does,
    with more. The new tables are written aside and checked before any old one is touched. Raises TableError or
    DataError when a file is missing, damaged, or has fewer rows than it had.
    """
    curated = inputs.read(folder / "curated")
    imported = _import(raw, curated)
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".build-") as name:
            aside = Path(name)
            _keep(aside / snapshots.FOLDER, imported)
            report = compile_tables(curated, kept(aside, curated), folder / "curated", aside, before=folder)
            _swap(aside, folder)
    except OSError as error:
        raise DataError(
            f"The tables in {folder} can't be written ({error.strerror}); the last good data stays in use."
        ) from error
    return report


def compile_tables(
    curated: Curated,
    imported: list[Snapshot],
    hand_kept: Path,
    folder: Path,
    own: Sequence[OwnBenchmark] = (),
    before: Path | None = None,
    access: Mapping[str, str] = MappingProxyType({}),
) -> Report:
    """Write all tables into a folder, compiled of what was read of snapshots and of the folder of `hand_kept` tables.

    `own` benchmarks come after those that are hand-kept, and last those that publishers declare; `access` is that of
    the declared ones of which a person said it. Models keep the ids of the tables `before`. Raises TableError for a
    table that breaks its contract, and OSError where the folder can't be written.
    """
    imported = sorted(imported, key=lambda pair: (pair[0].snapshot, -pair[0].rank))
    declared_boards.file_as_known(imported)
    tables, report = _compiled(curated, imported, given_ids(before, imported) if before else Given())
    for table in TABLES:
        if table.name in _COPIED:
            shutil.copyfile(hand_kept / f"{table.name}.csv", table.path(folder))
        else:
            write_table(table, folder, tables[table.name])
    declared = declared_boards.in_use(imported, curated.units)
    if own or declared:
        declared_boards.add_benchmarks(
            BY_NAME["benchmarks"].path(folder), own, declared, access, _names(curated, tables["models"])
        )
    read_tables(folder)
    return report


def _names(curated: Curated, models: Iterable[Iterable[object]]) -> set[str]:
    """Return what models, labs and their countries are called, in plain form."""
    named = {str(name) for model in models for name in list(model)[:2]}
    named |= {name for lab in curated.labs for name in (lab.lab_id, lab.name, lab.country, *lab.aliases)}
    return set(map(normal_form, named))


def _compiled(
    curated: Curated, imported: list[Snapshot], given: Given
) -> tuple[dict[str, Iterable[Iterable[object]]], Report]:
    identity = identity_of(curated, imported, given)
    drop_shared(imported, identity)
    known = _gather(imported, identity)
    for source, each in imported:
        drop_doubles(each, partial(identity.resolve, group=source.spellings))
    scores, conflicts = merge(_sightings(imported, identity), _authors(imported))
    for score in scores:
        known[score.cell.model].scored = True
    curated = by_id(curated, identity)
    told = (_maker(entry) for model, entry in sorted(known.items()) if entry.scored and model not in curated.makers)
    makers = inputs.with_new_labs(curated.labs, told)
    models, date_conflicts, evidence_rows = _models(known, curated, makers)
    conflicts += date_conflicts
    in_tables = {str(model[0]) for model in models}
    disputed = _conflict_rows(conflicts, in_tables)
    reports = tuple(_reports(curated, imported))
    tables: dict[str, Iterable[Iterable[object]]] = {
        "sources": [_source_row(report, {score.source_id for score in scores}) for report in reports],
        "dropped": _dropped_rows(imported),
        "labs": [(lab.lab_id, lab.name, lab.country, ";".join(lab.aliases)) for lab in makers],
        "models": models,
        "awaited": _awaited(known),
        "aliases": _alias_rows(imported, identity, in_tables),
        "scores": [_score_row(score) for score in sorted(scores, key=lambda s: (s.cell.benchmark, s.cell.version))],
        "classifications": [row for row in evidence_rows if row[0] in in_tables],
        "conflicts": disputed,
        "parameters": _sizes(imported, identity, curated, models),
        "model_prices": _prices(imported, identity, models),
    }
    unclassified = sum(model[7] == "unknown" for model in models)
    return tables, Report(reports, len(scores), len(models), len(disputed), unclassified)


def _keep(folder: Path, imported: dict[str, list[tuple[str, Imported]]]) -> None:
    folder.mkdir()
    for source_id, files in imported.items():
        snapshots.write(folder / f"{source_id}.jsonl", files)


def kept(folder: Path, curated: Curated) -> list[Snapshot]:
    """Read what a folder of tables was compiled from, and what is known by hand of open and closed."""
    found: list[Snapshot] = [
        (curated.sources[source_id], Imported(len(models), models=models))
        for source_id, models in curated.openness.items()
    ]
    for source_id in dict.fromkeys(file.source_id for file in curated.files):
        files = snapshots.read(folder / snapshots.FOLDER / f"{source_id}.jsonl")
        found += [(curated.sources[source_id], each) for _, each in files]
    return found


def _import(raw: Path, curated: Curated) -> dict[str, list[tuple[str, Imported]]]:
    """Read every raw file, by source; a file with too few rows fails the build."""
    if not raw.is_dir():
        raise DataError(f'There is no folder "{raw}"; name the one that holds the publishers\' files.')
    found: dict[str, list[tuple[str, Imported]]] = defaultdict(list)
    for file in curated.files:
        source = curated.sources[file.source_id]
        imported = IMPORTERS[source.importer](raw / file.path)
        if imported.rows < file.min_rows:
            raise TableError(
                raw / file.path,
                f"has {imported.rows} rows where it had {file.min_rows}; the file is cut short or its form changed",
            )
        check(raw / file.path, imported, source.snapshot, curated.units)
        found[source.source_id].append((Path(file.path).name, imported))
    return found


def _authors(imported: list[Snapshot]) -> dict[str, str]:
    return {source.source_id: source.author_of for source, _ in imported if source.author_of}


def _gather(imported: list[Snapshot], identity: Identity) -> dict[str, Known]:
    known: dict[str, Known] = defaultdict(Known)
    newest = {(source.series, model.spelling): source.snapshot for source, each in imported for model in each.models}
    for source, each in imported:
        for model in each.models:
            model_id, _ = identity.resolve(model.spelling, source.spellings, model.released)
            entry = known[model_id]
            word = model.claim and SourceWord(
                source.rank, source.source_id, source.role, model.claim, model.raw, source.publisher
            )
            if word:
                speaker = source.series or source.source_id, model.spelling
                entry.said[speaker].append((source.snapshot, word))
            if source.series and newest[source.series, model.spelling] > source.snapshot:
                continue  # a publisher's last word on a model counts
            entry.words.append((source.rank, source, model))
            if word:
                entry.openness.add(word)
    return known


def _sightings(imported: list[Snapshot], identity: Identity) -> list[Sighting]:
    sightings = []
    for source, each in imported:
        released = {model.spelling: model.released for model in each.models}
        for raw in each.scores:
            model, variant = identity.resolve(raw.spelling, source.spellings, released.get(raw.spelling))
            if source.role == "index":  # a score of the model, whichever of its versions it stands at
                variant = ""
            cell = Cell(raw.benchmark, raw.version, model, variant, raw.setting)
            sightings.append(
                Sighting(
                    cell,
                    raw.score,
                    raw.standard_error,
                    raw.grade,
                    raw.run_on,
                    source.snapshot,
                    source.source_id,
                    source.series,
                )
            )
    return sightings


def _models(
    known: dict[str, Known], curated: Curated, makers: Sequence[Lab]
) -> tuple[list[tuple[object, ...]], list[Conflict], list[tuple[object, ...]]]:
    """Decide name, date, lab and openness of each model that has a score."""
    by_name = inputs.labs_by_name(makers)
    rows: list[tuple[object, ...]] = []
    conflicts: list[Conflict] = []
    evidence_rows: list[tuple[object, ...]] = []
    chosen = {model: entry for model, entry in known.items() if entry.scored}
    names = _display_names(chosen, curated.names)
    for model, entry in chosen.items():
        words = sorted(entry.words, key=_precedence)
        released, date_source = _release_date(model, words, curated, conflicts)
        organization, _ = _maker(entry)
        maker = curated.makers.get(model, "")
        lab = next((by_name[part] for part in (maker, *inputs.lab_names(organization)) if part in by_name), None)
        openness, grade, decisive = classify(entry.openness)
        if model in curated.held and grade != "audited":
            openness, grade = curated.held[model]
            decisive = tuple(word for word in decisive if word.claim == openness)
        evidence_rows += [(model, word.source_id, word.claim, word.raw, word in decisive) for word in entry.openness]
        conflicts += classification.conflicts_of(model, openness, decisive, entry.openness)
        lab_id, country = (lab.lab_id, lab.country) if lab else ("", "")
        since = classification.known_from(entry.said.values(), by_one=model not in curated.waited)
        rows.append((model, names[model], released, date_source, lab_id, organization, country, openness, grade, since))
    return rows, conflicts, evidence_rows


def _awaited(known: Mapping[str, Known]) -> list[tuple[object, ...]]:
    """List the models without a score that an index names, and that came out in the half year to its last snapshot."""
    unscored = {model: sorted(entry.words, key=_precedence) for model, entry in known.items() if not entry.scored}
    by_index = {
        model: [source for _, source, _ in words if source.role == "index"] for model, words in unscored.items()
    }
    last = max((source.snapshot for sources in by_index.values() for source in sources), default=date.min)
    rows: list[tuple[object, ...]] = []
    for model, words in unscored.items():
        days = [word.released for _, source, word in words if word.released and source.role != LATE_BOUND]
        if by_index[model] and days and days[0] >= last - _AWAITED_FOR:
            name = next((word.name for *_, word in words if word.name), model)
            maker, _ = _maker(known[model])
            openness, _, _ = classify(known[model].openness)
            rows.append((model, name, days[0], maker, openness, by_index[model][0].source_id))
    return rows


def _maker(entry: Known) -> tuple[str, str]:
    """Return who made a model, and where: what the best source says of each."""
    words = [word for _, _, word in sorted(entry.words, key=_precedence)]
    organization = next((word.organization for word in words if word.organization), "")
    return organization, next((word.country for word in words if word.country), "")


def _precedence(word: tuple[int, Source, RawModel]) -> tuple[int, bool, bool, bool, str]:
    """Order what sources say of a model: by rank, then an override over the live index, which has the rank of one.

    Then a date goes over none, the model over a host's copy, the earlier day over a later one.
    """
    rank, source, model = word
    return rank, source.role != "override", model.released is None, "/" in model.spelling, str(model.released)


def _display_names(chosen: dict[str, Known], by_hand: Mapping[str, str]) -> dict[str, str]:
    """Name each model by hand or as its best source does; a name that several share gets the id in brackets."""
    named = {
        model: by_hand.get(model)
        or next(
            (split_effort(word.name)[0] for _, _, word in sorted(entry.words, key=lambda w: w[0]) if word.name), model
        )
        for model, entry in chosen.items()
    }
    shared = Counter(named.values())
    return {model: f"{name} ({model})" if shared[name] > 1 and name != model else name for model, name in named.items()}


def _release_date(
    model: str, words: list[tuple[int, Source, RawModel]], curated: Curated, conflicts: list[Conflict]
) -> tuple[str, str]:
    """Take the date of the best-ranked source that gives one; list every other date as a conflict."""
    days = [(word.released, source.source_id, source.role) for _, source, word in words if word.released]
    dated = [(released, source_id) for released, source_id, role in days if role != LATE_BOUND]
    correction = curated.corrections.get(model)
    if correction:
        kept = correction.released.isoformat() if correction.released else ""
        kept_source, why = "release_dates", correction.reason
    elif dated:
        kept, kept_source, why = dated[0][0].isoformat(), dated[0][1], "the source of higher rank goes first"
    else:
        return "", ""
    for released, source_id in sorted(set(dated)):
        if released.isoformat() != kept:
            day = released.isoformat()
            conflicts.append(Conflict("release date", model, "", kept or "withheld", kept_source, day, source_id, why))
    for seen, source_id, role in days:
        if role == LATE_BOUND and seen.isoformat() < kept:
            late = "it was out by then: a late bound, and no model's day"
            conflicts.append(Conflict("release date", model, "", kept, kept_source, seen.isoformat(), source_id, late))
    return kept, kept_source


def _conflict_rows(conflicts: list[Conflict], kept: set[str]) -> list[tuple[object, ...]]:
    """List each value that was not kept once, with the last reason."""
    rows = {
        (each.kind, each.model, each.subject, each.other, each.other_source): astuple(each)
        for each in conflicts
        if each.model in kept
    }
    return list(rows.values())


def _score_row(score: Score) -> tuple[object, ...]:
    cell, *values = (getattr(score, each.name) for each in fields(score))
    return *(getattr(cell, each.name) for each in fields(cell)), *values


def _alias_rows(imported: list[Snapshot], identity: Identity, kept: set[str]) -> set[tuple[object, ...]]:
    """List every spelling that differs from its model's id, with the source that uses it: of a series the newest."""
    newest = {
        (source.series or source.source_id, spelling): source.source_id
        for source, each in imported
        for spelling in ({raw.spelling for raw in each.models} | {raw.spelling for raw in each.scores})
    }
    rows: set[tuple[object, ...]] = set()
    for source, each in imported:
        released = {raw.spelling: raw.released for raw in each.models}
        for spelling in {raw.spelling for raw in each.scores} | set(released):
            model, variant = identity.resolve(spelling, source.spellings, released.get(spelling))
            is_newest = newest[source.series or source.source_id, spelling] == source.source_id
            if is_newest and model in kept and spelling != model:
                rows.add((spelling, source.source_id, model, variant))
    return rows


def _sizes(
    imported: list[Snapshot], identity: Identity, curated: Curated, models: list[tuple[object, ...]]
) -> list[tuple[object, ...]]:
    """List how many parameters each open model has, where its name, a source or a person with evidence says so."""
    stated: dict[str, list[tuple[str, RawSize]]] = defaultdict(list)
    for source, each in sorted(imported, key=lambda pair: (pair[0].role == "registry", pair[0].rank)):
        for size in each.sizes:
            model, _ = identity.resolve(size.spelling, source.spellings, size.released)
            stated[model].append((source.source_id, size))
    names = {str(model[0]): (str(model[0]), str(model[1])) for model in models if model[7] == "open"}
    return sizes.rows(names, curated.sizes, stated)


def _prices(imported: list[Snapshot], identity: Identity, models: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """List what scored models cost from which day on; a name means the model of this id, else the one shown so."""
    shown: dict[str, set[str]] = defaultdict(set)
    for model in models:
        shown[normal_form(str(model[1]))].add(str(model[0]))
    kept, rows = {str(model[0]) for model in models}, []
    for source, each in imported:
        for price in each.prices:
            model_id, _ = identity.resolve(price.spelling, source.spellings)
            called = {model_id} if model_id in kept else shown.get(normal_form(price.spelling), set())
            if len(called) == 1:
                rows.append((*called, price.provider, price.day, price.input_usd, price.output_usd, source.source_id))
    return sorted(rows)


def _reports(curated: Curated, imported: list[Snapshot]) -> list[SourceReport]:
    reports = []
    for source in {**curated.sources, **{source.source_id: source for source, _ in imported}}.values():
        files = [each for other, each in imported if other is source]
        dropped = Counter(drop.reason for each in files for drop in each.dropped)
        reports.append(SourceReport(source, sum(each.rows for each in files), dropped))
    return reports


def _source_row(report: SourceReport, scored: set[str]) -> tuple[object, ...]:
    """Return a source as a row; one of which nothing is said sets the data's day if it is whole and gave scores."""
    source = report.source
    sets_day = source.complete and source.source_id in scored if source.sets_day is None else source.sets_day
    return (
        source.source_id, source.publisher, source.title, source.snapshot, source.held_until, source.complete, sets_day,
        source.role, source.licence, source.citation, source.url, report.rows, report.used, report.dropped.total(),
    )  # fmt: skip


def _dropped_rows(imported: list[Snapshot]) -> list[tuple[object, ...]]:
    by_reason: dict[tuple[str, str], list[str]] = defaultdict(list)
    for source, each in imported:
        for drop in each.dropped:
            by_reason[source.source_id, drop.reason].append(drop.what)
    return [
        (source_id, reason, len(what), "; ".join(sorted(set(filter(None, what)))[:3]))
        for (source_id, reason), what in by_reason.items()
    ]


def _swap(aside: Path, folder: Path) -> None:
    """Put the new tables in place of the old.

    The table of sources, TABLES[0], goes first and comes last. While it is away the folder can't be read, so
    a build that is killed here leaves an error behind, which the next build mends, and never tables of two builds.
    """
    old = aside / "old"
    old.mkdir()
    try:
        for table in TABLES:
            if table.path(folder).exists():
                os.replace(table.path(folder), table.path(old))
        if (folder / snapshots.FOLDER).exists():
            os.replace(folder / snapshots.FOLDER, old / snapshots.FOLDER)
        os.replace(aside / snapshots.FOLDER, folder / snapshots.FOLDER)
        for table in reversed(TABLES):
            os.replace(table.path(aside), table.path(folder))
    except OSError:
        for table in reversed(TABLES):
            if table.path(old).exists():
                os.replace(table.path(old), table.path(folder))
        if (old / snapshots.FOLDER).exists() and not (folder / snapshots.FOLDER).exists():
            os.replace(old / snapshots.FOLDER, folder / snapshots.FOLDER)
        raise


def report_tables(report: Report) -> list[Shown]:
    """Return the report as tables: rows per source, and what came of them."""
    rows = []
    for each in sorted(report.sources, key=lambda each: each.source.source_id):
        why = "; ".join(f"{reason}: {count}" for reason, count in sorted(each.dropped.items()))
        rows.append((each.source.source_id, str(each.rows), str(each.used), str(each.dropped.total()), why))
    totals = (
        ("scores", str(report.scores)),
        ("models", str(report.models)),
        ("models that are not known to be open or closed", str(report.unclassified)),
        ("conflicts between sources", str(report.conflicts)),
    )
    return [
        Shown("Rows per source", ("Source", "Read", "Used", "Dropped", "Why"), tuple(rows)),
        Shown("Compiled", ("What", "How many"), totals),
    ]
