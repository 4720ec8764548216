"""Grades of what figures did in worlds whose truth is known, and the bars that a headline is held to."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from core.evidence.evidence import FloatArray
from core.gap.intervals import t_quantile
from core.validation.estimates import FIGURES
from core.validation.worlds import DESIGNS

COLUMNS = ("months", "error", "df", "truth", "now", "change", "change_error", "change_df")
"""What is measured of each figure."""
COVERED = ("equal testing", "42/23", "sister boards", "early ends", "heavy noise", "16 boards", "8 boards")
"""The worlds in which a headline's nominal 90 % must cover 85 to 95 %."""
LEAST_COVER, MOST_COVER = 0.85, 0.95
MOST_BIAS, BIASED = 0.3, "42/23"
"""Months that a headline may be off the lag of ability in the world of that name."""
MOST_FALSE = 0.05
"""Of directions that are not there, and of groups called ahead that are not."""
MOST_REJECTED = 0.07
"""Of worlds in which private and public tests, which don't differ there, are said to."""


@dataclass(frozen=True)
class Cell:
    """What was measured in every draw of one world.

    Shape: `rows` (draws, figures, columns), `p_values` (draws, 2): of private against public tests, raw and thinned;
    NaN where there is one class. `ahead` (draws,): whether one of two groups of equal ability was called ahead; NaN
    where there are none.
    """

    world: str
    rows: FloatArray
    p_values: FloatArray
    ahead: FloatArray


@dataclass(frozen=True)
class Grade:
    """What a figure did in one world: months and shares; NaN where it says nothing there.

    `bias` and `rmse` are against its own truth, `bias_now` and `rmse_now` against the lag of ability on the last day;
    `covered` is the share of its own truths inside of 80 and of 90 % intervals, `covered_now` the lag's inside of 90.
    `said` is the share of worlds in which a direction is said at 95 %, `given` that in which there is a figure. The
    two errors are those of counting so many worlds alone.
    """

    world: str
    figure: str
    worlds: int
    given: float
    bias: float = math.nan
    bias_error: float = math.nan
    rmse: float = math.nan
    covered: tuple[float, float] = (math.nan, math.nan)
    covered_error: float = math.nan
    bias_now: float = math.nan
    rmse_now: float = math.nan
    covered_now: float = math.nan
    said: float = math.nan


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


def missed(figure: str, graded: Iterable[Grade]) -> list[str]:
    """Say which bars a figure misses as a headline, and by how much: one phrase for each."""
    found = []
    for grade in graded:
        if grade.figure != figure or not grade.given:
            continue
        share = grade.covered[1]
        if grade.world in COVERED and (share < LEAST_COVER or share > MOST_COVER):
            found.append(f"90 % covers {100 * share:.0f} in {grade.world}")
        if grade.world == BIASED and abs(grade.bias_now) > MOST_BIAS:
            found.append(f"off by {grade.bias_now:+.2f} at {BIASED}".replace("-", "−"))
        if not changes(grade.world) and grade.said > MOST_FALSE:
            found.append(f"false direction {100 * grade.said:.0f} % in {grade.world}")
    return found


def changes(world: str) -> bool:
    """Whether the lag of a world is another at the end than before."""
    return world in DESIGNS and DESIGNS[world].changes


def over_all(graded: Iterable[Grade]) -> dict[str, float]:
    """Return each figure's RMSE against the lag of ability over all worlds together, those without it left out."""
    squares: dict[str, list[float]] = {}
    for grade in graded:
        if math.isfinite(grade.rmse_now):
            squares.setdefault(grade.figure, []).append(grade.rmse_now**2)
    return {figure: math.sqrt(sum(each) / len(each)) for figure, each in squares.items()}


def rejected(cell: Cell, level: float = 0.05) -> tuple[float, float]:
    """Return the share of worlds in which private and public tests are said to differ, raw and thinned."""
    shares = [
        float((column[np.isfinite(column)] < level).mean()) if np.isfinite(column).any() else math.nan
        for column in cell.p_values.T
    ]
    return shares[0], shares[1]


def _grade(world: str, figure: str, rows: FloatArray) -> Grade:
    given = rows[np.isfinite(rows[:, 0]) & np.isfinite(rows[:, 3])]
    n = len(given)
    if n < 2:
        return Grade(world, figure, len(rows), n / len(rows))
    months, error, df, truth, now = given[:, :5].T
    off, off_now = months - truth, months - now
    covered = [_share_inside(off, error, df, level) for level in (0.8, 0.9)]
    change, change_error, change_df = rows[:, 5:8].T
    can_say = np.isfinite(change)
    said = _share_outside(change[can_say], change_error[can_say], change_df[can_say], 0.95)
    return Grade(
        world,
        figure,
        len(rows),
        n / len(rows),
        float(off.mean()),
        float(off.std(ddof=1) / math.sqrt(n)),
        float(np.sqrt((off**2).mean())),
        (covered[0], covered[1]),
        math.sqrt(max(covered[1] * (1 - covered[1]), 1 / n) / n),
        float(off_now.mean()),
        float(np.sqrt((off_now**2).mean())),
        _share_inside(off_now, error, df, 0.9),
        said,
    )


def _share_inside(off: FloatArray, error: FloatArray, df: FloatArray, level: float) -> float:
    """Return how many intervals hold 0; one that can't be given is left out."""
    half = t_quantile((1 + level) / 2, df) * error
    known = np.isfinite(half)
    return float((np.abs(off[known]) <= half[known]).mean()) if known.any() else math.nan


def _share_outside(change: FloatArray, error: FloatArray, df: FloatArray, level: float) -> float:
    """Return how many changes have an interval that leaves 0 out; one without an interval says nothing."""
    if not len(change):
        return math.nan
    half = t_quantile((1 + level) / 2, df) * error
    return float((np.isfinite(half) & (np.abs(change) > half)).mean())
