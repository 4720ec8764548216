"""What `compare` says of two sides' figures and of their difference: a direction only where the interval is clear."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from core.answer import Fact
from core.questions.shared_facts import change_fact, count_fact, day_fact, iso, lag_fact
from core.words import CLASSES, count, day, lag, likely_behind, likely_clear, likely_either, months, plural

if TYPE_CHECKING:
    from core.gap.comparison import Comparison, Figure, Reason

REASONS: "dict[Reason, str | None]" = {
    "": None,
    "one-each": "one test each, so no range",
    "one-on-a-side": "one test on a side, so no range",
    "all-equal": "all tests say the same, so no range",
    "no-result": "no recent result on a side",
    "no-figure": "no figure on a day",
}
"""Why a difference has no interval, in words."""


def comparison_facts(
    name: str,
    comparison: "Comparison",
    measure: str,
    whose: tuple[dict[str, Any], dict[str, Any]] = ({}, {}),
    noun: str = "test",
) -> list[Fact]:
    """State both figures of a comparison, by their measure, their difference, and on how many tests it holds.

    `name` is an access class, or "tests" for all; keys end in it: "left.private", "difference.private". `whose` are the
    fields that say of what each side's facts are; `noun` is what is counted as one, a test or a set of them.
    """
    of: dict[str, Any] = {"access": name if name in CLASSES else ""}
    subject = f"{name} tests" if of["access"] else name
    apart, holds = f"left minus right, {subject}", f"{comparison.n_holds} of {count(comparison.n_tests, noun)}"
    bounds = {**of, "low": comparison.low, "high": comparison.high}
    facts = [
        *_figure_facts(f"left.{name}", comparison.left, {**of, "measure": measure, **whose[0]}, noun),
        *_figure_facts(f"right.{name}", comparison.right, {**of, "measure": measure, **whose[1]}, noun),
        change_fact(f"difference.{name}", comparison.months, _difference(comparison), apart, **bounds),
        count_fact(f"holds.{name}", comparison.n_holds, "tests", holds, **of),
    ]
    if comparison.months is not None:
        facts.append(
            change_fact(f"by.{name}", comparison.months, f"{months(comparison.months)} on {subject}", apart, **of)
        )
    low, high = comparison.without_low, comparison.without_high
    if low is not None and high is not None:
        spread, ends = f"{_either(low, high)} whichever {noun} is left out", f"{low:.1f} to {high:.1f}"
        facts.append(change_fact(f"without.{name}", ends, spread, f"without any one {noun}", low=low, high=high, **of))
    return facts


def _figure_facts(key: str, figure: "Figure", of: dict[str, Any], noun: str) -> list[Fact]:
    """State one side's figure, its range, what it rests on, and the day it is read at."""
    measured = {"day": iso(figure.at) or "", **of}
    results, bounds = count(figure.n_results, "result"), {**measured, "low": figure.low, "high": figure.high}
    of = {key: value for key, value in of.items() if key != "measure"}
    if figure.months is None:
        why = "too few results" if figure.n_results else "no recent results"
        return [
            lag_fact(key, None, "no figure", **bounds),
            lag_fact(f"{key}.range", None, why, **bounds),
            count_fact(f"{key}.basis", figure.n_results, "results", results, **of),
        ]
    spread = {1: f"one {noun}, so no range", 2: f"2 {plural(noun)} are too few for a range"}.get(
        figure.n_tests, "no range"
    )
    if figure.low is not None and figure.high is not None:
        spread = likely_behind(figure.low, figure.high)
    to = f", to {day(date.fromisoformat(measured['day']))}" if figure.at is None and measured["day"] else ""
    on_tests = f"{results} on {count(figure.n_tests, noun)}{to}"
    facts = [
        lag_fact(key, figure.months, lag(figure.months), **bounds),
        lag_fact(f"{key}.by", figure.months, months(figure.months), **bounds),
        lag_fact(f"{key}.range", spread, spread, **bounds),
        count_fact(f"{key}.basis", figure.n_results, "results", on_tests, **of),
    ]
    if figure.at is not None:
        facts.append(replace(day_fact(f"{key}.at", figure.at, key), access=of["access"]))
    return facts


def _difference(comparison: "Comparison") -> str:
    """Write left minus right: a direction only where the interval leaves no doubt."""
    if comparison.low is None or comparison.high is None or comparison.months is None:
        return f"{REASONS[comparison.reason]}: can't tell apart"
    if not comparison.is_clear:
        return f"can't tell apart ({likely_either(comparison.low, comparison.high, 'shorter', 'longer')})"
    low, high = sorted((abs(comparison.low), abs(comparison.high)))
    longer = "shorter" if comparison.months < 0 else "longer"
    return f"{longer} by {months(comparison.months)} ({likely_clear(low, high)})"


def _either(low: float, high: float) -> str:
    if low < 0 < high:
        return f"{-low:.1f} shorter to {high:.1f} longer"
    small, large = sorted((abs(low), abs(high)))
    return f"{small:.1f} to {large:.1f} {'shorter' if high <= 0 else 'longer'}"
