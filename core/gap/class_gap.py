"""The figures of one access class: the gap on the index, the standing gap of each test, and catch-up time."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from core.evidence.evidence import FloatArray, IntArray
from core.gap.crossings import Points
from core.gap.figures import NO_FIGURE, Change, Headline
from core.gap.index_figure import ClassIndex
from core.gap.parameters import MONTH_DAYS, Measure, Parameters
from core.gap.standing import StandingGaps
from core.gap.trend import Trend, trend


@dataclass(frozen=True)
class ClassGap:
    """The figures of one access class, or of one test of it; `recent` are the points of the last months of catch-up.

    `leads` is the measure that is given first, for all classes of one analysis.
    """

    boards: IntArray
    points: Points
    trend: Trend
    catch_up: Headline
    window_from: int | None
    recent: Points
    standing: StandingGaps
    leads: Measure
    measure_index: Callable[[], ClassIndex] = field(repr=False, compare=False)

    @cached_property
    def index(self) -> ClassIndex:
        """Return the gap on the index, measured when first asked for: a fit takes longer than the rest."""
        return self.measure_index()

    def figure(self, measure: Measure) -> Headline:
        """Return the figure of a measure; the standing gap is one of a single test alone."""
        if measure == "index":
            return self.index.figure
        if measure == "catch_up":
            return self.catch_up
        if len(self.boards) > 1 or not self.standing.gaps:
            return NO_FIGURE
        gap = self.standing.gaps[0]
        return Headline(gap.months, None, None, "one-benchmark", gap.at, 1.0)

    @property
    def headline(self) -> Headline:
        """Return the figure that leads."""
        return self.figure(self.leads)

    @property
    def change(self) -> Change:
        """Return how the gap on the index grew since the method's fixed day."""
        return self.index.change


def class_gap(
    boards: IntArray,
    points: Points,
    standing: StandingGaps,
    measure_index: Callable[[], ClassIndex],
    leads: Measure,
    parameters: Parameters,
    *,
    whole_band: bool,
) -> ClassGap:
    """Find the figures of one class from its accepted points; `boards` are all that could have given one."""
    line = trend(points, parameters, whole_band=whole_band)
    place = line.last_readable()
    until = int(line.day[place]) if place is not None else int(points.open_day.max(initial=0))
    window_from = round(until - parameters.window_months * MONTH_DAYS) if len(points.months) else None
    recent = points.where((points.open_day <= until) & (points.open_day > (window_from or 0)))
    catch_up = _read_catch_up(line, place, recent, until, single=len(boards) == 1)
    return ClassGap(boards, points, line, catch_up, window_from, recent, standing, leads, measure_index)


def _read_catch_up(line: Trend, place: int | None, recent: Points, until: int, *, single: bool) -> Headline:
    """Read the trend at its last readable date.

    Where there is none, one benchmark that was asked for alone gives the median of its points; several give
    nothing: a few of them would pass for all.
    """
    if place is None:
        if not single or not len(recent.months):
            return NO_FIGURE
        return Headline(float(np.median(recent.months)), None, None, "one-benchmark", until, 1.0)
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


def point_shares(gap: ClassGap, parameters: Parameters) -> FloatArray:
    """Return the share of catch-up time's weight that each point carries: (points,), 0 where there is no figure."""
    if gap.catch_up.at is None or not len(gap.points.months):
        return np.zeros(len(gap.points.months))
    weight = np.exp(-0.5 * ((gap.catch_up.at - gap.points.open_day) / parameters.bandwidth_days) ** 2)
    return np.asarray(weight / weight.sum())
