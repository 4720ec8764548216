"""The judge: what each figure that a person is told does in worlds whose truth is known (method.md, "The judge").

A world is one row of a cell, drawn from a seed of its own, so that the rows are the same however they are shared out
among processes. A figure is held against the truth of what it says it measures, and against the lag of ability on the
last day, which is what people mean by "how far behind are they now".
"""

import math
import zlib
from collections.abc import Iterable

import numpy as np

from core.evidence.evidence import BoolArray, FloatArray
from core.gap.analysis import Gaps, difference_of, gaps
from core.gap.head_to_head import head_to_head, verdict
from core.gap.index_figure import scale_of
from core.gap.intervals import kernel_band, recent_mean, t_quantile
from core.gap.parameters import CLUSTERED_2, MONTH_DAYS
from core.gap.standing import StandingGaps, over_families, stand
from core.gap.thinned import thinned_points
from core.gap.thinned_figures import difference_of_thinnings
from core.validation import lag_worlds
from core.validation.estimates import FIGURES, estimates, thinned
from core.validation.grades import COLUMNS, Cell
from core.validation.worlds import DESIGNS, MONTHS, RIVALS, World, make_world, true_lag
from core.words import CLASSES

LAGS = "lags alone"
"""The world of the older simulator, which draws lags and no scores: the points' estimators alone."""
WORLDS = (*DESIGNS, LAGS, *RIVALS)
_METHOD = CLUSTERED_2


def judge(world: str, numbers: Iterable[int], *, draws: int) -> Cell:
    """Draw the worlds of these numbers, and measure each by every figure. Raises KeyError on an unknown world."""
    rows, p_values, ahead = [], [], []
    for number in numbers:
        rng = np.random.default_rng([zlib.crc32(world.encode()), number])
        row, p_value, called = np.full((len(FIGURES), len(COLUMNS)), math.nan), np.full(2, math.nan), math.nan
        if world in RIVALS:
            called = _called_ahead(make_world(RIVALS[world], rng))
        elif world == LAGS:
            row = _lags(rng)
        else:
            row, p_value = _measured(make_world(DESIGNS[world], rng), rng, draws)
        rows.append(row)
        p_values.append(p_value)
        ahead.append(called)
    return Cell(world, np.array(rows), np.array(p_values), np.array(ahead))


def _measured(world: World, rng: np.random.Generator, draws: int) -> tuple[FloatArray, FloatArray]:
    """Measure one world by every figure; the headline class is the private one."""
    evidence, as_of = world.evidence, world.as_of
    found = gaps(evidence, world.boards, as_of, _METHOD)
    gap = found.classes["private"]
    at = gap.catch_up.at if gap.catch_up.at is not None else as_of
    index = scale_of(evidence, gap.boards, _METHOD)
    selections = thinned(evidence, found, index, as_of, at, _METHOD, rng=rng, draws=draws)
    everything = np.ones((1, len(world.full.score)), dtype=np.bool_)
    truth = thinned_points(world.full, gap.boards, as_of, at, everything, _METHOD)
    true_months = float(truth.lag.sum() / truth.weight.sum()) if truth.weight.sum() > 0 else math.nan
    true_standing = _true_standing(world, gap.standing.gaps)
    lag_now = float(true_lag(world.design, np.array([float(MONTHS)]))[0])
    truths = [true_months] * 2 + [_plain_mean(truth.means())] + [true_standing] * 2 + [lag_now] * 2
    known = estimates(evidence, gap, selections, as_of, _METHOD)
    rows = [[each.months, each.error, each.df, true, lag_now, each.change, each.change_error, each.change_df]
            for each, true in zip(known, truths, strict=True)]  # fmt: skip
    return np.array(rows), _p_values(world, found, selections.kept)


def _true_standing(world: World, now: StandingGaps) -> float:
    """Return the mean standing gap of abilities, at the days on which the boards stand."""
    if not now.gaps:
        return math.nan
    day, is_open = world.evidence.model_days, world.evidence.model_is_open
    true = []
    for each in now.gaps:
        out = int(np.searchsorted(day, each.at, side="right"))
        kept = np.ones((1, out), dtype=np.bool_)
        true.append(stand(day[:out], is_open[:out], world.ability[:out], each.at, kept)[0][0])
    means, _, _ = over_families(np.array([true]), world.family[now.boards])
    return float(means[0])


def _plain_mean(values: FloatArray) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else math.nan


def _p_values(world: World, found: Gaps, kept: BoolArray) -> FloatArray:
    """Return the p-values of private against public tests, as they are told: by all scores and by thinned ones."""
    if len(found.classes) < len(CLASSES):
        return np.full(2, math.nan)
    raw = difference_of(world.evidence, found.classes, _METHOD)
    thin = difference_of_thinnings(world.evidence, found, world.as_of, kept, _METHOD)
    return np.array([math.nan if each.p_value is None else each.p_value for each in (raw, thin)])


def _lags(rng: np.random.Generator) -> FloatArray:
    """Measure one world of the older simulator: 12 benchmarks, a trend that turns, no scores."""
    design = lag_worlds.Design(12)
    points = lag_worlds.simulate(design, rng)
    grid = np.arange(0, lag_worlds.SPAN_DAYS + 1, 7.0)
    band = kernel_band(points.day, points.lag, points.benchmark, grid, bandwidth_days=_METHOD.bandwidth_days, level=0.9)
    readable = np.flatnonzero((band.weight >= _METHOD.min_weight) & (band.n_effective >= _METHOD.min_effective))
    rows = np.full((len(FIGURES), len(COLUMNS)), math.nan)
    if len(readable):
        place = readable[-1]
        truth, now = lag_worlds.true_trend(design, np.array([grid[place], float(lag_worlds.SPAN_DAYS)])).tolist()
        rows[0, :5] = band.months[place], band.standard_error[place], band.df[place], truth, now
        since = grid[place] - _METHOD.window_months * MONTH_DAYS
        recent = (points.day > since) & (points.day <= grid[place])
        mean = recent_mean(points.lag[recent], points.benchmark[recent], level=0.9)
        if mean.months is not None and mean.low is not None and mean.high is not None:
            df = mean.n_benchmarks - 1.0
            truth = float(lag_worlds.true_trend(design, np.linspace(since, grid[place], 50)).mean())
            error = (mean.high - mean.low) / 2 / float(t_quantile(0.95, df))
            rows[FIGURES.index("recent mean"), :5] = mean.months, error, df, truth, now
    return rows


def _called_ahead(world: World) -> float:
    """Say whether one group of open models is called ahead of its twins."""
    of_open = np.flatnonzero(world.evidence.model_is_open)
    left, right = (np.isin(np.arange(len(world.ability)), of_open[first::2]) for first in (0, 1))
    meetings = head_to_head(world.evidence, world.boards.tolist(), world.as_of, left, right)
    return float(verdict(meetings).ahead != 0)
