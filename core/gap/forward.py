"""E3, the forward question: how long until open models match what closed ones have just reached."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from core.evidence.evidence import BoolArray, FloatArray, IntArray
from core.gap.parameters import Parameters
from core.gap.quantiles import reached_by


@dataclass(frozen=True)
class Forward:
    """Waiting times by Kaplan-Meier: months, and shares as fractions; None where the data don't reach it.

    `low` and `high` bound the median, from a cluster bootstrap over benchmarks (rough); `high` is None when
    more than the upper tail of the draws never reach a half.
    """

    median_months: float | None
    low: float | None
    high: float | None
    caught_up_6m: float | None
    caught_up_12m: float | None
    n_reached: int
    n_unmatched: int


def forward(months: ArrayLike, reached: ArrayLike, benchmark: ArrayLike, parameters: Parameters) -> Forward:
    """Estimate the waiting time from lags of matched levels and ages of unmatched ones.

    Shape: all (n,): `months` the lag where `reached`, else the age at which the board ends; `benchmark` codes.
    A level that open models reached first waited 0 months. Source: Kaplan and Meier 1958; E3.
    """
    times = np.maximum(0.0, np.asarray(months, dtype=np.float64))
    events = np.asarray(reached, dtype=np.bool_)
    codes = np.unique(np.asarray(benchmark), return_inverse=True)[1]
    if not len(times):
        return Forward(None, None, None, None, None, 0, 0)
    moments, place = np.unique(times, return_inverse=True)
    died, at_risk = _tables(codes, place, events, len(moments))
    survival = _survival(died.sum(axis=0)[None], at_risk.sum(axis=0)[None])
    low, high = _median_interval(died, at_risk, moments, parameters)
    return Forward(
        _number(_medians(survival, moments)[0]),
        low,
        high,
        _share_by(survival[0], moments, 6.0),
        _share_by(survival[0], moments, 12.0),
        int(events.sum()),
        int((~events).sum()),
    )


def _tables(codes: IntArray, place: IntArray, events: BoolArray, n_moments: int) -> tuple[FloatArray, FloatArray]:
    """Count, per benchmark and moment, the levels matched then and those unmatched just before."""
    shape = (int(codes.max()) + 1, n_moments)
    flat = codes * n_moments + place
    ended = np.bincount(flat, minlength=shape[0] * n_moments).reshape(shape).astype(np.float64)
    died = np.bincount(flat[events], minlength=shape[0] * n_moments).reshape(shape).astype(np.float64)
    at_risk = ended[:, ::-1].cumsum(axis=1)[:, ::-1]
    return died, at_risk


def _survival(died: FloatArray, at_risk: FloatArray) -> FloatArray:
    """Return the share still unmatched after each moment, one row per draw."""
    hazard = np.divide(died, at_risk, out=np.zeros_like(died), where=at_risk > 0)
    return np.cumprod(1 - hazard, axis=1)


def _medians(survival: FloatArray, moments: FloatArray) -> FloatArray:
    """Return the first moment at which half have been reached, NaN where that never comes."""
    below = survival <= 0.5 + 1e-12
    return np.where(below.any(axis=1), moments[below.argmax(axis=1)], np.nan)


def _median_interval(
    died: FloatArray, at_risk: FloatArray, moments: FloatArray, parameters: Parameters
) -> tuple[float | None, float | None]:
    n = len(died)
    if n < 2:
        return None, None
    generator = np.random.default_rng(parameters.seed)
    picks = generator.multinomial(n, np.full(n, 1 / n), size=parameters.forward_draws).astype(np.float64)
    medians = _medians(_survival(picks @ died, picks @ at_risk), moments)
    never = np.where(np.isnan(medians), np.inf, medians)
    tail = (1 - parameters.level) / 2
    return _number(reached_by(never, tail)), _number(reached_by(never, 1 - tail))


def _share_by(survival: FloatArray, moments: FloatArray, months: float) -> float | None:
    """Return the share reached within so many months, None when every level ends before."""
    if moments[-1] < months:
        return None
    place = int(np.searchsorted(moments, months + 1e-9, side="right")) - 1
    return float(1 - survival[place]) if place >= 0 else 0.0


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
