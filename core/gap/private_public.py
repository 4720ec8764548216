"""E8: private against public tests, or any two sets of them, by the benchmark means of the recent window."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from core.evidence.evidence import BoolArray, FloatArray, IntArray
from core.gap.intervals import t_quantile

_MOST_BENCHMARKS = 22
"""Above this the exact permutation's 2^n sums no longer fit; the study has 17."""


@dataclass(frozen=True)
class Difference:
    """Private minus public, or one set of benchmarks minus another, in months; None where a side has too few.

    `reason` says so.

    The interval is Welch's on benchmark means. `without_low` to `without_high` is the range of the difference
    when any one benchmark (or family) is left out, `model_low` to `model_high` when any one model's results are.
    `window_from` and `window_until` are the window's days (ordinals), where both sides have one.
    """

    months: float | None
    low: float | None
    high: float | None
    p_value: float | None
    without_low: float | None
    without_high: float | None
    model_low: float | None = None
    model_high: float | None = None
    reason: str = ""
    window_from: int | None = None
    window_until: int | None = None


def first_minus_second(means: ArrayLike, is_first: ArrayLike, *, level: float) -> Difference:
    """Compare two sets of benchmarks by their means.

    Shape: means (months) and is_first are (G,), one entry per benchmark. The p-value is two-sided and exact:
    every way to call that many benchmarks the first (24,310 with 8 of 17). Swapped sets give the same with the
    other sign. Source: Fisher 1935; Welch 1947; E8.
    """
    values = np.asarray(means, dtype=np.float64)
    first = np.asarray(is_first, dtype=np.bool_)
    n_first, n_second = int(first.sum()), int((~first).sum())
    if not n_first or not n_second:
        return Difference(None, None, None, None, None, None, reason="one-class")
    months = float(values[first].mean() - values[~first].mean())
    p_value = _exact_p(values, first)
    if n_first < 2 or n_second < 2:
        return Difference(months, None, None, p_value, None, None, reason="one-test")
    half = _welch_half(values[first], values[~first], level)
    without = [_without(values, first, number) for number in range(len(values))]
    return Difference(
        months,
        None if half is None else months - half,
        None if half is None else months + half,
        p_value,
        min(without),
        max(without),
        reason="" if half is not None else "all-equal",
    )


def without_each_model(
    months: FloatArray, board: IntArray, models: tuple[IntArray, IntArray], is_private: BoolArray
) -> tuple[float | None, float | None]:
    """Return the range of the difference when the results of any one model are left out.

    Shape: months, board and each of `models` (closed, open) are (n,), one row per result of the window;
    is_private has one flag per board.
    """
    if not len(months):
        return None, None
    names = np.unique(np.concatenate(models), return_inverse=True)[0]
    kept = ((models[0] != names[:, None]) & (models[1] != names[:, None])).astype(np.float64)
    of_board = (board[:, None] == np.arange(len(is_private))).astype(np.float64)
    counts, sums = kept @ of_board, kept @ (of_board * months[:, None])
    means = np.divide(sums, counts, out=np.zeros_like(sums), where=counts > 0)
    there = counts > 0
    sides = []
    for side in (is_private, ~is_private):
        weight = there & side
        total = weight.sum(axis=1)
        sides.append(np.where(total > 0, (means * weight).sum(axis=1) / np.maximum(total, 1), np.nan))
    differences = sides[0] - sides[1]
    differences = differences[np.isfinite(differences)]
    return (float(differences.min()), float(differences.max())) if len(differences) else (None, None)


def _without(values: FloatArray, first: BoolArray, number: int) -> float:
    keep = np.arange(len(values)) != number
    return float(values[keep & first].mean() - values[keep & ~first].mean())


def _welch_half(a: FloatArray, b: FloatArray, level: float) -> float | None:
    parts = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    variance = float(sum(parts))
    if variance < 1e-18:
        return None
    df = variance**2 / float(parts[0] ** 2 / (len(a) - 1) + parts[1] ** 2 / (len(b) - 1))
    return float(t_quantile((1 + level) / 2, df)) * math.sqrt(variance)


def _exact_p(values: FloatArray, first: BoolArray) -> float | None:
    """Return the share of relabellings at least as far apart, by the sums of all subsets of the right size."""
    n, n_first = len(values), int(first.sum())
    if n > _MOST_BENCHMARKS:
        return None
    sums, sizes = np.zeros(1), np.zeros(1, dtype=np.int8)
    for value in values.tolist():
        sums = np.concatenate((sums, sums + value))
        sizes = np.concatenate((sizes, sizes + np.int8(1)))
    chosen = sums[sizes == n_first]
    total = float(values.sum())
    differences = chosen / n_first - (total - chosen) / (n - n_first)
    observed = abs(float(values[first].mean() - values[~first].mean()))
    return float((np.abs(differences) >= observed - 1e-9).mean())
