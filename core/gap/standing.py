"""E11: the standing gap, how long ago closed models first had the best open model's score of now (method.md, E11)."""

import numpy as np

from core.dataclass import dataclass
from core.evidence.evidence import Board, BoolArray, Evidence, FloatArray, IntArray, Model
from core.gap.crossings import board_state, counted_open, rows_until
from core.gap.figures import NO_FIGURE, Headline
from core.gap.parameters import MONTH_DAYS, Parameters

ENDED = "ended"
"""Why a board is not part of "now": its last release is too old."""
ENDED_AFTER_MONTHS = 6.0
"""A board whose last release is older than this is not part of "now"."""
NO_SCORE, NO_OPEN = "no-score", "no-open"
"""Why a board has no gap: no score by the day, or none from the open models that were asked for."""


def has_ended(newest: int, as_of: int) -> bool:
    """Return whether a board with its newest model on a day (ordinal) has ended as of another day."""
    return (as_of - newest) / MONTH_DAYS > ENDED_AFTER_MONTHS


@dataclass(frozen=True)
class StandingGap:
    """One board on the day `at` (ordinal): the months that open models are behind, negative if they lead.

    `closed` and `open` are the two models compared, with their best scores on the board by the day: the best model of
    the side behind, and the leading side's first model with at least this score, released on `since` (ordinal). If both
    best scores are equal, `months` is 0.
    """

    board: Board
    months: float
    at: int
    closed: Model
    open: Model
    closed_score: float
    open_score: float
    since: int


@dataclass(frozen=True)
class StandingGaps:
    """The gaps of the boards that are part of "now", and the reason for every board left out."""

    gaps: tuple[StandingGap, ...]
    left_out: dict[Board, str]

    @property
    def figure(self) -> Headline:
        """Return the figure of a single board; several boards have no figure together."""
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
    """Measure how far open models are behind on each board, as of the day `as_of` (ordinal).

    The gap is measured on the day `at` or, by default, at the release of the board's newest model by `as_of`. The board
    has ended if this release is more than 6 months before `as_of`. `open_models` (one flag per model) narrows the open
    side.
    """
    gaps, left_out = [], {}
    for number in boards.tolist():
        board, (start, stop) = evidence.boards[number], rows_until(evidence, number, as_of)
        state, gap = board_state(evidence, start, stop, parameters), None
        reason = state.reason
        if state.newest_day is None:
            reason = NO_SCORE
        elif has_ended(state.newest_day, as_of):
            reason = ENDED
        elif not reason:
            gap = _measure_board(evidence, number, state.newest_day if at is None else at, open_models)
        if gap is None:
            left_out[board] = reason or NO_OPEN
        else:
            gaps.append(gap)
    return StandingGaps(tuple(gaps), left_out)


def _measure_board(evidence: Evidence, board: int, at: int, open_models: BoolArray | None) -> StandingGap | None:
    rows = slice(*rows_until(evidence, board, at))
    model, is_open, score = evidence.model[rows], evidence.is_open[rows], evidence.score[rows]
    is_counted = None if open_models is None else open_models[model]
    result = board_gap(evidence.day[rows], is_open, score, at, is_counted)
    if result is None:
        return None
    months, behind, first = result
    closed, open_ = (int(model[row]) for row in ((first, behind) if is_open[behind] else (behind, first)))
    closed_score, open_score = (float(score[model == number].max()) for number in (closed, open_))
    models, since = evidence.models, int(evidence.day[rows][first])
    return StandingGap(
        evidence.boards[board], months, at, models[closed], models[open_], closed_score, open_score, since
    )


def board_gap(
    day: IntArray, is_open: BoolArray, score: FloatArray, at: int, is_counted: BoolArray | None = None
) -> tuple[float, int, int] | None:
    """Return the standing gap of one board on the day `at`; None if a side has no score.

    Shape: day (ordinals, sorted), is_open, score and counted (flags the open scores that count) are (n,).
    Returns the months, the row of the best score of the side behind, and the row of the leading side's first score at
    least as high. With S the lower of the two best scores and C the first day on which the leading side had S or more:
    at - C if closed models lead, C - at if open models lead, 0 if the best scores are equal.
    Source: method.md, E11; the horizontal gap of Epoch AI, "How far behind are open models?", 2024.
    """
    closed_rows = np.flatnonzero(~is_open)
    open_rows = np.flatnonzero(is_open if is_counted is None else is_open & is_counted)
    if not len(closed_rows) or not len(open_rows):
        return None
    closed, open_ = (int(rows[score[rows].argmax()]) for rows in (closed_rows, open_rows))
    lower, lead = min(score[closed], score[open_]), score[closed] - score[open_]
    # The same tolerance as for levels: 0.35 * 100 must reach 35.
    tolerance = 1e-9 * max(1.0, min(abs(score[closed]), abs(score[open_])))
    sign = 1 if lead > tolerance else -1 if lead < -tolerance else 0
    ahead, behind = (open_rows, closed) if sign < 0 else (closed_rows, open_)
    first = int(ahead[(score[ahead] >= lower - tolerance).argmax()])
    return float(sign * (at - day[first]) / MONTH_DAYS), behind, first


def enough_from(day: IntArray, is_open: BoolArray, model: IntArray, n_needed: int) -> int | None:
    """Return the day from which a board has enough open models and a closed model; None if it never has."""
    open_rows, closed_rows = np.flatnonzero(is_open), np.flatnonzero(~is_open)
    _, first = np.unique(model[open_rows], return_index=True)
    if len(first) < n_needed or not len(closed_rows):
        return None
    return max(int(day[open_rows[np.sort(first)[n_needed - 1]]]), int(day[closed_rows[0]]))


def standing_course(
    evidence: Evidence, board: int, days: IntArray, parameters: Parameters, open_models: BoolArray | None = None
) -> FloatArray:
    """Measure the standing gap of one board on many days (ordinals, sorted), by the rule of `standing_gaps`.

    In months; NaN if there is no gap.
    """
    months = np.full(len(days), np.nan)
    start, stop = rows_until(evidence, board, int(days[-1]) if len(days) else 0)
    rows = slice(start, stop)
    day, is_open, model = evidence.day[rows], evidence.is_open[rows], evidence.model[rows]
    enough = enough_from(day, is_open, model, parameters.min_open_models)
    if enough is None:
        return months
    is_counted = counted_open(evidence, start, stop, open_models)
    until = np.searchsorted(day, days, side="right")
    is_measurable = (days >= enough) & (until > 0)
    newest = day[np.maximum(until - 1, 0)]
    is_measurable &= (days - newest) / MONTH_DAYS <= ENDED_AFTER_MONTHS
    best = [np.maximum.accumulate(np.where(side, evidence.score[rows], -np.inf)) for side in (~is_open, is_counted)]
    at = np.maximum(until - 1, 0)
    closed, open_ = best[0][at], best[1][at]
    is_measurable &= np.isfinite(closed) & np.isfinite(open_)
    tolerance = 1e-9 * np.maximum(1.0, np.minimum(np.abs(closed), np.abs(open_)))
    with np.errstate(invalid="ignore"):
        sign = np.where(closed - open_ > tolerance, 1, np.where(open_ - closed > tolerance, -1, 0))
    for way, ahead in ((1, best[0]), (-1, best[1])):
        is_ahead = is_measurable & (sign == way)
        first = np.searchsorted(ahead, (np.minimum(closed, open_) - tolerance)[is_ahead], side="left")
        months[is_ahead] = way * (newest[is_ahead] - day[first]) / MONTH_DAYS
    months[is_measurable & (sign == 0)] = 0.0
    return months
