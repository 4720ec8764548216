"""Report what the evidence file holds, what is wrong with it, and which rows look like mistakes."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import combinations
from pathlib import Path

from core.answer import Table
from core.dataclass import dataclass
from core.errors import DataError
from core.store.making import changed_tables
from core.store.store import Store
from core.store.table_files import read_tables
from core.store.tables import BY_NAME, hash_tables


@dataclass(frozen=True)
class Inspection:
    """Tables for people, and problems (empty if all is well)."""

    tables: tuple[Table, ...]
    problems: tuple[str, ...]


_TOTALS = (
    "In all",
    ("What", "How many"),
    "SELECT 'scores', count(*) FROM scores UNION ALL SELECT 'models', count(*) FROM models"
    " UNION ALL SELECT 'models left out of the gap', count(*) FROM excluded_list"
    " UNION ALL SELECT 'conflicts: ' || kind, count(*) FROM conflicts GROUP BY kind"
    " UNION ALL SELECT 'complete to', max(coalesce(held_until, snapshot)) FROM sources WHERE sets_day"
    " UNION ALL SELECT 'newest release date', max(release_date) FROM models",
)
_COUNTED = (
    (
        "Sources",
        ("Source", "Snapshot", "Read", "Used", "Dropped", "Licence"),
        "SELECT source_id, snapshot, rows_read, rows_used, rows_dropped, licence FROM sources"
        " ORDER BY snapshot DESC, source_id",
    ),
    (
        "Benchmarks",
        ("Benchmark", "Kind", "Headline", "Scores", "Open models", "Closed models", "Newest model"),
        "SELECT b.name, b.access, CASE b.headline WHEN 1 THEN 'yes' ELSE 'no' END, count(s.rowid),"
        " count(DISTINCT CASE m.openness WHEN 'open' THEN m.model_id END),"
        " count(DISTINCT CASE m.openness WHEN 'closed' THEN m.model_id END), max(m.release_date)"
        " FROM benchmarks AS b LEFT JOIN scores AS s USING (benchmark_id, version)"
        " LEFT JOIN models AS m ON m.model_id = s.model_id AND m.release_date IS NOT NULL"
        " GROUP BY benchmark_id, version ORDER BY b.headline DESC, b.access, b.name",
    ),
    (
        "Open or closed, by evidence",
        ("Openness", "Evidence", "Models"),
        "SELECT openness, openness_grade, count(*) FROM models GROUP BY 1, 2 ORDER BY 1, 2",
    ),
    (
        "Rows read but not used",
        ("Source", "Reason", "Rows", "For example"),
        "SELECT source_id, reason, rows, examples FROM dropped ORDER BY source_id, reason",
    ),
    _TOTALS,
)
_DOUBTFUL = (
    (
        "Scored models that no gap can count",
        ("Model", "Reason"),
        "SELECT model_id, reason FROM excluded_list ORDER BY reason, model_id",
    ),
    (
        "Conflicts between sources on openness (all of them: view conflict_list)",
        ("Model", "Kept", "By", "Other", "By", "Why"),
        "SELECT model, kept, kept_source, other, other_source, why FROM conflict_list WHERE kind = 'openness'",
    ),
    (
        "Open models of the headline benchmarks without a number of parameters",
        ("Model", "Released", "Benchmarks"),
        "SELECT m.name, m.release_date, count(DISTINCT s.benchmark_id) FROM models AS m"
        " JOIN scores AS s USING (model_id) JOIN benchmarks AS b USING (benchmark_id, version)"
        " LEFT JOIN parameters AS p USING (model_id)"
        " WHERE m.openness = 'open' AND b.headline AND p.total_b IS NULL"
        " GROUP BY m.model_id ORDER BY m.release_date DESC, m.model_id",
    ),
    _TOTALS,
)


def _tables(store: Store, queries_: tuple[tuple[str, tuple[str, ...], str], ...]) -> tuple[Table, ...]:
    return tuple(
        Table(title, columns, tuple(tuple("–" if value is None else str(value) for value in row) for row in
                                    store.rows(query)))
        for title, columns, query in queries_
    )  # fmt: skip


def status(store: Store) -> Inspection:
    """Count the rows per source and per benchmark."""
    return Inspection(_tables(store, _COUNTED), ())


def _differences(store: Store, data: Path) -> list[str]:
    """Compare every row of the file with the tables it was built from: somebody may have written to it."""
    try:
        tables = read_tables(data)
    except DataError as error:
        return [str(error)]
    return [
        f"{name} differs from {BY_NAME[name].path(data).name}; `gapbrief doctor` makes {store.path} anew"
        for name in changed_tables(store.connection, tables)
    ]


def check(store: Store, data: Path) -> Inspection:
    """Check the file's integrity, compare it with the tables in `data`, and list what is in doubt."""
    problems = [str(row[0]) for row in store.rows("PRAGMA integrity_check") if row[0] != "ok"]
    broken_rows = store.rows("PRAGMA foreign_key_check")
    if broken_rows:
        problems.append(f"{len(broken_rows)} rows refer to something that does not exist")
    if store.revision != hash_tables(data):
        problems.append("the evidence file was not built from these tables")
    problems += _differences(store, data)
    return Inspection(_tables(store, _DOUBTFUL), tuple(problems))


DISPUTED = "disputed"
"""The kind of suspect for a model whose class more publishers dispute than confirm."""
_ADDED = re.compile(r"\b(hf|preview|exp|experimental|beta|latest|v?\d{6,8}|(\d\d )?20\d\d|\d\d \d\d|\d{4})\b")
"""What sources add to a model's name or leave out: its host, stage or date. Words such as chat, base, mini or pro
name another product."""
_APART = re.compile(r"[^a-z0-9]+")
_LIKE_DAYS = 30
"""Two models with like names may be one model if their release dates are at most this many days apart. A model with
release dates further apart may be two models."""
_EARLY_DAYS = 7
"""A run up to this many days before the release is early access. Earlier than that, one of the two dates is wrong."""


@dataclass(frozen=True)
class Suspect:
    """A likely mistake: its kind, the ids of the models, and what was seen."""

    kind: str
    models: tuple[str, ...]
    seen: str


def find_suspects(store: Store) -> list[Suspect]:
    """List all suspects, by kind. A suspect is something to look at, not an error."""
    finders = (_find_split, _find_merged, _find_repeated_runs, _find_disputed, _find_early_runs)
    return [suspect for find in finders for suspect in find(store)]


def _find_split(store: Store) -> Iterator[Suspect]:
    """Find two models of one lab, released within a month, whose names differ only by what sources add.

    If one source lists both models, they really are two.
    """
    listing: dict[str, set[str]] = defaultdict(set)
    for table in ("aliases", "scores"):
        for model, source in store.rows(f"SELECT DISTINCT model_id, source_id FROM {table}"):  # noqa: S608
            listing[model].add(source)
    like: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    rows = store.rows(
        "SELECT model_id, lab_id, release_date FROM models WHERE release_date IS NOT NULL AND lab_id <> ''"
    )
    for model, lab, day in rows:
        like[lab, _plain(model)].append((model, day))
    for group in like.values():
        for (one, day), (other, other_day) in combinations(sorted(group), 2):
            if abs(_days(day, other_day)) <= _LIKE_DAYS and not listing[one] & listing[other]:
                yield Suspect("split", (one, other), f"like names, {day} and {other_day}")


def _find_merged(store: Store) -> Iterator[Suspect]:
    """Find a model with release dates over a month apart; skip dates that a person decided."""
    rows = store.rows(
        "SELECT model_id, kept, other, group_concat(DISTINCT other_source) FROM conflicts WHERE kind = 'release date'"
        " AND kept_source <> 'release_dates' AND kept <> 'withheld' GROUP BY model_id, kept, other ORDER BY model_id"
    )
    by_name: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for model, kept_name, other, sources in rows:
        if abs(_days(kept_name, other)) > _LIKE_DAYS:
            by_name[model].append((abs(_days(kept_name, other)), other, f"{kept_name}, but {other} by {sources}"))
    for model, days in by_name.items():
        yield Suspect("merged or misdated", (model,), max(days)[2])


def _find_repeated_runs(store: Store) -> Iterator[Suspect]:
    """Find duplicate runs: of one model at two efforts, or of two models with like names."""
    rows = store.rows(
        "SELECT b.name, a.model_id, c.model_id, a.variant, c.variant, a.score, a.known_from FROM scores AS a"
        " JOIN scores AS c ON (a.benchmark_id, a.version, a.score, a.known_from, a.source_id)"
        "  = (c.benchmark_id, c.version, c.score, c.known_from, c.source_id) AND a.rowid < c.rowid"
        " JOIN models AS m ON m.model_id = a.model_id JOIN models AS n ON n.model_id = c.model_id"
        " JOIN benchmarks AS b ON (b.benchmark_id, b.version) = (a.benchmark_id, a.version)"
        " WHERE a.superseded_from IS NULL AND c.superseded_from IS NULL AND a.score > 0"
        "  AND b.unit <> 'points'"
        "  AND ((a.model_id = c.model_id AND a.known_grade = 'run date' AND a.variant <> c.variant)"
        "   OR (a.model_id <> c.model_id AND m.lab_id = n.lab_id AND m.release_date <> n.release_date))"
        " ORDER BY a.rowid, c.rowid"
    )
    for board, model, other, effort, other_effort, score, day in rows:
        if model == other:
            yield Suspect("twice", (model,), f'{board}: {score:.4g} of {day}, efforts "{effort}" and "{other_effort}"')
        elif _is_longer(_plain(model), _plain(other)) or _is_longer(_plain(other), _plain(model)):
            yield Suspect("twice", (model, other), f"{board}: {score:.4g} of {day}, two models of like names")


def _plain(model: str) -> str:
    """Return a model's id without a host's prefix and everything else that sources add or leave out."""
    return _ADDED.sub("", _APART.sub(" ", model.lower().rsplit("/", 1)[-1])).replace(" ", "")


def _is_longer(name: str, other: str) -> bool:
    """Whether a plain name equals or extends another. An extension that starts with a digit is another version."""
    return name == other or (name.startswith(other) and not name[len(other)].isdigit())


def _find_disputed(store: Store) -> Iterator[Suspect]:
    """Find a model whose class (open or closed) more publishers dispute than confirm."""
    for model, kept_name, by, others in store.rows("SELECT model_id, kept, kept_by, otherwise_by FROM disputed_list"):
        yield Suspect(DISPUTED, (model,), f"{kept_name} by {by}, otherwise by {others}")


def _find_early_runs(store: Store) -> Iterator[Suspect]:
    """Find a model with a run more than a week before its release."""
    rows = store.rows(
        "SELECT m.model_id, m.release_date, min(s.known_from), count(*) FROM scores AS s"
        " JOIN models AS m USING (model_id)"
        " WHERE s.known_grade = 'run date' AND julianday(m.release_date) - julianday(s.known_from) > ?"
        " GROUP BY m.model_id ORDER BY m.model_id",
        (_EARLY_DAYS,),
    )
    for model, released, run, number in rows:
        yield Suspect("run before release", (model,), f"released {released}, {number} runs from {run} on")


def _days(one: str, other: str) -> int:
    return (date.fromisoformat(one) - date.fromisoformat(other)).days
