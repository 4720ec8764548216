"""Where one model is on the index of a class of tests, and how many months behind (method.md, H3).

Months behind are the day asked for, minus the first day on which a closed model was at least as high on the index.
"""

import numpy as np

from core.dataclass import dataclass
from core.evidence.evidence import Evidence, FloatArray, IntArray, Model
from core.gap.index_figure import Scale, reading_day, scale_of
from core.gap.parameters import MONTH_DAYS, Parameters
from core.gap.quantiles import nearest_value, percentile

BEST, POINTS_A_YEAR = 100.0, 10.0
"""The index of the best closed model on the day, and the growth of ability in a year."""


@dataclass(frozen=True)
class ModelIndex:
    """A model's index with its 90 % interval, and its months behind on the index.

    `months` runs from the release of `other`, the first closed model at or above this index, to the day `at` (ordinal).
    It is None above all closed models ("level or ahead"). `months_low` and `months_high` come from draws, and are None
    likewise. `at_release` is the same as `months`, up to the model's own release day.
    """

    points: float
    low: float
    high: float
    at: int
    months: float | None
    months_low: float | None
    months_high: float | None
    at_release: float | None
    other: Model | None


def model_index(
    evidence: Evidence, model: int, boards: IntArray, as_of: int, parameters: Parameters
) -> ModelIndex | None:
    """Place a model (an index) on the scale of some boards, among the models released by a day (ordinal).

    None if it has no score on the boards, no closed model is out, or the boards have no index.
    """
    scale, at = scale_of(evidence, boards, parameters), reading_day(evidence, as_of, parameters)
    if scale is None:
        return None
    place, closed = int(np.append(np.flatnonzero(scale.model == model), -1)[0]), ~scale.is_open & (scale.day <= at)
    if place < 0 or scale.day[place] > at or not closed.any():
        return None
    tail = 100 * (1 - parameters.level) / 2
    levels, best = scale.draws[:, place], scale.draws[:, closed].max(axis=1)
    points = BEST + POINTS_A_YEAR * (levels - best) / scale.fit.progress
    behind = months_behind(scale, scale.draws, place, at)
    low, high = (nearest_value(behind, share) for share in (tail, 100 - tail))
    first = first_closed_at(scale, scale.mode, place, at)[0]
    months = None if first < 0 else float(at - scale.day[first]) / MONTH_DAYS
    at_release = None if first < 0 else max(0.0, float(scale.day[place] - scale.day[first]) / MONTH_DAYS)
    mode = BEST + POINTS_A_YEAR * (scale.fit.ability[place] - scale.fit.ability[closed].max()) / scale.fit.progress
    least, most = (percentile(points, share) for share in (tail, 100 - tail))
    return ModelIndex(
        float(mode), least, most, at, months,
        low if np.isfinite(low) else None, high if np.isfinite(high) else None,
        at_release, None if first < 0 else evidence.models[scale.model[first]],
    )  # fmt: skip


def first_closed_at(scale: Scale, ability: FloatArray, place: int, at: int) -> IntArray:
    """Return the position of the first closed model by a day at or above a model (a position): (draws,), or -1."""
    closed = np.flatnonzero(~scale.is_open & (scale.day <= at) & scale.is_counted)
    if not len(closed):
        return np.full(len(ability), -1)
    is_reached = ability[:, closed] >= ability[:, [place]]
    first = is_reached.argmax(axis=1)
    return np.where(is_reached[np.arange(len(is_reached)), first], closed[first], -1)


def months_behind(scale: Scale, ability: FloatArray, place: int, at: int) -> FloatArray:
    """Return how many months before a day (ordinal) the first closed model was at or above a model: (draws,).

    Minus infinity above all closed models.
    """
    first = first_closed_at(scale, ability, place, at)
    return np.where(first < 0, -np.inf, (at - scale.day[first]) / MONTH_DAYS)
