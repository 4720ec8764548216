"""What changed between two days: the gap as it was known on each, and how much of a move is news.

The state of a day D is the gap as of D, or of the newest data known then if that is earlier, as known on D. A
move from one day to another splits into revision (the first day's world seen with the second day's knowledge,
minus as it was seen then) and new models (the rest). Totals, and sets of results, add up over periods.
"""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from core.evidence.evidence import BoolArray, Evidence, IntArray
from core.gap.analysis import FIGURES
from core.gap.board_life import continuing_boards
from core.gap.crossings import Crossings, Unmatched, find_crossings, rows_until
from core.gap.direction import Direction, find_direction
from core.gap.figures import NO_CHANGE, Change, Headline
from core.gap.index_figure import index_change
from core.gap.parameters import Parameters
from core.words import ACCESS

FIRST_RECORDED = date(2026, 4, 19)
"""The first snapshot; what was known on a day before it is a few scores that carry the date of their run."""


@dataclass(frozen=True)
class State:
    """The crossings and each class's gap on one day, with the knowledge they are seen with."""

    evidence: Evidence
    as_of: date
    crossings: Crossings
    figures: dict[str, Headline]


@dataclass(frozen=True)
class Move:
    """A class's headlines on both days, in months; `total` is the later one minus the earlier, with its interval.

    `revision` and `news` add up to it; None where one of the figures can't be given.
    """

    before: Headline
    after: Headline
    total: Change
    revision: float | None
    news: float | None


@dataclass(frozen=True, order=True)
class Result:
    """An accepted crossing: where, who and when (indices, ordinals); two are the same if all of it is."""

    open_day: int
    closed_day: int
    board: int
    threshold: float
    closed: int
    open: int


@dataclass(frozen=True)
class Leader:
    """The best score of one side on a board, and the first model to have it; before and after."""

    board: int
    is_open: bool
    before: tuple[int, float] | None
    after: tuple[int, float] | None


@dataclass(frozen=True)
class NewScores:
    """How many scores came in: of models released in the period, of older ones, and of those after its last day.

    `replaced` counts the scores that no longer stand.
    """

    of_new: int
    of_older: int
    of_later: int
    replaced: int


@dataclass(frozen=True)
class Changes:
    """All that changed between two states; `revised` is the first day's world with the last day's knowledge.

    `direction` is the last day's, `moves` are those of the gap on the index, class by class.
    """

    first: State
    revised: State
    last: State
    direction: Direction
    moves: dict[str, Move]
    added: tuple[Result, ...]
    removed: tuple[Result, ...]
    revised_in: tuple[Result, ...]
    revised_out: tuple[Result, ...]
    leaders: tuple[Leader, ...]
    newly_unmatched: tuple[Unmatched, ...]
    no_longer_unmatched: tuple[Unmatched, ...]
    scores: NewScores


def changes_between(
    evidence: Evidence, boards: IntArray, since: date, until: date, parameters: Parameters, *, one_knowledge: bool
) -> Changes:
    """Compare the gap on two days.

    `evidence` is asked for the knowledge of each day; with `one_knowledge` it is used as it is for both. Lists of
    results are newest first.
    """
    known = [
        evidence if one_knowledge else evidence.as_known_by(knowledge_day(evidence, day)) for day in (since, until)
    ]
    first = _state(known[0], boards, min(since, known[0].newest_data), parameters)
    revised = first if known[1].known_by == known[0].known_by else _state(known[1], boards, first.as_of, parameters)
    last_day = min(until, known[1].newest_data)
    last = revised if last_day == first.as_of else _state(known[1], boards, last_day, parameters)
    was, seen, now = (accepted_results(state.crossings) for state in (first, revised, last))
    counted = continuing_boards(last.evidence, boards, last.as_of.toordinal())
    before, after = (accepted_unmatched(state.crossings, counted) for state in (first, last))
    return Changes(
        first,
        revised,
        last,
        find_direction(last.evidence, boards, last.as_of.toordinal(), parameters),
        {name: _move(first, revised, last, name, boards, parameters) for name in last.figures},
        _ordered(now - seen),
        _ordered(seen - now),
        _ordered(seen - was),
        _ordered(was - seen),
        _leaders(first, last, boards),
        _only(after, before),
        _only(before, after),
        _new_scores(first, last, boards),
    )


def knowledge_day(evidence: Evidence, day: date) -> date:
    """Return the day whose knowledge a day is seen with: itself, or the first or last day that was recorded."""
    return min(max(day, FIRST_RECORDED), evidence.last_known or evidence.known_by)


def accepted_results(crossed: Crossings) -> frozenset[Result]:
    """Return the accepted crossings."""
    points = crossed.points.accepted_only()
    columns = (points.open_day, points.closed_day, points.board, points.threshold, points.closed, points.open)
    return frozenset(Result(*row) for row in zip(*(column.tolist() for column in columns), strict=True))


def accepted_unmatched(crossed: Crossings, boards: frozenset[int]) -> dict[tuple[int, int], Unmatched]:
    """Return the unmatched levels on some boards that count, by board and closed model: of each model the highest."""
    levels = (level for level in crossed.unmatched if level.accepted and level.board in boards)
    return {(level.board, level.closed): level for level in levels}


def _only(one: dict[tuple[int, int], Unmatched], other: dict[tuple[int, int], Unmatched]) -> tuple[Unmatched, ...]:
    """Return the levels of one state that are not in the other, the newest closed model's first."""
    levels = [level for key, level in one.items() if key not in other]
    return tuple(sorted(levels, key=lambda level: (-level.closed_day, level.board, level.closed)))


def _state(evidence: Evidence, boards: IntArray, as_of: date, parameters: Parameters) -> State:
    access, day = np.array([evidence.boards[board].access for board in boards.tolist()]), as_of.toordinal()
    of_class = {name: boards[access == name] for name in ACCESS if name in access}
    measure = FIGURES[parameters.leads]
    figures = {name: measure(evidence, of_class[name], day, parameters, None) for name in of_class}
    return State(evidence, as_of, find_crossings(evidence, boards, day, parameters), figures)


def _move(first: State, revised: State, last: State, name: str, boards: IntArray, parameters: Parameters) -> Move:
    """Split a class's move; its total has the interval of one scale, that of the newer knowledge."""
    before, seen, after = (state.figures[name] for state in (first, revised, last))
    revision, news = _minus(seen.months, before.months), _minus(after.months, seen.months)
    if before.at is None or after.at is None or revision is None or news is None:
        return Move(before, after, NO_CHANGE, revision, news)
    access = np.array([last.evidence.boards[board].access for board in boards.tolist()])
    total = index_change(last.evidence, boards[access == name], before.at, after.at, parameters)
    if total.months is None or total.low is None or total.high is None:  # both share a month end
        return Move(before, after, replace(NO_CHANGE, months=revision + news), revision, news)
    total = replace(total, months=revision + news, low=total.low + revision, high=total.high + revision)
    return Move(before, after, total, revision, news)


def _minus(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other


def _ordered(results_: frozenset[Result]) -> tuple[Result, ...]:
    return tuple(sorted(results_, reverse=True))


def _leaders(first: State, last: State, boards: IntArray) -> tuple[Leader, ...]:
    """Return the boards and sides whose best model is another one."""
    leaders = []
    for board in boards.tolist():
        for is_open in (False, True):
            before, after = (_best(state, board, is_open) for state in (first, last))
            if (before and before[0]) != (after and after[0]):
                leaders.append(Leader(board, is_open, before, after))
    return tuple(leaders)


def _best(state: State, board: int, is_open: bool) -> tuple[int, float] | None:
    """Return the best model of a side and its score; of equal scores the first."""
    evidence = state.evidence
    start, stop = rows_until(evidence, board, state.as_of.toordinal())
    rows = np.flatnonzero(evidence.is_open[start:stop] == is_open) + start
    if not len(rows):
        return None
    row = int(rows[evidence.score[rows].argmax()])
    return int(evidence.model[row]), float(evidence.score[row])


def _new_scores(first: State, last: State, boards: IntArray) -> NewScores:
    """Count the boards' scores that came in between the states; with one knowledge, those of the models released."""
    evidence = last.evidence
    came = np.isin(evidence.board, boards)
    is_older, is_later = evidence.day <= first.as_of.toordinal(), evidence.day > last.as_of.toordinal()
    if first.evidence.known_by == evidence.known_by:
        return NewScores(int((came & ~is_older & ~is_later).sum()), 0, 0, 0)
    came &= evidence.known_from > first.evidence.known_by.toordinal()
    return NewScores(
        int((came & ~is_older & ~is_later).sum()),
        int((came & is_older).sum()),
        int((came & is_later).sum()),
        _replaced(first, last, boards),
    )


def _replaced(first: State, last: State, boards: IntArray) -> int:
    """Count the boards' scores that no longer stand on the last state's day, and did on the first's."""
    records = first.evidence.records
    if records is None:
        return 0
    since, until = (state.evidence.known_by.toordinal() for state in (first, last))
    gone: BoolArray = (records.known_from <= since) & (records.superseded_from > since)
    gone &= (records.superseded_from <= until) & np.isin(records.board, boards)
    return int(gone.sum())
