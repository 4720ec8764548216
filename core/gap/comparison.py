"""Two sides compared: two sets of tests, two days."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.gap.analysis import BoardGap
from core.gap.figures import Change, Headline
from core.gap.intervals import MIN_STANDARD_ERROR, t_quantile
from core.gap.model_lag import FEWEST
from core.gap.private_public import first_minus_second

Reason = Literal["", "one-each", "one-on-a-side", "all-equal", "no-result", "no-figure"]
"""Why a difference has no interval: how many tests there are, and what is missing."""


@dataclass(frozen=True)
class Figure:
    """One side's lag in months, with its interval; None where it can't be given. `at` is the day it ends (ordinal)."""

    months: float | None
    low: float | None
    high: float | None
    n_tests: int
    n_results: int
    at: int | None = None


@dataclass(frozen=True)
class Comparison:
    """Left minus right, in months: negative where the left side's lag is the shorter.

    None where it can't be given; `reason` says why there is no interval. The direction holds on `n_holds` of
    `n_tests`; `without_low` to `without_high` is the range of the difference with any one test left out.
    """

    left: Figure
    right: Figure
    months: float | None
    low: float | None
    high: float | None
    n_holds: int = 0
    n_tests: int = 0
    without_low: float | None = None
    without_high: float | None = None
    reason: Reason = ""

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves no doubt about the direction."""
        return self.low is not None and self.high is not None and not self.low <= 0 <= self.high


def of_tests(left: Sequence[BoardGap], right: Sequence[BoardGap], level: float) -> Comparison:
    """Compare two sets of tests by their mean lags, as E8 does (Welch 1947); no test may be in both.

    A test bears the direction out where it lies on its own side of the other set's mean; a set of one test is
    not counted so.
    """
    sides = [[gap for gap in side if gap.months is not None] for side in (left, right)]
    figures = [_mean(side, level) for side in sides]
    means = [np.array([gap.months for gap in side], dtype=np.float64) for side in sides]
    apart = first_minus_second(np.concatenate(means), np.arange(sum(map(len, means))) < len(means[0]), level=level)
    if apart.months is None:
        return Comparison(figures[0], figures[1], None, None, None, reason="no-result")
    sign, holds, counted = np.sign(apart.months), 0, 0
    for own, other, way in ((means[0], means[1], sign), (means[1], means[0], -sign)):
        if len(own) > 1:
            holds += int((np.sign(own - other.mean()) == way).sum()) if sign else 0
            counted += len(own)
    reason: Reason = ""
    if apart.low is None:
        fewest, most = sorted(map(len, means))
        reason = "one-each" if most == 1 else "one-on-a-side" if fewest == 1 else "all-equal"
    return Comparison(
        figures[0], figures[1], apart.months, apart.low, apart.high, holds, counted,
        apart.without_low, apart.without_high, reason,
    )  # fmt: skip


def of_days(left: Headline, right: Headline, apart: Change) -> Comparison:
    """Compare the gap of a class on two days; `apart` is how it grew from the right one to the left one."""
    figures = [Figure(line.months, line.low, line.high, 0, 0, line.at) for line in (left, right)]
    if left.months is None or right.months is None:
        return Comparison(figures[0], figures[1], None, None, None, reason="no-figure")
    return Comparison(figures[0], figures[1], left.months - right.months, apart.low, apart.high)


def mean_interval(values: Iterable[float], level: float) -> tuple[float, float | None, float | None]:
    """Return the mean of at least one value and its t(n - 1) interval; none for fewer than three, or equal ones."""
    array = np.asarray(values, dtype=np.float64)
    mean = float(array.mean())
    error = float(array.std(ddof=1)) / len(array) ** 0.5 if len(array) >= FEWEST else 0.0
    if error < MIN_STANDARD_ERROR:
        return mean, None, None
    half = float(t_quantile((1 + level) / 2, len(array) - 1)) * error
    return mean, mean - half, mean + half


def _mean(boards: Sequence[BoardGap], level: float) -> Figure:
    if not boards:
        return Figure(None, None, None, 0, 0)
    months, low, high = mean_interval([gap.months or 0.0 for gap in boards], level)
    return Figure(months, low, high, len(boards), sum(gap.n_points for gap in boards))
