"""E5: how often each side's frontier models are tested, and scores thinned to one rate (method.md, E5)."""

from dataclasses import dataclass

import numpy as np

from core.evidence.evidence import BoolArray, Evidence, FloatArray, IntArray
from core.gap.parameters import MONTH_DAYS

RATES_MONTHS = 18.0
"""Testing is judged by models of so many months."""
_LEAST_RATE = 1e-6
_LEAST_SPREAD, _MOST_SPREAD = 2.0, 50.0
"""Bounds of how many models a class's rate weighs as, beside those of a board."""


@dataclass(frozen=True)
class FrontierRates:
    """How many frontier models could have been tested on each board, and how many were.

    Shape: all (boards, 2), closed models first. `prior` holds the two shape parameters of the beta distribution of the
    rates of the board's class, (boards, 2, 2); with a board's own numbers it gives that of the board's rate.
    """

    tested: IntArray
    eligible: IntArray
    prior: FloatArray

    @property
    def mean(self) -> FloatArray:
        """Return each board's rate, shrunk towards that of its class: (boards, 2)."""
        a, b = self._shape()
        return a / (a + b)

    def draw(self, draws: int, rng: np.random.Generator) -> FloatArray:
        """Draw the rates from their posterior: (draws, boards, 2)."""
        a, b = self._shape()
        return np.asarray(rng.beta(a, b, size=(draws, *a.shape)))

    def _shape(self) -> tuple[FloatArray, FloatArray]:
        return self.prior[..., 0] + self.tested, self.prior[..., 1] + self.eligible - self.tested


def frontier_models(ability: FloatArray, day: IntArray, is_open: BoolArray, margin: float) -> BoolArray:
    """Say which models were within `margin` of their side's record when they came out; their own day's count.

    Shape: ability (any scale, NaN where unknown: no frontier model), day (ordinals) and is_open are (models,).
    """
    found = np.zeros(len(day), dtype=np.bool_)
    for side in (is_open, ~is_open):
        rows = np.flatnonzero(side & np.isfinite(ability))
        rows = rows[np.argsort(day[rows], kind="stable")]
        best = np.maximum.accumulate(ability[rows])
        of_day = best[np.searchsorted(day[rows], day[rows], side="right") - 1]
        found[rows] = ability[rows] >= of_day - margin
    return found


def recent_rates(evidence: Evidence, boards: IntArray, frontier: BoolArray, as_of: int) -> FrontierRates:
    """Count, per board and side, the frontier models (a flag each) that came out in its days, and those with a score.

    A board's days are from its first score's release to its last one's, of the 18 months before a day alone: how
    testing was years ago says nothing of today's gap. Rates are shrunk to those of its class, private or public, by a
    beta-binomial whose two parameters are fitted by moments (Kleinman 1973); a board without an eligible model has its
    class's rate.
    """
    day, is_open, since = evidence.model_days, evidence.model_is_open, round(as_of - RATES_MONTHS * MONTH_DAYS)
    tested, eligible = (np.zeros((len(boards), 2), dtype=np.int64) for _ in range(2))
    for n, board in enumerate(boards.tolist()):
        rows = slice(int(evidence.bounds[board]), int(evidence.bounds[board + 1]))
        days = evidence.day[rows]
        days = days[days <= as_of]
        if not len(days):
            continue
        could = frontier & (day >= max(since, int(days[0]))) & (day <= int(days[-1]))
        was = np.zeros(len(day), dtype=np.bool_)
        was[evidence.model[rows]] = True
        for side in (0, 1):
            of_side = could & (is_open == bool(side))
            eligible[n, side], tested[n, side] = of_side.sum(), (of_side & was).sum()
    access = np.array([evidence.boards[board].access == "private" for board in boards.tolist()], dtype=np.int64)
    return FrontierRates(tested, eligible, class_priors(tested, eligible, access))


def class_priors(tested: IntArray, eligible: IntArray, access: IntArray) -> FloatArray:
    """Fit each class's distribution of rates, side by side, for each of its boards: (boards, 2, 2)."""
    prior = np.ones((*tested.shape, 2))
    for name in np.unique(access, return_inverse=True)[0].tolist():
        of_class = access == name
        for side in (0, 1):
            prior[of_class, side] = _beta_by_moments(tested[of_class, side], eligible[of_class, side])
    return prior


def _beta_by_moments(tested: IntArray, eligible: IntArray) -> tuple[float, float]:
    """Fit a beta distribution to rates of boards with unequal numbers; half a model is added to each side of the pool.

    Source: Kleinman 1973, J. Am. Stat. Assoc. 68:46, with weights n.
    """
    total = float(eligible.sum())
    mean = (float(tested.sum()) + 0.5) / (total + 1)
    n = eligible[eligible > 0].astype(np.float64)
    spread = _MOST_SPREAD
    if len(n) > 1:
        rates = tested[eligible > 0] / n
        observed = float((n * (rates - mean) ** 2).sum())
        k = len(n)
        variance = mean * (1 - mean)
        # E[observed] = variance * ((k - 1) (1 - rho) + rho (total - sum n^2 / total)), rho = 1 / (spread + 1)
        excess = observed / variance - (k - 1)
        slope = total - float((n**2).sum()) / total - (k - 1)
        rho = excess / slope if slope > 0 else 0.0
        spread = 1 / rho - 1 if rho > 0 else _MOST_SPREAD
    spread = float(np.clip(spread, _LEAST_SPREAD, _MOST_SPREAD))
    return mean * spread, (1 - mean) * spread


def keep_shares(rates: FloatArray) -> FloatArray:
    """Return the share of each side's scores to keep so that both sides are tested as often: (..., 2), closed first.

    The side that is tested more often is thinned to the rate of the other. Raises ValueError on a rate of 0 or less.
    """
    if not (rates > 0).all():
        raise ValueError("a rate must be above 0")
    return np.asarray(np.minimum(1.0, rates[..., ::-1] / rates))


def thinnings(
    evidence: Evidence, boards: IntArray, rates: FrontierRates, draws: int, rng: np.random.Generator
) -> BoolArray:
    """Draw which scores stay where both sides are tested as often, by rates that are drawn anew: (draws, scores)."""
    keep = np.ones((draws, len(evidence.boards), 2))
    keep[:, boards] = keep_shares(np.maximum(rates.draw(draws, rng), _LEAST_RATE))
    return thin(keep, evidence.board, evidence.is_open, rng)


def thin(keep: FloatArray, board: IntArray, is_open: BoolArray, rng: np.random.Generator) -> BoolArray:
    """Draw which scores stay: (draws, scores). `keep` is (draws, boards, 2), board (scores,) indexes its boards."""
    share = keep[:, board, is_open.astype(np.int64)]
    return np.asarray(rng.random(share.shape) < share)
