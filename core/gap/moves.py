"""What changed between two days: the gap as known on each day, and how much of the move is news.

The state of a day D is the gap as of D as known on D; or as of the newest data known on D, if that is earlier. A move
between two days splits into revision (the first day's gap with the second day's knowledge, minus the gap as known on
the first day) and news from new models (the rest). Totals and sets of results add up over periods.
"""

from dataclasses import replace
from datetime import date

import numpy as np

from core.dataclass import dataclass
from core.evidence.evidence import Board, BoolArray, Evidence, IntArray, Model
from core.gap.analysis import FIGURES
from core.gap.board_life import continuing_boards
from core.gap.crossings import Crossing, Crossings, Unmatched, by_class, find_crossings, rows_until
from core.gap.direction import Direction, find_direction
from core.gap.figures import NO_CHANGE, Change, Headline
from core.gap.index_figure import index_change
from core.gap.parameters import Parameters

FIRST_RECORDED = date(2026, 4, 19)
"""The day of the first snapshot; only a few scores that carry the date of their run were known before."""


@dataclass(frozen=True)
class State:
    """The crossings and the gap of each class on a `day`, as of its newest data, with the knowledge of the evidence."""

    day: date
    as_of: date
    evidence: Evidence
    crossings: Crossings
    figures: dict[str, Headline]

    @property
    def known_by(self) -> date:
        """Return the day by which the scores were known."""
        return self.evidence.known_by


@dataclass(frozen=True)
class GapMove:
    """The headlines of a class on both days, in months; `total` is later minus earlier, with its interval.

    `revision` and `news` add up to `total`; they are None if a figure is missing.
    """

    before: Headline
    after: Headline
    total: Change
    revision: float | None
    news: float | None


@dataclass(frozen=True)
class BestScore:
    """The best score of one side on a board, and the first model with this score."""

    model: Model
    score: float


@dataclass(frozen=True)
class Leader:
    """The best model of one side on a board, before and after; None if there is none."""

    board: Board
    side: str
    before: BestScore | None
    after: BestScore | None


@dataclass(frozen=True)
class NewScores:
    """Numbers of added scores: of models released in the period, before it, and after its last day.

    `replaced` counts the scores that are no longer valid.
    """

    of_new: int
    of_older: int
    of_later: int
    replaced: int

    @property
    def n_added(self) -> int:
        """Return the number of added scores."""
        return self.of_new + self.of_older + self.of_later


@dataclass(frozen=True)
class Changes:
    """All changes between two states; `revised` is the first day's state with the last day's knowledge.

    `direction` is the direction on the last day; `moves` are the moves of the leading measure's figure, by class.
    """

    first: State
    revised: State
    last: State
    direction: Direction
    moves: dict[str, GapMove]
    added: tuple[Crossing, ...]
    removed: tuple[Crossing, ...]
    revised_in: tuple[Crossing, ...]
    revised_out: tuple[Crossing, ...]
    leaders: tuple[Leader, ...]
    newly_unmatched: tuple[Unmatched, ...]
    no_longer_unmatched: tuple[Unmatched, ...]
    scores: NewScores

    @property
    def is_any(self) -> bool:
        """Return whether a figure moved, or a result, a leader or an unmatched score changed."""
        has_moved = any(move.revision or move.news for move in self.moves.values())
        lists = (self.added, self.removed, self.revised_in, self.revised_out, self.leaders, self.newly_unmatched,
                 self.no_longer_unmatched)  # fmt: skip
        return has_moved or any(lists)


def changes_between(
    evidence: Evidence, boards: IntArray, since: date, until: date, parameters: Parameters, *, one_knowledge: bool
) -> Changes:
    """Compare the gap on two days.

    Each day uses the evidence as known on that day; with `one_knowledge`, both days use `evidence` as it is. Lists of
    results are newest first.
    """
    then, now = (
        evidence if one_knowledge else evidence.as_known_by(knowledge_day(evidence, day)) for day in (since, until)
    )
    first = _state(then, since, min(since, then.newest_data), boards, parameters)
    revised = first if now.known_by == then.known_by else _state(now, since, first.as_of, boards, parameters)
    last_day = min(until, now.newest_data)
    last = replace(revised, day=until) if last_day == first.as_of else _state(now, until, last_day, boards, parameters)
    results_then, results_seen, results_now = (
        frozenset(state.crossings.accepted(state.evidence)) for state in (first, revised, last)
    )
    going_on = continuing_boards(now, boards, last_day.toordinal())
    before, after = (accepted_unmatched(state.crossings, going_on) for state in (first, last))
    return Changes(
        first,
        revised,
        last,
        find_direction(now, boards, last_day.toordinal(), parameters),
        {name: _move(first, revised, last, name, boards, parameters) for name in last.figures},
        _newest_first(results_now - results_seen),
        _newest_first(results_seen - results_now),
        _newest_first(results_seen - results_then),
        _newest_first(results_then - results_seen),
        _leaders(first, last, boards),
        _new_unmatched(before, after),
        _new_unmatched(after, before),
        _new_scores(first, last, boards),
    )


def knowledge_day(evidence: Evidence, day: date) -> date:
    """Return the day whose knowledge applies to a day: the day itself, limited to the first and last recorded day."""
    return min(max(day, FIRST_RECORDED), evidence.last_known or evidence.known_by)


def accepted_unmatched(crossings: Crossings, boards: frozenset[Board]) -> dict[tuple[Board, Model], Unmatched]:
    """Return the accepted unmatched levels on some boards, by board and closed model; the highest level per model."""
    levels = (level for level in crossings.unmatched if level.accepted and level.board in boards)
    return {(level.board, level.closed): level for level in levels}


def _new_unmatched(
    before: dict[tuple[Board, Model], Unmatched], after: dict[tuple[Board, Model], Unmatched]
) -> tuple[Unmatched, ...]:
    """Return the levels that are unmatched only after, sorted by the closed model's release, newest first."""
    levels = [level for key, level in after.items() if key not in before]
    levels.sort(key=lambda level: (-level.closed.day, *_board_key(level.board), level.closed.model_id))
    return tuple(levels)


def _newest_first(crossings: frozenset[Crossing]) -> tuple[Crossing, ...]:
    def sort_key(crossing: Crossing) -> tuple[object, ...]:
        board, closed, open_ = _board_key(crossing.board), crossing.closed, crossing.open
        return open_.day, closed.day, *board, crossing.threshold, closed.model_id, open_.model_id

    return tuple(sorted(crossings, key=sort_key, reverse=True))


def _board_key(board: Board) -> tuple[str, str]:
    return board.benchmark_id, board.version


def _state(evidence: Evidence, day: date, as_of: date, boards: IntArray, parameters: Parameters) -> State:
    measure, until = FIGURES[parameters.leads], as_of.toordinal()
    figures = {
        name: measure(evidence, of_class, until, parameters, None)
        for name, of_class in by_class(evidence, boards).items()
    }
    return State(day, as_of, evidence, find_crossings(evidence, boards, until, parameters), figures)


def _move(first: State, revised: State, last: State, name: str, boards: IntArray, parameters: Parameters) -> GapMove:
    """Split the move of a class; the interval of the total is read off the scale of the newer knowledge."""
    before, middle, after = (state.figures[name] for state in (first, revised, last))
    revision, news = _minus(middle.months, before.months), _minus(after.months, middle.months)
    if before.at is None or after.at is None or revision is None or news is None:
        return GapMove(before, after, NO_CHANGE, revision, news)
    total = index_change(last.evidence, by_class(last.evidence, boards)[name], before.at, after.at, parameters)
    if total.months is None or total.low is None or total.high is None:  # both share a month end
        return GapMove(before, after, replace(NO_CHANGE, months=revision + news), revision, news)
    total = replace(total, months=revision + news, low=total.low + revision, high=total.high + revision)
    return GapMove(before, after, total, revision, news)


def _minus(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other


def _leaders(first: State, last: State, boards: IntArray) -> tuple[Leader, ...]:
    """Return the boards and sides whose best model has changed."""
    leaders = []
    for board in boards.tolist():
        for side in ("closed", "open"):
            before, after = (_best(state, board, side) for state in (first, last))
            if (before and before.model) != (after and after.model):
                leaders.append(Leader(last.evidence.boards[board], side, before, after))
    return tuple(leaders)


def _best(state: State, board: int, side: str) -> BestScore | None:
    """Return the best model of a side and its score; the first model if scores are equal."""
    evidence = state.evidence
    start, stop = rows_until(evidence, board, state.as_of.toordinal())
    rows = np.flatnonzero(evidence.is_open[start:stop] == (side == "open")) + start
    if not len(rows):
        return None
    row = int(rows[evidence.score[rows].argmax()])
    return BestScore(evidence.models[evidence.model[row]], float(evidence.score[row]))


def _new_scores(first: State, last: State, boards: IntArray) -> NewScores:
    """Count the scores added between the states; with one knowledge, the scores of the models released between."""
    evidence = last.evidence
    is_new = np.isin(evidence.board, boards)
    is_older, is_later = evidence.day <= first.as_of.toordinal(), evidence.day > last.as_of.toordinal()
    if first.evidence.known_by == evidence.known_by:
        return NewScores(int((is_new & ~is_older & ~is_later).sum()), 0, 0, 0)
    is_new &= evidence.known_from > first.evidence.known_by.toordinal()
    return NewScores(
        int((is_new & ~is_older & ~is_later).sum()),
        int((is_new & is_older).sum()),
        int((is_new & is_later).sum()),
        _count_replaced(first, last, boards),
    )


def _count_replaced(first: State, last: State, boards: IntArray) -> int:
    """Count the boards' scores that were valid on the first state's day and no longer are on the last state's day."""
    records = first.evidence.records
    if records is None:
        return 0
    since, until = (state.evidence.known_by.toordinal() for state in (first, last))
    is_gone: BoolArray = (records.known_from <= since) & (records.superseded_from > since)
    is_gone &= (records.superseded_from <= until) & np.isin(records.board, boards)
    return int(is_gone.sum())
