"""Merge snapshots into scores: an equal value is the same score, a new value supersedes an old one."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from core.store.tables import ScoreGrade


class Cell(NamedTuple):
    """What a score measures; scores of different cells are never merged."""

    benchmark: str
    version: str
    model: str
    variant: str
    setting: str


class Sighting(NamedTuple):
    """A score in one snapshot."""

    cell: Cell
    score: float
    standard_error: float | None
    grade: ScoreGrade
    run_on: date | None
    snapshot: date
    source_id: str
    series: str = ""


class Score(NamedTuple):
    """A score and the days on which it is valid: from `known_from` until before `superseded_from`.

    `gone_from` is the day from which its publisher no longer lists it, without a replacement; the score stays valid.
    """

    cell: Cell
    score: float
    standard_error: float | None
    grade: ScoreGrade
    known_from: date
    known_grade: str
    superseded_from: date | None
    gone_from: date | None
    source_id: str


class Conflict(NamedTuple):
    """Two different values that sources give for the same thing; the first is kept."""

    kind: str
    model: str
    subject: str
    kept: str
    kept_source: str
    other: str
    other_source: str
    why: str


def same_value(a: float, b: float) -> bool:
    """Return whether two figures differ only by publishers' rounding (0.02 points, or 0.1 %)."""
    return abs(a - b) <= max(0.02, 0.001 * abs(a))


def merge(
    sightings: Iterable[Sighting], authors: Mapping[str, str] = MappingProxyType({})
) -> tuple[list[Score], list[Conflict]]:
    """Merge sightings, sorted by snapshot and then in file order, into scores and conflicts.

    `authors` maps a source id to the benchmark whose complete board the source is; other sources' copies of the board
    count only for models that the board lacks. Within a series of snapshots, a cell counts again only if it has
    changed, so an unchanged copy does not undo another publisher's correction. From a board's second snapshot on, a
    score is known from the first snapshot that lists it, whatever the day of its run.
    """
    by_cell: dict[Cell, dict[tuple[date, str], list[Sighting]]] = defaultdict(lambda: defaultdict(list))
    boards: dict[tuple[str, str, str], list[Sighting]] = defaultdict(list)
    listed_days: dict[tuple[str, str, str], set[date]] = defaultdict(set)
    for sighting in sightings:
        if sighting.series:
            days = listed_days[sighting.series, sighting.cell.benchmark, sighting.cell.version]
            days.add(sighting.snapshot)
            if sighting.run_on and len(days) > 1:  # the last reading did not list this run, so it was not known before
                sighting = sighting._replace(run_on=None)
        by_cell[sighting.cell][sighting.snapshot, sighting.source_id].append(sighting)
        if authors.get(sighting.source_id) == sighting.cell.benchmark:
            boards[sighting.cell.benchmark, sighting.cell.version, sighting.cell.model].append(sighting)
    scores: list[Score] = []
    conflicts: list[Conflict] = []
    for cell, snapshots in by_cell.items():
        live: list[Score] = []
        for group in _drop_repetitions(snapshots.values()):
            live, superseded_scores = _add_snapshot(live, group, conflicts)
            scores.extend(superseded_scores)
        board = boards.get((cell.benchmark, cell.version, cell.model), [])
        if board:
            live = [_compare_with_board(score, board, conflicts) for score in live]
        for score in _separate_runs(live):
            day = _gone_from(score, snapshots.values(), listed_days)
            scores.append(score._replace(gone_from=day) if day else score)
    return scores, conflicts


def _add_snapshot(
    live: list[Score], group: list[Sighting], conflicts: list[Conflict]
) -> tuple[list[Score], list[Score]]:
    """Add one snapshot's sightings of a cell; return the valid scores and the superseded scores."""
    if not live and len(group) == 1:
        return [_score(group[0])], []
    unmatched = list(live)
    repeats: list[Score] = []
    new_scores: list[Score] = []
    for sighting in sorted(group, key=lambda sighting: sighting.grade == "self-reported"):
        twin = next((score for score in unmatched if same_value(score.score, sighting.score)), None)
        if twin is not None:
            unmatched.remove(twin)
            repeats.append(_join(twin, sighting))
            continue
        double = next((score for score in repeats + new_scores if same_value(score.score, sighting.score)), None)
        if double is not None:
            scores = repeats if double in repeats else new_scores
            scores[scores.index(double)] = _join(double, sighting)
            continue
        board_run = next((score for score in repeats + unmatched + new_scores if score.grade != "self-reported"), None)
        if sighting.grade == "self-reported" and board_run is not None:
            why = "a measured score goes before a self-reported one"
            conflicts.append(_conflict(board_run, _score(sighting), why))
            continue
        new_scores.append(_score(sighting))
    if not new_scores:
        return repeats + unmatched, []
    for score in unmatched:
        conflicts.append(_conflict(new_scores[0], score, "a later snapshot supersedes an earlier one"))
    for other in new_scores[1:]:
        if other.grade == new_scores[0].grade:
            why = "several runs in one snapshot: all are kept, the best counts"
            conflicts.append(_conflict(new_scores[0], other, why))
    day = max(new_scores[0].known_from, group[0].snapshot)
    return repeats + new_scores, [score._replace(superseded_from=day) for score in unmatched]


def _drop_repetitions(groups: Iterable[list[Sighting]]) -> Iterator[list[Sighting]]:
    """Yield the sightings of a cell by snapshot, without snapshots that repeat the last values of their series."""
    last: dict[str, list[tuple[float, float | None]]] = {}
    for group in groups:
        series = group[0].series
        if not series:
            yield group
            continue
        values = [(sighting.score, sighting.standard_error) for sighting in group]
        values.sort(key=str if len(values) > 1 else None)
        if last.get(series) != values:
            last[series] = values
            yield group


def _gone_from(
    score: Score, groups: Iterable[list[Sighting]], listed_days: Mapping[tuple[str, str, str], set[date]]
) -> date | None:
    """Return the first day on which no series lists a score any more; None if a series lists it, or none ever did."""
    last: dict[str, date] = {}
    for group in groups:
        series = group[0].series  # a source that is read only once can't drop a score
        if series and any(same_value(sighting.score, score.score) for sighting in group):
            last[series] = group[0].snapshot
    if not last:
        return None
    later = [
        sorted(day for day in listed_days[series, score.cell.benchmark, score.cell.version] if day > last_day)
        for series, last_day in last.items()
    ]
    return max(days[0] for days in later) if all(later) else None


def _compare_with_board(score: Score, board: list[Sighting], conflicts: list[Conflict]) -> Score:
    """End a score from the day of the author's board if the board never listed it for the model."""
    if any(sighting.cell == score.cell and same_value(sighting.score, score.score) for sighting in board):
        return score
    conflicts.append(_conflict(_score(board[0]), score, "the author's own board goes before a copy of it"))
    return score._replace(superseded_from=max(board[0].snapshot, score.known_from))


def _separate_runs(live: list[Score]) -> list[Score]:
    """Give all runs of a cell except the best a separate setting."""
    if len(live) < 2:
        return live
    best_first = sorted(live, key=lambda score: -score.score)
    return best_first[:1] + [
        score._replace(cell=score.cell._replace(setting=f"{score.cell.setting} run {number}".strip()))
        for number, score in enumerate(best_first[1:], start=2)
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
        None,
        sighting.source_id,
    )


def _join(score: Score, sighting: Sighting) -> Score:
    """Merge a repeated value: keep the more precise figure, the earlier day and the better grade."""
    other = _score(sighting)
    with_digits = score.score
    if other.score != with_digits:
        with_digits = max(with_digits, other.score, key=lambda value: len(f"{value:.9f}".rstrip("0")))
    earlier = other if other.known_from < score.known_from else score
    with_grade = other if score.grade == "self-reported" != other.grade else score
    return score._replace(
        score=with_digits,
        standard_error=score.standard_error if score.standard_error is not None else other.standard_error,
        grade=with_grade.grade,
        source_id=with_grade.source_id,
        known_from=earlier.known_from,
        known_grade=earlier.known_grade,
    )


def _subject(cell: Cell) -> str:
    return " ".join(filter(None, (cell.benchmark, cell.version, cell.variant, cell.setting)))


def _conflict(kept: Score, other: Score, why: str) -> Conflict:
    return Conflict(
        "score", other.cell.model, _subject(other.cell), f"{kept.score:g}", kept.source_id,
        f"{other.score:g}", other.source_id, why,
    )  # fmt: skip
