"""The figures of one access class, of all measures: trend, recent mean, and the change since a fixed day."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property

import numpy as np

from core.evidence.evidence import FloatArray, IntArray
from core.gap.crossings import Points
from core.gap.figures import NO_CHANGE, NO_FIGURE, Change, Headline, change_of
from core.gap.index_figure import ClassIndex
from core.gap.intervals import RecentMean, recent_mean
from core.gap.parameters import MONTH_DAYS, Measure, Parameters
from core.gap.standing_figure import ClassStanding
from core.gap.trend import Trend, last_reading, trend


@dataclass(frozen=True)
class ClassGap:
    """All figures of one access class, of all measures.

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
    measure_index: Callable[[], ClassIndex] = field(repr=False, compare=False)
    measure_change: Callable[[Measure, int], Change] = field(repr=False, compare=False)
    choose: Callable[[], Measure] = field(repr=False, compare=False)

    @property
    def leads(self) -> Measure:
        """Return the measure that is told first, of all classes of one analysis."""
        return self.choose()

    @cached_property
    def index(self) -> ClassIndex:
        """Return the standing gap on the index, measured when first asked for: a fit takes longer than the rest."""
        return self.measure_index()

    def figure(self, measure: Measure) -> Headline:
        """Return the figure of a measure."""
        if measure == "index":
            return self.index.figure
        return self.catch_up if measure == "catch_up" else self.standing.figure

    @property
    def headline(self) -> Headline:
        """Return the figure that leads."""
        return self.figure(self.leads)

    @property
    def change(self) -> Change:
        """Return the change of the figure that leads since the day `since`."""
        if self.leads == "index":
            return self.index.change
        return self.catch_up_change if self.leads == "catch_up" else self.standing.change

    def change_from(self, measure: Measure, since: int) -> Change:
        """Return how the figure of a measure changed since a day (ordinal), measured when first asked for."""
        return self.measure_change(measure, since)


def class_gap(
    boards: IntArray,
    points: Points,
    standing: ClassStanding,
    measure_index: Callable[[], ClassIndex],
    measure_change: Callable[[Measure, int], Change],
    choose: Callable[[], Measure],
    parameters: Parameters,
    *,
    whole_band: bool,
) -> ClassGap:
    """Find the figures of one class from its accepted points; `boards` are all that could have given one.

    `measure_change` measures the change since a day of the measures that points do not give.
    """
    line = trend(points, parameters, whole_band=whole_band)
    place = line.last_readable()

    @cache
    def change(measure: Measure, since: int) -> Change:
        return change_since(line, place, since, parameters) if measure == "catch_up" else measure_change(measure, since)

    until = int(line.day[place]) if place is not None else int(points.open_day.max(initial=0))
    window_from, recent = _recent(points, until, parameters)
    mean = recent_mean(recent.months, recent.cluster, level=parameters.level)
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
        change_since(line, place, parameters.since.toordinal(), parameters),
        standing,
        measure_index,
        change,
        choose,
    )


def newest_reading(points: Points, parameters: Parameters, *, single: bool) -> float | None:
    """Return catch-up time alone, as `class_gap` measures it: in months, None where there is none."""
    if not len(points.months):
        return None
    found = last_reading(points, parameters)
    if found is None and single:
        _, recent = _recent(points, int(points.open_day.max()), parameters)
        return recent_mean(recent.months, recent.cluster, level=parameters.level).months
    return found


def _recent(points: Points, until: int, parameters: Parameters) -> tuple[int | None, Points]:
    """Return the day (ordinal) from which points are recent, until a day, and those that are."""
    since = round(until - parameters.window_months * MONTH_DAYS) if len(points.months) else None
    return since, points.where((points.open_day <= until) & (points.open_day > (since or 0)))


def point_shares(gap: ClassGap, parameters: Parameters) -> FloatArray:
    """Return the share of catch-up time's weight that each point carries: (points,), 0 where there is no figure."""
    if gap.catch_up.at is None or not len(gap.points.months):
        return np.zeros(len(gap.points.months))
    weight = np.exp(-0.5 * ((gap.catch_up.at - gap.points.open_day) / parameters.bandwidth_days) ** 2)
    return np.asarray(weight / weight.sum())


def _catch_up(line: Trend, place: int | None, mean: RecentMean, until: int, *, single: bool) -> Headline:
    """Read the trend at its last readable date.

    Where there is none, one benchmark that was asked for alone gives the median of its points; several give
    nothing: a few of them would pass for all.
    """
    if place is None and single:
        return Headline(mean.months, None, None, mean.no_interval, until or None, 1.0 if until else None)
    if place is None:
        return NO_FIGURE
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


def change_since(line: Trend, place: int | None, since: int, parameters: Parameters) -> Change:
    """Compare a place of a trend, the headline's, with the day `since` (ordinal), where the trend can be read."""
    readable = np.flatnonzero(line.readable)
    if place is None or not len(readable):
        return NO_CHANGE
    before = int(readable[np.abs(line.day[readable] - since).argmin()])
    if abs(int(line.day[before]) - since) > parameters.step_days or line.day[place] - since < parameters.bandwidth_days:
        return NO_CHANGE
    return between((line, place), (line, before), parameters.level)


def between(one: tuple[Trend, int], other: tuple[Trend, int], level: float) -> Change:
    """Return a trend at a place of its grid minus another, or the same, at one of its own.

    The errors are taken as independent, which is cautious where results are shared; the smaller df counts.
    """
    (band, place), (before, place_before) = (one[0].band, one[1]), (other[0].band, other[1])
    months = float(band.months[place] - before.months[place_before])
    error = math.hypot(band.standard_error[place], before.standard_error[place_before])
    df = float(np.fmin(band.df[place], before.df[place_before]))
    return change_of(months, error, df, level)
