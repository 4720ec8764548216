"""Grade the figures in simulated worlds whose true gap is known, and decide where the headline may be trusted."""

import math
from collections.abc import Iterable
from dataclasses import fields

import numpy as np

from core.dataclass import dataclass
from core.evidence.evidence import BoolArray, FloatArray
from core.gap.intervals import t_quantile
from core.validation.estimates import FIGURES, Estimate

COLUMNS = (*(column.name for column in fields(Estimate)), "true_mean", "true_now", "true_change")
"""The columns of a figure's rows: its estimate, the true mean lag over six month ends, the true lag of ability on the
last day, and the change in the true mean since January 2025."""
_RANGE_LEVEL = 0.9
YES, CARE, NO = "yes", "with care", "no"
"""Whether a headline may be trusted in a world."""
TRUSTED_COVERAGE, TRUSTED_BIAS = (0.85, 0.95), 0.5
"""A headline is trusted if its nominal 90 % ranges cover the truth in this share of worlds, and its mean error is at
most this many months."""
MIN_COVERAGE, MAX_BIAS = 0.75, 1.5
"""A headline is not trusted if the coverage is lower, or the mean error larger. Our assumption: beyond these limits a
range misses two and a half times as often as promised, or most of its half width is bias."""


@dataclass(frozen=True)
class Cell:
    """The measurements of all draws of one world.

    Shape: `rows` (draws, figures, columns); `p_values` (draws,) of private against public tests, NaN with one class;
    `ahead` (draws,): 1 if one of two equally able groups was reported as ahead, NaN without such groups.
    """

    world: str
    rows: FloatArray
    p_values: FloatArray
    ahead: FloatArray


@dataclass(frozen=True)
class Grade:
    """The grade of a figure in one world, in months and shares; NaN if there is no value.

    `bias`, `rmse` and `covered` (the share of 90 % ranges that cover the truth) compare with the true mean lag over
    six month ends. Fields with `now` compare with the lag of ability on the last day. Fields with `change` compare the
    change since January 2025. `width` is the mean width of the ranges. `wider` and `narrower` are the shares of worlds
    with that direction at the end; `flips_a_year` counts changes of direction. `given` is the share of worlds with a
    figure. `bias_error` and `covered_error` are sampling errors: the number of worlds is finite.
    """

    world: str
    figure: str
    worlds: int
    given: float
    bias: float = math.nan
    bias_error: float = math.nan
    rmse: float = math.nan
    covered: float = math.nan
    covered_error: float = math.nan
    width: float = math.nan
    bias_now: float = math.nan
    rmse_now: float = math.nan
    covered_now: float = math.nan
    change_bias: float = math.nan
    change_covered: float = math.nan
    wider: float = math.nan
    narrower: float = math.nan
    flips_a_year: float = math.nan

    @property
    def trust(self) -> str:
        """Return whether the figure may be trusted in the world, from its rounded values as the page shows them."""
        coverage, bias = round(self.covered, 2), abs(round(self.bias, 1))
        if TRUSTED_COVERAGE[0] <= coverage <= TRUSTED_COVERAGE[1] and bias <= TRUSTED_BIAS:
            return YES
        return CARE if coverage >= MIN_COVERAGE and bias <= MAX_BIAS else NO


def join_cells(cells: Iterable[Cell]) -> list[Cell]:
    """Concatenate the cells of each world; the order is kept."""
    by_world: dict[str, list[Cell]] = {}
    for cell in cells:
        by_world.setdefault(cell.world, []).append(cell)
    return [
        Cell(
            world,
            np.concatenate([part.rows for part in parts]),
            np.concatenate([part.p_values for part in parts]),
            np.concatenate([part.ahead for part in parts]),
        )
        for world, parts in by_world.items()
    ]


def grade_cell(cell: Cell) -> list[Grade]:
    """Grade every figure in one world."""
    return [_grade_figure(cell.world, figure, cell.rows[:, n]) for n, figure in enumerate(FIGURES)]


def overall_rmse(grades: Iterable[Grade]) -> dict[str, tuple[float, float]]:
    """Return the RMSE of each figure over all worlds, against the true mean and against the lag on the last day.

    Worlds without the figure are skipped.
    """
    squares: dict[str, list[tuple[float, float]]] = {}
    for grade in grades:
        if math.isfinite(grade.rmse):
            squares.setdefault(grade.figure, []).append((grade.rmse**2, grade.rmse_now**2))
    roots = {figure: np.sqrt(np.mean(pairs, axis=0)).tolist() for figure, pairs in squares.items()}
    return {figure: (mean, now) for figure, (mean, now) in roots.items()}


def rejection_rate(cell: Cell) -> float:
    """Return the share of worlds in which private and public tests differ significantly, at 5 %."""
    finite = cell.p_values[np.isfinite(cell.p_values)]
    return float((finite < 0.05).mean()) if len(finite) else math.nan


def _grade_figure(world: str, figure: str, rows: FloatArray) -> Grade:
    column = dict(zip(COLUMNS, rows.T, strict=True))
    has_figure = np.isfinite(column["months"]) & np.isfinite(column["true_mean"])
    n_worlds = int(has_figure.sum())
    if n_worlds < 2:
        return Grade(world, figure, len(rows), n_worlds / len(rows))
    deviation, deviation_now = (
        column["months"][has_figure] - column[truth][has_figure] for truth in ("true_mean", "true_now")
    )
    half_width = _half_widths(column["error"][has_figure], column["df"][has_figure])
    coverage = _share_inside(deviation, half_width)
    change_deviation = column["change"] - column["true_change"]
    direction = column["direction"][np.isfinite(column["direction"])]
    return Grade(
        world,
        figure,
        len(rows),
        n_worlds / len(rows),
        bias=float(deviation.mean()),
        bias_error=float(deviation.std(ddof=1) / math.sqrt(n_worlds)),
        rmse=float(np.sqrt((deviation**2).mean())),
        covered=coverage,
        covered_error=math.sqrt(max(coverage * (1 - coverage), 1 / n_worlds) / n_worlds),
        width=_mean(2 * half_width),
        bias_now=float(deviation_now.mean()),
        rmse_now=float(np.sqrt((deviation_now**2).mean())),
        covered_now=_share_inside(deviation_now, half_width),
        change_bias=_mean(change_deviation),
        change_covered=_share_inside(change_deviation, _half_widths(column["change_error"], column["change_df"])),
        wider=_mean(direction > 0),
        narrower=_mean(direction < 0),
        flips_a_year=_mean(column["flips_a_year"]),
    )


def _half_widths(error: FloatArray, df: FloatArray) -> FloatArray:
    return np.asarray(t_quantile((1 + _RANGE_LEVEL) / 2, df) * error)


def _share_inside(deviation: FloatArray, half_width: FloatArray) -> float:
    """Return the share of ranges that cover the truth; ranges that are not finite are skipped."""
    finite = np.isfinite(deviation) & np.isfinite(half_width)
    return _mean(np.abs(deviation[finite]) <= half_width[finite])


def _mean(values: FloatArray | BoolArray) -> float:
    """Return the mean of the finite values; NaN if there are none."""
    finite = values[np.isfinite(values)]
    return float(finite.mean()) if len(finite) else math.nan
