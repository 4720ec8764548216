"""The gap: how far the best open models are behind on one scale for a class of tests (method.md, H1).

A scale is fitted once per evidence and set of boards, and cached. Other days and subsets of open models are read off
the same fit. A figure is the mean over six month ends; its range comes from posterior draws, read like the mode.
"""

from collections import OrderedDict
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from hashlib import blake2b

import numpy as np

from core.dataclass import dataclass
from core.evidence.evidence import Board, BoolArray, Evidence, FloatArray, IntArray
from core.gap.board_life import count_families, last_complete_day, live_families, live_on
from core.gap.cache import cached, cached_by_default
from core.gap.crossings import board_state, rows_until
from core.gap.figures import (
    NO_CHANGE,
    NO_FIGURE,
    NORMAL_DF,
    Change,
    Course,
    Headline,
    change_of,
    headline_of,
    normal_half,
)
from core.gap.index_fit import Cells, Form, Index, collect_cells, draw_abilities, fit_index, fit_with
from core.gap.parameters import MONTH_DAYS, Parameters

FORM = Form("open-frontier")
"""The form that the judge chose (docs/method.md, "The prior of the index")."""
DRAWS = 400
MONTH_ENDS = 6
"""A figure is the mean over this many month ends, because an open release lowers the gap and it then rises again."""
FEWEST_FAMILIES, FEWEST_LIVE = 3, 3
"""Families of tests that a scale needs, and live families that a figure with a decimal needs."""
LOST_AFTER = 2
"""A figure becomes "about" after this many month ends in a row with too few live families: one ended board is no
news."""
WIDEST = 6.0
"""A course is blank if its range reaches more than this many months to either side: it would be uninformative."""
SHARED_DAYS = round((MONTH_ENDS - 1) * MONTH_DAYS)
"""The means of two days share a month end if the days are at most this far apart; they are not compared."""
_ROUNDS_WITHOUT = 2
"""Rounds from the whole fit to a fit without a few scores; more rounds change a figure by less than 0.1 month."""
_ROUNDS_WITH = 4
"""Rounds to a fit with one more score, which may be far from all others."""
_MOST_FITS = 64
_fits: OrderedDict[bytes, Index] = OrderedDict()
"""The last fits by their scores: a refresh changes few, and all else is fitted from the same ones again."""


@dataclass(frozen=True)
class Scale:
    """Models on one fitted scale, in order of release.

    Shape: `weight` (cells,) is 0 for excluded scores; `is_counted` (models,) flags the models that figures are read
    from; the others only affect the fit.
    """

    cells: Cells
    weight: FloatArray
    fit: Index
    form: Form
    n_families: int
    is_counted: BoolArray
    n_draws: int = DRAWS

    @property
    def model(self) -> IntArray:
        """Return the models (indices): (models,)."""
        return self.cells.models

    @property
    def day(self) -> IntArray:
        """Return the models' release days (ordinals): (models,)."""
        return self.cells.day

    @property
    def is_open(self) -> BoolArray:
        """Return whether each model is open: (models,)."""
        return self.cells.is_open

    @property
    def boards(self) -> IntArray:
        """Return the boards (indices) that the scale is fitted to."""
        return self.cells.boards

    @property
    def mode(self) -> FloatArray:
        """Return the abilities at the mode, as a single draw: (1, models)."""
        return self.fit.ability[None]

    @cached_property
    def _ability_draws(self) -> tuple[FloatArray, FloatArray]:
        return draw_abilities(self.cells, self.fit, self.weight, self.form, draws=self.n_draws, seed=0)

    @property
    def draws(self) -> FloatArray:
        """Return draws of the abilities: (draws, models)."""
        return self._ability_draws[0]

    @property
    def effect(self) -> FloatArray:
        """Return how many months further behind open models are on private than on public boards: (draws,)."""
        return self._ability_draws[1]

    @property
    def family_error(self) -> float:
        """Return the standard error (months) to add, because the fit treats boards of one family as independent."""
        months = 12 * self.fit.offset_sd / self.fit.progress
        return float(months * np.sqrt(1 / self.n_families - 1 / len(self.boards)))

    def restrict(self, open_models: BoolArray | None) -> "Scale":
        """Return the scale restricted to some open models (one flag per model of the evidence)."""
        if open_models is None:
            return self
        return replace(self, is_counted=self.is_counted & (~self.is_open | open_models[self.model]))


@dataclass(frozen=True)
class ClassIndex:
    """The gap of a class: its figure, the gap on the last day alone, its change, and the live boards."""

    figure: Headline
    newest: float | None
    change: Change
    live: tuple[Board, ...]
    n_live_families: int = 0


def scale_of(evidence: Evidence, boards: IntArray, parameters: Parameters, form: Form = FORM) -> Scale | None:
    """Return the scale of some boards, fitted once per evidence; None if too few families are usable.

    A board needs as many open models as for crossings.
    """
    return cached(
        evidence, lambda: fit_scale(evidence, boards, parameters, form), *_scale_key(boards, parameters, form)
    )


def cache_scale_with(scenario: Evidence, evidence: Evidence, boards: IntArray, parameters: Parameters) -> None:
    """Cache the scale of some boards for an evidence with a supposed score, fitted from the scale without the score."""
    scale, row = scale_of(evidence, boards, parameters), scenario.assumed
    if scale is not None and row is not None and scenario.board[row] in scale.boards:
        scale = scale_with(scenario, scale, int(scenario.model[row]))
    cached(scenario, lambda: scale, *_scale_key(boards, parameters, FORM))


def _scale_key(boards: IntArray, parameters: Parameters, form: Form) -> tuple[object, ...]:
    return "scale", *vars(form).values(), parameters.min_open_models, *boards.tolist()


def fit_scale(evidence: Evidence, boards: IntArray, parameters: Parameters, form: Form = FORM) -> Scale | None:
    """Fit the scale of some boards to all known scores."""
    last = int(evidence.day.max(initial=0))
    numbers = [
        n for n in boards.tolist() if not board_state(evidence, *rows_until(evidence, n, last), parameters).reason
    ]
    scores = collect_cells(evidence, np.array(numbers, dtype=np.int64), last, form.scores)
    n_families = len(set(evidence.families[scores.boards].tolist()))
    if n_families < FEWEST_FAMILIES:
        return None
    full_weight = np.ones(len(scores.value))
    is_counted = np.ones(len(scores.models), dtype=np.bool_)
    return Scale(scores, full_weight, _fit_once(scores, form), form, n_families, is_counted)


def _fit_once(cells: Cells, form: Form, weight: FloatArray | None = None, start: Index | None = None) -> Index:
    """Fit as `fit_index`, of whichever evidence the scores are; with a `start` in few rounds."""
    parts = [*vars(cells).values(), *vars(form).values(), weight, *(vars(start).values() if start else ())]
    key = blake2b(b"|".join(part.tobytes() if isinstance(part, np.ndarray) else repr(part).encode() for part in parts))
    fit = _fits.pop(key.digest(), None)
    if fit is None:
        fit = fit_index(cells, weight, start, _ROUNDS_WITHOUT, 1, form) if start else fit_index(cells, form=form)
    _fits[key.digest()] = fit
    if len(_fits) > _MOST_FITS:
        _fits.popitem(last=False)
    return fit


def scale_without(
    evidence: Evidence,
    scale: Scale,
    *,
    models: tuple[int, ...] = (),
    boards: tuple[int, ...] = (),
    keeps: bool = False,
) -> Scale:
    """Return a scale without the scores of some models or on some boards, fitted from the whole scale.

    With `keeps`, the fit is cached because other days will need it.
    """
    all_cells = scale.cells
    is_kept = ~np.isin(all_cells.models, models)[all_cells.model] & ~np.isin(all_cells.boards, boards)[all_cells.board]
    weight = is_kept.astype(np.float64)

    def fit_rest() -> Index:
        return _fit_once(all_cells, scale.form, weight, scale.fit)

    key = "without", *vars(scale.form).values(), "boards", *boards, "models", *models, "of", *all_cells.boards.tolist()
    fit = cached(evidence, fit_rest, *key) if keeps else fit_rest()
    has_score = np.bincount(all_cells.model[is_kept], minlength=len(all_cells.models)) > 0
    n_families = len(set(evidence.families[all_cells.boards[~np.isin(all_cells.boards, boards)]].tolist()))
    return Scale(all_cells, weight, fit, scale.form, n_families, scale.is_counted & has_score, scale.n_draws)


def scale_with(scenario: Evidence, scale: Scale, model: int) -> Scale:
    """Return a scale with the scores of one more model of an evidence, fitted from the scale without the model."""
    more = collect_cells(scenario, scale.boards, int(scenario.day.max()), scale.form.scores)
    [new] = np.flatnonzero(more.models == model).tolist()
    fit = fit_with(more, scale.fit, new, _ROUNDS_WITH, 1, scale.form)
    weight, is_counted = np.ones(len(more.value)), np.insert(scale.is_counted, new, True)
    return replace(scale, cells=more, weight=weight, fit=fit, is_counted=is_counted)


def measure_index(
    evidence: Evidence, boards: IntArray, as_of: int, parameters: Parameters, open_models: BoolArray | None = None
) -> ClassIndex:
    """Measure the gap of a class as of the day `as_of` (ordinal), with the range of the method."""
    if parameters.range_by == "draws":
        return class_index(evidence, boards, as_of, parameters, open_models)
    figure = measure_index_1(evidence, boards, as_of, parameters, open_models)
    return ClassIndex(figure, None, NO_CHANGE, ())


@cached_by_default
def class_index(
    evidence: Evidence, boards: IntArray, as_of: int, parameters: Parameters, open_models: BoolArray | None = None
) -> ClassIndex:
    """Measure the gap of a class as of the day `as_of` (ordinal), and its change; read at `reading_day`.

    With fewer than three live families the figure is "about"; with none there is no figure. `open_models` (one flag per
    model) narrows the open side; the scale is still fitted to all models.
    """
    at = reading_day(evidence, as_of, parameters)
    live_at = live_on(evidence, boards, days_looked_at(at), parameters)
    live = tuple(evidence.boards[board] for board in boards[live_at[-1]].tolist())
    n_live = count_families(evidence, boards, live_at)
    full_scale = scale_of(evidence, boards, parameters)
    if full_scale is None or not len(live):
        return ClassIndex(NO_FIGURE, None, NO_CHANGE, live)
    scale, since = full_scale.restrict(open_models), parameters.since.toordinal()
    gaps = read_gaps(scale, np.array([at, since]))
    if not np.isfinite(gaps.draws[:, 0]).all():  # none of the open models is out
        return ClassIndex(NO_FIGURE, None, NO_CHANGE, live)
    figure = headline_of(
        gaps.months[0], gaps.error(0, scale.family_error), NORMAL_DF, at, float(scale.n_families), parameters.level
    )
    figure = replace(figure, is_about=bool((n_live < FEWEST_LIVE).all()))
    return ClassIndex(figure, float(gaps.newest[0]), gaps.change(0, 1, parameters.level), live, int(n_live[-1]))


def index_change(evidence: Evidence, boards: IntArray, since: int, until: int, parameters: Parameters) -> Change:
    """Measure how the gap of a class grew between two days (ordinals), both read off the scale of all known scores."""
    scale = scale_of(evidence, boards, parameters)
    if scale is None:
        return NO_CHANGE
    return read_gaps(scale, np.array([until, since])).change(0, 1, parameters.level)


def reading_day(evidence: Evidence, as_of: int, parameters: Parameters) -> int:
    """Return the day (ordinal) at which the figures of a day are read: at most the last day of complete data."""
    return min(as_of, last_complete_day(evidence, parameters))


def days_looked_at(at: int) -> IntArray:
    """Return the days (ordinals) that decide whether a figure is "about": the month ends before `at`, and `at`."""
    return np.append(calendar_month_ends(at, LOST_AFTER), at)


def calendar_month_ends(at: int, number: int) -> IntArray:
    """Return the last `number` calendar month ends up to a day (ordinals), sorted."""
    ends, day = [], date.fromordinal(at + 1)
    for _ in range(number):
        day = day.replace(day=1) - timedelta(days=1)
        ends.append(day.toordinal())
    return np.array(ends[::-1], dtype=np.int64)


@dataclass(frozen=True)
class Gaps:
    """The gap, as the mean over six month ends, at some days.

    Shape: `day` (ordinals), `swing` (the standard error of a mean of only six month ends, in months) and `newest` (the
    gap at the last month end alone) are (days,); `draws` (draws, days) is the mean of each draw.
    """

    day: IntArray
    draws: FloatArray
    swing: FloatArray
    newest: FloatArray

    @property
    def months(self) -> FloatArray:
        """Return the figures: (days,), NaN if a side has no model."""
        return np.asarray(self.draws.mean(axis=0))

    def error(self, place: int, family_error: float) -> float:
        """Return the standard error of a figure."""
        return float(np.sqrt(self.draws[:, place].var() + self.swing[place] ** 2 + family_error**2))

    def change_error(self, place: int, base: int) -> float:
        """Return the standard error of a change, computed on the same draws."""
        change = self.draws[:, place] - self.draws[:, base]
        return float(np.sqrt(change.var() + self.swing[place] ** 2 + self.swing[base] ** 2))

    def change(self, place: int, base: int, level: float) -> Change:
        """Return how the figure grew between two of the days; no change if they share a month end."""
        months = float(self.months[place] - self.months[base])
        if self.day[place] - self.day[base] <= SHARED_DAYS or not np.isfinite(months):
            return NO_CHANGE
        return change_of(months, self.change_error(place, base), NORMAL_DF, level)


def read_gaps(scale: Scale, days: IntArray) -> Gaps:
    """Read the gap at some days (ordinals), each as the mean over the day and the five month ends before it."""
    shape = len(days), MONTH_ENDS
    ends, place = np.unique(month_ends(days), return_inverse=True)  # days of a course share most month ends
    draws = read_days(scale, scale.draws, ends)[:, place.ravel()].reshape(-1, *shape)
    mode = read_days(scale, scale.mode, ends)[0, place.ravel()].reshape(shape)
    return Gaps(days, draws.mean(axis=2), mode.std(axis=1, ddof=1) / np.sqrt(MONTH_ENDS), draws[:, :, 0].mean(axis=0))


def month_ends(days: IntArray) -> IntArray:
    """Return some days (ordinals) and the five month ends before each: (days, month ends)."""
    return np.asarray(days[:, None] - np.round(np.arange(MONTH_ENDS) * MONTH_DAYS).astype(np.int64))


def read_days(scale: Scale, ability: FloatArray, days: IntArray) -> FloatArray:
    """Return the gap for abilities (draws, models) at some days (ordinals) by E11's rule, in months: (draws, days).

    NaN if a side has no model.
    """
    sign, first = _read_sign(scale, ability, days)
    return sign * (days - scale.day[first]) / MONTH_DAYS if len(scale.day) else sign


def _read_sign(scale: Scale, ability: FloatArray, days: IntArray) -> tuple[FloatArray, IntArray]:
    """Return the sign of the gap, and the position of the leading side's first model as good as the other's best.

    Shape: both (draws, days). The sign is NaN if a side has no model; the position is then meaningless.
    """
    sides = [np.flatnonzero((scale.is_open == is_open) & scale.is_counted) for is_open in (False, True)]
    if not all(map(len, sides)):
        shape = len(ability), len(days)
        return np.full(shape, np.nan), np.zeros(shape, dtype=np.int64)
    n_out = [np.searchsorted(scale.day[side], days, side="right") for side in sides]
    # All days between the same two releases read alike.
    _, one_of, place_of = np.unique(n_out[0] + n_out[1], return_index=True, return_inverse=True)
    out, shape = [n[one_of] for n in n_out], (len(ability), len(one_of))
    lowest, highest = ability.min(), ability.max()
    if not np.isfinite(lowest):  # a model without a finite ability
        lowest = ability[np.isfinite(ability)].min()
        ability = np.maximum(ability, lowest - 1)
    floor, step = lowest - 1, highest - lowest + 2
    records = [np.maximum.accumulate(ability.take(side, axis=1), axis=1) for side in sides]
    best = [np.where(n > 0, record[:, np.maximum(n - 1, 0)], floor) for record, n in zip(records, out, strict=True)]
    lower, is_open_ahead = np.minimum(*best), best[1] > best[0]
    # Records rise within a draw. Shifting each draw above the one before makes one sorted array to search at once.
    draw = np.broadcast_to(np.arange(len(ability))[:, None], shape)
    first = np.empty(shape, dtype=np.int64)
    for side, record, is_ahead in zip(sides, records, (~is_open_ahead, is_open_ahead), strict=True):
        rising = (record + step * draw[:, :1]).ravel()
        place = np.searchsorted(rising, (lower + step * draw)[is_ahead]) - len(side) * draw[is_ahead]
        first[is_ahead] = side[place]
    sign = np.where(is_open_ahead, -1.0, np.where(best[0] > best[1], 1.0, 0.0))
    return np.where(lower > floor, sign, np.nan)[:, place_of], first[:, place_of]


def models_rested_on(scale: Scale, at: int) -> set[int]:
    """Return the models (indices) that the gap is read between at any of the six month ends up to a day.

    At a month end they are the best model of the side behind, and the leading side's first model as high.
    """
    [ends] = month_ends(np.array([at]))
    sign, first = _read_sign(scale, scale.mode, ends)
    places = set(first[0].tolist())
    for end, ahead in zip(ends.tolist(), sign[0].tolist(), strict=True):
        behind = np.flatnonzero((scale.day <= end) & scale.is_counted & (scale.is_open == (ahead >= 0)))
        places |= {int(behind[scale.fit.ability[behind].argmax()])} if len(behind) else set()
    return {int(scale.model[place]) for place in places}


def measure_index_1(
    evidence: Evidence, boards: IntArray, as_of: int, parameters: Parameters, open_models: BoolArray | None = None
) -> Headline:
    """Measure the gap of a class by method `index-1`, which is kept to reproduce its published figures.

    The gap is measured at the newest release by the day `as_of` (ordinal). The prior pulls open models to one line, the
    figure is read at the mode, and its range is a jackknife over families of tests, with t(families - 1).
    """
    scale = scale_of(evidence, boards, parameters, Form("line"))
    if scale is None or not (scale.day <= as_of).any():
        return NO_FIGURE
    at = int(scale.day[scale.day <= as_of].max())
    ability = np.concatenate(
        (scale.mode, abilities_without_families(scale.cells, scale.fit, evidence.families[scale.boards]))
    )
    gaps = read_days(scale.restrict(open_models), ability, month_ends(np.array([at]))[0])
    if not np.isfinite(gaps).all():  # without one family there may be no open model yet
        return NO_FIGURE
    means, swing = gaps.mean(axis=1), gaps[0].std(ddof=1) / np.sqrt(MONTH_ENDS)
    error = float(np.hypot(jackknife_error(means[1:]), swing))
    return headline_of(means[0], error, scale.n_families - 1.0, at, float(scale.n_families), parameters.level)


def abilities_without_families(cells: Cells, fit: Index, family: IntArray) -> FloatArray:
    """Refit without each family of boards in turn: abilities (families, models), -inf if no score is left.

    A refit is a single step from the whole fit, which is close enough. `family` (boards,) holds integer codes.
    """
    names, code = np.unique(family, return_inverse=True)
    abilities = np.full((len(names), len(cells.models)), -np.inf)
    for n in range(len(names)):
        weight = (code != n).astype(np.float64)[cells.board]
        has_score = np.bincount(cells.model, weights=weight, minlength=len(cells.models)) > 0
        if has_score.any():
            abilities[n, has_score] = fit_index(cells, weight, fit, 1, 1).ability[has_score]
    return abilities


def jackknife_error(values: FloatArray) -> float:
    """Return the jackknife standard error from a figure's values without each family (Tukey 1958)."""
    number = len(values)
    return float(np.sqrt((number - 1) / number * ((values - values.mean()) ** 2).sum())) if number > 1 else float("nan")


@cached_by_default
def index_course(
    evidence: Evidence, boards: IntArray, as_of: int, parameters: Parameters, open_models: BoolArray | None = None
) -> Course:
    """Read the gap of a class monthly, from the first day with a model of the scale up to a day (ordinal).

    All days are read off the same fit. A day is blank if its range reaches more than `WIDEST` to either side, or if it
    has no live family.
    """
    at = reading_day(evidence, as_of, parameters)
    scale = scale_of(evidence, boards, parameters)
    if scale is None:
        no_values = np.zeros(0)
        return Course(np.zeros(0, dtype=np.int64), no_values, no_values, no_values)
    scale = scale.restrict(open_models)
    number = int((at - scale.day[0]) // MONTH_DAYS) + 1
    days = at - np.round(np.arange(number)[::-1] * MONTH_DAYS).astype(np.int64)
    gaps = read_gaps(scale, days)
    half = normal_half(parameters.level) * np.array([gaps.error(n, scale.family_error) for n in range(number)])
    is_known = (half <= WIDEST) & (live_families(evidence, boards, days, parameters) > 0)
    blank = np.where(is_known, 0.0, np.nan)
    return Course(days, gaps.months + blank, gaps.months - half + blank, gaps.months + half + blank)


def private_minus_public(evidence: Evidence, boards: IntArray, parameters: Parameters) -> Change:
    """Return how much further behind open models are on private than on public boards, on the scale of both."""
    scale = scale_of(evidence, boards, parameters)
    if scale is None:
        return NO_CHANGE
    families = [len(set(evidence.families[scale.boards[scale.cells.access == n]].tolist())) for n in (0, 1)]
    if 0 in families:
        return NO_CHANGE
    boards_ = [int((scale.cells.access == n).sum()) for n in (0, 1)]
    variance = sum(1 / f - 1 / b for f, b in zip(families, boards_, strict=True))
    of_families = 12 * scale.fit.offset_sd / scale.fit.progress * np.sqrt(variance)
    error = float(np.hypot(scale.effect.std(), of_families))
    return change_of(float(scale.effect.mean()), error, NORMAL_DF, parameters.level)
