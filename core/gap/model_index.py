"""Where one model stands on the index of a class of tests, and how long after the other side (method.md, E6)."""

from dataclasses import dataclass

import numpy as np

from core.evidence.evidence import Evidence, IntArray
from core.gap.index_figure import Scale, scale_of
from core.gap.index_fit import jackknife_error
from core.gap.intervals import t_quantile
from core.gap.parameters import MONTH_DAYS, Parameters

BEST, POINTS_A_YEAR = 100.0, 10.0
"""The index of the best closed model on the day, and how far abilities grow in a year."""
_NORMAL_DF = 1e6
"""With so many degrees of freedom Student's t is the normal distribution."""


@dataclass(frozen=True)
class ModelIndex:
    """A model's index with its 90 % interval, and its lag on the index.

    `months` are between its release and that of `other`, the first model (an index) of the other side at or above it:
    how far behind at release an open model was, or how much later a closed one was matched. None where nobody is there.
    `months_low` and `months_high` are the same at the ends of its index's interval.
    """

    points: float
    low: float
    high: float
    months: float | None
    months_low: float | None
    months_high: float | None
    other: int | None


def model_index(
    evidence: Evidence, model: int, boards: IntArray, as_of: int, parameters: Parameters
) -> ModelIndex | None:
    """Place a model (an index) on the scale of some boards, by models out on a day (ordinal).

    None where it has no score there or no closed model does. The standard error is the larger of that of its ability
    given the scale, which is the noise of its own scores, and of the jackknife's over families of tests.
    """
    known = scale_of(evidence, boards, parameters)
    if known is None or not (known.model == model).any():
        return None
    place, out = int(np.flatnonzero(known.model == model)[0]), known.day <= as_of
    best = known.ability[0][out & ~known.is_open].max(initial=-np.inf)
    if not out[place] or not np.isfinite(best):
        return None
    half = float(t_quantile((1 + parameters.level) / 2, _NORMAL_DF)) * _error(known, place)
    levels = known.ability[0, place] + np.array([0.0, -half, half])
    points, least, most = (BEST + POINTS_A_YEAR * (levels - best) / known.progress).tolist()
    is_open = bool(known.is_open[place])
    (months, other), *ends = (_lag(known, place, level, as_of) for level in levels.tolist())
    low, high = (each[0] for each in (ends[::-1] if is_open else ends))
    return ModelIndex(points, least, most, months, low, high, other)


def _error(known: Scale, place: int) -> float:
    """Return the standard error of an ability, held against the mean of the closed models."""
    without = known.ability[1:]
    has_score = np.isfinite(without)
    closed = has_score & ~known.is_open
    mean = np.where(closed, without, 0.0).sum(axis=1) / np.maximum(closed.sum(axis=1), 1)
    between = jackknife_error((without[:, place] - mean)[has_score[:, place]])
    return float(np.fmax(known.error[place], between))


def _lag(known: Scale, place: int, level: float, as_of: int) -> tuple[float | None, int | None]:
    """Return the months between a model and the first of the other side at or above a level, and who that is."""
    is_open = bool(known.is_open[place])
    there = np.flatnonzero((known.ability[0] >= level) & (known.is_open != is_open) & (known.day <= as_of))
    if not len(there):
        return None, None
    first = int(there[0])
    months = float(known.day[place] - known.day[first]) / MONTH_DAYS
    return months if is_open else -months, int(known.model[first])
