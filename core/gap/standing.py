"""E11: the standing gap, how long ago closed models first had what the best open one has now (method.md, E11)."""

from dataclasses import dataclass

import numpy as np

from core.evidence.evidence import BoolArray, Evidence, FloatArray, IntArray
from core.gap.crossings import board_state, rows_until
from core.gap.figures import NO_FIGURE, Headline
from core.gap.parameters import MONTH_DAYS, Parameters

ENDED = "ended"
"""Why a board is no part of "now": its last release lies too far back."""
ENDED_AFTER_MONTHS = 6.0
"""A board whose last release is further back is no part of "now"."""
NO_SCORE, NO_OPEN = "no-score", "no-open"
"""Why a board gives nothing: no score by the day; none of the open models that were asked for."""


def has_ended(newest: int, as_of: int) -> bool:
    """Say whether a board whose newest model is of a day (ordinal) is no part of "now" on another."""
    return (as_of - newest) / MONTH_DAYS > ENDED_AFTER_MONTHS


@dataclass(frozen=True)
class StandingGap:
    """One board at the day `at` (ordinal): months that open models stand behind, negative where they lead.

    `closed` and `open` are the models (indices) at the two ends: the best of the side that is behind, and the first of
    the side ahead that had as much, released on `since` (ordinal). Where both best scores are equal, both are best.
    """

    board: int
    months: float
    at: int
    closed: int
    open: int
    since: int


@dataclass(frozen=True)
class StandingGaps:
    """The boards that are part of "now", and why each of the others is not."""

    gaps: tuple[StandingGap, ...]
    left_out: dict[int, str]

    @property
    def figure(self) -> Headline:
        """Return the figure of a single board; several have none together."""
        if len(self.gaps) + len(self.left_out) > 1 or not self.gaps:
            return NO_FIGURE
        [gap] = self.gaps
        return Headline(gap.months, None, None, "one-benchmark", gap.at, 1.0)


def standing_gaps(
    evidence: Evidence,
    boards: IntArray,
    as_of: int,
    parameters: Parameters,
    open_models: BoolArray | None = None,
    at: int | None = None,
) -> StandingGaps:
    """Measure how far open models stand behind on each of the boards, as of the day `as_of` (ordinal).

    A board stands at `at` or, without one, at the release of its newest model by `as_of`; where that is more than
    6 months before `as_of`, the board has ended. `open_models` (one flag per model) narrows the open side.
    """
    gaps, left_out = [], {}
    for board in boards.tolist():
        start, stop = rows_until(evidence, board, as_of)
        state = board_state(evidence, start, stop, parameters)
        if state.newest_day is None:
            left_out[board] = NO_SCORE
            continue
        if has_ended(state.newest_day, as_of):
            left_out[board] = ENDED
            continue
        if state.reason:
            left_out[board] = state.reason
            continue
        gap = _measure_board(evidence, board, state.newest_day if at is None else at, open_models)
        if gap is None:
            left_out[board] = NO_OPEN
        else:
            gaps.append(gap)
    return StandingGaps(tuple(gaps), left_out)


def _measure_board(evidence: Evidence, board: int, at: int, open_models: BoolArray | None) -> StandingGap | None:
    start, stop = rows_until(evidence, board, at)
    day, model, is_open = evidence.day[start:stop], evidence.model[start:stop], evidence.is_open[start:stop]
    counted = None if open_models is None else open_models[model]
    result = board_gap(day, is_open, evidence.score[start:stop], at, counted)
    if result is None:
        return None
    months, behind, first = result
    closed, open_ = (first, behind) if is_open[behind] else (behind, first)
    return StandingGap(board, months, at, int(model[closed]), int(model[open_]), int(day[first]))


def board_gap(
    day: IntArray, is_open: BoolArray, score: FloatArray, at: int, counted: BoolArray | None = None
) -> tuple[float, int, int] | None:
    """Return the standing gap of one board at the day `at`; None where a side has no score.

    Shape: day (ordinals, in order), is_open, score and counted, which flags the open scores that count, are (n,).
    Returns the months, the row of the best score of the side that is behind, and the row of the first score of the
    side ahead that was as high. With S the lower of both sides' best scores and C the first day on which the side ahead
    had S or more: at - C where closed models are ahead, C - at where open ones are, 0 where the best scores are equal.
    Source: method.md, E11; the horizontal gap of Epoch AI, "How far behind are open models?", 2024.
    """
    closed_rows, open_rows = np.flatnonzero(~is_open), np.flatnonzero(is_open if counted is None else is_open & counted)
    if not len(closed_rows) or not len(open_rows):
        return None
    closed, open_ = (int(rows[score[rows].argmax()]) for rows in (closed_rows, open_rows))
    lower, lead = min(score[closed], score[open_]), score[closed] - score[open_]
    # The same tolerance as at levels: 0.35 * 100 is as good as 35.
    tolerance = 1e-9 * max(1.0, min(abs(score[closed]), abs(score[open_])))
    sign = 1 if lead > tolerance else -1 if lead < -tolerance else 0
    ahead, behind = (open_rows, closed) if sign < 0 else (closed_rows, open_)
    first = int(ahead[(score[ahead] >= lower - tolerance).argmax()])
    return float(sign * (at - day[first]) / MONTH_DAYS), behind, first


def enough_from(day: IntArray, is_open: BoolArray, model: IntArray, needed: int) -> int | None:
    """Return the day from which a board has enough open models and a closed one; None where it never has."""
    open_rows, closed_rows = np.flatnonzero(is_open), np.flatnonzero(~is_open)
    _, first = np.unique(model[open_rows], return_index=True)
    if len(first) < needed or not len(closed_rows):
        return None
    return max(int(day[open_rows[np.sort(first)[needed - 1]]]), int(day[closed_rows[0]]))


def standing_course(
    evidence: Evidence, board: int, days: IntArray, parameters: Parameters, open_models: BoolArray | None = None
) -> FloatArray:
    """Measure one board's standing gap on each of many days (ordinals, in order), as `standing_gaps` does.

    Months, NaN where there is none.
    """
    months = np.full(len(days), np.nan)
    start, stop = rows_until(evidence, board, int(days[-1]) if len(days) else 0)
    rows = slice(start, stop)
    day, is_open, model = evidence.day[rows], evidence.is_open[rows], evidence.model[rows]
    enough = enough_from(day, is_open, model, parameters.min_open_models)
    if enough is None:
        return months
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
        months[chosen] = way * (newest[chosen] - day[first]) / MONTH_DAYS
    months[alive & (sign == 0)] = 0.0
    return months
