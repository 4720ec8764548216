"""The gap as of a day: the figures of each class of tests by every measure, and what the figures rest on."""

from collections.abc import Callable
from dataclasses import field
from functools import cached_property
from typing import NamedTuple

import numpy as np

from core.dataclass import dataclass
from core.evidence.evidence import Board, BoolArray, Evidence, IntArray
from core.gap.board_life import BoardLife, find_board_lives
from core.gap.catch_up import CatchUp, measure_catch_up
from core.gap.crossings import Crossing, Crossings, Points, Unmatched, by_class, find_crossings, list_crossings
from core.gap.direction import Direction, find_direction
from core.gap.figures import Course, Headline
from core.gap.index_figure import ClassIndex, index_course, measure_index
from core.gap.parameters import Measure, Parameters
from core.gap.robust import Influence, find_influences
from core.gap.standing import StandingGap, StandingGaps, has_ended, standing_course, standing_gaps


class Scope(NamedTuple):
    """The scope of a measurement: boards (indices) of the evidence, a day (ordinal) and a method.

    `open_models` (one flag per model) narrows the open side.
    """

    evidence: Evidence
    boards: IntArray
    as_of: int
    parameters: Parameters
    open_models: BoolArray | None = None


def _catch_up_figure(
    evidence: Evidence, boards: IntArray, as_of: int, parameters: Parameters, open_models: BoolArray | None
) -> Headline:
    points = find_crossings(evidence, boards, as_of, parameters, open_models).points.accepted_only()
    return measure_catch_up(points, parameters, single=len(boards) == 1, whole_band=False).figure


FIGURES: dict[Measure, Callable[[Evidence, IntArray, int, Parameters, BoolArray | None], Headline]] = {
    "index": lambda *scope: measure_index(*scope).figure,
    "standing": lambda *scope: standing_gaps(*scope).figure,
    "catch_up": _catch_up_figure,
}
"""The function that computes the figure of each measure; its arguments are the fields of a `Scope`."""


@dataclass(frozen=True)
class ClassGap:
    """The estimates for one access class, or for one test of the class, by each measure.

    `leads` is the measure reported first; it is the same for all classes of an analysis. `scope` holds all boards of
    the class, including boards without a point.
    """

    scope: Scope = field(repr=False)
    catch_up: CatchUp
    standing: StandingGaps
    leads: Measure
    leading_index: ClassIndex | None

    @cached_property
    def index(self) -> ClassIndex:
        """Return the gap on the index; computed on first use unless the index leads, because the fit is expensive."""
        return self.leading_index or measure_index(*self.scope)

    @property
    def boards(self) -> IntArray:
        """Return the benchmarks (indices) of the class."""
        return self.scope.boards

    @property
    def points(self) -> Points:
        """Return the accepted crossings."""
        return self.catch_up.points

    def figure(self, measure: Measure) -> Headline:
        """Return the figure of a measure; "standing" has a figure only for a single test."""
        estimate: ClassIndex | StandingGaps | CatchUp = getattr(self, measure)
        return estimate.figure

    @property
    def headline(self) -> Headline:
        """Return the figure of the leading measure."""
        return self.figure(self.leads)


@dataclass(frozen=True)
class BoardGap:
    """The mean, smallest and largest catch-up time of one benchmark in the window of its class, in months.

    The three are None if the benchmark has no point.
    """

    months: float | None
    smallest: float | None
    largest: float | None
    n_points: int


@dataclass(frozen=True)
class Analysis:
    """The gap on one day: all crossings, the classes, the catch-up times of each benchmark, and what they rest on.

    `leads` is the measure reported first. Expensive properties are computed on first use.
    """

    scope: Scope = field(repr=False)
    crossings: Crossings
    classes: dict[str, ClassGap]
    by_board: dict[Board, BoardGap]
    leads: Measure

    @cached_property
    def standing(self) -> dict[Board, StandingGap]:
        """Return the standing gap of each benchmark that counts for the present."""
        return {board.board: board for gap in self.classes.values() for board in gap.standing.gaps}

    @cached_property
    def direction(self) -> Direction:
        """Return the direction of the gap over all these benchmarks."""
        return find_direction(*self.scope)

    @cached_property
    def influences(self) -> tuple[Influence, ...]:
        """Return the inputs whose removal moves the index figure of a class most, largest move first."""
        if self.leads != "index" or self.scope.parameters.range_by != "draws":
            return ()
        gaps = [gap for gap in self.classes.values() if gap.index.figure.months is not None]
        influences = [part.with_figure(gap.index.figure) for gap in gaps for part in find_influences(*gap.scope)]
        return tuple(sorted(influences, key=lambda influence: -influence.size))

    @cached_property
    def lives(self) -> dict[Board, BoardLife]:
        """Return the life of each benchmark: what it can still measure, and whether it has ended."""
        evidence, boards, as_of, parameters, open_models = self.scope
        return find_board_lives(evidence, boards.tolist(), self.crossings, as_of, parameters, open_models)

    @property
    def accepted(self) -> tuple[Crossing, ...]:
        """Return the accepted crossings, class by class."""
        points = (gap.points for gap in self.classes.values())
        return tuple(crossing for of_class in points for crossing in list_crossings(self.scope.evidence, of_class))

    @cached_property
    def unmatched(self) -> tuple[Unmatched, ...]:
        """Return the accepted levels that no open model has matched, on live boards or on the only board.

        If a version of a board has a successor, only the successor's levels count.
        """
        active_boards = {board for board, life in self.lives.items() if not life.has_ended and life.successor is None}
        boards = active_boards if len(self.lives) > 1 else self.lives
        return tuple(level for level in self.crossings.unmatched if level.accepted and level.board in boards)

    @property
    def steady_unmatched(self) -> tuple[Unmatched, ...]:
        """Return the unmatched levels on tests of which no version has ended; all of them if there are none.

        How long a level is unmatched says little where an ended version had some of the scores.
        """
        evidence = self.scope.evidence
        as_of = min(self.scope.as_of, evidence.newest_data.toordinal())
        known = evidence.day <= as_of
        newest = {evidence.boards[board]: int(evidence.day[known & (evidence.board == board)].max())
                  for board in set(evidence.board[known].tolist())}  # fmt: skip
        ended = {board.benchmark_id for board, day in newest.items() if has_ended(day, as_of)}
        steady = tuple(level for level in self.unmatched if level.board.benchmark_id not in ended)
        return steady or self.unmatched

    @property
    def courses(self) -> dict[str, Course]:
        """Return the gap of each class over time: monthly on the index, weekly on a single test."""
        parameters = self.scope.parameters
        if len(self.by_board) == 1:
            return {name: _standing_course(gap.scope, gap.points) for name, gap in self.classes.items()}
        if parameters.range_by != "draws":
            return {}
        gaps = {name: gap for name, gap in self.classes.items() if gap.index.figure.months is not None}
        return {name: index_course(*gap.scope) for name, gap in gaps.items()}


def analyse(
    evidence: Evidence,
    boards: IntArray,
    as_of: int,
    parameters: Parameters,
    open_models: BoolArray | None = None,
    *,
    whole_band: bool = True,
) -> Analysis:
    """Measure the gap over the given boards, as of the day `as_of` (ordinal).

    `open_models` (one flag per model) narrows the open side. Without `whole_band`, the trend has an interval only at
    the date of the figure, which is faster with the study's method.
    """
    crossings = find_crossings(evidence, boards, as_of, parameters, open_models)
    accepted_points = crossings.points.accepted_only()
    scopes = {
        name: Scope(evidence, of_class, as_of, parameters, open_models)
        for name, of_class in by_class(evidence, boards).items()
    }
    single = len(boards) == 1
    by_index = parameters.leads == "index" and not single
    index = _measure_leading_index(scopes) if by_index else {}
    leads = _choose_leading_measure(index, parameters, single=single)
    classes = {
        name: ClassGap(
            scope,
            measure_catch_up(
                accepted_points.select(np.isin(accepted_points.board, scope.boards)),
                parameters,
                single=len(scope.boards) == 1,
                whole_band=whole_band,
            ),
            standing_gaps(*scope),
            leads,
            index.get(name),
        )
        for name, scope in scopes.items()
    }
    by_board = {
        evidence.boards[number]: _summarise_board(number, gap.catch_up.recent)
        for gap in classes.values() for number in gap.boards.tolist()
    }  # fmt: skip
    return Analysis(Scope(evidence, boards, as_of, parameters, open_models), crossings, classes, by_board, leads)


def _measure_leading_index(scopes: dict[str, Scope]) -> dict[str, ClassIndex]:
    """Measure the index class by class, up to the first class with a figure; one figure is enough for it to lead."""
    index = {}
    for name, scope in scopes.items():
        index[name] = measure_index(*scope)
        if index[name].figure.months is not None:
            break
    return index


def _choose_leading_measure(index: dict[str, ClassIndex], parameters: Parameters, *, single: bool) -> Measure:
    """Choose the measure reported first, the same for all classes.

    On a single benchmark the standing gap leads, because it describes two models and their scores. One test has no
    figure on the index, because it does not represent its class.
    """
    if parameters.leads == "catch_up":
        return "catch_up"
    if single:
        return "standing"
    return "index" if any(estimate.figure.months is not None for estimate in index.values()) else "catch_up"


def _summarise_board(board: int, points: Points) -> BoardGap:
    """Summarise the catch-up times of one benchmark from the recent points of its class."""
    months = points.months[points.board == board]
    if not len(months):
        return BoardGap(None, None, None, 0)
    return BoardGap(float(months.mean()), float(months.min()), float(months.max()), len(months))


def _standing_course(scope: Scope, points: Points) -> Course:
    """Return the weekly standing gap of one board, from its first point to the as-of day."""
    evidence, boards, as_of, parameters, open_models = scope
    first = int(points.open_day.min()) if len(points.months) else as_of
    days = np.arange(as_of, min(first, as_of) - 1, -parameters.step_days)[::-1]
    months = standing_course(evidence, int(boards[0]), days, parameters, open_models)
    no_interval = np.full(len(days), np.nan)
    return Course(days, months, no_interval, no_interval)
