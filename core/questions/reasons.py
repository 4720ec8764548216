"""Why a level, a test, an interval or a difference is not there, in words: the estimators give short codes."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from core.gap.parameters import Parameters
from core.questions.shared_facts import iso
from core.words import count

if TYPE_CHECKING:
    from core.gap.crossings import BoardState
    from core.gap.figures import Headline
    from core.gap.index_figure import ClassIndex

LEVELS = {
    "": "",
    "not-on-list": "not on the study's list",
    "below-floor": "below the floor",
    "left-censored": "held by the first open model tested on this version, so that nobody knows since when",
    "no-closed": "no score of a closed model",
    "only-open": "only open models have reached it",
    "off-grid": "not one of the levels that the gap looks at",
    "nobody": "no model has reached it",
}
"""Why the gap does not count a level, or any of a test's."""
STANDING = {
    "ended": "no model for 6 months",
    "no-score": "no score by the day",
    "no-open": "no score of these open models",
    "few-open": "too few open models",
    "no-closed": LEVELS["no-closed"],
}
"""Why a test is no part of the standing gap."""
_INTERVALS = {
    "no-points": "no points",
    "one-benchmark": "one benchmark only",
    "all-equal": "all benchmarks have the same lag",
}


def why_not(reason: str, state: "BoardState") -> str:
    """Say why a level does not count, or a board's state gives none; empty where it does."""
    if reason == "few-open":
        return f"scores of {count(state.open_models, 'open model')}, and {state.needed} are needed"
    return LEVELS[reason]


def headline_data(headline: "Headline", parameters: Parameters) -> dict[str, Any]:
    """Return a class's figure as data, with what its interval is, or why there is none."""
    level, draws = f"{parameters.level:.0%}", parameters.draws
    if headline.no_interval == "too-few":
        needed = f"{parameters.min_effective:g} benchmarks" if parameters.min_effective else "enough results"
        kind = f"none: on no day do {needed} carry the trend"
    elif headline.no_interval:
        kind = f"none: {_INTERVALS[headline.no_interval]}"
    elif parameters.interval == "points":
        kind = f"{level}, points resampled {draws} times (the study's; covers less than it says)"
    else:
        kind = f"{level}, between benchmarks (Hartung-Knapp type, effective number {headline.n_effective:.1f})"
    values = asdict(headline)
    del values["no_interval"], values["is_about"]
    return {**values, "at": iso(headline.at), "interval_kind": kind}


def index_data(index: "ClassIndex", parameters: Parameters) -> dict[str, Any]:
    """Return the gap of a class as data; `newest` is that of the last day alone."""
    live = {"about": index.figure.is_about, "n_live": len(index.live)} if parameters.range_by == "draws" else {}
    return {**index_figure_data(index.figure, parameters), "newest": index.newest, **live}


def index_figure_data(figure: "Headline", parameters: Parameters) -> dict[str, Any]:
    """Return a figure of the gap as data, with what its interval is, or why there is none."""
    kind = "none: too few tests, or none of them live"
    if figure.months is not None:
        how = "draws of the fit's posterior" if parameters.range_by == "draws" else "jackknife over families"
        kind = f"{parameters.level:.0%}, {how}, month ends"
    return {
        "months": figure.months,
        "low": figure.low,
        "high": figure.high,
        "interval_kind": kind,
        "at": iso(figure.at),
        "n_families": figure.n_effective,
    }
