"""E3, the forward question: how long until open models match the level that closed models have just reached."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

from core.dataclass import dataclass
from core.evidence.evidence import BoolArray, FloatArray, IntArray
from core.gap.crossings import Points, Unmatched
from core.gap.parameters import Parameters
from core.gap.quantiles import finite_or_none, reached_by

WITHIN = (3.0, 6.0, 12.0)
"""The horizons in months at which the share of matched levels is given."""


@dataclass(frozen=True)
class MatchedShare:
    """The share (a fraction) of levels matched `within` a number of months; None if no level was observed that long.

    `low` and `high` are a rough interval from the cluster bootstrap of the median. They are None with one cluster, and
    if no level or every level was matched, because draws then do not vary.
    """

    within: float
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Forward:
    """Waiting times by Kaplan-Meier, in months; the median is None if the data never reach a half.

    `low` and `high` are a rough interval of the median, from a cluster bootstrap over families of benchmarks. `high` is
    None if more draws than the upper tail never reach a half.
    """

    median_months: float | None
    low: float | None
    high: float | None
    matched: tuple[MatchedShare, ...]
    n_reached: int
    n_unmatched: int


def estimate_class_waits(points: Points, levels: Iterable[Unmatched], parameters: Parameters) -> Forward:
    """Estimate how long open models take to match levels (method.md, E3), from what counts of these crossings."""
    points, unmatched = points.accepted_only(), [level for level in levels if level.accepted]
    return estimate_waits(
        np.concatenate((points.months, [level.age_months for level in unmatched])),
        np.concatenate((np.ones(len(points.months), dtype=np.bool_), np.zeros(len(unmatched), dtype=np.bool_))),
        np.concatenate((points.cluster, [level.cluster for level in unmatched])),
        parameters,
    )


def estimate_waits(months: ArrayLike, reached: ArrayLike, benchmark: ArrayLike, parameters: Parameters) -> Forward:
    """Estimate the waiting time from the lags of matched levels and the ages of unmatched levels.

    Shape: all (n,): `months` is the lag if `reached`, otherwise the age at the end of the board; `benchmark` is a code.
    A level that open models reached first waited 0 months. Source: Kaplan and Meier 1958; E3.
    """
    times = np.maximum(0.0, np.asarray(months, dtype=np.float64))
    events = np.asarray(reached, dtype=np.bool_)
    codes = np.unique(np.asarray(benchmark), return_inverse=True)[1]
    if not len(times):
        return Forward(None, None, None, tuple(MatchedShare(within, None, None, None) for within in WITHIN), 0, 0)
    moments, place = np.unique(times, return_inverse=True)
    n_matched, at_risk = _tables(codes, place, events, len(moments))
    survival = _survival(n_matched.sum(axis=0)[None], at_risk.sum(axis=0)[None])
    draws = _draw_survival(n_matched, at_risk, parameters)
    tail = (1 - parameters.level) / 2
    medians = _medians(draws, moments)
    medians = np.where(np.isnan(medians), np.inf, medians)
    return Forward(
        finite_or_none(_medians(survival, moments)[0]),
        finite_or_none(reached_by(medians, tail)) if len(draws) else None,
        finite_or_none(reached_by(medians, 1 - tail)) if len(draws) else None,
        tuple(_matched_share(survival, draws, moments, within, tail) for within in WITHIN),
        int(events.sum()),
        int((~events).sum()),
    )


def _tables(codes: IntArray, place: IntArray, events: BoolArray, n_moments: int) -> tuple[FloatArray, FloatArray]:
    """Count, per benchmark and moment, the levels matched at the moment and the levels unmatched just before."""
    shape = (int(codes.max()) + 1, n_moments)
    cells = codes * n_moments + place
    n_ended = np.bincount(cells, minlength=shape[0] * n_moments).reshape(shape).astype(np.float64)
    n_matched = np.bincount(cells[events], minlength=shape[0] * n_moments).reshape(shape).astype(np.float64)
    at_risk = n_ended[:, ::-1].cumsum(axis=1)[:, ::-1]
    return n_matched, at_risk


def _survival(n_matched: FloatArray, at_risk: FloatArray) -> FloatArray:
    """Return the share still unmatched after each moment, one row per draw."""
    hazard = np.divide(n_matched, at_risk, out=np.zeros_like(n_matched), where=at_risk > 0)
    return np.cumprod(1 - hazard, axis=1)


def _medians(survival: FloatArray, moments: FloatArray) -> FloatArray:
    """Return the first moment at which half of the levels are matched; NaN if there is none."""
    is_below = survival <= 0.5 + 1e-12
    return np.where(is_below.any(axis=1), moments[is_below.argmax(axis=1)], np.nan)


def _draw_survival(n_matched: FloatArray, at_risk: FloatArray, parameters: Parameters) -> FloatArray:
    """Return the share still unmatched after each moment, one row per draw of clusters; no rows for one cluster.

    If the clusters of a draw end before a moment, the share stays at its last value.
    """
    n = len(n_matched)
    if n < 2:
        return np.zeros((0, n_matched.shape[1]))
    generator = np.random.default_rng(parameters.seed)
    picks = generator.multinomial(n, np.full(n, 1 / n), size=parameters.forward_draws).astype(np.float64)
    return _survival(picks @ n_matched, picks @ at_risk)


def _matched_share(
    survival: FloatArray, draws: FloatArray, moments: FloatArray, within: float, tail: float
) -> MatchedShare:
    """Return the share matched `within` months, with its interval; None if every level ends before."""
    if moments[-1] < within:
        return MatchedShare(within, None, None, None)
    place = int(np.searchsorted(moments, within + 1e-9, side="right")) - 1
    share, *shares = (
        (1 - np.concatenate((survival, draws))[:, place]).tolist() if place >= 0 else [0.0] * (1 + len(draws))
    )
    if not shares or share in (0.0, 1.0):
        return MatchedShare(within, share, None, None)
    low, high = (reached_by(np.array(shares), part) for part in (tail, 1 - tail))
    return MatchedShare(within, share, low, high)
