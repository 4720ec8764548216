"""Catch-up time: the trend of the lag over time, and the dates at which it is readable (method.md, E1 and E2)."""

import math

import numpy as np
from numpy.typing import NDArray

from core.dataclass import dataclass
from core.evidence.evidence import BoolArray, FloatArray, IntArray
from core.gap.crossings import Points
from core.gap.figures import NO_FIGURE, Headline
from core.gap.intervals import Band, kernel_band
from core.gap.parameters import MONTH_DAYS, Parameters


@dataclass(frozen=True)
class Trend:
    """The smoothed lag of one access class.

    Shape: `day` (ordinals, a weekly grid) and all arrays of `band` are (g,). `readable` flags the dates with enough
    points for the method. `low` and `high` are the interval, or NaN.
    """

    day: IntArray
    band: Band
    low: FloatArray
    high: FloatArray
    readable: BoolArray

    def last_readable(self) -> int | None:
        """Return the position of the headline date in the grid; None if no date is readable."""
        places = np.flatnonzero(self.readable)
        return int(places[-1]) if len(places) else None


@dataclass(frozen=True)
class CatchUp:
    """Catch-up time of one class, or of one test of the class, from its accepted points.

    `recent` holds the points from `window_from` (ordinal) up to the day of the figure. `window_from` is None if there
    is no point.
    """

    points: Points
    trend: Trend
    figure: Headline
    window_from: int | None
    recent: Points


def measure_catch_up(points: Points, parameters: Parameters, *, single: bool, whole_band: bool = True) -> CatchUp:
    """Measure catch-up time from accepted points; `single` is true if only one board was asked for."""
    line = smooth_points(points, parameters, whole_band=whole_band)
    place = line.last_readable()
    until = int(line.day[place]) if place is not None else int(points.open_day.max(initial=0))
    window_from = round(until - parameters.window_months * MONTH_DAYS) if len(points.months) else None
    recent = points.select((points.open_day <= until) & (points.open_day > (window_from or 0)))
    return CatchUp(points, line, _read_trend(line, place, recent, until, single=single), window_from, recent)


def _read_trend(line: Trend, place: int | None, recent: Points, until: int, *, single: bool) -> Headline:
    """Read the trend at its last readable date.

    Without one, a single benchmark gets the median of its points. Several benchmarks get no figure, because a few of
    them would be taken for all.
    """
    if place is None:
        if not single or not len(recent.months):
            return NO_FIGURE
        return Headline(float(np.median(recent.months)), None, None, "one-benchmark", until, 1.0)
    low, high = float(line.low[place]), float(line.high[place])
    has_interval = math.isfinite(low) and math.isfinite(high)
    return Headline(
        float(line.band.months[place]),
        low if has_interval else None,
        high if has_interval else None,
        "" if has_interval else "all-equal",
        int(line.day[place]),
        float(line.band.n_effective[place]),
    )


def smooth_points(points: Points, parameters: Parameters, *, whole_band: bool = True) -> Trend:
    """Smooth the accepted points of one class (Nadaraya-Watson, Gaussian kernel).

    The interval comes from resampled points for the study and from benchmark means for E2. Without `whole_band`, the
    study's expensive interval is computed only at the headline date, and is NaN elsewhere.
    """
    if not len(points.months):
        no_values = np.zeros(0)
        band = Band(no_values, no_values, no_values, no_values, no_values, 0.95)
        return Trend(np.zeros(0, dtype=np.int64), band, no_values, no_values, np.zeros(0, dtype=np.bool_))
    # From the first point on, in steps; the last point may fall between two steps.
    grid = np.arange(points.open_day.min(), points.open_day.max() + 1, parameters.step_days, dtype=np.int64)
    bandwidth, level = parameters.bandwidth_days, parameters.level
    band = kernel_band(points.open_day, points.months, points.cluster, grid, bandwidth_days=bandwidth, level=level)
    readable = (band.weight >= parameters.min_weight) & (np.nan_to_num(band.n_effective) >= parameters.min_effective)
    if parameters.interval == "points":
        low, high = np.full(len(grid), np.nan), np.full(len(grid), np.nan)
        places = np.arange(len(grid)) if whole_band else np.flatnonzero(readable)[-1:]
        low[places], high[places] = resampled_band(points, grid[places], parameters)
        return Trend(grid, band, low, high, readable)
    return Trend(grid, band, band.low, band.high, readable)


def resampled_band(points: Points, grid: IntArray, parameters: Parameters) -> tuple[FloatArray, FloatArray]:
    """Return the study's band: the percentiles of the trend over resampled points (E1).

    A draw is a count per point, so all draws at all dates take two matrix products. A draw is ignored at the dates
    where it has no weight. The band is NaN if no draw has weight.
    """
    n = len(points.months)
    generator = np.random.default_rng(parameters.seed)
    draws = parameters.draws
    picks = generator.integers(0, n, size=(draws, n), dtype=np.int32)
    picks += np.arange(draws, dtype=np.int32)[:, None] * n
    counts = np.bincount(picks.ravel(), minlength=draws * n).reshape(draws, n).astype(np.float32)
    kernel = np.exp(-0.5 * ((grid[:, None] - points.open_day) / parameters.bandwidth_days) ** 2).astype(np.float32)
    weight = kernel @ counts.T
    smooth_months = (kernel * points.months.astype(np.float32)) @ counts.T
    with np.errstate(invalid="ignore", divide="ignore"):
        smooth_months /= weight
    tail = (1 - parameters.level) / 2
    low, high = _percentiles(smooth_months, tail, 1 - tail)
    return low, high


def _percentiles(draws: NDArray[np.floating], lower: float, upper: float) -> tuple[FloatArray, FloatArray]:
    """Return two percentiles of each row (linear between order statistics), ignoring NaN."""
    is_whole = ~np.isnan(draws).any(axis=1)
    low, high = (np.full(len(draws), np.nan) for _ in range(2))
    if not is_whole.all():
        with np.errstate(invalid="ignore"):
            for row in np.flatnonzero(~is_whole & ~np.isnan(draws).all(axis=1)).tolist():
                low[row], high[row] = np.nanquantile(draws[row], [lower, upper])
    last = draws.shape[1] - 1
    places = sorted({int(end(share * last)) for share in (lower, upper) for end in (np.floor, np.ceil)})
    sorted_draws = np.partition(draws[is_whole], places, axis=1)
    for share, into in ((lower, low), (upper, high)):
        below = int(np.floor(share * last))
        part = share * last - below
        above = min(below + 1, last)
        into[is_whole] = sorted_draws[:, below] * (1 - part) + sorted_draws[:, above] * part
    return low, high
