"""When the gap was smallest and largest, and on which test it is: the lines of `gap` on that."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from core.answer import Fact, Line, details
from core.questions.measure_wording import measure_name
from core.questions.shared_facts import STANDING, count_fact, lag_fact
from core.words import day, lag_text, likely_lag

if TYPE_CHECKING:
    from core.gap.analysis import Analysis

_ENDS = ("smallest", "largest")
EXTREME_LINES = details((
    Line("Smallest", "<{smallest.@}|; >", ("smallest",)),
    Line("Largest", "<{largest.@}|; >", ("largest",)),
    Line("Smallest on", "<{smallest.test.@} of {by_test.@}|; > (standing gap)", ("smallest_test", "standing")),
    Line("Largest on", "<{largest.test.@} of {by_test.@}|; > (standing gap)", ("largest_test", "standing")),
))  # fmt: skip
"""When, and on which test, the gap was smallest and largest."""


def extreme_facts(analysis: "Analysis", data: Mapping[str, Any]) -> list[Fact]:
    """State the ends of the measure that leads over time, and of the standing gap over tests, class by class."""
    facts: list[Fact] = []
    only = data["benchmarks"][0]["name"] if len(data["benchmarks"]) == 1 else ""
    rows = data["trend"] if analysis.leads == "catch_up" else data["index_trend"] or data["standing_trend"]
    for access, gap in analysis.classes.items():
        course = [row for row in rows if row["access"] == access and row["months"] is not None]
        tests = [row for row in data["benchmarks"] if row["access"] == access and row["standing"]["months"] is not None]
        if len(course) > 1:
            course.sort(key=lambda row: row["months"])
            of = {"benchmark": only, "measure": measure_name(gap, analysis.leads)}
            facts += [
                _on_a_day(f"{key}.{access}", row, of) for key, row in zip(_ENDS, (course[0], course[-1]), strict=True)
            ]
        if len(tests) > 1:
            shown = f"{len(tests)} {access} tests"
            facts.append(
                count_fact(f"by_test.{access}", len(tests), "tests", shown, "with a standing gap", access=access)
            )
            tests.sort(key=lambda row: row["standing"]["months"])
            facts += [
                _on_a_test(f"{key}.test.{access}", row) for key, row in zip(_ENDS, (tests[0], tests[-1]), strict=True)
            ]
    return facts


def _on_a_day(key: str, row: Mapping[str, Any], of: Mapping[str, str]) -> Fact:
    low, high = row["low"], row["high"]
    spread = f" ({likely_lag(low, high)})" if low is not None and high is not None else ""
    where = of["benchmark"] or f"{row['access']} tests"
    size = lag_text(row["months"], "behind") if of["measure"] == STANDING else lag_text(row["months"])
    shown = f"{size} on {where}{spread}, on {day(date.fromisoformat(row['date']))}"
    return lag_fact(key, row["months"], shown, access=row["access"], day=row["date"], low=low, high=high, **of)


def _on_a_test(key: str, row: Mapping[str, Any]) -> Fact:
    months, at = row["standing"]["months"], row["standing"]["at"]
    of = {"access": row["access"], "benchmark": row["name"], "day": at, "measure": STANDING}
    return lag_fact(key, months, f"{row['name']} ({lag_text(months, 'behind')})", **of)
