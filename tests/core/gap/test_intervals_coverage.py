"""How often a nominal 90 % interval holds the truth, on simulated benchmarks (method.md, E2).

Run with `-m slow -s` to see the figures. Replications without a date that may be read are left out, as the
product gives no headline then either.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from core.gap.intervals import kernel_band
from tests.core.gap.lag_worlds import SPAN_DAYS, Design, Points, simulate, true_trend

LEVEL = 0.9
BANDWIDTH_DAYS = 60
READABLE = 2.5  # effective benchmarks from which a date may be read (E2)
GRID = np.arange(0, SPAN_DAYS + 1, 14.0)
REPLICATIONS = 3000  # one standard error of a cell is then half a per cent
NUMBERS_OF_BENCHMARKS = (4, 6, 8, 12, 16)
SHARED = 0.4  # share of points that belong to a model seen on many benchmarks


@dataclass(frozen=True)
class Coverage:
    """Per cent of replications in which the interval holds the truth."""

    all_dates: float
    headline: float
    points_as_independent: float
    n_headlines: int


@cache
def coverage(n_benchmarks: int, shared_share: float = 0.0) -> Coverage:
    """Simulate one cell."""
    design = Design(n_benchmarks, shared_share=shared_share)
    rng = np.random.default_rng(20260822 + n_benchmarks)
    truth = true_trend(design, GRID)
    hits: list[tuple[float, float, float]] = []
    for _ in range(REPLICATIONS):
        points = simulate(design, rng)
        band = kernel_band(points.day, points.lag, points.benchmark, GRID, bandwidth_days=BANDWIDTH_DAYS, level=LEVEL)
        readable = np.flatnonzero(band.n_effective >= READABLE)
        if not len(readable):
            continue
        inside = (band.low <= truth) & (truth <= band.high)
        headline = readable[-1]
        naive = abs(band.months[headline] - truth[headline]) <= naive_half_width(points, GRID[headline])
        hits.append((inside[readable].mean(), inside[headline], naive))
    return Coverage(*(100 * np.nanmean(np.array(hits, dtype=float), axis=0)).tolist(), n_headlines=len(hits))


def naive_half_width(points: Points, at: float) -> float:
    """The tempting wrong interval: every point counts as independent, as when points are resampled."""
    weight: NDArray[np.float64] = np.exp(-0.5 * ((at - points.day) / BANDWIDTH_DAYS) ** 2)
    residual = points.lag - weight @ points.lag / weight.sum()
    return float(1.645 * np.sqrt((weight**2 * residual**2).sum()) / weight.sum())


@pytest.mark.slow
@pytest.mark.parametrize("n_benchmarks", NUMBERS_OF_BENCHMARKS)
def test_intervals_cover_85_to_95_per_cent_with_independent_benchmarks(n_benchmarks: int) -> None:
    cell = coverage(n_benchmarks)
    print(f"\n{n_benchmarks} benchmarks, independent: {cell}")
    assert cell.n_headlines >= 1000
    for name in ("all_dates", "headline"):
        assert 85 <= getattr(cell, name) <= 95, name


@pytest.mark.slow
@pytest.mark.parametrize("n_benchmarks", NUMBERS_OF_BENCHMARKS)
def test_shared_models_lower_the_coverage_within_the_stated_limit(n_benchmarks: int) -> None:
    cell = coverage(n_benchmarks, SHARED)
    print(f"\n{n_benchmarks} benchmarks, 40 % of points from shared models: {cell}")
    for name in ("all_dates", "headline"):
        assert 75 <= getattr(cell, name) <= 95, name
    assert cell.headline < coverage(n_benchmarks).headline + 1


@pytest.mark.slow
@pytest.mark.parametrize("n_benchmarks", NUMBERS_OF_BENCHMARKS)
def test_points_taken_as_independent_would_cover_far_too_little(n_benchmarks: int) -> None:
    assert coverage(n_benchmarks).points_as_independent < 80
