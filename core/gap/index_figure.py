"""The standing gap on the index: how far the best open models of a class of tests stand behind on one scale of them.

A scale is fitted once for the evidence of a day and a set of boards, without each family of them in turn as well, which
takes some hundredths of a second; what is asked for one day, or of some open models, is read from it.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from core.evidence.evidence import BoolArray, Evidence, FloatArray, IntArray
from core.gap.crossings import board_state, rows_until
from core.gap.figures import NO_CHANGE, NO_FIGURE, Change, Headline, change_of, headline_of
from core.gap.index_fit import Index, cells, fit_index, jackknife_error, without_each_family
from core.gap.intervals import t_quantile
from core.gap.kept import once
from core.gap.parameters import MONTH_DAYS, Parameters
from core.gap.standing_figure import FEWEST_FAMILIES, MONTH_ENDS, StandingCourse

_ROUNDS_WITHOUT = 2
"""Rounds from the whole fit to one without a family: on the shipped data the figure stays as it is after 80."""
WIDEST = 6.0
"""A course is blank where its interval goes further than so many months to either side: it would tell nothing."""


@dataclass(frozen=True)
class Scale:
    """A class's models on one scale, in order of release.

    Shape: `model` (indices), `day` (ordinals) and `is_open` are (models,); `ability` is (1 + families, models): with
    all boards, then without each family of them, -inf where a model has no other score. `error` is the standard
    deviation of the first, (models,). `progress` is the growth of ability a year. `effect` is (1 + families,): how much
    further open models are behind on private boards than on public ones, in months. `boards` are those that it is
    fitted to, `fit` what was fitted, from which one without a few models begins.
    """

    model: IntArray
    day: IntArray
    is_open: BoolArray
    ability: FloatArray
    error: FloatArray
    progress: float
    effect: FloatArray
    boards: IntArray
    fit: Index

    @property
    def n_families(self) -> int:
        """Return how many families of boards stand behind it."""
        return len(self.ability) - 1

    @cached_property
    def records(self) -> tuple[FloatArray, FloatArray]:
        """Return the best ability of the closed side up to each model, and of the open side: (1 + families, models)."""
        closed, open_ = (
            np.maximum.accumulate(np.where(side, self.ability, -np.inf), axis=1)
            for side in (~self.is_open, self.is_open)
        )
        return closed, open_

    def of(self, open_models: BoolArray | None) -> "Scale":
        """Return the scale with some open models only (one flag per model of the evidence)."""
        if open_models is None:
            return self
        kept = ~self.is_open | open_models[self.model]
        return replace(
            self, model=self.model[kept], day=self.day[kept], is_open=self.is_open[kept],
            ability=self.ability[:, kept], error=self.error[kept],
        )  # fmt: skip


@dataclass(frozen=True)
class Estimate:
    """A figure in months with its standard error and degrees of freedom, and its change since a fixed day likewise.

    `newest` is the gap of the last day alone. NaN where there is none.
    """

    months: float
    error: float
    df: float
    newest: float
    change: float
    change_error: float


@dataclass(frozen=True)
class ClassIndex:
    """The standing gap of a class on the index: its figure, that of the newest day alone, and its change."""

    figure: Headline
    newest: float | None
    change: Change


def scale(evidence: Evidence, boards: IntArray, parameters: Parameters) -> Scale | None:
    """Fit the scale of some boards, as they are known; None where none can be used.

    Boards need as many open models as crossings do.
    """
    last = int(evidence.day.max(initial=0))
    used = np.array(
        [n for n in boards.tolist() if not board_state(evidence, *rows_until(evidence, n, last), parameters).reason],
        dtype=np.int64,
    )
    found = cells(evidence, used, last)
    if not len(found.value):
        return None
    fit = fit_index(found)
    others, effects = without_each_family(found, fit, evidence.families[found.boards])
    order = np.argsort(found.day, kind="stable")
    return Scale(
        found.models[order], found.day[order], found.is_open[order],
        np.concatenate((fit.ability[None], others))[:, order], fit.ability_sd[order], fit.progress,
        np.append(fit.private_minus_public, effects), found.boards, fit,
    )  # fmt: skip


def class_index(
    evidence: Evidence, boards: IntArray, as_of: int, parameters: Parameters, open_models: BoolArray | None = None
) -> ClassIndex:
    """Measure the standing gap of a class on its index, as of the day `as_of` (ordinal), and since `since`.

    Both days are read at the newest release by then, so a change is one of two figures that are told of their days.
    `open_models` (one flag per model) narrows the open side; the scale stays that of all models.
    """
    nothing = ClassIndex(NO_FIGURE, None, NO_CHANGE)
    known = scale_of(evidence, boards, parameters)
    if known is None or known.n_families < FEWEST_FAMILIES:
        return nothing
    known = known.of(open_models)
    out = known.day[known.day <= as_of]
    if not len(out):
        return nothing
    at = int(out[-1])
    since = parameters.since.toordinal()
    found = on_scale(known, at, int(known.day[known.day <= since].max(initial=0)))
    if not np.isfinite((found.months, found.error)).all():  # without one family there may be no open model as yet
        return nothing
    figure = headline_of(found.months, found.error, found.df, at, float(known.n_families), parameters.level)
    change = NO_CHANGE
    if np.isfinite(found.change):
        change = change_of(found.change, found.change_error, found.df, parameters.level)
    return ClassIndex(figure, found.newest, change)


def scale_of(evidence: Evidence, boards: IntArray, parameters: Parameters) -> Scale | None:
    """Return the scale of some boards; each is fitted once for an evidence."""
    key = " ".join(map(str, ("scale", parameters.min_open_models, *boards.tolist())))
    return once(evidence, key, lambda: scale(evidence, boards, parameters))


def abilities_without(
    evidence: Evidence, known: Scale, *, models: tuple[int, ...] = (), boards: tuple[int, ...] = ()
) -> FloatArray:
    """Return the abilities of a scale's models without the scores of some, or on some: (models,), -inf without a score.

    Fitted from the whole fit, once for an evidence.
    """

    def fitted() -> FloatArray:
        found = cells(evidence, known.boards, int(evidence.day.max(initial=0)))
        kept = ~np.isin(found.models, models)[found.model] & ~np.isin(found.boards, boards)[found.board]
        fit = fit_index(found, kept.astype(np.float64), known.fit, _ROUNDS_WITHOUT, 1)
        has_score = np.bincount(found.model[kept], minlength=len(found.models)) > 0
        return np.where(has_score, fit.ability, -np.inf)[np.argsort(found.day, kind="stable")]

    left_out = ("without boards", *boards, "without models", *models)
    return once(evidence, " ".join(map(str, ("abilities", *known.boards.tolist(), *left_out))), fitted)


def private_minus_public(evidence: Evidence, boards: IntArray, parameters: Parameters) -> Change:
    """Return how much further open models are behind on private boards than on public ones, on the scale of both."""
    known = scale_of(evidence, boards, parameters)
    if known is None or known.n_families < FEWEST_FAMILIES or not np.isfinite(known.effect).all():
        return NO_CHANGE
    months = float(known.effect[0])
    half = float(t_quantile((1 + parameters.level) / 2, known.n_families - 1.0)) * jackknife_error(known.effect[1:])
    return Change(months, months - half, months + half)


def on_scale(known: Scale, at: int, since: int) -> Estimate:
    """Measure the standing gap on a scale: the mean of the day `at` (ordinal) and of the five month ends before.

    The squared standard error is the jackknife's over families and that of a mean of six; the interval has families - 1
    degrees of freedom. The change is against the same mean at `since`, where the two share no month end.
    """
    now, error, ends = mean_of_ends(known, at)
    df = known.n_families - 1.0
    if at - since <= round((MONTH_ENDS - 1) * MONTH_DAYS):
        return Estimate(float(now[0]), _total(now[1:], error), df, float(ends[0]), np.nan, np.nan)
    then, error_then, _ = mean_of_ends(known, since)
    change_error = _total((now - then)[1:], np.hypot(error, error_then))
    return Estimate(
        float(now[0]), _total(now[1:], error), df, float(ends[0]), float(now[0] - then[0]), change_error
    )  # fmt: skip


def _total(without: FloatArray, of_ends: float) -> float:
    return float(np.hypot(jackknife_error(without), of_ends)) if np.isfinite(without).all() else float("nan")


def mean_of_ends(known: Scale, at: int) -> tuple[FloatArray, float, FloatArray]:
    """Return the mean (1 + families,), the standard error that the month ends give it, and the gap at each of them.

    `at` (ordinal) is the last of the six.
    """
    ends = gap_on_scale(known, _month_ends(at, MONTH_ENDS))
    error = ends[0].std(ddof=1) / np.sqrt(MONTH_ENDS)
    return ends.mean(axis=1), float(error), ends[0]


def _month_ends(at: int, number: int) -> IntArray:
    """Return a day (ordinal) and those whole months before it, the newest first."""
    return np.array([at - round(back * MONTH_DAYS) for back in range(number)], dtype=np.int64)


def gap_on_scale(known: Scale, days: IntArray) -> FloatArray:
    """Return the standing gap of abilities at some days (ordinals), by E11's rule: (1 + families, days) months.

    NaN without a model of each side.
    """
    sign, closed, open_ = _lower_record(known, days)
    if not len(known.day):
        return sign
    return np.asarray(sign * (days - known.day[np.where(sign < 0, open_, closed)]) / MONTH_DAYS)


def holders(known: Scale, at: int) -> set[int]:
    """Return the models (indices) between which the gap lies at the mean's six days, the last of which is `at`.

    They are the best of the side that is behind, and the first of the other that stood there.
    """
    sign, *places = _lower_record(known, _month_ends(at, MONTH_ENDS))
    return {int(known.model[place]) for side in places for place in side[0, np.isfinite(sign[0])].tolist()}


def _lower_record(known: Scale, days: IntArray) -> tuple[FloatArray, IntArray, IntArray]:
    """Return the sign of the gap, and the place of each side's first model at or above the lower of the two records.

    Of the side that is behind it is the one that holds its record. Shape: all (1 + families, days). The sign is NaN
    without a model of each side; the places tell nothing then.
    """
    out = np.searchsorted(known.day, days, side="right")
    if not len(known.day):
        nothing = np.zeros((len(known.ability), len(days)), dtype=np.int64)
        return np.full(nothing.shape, np.nan), nothing, nothing
    best = [np.where(out > 0, record[:, np.maximum(out - 1, 0)], -np.inf) for record in known.records]
    lower = np.minimum(*best)
    places = [
        np.stack([np.searchsorted(record, level) for record, level in zip(side, lower, strict=True)])
        for side in known.records
    ]
    with np.errstate(invalid="ignore"):
        sign = np.sign(best[0] - best[1])
    return np.where(np.isfinite(lower), sign, np.nan), places[0], places[1]


def index_course(
    evidence: Evidence, boards: IntArray, as_of: int, first: int, parameters: Parameters,
    open_models: BoolArray | None = None,
) -> StandingCourse:  # fmt: skip
    """Measure a class on the index month by month, back from the day `as_of` to the day `first` (ordinals).

    Raises ValueError unless the days are in order.
    """
    if first > as_of:
        raise ValueError("the first day comes before the last")
    months = int((as_of - first) // MONTH_DAYS) + 1
    days = np.array([as_of - round(back * MONTH_DAYS) for back in range(months)][::-1], dtype=np.int64)
    nothing = np.full(months, np.nan)
    known = scale_of(evidence, boards, parameters)
    if known is None or known.n_families < FEWEST_FAMILIES:
        return StandingCourse(days, nothing, nothing, nothing, np.zeros(months, dtype=np.int64))
    known = known.of(open_models)
    out = known.day[known.day <= as_of]
    last = int(out[-1]) if len(out) else as_of
    ends = gap_on_scale(known, _month_ends(last, months + MONTH_ENDS - 1)).T
    mean, low, high = nothing.copy(), nothing.copy(), nothing.copy()
    quantile = float(t_quantile((1 + parameters.level) / 2, known.n_families - 1.0))
    for back in range(months):
        of_day = ends[back : back + MONTH_ENDS].T
        months_, error = of_day.mean(axis=1), float(of_day[0].std(ddof=1) / np.sqrt(MONTH_ENDS))
        half = quantile * _total(months_[1:], error)
        if half <= WIDEST:
            mean[-1 - back], low[-1 - back], high[-1 - back] = months_[0], months_[0] - half, months_[0] + half
    return StandingCourse(days, mean, low, high, np.full(months, known.n_families, dtype=np.int64))
