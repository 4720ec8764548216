"""The gap as of a day: crossings, the figures of each class, the direction, and what the answer rests on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, partial

import numpy as np

from core.evidence.evidence import BoolArray, Evidence, FloatArray, IntArray
from core.gap.board_life import BoardLife, board_lives
from core.gap.class_gap import ClassGap, class_gap
from core.gap.crossings import Crossings, Unmatched, clusters_of, crossings
from core.gap.direction import Direction, direction
from core.gap.figures import NO_CHANGE
from core.gap.forward import Forward, forward
from core.gap.index_1 import measure_index_1
from core.gap.index_figure import ClassIndex, class_index
from core.gap.influence import Influence, influences
from core.gap.parameters import Measure, Parameters
from core.gap.standing import StandingGap, standing_gaps
from core.words import ACCESS


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
class Gaps:
    """The gap on one day: all crossings, the figures of each class, and the catch-up times of each benchmark."""

    crossings: Crossings
    classes: dict[str, ClassGap]
    by_board: dict[int, BoardGap]
    measure_direction: Callable[[], Direction] = field(repr=False, compare=False)

    @property
    def leads(self) -> Measure:
        """Return the measure that is given first."""
        return next((gap.leads for gap in self.classes.values()), "catch_up")

    @property
    def boards(self) -> IntArray:
        """Return all benchmarks of its classes, in order."""
        return np.array(sorted(board for gap in self.classes.values() for board in gap.boards.tolist()), dtype=np.int64)

    @property
    def standing(self) -> dict[int, StandingGap]:
        """Return the standing gap of each benchmark that is part of "now"."""
        return {gap.board: gap for of_class in self.classes.values() for gap in of_class.standing.gaps}

    @cached_property
    def direction(self) -> Direction:
        """Return whether the gap of all these benchmarks together grows."""
        return self.measure_direction()


@dataclass(frozen=True)
class Analysis(Gaps):
    """The gap on one day, what each board can still tell, and what the figures rest on."""

    lives: dict[int, BoardLife]
    measure_influences: Callable[[], tuple[Influence, ...]] = field(repr=False, compare=False)

    @property
    def unmatched(self) -> tuple[Unmatched, ...]:
        """Return the levels that count and that no open model has matched: of live boards, or of the only one.

        Where a version of a board has a successor, the successor's count alone.
        """
        going_on = {n for n, life in self.lives.items() if not life.has_ended and life.successor is None}
        boards = going_on if len(self.lives) > 1 else self.lives
        return tuple(level for level in self.crossings.unmatched if level.accepted and level.board in boards)

    @cached_property
    def influences(self) -> tuple[Influence, ...]:
        """Return what moves each figure on the index most when it is left out, the largest move first."""
        return self.measure_influences()


def analyse(
    evidence: Evidence, boards: IntArray, as_of: int, parameters: Parameters, open_models: BoolArray | None = None
) -> Analysis:
    """Run the default analysis over the given boards, as of the day `as_of` (ordinal).

    `open_models` (one flag per model) narrows the open side.
    """
    known = gaps(evidence, boards, as_of, parameters, open_models)
    rests_on_draws = known.leads == "index" and parameters.range_by == "draws"
    return Analysis(
        known.crossings,
        known.classes,
        known.by_board,
        known.measure_direction,
        board_lives(evidence, boards.tolist(), known.crossings, as_of, parameters, open_models),
        partial(influences, evidence, known, as_of, parameters, open_models) if rests_on_draws else tuple,
    )


def gaps(
    evidence: Evidence,
    boards: IntArray,
    as_of: int,
    parameters: Parameters,
    open_models: BoolArray | None = None,
    *,
    whole_band: bool = True,
) -> Gaps:
    """Run the part of the analysis that figures of two days or sides are compared by; its arguments are the same."""
    crossed = crossings(evidence, boards, as_of, parameters, open_models)
    access = np.array([board.access for board in evidence.boards])
    accepted = crossed.points.where(crossed.points.accepted)
    of_class = {name: boards[access[boards] == name] for name in ACCESS if (access[boards] == name).any()}
    on_index = {
        name: cache(partial(_measure_index, evidence, boards, as_of, parameters, open_models))
        for name, boards in of_class.items()
    }
    leads = _choose_leading(of_class, on_index, parameters, single=len(boards) == 1)
    classes = {
        name: class_gap(
            of_class[name],
            accepted.where(access[accepted.board] == name),
            standing_gaps(evidence, of_class[name], as_of, parameters, open_models),
            on_index[name],
            leads,
            parameters,
            whole_band=whole_band,
        )
        for name in of_class
    }
    by_board = {
        board: board_gap(board, gap.recent.months[gap.recent.board == board])
        for gap in classes.values()
        for board in gap.boards.tolist()
    }
    return Gaps(crossed, classes, by_board, partial(direction, evidence, boards, as_of, parameters, open_models))


def _measure_index(
    evidence: Evidence, boards: IntArray, as_of: int, parameters: Parameters, open_models: BoolArray | None
) -> ClassIndex:
    if parameters.range_by == "draws":
        return class_index(evidence, boards, as_of, parameters, open_models)
    figure = measure_index_1(evidence, boards, as_of, parameters, open_models)
    return ClassIndex(figure, None, NO_CHANGE, np.zeros(0, dtype=np.int64))


def _choose_leading(
    classes: dict[str, IntArray],
    on_index: Mapping[str, Callable[[], ClassIndex]],
    parameters: Parameters,
    *,
    single: bool,
) -> Measure:
    """Choose the measure that is given first, for all classes the same.

    On a single benchmark the standing gap leads: there it is a description, with two models and their scores.
    """
    if parameters.leads == "catch_up":
        return "catch_up"
    if single:
        return "standing"
    several = [name for name, boards in classes.items() if len(boards) > 1]  # one test does not speak for a class
    return "index" if any(on_index[name]().figure.months is not None for name in several) else "catch_up"


def board_gap(board: int, months: FloatArray) -> BoardGap:
    """Return a benchmark's figures of its points."""
    if not len(months):
        return BoardGap(board, None, None, None, 0)
    return BoardGap(board, float(months.mean()), float(months.min()), float(months.max()), len(months))


def forward_of(evidence: Evidence, found: Crossings, parameters: Parameters, boards: IntArray | None = None) -> Forward:
    """Estimate how long open models take to match levels (E3), of some boards alone where they are given."""
    counted = np.arange(len(evidence.boards)) if boards is None else boards
    accepted = found.points.where(found.points.accepted & np.isin(found.points.board, counted))
    unmatched = [level for level in found.unmatched if level.accepted and level.board in counted]
    clusters = clusters_of(evidence, parameters)
    return forward(
        np.concatenate((accepted.months, [level.age_months for level in unmatched])),
        np.concatenate((np.ones(len(accepted.months), dtype=np.bool_), np.zeros(len(unmatched), dtype=np.bool_))),
        np.concatenate((accepted.cluster, clusters[[level.board for level in unmatched]])),
        parameters,
    )
