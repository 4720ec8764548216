"""What several questions state in the same words: models, days, scores, methods; and what names a board in data."""

import math
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, overload

from core.answer import Aspect, Fact, Kind, Line
from core.gap.parameters import Parameters
from core.words import day, lag, likely_behind, months, score

if TYPE_CHECKING:
    from core.evidence.evidence import Board, Evidence
    from core.gap.figures import Headline

CATCH_UP, STANDING, INDEX = "catch-up time", "standing gap", "gap"
MEDIAN_CATCH_UP = f"median {CATCH_UP}"
"""The names of the three measures: the trend (E2), the standing gap of one test (E11), the gap (H1); and the median of
a test's recent results, which stands for the trend that one test alone has not."""
STUDYS_CATCH_UP = f"{CATCH_UP} by the study's rules"
BETWEEN = "months between releases"
"""What is measured between two models: from the first of one side that had a score to the first of the other."""
OLD_DAYS = 90
"""A headline date further than this before the as-of day is said in the first line."""


def stated(
    key: str, value: float | str | None, unit: str, shown: str, kind: Kind, subject: str = "", **of: Any
) -> Fact:
    """Make a fact; without a subject it is its measure of its model or side, on its benchmark or kind of tests."""
    where = of.get("benchmark") or (f"{of['access']} tests" if of.get("access") else "")
    who = of.get("model") or (f"{of['side']} models" if of.get("side") else "")
    on = " on ".join(filter(None, (who, where)))
    measured = f"{measure}{f' of {on}' if who else f' on {on}' if on else ''}" if (measure := of.get("measure")) else on
    return Fact(key, value, unit, subject or measured, shown, kind, **of)


def as_of_lines(*rests: str, aspects: tuple[Aspect, ...] = ("when",)) -> tuple[Line, Line]:
    """Return the day of an answer, and behind the first look what its data are and `rests`, as templates."""
    basis = " · ".join(("complete to {newest_data}", *rests))
    return Line("As of", "{as_of}", aspects, is_day=True), Line("Basis", basis, detail=True)


def name_fact(key: str, name: str, subject: str = "", **of: Any) -> Fact:
    """Name a benchmark, a side or what else is given by its name alone."""
    return stated(key, name, "", name, "name", subject, **of)


def count_fact(key: str, number: float | None, unit: str, shown: str, subject: str = "", **of: Any) -> Fact:
    """State how many there are of a unit."""
    return stated(key, number, unit, shown, "count", subject, **of)


def lag_fact(key: str, value: float | str | None, shown: str, subject: str = "", **of: Any) -> Fact:
    """State a length of months that open models trail, by its `measure`, or an interval of it; None where none is."""
    return stated(key, value, "months", shown, "lag", subject, **of)


def change_fact(key: str, value: float | str | None, shown: str, subject: str = "", **of: Any) -> Fact:
    """State how two lags differ, in months, or an interval of that; None where nothing can be told."""
    return stated(key, value, "months", shown, "change", subject, **of)


def share_fact(key: str, value: float, subject: str, shown: str = "", **of: Any) -> Fact:
    """State a share (a fraction) in percent, or in other words."""
    return stated(key, value, "share", shown or f"{100 * value:.0f} %", "share", subject, **of)


def model_fact(evidence: "Evidence", key: str, model: int) -> Fact:
    """Name a model (an index)."""
    known = evidence.models[model]
    side = side_of(evidence, model)
    return stated(key, known.model_id, "", known.name, "name", side=side, model=known.name)


def side_of(evidence: "Evidence", model: int) -> Literal["open", "closed"]:
    """Return the side of a model (an index)."""
    return "open" if evidence.models[model].is_open else "closed"


def of_board(board: "Board") -> dict[str, Any]:
    """Return the fields by which a fact says that it is of a board."""
    return {"access": board.access, "benchmark": board.name}


def of_figure(figure: "Headline") -> dict[str, Any]:
    """Return the fields by which a fact has the interval and the day of a figure."""
    return {"low": figure.low, "high": figure.high, "day": iso(figure.at) or ""}


def day_fact(key: str, at: date | int, subject: str, shown: str = "") -> Fact:
    """State a day (a date or its ordinal); `shown` says more than the day."""
    iso_day = date.fromordinal(at).isoformat() if isinstance(at, int) else at.isoformat()
    return Fact(key, iso_day, "date", subject, shown or day(at), "day", day=iso_day)


def score_fact(key: str, value: float, board: "Board", model: str) -> Fact:
    """State a model's score on a board, in its unit."""
    return stated(key, value, board.unit, score(value, board.unit), "score", model=model, **of_board(board))


def as_of_facts(evidence: "Evidence", as_of: date) -> tuple[Fact, Fact]:
    """State both days that every answer carries; the newest data with how far single rows go beyond it."""
    newest = day(evidence.newest_data)
    if evidence.newest_row > evidence.newest_data:
        newest += f", some rows to {day(evidence.newest_row)}"
    return (
        day_fact("as_of", as_of, "models released by"),
        day_fact("newest_data", evidence.newest_data, "newest complete snapshot", newest),
    )


def figure_text(value: float, *, is_about: bool = False) -> str:
    """Write a figure without its sign: "7.5 months"; with few live tests "about 6 months"."""
    if is_about:
        return f"about {abs(value):.0f} months"
    return months(value) if abs(value) >= 0.05 else "less than 0.1 months"


def headline_text(headline: "Headline") -> str:
    """Write a class's figure: "7.5 months", "about 6 months", "2.0 months ahead"."""
    value = headline.months or 0.0
    return figure_text(value, is_about=headline.is_about) if value >= 0 else lag(value)


def with_range(headline: "Headline") -> str:
    """Write a class's figure with its range: "7.5 months (likely 5 to 10)"; "no figure" where there is none."""
    if headline.months is None:
        return "no figure"
    if headline.low is None or headline.high is None:
        return headline_text(headline)
    return f"{headline_text(headline)} ({likely_behind(headline.low, headline.high)})"


def figure_data(figure: "Headline") -> dict[str, Any]:
    """Return a figure with its interval and day in the data of an answer, and how many benchmarks it is worth."""
    kept = ("months", "low", "high", "n_effective")
    return {**{key: getattr(figure, key) for key in kept}, "at": iso(figure.at)}


def finite(value: float) -> float | None:
    """Return a figure for data, None where it is NaN or infinite."""
    return float(value) if math.isfinite(value) else None


def method_fact(parameters: Parameters) -> Fact:
    """Name the method by which a figure is found."""
    return Fact("method", parameters.name, "", "method", parameters.name, "name")


def board_key(board: "Board") -> dict[str, str]:
    """Return which board something is of, in the data of an answer."""
    return {"benchmark": board.benchmark_id, "version": board.version}


def board_data(board: "Board") -> dict[str, str | None]:
    """Return what names a board in the data of an answer, and its domain, None where it has none yet."""
    of = {"name": board.name, "access": board.access, "domain": board.domain or None, "unit": board.unit}
    return {**board_key(board), **of}


def level_data(evidence: "Evidence", board: int, threshold: float) -> dict[str, Any]:
    """Return what names a level of a board (an index) in the data of an answer."""
    known = evidence.boards[board]
    return {**board_key(known), "access": known.access, "threshold": threshold}


def model_data(evidence: "Evidence", role: str, model: int | None, at: int | None) -> dict[str, str | None]:
    """Return a model (an index) and its day (an ordinal) in the data of an answer, under its role: `closed_model`."""
    return {f"{role}_model": None if model is None else evidence.models[model].model_id, f"{role}_date": iso(at)}


def named_model_data(evidence: "Evidence", model: int | None, at: int | None, prefix: str = "") -> dict[str, Any]:
    """Return a model (an index) by id and name, and its day (an ordinal), in the data of an answer; None for nobody."""
    known = None if model is None else evidence.models[model]
    return {f"{prefix}model": known and known.model_id, f"{prefix}name": known and known.name, f"{prefix}date": iso(at)}


@overload
def iso(at: int) -> str: ...
@overload
def iso(at: None) -> None: ...
def iso(at: int | None) -> str | None:
    """Write a day (ordinal) as an ISO date, for data."""
    return None if at is None else date.fromordinal(at).isoformat()
