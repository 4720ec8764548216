"""The gap as of a day: crossings, trend, recent means, unmatched levels and what the answer rests on."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial

import numpy as np

from core.evidence.evidence import BoolArray, Evidence, FloatArray, IntArray
from core.gap.board_life import BoardLife, board_lives
from core.gap.class_gap import ClassGap, class_gap
from core.gap.crossings import Crossings, Points, clusters_of, crossings, joined
from core.gap.figures import Change
from core.gap.forward import Forward, forward
from core.gap.index_figure import class_index
from core.gap.index_influence import index_influences
from core.gap.influence import Influence, influences
from core.gap.kept import measured_once
from core.gap.parameters import MONTH_DAYS, SECOND, Measure, Parameters
from core.gap.private_public import Difference, first_minus_second, without_each_model
from core.gap.standing import StandingGap
from core.gap.standing_figure import class_standing
from core.words import CLASSES


@dataclass(frozen=True)
class BoardGap:
    """One benchmark in its class's window: its mean lag, and the smallest and largest of its points, in months.

    None without a point.
    """

    board: int
    months: float | None
    smallest: float | None
    largest: float | None
    n_points: int


@dataclass(frozen=True)
class Gaps:
    """E1, E2 and E11 on one day: all crossings, the figures of each class, and of each of its benchmarks."""

    crossings: Crossings
    classes: dict[str, ClassGap]
    by_board: dict[int, BoardGap]

    @property
    def leads(self) -> Measure:
        """Return the measure that is told first."""
        return next((gap.leads for gap in self.classes.values()), "catch_up")

    @property
    def boards(self) -> IntArray:
        """Return all benchmarks of its classes, in order."""
        return np.array(sorted(board for gap in self.classes.values() for board in gap.boards.tolist()), dtype=np.int64)

    @property
    def standing(self) -> dict[int, StandingGap]:
        """Return the standing gap of each benchmark that is part of "now"."""
        return {gap.board: gap for of_class in self.classes.values() for gap in of_class.standing.gaps.gaps}


@dataclass(frozen=True)
class Analysis(Gaps):
    """E1, E2, E3 and E8 on one day, and what each board can still tell."""

    forward: Forward
    difference: Difference
    influences: tuple[Influence, ...]
    """Those of the measure that leads come first, then those of catch-up time; of each the largest move first."""
    lives: dict[int, BoardLife]


def analyse(
    evidence: Evidence, boards: IntArray, as_of: int, parameters: Parameters, open_models: BoolArray | None = None
) -> Analysis:
    """Run the default analysis over the given boards, as of the day `as_of` (ordinal).

    `open_models` (one flag per model) narrows the open side.
    """
    known = gaps(evidence, boards, as_of, parameters, open_models)
    found, classes = known.crossings, known.classes
    return Analysis(
        found,
        classes,
        known.by_board,
        forward_of(evidence, found, parameters),
        difference_of(evidence, classes, parameters),
        _influences(evidence, known, as_of, parameters, open_models),
        board_lives(evidence, boards.tolist(), found, as_of, parameters, open_models),
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
    found = crossings(evidence, boards, as_of, parameters, open_models)
    access = np.array([board.access for board in evidence.boards])
    accepted = found.points.where(found.points.accepted)
    classes: dict[str, ClassGap] = {}
    choose = cache(lambda: _leading(classes, parameters, single=len(boards) == 1))
    by_board: dict[int, BoardGap] = {}
    for name in CLASSES:
        of_class = boards[access[boards] == name]
        if len(of_class):
            gap = class_gap(
                of_class,
                accepted.where(access[accepted.board] == name),
                class_standing(evidence, of_class, as_of, parameters, open_models),
                partial(class_index, evidence, of_class, as_of, parameters, open_models),
                partial(_change, evidence, of_class, as_of, parameters, open_models),
                choose,
                parameters,
                whole_band=whole_band,
            )
            classes[name] = gap
            by_board |= _by_board(gap)
    return Gaps(found, classes, by_board)


def _change(
    evidence: Evidence,
    boards: IntArray,
    as_of: int,
    parameters: Parameters,
    open_models: BoolArray | None,
    measure: Measure,
    since: int,
) -> Change:
    """Measure the change since a day (ordinal) of the standing gap, test by test or on the index."""
    from_day = replace(parameters, since=date.fromordinal(since))
    measured = class_index if measure == "index" else class_standing
    return measured(evidence, boards, as_of, from_day, open_models).change


def _leading(classes: dict[str, ClassGap], parameters: Parameters, *, single: bool) -> Measure:
    """Choose the measure that is told first, for all classes the same: where it has no figure, the second.

    On a single benchmark the standing gap leads: there it is a description, with two models and their scores.
    """
    if parameters.leads == "catch_up":
        return "catch_up"
    wanted: tuple[Measure, ...] = ("standing",) if single else (parameters.leads, SECOND)
    several = [gap for gap in classes.values() if single or len(gap.boards) > 1]  # one test does not tell of a class
    known = (each for each in wanted if any(gap.figure(each).months is not None for gap in several))
    return next(known, "catch_up")


@dataclass(frozen=True)
class Window:
    """The results that private and public tests are compared by; the days (ordinals) that they lie between.

    Both days are 0 where there is no result.
    """

    points: Points
    since: int
    until: int

    def by_board(self, boards: list[int]) -> dict[int, BoardGap]:
        """Return the figures of each of these benchmarks."""
        return {board: board_gap(board, self.points.months[self.points.board == board]) for board in boards}

    def families(self, boards: list[int]) -> list[BoardGap]:
        """Return the figures of each cluster of these benchmarks, under the number of one of them."""
        of_boards = self.points.where(np.isin(self.points.board, boards))
        units, places, code = np.unique(of_boards.cluster, return_index=True, return_inverse=True)
        return [
            board_gap(int(of_boards.board[place]), of_boards.months[code == number])
            for number, place in zip(range(len(units)), places.tolist(), strict=True)
        ]


def shared_window(classes: dict[str, ClassGap], parameters: Parameters) -> Window:
    """Return the results of both classes over one window of dates, or of each over its own.

    One window ends where the class does that ends first: later results of the other would be held against older ones.
    A class without results ends nothing.
    """
    ends = [gap.catch_up.at or int(gap.points.open_day.max()) for gap in classes.values() if len(gap.points.months)]
    until = min(ends, default=0)
    since = round(until - parameters.window_months * MONTH_DAYS) if ends else 0
    points = joined(*(gap.points if parameters.one_window else gap.recent for gap in classes.values()))
    if parameters.one_window:
        points = points.where((points.open_day <= until) & (points.open_day > since))
    return Window(points, since, until)


def difference_of(evidence: Evidence, classes: dict[str, ClassGap], parameters: Parameters) -> Difference:
    """Compare private and public tests by the means of their clusters."""
    if sum(len(gap.points.months) > 0 for gap in classes.values()) < len(CLASSES):
        return first_minus_second([], [], level=parameters.level)
    window = shared_window(classes, parameters)
    points = window.points
    is_private = np.array([board.access == "private" for board in evidence.boards])[points.board]
    units, code = np.unique(2 * points.cluster + is_private, return_inverse=True)
    means = np.bincount(code, weights=points.months) / np.bincount(code)
    found = first_minus_second(means, units % 2 == 1, level=parameters.level)
    if parameters.one_window:
        found = replace(found, window_from=window.since, window_until=window.until)
    if found.months is None:
        return found
    low, high = without_each_model(points.months, code, (points.closed, points.open), units % 2 == 1)
    return replace(found, model_low=low, model_high=high)


def _by_board(gap: ClassGap) -> dict[int, BoardGap]:
    return {board: board_gap(board, gap.recent.months[gap.recent.board == board]) for board in gap.boards.tolist()}


def board_gap(board: int, months: FloatArray) -> BoardGap:
    """Return a benchmark's figures of its points; or a family's, under the number of one of its benchmarks."""
    if not len(months):
        return BoardGap(board, None, None, None, 0)
    return BoardGap(board, float(months.mean()), float(months.min()), float(months.max()), len(months))


@measured_once
def _influences(
    evidence: Evidence, known: Gaps, as_of: int, parameters: Parameters, open_models: BoolArray | None = None
) -> tuple[Influence, ...]:
    of_leading: tuple[Influence, ...] = ()
    if known.leads == "index":
        of_leading = index_influences(evidence, known.classes, parameters, open_models)
    return (*of_leading, *influences(evidence, known.classes, as_of, parameters, open_models))


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
