"""The gap as of a day: crossings, trend, recent means, unmatched levels and what the answer rests on."""

import math
from dataclasses import dataclass, replace

import numpy as np

from core.evidence.evidence import BoolArray, Evidence, IntArray
from core.gap.crossings import Crossings, Points, crossings
from core.gap.figures import LEADS, SECOND, Change, Headline, Measure
from core.gap.forward import Forward, forward
from core.gap.intervals import RecentMean, recent_mean, t_quantile
from core.gap.parameters import MONTH_DAYS, Parameters
from core.gap.private_public import Difference, private_minus_public, without_each_model
from core.gap.standing import StandingGap
from core.gap.standing_figure import ClassStanding, class_standing
from core.gap.trend import Trend, trend
from core.words import CLASSES


@dataclass(frozen=True)
class ClassGap:
    """All figures of one access class, of both measures; `leads` is the one that is told first.

    Of catch-up time: `recent` are the points of the window, `catch_up_change` is against the day `since`.
    """

    boards: IntArray
    points: Points
    trend: Trend
    catch_up: Headline
    minimum: tuple[float, int] | None
    recent: Points
    mean: RecentMean
    window_from: int | None
    since: int
    catch_up_change: Change
    standing: ClassStanding
    leads: Measure

    def figure(self, measure: Measure) -> Headline:
        """Return the figure of a measure."""
        return self.catch_up if measure == "catch_up" else self.standing.figure

    @property
    def headline(self) -> Headline:
        """Return the figure that leads."""
        return self.figure(self.leads)

    @property
    def change(self) -> Change:
        """Return the change of the figure that leads since the day `since`."""
        return self.catch_up_change if self.leads == "catch_up" else self.standing.change


@dataclass(frozen=True)
class Influence:
    """The benchmark without which a headline would move most, and where to."""

    board: int
    access: str
    months_without: float


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
        return next((gap.leads for gap in self.classes.values()), LEADS)

    @property
    def standing(self) -> dict[int, StandingGap]:
        """Return the standing gap of each benchmark that is part of "now"."""
        return {gap.board: gap for of_class in self.classes.values() for gap in of_class.standing.gaps.gaps}


@dataclass(frozen=True)
class Analysis(Gaps):
    """E1, E2, E3 and E8 on one day."""

    forward: Forward
    difference: Difference
    influence: Influence | None


def analyse(
    evidence: Evidence, boards: IntArray, as_of: int, parameters: Parameters, open_models: BoolArray | None = None
) -> Analysis:
    """Run the default analysis over the given boards, as of the day `as_of` (ordinal).

    `open_models` (one flag per model) narrows the open side.
    """
    known = gaps(evidence, boards, as_of, parameters, open_models)
    found, classes = known.crossings, known.classes
    accepted = found.points.where(found.points.accepted)
    is_private = np.array([board.access == "private" for board in evidence.boards])
    means = {board: gap.months for board, gap in known.by_board.items() if gap.months is not None}
    private_means = [bool(is_private[board]) for board in means]
    difference = private_minus_public(list(means.values()), private_means, level=parameters.level)
    if difference.months is not None:
        difference = _with_models(difference, classes, is_private)
    return Analysis(
        found,
        classes,
        known.by_board,
        _forward(found, accepted, parameters),
        difference,
        _influence(classes, parameters),
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
    by_board: dict[int, BoardGap] = {}
    for name in CLASSES:
        of_class = boards[access[boards] == name]
        if len(of_class):
            gap = _class_gap(
                of_class,
                accepted.where(access[accepted.board] == name),
                class_standing(evidence, of_class, as_of, parameters, open_models),
                parameters,
                whole_band=whole_band,
            )
            classes[name] = gap
            by_board |= _by_board(gap)
    leads = _leading(classes, parameters, single=len(boards) == 1)
    return Gaps(found, {name: replace(gap, leads=leads) for name, gap in classes.items()}, by_board)


def _leading(classes: dict[str, ClassGap], parameters: Parameters, *, single: bool) -> Measure:
    """Choose the measure that is told first, for all classes the same: where it has no figure, the second.

    The study's method knows catch-up time alone. On a single benchmark the standing gap leads: there it is a
    description, with two models and their scores.
    """
    if parameters.interval == "points":
        return "catch_up"
    wanted: tuple[Measure, ...] = ("standing", "catch_up") if single else (LEADS, SECOND)
    known = [each for each in wanted if any(gap.figure(each).months is not None for gap in classes.values())]
    return known[0] if known else wanted[0]


def _with_models(difference: Difference, classes: dict[str, ClassGap], is_private: BoolArray) -> Difference:
    months, board, closed, open_ = (
        np.concatenate([getattr(gap.recent, column) for gap in classes.values()])
        for column in ("months", "board", "closed", "open")
    )
    low, high = without_each_model(months, board, (closed, open_), is_private)
    return replace(difference, model_low=low, model_high=high)


def _class_gap(
    boards: IntArray, points: Points, standing: ClassStanding, parameters: Parameters, *, whole_band: bool
) -> ClassGap:
    line = trend(points, parameters, whole_band=whole_band)
    place = line.last_readable()
    until = int(line.day[place]) if place is not None else int(points.open_day.max(initial=0))
    window_from = round(until - parameters.window_months * MONTH_DAYS) if len(points.months) else None
    recent = points.where((points.open_day <= until) & (points.open_day > (window_from or 0)))
    mean = recent_mean(recent.months, recent.board, level=parameters.level)
    return ClassGap(
        boards,
        points,
        line,
        _catch_up(line, place, mean, until, single=len(boards) == 1),
        _minimum(line),
        recent,
        mean,
        window_from,
        parameters.since.toordinal(),
        _change(line, place, parameters),
        standing,
        LEADS,
    )


def _catch_up(line: Trend, place: int | None, mean: RecentMean, until: int, *, single: bool) -> Headline:
    """Read the trend at its last readable date.

    Where there is none, one benchmark that was asked for alone gives the median of its points; several give
    nothing: a few of them would pass for all.
    """
    if place is None and single:
        return Headline(mean.months, None, None, mean.no_interval, until or None, 1.0 if until else None)
    if place is None:
        return Headline(None, None, None, "too-few", None, None)
    low, high = float(line.low[place]), float(line.high[place])
    known = math.isfinite(low) and math.isfinite(high)
    return Headline(
        float(line.band.months[place]),
        low if known else None,
        high if known else None,
        "" if known else "all-equal",
        int(line.day[place]),
        float(line.band.n_effective[place]),
    )


def _minimum(line: Trend) -> tuple[float, int] | None:
    if not line.readable.any():
        return None
    months = np.where(line.readable, line.band.months, np.inf)
    place = int(months.argmin())
    return float(months[place]), int(line.day[place])


def _change(line: Trend, place: int | None, parameters: Parameters) -> Change:
    """Compare the headline date with the day `since`, where the trend can be read at both."""
    since = parameters.since.toordinal()
    readable = np.flatnonzero(line.readable)
    if place is None or not len(readable):
        return Change(None, None, None)
    before = int(readable[np.abs(line.day[readable] - since).argmin()])
    if abs(int(line.day[before]) - since) > parameters.step_days or line.day[place] - since < parameters.bandwidth_days:
        return Change(None, None, None)
    return between((line, place), (line, before), parameters.level)


def between(one: tuple[Trend, int], other: tuple[Trend, int], level: float) -> Change:
    """Return a trend at a place of its grid minus another, or the same, at one of its own.

    The errors are taken as independent, which is cautious where results are shared; the smaller df counts.
    """
    (band, place), (before, place_before) = (one[0].band, one[1]), (other[0].band, other[1])
    months = float(band.months[place] - before.months[place_before])
    error = math.hypot(band.standard_error[place], before.standard_error[place_before])
    df = float(np.fmin(band.df[place], before.df[place_before]))
    half = float(t_quantile((1 + level) / 2, df)) * error if math.isfinite(error) else math.nan
    if not math.isfinite(half):
        return Change(months, None, None)
    return Change(months, months - half, months + half)


def _by_board(gap: ClassGap) -> dict[int, BoardGap]:
    found = {}
    for board in gap.boards.tolist():
        months = gap.recent.months[gap.recent.board == board]
        if len(months):
            found[board] = BoardGap(board, float(months.mean()), float(months.min()), float(months.max()), len(months))
        else:
            found[board] = BoardGap(board, None, None, None, 0)
    return found


def _forward(found: Crossings, accepted: Points, parameters: Parameters) -> Forward:
    unmatched = [level for level in found.unmatched if level.accepted]
    return forward(
        np.concatenate((accepted.months, [level.age_months for level in unmatched])),
        np.concatenate((np.ones(len(accepted.months), dtype=np.bool_), np.zeros(len(unmatched), dtype=np.bool_))),
        np.concatenate((accepted.board, np.array([level.board for level in unmatched], dtype=np.int64))),
        parameters,
    )


def _influence(classes: dict[str, ClassGap], parameters: Parameters) -> Influence | None:
    """Leave each benchmark out of its class at the headline date, and return the largest move."""
    best: Influence | None = None
    largest = 0.0
    for access, gap in classes.items():
        if gap.trend.last_readable() is None or gap.catch_up.at is None or gap.catch_up.months is None:
            continue
        points = gap.points
        weight = np.exp(-0.5 * ((gap.catch_up.at - points.open_day) / parameters.bandwidth_days) ** 2)
        by_board = np.bincount(points.board, weights=weight)
        sums = np.bincount(points.board, weights=weight * points.months)
        rest = weight.sum() - by_board
        for board in np.flatnonzero(by_board).tolist():
            if rest[board] < 1e-9 * weight.sum():
                continue
            without = float((sums.sum() - sums[board]) / rest[board])
            if abs(without - gap.catch_up.months) > largest:
                largest = abs(without - gap.catch_up.months)
                best = Influence(board, access, without)
    return best
