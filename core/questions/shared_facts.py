"""Facts and figures that several questions share: models, days, scores, methods, reasons, and the fields of a board."""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, overload

from core.answer import Aspect, Fact, Kind, Line
from core.dataclass import dataclass
from core.gap.parameters import DEFAULT, Parameters
from core.questions.result import Keys
from core.words import (
    CLASSES,
    and_list,
    cell,
    count,
    day,
    lag_text,
    levels,
    likely_change,
    likely_lag,
    months,
    range_cell,
    score,
)

if TYPE_CHECKING:
    from core.evidence.evidence import Board, Evidence, Model
    from core.gap.analysis import ClassGap
    from core.gap.crossings import BoardState
    from core.gap.figures import Change, Headline
    from core.gap.index_figure import ClassIndex
    from core.gap.model_index import ModelIndex
    from core.gap.moves import BestScore
    from core.gap.records import FirstCrossing, Frontier, ModelLag, Record
    from core.gap.scenario import FirstPlace

CATCH_UP, STANDING, INDEX = "catch-up time", "standing gap", "gap"
MEDIAN_CATCH_UP = f"median {CATCH_UP}"
"""The names of the three measures: the trend (E2), the standing gap of one test (E11), the gap (H1). The median of a
test's recent results replaces the trend, because a single test has none."""
STUDYS_CATCH_UP = f"{CATCH_UP} by the study's rules"
BETWEEN = "months between releases"
"""The months from the first model of one side with a score to the first model of the other side with it."""
INDEX_ALONE = f"{INDEX} on the last day alone"
ON_INDEX = f"{INDEX}, of one model"
"""How long ago a closed model first had the index that a model has: the model's months behind in every answer."""
AT_RELEASE = f"{ON_INDEX}, at its release"
CLOCK_LINE = Line("Months", "on the newest day; the gap averages six months")
"""Why a model's months behind differ from the gap: they are of the day alone, and of the fit's mode, not its draws."""
SHORTEST = 0.05
"""Fewer months are written as 0.0."""
NONE_ABOVE = "level with or ahead of every closed model"
OLD_DAYS = 90
"""A headline figure older than this at the as-of day has its date in the first line."""


def make_fact(
    key: str, value: float | str | None, unit: str, shown: str, kind: Kind, subject: str = "", **of: Any
) -> Fact:
    """Make a fact; the default subject is the measure, of the model or side, on the benchmark or kind of tests."""
    where = of.get("benchmark") or (f"{of['access']} tests" if of.get("access") else "")
    who = of.get("model") or (f"{of['side']} models" if of.get("side") else "")
    on = " on ".join(filter(None, (who, where)))
    measured = f"{measure}{f' of {on}' if who else f' on {on}' if on else ''}" if (measure := of.get("measure")) else on
    return Fact(key, value, unit, subject or measured, shown, kind, **of)


def as_of_lines(*rests: str, aspects: tuple[Aspect, ...] = ("when",)) -> tuple[Line, Line]:
    """Return an answer's "As of" line, and a detail line on its data with `rests` added, as templates."""
    basis = " · ".join(("complete to {newest_data}", *rests))
    return Line("As of", "{as_of}", aspects, is_day=True), Line("Basis", basis, detail=True)


def name_fact(key: str, name: str, subject: str = "", **of: Any) -> Fact:
    """State the name of a benchmark, a side or anything else with no more than a name."""
    return make_fact(key, name, "", name, "name", subject, **of)


def count_fact(key: str, number: float | None, unit: str, shown: str, subject: str = "", **of: Any) -> Fact:
    """State how many there are of a unit."""
    return make_fact(key, number, unit, shown, "count", subject, **of)


def list_facts(
    key: str, names: Sequence[str], unit: str, subject: str = "", *, most: int = 4, **of: Any
) -> Iterator[Fact]:
    """State how many there are of a unit by naming them, `most` of them; nothing if there are none."""
    if names:
        yield count_fact(key, len(names), unit, and_list(names, most), subject, **of)


def lag_fact(key: str, value: float | str | None, shown: str, subject: str = "", **of: Any) -> Fact:
    """State how many months open models trail, by a `measure`, or the interval; the value is None if there is none."""
    return make_fact(key, value, "months", shown, "lag", subject, **of)


def range_facts(key: str, low: float | None, high: float | None, shown: str = "", **of: Any) -> Iterator[Fact]:
    """State the interval of a lag, as "likely 5 to 9" or as `shown`; nothing if there is no interval."""
    if low is not None and high is not None:
        shown = shown or likely_lag(low, high)
        yield lag_fact(key, f"{low:.1f} to {high:.1f}", shown, low=low, high=high, **of)


def change_fact(key: str, value: float | str | None, shown: str, subject: str = "", **of: Any) -> Fact:
    """State the difference of two lags in months, or its interval; the value is None if unknown."""
    return make_fact(key, value, "months", shown, "change", subject, **of)


def share_fact(key: str, value: float, subject: str, shown: str = "", **of: Any) -> Fact:
    """State a share (a fraction) in percent, or as `shown`."""
    return make_fact(key, value, "share", shown or f"{100 * value:.0f} %", "share", subject, **of)


def model_fact(key: str, model: "Model", **of: Any) -> Fact:
    """Name a model."""
    return make_fact(key, model.model_id, "", model.called, "name", model.name, side=model.side, model=model.name, **of)


def span_text(run: "Sequence[FirstCrossing] | Sequence[FirstPlace]", board: "Board") -> str:
    """Write a run of levels: "50 %", "50 to 65 %"."""
    return levels(run[0].threshold, run[-1].threshold, board.unit)


def best_cells(best: "BestScore | Record | None", board: "Board") -> tuple[Any, Any]:
    """Return a table's cells of a side's best model and its score; empty if the side has none."""
    return (None, None) if best is None else (best.model, score(best.score, board.unit))


def board_fields(board: "Board") -> dict[str, Any]:
    """Return the fields of a fact about a board."""
    return {"access": board.access, "benchmark": board.name}


def of_figure(figure: "Headline") -> dict[str, Any]:
    """Return the fields of a fact with a figure's interval and day."""
    return {"low": figure.low, "high": figure.high, "day": iso(figure.at) or ""}


def day_fact(key: str, at: date | int, subject: str, shown: str = "") -> Fact:
    """State a day (a date or its ordinal); `shown` replaces the day's text."""
    iso_day = date.fromordinal(at).isoformat() if isinstance(at, int) else at.isoformat()
    return Fact(key, iso_day, "date", subject, shown or day(at), "day", day=iso_day)


def score_fact(key: str, value: float, board: "Board", model: str) -> Fact:
    """State a model's score on a board, in its unit."""
    return make_fact(key, value, board.unit, score(value, board.unit), "score", model=model, **board_fields(board))


def as_of_facts(evidence: "Evidence", as_of: date) -> tuple[Fact, Fact]:
    """State the two days that every answer has: its as-of day, and the newest complete data with any newer rows."""
    newest = day(evidence.newest_data)
    if evidence.newest_row > evidence.newest_data:
        newest += f", some rows to {day(evidence.newest_row)}"
    return (
        day_fact("as_of", as_of, "models released by"),
        day_fact("newest_data", evidence.newest_data, "newest complete snapshot", newest),
    )


def figure_text(value: float, *, is_about: bool = False) -> str:
    """Write a figure without its sign: "7.5 months", or "about 6 months" if `is_about`."""
    if is_about:
        return f"about {abs(value):.0f} months"
    return months(value) if abs(value) >= 0.05 else "less than 0.1 months"


def headline_text(headline: "Headline") -> str:
    """Write a class's figure: "7.5 months", "about 6 months", "2.0 months ahead"."""
    value = headline.months or 0.0
    return figure_text(value, is_about=headline.is_about) if value >= 0 else lag_text(value)


def with_range(headline: "Headline") -> str:
    """Write a class's figure with its range: "7.5 months (likely 5 to 10)", or "no figure" if there is none."""
    if headline.months is None:
        return "no figure"
    if headline.low is None or headline.high is None:
        return headline_text(headline)
    return f"{headline_text(headline)} ({likely_lag(headline.low, headline.high)})"


def finite(value: float) -> float | None:
    """Return a figure for JSON data, None if it is NaN or infinite."""
    return float(value) if math.isfinite(value) else None


def method_fact(parameters: Parameters) -> Fact:
    """State the name of the method."""
    return Fact("method", parameters.name, "", "method", parameters.name, "name")


@overload
def iso(at: int) -> str: ...
@overload
def iso(at: None) -> None: ...
def iso(at: int | None) -> str | None:
    """Write a day (ordinal) as an ISO date, for JSON data."""
    return None if at is None else date.fromordinal(at).isoformat()


# ---- models on the index: how far behind a model is today, and was at its release


def on_index(evidence: "Evidence", model: int, as_of: date) -> "dict[str, ModelIndex]":
    """Return a model's place on the index of each class of headline tests as of a day; no entry for a class without it.

    `model` is its position in the evidence.
    """
    import numpy as np

    from core.gap.crossings import by_class
    from core.gap.model_index import model_index

    boards = by_class(evidence, np.flatnonzero([board.headline for board in evidence.boards]))
    placed = {name: model_index(evidence, model, boards[name], as_of.toordinal(), DEFAULT)
              for name in CLASSES if name in boards}  # fmt: skip
    return {name: index for name, index in placed.items() if index is not None}


def index_facts(model: "Model", placed: "Mapping[str, ModelIndex]", prefix: str = "") -> Iterator[Fact]:
    """State a model's index and months behind on index class of tests, for an open model also at its release."""
    for name, index in placed.items():
        key = f"{prefix}index.{name}"
        of: dict[str, Any] = {"access": name, "model": model.name, "side": model.side}
        bounds = {**of, "low": index.months_low, "high": index.months_high, "day": iso(index.at), "measure": ON_INDEX}
        yield lag_fact(key, index.months, stand_text(index.months, is_open=model.is_open), **bounds)
        yield lag_fact(f"{key}.short", index.months, f"{index.months or 0.0:.1f}", **bounds)
        if spread := range_text(index):
            yield lag_fact(f"{key}.range", spread, spread, **bounds)
        if index.other is not None and index.other != model:
            yield name_fact(f"{key}.first", index.other.called, side="closed", access=name)
        if model.is_open:
            released = {**of, "day": iso(model.day), "measure": AT_RELEASE}
            yield lag_fact(f"{key}.release", index.at_release, release_text(index.at_release), **released)
            yield lag_fact(f"{key}.release.short", index.at_release, f"{index.at_release or 0.0:.1f}", **released)
        shown = f"{index.points:.0f} (likely {index.low:.0f} to {index.high:.0f})"
        yield make_fact(f"{key}.points", index.points, "points", shown, "score", low=index.low, high=index.high, **of)


def stand_text(value: float | None, *, is_open: bool) -> str:
    """Write a model's months behind: "9.6 months behind" if it is open, "5.2 months back" if closed."""
    if value is None:
        return NONE_ABOVE
    return lag_text(value, "behind") if is_open else f"{months(value)} back"


def behind_text(test: "Frontier | ModelLag", as_of: int) -> str:
    """Write how far behind a model is on one test: "at least 8.1 months behind by 19 February 2026"."""
    return _write_bounds(test, lag_text(test.months or 0.0, "behind"), day(test.newest_day), as_of)


def behind_cell(test: "Frontier | ModelLag", as_of: int) -> str:
    """Write how far behind a model is on one test, for a table: "at least 8.1 by 2026-02"."""
    return _write_bounds(test, cell(test.months), iso(test.newest_day)[:7], as_of)


def _write_bounds(test: "Frontier | ModelLag", shown: str, newest: str, as_of: int) -> str:
    """Add to the months on one test that they are a lower bound, and of a test that has ended, by when."""
    from core.gap.standing import has_ended

    if test.months is None:
        return shown
    ended = f" by {newest}" if has_ended(test.newest_day, as_of) else ""
    return f"{'at least ' if test.is_floor and test.months >= SHORTEST else ''}{shown}{ended}"


def release_text(value: float | None) -> str:
    """Write how far behind an open model was at its release; `value` is None if no closed model had its index."""
    return "level or ahead" if value is None or value < SHORTEST else f"{months(value)} behind"


def range_text(index: "ModelIndex") -> str:
    """Write the interval of a model's months behind, to a tenth, as an end may equal the figure; empty if none."""
    if index.months_high is None:
        return ""
    ends = (
        f"{index.months_high:.1f} or less"
        if index.months_low is None
        else range_cell(index.months_low, index.months_high)
    )
    return f"likely {ends}"


def unit_fact() -> Fact:
    """State the unit of the index."""
    from core.gap.model_index import BEST, POINTS_A_YEAR

    shown = f"{BEST:g} is the best closed model, {POINTS_A_YEAR:g} points a year's growth"
    return make_fact("index.unit", POINTS_A_YEAR, "points", shown, "score", "the index")


def effect_facts(effect: "Change") -> list[Fact]:
    """State how much further open models are behind on private than on public tests, on one scale of all tests."""
    if effect.months is None or effect.low is None or effect.high is None:
        return []
    shown = f"{months(effect.months)} {'further' if effect.months >= 0 else 'less far'} behind on private tests than on"
    shown += f" public ones ({likely_change(effect.low, effect.high, 'less', 'more')})"
    subject = "private minus public tests, on one scale"
    return [change_fact("effect", effect.months, shown, subject, low=effect.low, high=effect.high)]


def index_line(placed: "dict[str, dict[str, ModelIndex]]") -> list[Line]:
    """Return the line with the index of one or both sides on each class of tests; `placed` is keyed by side."""
    classes = [name for name in CLASSES if any(name in of_side for of_side in placed.values())]
    stand = [
        f"{name} " + ", ".join(
            f"{{{place}}} {{{place}.index.{name}}}[ ({{{place}.index.{name}.range}})]"
            for place, of_side in placed.items() if name in of_side
        )
        for name in classes
    ]  # fmt: skip
    return [Line("On one scale", "; ".join(stand), ("level",))] if stand else []


# ---- why a level, a test or an interval is missing: texts for the estimators' short codes

LEVEL_REASONS = {
    "": "",
    "not-on-list": "not on the study's list",
    "below-floor": "below the floor",
    "left-censored": "held by the first open model tested on this version, so that nobody knows since when",
    "no-closed": "no score of a closed model",
    "only-open": "only open models have reached it",
    "off-grid": "not one of the levels that the gap looks at",
    "nobody": "no model has reached it",
}
"""Why the gap does not count a level, or none of a test's levels."""
STANDING_REASONS = {
    "ended": "no model for 6 months",
    "no-score": "no score by the day",
    "no-open": "no score of these open models",
    "few-open": "too few open models",
    "no-closed": LEVEL_REASONS["no-closed"],
}
"""Why a test has no standing gap."""
_INTERVAL_REASONS = {
    "no-points": "no points",
    "one-benchmark": "one benchmark only",
    "all-equal": "all benchmarks have the same lag",
}


def why_not(reason: str, state: "BoardState") -> str:
    """Say why a level does not count, or why a board has none that count; empty if the level counts."""
    if reason == "few-open":
        return f"scores of {count(state.open_models, 'open model')}, and {state.needed} are needed"
    return LEVEL_REASONS[reason]


@dataclass(frozen=True, eq=False)
class CatchUpFigure:
    """A class's catch-up time; `interval_kind` describes its interval, or says why there is none."""

    json_keys: ClassVar[Keys] = {"figure": {key: key for key in ("months", "low", "high", "at", "n_effective")}}

    figure: "Headline"
    interval_kind: str


@dataclass(frozen=True, eq=False)
class IndexFigure:
    """The gap on the day `at` (ordinal); `interval_kind` describes its interval, or says why there is none."""

    months: float | None
    low: float | None
    high: float | None
    interval_kind: str
    at: int | None
    n_families: float | None


@dataclass(frozen=True, eq=False)
class ClassFigure(IndexFigure):
    """The gap of a class; `newest` is the gap on the last day alone, not averaged."""

    newest: float | None


@dataclass(frozen=True, eq=False)
class LiveFigure(ClassFigure):
    """The gap of a class by a method that counts its live tests; `about` if it is rough because few are live."""

    about: bool
    n_live: int


@dataclass(frozen=True, eq=False)
class ClassFigures:
    """The figures of one access class: the gap, and catch-up time from points since `window_from` (ordinal)."""

    index: ClassFigure
    catch_up: CatchUpFigure
    n_points: int
    n_benchmarks: int
    window_from: int | None


def build_catch_up_figure(headline: "Headline", parameters: Parameters) -> CatchUpFigure:
    """Build a class's catch-up time for the JSON."""
    level, draws = f"{parameters.level:.0%}", parameters.draws
    if headline.no_interval == "too-few":
        needed = f"{parameters.min_effective:g} benchmarks" if parameters.min_effective else "enough results"
        kind = f"none: on no day do {needed} carry the trend"
    elif headline.no_interval:
        kind = f"none: {_INTERVAL_REASONS[headline.no_interval]}"
    elif parameters.interval == "points":
        kind = f"{level}, points resampled {draws} times (the study's; covers less than it says)"
    else:
        kind = f"{level}, between benchmarks (Hartung-Knapp type, effective number {headline.n_effective:.1f})"
    return CatchUpFigure(headline, kind)


def build_index_figure(figure: "Headline", parameters: Parameters) -> IndexFigure:
    """Build a figure of the gap for the JSON."""
    kind = "none: too few tests, or none of them live"
    if figure.months is not None:
        how = "draws of the fit's posterior" if parameters.range_by == "draws" else "jackknife over families"
        kind = f"{parameters.level:.0%}, {how}, month ends"
    return IndexFigure(figure.months, figure.low, figure.high, kind, figure.at, figure.n_effective)


def build_class_figure(index: "ClassIndex", parameters: Parameters) -> ClassFigure:
    """Build the gap of a class for the JSON."""
    figure = build_index_figure(index.figure, parameters)
    if parameters.range_by != "draws":
        return ClassFigure(**vars(figure), newest=index.newest)
    return LiveFigure(**vars(figure), newest=index.newest, about=index.figure.is_about, n_live=len(index.live))


def build_class_figures(gap: "ClassGap", parameters: Parameters) -> ClassFigures:
    """Build the figures of one access class: the gap and catch-up time."""
    return ClassFigures(
        index=build_class_figure(gap.index, parameters),
        catch_up=build_catch_up_figure(gap.catch_up.figure, parameters),
        n_points=len(gap.points.months),
        n_benchmarks=len(set(gap.points.board.tolist())),
        window_from=gap.catch_up.window_from,
    )
