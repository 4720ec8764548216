"""How far open models are behind along the closed side's own line: the score gap over the closed slope (method.md, E7).

It asks how long closed models would need for the distance at their speed, not when they had the open score.
"""

import numpy as np

from core.evidence.evidence import BoolArray, Evidence, FloatArray, IntArray
from core.gap.crossings import rows_until
from core.gap.figures import NO_FIGURE, Headline, headline_of
from core.gap.index_figure import Scale, scale_of
from core.gap.index_fit import jackknife_error, on_model_scale
from core.gap.parameters import MONTH_DAYS, Parameters
from core.gap.standing import StandingGaps, family_mean
from core.gap.standing_figure import FEWEST_FAMILIES

_FEWEST_RECORDS = 3
"""Records of the closed side that a line needs."""


def line_lag(day: IntArray, ability: FloatArray, is_open: BoolArray, at: int, parameters: Parameters) -> float:
    """Return the distance of both sides' best at the day `at` over the slope of closed records, in months.

    Shape: day (ordinals, in order), ability (any scale on which progress is a line) and is_open are (n,). The records
    are those of the method's window before `at`, and the one that stood before. NaN with fewer than 3 of them.
    """
    out = day <= at
    closed, opened = out & ~is_open & np.isfinite(ability), out & is_open & np.isfinite(ability)
    if not closed.any() or not opened.any():
        return float("nan")
    days, scores = day[closed], np.maximum.accumulate(ability[closed])
    record = np.append(True, np.diff(scores) > 0)
    days, scores = days[record], scores[record]
    first = max(int(np.searchsorted(days, at - parameters.window_months * MONTH_DAYS)) - 1, 0)
    if len(days) - first < _FEWEST_RECORDS:
        return float("nan")
    months = (days[first:] - days[first:].mean()) / MONTH_DAYS
    slope = float((months * scores[first:]).sum() / (months**2).sum()) if months.any() else 0.0
    return float((scores[-1] - ability[opened].max()) / slope) if slope > 0 else float("nan")


def index_line(evidence: Evidence, boards: IntArray, as_of: int, parameters: Parameters) -> Headline:
    """Measure a class along the closed line of its index, with the jackknife over families of tests."""
    known: Scale | None = scale_of(evidence, boards, parameters)
    if known is None or known.n_families < FEWEST_FAMILIES or not (known.day <= as_of).any():
        return NO_FIGURE
    at = int(known.day[known.day <= as_of][-1])
    lags = np.array([line_lag(known.day, row, known.is_open, at, parameters) for row in known.ability])
    if not np.isfinite(lags).all():
        return NO_FIGURE
    df, worth = known.n_families - 1.0, float(known.n_families)
    return headline_of(float(lags[0]), jackknife_error(lags[1:]), df, at, worth, parameters.level)


def boards_line(evidence: Evidence, now: StandingGaps, parameters: Parameters) -> Headline:
    """Measure the boards that are part of "now" along their closed lines, on the model's scale, over families."""
    found = {}
    for gap in now.gaps:
        rows = slice(*rows_until(evidence, gap.board, gap.at))
        value = on_model_scale(evidence, gap.board, evidence.score[rows])
        found[gap.board] = line_lag(evidence.day[rows], value, evidence.is_open[rows], gap.at, parameters)
    told = {board: lag for board, lag in found.items() if np.isfinite(lag)}
    boards = np.array(list(told), dtype=np.int64)
    mean = family_mean(np.array(list(told.values())), evidence.families[boards], level=parameters.level)
    if mean.n_families < FEWEST_FAMILIES or mean.low is None:
        return NO_FIGURE
    at = max(gap.at for gap in now.gaps if gap.board in told)
    return Headline(mean.months, mean.low, mean.high, "", at, float(mean.n_families))
