"""The estimators that the judge holds against the truth, each a function of the evidence and a class's boards.

A new one is a function and its line in FIGURES; HEADLINE names the one that the page and `trust` are about.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from core.evidence.evidence import Evidence, IntArray
from core.gap.analysis import gaps
from core.gap.class_gap import between
from core.gap.figures import CLAIM_LEVEL
from core.gap.index_figure import on_scale, scale_of
from core.gap.intervals import t_quantile
from core.gap.parameters import CLUSTERED_2
from core.gap.standing import alive_on_both, over_draws, over_families, standing_gaps
from core.gap.standing_figure import swings

_METHOD = CLUSTERED_2
_SINCE = _METHOD.since.toordinal()


@dataclass(frozen=True)
class Estimate:
    """What an estimator says in one world; NaN where it says nothing.

    The figure and its change since January 2025 in months, each with its standard error and the degrees of freedom of
    its interval (infinite for a normal one). `direction` is what is said of the gap on the last day: 1 wider, -1
    narrower, 0 neither. `flips_a_year` is how often that changes from one calendar month end to the next.
    """

    months: float = math.nan
    error: float = math.nan
    df: float = math.nan
    change: float = math.nan
    change_error: float = math.nan
    change_df: float = math.nan
    direction: float = math.nan
    flips_a_year: float = math.nan


Estimator = Callable[[Evidence, IntArray, int], Estimate]
"""Of the evidence of a world, the boards (indices) of the class that is measured, and the last day (ordinal)."""


def flips_a_year(path: Sequence[int]) -> float:
    """Return how often what is said changes a year, of states at successive month ends; NaN with less than two."""
    if len(path) < 2:
        return math.nan
    return 12 * sum(one != other for one, other in pairwise(path)) / (len(path) - 1)


def standing_on_index(evidence: Evidence, boards: IntArray, as_of: int) -> Estimate:
    """Measure the standing gap on a scale at its last release (method index-1)."""
    scale = scale_of(evidence, boards, _METHOD)
    released = np.zeros(0, dtype=np.int64) if scale is None else scale.day[scale.day <= as_of]
    if scale is None or not len(released):
        return Estimate()
    figure = on_scale(scale, int(released[-1]), _SINCE)
    return _with_direction(figure.months, figure.error, figure.df, figure.change, figure.change_error, figure.df)


def standing_by_test(evidence: Evidence, boards: IntArray, as_of: int) -> Estimate:
    """Average the standing gap over the boards that are alive."""
    now = standing_gaps(evidence, boards, as_of, _METHOD)
    if not now.gaps:
        return Estimate()
    everything = np.ones((1, len(evidence.score)), dtype=np.bool_)
    months, error, df = (float(each[0]) for each in over_draws(evidence, now.gaps, everything))
    both, grown = alive_on_both(standing_gaps(evidence, boards, _SINCE, _METHOD), now)
    if not len(both):
        return Estimate(months, error, df)
    change, spread, families = over_families(grown[None], evidence.families[both])
    swung = swings(evidence, boards, (_SINCE, as_of), _METHOD)
    return _with_direction(
        months, error, df, float(change[0]), math.hypot(float(spread[0]), *swung.tolist()), float(families[0]) - 1
    )


def catch_up_time(evidence: Evidence, boards: IntArray, as_of: int) -> Estimate:
    """Read the trend of catch-up times at the last day on which it can be read."""
    [gap] = gaps(evidence, boards, as_of, _METHOD).classes.values()
    place, band = gap.trend.last_readable(), gap.trend.band
    if place is None:
        return Estimate()
    months, error, df = float(band.months[place]), float(band.standard_error[place]), float(band.df[place])
    if gap.catch_up_change.months is None:
        return Estimate(months, error, df)
    before = int(np.abs(np.where(gap.trend.readable, gap.trend.day, -(10**9)) - gap.since).argmin())
    change = between((gap.trend, place), (gap.trend, before), CLAIM_LEVEL).months or 0.0
    change_error = math.hypot(error, float(band.standard_error[before]))
    return _with_direction(months, error, df, change, change_error, float(np.fmin(df, band.df[before])))


def _with_direction(
    months: float, error: float, df: float, change: float, change_error: float, change_df: float
) -> Estimate:
    """Say a direction where the 95 % interval of the change leaves 0 out."""
    direction = math.nan
    if math.isfinite(change):
        half = float(t_quantile((1 + CLAIM_LEVEL) / 2, change_df)) * change_error
        direction = float(change > half) - float(change < -half)
    return Estimate(months, error, df, change, change_error, change_df, direction)


FIGURES: dict[str, Estimator] = {
    "standing gap on the index": standing_on_index,
    "standing gap": standing_by_test,
    "catch-up time": catch_up_time,
}
"""What is judged, by name."""
HEADLINE = "standing gap on the index"
"""The one that leads."""
