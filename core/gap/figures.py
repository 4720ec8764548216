"""What is reported for a class of tests, by any measure: a figure with its day and range, and its change."""

import math

from core.dataclass import dataclass
from core.evidence.evidence import FloatArray, IntArray
from core.gap.intervals import t_quantile

NORMAL_DF = 1e9
"""With this many degrees of freedom, Student's t is the normal distribution."""
CLAIM_LEVEL = 0.95
"""The level of the interval that decides on "wider" and "narrower" (method.md, E7)."""


@dataclass(frozen=True)
class Headline:
    """The figure of one class at its date `at` (ordinal), in months; None if there is no figure.

    `n_effective` is the effective number of benchmarks, or of families of benchmarks. `no_interval` says why there is
    no interval; empty if there is one. `is_about` is true if few tests are live; the figure then has no decimal.
    """

    months: float | None
    low: float | None
    high: float | None
    no_interval: str
    at: int | None
    n_effective: float | None
    is_about: bool = False


NO_FIGURE = Headline(None, None, None, "too-few", None, None)


def headline_of(months: float, error: float, df: float, at: int | None, n_eff: float | None, level: float) -> Headline:
    """Build a figure from its standard error and degrees of freedom: months +- t(df) error, from `n_eff` benchmarks."""
    months, half = float(months), float(t_quantile((1 + level) / 2, df)) * error
    return Headline(months, months - half, months + half, "", at, n_eff)


@dataclass(frozen=True)
class Change:
    """A figure at its date minus the same figure on an earlier day, in months; None if either can't be read.

    `direction` is 1 if an increase is reported, -1 for a decrease, 0 for neither. `low` and `high` are at the method's
    level, so they may exclude 0 although no direction is reported.
    """

    months: float | None
    low: float | None
    high: float | None
    direction: int = 0


NO_CHANGE = Change(None, None, None)


def change_of(months: float, error: float, df: float, level: float) -> Change:
    """Build a change from its standard error and degrees of freedom; without an interval if the error is not finite.

    A direction is reported if the 95 % interval excludes 0, so that less than 5 % of changes get a false direction.
    """
    half, certain_half = (float(t_quantile((1 + share) / 2, df)) * error for share in (level, CLAIM_LEVEL))
    if not math.isfinite(half):
        return Change(months, None, None)
    return Change(months, months - half, months + half, int(months > certain_half) - int(months < -certain_half))


@dataclass(frozen=True)
class Course:
    """A figure over time, in months. Shape: all (days,), `day` ordinals; NaN if unreadable or too uncertain."""

    day: IntArray
    months: FloatArray
    low: FloatArray
    high: FloatArray


def normal_half(level: float) -> float:
    """Return half the width of the normal interval at a level, in standard errors."""
    return float(t_quantile((1 + level) / 2, NORMAL_DF))
