"""What is said of how fast catch-up time grows, and of when it was shortest (method.md, E7)."""

from dataclasses import asdict, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from core.answer import Fact, Line
from core.gap.parameters import Parameters
from core.questions.direction_wording import change_facts
from core.questions.shared_facts import CATCH_UP, day_fact, iso
from core.words import CLASSES, count, month

if TYPE_CHECKING:
    from core.gap.analysis import Gaps
    from core.gap.slope import LowestDay, Slope

Trends = dict[str, tuple["Slope", "LowestDay | None"]]
"""By class: its slope since the method's own day, and the day at which its trend is lowest."""


def trends_of(gaps: "Gaps", parameters: Parameters) -> Trends:
    """Measure each class that has a trend of several tests."""
    from core.gap.slope import lowest_day, slope

    return {
        name: (slope(gap.points, gap.since, parameters), lowest_day(gap.points, parameters))
        for name, gap in gaps.classes.items()
        if gap.trend.last_readable() is not None
    }


def trend_facts(gaps: "Gaps", trends: Trends) -> list[Fact]:
    """State the slope of each class in the words of a change, and when its trend was lowest."""
    found: list[Fact] = []
    for name, (slope, lowest) in trends.items():
        gap, of = gaps.classes[name], {"access": name}
        told = change_facts(slope.a_year, gap.since, gap.catch_up.months or 0.0, f"{name} tests", of)
        key = f"change.{name}.clear" if slope.a_year.direction else f"change.{name}.range"
        basis = f"{count(slope.n_points, 'result')} in {count(slope.n_families, 'family')}"
        subject = f"slope of {CATCH_UP} on {name} tests"
        found += [
            replace(fact, key=f"slope.{name}", unit="months a year", subject=subject, shown=f"{fact.shown}, {basis}")
            for fact in told
            if fact.key == key
        ]
        if lowest is not None:
            low, median, high = (month(date.fromordinal(day)) for day in (lowest.low, lowest.median, lowest.high))
            shown = f"{median} on {name} tests (likely {low} to {high})"
            found.append(day_fact(f"lowest.{name}", lowest.median, f"the shortest {CATCH_UP} on {name} tests", shown))
    return found


def trend_lines(facts: tuple[Fact, ...]) -> list[Line]:
    """Say slopes and lowest days, as templates."""
    keys = {fact.key for fact in facts}
    slopes, lowest = (
        [f"{{{key}.{name}}}" for name in CLASSES if f"{key}.{name}" in keys] for key in ("slope", "lowest")
    )
    return [
        *([Line("Slope", f"{CATCH_UP} in a year, since {{since}}: {'; '.join(slopes)}")] if slopes else []),
        *([Line("Shortest", f"{CATCH_UP} was shortest in {'; in '.join(lowest)}")] if lowest else []),
    ]


def trends_data(trends: Trends) -> dict[str, Any]:
    """Return slopes and lowest days by class: the keys `slope` and `lowest` of the JSON contract."""
    return {
        "slope": {
            name: {**asdict(slope.a_year), "n_points": slope.n_points, "n_families": slope.n_families}
            for name, (slope, _) in trends.items()
        },
        "lowest": {
            name: lowest and {"at": iso(lowest.median), "low": iso(lowest.low), "high": iso(lowest.high)}
            for name, (_, lowest) in trends.items()
        },
    }
