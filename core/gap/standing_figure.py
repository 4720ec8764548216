"""The standing gap of a class of tests: its figure on a day, how it changed since another, and its course over time."""

from dataclasses import dataclass

import numpy as np

from core.evidence.evidence import BoolArray, Evidence, FloatArray, IntArray
from core.gap.crossings import rows_until
from core.gap.figures import Change, Headline
from core.gap.intervals import t_quantile
from core.gap.parameters import MONTH_DAYS, Parameters
from core.gap.standing import (
    ENDED_AFTER_MONTHS,
    FamilyMean,
    StandingGaps,
    alive_on_both,
    family_mean,
    over_families,
    standing_gaps,
)

FEWEST_FAMILIES = 3
"""Families of benchmarks that a figure of several needs: fewer would pass for all."""


@dataclass(frozen=True)
class ClassStanding:
    """The standing gap of one class: its figure, the gap of each board behind it, and its change since a fixed day."""

    figure: Headline
    gaps: StandingGaps
    change: Change


@dataclass(frozen=True)
class StandingCourse:
    """The standing gap over time. Shape: all (days,); NaN where fewer than 3 families are part of that day."""

    day: IntArray
    months: FloatArray
    low: FloatArray
    high: FloatArray
    n_families: IntArray


def class_standing(
    evidence: Evidence, boards: IntArray, as_of: int, parameters: Parameters, open_models: BoolArray | None = None
) -> ClassStanding:
    """Measure the standing gap of the boards of one class, as of the day `as_of` (ordinal), and since `since`."""
    now = standing_gaps(evidence, boards, as_of, parameters, open_models)
    since = parameters.since.toordinal()
    change = Change(None, None, None)
    if as_of > since and now.gaps:
        change = standing_change(
            evidence, standing_gaps(evidence, now.boards, since, parameters, open_models), now, parameters.level
        )
    return ClassStanding(figure_of(evidence, now, parameters, single=len(boards) == 1), now, change)


def standing_change(evidence: Evidence, before: StandingGaps, after: StandingGaps, level: float) -> Change:
    """Say by how much the standing gap grew, over the boards that are part of "now" on both days."""
    boards, grown = alive_on_both(before, after)
    mean = family_mean(grown, families(evidence)[boards], level=level)
    if mean.n_families < min(FEWEST_FAMILIES, max(1, len(after.gaps))):
        return Change(None, None, None)
    return Change(mean.months, mean.low, mean.high)


def families(evidence: Evidence) -> IntArray:
    """Return the code of each board's family."""
    names = [board.family for board in evidence.boards]
    return np.asarray(np.unique(names, return_inverse=True)[1], dtype=np.int64)


def figure_of(evidence: Evidence, now: StandingGaps, parameters: Parameters, *, single: bool) -> Headline:
    """Average the boards' standing gaps over families; several boards need 3 of them, a `single` one stands alone."""
    mean = family_mean(now.months, families(evidence)[now.boards], level=parameters.level)
    if not now.gaps or (not single and mean.n_families < FEWEST_FAMILIES):
        return Headline(None, None, None, "too-few", None, None)
    at = max(gap.at for gap in now.gaps)
    return Headline(mean.months, mean.low, mean.high, _no_interval(mean), at, float(mean.n_families))


def _no_interval(mean: FamilyMean) -> str:
    if mean.low is not None:
        return ""
    return "one-benchmark" if mean.n_families == 1 else "all-equal"


def standing_course(
    evidence: Evidence,
    boards: IntArray,
    days: IntArray,
    parameters: Parameters,
    open_models: BoolArray | None = None,
) -> StandingCourse:
    """Measure the standing gap of a class on each of many days (ordinals, in order), each board at its own day then.

    Boards join and leave, which moves the mean as well: a change is `standing_change`'s to tell. One board alone
    needs no others beside it, and has no interval.
    """
    months = np.full((len(days), len(boards)), np.nan)
    for place, board in enumerate(boards.tolist()):
        months[:, place] = _board_course(evidence, board, days, parameters, open_models)
    mean, error, number = over_families(months, families(evidence)[boards])
    needed = 1 if len(boards) == 1 else FEWEST_FAMILIES
    mean = np.where(number >= needed, mean, np.nan)
    half = t_quantile((1 + parameters.level) / 2, np.maximum(number - 1, 1).astype(np.float64)) * error
    half = np.where(np.isfinite(mean) & (error > 1e-9), half, np.nan)
    return StandingCourse(days, mean, mean - half, mean + half, number)


def _board_course(
    evidence: Evidence, board: int, days: IntArray, parameters: Parameters, open_models: BoolArray | None
) -> FloatArray:
    """Return one board's standing gap on each day, as `standing_gaps` measures one; NaN where there is none."""
    found = np.full(len(days), np.nan)
    start, stop = rows_until(evidence, board, int(days[-1]) if len(days) else 0)
    rows = slice(start, stop)
    day, is_open, model = evidence.day[rows], evidence.is_open[rows], evidence.model[rows]
    enough = _enough_from(day, is_open, model, parameters.min_open_models)
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


def _enough_from(day: IntArray, is_open: BoolArray, model: IntArray, needed: int) -> int | None:
    """Return the day from which a board has enough open models and a closed one; None where it never has."""
    open_rows, closed_rows = np.flatnonzero(is_open), np.flatnonzero(~is_open)
    _, first = np.unique(model[open_rows], return_index=True)
    if len(first) < needed or not len(closed_rows):
        return None
    return max(int(day[open_rows[np.sort(first)[needed - 1]]]), int(day[closed_rows[0]]))
