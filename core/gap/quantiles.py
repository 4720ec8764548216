"""Quantiles by NumPy's definitions, without importing numpy.ma, which takes longer than an analysis; finite figures."""

import math

import numpy as np
from numpy.typing import NDArray


def finite_or_none(value: float) -> float | None:
    """Return a figure; None if it is NaN or infinite."""
    return float(value) if math.isfinite(value) else None


def percentile(values: NDArray[np.floating], percent: float) -> float:
    """Return a percentile of at least one value, linear between order statistics (Hyndman and Fan 1996, type 7)."""
    sorted_values = np.sort(values)
    place = (len(sorted_values) - 1) * (percent / 100)
    below = int(place)
    low, high = sorted_values[below], sorted_values[min(below + 1, len(sorted_values) - 1)]
    share = place - below
    return float(high - (high - low) * (1 - share) if share >= 0.5 else low + (high - low) * share)


def nearest_value(values: NDArray[np.floating], percent: float) -> float:
    """Return the order statistic nearest to a percentile of at least one value (type 3)."""
    return float(np.sort(values)[round((len(values) - 1) * percent / 100)])


def reached_by(values: NDArray[np.floating], share: float) -> float:
    """Return the smallest value that at least this share of the values does not exceed (type 1, the inverted CDF)."""
    return float(np.sort(values)[max(math.ceil(len(values) * share - 1), 0)])
