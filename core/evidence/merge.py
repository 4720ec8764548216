"""One score from many snapshots: the same value is one score, a new value supersedes an old one."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from core.evidence.importers.rows import Grade


@dataclass(frozen=True)
class Cell:
    """What a score is of: two cells never mix."""

    benchmark: str
    version: str
    model: str
    variant: str
    setting: str


@dataclass(frozen=True)
class Sighting:
    """A score as one snapshot holds it."""

    cell: Cell
    score: float
    standard_error: float | None
    grade: Grade
    run_on: date | None
    snapshot: date
    source_id: str


@dataclass(frozen=True)
class Score:
    """A score with its two clocks: valid as known from `known_from` until before `superseded_from`."""

    cell: Cell
    score: float
    standard_error: float | None
    grade: Grade
    known_from: date
    known_grade: str
    superseded_from: date | None
    source_id: str


@dataclass(frozen=True)
class Conflict:
    """Two values that sources give for one thing; the first is kept."""

    kind: str
    model: str
    subject: str
    kept: str
    kept_source: str
    other: str
    other_source: str
    why: str


def same_value(a: float, b: float) -> bool:
    """Whether two figures differ by no more than publishers' rounding (0.02 points, or 0.1 %)."""
    return abs(a - b) <= max(0.02, 0.001 * abs(a))


def merge(sightings: Iterable[Sighting]) -> tuple[list[Score], list[Conflict]]:
    """Merge sightings, given in order of snapshot and then of the file, into scores and conflicts."""
    by_cell: dict[Cell, dict[tuple[date, str], list[Sighting]]] = defaultdict(lambda: defaultdict(list))
    for sighting in sightings:
        by_cell[sighting.cell][sighting.snapshot, sighting.source_id].append(sighting)
    scores: list[Score] = []
    conflicts: list[Conflict] = []
    for snapshots in by_cell.values():
        live: list[Score] = []
        for group in snapshots.values():
            live, old = _add(live, group, conflicts)
            scores.extend(old)
        scores.extend(_runs_apart(live))
    return scores, conflicts


def _add(live: list[Score], group: list[Sighting], conflicts: list[Conflict]) -> tuple[list[Score], list[Score]]:
    """Add one snapshot's sightings of a cell; return the scores that hold now, and those superseded."""
    group = sorted(group, key=lambda sighting: sighting.grade == "self-reported")
    unmatched = list(live)
    fresh: list[Score] = []
    held: list[Score] = []
    for sighting in group:
        match = next((score for score in unmatched + fresh + held if same_value(score.score, sighting.score)), None)
        if match is None:
            measured = next((s for s in live + fresh if s.grade != "self-reported"), None)
            if sighting.grade == "self-reported" and measured is not None:
                why = "a measured score goes before a self-reported one"
                conflicts.append(_conflict(measured, sighting, why))
                continue
            fresh.append(_score(sighting))
            continue
        for place in (unmatched, fresh, held):
            if match in place:
                place.remove(match)
        held.append(_joined(match, sighting))
    if not fresh:
        return held + unmatched, []
    new, day = fresh[0], fresh[0].known_from
    old = []
    for score in unmatched:
        why = "a later snapshot supersedes an earlier one"
        conflicts.append(
            Conflict(
                "score",
                score.cell.model,
                _subject(score.cell),
                f"{new.score:g}",
                new.source_id,
                f"{score.score:g}",
                score.source_id,
                why,
            )
        )
        old.append(replace(score, superseded_from=max(day, group[0].snapshot)))
    for other in fresh[1:]:
        if other.grade == new.grade:
            why = "several runs in one snapshot: all are kept, the best counts"
            conflicts.append(
                Conflict(
                    "score",
                    other.cell.model,
                    _subject(other.cell),
                    f"{new.score:g}",
                    new.source_id,
                    f"{other.score:g}",
                    other.source_id,
                    why,
                )
            )
    return held + fresh, old


def _runs_apart(live: list[Score]) -> list[Score]:
    """Give the second and later runs of one cell a setting of their own."""
    return live[:1] + [
        replace(score, cell=replace(score.cell, setting=f"{score.cell.setting} run {number}".strip()))
        for number, score in enumerate(live[1:], start=2)
    ]


def _score(sighting: Sighting) -> Score:
    return Score(
        sighting.cell,
        sighting.score,
        sighting.standard_error,
        sighting.grade,
        sighting.run_on or sighting.snapshot,
        "run date" if sighting.run_on else "snapshot",
        None,
        sighting.source_id,
    )


def _joined(score: Score, sighting: Sighting) -> Score:
    """Join a value that was seen again: keep the finer figure, the earlier day and any standard error."""
    seen = _score(sighting)
    finer = max(score.score, seen.score, key=lambda value: len(f"{value:.9f}".rstrip("0")))
    earlier = min(score, seen, key=lambda each: each.known_from)
    return replace(
        score,
        score=finer,
        standard_error=score.standard_error if score.standard_error is not None else seen.standard_error,
        known_from=earlier.known_from,
        known_grade=earlier.known_grade,
    )


def _subject(cell: Cell) -> str:
    return " ".join(filter(None, (cell.benchmark, cell.version, cell.variant, cell.setting)))


def _conflict(kept: Score, other: Sighting, why: str) -> Conflict:
    return Conflict(
        "score", kept.cell.model, _subject(kept.cell), f"{kept.score:g}", kept.source_id,
        f"{other.score:g}", other.source_id, why,
    )  # fmt: skip
