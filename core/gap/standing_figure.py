"""The standing gap of a class of tests: its figure on a day, how it changed since another, and its course over time."""

from dataclasses import dataclass

import numpy as np

from core.evidence.evidence import BoolArray, Evidence, FloatArray, IntArray
from core.gap.crossings import rows_until
from core.gap.figures import NO_CHANGE, Change, Headline, change_of
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
MONTH_ENDS = 6
"""Over how many month ends it is seen how much a figure swings: an open release lowers it, then it rises again."""


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
    change = NO_CHANGE
    if as_of > since and now.gaps:
        before = standing_gaps(evidence, now.boards, since, parameters, open_models)
        change = standing_change(
            evidence, before, now, swings(evidence, boards, (since, as_of), parameters, open_models), parameters.level
        )
    return ClassStanding(figure_of(evidence, now, parameters, single=len(boards) == 1), now, change)


def standing_change(
    evidence: Evidence, before: StandingGaps, after: StandingGaps, swung: FloatArray, level: float
) -> Change:
    """Say by how much the standing gap grew, over the boards that are part of "now" on both days.

    `swung` are the `swings` of both days. Boards of one day share its releases: what one release does to all of them
    does not show between them, so the swings are part of the error.
    """
    boards, grown = alive_on_both(before, after)
    mean = family_mean(grown, evidence.families[boards], level=level)
    if mean.n_families < min(FEWEST_FAMILIES, max(1, len(after.gaps))):
        return NO_CHANGE
    if mean.months is None or mean.standard_error is None:
        return Change(mean.months, None, None)
    error = float(np.sqrt(mean.standard_error**2 + (swung**2).sum()))
    return change_of(mean.months, error, mean.n_families - 1.0, level)


def swings(
    evidence: Evidence,
    boards: IntArray,
    days: tuple[int, int],
    parameters: Parameters,
    open_models: BoolArray | None = None,
) -> FloatArray:
    """Return the standard deviation of a class's figure over each of two days (ordinals) and five month ends before.

    0 where the figure is known on fewer than two of them. Raises ValueError unless the days are in order.
    """
    if days[0] > days[1]:
        raise ValueError("the earlier day comes first")
    ends = np.array([day - round(back * MONTH_DAYS) for day in days for back in range(MONTH_ENDS)], dtype=np.int64)
    order = np.argsort(ends, kind="stable")
    months = np.empty(len(ends))
    months[order] = standing_course(evidence, boards, ends[order], parameters, open_models).months
    known = [each[np.isfinite(each)] for each in np.split(months, 2)]
    return np.array([float(each.std(ddof=1)) if len(each) > 1 else 0.0 for each in known])


def figure_of(evidence: Evidence, now: StandingGaps, parameters: Parameters, *, single: bool) -> Headline:
    """Average the boards' standing gaps over families; several boards need 3 of them, a `single` one stands alone."""
    mean = family_mean(now.months, evidence.families[now.boards], level=parameters.level)
    if not now.gaps or (not single and mean.n_families < FEWEST_FAMILIES):
        return Headline(None, None, None, "too-few", None, float(mean.n_families))
    at = max(gap.at for gap in now.gaps)
    return Headline(mean.months, mean.low, mean.high, _no_interval(mean), at, float(mean.n_families))


def _no_interval(mean: FamilyMean) -> str:
    if mean.low is not None:
        return ""
    return "one-benchmark" if mean.n_families == 1 else "all-equal"


def standing_course(
    evidence: Evidence, boards: IntArray, days: IntArray, parameters: Parameters, open_models: BoolArray | None = None
) -> StandingCourse:
    """Measure the standing gap of a class on each of many days (ordinals, in order), each board at its own day then.

    Boards join and leave, which moves the mean as well: a change is `standing_change`'s to tell. One board alone
    needs no others beside it, and has no interval.
    """
    months = np.full((len(days), len(boards)), np.nan)
    for place, board in enumerate(boards.tolist()):
        months[:, place] = _board_course(evidence, board, days, parameters, open_models)
    mean, error, number = over_families(months, evidence.families[boards])
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
