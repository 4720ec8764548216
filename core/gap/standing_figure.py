"""The standing gap of one test over time (method.md, E11)."""

import numpy as np

from core.evidence.evidence import BoolArray, Evidence, FloatArray, IntArray
from core.gap.board_life import enough_from
from core.gap.crossings import rows_until
from core.gap.parameters import MONTH_DAYS, Parameters
from core.gap.standing import ENDED_AFTER_MONTHS


def standing_course(
    evidence: Evidence, board: int, days: IntArray, parameters: Parameters, open_models: BoolArray | None = None
) -> FloatArray:
    """Measure one board's standing gap on each of many days (ordinals, in order), as `standing_gaps` does.

    Months, NaN where there is none.
    """
    found = np.full(len(days), np.nan)
    start, stop = rows_until(evidence, board, int(days[-1]) if len(days) else 0)
    rows = slice(start, stop)
    day, is_open, model = evidence.day[rows], evidence.is_open[rows], evidence.model[rows]
    enough = enough_from(day, is_open, model, parameters.min_open_models)
    if enough is None:
        return found
    counted = is_open if open_models is None else is_open & open_models[model]
    until = np.searchsorted(day, days, side="right")
    alive = (days >= enough) & (until > 0)
    newest = day[np.maximum(until - 1, 0)]
    alive &= (days - newest) / MONTH_DAYS <= ENDED_AFTER_MONTHS
    best = [np.maximum.accumulate(np.where(side, evidence.score[rows], -np.inf)) for side in (~is_open, counted)]
    at = np.maximum(until - 1, 0)
    closed, open_ = best[0][at], best[1][at]
    alive &= np.isfinite(closed) & np.isfinite(open_)
    tolerance = 1e-9 * np.maximum(1.0, np.minimum(np.abs(closed), np.abs(open_)))
    with np.errstate(invalid="ignore"):
        sign = np.where(closed - open_ > tolerance, 1, np.where(open_ - closed > tolerance, -1, 0))
    for way, ahead in ((1, best[0]), (-1, best[1])):
        chosen = alive & (sign == way)
        first = np.searchsorted(ahead, (np.minimum(closed, open_) - tolerance)[chosen], side="left")
        found[chosen] = way * (newest[chosen] - day[first]) / MONTH_DAYS
    found[alive & (sign == 0)] = 0.0
    return found
