"""How figures do in worlds whose true gap is known, and whether the headline may be trusted there."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, fields

import numpy as np

from core.evidence.evidence import BoolArray, FloatArray
from core.gap.intervals import t_quantile
from core.validation.estimates import FIGURES, Estimate

COLUMNS = (*(column.name for column in fields(Estimate)), "true_mean", "true_now", "true_change")
"""The columns of a figure's rows: its estimate, then the true mean lag of six month ends, the true lag of ability on
the last day, and the growth of the true mean since January 2025."""
_LEVEL = 0.9
YES, CARE, NO = "yes", "with care", "no"
"""Whether a headline may be trusted in a world."""
TRUSTED_COVER, TRUSTED_BIAS = (0.85, 0.95), 0.5
"""It may if its nominal 90 % ranges hold the truth in this share of worlds, and its mean error, in months, is no
larger."""
LEAST_COVER, MOST_BIAS = 0.75, 1.5
"""It may not if they hold it less often, or its mean error is larger. Our assumption: a range then misses two and a
half times as often as promised, or most of its half width is bias."""


@dataclass(frozen=True)
class Cell:
    """The measurements of every draw of one world.

    Shape: `rows` (draws, figures, columns); `p_values` (draws,) of private against public tests, NaN with one class;
    `ahead` (draws,): 1 if one of two groups of equal ability was called ahead, NaN without such groups.
    """

    world: str
    rows: FloatArray
    p_values: FloatArray
    ahead: FloatArray


@dataclass(frozen=True)
class Grade:
    """How a figure does in one world, in months and shares; NaN where it has no value.

    `bias`, `rmse` and `covered`, the share of truths inside 90 % ranges, are against the true mean lag of six month
    ends; with `now` against the lag of ability on the last day; with `change` for the change since January 2025.
    `width` is the mean width of ranges. `wider` and `narrower` are the shares of worlds with that direction at the end,
    `flips_a_year` counts its changes. `given` is the share of worlds with a figure. The two errors are sampling errors
    of the number of worlds.
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
        """Return whether the figure may be trusted in the world, from its values as the page shows them."""
        cover, bias = round(self.covered, 2), abs(round(self.bias, 1))
        if TRUSTED_COVER[0] <= cover <= TRUSTED_COVER[1] and bias <= TRUSTED_BIAS:
            return YES
        return CARE if cover >= LEAST_COVER and bias <= MOST_BIAS else NO


def join_cells(cells: Iterable[Cell]) -> list[Cell]:
    """Concatenate the cells of each world, in their order."""
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
    """Grade every figure of one world."""
    return [_grade(cell.world, figure, cell.rows[:, n]) for n, figure in enumerate(FIGURES)]


def overall_rmse(grades: Iterable[Grade]) -> dict[str, tuple[float, float]]:
    """Return each figure's RMSE over all worlds, against the true mean and against the lag on the last day.

    Worlds without a figure are left out.
    """
    squares: dict[str, list[tuple[float, float]]] = {}
    for grade in grades:
        if math.isfinite(grade.rmse):
            squares.setdefault(grade.figure, []).append((grade.rmse**2, grade.rmse_now**2))
    roots = {figure: np.sqrt(np.mean(pairs, axis=0)).tolist() for figure, pairs in squares.items()}
    return {figure: (mean, now) for figure, (mean, now) in roots.items()}


def rejection_rate(cell: Cell, level: float = 0.05) -> float:
    """Return the share of worlds in which private and public tests differ significantly."""
    known = cell.p_values[np.isfinite(cell.p_values)]
    return float((known < level).mean()) if len(known) else math.nan


def _grade(world: str, figure: str, rows: FloatArray) -> Grade:
    column = dict(zip(COLUMNS, rows.T, strict=True))
    given = np.isfinite(column["months"]) & np.isfinite(column["true_mean"])
    n = int(given.sum())
    if n < 2:
        return Grade(world, figure, len(rows), n / len(rows))
    off, off_now = (column["months"][given] - column[truth][given] for truth in ("true_mean", "true_now"))
    half = _half_widths(column["error"][given], column["df"][given])
    covered = _share_inside(off, half)
    change_off = column["change"] - column["true_change"]
    direction = column["direction"][np.isfinite(column["direction"])]
    return Grade(
        world,
        figure,
        len(rows),
        n / len(rows),
        bias=float(off.mean()),
        bias_error=float(off.std(ddof=1) / math.sqrt(n)),
        rmse=float(np.sqrt((off**2).mean())),
        covered=covered,
        covered_error=math.sqrt(max(covered * (1 - covered), 1 / n) / n),
        width=_mean(2 * half),
        bias_now=float(off_now.mean()),
        rmse_now=float(np.sqrt((off_now**2).mean())),
        covered_now=_share_inside(off_now, half),
        change_bias=_mean(change_off),
        change_covered=_share_inside(change_off, _half_widths(column["change_error"], column["change_df"])),
        wider=_mean(direction > 0),
        narrower=_mean(direction < 0),
        flips_a_year=_mean(column["flips_a_year"]),
    )


def _half_widths(error: FloatArray, df: FloatArray) -> FloatArray:
    return np.asarray(t_quantile((1 + _LEVEL) / 2, df) * error)


def _share_inside(off: FloatArray, half: FloatArray) -> float:
    """Return the share of ranges that hold the truth, of those that are known."""
    known = np.isfinite(off) & np.isfinite(half)
    return _mean(np.abs(off[known]) <= half[known])


def _mean(values: FloatArray | BoolArray) -> float:
    """Return the mean of the known values, NaN if there are none."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else math.nan
