"""Grades of what figures did in worlds whose truth is known, and whether a headline may be trusted there."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, fields

import numpy as np

from core.evidence.evidence import BoolArray, FloatArray
from core.gap.intervals import t_quantile
from core.validation.estimates import FIGURES, Estimate

COLUMNS = (*(each.name for each in fields(Estimate)), "true_mean", "true_now", "true_change")
"""What is kept of each figure: what it says, the true mean lag of six month ends, the true lag of ability on the last
day, and how much the true mean has grown since January 2025."""
_LEVEL = 0.9
YES, CARE, NO = "yes", "with care", "no"
"""Whether a headline may be trusted in a world."""
TRUSTED_COVER, TRUSTED_BIAS = (0.85, 0.95), 0.5
"""It may be trusted where its nominal 90 % ranges hold the truth in such a share of worlds, and it is off by no more
months on average."""
LEAST_COVER, MOST_BIAS = 0.75, 1.5
"""It may not where they hold it less often, or it is off by more. An assumption of ours: a range is then missed two and
a half times as often as promised, or most of its half width is error in one direction."""


@dataclass(frozen=True)
class Cell:
    """What was measured in every draw of one world.

    Shape: `rows` (draws, figures, columns), `p_values` (draws,): of private against public tests, NaN where there is
    one class. `ahead` (draws,): whether one of two groups of equal ability was called ahead; NaN where there are none.
    """

    world: str
    rows: FloatArray
    p_values: FloatArray
    ahead: FloatArray


@dataclass(frozen=True)
class Grade:
    """What a figure did in one world: months and shares; NaN where it says nothing there.

    `bias`, `rmse` and `covered`, the share of truths inside of 90 % ranges, are against the true mean lag of six month
    ends; those ending in `now` against the lag of ability on the last day; those beginning with `change` are of the
    change since January 2025. `width` is how wide ranges are on average. `wider` and `narrower` are the shares of
    worlds in which that is said at the end, `flips_a_year` how often what is said changes. `given` is the share of
    worlds in which there is a figure. The two errors are those of counting so many worlds alone.
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
        """Say whether the figure may be trusted in the world, by what the page shows of it."""
        cover, bias = round(self.covered, 2), abs(round(self.bias, 1))
        if TRUSTED_COVER[0] <= cover <= TRUSTED_COVER[1] and bias <= TRUSTED_BIAS:
            return YES
        return CARE if cover >= LEAST_COVER and bias <= MOST_BIAS else NO


def joined(cells: Iterable[Cell]) -> list[Cell]:
    """Put the parts of each world together, in the order in which they come."""
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


def grades(cell: Cell) -> list[Grade]:
    """Grade every figure of one world."""
    return [_grade(cell.world, figure, cell.rows[:, n]) for n, figure in enumerate(FIGURES)]


def over_all(graded: Iterable[Grade]) -> dict[str, tuple[float, float]]:
    """Return each figure's RMSE over all worlds together, against the true mean and against the lag on the last day.

    Worlds in which a figure is not given are left out.
    """
    squares: dict[str, list[tuple[float, float]]] = {}
    for grade in graded:
        if math.isfinite(grade.rmse):
            squares.setdefault(grade.figure, []).append((grade.rmse**2, grade.rmse_now**2))
    roots = {figure: np.sqrt(np.mean(each, axis=0)).tolist() for figure, each in squares.items()}
    return {figure: (mean, now) for figure, (mean, now) in roots.items()}


def rejected(cell: Cell, level: float = 0.05) -> float:
    """Return the share of worlds in which private and public tests are said to differ."""
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
    """Return how many ranges hold the truth; one that can't be given is left out."""
    known = np.isfinite(off) & np.isfinite(half)
    return _mean(np.abs(off[known]) <= half[known])


def _mean(values: FloatArray | BoolArray) -> float:
    """Return the mean of what is known, NaN without any."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else math.nan
