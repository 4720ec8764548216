"""Every figure of the gap of a class on one day, with its standard error: what the judge grades, and what it led to.

Thinned ones are the mean over selections of the scores in which both sides are tested as often (E5).
"""

import math
from dataclasses import dataclass

import numpy as np

from core.evidence.evidence import BoolArray, Evidence, FloatArray, IntArray
from core.gap.analysis import Gaps
from core.gap.class_gap import ClassGap, between
from core.gap.index_figure import Scale, on_scale, scale_of
from core.gap.intervals import t_quantile
from core.gap.parameters import Parameters
from core.gap.standing import StandingGaps, alive_on_both, over_draws, over_families, stand_on, standing_gaps
from core.gap.standing_figure import swings
from core.gap.testing_rates import frontier_models, recent_rates, thinnings
from core.gap.thinned import ThinnedPoints, thinned_points

FIGURES = (
    "catch-up time",
    "catch-up time, thinned",
    "recent mean",
    "standing gap",
    "standing gap, thinned",
    "standing gap on the index",
    "standing gap on the index, newest day",
)
"""The figures, in the order of `estimates`."""
FRONTIER_YEARS = 2 / 15
"""How far below its side's record a model may be when released and still be called a frontier model: two points of an
index that rises by some 15 a year."""


@dataclass(frozen=True)
class Estimate:
    """What an estimator says in one world: a figure and its change since the fixed day; NaN where it says nothing.

    Months, their standard errors, and the degrees of freedom of the intervals.
    """

    months: float = math.nan
    error: float = math.nan
    df: float = math.nan
    change: float = math.nan
    change_error: float = math.nan
    change_df: float = math.nan


@dataclass(frozen=True)
class Thinned:
    """Selections of the scores, and the points of each.

    Shape: `kept` (draws, scores); `boards` (b,) are those of `points`, with open models enough.
    """

    kept: BoolArray
    boards: IntArray
    points: ThinnedPoints

    def of(self, boards: IntArray) -> tuple[IntArray, ThinnedPoints]:
        """Return the points of some boards."""
        chosen = np.isin(self.boards, boards)
        columns = (self.points.weight, self.points.lag, self.points.count, self.points.recent)
        return self.boards[chosen], ThinnedPoints(*(each[:, chosen] for each in columns))


def thinned(
    evidence: Evidence,
    found: Gaps,
    known: Scale | None,
    as_of: int,
    at: int,
    parameters: Parameters,
    *,
    rng: np.random.Generator,
    draws: int,
) -> Thinned:
    """Thin the scores by the rates at which frontier models of a scale are tested, and find the points at `at`."""
    boards = np.array(list(found.crossings.states), dtype=np.int64)
    frontier = np.zeros(len(evidence.models), dtype=np.bool_)
    if known is not None:
        near = frontier_models(known.ability[0], known.day, known.is_open, FRONTIER_YEARS * known.progress)
        frontier[known.model] = near
    kept = thinnings(evidence, boards, recent_rates(evidence, boards, frontier, as_of), draws, rng)
    enough = np.array([board for board, state in found.crossings.states.items() if not state.reason], dtype=np.int64)
    return Thinned(kept, enough, thinned_points(evidence, enough, as_of, at, kept, parameters))


def estimates(
    evidence: Evidence, gap: ClassGap, selections: Thinned, as_of: int, parameters: Parameters
) -> tuple[Estimate, ...]:
    """Measure a class by every figure, in the order of FIGURES."""
    now, since = gap.standing.gaps, parameters.since.toordinal()
    then = standing_gaps(evidence, gap.boards, since, parameters)
    swung = swings(evidence, gap.boards, (since, as_of), parameters)
    everything = np.ones((1, len(evidence.score)), dtype=np.bool_)
    boards, points = selections.of(gap.boards)
    on_index, newest = _on_index(scale_of(evidence, gap.boards, parameters), as_of, since)
    return (
        _catch_up(gap),
        _catch_up_thinned(gap, points, evidence.families[boards]),
        _recent(gap),
        _standing(evidence, now, then, swung, everything),
        _standing(evidence, now, then, swung, selections.kept),
        on_index,
        newest,
    )


def _on_index(known: Scale | None, as_of: int, since: int) -> tuple[Estimate, Estimate]:
    """Measure the standing gap on a scale at its last release: its figure, and that of the newest day alone."""
    out = np.zeros(0, dtype=np.int64) if known is None else known.day[known.day <= as_of]
    if known is None or not len(out):
        return Estimate(), Estimate()
    found = on_scale(known, int(out[-1]), since)
    figure = Estimate(found.months, found.error, found.df, found.change, found.change_error, found.df)
    return figure, Estimate(found.newest)


def _catch_up(gap: ClassGap) -> Estimate:
    place = gap.trend.last_readable()
    if place is None:
        return Estimate()
    band = gap.trend.band
    wider, error, df = math.nan, math.nan, math.nan
    if gap.catch_up_change.months is not None:
        grid = gap.trend.day
        before = int(np.abs(np.where(gap.trend.readable, grid, -(10**9)) - gap.since).argmin())
        wider = between((gap.trend, place), (gap.trend, before), 0.95).months or 0.0
        error = math.hypot(band.standard_error[place], band.standard_error[before])
        df = float(np.fmin(band.df[place], band.df[before]))
    return Estimate(
        float(band.months[place]), float(band.standard_error[place]), float(band.df[place]), wider, error, df
    )


def _catch_up_thinned(gap: ClassGap, points: ThinnedPoints, family: IntArray) -> Estimate:
    if gap.trend.last_readable() is None:
        return Estimate()
    band = points.band(family, level=0.9)
    return Estimate(*_of_draws(band.months, band.standard_error, band.df))


def _of_draws(months: FloatArray, errors: FloatArray, df: FloatArray) -> tuple[float, float, float]:
    """Return a figure of many thinnings: their mean, its standard error and degrees of freedom.

    What a thinning leaves out by chance is in its own standard error already; the mean of the squares is taken.
    """
    known = np.isfinite(months) & np.isfinite(errors)
    if not known.any():
        return math.nan, math.nan, math.nan
    return float(months[known].mean()), float(np.sqrt((errors[known] ** 2).mean())), float(df[known].mean())


def _recent(gap: ClassGap) -> Estimate:
    mean = gap.mean
    if gap.trend.last_readable() is None or mean.months is None or mean.low is None or mean.high is None:
        return Estimate()
    df = mean.n_benchmarks - 1.0
    return Estimate(mean.months, (mean.high - mean.low) / 2 / float(t_quantile(0.95, df)), df)


def _standing(
    evidence: Evidence, now: StandingGaps, then: StandingGaps, swung: FloatArray, kept: BoolArray
) -> Estimate:
    """Measure the standing gap over the boards that are alive, for one or more selections of the scores."""
    if not now.gaps:
        return Estimate()
    before = {each.board: each.at for each in then.gaps}
    figure = _of_draws(*over_draws(evidence, now.gaps, kept))
    both, _ = alive_on_both(then, now)
    if not len(both):
        return Estimate(*figure)
    at = {each.board: each.at for each in now.gaps}
    grown = np.stack(
        [stand_on(evidence, n, at[n], kept) - stand_on(evidence, n, before[n], kept) for n in both.tolist()], axis=1
    )
    mean, error, number = over_families(grown, evidence.families[both])
    error = np.sqrt(error**2 + (swung**2).sum())
    return Estimate(*figure, *_of_draws(mean, error, (number - 1).astype(np.float64)))
