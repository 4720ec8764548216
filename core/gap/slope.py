"""How much catch-up time grows in a year, and when its trend was lowest; families are clusters (method.md, E7)."""

import math
from dataclasses import dataclass

import numpy as np

from core.evidence.evidence import Evidence, FloatArray, IntArray
from core.gap.analysis import Gaps
from core.gap.crossings import Points
from core.gap.figures import CLAIM_LEVEL, NO_CHANGE, Change
from core.gap.kept import measured_once
from core.gap.parameters import MONTH_DAYS, Parameters
from core.gap.trend import grid_days

FEWEST_FAMILIES = 3
"""Families that a slope or a day needs: fewer would pass for all."""
_DRAWS = 999
_WEBB = np.sqrt(np.array([0.5, 1.0, 1.5]))
"""The six weights are these with both signs. Source: Webb 2014, Queen's Economics Department Working Paper 1315."""
_HALVINGS, _WIDEST = 14, 1000.0
"""How exactly an end is found, and how far it is looked for: months a year."""


@dataclass(frozen=True)
class Slope:
    """By how much catch-up time grew in a year, over so many results on benchmarks of so many families."""

    a_year: Change
    n_points: int
    n_families: int


@dataclass(frozen=True)
class LowestDay:
    """The day (ordinal) at which a trend is lowest: the median over resampled families, and its interval."""

    median: int
    low: int
    high: int


Trends = dict[str, tuple[Slope, LowestDay | None]]
"""By class: its slope since the method's own day, and the day at which its trend is lowest."""


@measured_once
def trends(evidence: Evidence, known: Gaps, as_of: int, parameters: Parameters) -> Trends:
    """Measure each class that has a trend of several tests, as of the day (ordinal) that is known of the evidence."""
    return {
        name: (slope(gap.points, gap.since, parameters), lowest_day(gap.points, parameters))
        for name, gap in known.classes.items()
        if gap.trend.last_readable() is not None
    }


def slope(points: Points, since: int, parameters: Parameters) -> Slope:
    """Measure how much the lags of points after the day `since` (ordinal) grow in a year of open releases.

    One line with a level of its own for each benchmark, so that one which joins or leaves is no slope. The interval is
    that of the wild cluster bootstrap over families, with the slope that is tested imposed (Cameron, Gelbach and Miller
    2008, Review of Economics and Statistics 90). As one release takes levels on many benchmarks, it is widened by
    sqrt(1 + m / f), of the variances with open models and with families as clusters: the two-term variance of
    MacKinnon, Nielsen and Webb 2021, Journal of Business & Economic Statistics 39. A direction is told where the
    95 % interval leaves 0 out. There is none with fewer than 3 families.
    """
    used = points.where(points.open_day > since)
    if not len(used.months):
        return Slope(NO_CHANGE, 0, 0)
    board, family = (np.unique(each, return_inverse=True)[1] for each in (used.board, used.cluster))
    year, months = (_within(each, board) for each in (used.open_day / (12 * MONTH_DAYS), used.months))
    # With residuals left by any slope, all that a family adds is its own sum of products.
    products, squares = (_sums(family, year * each) for each in (months, year))
    telling = squares > 1e-9
    change = NO_CHANGE
    if telling.sum() >= FEWEST_FAMILIES:
        left = year * (months - year * products.sum() / squares.sum())
        of_families, of_models = ((_sums(each, left) ** 2).sum() for each in (family, used.open))
        wider = math.sqrt(1 + of_models / of_families) if of_families > 0 else 1.0
        change = _bootstrapped(products[telling], squares[telling], wider, parameters)
    return Slope(change, len(used.months), int(telling.sum()))


def lowest_day(points: Points, parameters: Parameters) -> LowestDay | None:
    """Find when the trend of some points is lowest, by resampling families; None with too few of them.

    A draw is read at the days where the method lets its trend be read. The days are of the trend's grid.
    """
    family = np.unique(points.cluster, return_inverse=True)[1]
    number = int(family.max(initial=-1)) + 1
    if number < FEWEST_FAMILIES:
        return None
    grid = grid_days(int(points.open_day.min()), int(points.open_day.max()), parameters.step_days)
    kernel = np.exp(-0.5 * ((points.open_day[:, None] - grid) / parameters.bandwidth_days) ** 2)
    member = (family == np.arange(number)[:, None]).astype(np.float64)
    weight, weighted = member @ kernel, member @ (kernel * points.months[:, None])
    draws = np.random.default_rng(parameters.seed).multinomial(number, np.full(number, 1 / number), size=_DRAWS)
    total, worth = draws @ weight, draws @ weight**2
    with np.errstate(invalid="ignore", divide="ignore"):
        trend = (draws @ weighted) / total
        readable = (total >= parameters.min_weight) & (total**2 / worth >= parameters.min_effective)
    lowest = np.where(readable, trend, np.inf).argmin(axis=1)[readable.any(axis=1)]
    if not len(lowest):
        return None
    tail = (1 - parameters.level) / 2
    low, median, high = np.quantile(grid[lowest], (tail, 0.5, 1 - tail), method="nearest").tolist()
    return LowestDay(int(median), int(low), int(high))


def _sums(group: IntArray, values: FloatArray) -> FloatArray:
    """Add up the values of each group that there is."""
    return np.bincount(np.unique(group, return_inverse=True)[1], weights=values).astype(np.float64)


def _within(values: FloatArray, group: IntArray) -> FloatArray:
    """Take the mean of its group from each value."""
    return np.asarray(values - (np.bincount(group, weights=values) / np.bincount(group))[group])


def _bootstrapped(products: FloatArray, squares: FloatArray, wider: float, parameters: Parameters) -> Change:
    """Return a slope of families' sums of products and of squares, with its interval so many times as wide."""
    best, size = float(products.sum() / squares.sum()), float(squares.sum())
    spread = math.sqrt(((products - best * squares) ** 2).sum())
    if spread < 1e-9 * size:
        return Change(best, None, None)
    generator = np.random.default_rng(parameters.seed)
    weights = generator.choice(np.concatenate((-_WEBB, _WEBB)), size=(_DRAWS, len(squares)))

    def p_value(tested: float) -> float:
        scores = weights * (products - tested * squares)
        moved = scores.sum(axis=1)
        left = ((scores - moved[:, None] * squares / size) ** 2).sum(axis=1)
        # |t*| >= |t|, without a division; where all weights are alike the two are equal, but for rounding.
        return float((np.abs(moved) * spread >= abs(best - tested) * size * np.sqrt(left) * (1 - 1e-9)).mean())

    def end(side: int, alpha: float) -> float:
        near, far = 0.0, spread / size
        while p_value(best + side * far) > alpha:
            near, far = far, 2 * far
            if far > _WIDEST:
                return side * math.inf
        for _ in range(_HALVINGS):
            middle = (near + far) / 2
            near, far = (middle, far) if p_value(best + side * middle) > alpha else (near, middle)
        return best + side * wider * far

    low, high = (end(side, 1 - parameters.level) for side in (-1, 1))
    if not math.isfinite(high - low):
        return Change(best, None, None)
    told = p_value(best * (1 - 1 / wider)) <= 1 - CLAIM_LEVEL
    return Change(best, low, high, int(math.copysign(1, best)) if told else 0)
