"""Simulated lag points whose true trend is known, to count how often an interval holds the truth.

The design follows the accepted points of the real boards: 2 to 15 points per benchmark, most with few; three
years; boards that start and stop on different days; a difference between benchmarks as large as the noise
within them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SPAN_DAYS = 1095
LOWEST_LAG_DAY = 600  # where the true trend turns, as the real one does in January 2025
# Points of a benchmark: a few boards hold most of the points (the real ones: 2 to 15, mean 6.5).
POINTS_PER_BENCHMARK = np.array([2, 2, 3, 3, 4, 4, 5, 6, 6, 7, 8, 9, 11, 13, 15])


@dataclass(frozen=True)
class Points:
    """Day, lag in months and benchmark code, one entry per point."""

    day: NDArray[np.float64]
    lag: NDArray[np.float64]
    benchmark: NDArray[np.int64]


@dataclass(frozen=True)
class Design:
    """What is simulated; standard deviations in months."""

    n_benchmarks: int
    benchmark_sd: float = 3.0
    noise_sd: float = 3.0
    # Correlation of a point's noise with its predecessor's on the same benchmark.
    autocorrelation: float = 0.4
    # Share of the points that belong to a model seen on many benchmarks, and the common shock it gives them.
    shared_share: float = 0.0
    shared_sd: float = 3.0
    shared_models: int = 10
    # Slope of the trend far from its turning point.
    months_per_year: float = 2.5


def true_trend(design: Design, day: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a lag that falls to about 7 months, turns smoothly within half a year, and rises again."""
    years = (day - LOWEST_LAG_DAY) / 365.25
    return 6 + design.months_per_year * np.sqrt(years**2 + 0.5**2)


def simulate(design: Design, rng: np.random.Generator) -> Points:
    """Draw one set of boards: lag = trend at the day + benchmark effect + noise (+ shock of a shared model)."""
    counts = rng.choice(POINTS_PER_BENCHMARK, size=design.n_benchmarks)
    benchmark = np.repeat(np.arange(design.n_benchmarks), counts)
    first_day = rng.uniform(0, 500, design.n_benchmarks)
    last_day = SPAN_DAYS - rng.uniform(0, 300, design.n_benchmarks)
    day = first_day[benchmark] + rng.uniform(size=len(benchmark)) * (last_day - first_day)[benchmark]
    shock = np.zeros(len(benchmark))
    if design.shared_share > 0:
        day, shock = _share_models(design, day, rng)
    effect = rng.normal(0, design.benchmark_sd, design.n_benchmarks)[benchmark]
    order = np.lexsort((day, benchmark))
    day, shock = day[order], shock[order]
    lag = true_trend(design, day) + effect + shock + _noise(design, benchmark, rng)
    return Points(day, lag, benchmark)


def _share_models(
    design: Design, day: NDArray[np.float64], rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Move a share of the points to the nearest release of a widely tested model, with its common shock."""
    releases = rng.uniform(0, SPAN_DAYS, design.shared_models)
    nearest = np.abs(day[:, None] - releases).argmin(axis=1)
    is_shared = rng.uniform(size=len(day)) < design.shared_share
    shocks = rng.normal(0, design.shared_sd, design.shared_models)
    return np.where(is_shared, releases[nearest], day), np.where(is_shared, shocks[nearest], 0.0)


def _noise(design: Design, benchmark: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Noise that remembers the previous point of its benchmark: autoregressive, of constant variance."""
    fresh = rng.normal(0, design.noise_sd, len(benchmark))
    keep = design.autocorrelation
    noise = fresh.copy()
    for i in range(1, len(noise)):
        if benchmark[i] == benchmark[i - 1]:
            noise[i] = keep * noise[i - 1] + np.sqrt(1 - keep**2) * fresh[i]
    return noise
