"""Catch-up times of thinned scores: E1 and E2 for many selections of the scores at once (method.md, E5)."""

from dataclasses import dataclass

import numpy as np

from core.evidence.evidence import BoolArray, Evidence, FloatArray, IntArray
from core.gap.crossings import censored_day, levels_at, rows_until
from core.gap.intervals import Band, band_of_sums
from core.gap.parameters import MONTH_DAYS, Parameters
from core.gap.quantiles import percentile


@dataclass(frozen=True)
class ThinnedPoints:
    """The accepted points of each draw, as sums over each board.

    Shape: all (draws, boards). `weight` and `lag` are the sums of the kernel's weights at one day and of the weighted
    lags (months); `count` and `recent` the number of points in the window before that day and the sum of their lags.
    """

    weight: FloatArray
    lag: FloatArray
    count: FloatArray
    recent: FloatArray

    def band(self, family: IntArray, *, level: float) -> Band:
        """Return the trend at the day, one entry per draw; each family of boards is one benchmark of E2."""
        names, code = np.unique(family, return_inverse=True)
        member = (code[:, None] == np.arange(len(names))).astype(np.float64)
        return band_of_sums(self.weight @ member, self.lag @ member, level=level)

    def means(self, unit: IntArray | None = None) -> FloatArray:
        """Return each board's mean lag in the window, over the draws that have a point there; NaN without one.

        With a code for each board (`unit`), that of each unit, in the order of their codes.
        """
        count, recent = self.count, self.recent
        if unit is not None:
            member = (unit[:, None] == np.unique(unit, return_inverse=True)[0]).astype(np.float64)
            count, recent = count @ member, recent @ member
        has = count > 0
        means = np.divide(recent, count, out=np.zeros_like(recent), where=has)
        draws = has.sum(axis=0)
        return np.asarray(means.sum(axis=0) / np.where(draws > 0, draws, np.nan))


def thinned_points(
    evidence: Evidence,
    boards: IntArray,
    as_of: int,
    at: int,
    kept: BoolArray,
    parameters: Parameters,
    scores: FloatArray | None = None,
) -> ThinnedPoints:
    """Find the points of each selection of the scores, and add them up as the trend at the day `at` needs them.

    Shape: `kept` (draws, scores) says which scores each draw has; `scores`, alike, what they are in it, where that is
    not the evidence's own. Crossings, merging and acceptance are E1's; the
    floor is that of all scores, so that a draw differs by what is missing alone. Whether a board has enough open
    models is the caller's to see.
    """
    drawn = np.where(kept, evidence.score if scores is None else scores, -np.inf)
    columns = [_of_board(evidence, board, as_of, at, drawn, parameters) for board in boards.tolist()]
    sums = (np.stack(each, axis=1) for each in zip(*columns, strict=True))
    return ThinnedPoints(*sums)


def _of_board(
    evidence: Evidence, board: int, as_of: int, at: int, drawn: FloatArray, parameters: Parameters
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    start, stop = rows_until(evidence, board, as_of)
    levels = np.array(levels_at(evidence.boards[board], parameters))
    rows = slice(start, stop)
    sides = [first_rows(drawn[:, rows], side, levels) for side in (~evidence.is_open[rows], evidence.is_open[rows])]
    day = np.append(evidence.day[rows], 0)
    closed, open_ = sides
    crossed = (closed >= 0) & (open_ >= 0)
    closed_day, open_day = day[closed], day[open_]
    censored = censored_day(evidence, start, stop)
    counted = (
        crossed
        & (open_day != censored)
        & _accepted(evidence, board, levels, np.maximum(closed_day, open_day), rows, parameters)
    )
    model = np.append(evidence.model[rows], -1)
    highest = _highest_of_pairs(model[closed], model[open_], crossed, counted)
    months = (open_day - closed_day) / MONTH_DAYS
    weight = np.exp(-0.5 * ((at - open_day) / parameters.bandwidth_days) ** 2) * highest
    since = round(at - parameters.window_months * MONTH_DAYS)
    recent = highest & (open_day <= at) & (open_day > since)
    return (
        weight.sum(axis=1),
        (weight * months).sum(axis=1),
        recent.sum(axis=1).astype(np.float64),
        (recent * months).sum(axis=1),
    )


def first_rows(scores: FloatArray, side: BoolArray, levels: FloatArray) -> IntArray:
    """Return, per draw and level, the row of the first score of a side that reaches it, or -1: (draws, levels).

    Shape: `scores` (draws, rows) in order of release, -inf where a draw has none; `side` (rows,).
    """
    rows = np.flatnonzero(side)
    if not len(rows):
        return np.full((len(scores), len(levels)), -1, dtype=np.int64)
    best = np.maximum.accumulate(scores[:, rows], axis=1)
    needed = levels - 1e-9 * np.maximum(1.0, np.abs(levels))
    first = np.stack([(best < level).sum(axis=1) for level in needed], axis=1)
    return np.where(first < len(rows), rows[np.minimum(first, len(rows) - 1)], -1)


def _accepted(
    evidence: Evidence, board: int, levels: FloatArray, later_day: IntArray, rows: slice, parameters: Parameters
) -> BoolArray:
    floor = percentile(evidence.score[rows], parameters.floor_percentile)
    above = np.broadcast_to(levels > floor, later_day.shape)
    listed = evidence.boards[board].accepted
    if listed is None:
        return above
    on_list = np.array([level in listed for level in levels.tolist()])
    return np.where(later_day <= parameters.list_binds_until.toordinal(), on_list, above)


def _highest_of_pairs(closed: IntArray, open_: IntArray, crossed: BoolArray, counted: BoolArray) -> BoolArray:
    """Mark the highest level of each pair of models, where any of its levels is accepted: (draws, levels)."""
    found = np.zeros_like(crossed)
    accepted = np.zeros(len(crossed), dtype=np.bool_)
    for n in range(crossed.shape[1]):
        same = crossed[:, n] & (n > 0)
        if n:
            same &= crossed[:, n - 1] & (closed[:, n] == closed[:, n - 1]) & (open_[:, n] == open_[:, n - 1])
            found[:, n - 1] &= ~same
        accepted = np.where(same, accepted, False) | counted[:, n]
        found[:, n] = accepted & crossed[:, n]
    return found
