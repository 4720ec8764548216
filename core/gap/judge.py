"""The judge: what each figure that a person is told does in worlds whose truth is known (method.md, "The judge").

A world is one row of a cell, drawn from a seed of its own, so that the rows are the same however they are shared out
among processes. A figure is held against the truth of what it says it measures, and against the lag of ability on the
last day, which is what people mean by "how far behind are they now".
"""

import math
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from core.evidence.evidence import BoolArray, FloatArray, IntArray
from core.gap import lag_worlds
from core.gap.analysis import BoardGap, gaps
from core.gap.class_gap import ClassGap, between
from core.gap.grades import COLUMNS, FIGURES, Cell
from core.gap.head_to_head import head_to_head, verdict
from core.gap.index_figure import on_scale, scale
from core.gap.intervals import kernel_band, recent_mean, t_quantile
from core.gap.parameters import CLUSTERED_1, MONTH_DAYS
from core.gap.private_public import private_minus_public
from core.gap.standing import StandingGaps, alive_on_both, over_families, stand, standing_gaps
from core.gap.standing_figure import swings
from core.gap.testing_rates import frontier_models, frontier_rates, keep_shares, thin
from core.gap.thinned import ThinnedPoints, thinned_points
from core.gap.worlds import DESIGNS, FRONTIER_YEARS, MONTHS, RIVALS, World, make_world, true_lag

LAGS = "lags alone"
"""The world of the older simulator, which draws lags and no scores: the points' estimators alone."""
WORLDS = (*DESIGNS, LAGS, *RIVALS)
RATES_MONTHS = 18.0
"""Testing is judged by models of so many months."""
_METHOD = CLUSTERED_1


@dataclass(frozen=True)
class Estimate:
    """What an estimator says in one world: a figure and its change since the fixed day; NaN where it says nothing.

    Months, their standard errors, and the degrees of freedom of the intervals.
    """

    months: float = math.nan
    error: float = math.nan
    df: float = math.nan
    change: float = math.nan
    change_error: float = math.nan
    change_df: float = math.nan


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
    access = np.array([board.access == "private" for board in evidence.boards])
    private = np.flatnonzero(access)
    found = gaps(evidence, world.boards, as_of, _METHOD)
    gap = found.classes["private"]
    (on_index, newest), frontier = _on_index(world, private)
    kept = _thinnings(world, access.astype(np.int64), frontier, rng, draws)
    at = gap.catch_up.at if gap.catch_up.at is not None else as_of
    enough = np.array([board for board, state in found.crossings.states.items() if not state.reason], dtype=np.int64)
    points = thinned_points(evidence, enough, as_of, at, kept, _METHOD)
    of_class = access[enough]
    thinned = ThinnedPoints(*(each[:, of_class] for each in (points.weight, points.lag, points.count, points.recent)))
    everything = np.ones((1, len(world.full.score)), dtype=np.bool_)
    truth = thinned_points(world.full, private, as_of, at, everything, _METHOD)
    now = gap.standing.gaps
    since = _METHOD.since.toordinal()
    then = standing_gaps(evidence, private, since, _METHOD)
    swung = swings(evidence, private, (since, as_of), _METHOD)
    estimates = [
        _catch_up(gap),
        _catch_up_by_families(gap, world.family),
        _catch_up_thinned(gap, thinned, world.family[enough[of_class]]),
        _recent(gap),
        _standing(world, now, then, swung, np.ones((1, len(evidence.score)), dtype=np.bool_)),
        _standing(world, now, then, swung, kept),
        on_index,
        newest,
    ]
    true_months = float(truth.lag.sum() / truth.weight.sum()) if truth.weight.sum() > 0 else math.nan
    lag_now = float(true_lag(world.design, np.array([float(MONTHS)]))[0])
    truths = [true_months] * 3 + [_plain_mean(truth.means())] + [_true_standing(world, now)] * 2 + [lag_now] * 2
    rows = [[each.months, each.error, each.df, true, lag_now, each.change, each.change_error, each.change_df]
            for each, true in zip(estimates, truths, strict=True)]  # fmt: skip
    return np.array(rows), _p_values(found.by_board, points, enough, access)


def _on_index(world: World, boards: IntArray) -> tuple[tuple[Estimate, Estimate], BoolArray]:
    """Measure the standing gap on the index of some boards: its figure, and that of the newest day alone.

    Returns which models are at the index's frontier as well.
    """
    known = scale(world.evidence, boards, _METHOD)
    frontier = np.zeros(len(world.ability), dtype=np.bool_)
    if known is None:
        return (Estimate(), Estimate()), frontier
    frontier[known.model] = frontier_models(
        known.ability[0], known.day, known.is_open, FRONTIER_YEARS * known.progress
    )  # fmt: skip
    found = on_scale(known, world.as_of, _METHOD.since.toordinal())
    figure = Estimate(found.months, found.error, found.df, found.change, found.change_error, found.df)
    return (figure, Estimate(found.newest)), frontier


def _thinnings(world: World, access: IntArray, frontier: BoolArray, rng: np.random.Generator, draws: int) -> BoolArray:
    """Draw the selections of scores by the rates of frontier models, as far as these can be known."""
    day = np.array([model.day for model in world.evidence.models], dtype=np.int64)
    is_open = np.array([model.is_open for model in world.evidence.models], dtype=np.bool_)
    rates = frontier_rates(
        world.evidence, world.boards, access, frontier, day, is_open,
        since=round(world.as_of - RATES_MONTHS * MONTH_DAYS), until=world.as_of,
    )  # fmt: skip
    keep = keep_shares(np.maximum(rates.draw(draws, rng), 1e-6))
    return thin(keep, world.evidence.board, world.evidence.is_open, rng)


def _catch_up(gap: ClassGap) -> Estimate:
    place = gap.trend.last_readable()
    if place is None:
        return Estimate()
    band = gap.trend.band
    wider, error, df = math.nan, math.nan, math.nan
    if gap.catch_up_change.months is not None:
        grid = gap.trend.day
        before = int(np.abs(np.where(gap.trend.readable, grid, -(10**9)) - gap.since).argmin())
        wider = between((gap.trend, place), (gap.trend, before), 0.95).months or 0.0
        error = math.hypot(band.standard_error[place], band.standard_error[before])
        df = float(np.fmin(band.df[place], band.df[before]))
    return Estimate(
        float(band.months[place]), float(band.standard_error[place]), float(band.df[place]), wider, error, df
    )


def _catch_up_by_families(gap: ClassGap, family: IntArray) -> Estimate:
    place = gap.trend.last_readable()
    if place is None:
        return Estimate()
    points = gap.points
    grid = gap.trend.day[[place]]
    band = kernel_band(
        points.open_day, points.months, family[points.board], grid, bandwidth_days=_METHOD.bandwidth_days, level=0.9
    )
    return Estimate(float(band.months[0]), float(band.standard_error[0]), float(band.df[0]))


def _catch_up_thinned(gap: ClassGap, points: ThinnedPoints, family: IntArray) -> Estimate:
    if gap.trend.last_readable() is None:
        return Estimate()
    band = points.band(family, level=0.9)
    return Estimate(*_of_draws(band.months, band.standard_error, band.df))


def _of_draws(months: FloatArray, errors: FloatArray, df: FloatArray) -> tuple[float, float, float]:
    """Return a figure of many thinnings: their mean, its standard error and degrees of freedom.

    What a thinning leaves out by chance is in its own standard error already; the mean of the squares is taken.
    """
    known = np.isfinite(months) & np.isfinite(errors)
    if not known.any():
        return math.nan, math.nan, math.nan
    return float(months[known].mean()), float(np.sqrt((errors[known] ** 2).mean())), float(df[known].mean())


def _recent(gap: ClassGap) -> Estimate:
    mean = gap.mean
    if gap.trend.last_readable() is None or mean.months is None or mean.low is None or mean.high is None:
        return Estimate()
    df = mean.n_benchmarks - 1.0
    return Estimate(mean.months, (mean.high - mean.low) / 2 / float(t_quantile(0.95, df)), df)


def _standing(world: World, now: StandingGaps, then: StandingGaps, swung: FloatArray, kept: BoolArray) -> Estimate:
    """Measure the standing gap over the boards that are alive, for one or more selections of the scores."""
    if not now.gaps:
        return Estimate()
    before = {each.board: each.at for each in then.gaps}
    months = np.stack([_of_draw(world, each.board, each.at, kept) for each in now.gaps], axis=1)
    mean, error, number = over_families(months, world.family[now.boards])
    figure = _of_draws(mean, error, (number - 1).astype(np.float64))
    both, _ = alive_on_both(then, now)
    if not len(both):
        return Estimate(*figure)
    at = {each.board: each.at for each in now.gaps}
    grown = np.stack(
        [_of_draw(world, n, at[n], kept) - _of_draw(world, n, before[n], kept) for n in both.tolist()], axis=1
    )
    mean, error, number = over_families(grown, world.family[both])
    error = np.sqrt(error**2 + (swung**2).sum())
    return Estimate(*figure, *_of_draws(mean, error, (number - 1).astype(np.float64)))


def _of_draw(world: World, board: int, at: int, kept: BoolArray) -> FloatArray:
    evidence = world.evidence
    rows = slice(int(evidence.bounds[board]), int(evidence.bounds[board + 1]))
    until = slice(rows.start, rows.start + int(np.searchsorted(evidence.day[rows], at, side="right")))
    return stand(evidence.day[until], evidence.is_open[until], evidence.score[until], at, kept[:, until])[0]


def _true_standing(world: World, now: StandingGaps) -> float:
    """Return the mean standing gap of abilities, at the days on which the boards stand."""
    if not now.gaps:
        return math.nan
    day = np.array([model.day for model in world.evidence.models], dtype=np.int64)
    is_open = np.array([model.is_open for model in world.evidence.models], dtype=np.bool_)
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


def _p_values(by_board: dict[int, BoardGap], points: ThinnedPoints, boards: IntArray, private: BoolArray) -> FloatArray:
    """Return the p-values of private against public tests by raw lags and by thinned ones."""
    if private.all():
        return np.full(2, math.nan)
    raw = {board: gap.months for board, gap in by_board.items() if gap.months is not None}
    thinned = dict(zip(boards.tolist(), points.means().tolist(), strict=True))
    found = []
    for means in (raw, {board: months for board, months in thinned.items() if math.isfinite(months)}):
        p_value = private_minus_public(
            list(means.values()), [bool(private[board]) for board in means], level=0.9
        ).p_value
        found.append(math.nan if p_value is None else p_value)
    return np.array(found)


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
    of_open = np.flatnonzero([model.is_open for model in world.evidence.models])
    left, right = (np.isin(np.arange(len(world.ability)), of_open[first::2]) for first in (0, 1))
    meetings = head_to_head(world.evidence, world.boards.tolist(), world.as_of, left, right)
    return float(verdict(meetings).ahead != 0)
