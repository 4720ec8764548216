"""`gapbrief data build`: compile the publishers' raw files into the project's own tables."""

import os
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date, timedelta
from functools import cached_property, partial
from pathlib import Path
from types import MappingProxyType

from core.answer import Table as AnswerTable
from core.dataclass import dataclass
from core.errors import DataError, TableError
from core.evidence import classification, declared_boards, sizes, snapshots
from core.evidence import curated as inputs
from core.evidence.classification import SourceWord, classify
from core.evidence.curated import LATE_BOUND, Curated, Lab, Source
from core.evidence.declared_boards import OwnBenchmark
from core.evidence.identity import Identity, PriorIds, normal_form, split_effort
from core.evidence.importers import IMPORTERS
from core.evidence.importers.rows import FileContent, RawModel, RawSize
from core.evidence.merge import Cell, Conflict, Sighting, merge
from core.evidence.model_ids import Snapshot, build_identity, drop_shared_names, read_prior_ids, rekey_by_id
from core.evidence.plausibility import check_rows, drop_doubles
from core.store.file import explain_write_error
from core.store.table_files import read_tables, write_table
from core.store.tables import BY_NAME, TABLES, Tables

_AWAITED_FOR = timedelta(days=183)
"""How long a model named by an index is awaited on a board after its release: as long as a board stays live."""
_COPIED = ("benchmarks", "thresholds", "countries", "published", "glossary", "biases")


@dataclass()
class ModelRecord:
    """What all sources say about one model; `histories` holds the words on its openness by series and spelling."""

    words: list[tuple[int, Source, RawModel]] = field(default_factory=list)
    openness: set[SourceWord] = field(default_factory=set)
    histories: dict[tuple[str, str], list[tuple[date, SourceWord]]] = field(default_factory=lambda: defaultdict(list))
    is_scored: bool = False

    @cached_property
    def in_order(self) -> list[tuple[int, Source, RawModel]]:
        """Return the words, once all are gathered, by precedence."""
        return sorted(self.words, key=_precedence)


@dataclass(frozen=True)
class SourceReport:
    """Counts of one source's rows: read, used, and dropped by reason."""

    source: Source
    rows: int
    dropped: Counter[str]

    @property
    def n_used(self) -> int:
        """Return the number of rows that were not dropped."""
        return self.rows - self.dropped.total()


@dataclass(frozen=True)
class Report:
    """The result of a build, in numbers."""

    sources: tuple[SourceReport, ...]
    scores: int
    models: int
    conflicts: int
    unclassified: int


def build(raw: Path, folder: Path) -> Report:
    """Compile the raw files under `raw` into the tables of `folder`, replacing all old tables.

    The imported rows of each source are kept in `folder/imported`; the tables are compiled from them, as in a refresh.
    The new tables are written to a separate folder and checked before an old table is touched. Raises TableError or
    DataError if a file is missing, damaged, or has fewer rows than its minimum.
    """
    curated = inputs.read_curated(folder / "curated")
    files_by_source = _import_raw(raw, curated)
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".build-") as name:
            draft = Path(name)
            (draft / snapshots.FOLDER).mkdir()
            for source_id, files in files_by_source.items():
                snapshots.write_rows(draft / snapshots.FOLDER / f"{source_id}.jsonl", files)
            report = compile_tables(curated, read_inputs(draft, curated), folder / "curated", draft, previous=folder)
            _swap(draft, folder)
    except OSError as error:
        raise DataError(
            f"The tables in {folder} can't be written: {explain_write_error(error)}. The last good data stays in use."
        ) from error
    return report


def compile_tables(
    curated: Curated,
    files: list[Snapshot],
    hand_kept: Path,
    folder: Path,
    previous: Path | None = None,
) -> Report:
    """Compile all tables into a folder, from imported snapshots and the folder of `hand_kept` tables.

    Models keep their ids of the `previous` tables. Raises TableError if a table breaks its contract, and OSError if
    the folder can't be written.
    """
    compilation = Compilation(curated, files, previous)
    compilation.write_tables(hand_kept, folder)
    return compilation.report


def _taken_names(curated: Curated, models: Iterable[Iterable[object]]) -> set[str]:
    """Return the names of models, labs and their countries, in normal form."""
    names = {str(name) for model in models for name in list(model)[:2]}
    names |= {name for lab in curated.labs for name in (lab.lab_id, lab.name, lab.country, *lab.aliases)}
    return set(map(normal_form, names))


class Compilation:
    """Imported snapshots whose models are identified and whose scores are merged, to write tables of.

    The tables can be written again with other models held, or waited for, in `curated`.
    """

    def __init__(self, curated: Curated, files: list[Snapshot], previous: Path | None = None) -> None:
        self._files = files = sorted(files, key=lambda file: (file[0].snapshot, -file[0].rank))
        declared_boards.assign_known_boards(files)
        prior = read_prior_ids(previous, files) if previous else PriorIds()
        self._identity = identity = build_identity(curated, files, prior)
        drop_shared_names(files, identity)
        self._records = records = _gather_words(files, identity)
        for source, content in files:
            drop_doubles(content, partial(identity.resolve, group=source.spellings))
        authors = {source.source_id: source.author_of for source, _ in files if source.author_of}
        self._scores, self._conflicts = merge(_list_sightings(files, identity), authors)
        for score in self._scores:
            records[score.cell.model].is_scored = True
        self.curated = rekey_by_id(curated, identity)
        scored = (record for model, record in sorted(records.items()) if model not in self.curated.makers)
        self._labs = inputs.with_new_labs(curated.labs, (_maker(record) for record in scored if record.is_scored))

    def write_tables(
        self, hand_kept: Path, folder: Path, own: Sequence[OwnBenchmark] = (),
        access: Mapping[str, str] = MappingProxyType({}),
    ) -> Tables:  # fmt: skip
        """Write all tables as `compile_tables` does, and return what they hold.

        `own` benchmarks come after the hand-kept benchmarks, and benchmarks declared by publishers come last; `access`
        holds the access class of declared benchmarks that a person has classified.
        """
        tables = self._compile_rows()
        for table in TABLES:
            if table.name in _COPIED:
                shutil.copyfile(hand_kept / f"{table.name}.csv", table.path(folder))
            else:
                write_table(table, folder, tables[table.name])
        new_boards = declared_boards.newest_boards(self._files, self.curated.units)
        if own or new_boards:
            used_names = _taken_names(self.curated, tables["models"])
            declared_boards.add_benchmarks(BY_NAME["benchmarks"].path(folder), own, new_boards, access, used_names)
        return read_tables(folder)

    def _compile_rows(self) -> dict[str, Iterable[Iterable[object]]]:
        """Return the rows of all tables that are not copied; sets the report."""
        files, identity, curated = self._files, self._identity, self.curated
        models, date_conflicts, evidence_rows = _decide_models(self._records, curated, self._labs)
        in_tables = {str(model[0]) for model in models}
        conflict_rows = _conflict_rows([*self._conflicts, *date_conflicts], in_tables)
        reports = tuple(_report_sources(curated, files))
        n_unclassified = sum(model[7] == "unknown" for model in models)
        self.report = Report(reports, len(self._scores), len(models), len(conflict_rows), n_unclassified)
        with_scores = {score.source_id for score in self._scores}
        return {
            "sources": [_source_row(report, with_scores) for report in reports],
            "dropped": _dropped_rows(files),
            "labs": [(lab.lab_id, lab.name, lab.country, ";".join(lab.aliases)) for lab in self._labs],
            "models": models,
            "awaited": _unscored_rows(self._records),
            "aliases": _alias_rows(files, identity, in_tables),
            "scores": [
                (*s.cell, *s[1:]) for s in sorted(self._scores, key=lambda s: (s.cell.benchmark, s.cell.version))
            ],
            "classifications": [row for row in evidence_rows if row[0] in in_tables],
            "conflicts": conflict_rows,
            "parameters": _size_rows(files, identity, curated, models),
            "model_prices": _price_rows(files, identity, models),
        }


def read_inputs(folder: Path, curated: Curated) -> list[Snapshot]:
    """Read the imported rows that a folder's tables were compiled from, and the hand-kept openness of models."""
    files: list[Snapshot] = [
        (curated.sources[source_id], FileContent(len(models), models=models))
        for source_id, models in curated.openness.items()
    ]
    for source_id in dict.fromkeys(file.source_id for file in curated.files):
        path = folder / snapshots.FOLDER / f"{source_id}.jsonl"
        files += [(curated.sources[source_id], content) for _, content in snapshots.read_rows(path)]
    return files


def _import_raw(raw: Path, curated: Curated) -> dict[str, list[tuple[str, FileContent]]]:
    """Read all raw files, by source; a file with too few rows fails the build."""
    if not raw.is_dir():
        raise DataError(f'There is no folder "{raw}"; name the one that holds the publishers\' files.')
    files_by_source: dict[str, list[tuple[str, FileContent]]] = defaultdict(list)
    for file in curated.files:
        source = curated.sources[file.source_id]
        content = IMPORTERS[source.importer](raw / file.path)
        if content.rows < file.min_rows:
            raise TableError(
                raw / file.path,
                f"has {content.rows} rows where it had {file.min_rows}; the file is cut short or its form changed",
            )
        check_rows(raw / file.path, content, source.snapshot, curated.units)
        files_by_source[source.source_id].append((Path(file.path).name, content))
    return files_by_source


def _gather_words(files: list[Snapshot], identity: Identity) -> dict[str, ModelRecord]:
    """Collect what sources say about each model, by model id: only the last word of a series, and its full history."""
    records: dict[str, ModelRecord] = defaultdict(ModelRecord)
    newest = {(source.series, model.spelling): source.snapshot for source, read in files for model in read.models}
    for source, content in files:
        for model in content.models:
            model_id, _ = identity.resolve(model.spelling, source.spellings, model.released)
            record = records[model_id]
            word = model.claim and SourceWord(
                source.rank, source.source_id, source.role, model.claim, model.raw, source.publisher
            )
            if word:
                speaker = source.series or source.source_id, model.spelling
                record.histories[speaker].append((source.snapshot, word))
            if source.series and newest[source.series, model.spelling] > source.snapshot:
                continue
            record.words.append((source.rank, source, model))
            if word:
                record.openness.add(word)
    return records


def _list_sightings(files: list[Snapshot], identity: Identity) -> list[Sighting]:
    sightings = []
    for source, content in files:
        days = {model.spelling: model.released for model in content.models}
        for raw in content.scores:
            model, variant = identity.resolve(raw.spelling, source.spellings, days.get(raw.spelling))
            if source.role == "index":  # an index scores the model, whichever version it lists
                variant = ""
            cell = Cell(raw.benchmark, raw.version, model, variant, raw.setting)
            sightings.append(
                Sighting(
                    cell, raw.score, raw.standard_error, raw.grade, raw.run_on, source.snapshot, source.source_id,
                    source.series,
                )
            )  # fmt: skip
    return sightings


def _decide_models(
    records: dict[str, ModelRecord], curated: Curated, labs: Sequence[Lab]
) -> tuple[list[tuple[object, ...]], list[Conflict], list[tuple[object, ...]]]:
    """Decide name, date, lab and openness of each model with a score; return rows, conflicts and openness evidence."""
    by_name = inputs.labs_by_name(labs)
    rows: list[tuple[object, ...]] = []
    conflicts: list[Conflict] = []
    evidence_rows: list[tuple[object, ...]] = []
    with_scores = {model: record for model, record in records.items() if record.is_scored}
    names = _display_names(with_scores, curated.names)
    for model, record in with_scores.items():
        words = record.in_order
        released, date_source = _release_date(model, words, curated, conflicts)
        organization, _ = _maker(record)
        maker = curated.makers.get(model, "")
        lab = next((by_name[part] for part in (maker, *inputs.lab_names(organization)) if part in by_name), None)
        openness, grade, decisive = classify(record.openness)
        if model in curated.held and grade != "audited":
            openness, grade = curated.held[model]
            decisive = tuple(word for word in decisive if word.claim == openness)
        evidence_rows += [(model, word.source_id, word.claim, word.raw, word in decisive) for word in record.openness]
        conflicts += classification.openness_conflicts(model, openness, decisive, record.openness)
        lab_id, country = (lab.lab_id, lab.country) if lab else ("", "")
        since = classification.known_since(record.histories.values(), by_one=model not in curated.waited)
        rows.append((model, names[model], released, date_source, lab_id, organization, country, openness, grade, since))
    return rows, conflicts, evidence_rows


def _unscored_rows(records: Mapping[str, ModelRecord]) -> list[tuple[object, ...]]:
    """List the models without a score that an index names, released in the half year before the last snapshot."""
    days_by_model = {model: record.in_order for model, record in records.items() if not record.is_scored}
    by_index = {
        model: [source for _, source, _ in words if source.role == "index"] for model, words in days_by_model.items()
    }
    last = max((source.snapshot for sources in by_index.values() for source in sources), default=date.min)
    rows: list[tuple[object, ...]] = []
    for model, words in days_by_model.items():
        days = [word.released for _, source, word in words if word.released and source.role != LATE_BOUND]
        if by_index[model] and days and days[0] >= last - _AWAITED_FOR:
            name = next((word.name for *_, word in words if word.name), model)
            maker, _ = _maker(records[model])
            openness, _, _ = classify(records[model].openness)
            rows.append((model, name, days[0], maker, openness, by_index[model][0].source_id))
    return rows


def _maker(record: ModelRecord) -> tuple[str, str]:
    """Return the organization and the country of a model, each from its best-ranked source."""
    words = [word for _, _, word in record.in_order]
    organization = next((word.organization for word in words if word.organization), "")
    return organization, next((word.country for word in words if word.country), "")


def _precedence(word: tuple[int, Source, RawModel]) -> tuple[int, bool, bool, bool, str]:
    """Return the sort key of a source's word on a model: by rank, an override before the live index of equal rank.

    Then words with a date before words without, the model before a host's copy, and earlier days first.
    """
    rank, source, model = word
    return rank, source.role != "override", model.released is None, "/" in model.spelling, str(model.released)


def _display_names(records: dict[str, ModelRecord], by_hand: Mapping[str, str]) -> dict[str, str]:
    """Name each model by hand or by its best source; a name shared by several models gets the id in brackets."""
    names = {}
    for model, record in records.items():
        words = sorted(record.words, key=lambda word: word[0])
        of_sources = (split_effort(word.name)[0] for _, _, word in words if word.name)
        names[model] = by_hand.get(model) or next(of_sources, model)
    counts = Counter(names.values())
    return {model: f"{name} ({model})" if counts[name] > 1 and name != model else name for model, name in names.items()}


def _release_date(
    model: str, words: list[tuple[int, Source, RawModel]], curated: Curated, conflicts: list[Conflict]
) -> tuple[str, str]:
    """Take the date of the best-ranked source with a date; list all other dates as conflicts."""
    days = [(word.released.isoformat(), source.source_id, source.role) for _, source, word in words if word.released]
    dates = [(day, source_id) for day, source_id, role in days if role != LATE_BOUND]
    correction = curated.corrections.get(model)
    if correction:
        final = correction.released.isoformat() if correction.released else ""
        kept_source, why = "release_dates", correction.reason
    elif dates:
        (final, kept_source), why = dates[0], "the source of higher rank goes first"
    else:
        return "", ""
    for day, source_id in sorted(set(dates)):
        if day != final:
            conflicts.append(Conflict("release date", model, "", final or "withheld", kept_source, day, source_id, why))
    for day, source_id, role in days:
        if role == LATE_BOUND and day < final:
            why_late = "it was out by then: a late bound, and no model's day"
            conflicts.append(Conflict("release date", model, "", final, kept_source, day, source_id, why_late))
    return final, kept_source


def _conflict_rows(conflicts: list[Conflict], models: set[str]) -> list[tuple[object, ...]]:
    """List each rejected value once, with the last reason."""
    rows = {
        (row.kind, row.model, row.subject, row.other, row.other_source): row for row in conflicts if row.model in models
    }
    return list(rows.values())


def _alias_rows(files: list[Snapshot], identity: Identity, models: set[str]) -> set[tuple[object, ...]]:
    """List the spellings that differ from the model id, with their source; for a series, its newest source."""
    newest = {
        (source.series or source.source_id, spelling): source.source_id
        for source, read in files
        for spelling in (*(model.spelling for model in read.models), *(score.spelling for score in read.scores))
    }
    rows: set[tuple[object, ...]] = set()
    for source, content in files:
        released = {raw.spelling: raw.released for raw in content.models}
        for spelling in {raw.spelling for raw in content.scores} | set(released):
            model, variant = identity.resolve(spelling, source.spellings, released.get(spelling))
            is_newest = newest[source.series or source.source_id, spelling] == source.source_id
            if is_newest and model in models and spelling != model:
                rows.add((spelling, source.source_id, model, variant))
    return rows


def _size_rows(
    files: list[Snapshot], identity: Identity, curated: Curated, models: list[tuple[object, ...]]
) -> list[tuple[object, ...]]:
    """List the parameters of open models, as stated by the name, a source, or a person with evidence."""
    sizes_by_model: dict[str, list[tuple[str, RawSize]]] = defaultdict(list)
    for source, content in sorted(files, key=lambda file: (file[0].role == "registry", file[0].rank)):
        for size in content.sizes:
            model, _ = identity.resolve(size.spelling, source.spellings, size.released)
            sizes_by_model[model].append((source.source_id, size))
    names = {str(model[0]): (str(model[0]), str(model[1])) for model in models if model[7] == "open"}
    return sizes.size_rows(names, curated.sizes, sizes_by_model)


def _price_rows(
    files: list[Snapshot], identity: Identity, models: list[tuple[object, ...]]
) -> list[tuple[object, ...]]:
    """List the prices of scored models by day; a name means the model with this id, or else with this display name."""
    ids_by_name: dict[str, set[str]] = defaultdict(set)
    for model in models:
        ids_by_name[normal_form(str(model[1]))].add(str(model[0]))
    ids, rows = {str(model[0]) for model in models}, []
    for source, content in files:
        for price in content.prices:
            model_id, _ = identity.resolve(price.spelling, source.spellings)
            owners = {model_id} if model_id in ids else ids_by_name.get(normal_form(price.spelling), set())
            if len(owners) == 1:
                rows.append((*owners, price.provider, price.day, price.input_usd, price.output_usd, source.source_id))
    return sorted(rows)


def _report_sources(curated: Curated, files: list[Snapshot]) -> list[SourceReport]:
    reports = []
    for source in {**curated.sources, **{source.source_id: source for source, _ in files}}.values():
        of_source = [content for other, content in files if other is source]
        counts = Counter(drop.reason for content in of_source for drop in content.dropped)
        reports.append(SourceReport(source, sum(content.rows for content in of_source), counts))
    return reports


def _source_row(report: SourceReport, models: set[str]) -> tuple[object, ...]:
    """Return the row of a source; by default, a complete source with scores sets the day of the data."""
    source = report.source
    sets_day = source.complete and source.source_id in models if source.sets_day is None else source.sets_day
    return (
        source.source_id, source.publisher, source.title, source.snapshot, source.held_until, source.complete, sets_day,
        source.role, source.licence, source.citation, source.url, report.rows, report.n_used, report.dropped.total(),
    )  # fmt: skip


def _dropped_rows(files: list[Snapshot]) -> list[tuple[object, ...]]:
    by_reason: dict[tuple[str, str], list[str]] = defaultdict(list)
    for source, content in files:
        for drop in content.dropped:
            by_reason[source.source_id, drop.reason].append(drop.what)
    return [
        (source_id, reason, len(what), "; ".join(sorted(set(filter(None, what)))[:3]))
        for (source_id, reason), what in by_reason.items()
    ]


def _swap(draft: Path, folder: Path) -> None:
    """Replace the old tables with the new tables.

    The table of sources, TABLES[0], is removed first and written last. The folder can't be read without it, so a build
    that is killed here leaves an error, which the next build repairs, and never a mix of two builds.
    """
    old = draft / "old"
    old.mkdir()
    try:
        for table in TABLES:
            if table.path(folder).exists():
                os.replace(table.path(folder), table.path(old))
        if (folder / snapshots.FOLDER).exists():
            os.replace(folder / snapshots.FOLDER, old / snapshots.FOLDER)
        os.replace(draft / snapshots.FOLDER, folder / snapshots.FOLDER)
        for table in reversed(TABLES):
            os.replace(table.path(draft), table.path(folder))
    except OSError:
        for table in reversed(TABLES):
            if table.path(old).exists():
                os.replace(table.path(old), table.path(folder))
        if (old / snapshots.FOLDER).exists() and not (folder / snapshots.FOLDER).exists():
            os.replace(old / snapshots.FOLDER, folder / snapshots.FOLDER)
        raise


def report_tables(report: Report) -> list[AnswerTable]:
    """Return the report as tables: rows per source, and the compiled totals."""
    rows = []
    for source in sorted(report.sources, key=lambda source: source.source.source_id):
        why = "; ".join(f"{reason}: {count}" for reason, count in sorted(source.dropped.items()))
        counts = (str(source.rows), str(source.n_used), str(source.dropped.total()))
        rows.append((source.source.source_id, *counts, why))
    totals = (
        ("scores", str(report.scores)),
        ("models", str(report.models)),
        ("models that are not known to be open or closed", str(report.unclassified)),
        ("conflicts between sources", str(report.conflicts)),
    )
    return [
        AnswerTable("Rows per source", ("Source", "Read", "Used", "Dropped", "Why"), tuple(rows)),
        AnswerTable("Compiled", ("What", "How many"), totals),
    ]
