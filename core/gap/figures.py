"""What is told of a class of tests, whichever measure it is: a figure with its day and range, and its change."""

import math
from dataclasses import dataclass

from core.gap.intervals import t_quantile

CLAIM_LEVEL = 0.95
"""The level of the interval by which "wider" and "narrower" are said (method.md, E7)."""


@dataclass(frozen=True)
class Headline:
    """The figure of one class at its date `at` (ordinal), in months; None where it can't be given.

    `n_effective` is how many benchmarks, or families of them, it is worth. `no_interval` is the reason why there is no
    interval, empty where there is one.
    """

    months: float | None
    low: float | None
    high: float | None
    no_interval: str
    at: int | None
    n_effective: float | None


NO_FIGURE = Headline(None, None, None, "too-few", None, None)


def headline_of(months: float, error: float, df: float, at: int | None, worth: float | None, level: float) -> Headline:
    """Make a figure of its standard error and degrees of freedom: months +- t(df) error, worth so many benchmarks."""
    half = float(t_quantile((1 + level) / 2, df)) * error
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
    half, certain = (float(t_quantile((1 + each) / 2, df)) * error for each in (level, CLAIM_LEVEL))
    if not math.isfinite(half):
        return Change(months, None, None)
    return Change(months, months - half, months + half, int(months > certain) - int(months < -certain))


def between_figures(before: Headline, after: Headline, level: float) -> Change:
    """Compare two figures whose intervals are t(n_effective - 1) at `level`.

    Their errors are taken as independent, which is cautious where both rest on the same scores; the smaller df counts.
    """
    if before.months is None or after.months is None:
        return NO_CHANGE
    months = after.months - before.months
    if before.low is None or before.high is None or after.low is None or after.high is None:
        return Change(months, None, None)
    dfs = [(each.n_effective or 0.0) - 1 for each in (before, after)]
    halves = (before.high - before.low) / 2, (after.high - after.low) / 2
    errors = [half / float(t_quantile((1 + level) / 2, df)) for half, df in zip(halves, dfs, strict=True)]
    return change_of(months, math.hypot(*errors), min(dfs), level)
