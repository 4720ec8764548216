"""What is said of how fast catch-up time grows, when it was shortest, and of the closed line (method.md, E7)."""

from dataclasses import asdict, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from core.answer import Fact, Line
from core.gap.parameters import Parameters
from core.questions.direction_wording import change_facts
from core.questions.shared_facts import CATCH_UP, day_fact, figure_data, iso, lag_fact, of_figure, with_range
from core.words import CLASSES, count, month

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence
    from core.gap.analysis import Gaps
    from core.gap.figures import Headline
    from core.gap.slope import Trends

Lines = dict[str, dict[str, "Headline"]]
"""By class: its trend-line lag on the index and test by test."""
_LINE = {"index": "trend-line lag on the index", "standing": "trend-line lag test by test"}
TREND_LINES = (
    Line("Slope", f"{CATCH_UP} in a year, since {{since}}: <{{slope.@}}|; >"),
    Line("Shortest", f"{CATCH_UP} was shortest in <{{lowest.@}}|; in >"),
)
"""Slopes and lowest days."""


def lines_of(evidence: "Evidence", gaps: "Gaps", parameters: Parameters) -> Lines:
    """Measure each class along the closed side's line, on its index and test by test."""
    from core.gap.trend_lines import boards_line, index_line

    return {
        name: {
            "index": index_line(evidence, gap.boards, (gap.index.figure.at or 0), parameters),
            "standing": boards_line(evidence, gap.standing.gaps, parameters),
        }
        for name, gap in gaps.classes.items()
    }


def line_facts(lines: Lines) -> list[Fact]:
    """State each trend-line lag that there is."""
    return [
        lag_fact(
            f"line.{key}.{name}", figure.months, f"{with_range(figure)} on {name} tests", access=name,
            measure=_LINE[key], **of_figure(figure),
        )
        for name, of_class in lines.items()
        for key, figure in of_class.items()
        if figure.months is not None
    ]  # fmt: skip


def line_line(facts: tuple[Fact, ...]) -> list[Line]:
    """Say the trend-line lags by their names, as a template."""
    keys = {fact.key for fact in facts}
    told = {key: [f"{{line.{key}.{name}}}" for name in CLASSES if f"line.{key}.{name}" in keys] for key in _LINE}
    parts = [f"{_LINE[key]} {', '.join(slots)}" for key, slots in told.items() if slots]
    what = "the score gap over the speed of closed models"
    return [Line("Trend lines", f"{what}: {'; '.join(parts)}")] if parts else []


def trend_facts(gaps: "Gaps", trends: "Trends") -> list[Fact]:
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


def trends_data(trends: "Trends", lines: Lines) -> dict[str, Any]:
    """Return slopes, lowest days and trend-line lags by class: keys of the JSON contract."""
    return {
        "trend_line": {
            name: {"index" if key == "index" else "tests": figure_data(figure) for key, figure in of_class.items()}
            for name, of_class in lines.items()
        },
        "slope": {
            name: {**asdict(slope.a_year), "n_points": slope.n_points, "n_families": slope.n_families}
            for name, (slope, _) in trends.items()
        },
        "lowest": {
            name: lowest and {"at": iso(lowest.median), "low": iso(lowest.low), "high": iso(lowest.high)}
            for name, (_, lowest) in trends.items()
        },
    }
