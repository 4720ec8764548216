"""How far one model is behind: its best score on each test, and when the other side first had such a score."""

import math
from dataclasses import dataclass

import numpy as np

from core.evidence.evidence import Evidence, FloatArray, IntArray
from core.gap.crossings import BELOW_FLOOR, first_crossers, rows_until
from core.gap.intervals import recent_mean
from core.gap.parameters import MONTH_DAYS, Parameters
from core.gap.quantiles import finite, percentile

FEWEST = 3
"""Tests that are needed for an interval: between two the spread is a guess."""


@dataclass(frozen=True)
class LevelLag:
    """A level of the grid next to a model's score, and the model's lag there: None where the other side has none."""

    level: float
    months: float | None


@dataclass(frozen=True)
class ModelLag:
    """A model on one board: its best score, and the first model of the other side at or above it.

    Models are indices, days ordinals. `months` is the open model's release minus the closed one's, whichever of
    the two was asked for: negative where open led, None where the other side has no such score up to
    `newest_day`. `below` and `above` are the levels of the grid around the score. `reason` says why the board
    does not count for the middle over tests, if so.
    """

    board: int
    score: float
    other: int | None
    other_day: int | None
    months: float | None
    newest_day: int
    below: LevelLag | None
    above: LevelLag | None
    first_at: tuple[float, ...]
    reason: str


@dataclass(frozen=True)
class MedianLag:
    """A model's lag over several tests: months, the median with the nearest and the farthest test.

    The median counts a test where an open model is ahead of every closed one as below all lags, one where no open
    model has matched a closed one yet as above all; it is None where it falls on such a test. `mean`, `low` and
    `high` are None where an interval can't be given, and then `no_interval` says why.
    """

    months: float | None
    mean: float | None
    low: float | None
    high: float | None
    no_interval: str
    nearest: ModelLag | None
    farthest: ModelLag | None
    n_tests: int
    n_without: int


def model_lags(
    evidence: Evidence, model: int, boards: IntArray, as_of: int, parameters: Parameters
) -> tuple[ModelLag, ...]:
    """Place a model (an index) on each of the boards that has a score of it, as of the day `as_of` (ordinal)."""
    return tuple(
        lag for board in boards.tolist() if (lag := _model_lag(evidence, model, board, as_of, parameters)) is not None
    )


def _model_lag(evidence: Evidence, model: int, board: int, as_of: int, parameters: Parameters) -> ModelLag | None:
    start, stop = rows_until(evidence, board, as_of)
    mine = np.flatnonzero(evidence.model[start:stop] == model)
    if not len(mine):
        return None
    score = float(evidence.score[start:stop][mine].max())
    grid = np.array(evidence.boards[board].levels)
    reached = first_crossers(evidence, start, stop, np.append(grid, score))
    is_open = evidence.models[model].is_open
    own, others = (reached.open, reached.closed) if is_open else (reached.closed, reached.open)
    sign = 1 if is_open else -1
    born = evidence.models[model].day
    lags = np.where(others >= 0, sign * (born - evidence.day[others]) / MONTH_DAYS, np.nan)
    other = int(others[-1])
    below = int(np.searchsorted(grid, score + 1e-9 * max(1.0, abs(score)), side="right")) - 1
    floor = percentile(evidence.score[start:stop], parameters.floor_percentile)
    return ModelLag(
        board,
        score,
        int(evidence.model[other]) if other >= 0 else None,
        int(evidence.day[other]) if other >= 0 else None,
        finite(lags[-1]),
        int(evidence.day[stop - 1]),
        _level_lag(grid, lags, below),
        _level_lag(grid, lags, below + 1),
        tuple(grid[(own[:-1] >= 0) & (evidence.model[own[:-1]] == model)].tolist()),
        "" if score > floor else BELOW_FLOOR,
    )


def _level_lag(grid: FloatArray, lags: FloatArray, place: int) -> LevelLag | None:
    return LevelLag(float(grid[place]), finite(lags[place])) if 0 <= place < len(grid) else None


def median_lag(found: tuple[ModelLag, ...], parameters: Parameters, *, is_open: bool) -> MedianLag:
    """Summarise the lags of one model on some boards; those with a reason against them don't count.

    The interval is for the mean over tests, between tests (`recent_mean`); from three tests on.
    """
    counted = [lag for lag in found if not lag.reason]
    ranked = sorted((lag for lag in counted if lag.months is not None), key=lambda s: s.months or 0.0)
    without = len(counted) - len(ranked)
    lags = [lag.months or 0.0 for lag in ranked]
    beyond = [-math.inf if is_open else math.inf] * without
    mean, why = None, "few-tests"
    if len(lags) >= FEWEST and not without:
        mean = recent_mean(lags, np.arange(len(lags)), level=parameters.level)
        why = mean.no_interval
    elif without:
        why = "open-ended"
    return MedianLag(
        _median([*beyond, *lags] if is_open else [*lags, *beyond]),
        mean.months if mean else None,
        mean.low if mean else None,
        mean.high if mean else None,
        why,
        ranked[0] if ranked else None,
        ranked[-1] if ranked else None,
        len(counted),
        without,
    )


def _median(ranked: list[float]) -> float | None:
    """Return the middle of ranked values, None where it lies beyond all figures."""
    if not ranked:
        return None
    return finite((ranked[(len(ranked) - 1) // 2] + ranked[len(ranked) // 2]) / 2)
