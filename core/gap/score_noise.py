"""E4: did it really cross? Lags with scores redrawn within their standard errors (method.md, E4)."""

import numpy as np

from core.dataclass import dataclass
from core.evidence.evidence import BoolArray, Evidence, FloatArray, IntArray
from core.gap.crossings import lowest_reaching, rows_until
from core.gap.parameters import MONTH_DAYS, Parameters

DRAWS = 500
_EDGE = 0.005
"""Minimum distance of a share from 0 and 1, so that its logit is finite."""


@dataclass(frozen=True)
class NoisyLag:
    """A lag over many draws of the scores: the median, in months, and the range of 90 % of the draws.

    The lag of a draw is infinite if no open model has such a score in the draw, -inf if no closed model has.
    """

    months: float
    low: float
    high: float


def level_noise(
    evidence: Evidence, board: int, as_of: int, levels: tuple[float, ...], parameters: Parameters
) -> dict[float, NoisyLag]:
    """Redraw who first reached each level of a board by the day `as_of` (ordinal): open minus closed, in months.

    Only levels that both sides first reached with a score that has a standard error. Other scores are not redrawn.
    """
    start, stop = rows_until(evidence, board, as_of)
    scores = redraw_scores(evidence, start, stop, parameters) if levels else None
    if scores is None:
        return {}
    is_open, level_array = evidence.is_open[start:stop], np.array(levels)
    is_drawn = np.append(_has_error(evidence, start, stop), False)
    sides = (~is_open, is_open)
    first = [first_rows(evidence.score[None, start:stop], side, level_array)[0] for side in sides]
    both = is_drawn[first[0]] & is_drawn[first[1]]  # row -1 means none
    closed, open_ = (first_rows(scores, side, level_array) for side in sides)
    lags = _lags(evidence.day[start:stop], closed, open_)
    return {levels[n]: noise for n in np.flatnonzero(both).tolist() if (noise := _summary(lags[:, n])) is not None}


def model_noise(evidence: Evidence, model: int, board: int, as_of: int, parameters: Parameters) -> NoisyLag | None:
    """Redraw the lag, in months, between a model's best score on a board and the other side's first at least as high.

    For an open model, the lag runs to the release of the board's newest model; for a closed model, from its own
    release. None if the model's best score on the board has no standard error.
    """
    start, stop = rows_until(evidence, board, as_of)
    mine = np.flatnonzero(evidence.model[start:stop] == model)
    if not len(mine) or not _has_error(evidence, start, stop)[mine[evidence.score[start:stop][mine].argmax()]]:
        return None
    scores = redraw_scores(evidence, start, stop, parameters)
    if scores is None:
        return None
    best = scores[:, mine].max(axis=1)
    is_open = evidence.models[model].is_open
    is_other = evidence.is_open[start:stop] != is_open
    is_reached = is_other & (scores >= best[:, None])
    first = np.where(is_reached.any(axis=1), is_reached.argmax(axis=1), -1)[:, None]
    until = np.full_like(first, stop - start - 1 if is_open else mine[0])
    closed, open_ = (first, until) if is_open else (until, first)
    return _summary(_lags(evidence.day[start:stop], closed, open_)[:, 0])


def redraw_scores(evidence: Evidence, start: int, stop: int, parameters: Parameters) -> FloatArray | None:
    """Redraw the scores of some rows of one board: (draws, rows); None if no score has a standard error.

    Percentages are redrawn as logits, with the standard error of the score over p (1 - p); other units directly.
    """
    has_error = _has_error(evidence, start, stop)
    if not has_error.any():
        return None
    error = evidence.standard_error[start:stop]
    score, rng = evidence.score[start:stop], np.random.default_rng(parameters.seed)
    noise = rng.standard_normal((DRAWS, int(has_error.sum())))
    scores = np.repeat(score[None], DRAWS, axis=0)
    if evidence.boards[int(evidence.board[start])].unit != "percent":
        scores[:, has_error] += error[has_error] * noise
        return scores
    share = np.clip(score[has_error] / 100, _EDGE, 1 - _EDGE)
    logit = np.log(share / (1 - share)) + error[has_error] / 100 / (share * (1 - share)) * noise
    scores[:, has_error] = 100 / (1 + np.exp(-logit))
    return scores


def _has_error(evidence: Evidence, start: int, stop: int) -> BoolArray:
    error = evidence.standard_error[start:stop]
    return np.isfinite(error) & (error > 0) if len(error) else np.zeros(stop - start, dtype=np.bool_)


def _lags(day: IntArray, closed: IntArray, open_: IntArray) -> FloatArray:
    """Return the lags of draws: infinite if open is missing, -inf if closed is missing, NaN if both are."""
    lags = (day[open_] - day[closed]) / MONTH_DAYS
    lags = np.where(open_ < 0, np.inf, np.where(closed < 0, -np.inf, lags))
    return np.asarray(np.where((open_ < 0) & (closed < 0), np.nan, lags))


def _summary(lags: FloatArray) -> NoisyLag | None:
    known_lags = lags[~np.isnan(lags)]
    if len(known_lags) <= len(lags) / 2:
        return None
    low, median, high = np.quantile(known_lags, (0.05, 0.5, 0.95), method="inverted_cdf").tolist()
    return NoisyLag(median, low, high)


def first_rows(scores: FloatArray, side: BoolArray, levels: FloatArray) -> IntArray:
    """Return the row of a side's first score that reaches a level, per draw and level, or -1: (draws, levels).

    Shape: `scores` (draws, rows) in order of release, -inf if a draw has no score; `side` (rows,).
    """
    rows = np.flatnonzero(side)
    if not len(rows):
        return np.full((len(scores), len(levels)), -1, dtype=np.int64)
    best = np.maximum.accumulate(scores[:, rows], axis=1)
    first = np.stack([(best < level).sum(axis=1) for level in lowest_reaching(levels)], axis=1)
    return np.where(first < len(rows), rows[np.minimum(first, len(rows) - 1)], -1)
