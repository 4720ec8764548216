"""E5: both measures of a class with the side that is tested more often thinned to the other's rate (method.md, E5)."""

from dataclasses import dataclass, replace

import numpy as np

from core.evidence.evidence import BoolArray, Evidence, FloatArray, IntArray
from core.gap.analysis import Gaps, shared_window
from core.gap.class_gap import ClassGap
from core.gap.crossings import clusters_of
from core.gap.figures import NO_FIGURE, Headline, headline_of
from core.gap.kept import measured_once
from core.gap.parameters import Parameters
from core.gap.private_public import Difference, first_minus_second
from core.gap.standing import over_draws
from core.gap.testing_rates import FrontierRates, frontier_models, recent_rates, thinnings
from core.gap.thinned import thinned_points

DRAWS = 200
INDEX = "eci"
"""The benchmark whose scores say which models are frontier models."""
FRONTIER_POINTS = 2.0
"""A model within so many points of its side's record at its release is one."""
_NO_WEIGHT = 5.0
"""A point so many bandwidths away has no weight worth the work of finding it."""


@dataclass(frozen=True)
class ThinnedClass:
    """One class by thinned scores: both measures, and how often its boards try frontier models, closed ones first."""

    catch_up: Headline
    standing: Headline
    rates: tuple[float, float]


@measured_once
def thinned_classes(evidence: Evidence, known: Gaps, as_of: int, parameters: Parameters) -> dict[str, ThinnedClass]:
    """Measure each class by thinned scores, at the days at which its figures of all scores stand.

    Rates are those of the last 18 months before the day `as_of` (ordinal), drawn anew in each of 200 thinnings; what
    they leave uncertain is part of the intervals. Empty where no frontier model of a side is known.
    """
    boards = known.boards
    rates = measured_rates(evidence, boards, as_of)
    kept = _thinnings(evidence, boards, rates, parameters)
    if kept is None:
        return {}
    found = {}
    for name, gap in known.classes.items():
        rows = np.isin(boards, gap.boards)
        tested, eligible = rates.tested[rows].sum(axis=0), np.maximum(rates.eligible[rows].sum(axis=0), 1)
        closed, open_ = (tested / eligible).tolist()
        found[name] = ThinnedClass(
            _catch_up(evidence, known, gap, as_of, kept, parameters),
            _standing(evidence, gap, kept, parameters),
            (closed, open_),
        )
    return found


@measured_once
def thinned_difference(evidence: Evidence, known: Gaps, as_of: int, parameters: Parameters) -> Difference:
    """Compare private and public tests as `Analysis.difference` does, with both sides tested as often (E8, E5).

    The mean of each cluster is that over the thinnings that leave it a result in the window. A cluster without one by
    all scores stays out: what a thinning alone brings there is of levels matched long before. Nothing where the method
    has no shared window, or no frontier model is known.
    """
    boards = known.boards
    kept = _thinnings(evidence, boards, measured_rates(evidence, boards, as_of), parameters)
    if kept is None:
        return first_minus_second([], [], level=parameters.level)
    return difference_of_thinnings(evidence, known, as_of, kept, parameters)


def difference_of_thinnings(
    evidence: Evidence, known: Gaps, as_of: int, kept: BoolArray, parameters: Parameters
) -> Difference:
    """Compare private and public tests over selections of the scores: `kept` is (draws, scores)."""
    boards, window = known.boards, shared_window(known.classes, parameters)
    if not parameters.one_window or not len(window.points.months):
        return first_minus_second([], [], level=parameters.level)
    is_private = np.array([board.access == "private" for board in evidence.boards], dtype=np.int64)
    unit = 2 * clusters_of(evidence, parameters) + is_private
    enough = np.array([not known.crossings.states[board].reason for board in boards.tolist()], dtype=np.bool_)
    used = boards[enough & np.isin(unit[boards], unit[window.points.board])]
    means = thinned_points(evidence, used, as_of, window.until, kept, parameters).means(unit[used])
    of_private = np.unique(unit[used], return_inverse=True)[0] % 2 == 1
    has = np.isfinite(means)
    found = first_minus_second(means[has], of_private[has], level=parameters.level)
    return replace(found, window_from=window.since, window_until=window.until)


def _thinnings(evidence: Evidence, boards: IntArray, rates: FrontierRates, parameters: Parameters) -> BoolArray | None:
    """Draw which scores each thinning keeps, (draws, scores); None where no frontier model of a side is known."""
    if not (rates.eligible.sum(axis=0) > 0).all():
        return None
    return thinnings(evidence, boards, rates, DRAWS, np.random.default_rng(parameters.seed))


def measured_rates(evidence: Evidence, boards: IntArray, as_of: int) -> FrontierRates:
    """Count how often these boards have tried the frontier models of either side, of the last 18 months."""
    ability = np.full(len(evidence.models), np.nan)
    on_index = np.isin(evidence.board, [n for n, board in enumerate(evidence.boards) if board.benchmark_id == INDEX])
    np.fmax.at(ability, evidence.model[on_index], evidence.score[on_index])
    frontier = frontier_models(ability, evidence.model_days, evidence.model_is_open, FRONTIER_POINTS)
    return recent_rates(evidence, boards, frontier, as_of)


def _catch_up(
    evidence: Evidence, known: Gaps, gap: ClassGap, as_of: int, kept: BoolArray, parameters: Parameters
) -> Headline:
    at, states = gap.catch_up.at, known.crossings.states
    if at is None or gap.trend.last_readable() is None:
        return NO_FIGURE
    since = at - _NO_WEIGHT * parameters.bandwidth_days
    boards = np.array(
        [n for n in gap.boards.tolist() if not states[n].reason and (states[n].newest_day or 0) >= since],
        dtype=np.int64,
    )
    points = thinned_points(evidence, boards, as_of, at, kept, parameters)
    band = points.band(evidence.families[boards], level=parameters.level)
    return _of_draws(band.months, band.standard_error, band.df, band.n_effective, at, parameters.level)


def _standing(evidence: Evidence, gap: ClassGap, kept: BoolArray, parameters: Parameters) -> Headline:
    now = gap.standing.gaps
    if gap.standing.figure.months is None:
        return NO_FIGURE
    mean, error, df = over_draws(evidence, now.gaps, kept)
    return _of_draws(mean, error, df, df + 1, gap.standing.figure.at, parameters.level)


def _of_draws(
    months: FloatArray, errors: FloatArray, df: FloatArray, n_effective: FloatArray, at: int | None, level: float
) -> Headline:
    """Return a figure of many thinnings: their mean, with the mean of their squared errors and of their df.

    What a thinning leaves out by chance is in its own standard error already.
    """
    known = np.isfinite(months)
    if at is None or not known.any():
        return NO_FIGURE
    mean, worth = float(months[known].mean()), float(n_effective[known].mean())
    known &= np.isfinite(errors) & (df > 0)
    if not known.any():
        return Headline(mean, None, None, "one-benchmark", at, worth)
    error = float(np.sqrt((errors[known] ** 2).mean()))
    return headline_of(mean, error, float(df[known].mean()), at, worth, level)
