"""The gap as of a day: the figures of each class of tests by every measure, their direction, what they rest on."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np

from core.evidence.evidence import BoolArray, Evidence, IntArray
from core.gap.board_life import BoardLife, find_board_lives
from core.gap.catch_up import CatchUp, measure_catch_up
from core.gap.crossings import Crossings, Points, Unmatched, find_crossings
from core.gap.direction import Direction, find_direction
from core.gap.figures import Course, Headline
from core.gap.index_figure import ClassIndex, index_course, measure_index
from core.gap.parameters import Measure, Parameters
from core.gap.robust import Influence, find_influences
from core.gap.standing import StandingGap, StandingGaps, standing_course, standing_gaps
from core.words import ACCESS


class Scope(NamedTuple):
    """What is measured: boards (indices) of an evidence as of a day (ordinal), by a method.

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
"""The figure of each measure over some boards as of a day (ordinal); the last argument narrows the open side."""


@dataclass(frozen=True)
class ClassGap:
    """One access class, or one test of it: an estimate by each measure, whose `figure` is the class's.

    `leads` is the measure that is given first, for all classes of one analysis. `scope` says what was asked, of the
    class's boards: all that could have given a point.
    """

    scope: Scope = field(repr=False)
    catch_up: CatchUp
    standing: StandingGaps
    leads: Measure
    leading_index: ClassIndex | None

    @cached_property
    def index(self) -> ClassIndex:
        """Return the gap on the index; measured when first asked for, unless it leads: a fit takes longer than all."""
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
        """Return the figure of a measure; the standing gap is one of a single test alone."""
        estimate: ClassIndex | StandingGaps | CatchUp = getattr(self, measure)
        return estimate.figure

    @property
    def headline(self) -> Headline:
        """Return the figure that leads."""
        return self.figure(self.leads)


@dataclass(frozen=True)
class BoardGap:
    """One benchmark's catch-up times in its class's window: their mean, the smallest and the largest, in months.

    None without a point.
    """

    board: int
    months: float | None
    smallest: float | None
    largest: float | None
    n_points: int


@dataclass(frozen=True)
class Analysis:
    """The gap on one day: all crossings, each class, the catch-up times of each benchmark, and what these rest on.

    `leads` is the measure that is given first. What takes long is measured when it is first asked for.
    """

    scope: Scope = field(repr=False)
    crossings: Crossings
    classes: dict[str, ClassGap]
    by_board: dict[int, BoardGap]
    leads: Measure

    @property
    def boards(self) -> IntArray:
        """Return all benchmarks of its classes, in order."""
        return np.array(sorted(self.by_board), dtype=np.int64)

    @property
    def standing(self) -> dict[int, StandingGap]:
        """Return the standing gap of each benchmark that is part of "now"."""
        return {board.board: board for gap in self.classes.values() for board in gap.standing.gaps}

    @cached_property
    def direction(self) -> Direction:
        """Return whether the gap of all these benchmarks together grows."""
        return find_direction(*self.scope)

    @cached_property
    def influences(self) -> tuple[Influence, ...]:
        """Return what moves each figure on the index most when it is left out, the largest move first."""
        if self.leads != "index" or self.scope.parameters.range_by != "draws":
            return ()
        known = [gap for gap in self.classes.values() if gap.index.figure.months is not None]
        parts = [part.on(gap.index.figure) for gap in known for part in find_influences(*gap.scope)]
        return tuple(sorted(parts, key=lambda part: -part.size))

    @cached_property
    def lives(self) -> dict[int, BoardLife]:
        """Return what each benchmark can still tell."""
        evidence, boards, as_of, parameters, open_models = self.scope
        return find_board_lives(evidence, boards.tolist(), self.crossings, as_of, parameters, open_models)

    @property
    def unmatched(self) -> tuple[Unmatched, ...]:
        """Return the levels that count and that no open model has matched: of live boards, or of the only one.

        Where a version of a board has a successor, the successor's count alone.
        """
        going_on = {board for board, life in self.lives.items() if not life.has_ended and life.successor is None}
        boards = going_on if len(self.lives) > 1 else self.lives
        return tuple(level for level in self.crossings.unmatched if level.accepted and level.board in boards)

    @property
    def courses(self) -> dict[str, Course]:
        """Return the gap of each class over time: on the index month by month, on a single test week by week."""
        parameters = self.scope.parameters
        if len(self.by_board) == 1:
            return {name: _standing_course(gap.scope, gap.points) for name, gap in self.classes.items()}
        if parameters.range_by != "draws":
            return {}
        known = {name: gap for name, gap in self.classes.items() if gap.index.figure.months is not None}
        return {name: index_course(*gap.scope) for name, gap in known.items()}


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

    `open_models` (one flag per model) narrows the open side. Without `whole_band` the trend has its interval at the
    date of the figure alone, which is quicker by the study's method.
    """
    crossed = find_crossings(evidence, boards, as_of, parameters, open_models)
    access = np.array([board.access for board in evidence.boards])
    accepted = crossed.points.accepted_only()
    scopes = {
        name: Scope(evidence, boards[access[boards] == name], as_of, parameters, open_models)
        for name in ACCESS
        if (access[boards] == name).any()
    }
    single = len(boards) == 1
    by_index = parameters.leads == "index" and not single
    index = _measure_until_known(scopes) if by_index else {}
    leads = _choose_leading(index, parameters, single=single)
    classes = {
        name: ClassGap(
            scope,
            measure_catch_up(
                accepted.where(access[accepted.board] == name),
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
        board: _summarise(board, gap.catch_up.recent) for gap in classes.values() for board in gap.boards.tolist()
    }
    return Analysis(Scope(evidence, boards, as_of, parameters, open_models), crossed, classes, by_board, leads)


def _measure_until_known(scopes: dict[str, Scope]) -> dict[str, ClassIndex]:
    """Measure the index of one class after the other, until one has a figure: then it leads."""
    index = {}
    for name, scope in scopes.items():
        index[name] = measure_index(*scope)
        if index[name].figure.months is not None:
            break
    return index


def _choose_leading(index: dict[str, ClassIndex], parameters: Parameters, *, single: bool) -> Measure:
    """Choose the measure that is given first, for all classes the same.

    On a single benchmark the standing gap leads: there it is a description, with two models and their scores. One test
    has no figure on the index, so it does not speak for its class.
    """
    if parameters.leads == "catch_up":
        return "catch_up"
    if single:
        return "standing"
    return "index" if any(estimate.figure.months is not None for estimate in index.values()) else "catch_up"


def _summarise(board: int, points: Points) -> BoardGap:
    """Return a benchmark's figures of the recent points of its class."""
    months = points.months[points.board == board]
    if not len(months):
        return BoardGap(board, None, None, None, 0)
    return BoardGap(board, float(months.mean()), float(months.min()), float(months.max()), len(months))


def _standing_course(scope: Scope, points: Points) -> Course:
    """Return the standing gap of one board week by week, from its first point to the day."""
    evidence, boards, as_of, parameters, open_models = scope
    first = int(points.open_day.min()) if len(points.months) else as_of
    days = np.arange(as_of, min(first, as_of) - 1, -parameters.step_days)[::-1]
    months = standing_course(evidence, int(boards[0]), days, parameters, open_models)
    nothing = np.full(len(days), np.nan)
    return Course(days, months, nothing, nothing)
