"""What is told of a class of tests, whichever measure it is: a figure with its day and range, and its change."""

import math
from dataclasses import dataclass

from core.evidence.evidence import FloatArray, IntArray
from core.gap.intervals import t_quantile

NORMAL_DF = 1e9
"""With so many degrees of freedom Student's t is the normal distribution."""
CLAIM_LEVEL = 0.95
"""The level of the interval by which "wider" and "narrower" are said (method.md, E7)."""


@dataclass(frozen=True)
class Headline:
    """The figure of one class at its date `at` (ordinal), in months; None where it can't be given.

    `n_effective` is how many benchmarks, or families of them, it is worth. `no_interval` is the reason why there is no
    interval, empty where there is one. It `is_about` so many months where few tests are live, and has no decimal.
    """

    months: float | None
    low: float | None
    high: float | None
    no_interval: str
    at: int | None
    n_effective: float | None
    is_about: bool = False


NO_FIGURE = Headline(None, None, None, "too-few", None, None)


def headline_of(months: float, error: float, df: float, at: int | None, worth: float | None, level: float) -> Headline:
    """Make a figure of its standard error and degrees of freedom: months +- t(df) error, worth so many benchmarks."""
    months, half = float(months), float(t_quantile((1 + level) / 2, df)) * error
    return Headline(months, months - half, months + half, "", at, worth)


@dataclass(frozen=True)
class Change:
    """A figure at its date minus the same at an earlier day: months; None where either can't be read.

    `direction` is 1 where it is told to be more, -1 where less, 0 where it can't be told; `low` and `high` are at the
    method's level, which may leave 0 out where no direction is told.
    """

    months: float | None
    low: float | None
    high: float | None
    direction: int = 0


NO_CHANGE = Change(None, None, None)


def change_of(months: float, error: float, df: float, level: float) -> Change:
    """Make a change of its standard error and degrees of freedom; without an interval where they are not finite.

    A direction is told where the 95 % interval leaves 0 out, so that false ones stay under 5 % together.
    """
    half, certain = (float(t_quantile((1 + share) / 2, df)) * error for share in (level, CLAIM_LEVEL))
    if not math.isfinite(half):
        return Change(months, None, None)
    return Change(months, months - half, months + half, int(months > certain) - int(months < -certain))


@dataclass(frozen=True)
class Course:
    """A figure over time, in months. Shape: all (days,), `day` ordinals; NaN where it can't be read, or hardly."""

    day: IntArray
    months: FloatArray
    low: FloatArray
    high: FloatArray


def normal_half(level: float) -> float:
    """Return half the width of the normal distribution's interval at a level, in standard errors."""
    return float(t_quantile((1 + level) / 2, NORMAL_DF))
