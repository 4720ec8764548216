"""Whether the gap grows, in the words that every face shares (method.md, H2)."""

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from core.answer import Fact, Line
from core.gap.parameters import Parameters
from core.questions.shared_facts import change_fact, day_fact, iso, name_fact
from core.words import likely_change, month, months

if TYPE_CHECKING:
    from core.gap.analysis import Analysis
    from core.gap.direction import Direction, Word
    from core.gap.figures import Change

_PAST_YEAR = {
    "wider": "wider by {by} over the past year",
    "probably-wider": "probably wider by {by} over the past year",
    "cant-say": "past year too close to call",
    "probably-narrower": "probably narrower by {by} over the past year",
    "narrower": "narrower by {by} over the past year",
    "too-early": "",
}
DIRECTION_LINE = Line("Widening?", "{direction}[; {direction.year}]", ("direction",))
CHANGE_LINE = Line(
    "Change", "since {since} {direction.of} {direction.range}[; private {change.private}][; public {change.public}]"
    "[; over the past year {direction.of} {direction.year.range}]",
)  # fmt: skip


def direction_facts(gaps: "Analysis", parameters: Parameters) -> list[Fact]:
    """State whether the gap of all tests together grew since the method's fixed day and over the past year.

    Beside it stand the changes of private and public tests, where both are asked for. Nothing where the method has no
    direction.
    """
    if gaps.leads != "index" or parameters.range_by != "draws":
        return []
    direction, since = gaps.direction, month(parameters.since)
    only = next(iter(gaps.classes)) if len(gaps.classes) == 1 else ""
    tests, of = f"{only} tests" if only else "all tests together", {"access": only}
    facts = [
        day_fact("since", parameters.since, "the smallest gap, in the study", since),
        name_fact("direction.of", tests, "the tests that the direction is of", **of),
        _fact("direction", direction.since, direction_text(direction, since), tests, **of),
    ]
    if direction.since.low is not None:
        facts.append(_fact("direction.range", direction.since, change_text(direction.since), tests, **of))
    past_year = past_year_text(direction)
    if past_year:
        subject = f"{tests} over the past year"
        facts.append(_fact("direction.year", direction.year, past_year, subject, **of))
        facts.append(_fact("direction.year.range", direction.year, change_text(direction.year), subject, **of))
    for name, gap in gaps.classes.items():
        change = gap.index.change
        if not only and change.low is not None:
            facts.append(_fact(f"change.{name}", change, change_text(change), f"{name} tests", access=name))
    return facts


def direction_text(direction: "Direction", since: str) -> str:
    """Answer "is the gap widening?" in a few words; `since` names the month that changes are counted from."""
    by = months(direction.since.months or 0.0)
    if _is_thin(direction.word, direction.since):
        return "Can't say: the data are too thin"
    texts: dict[Word, str] = {
        "wider": f"Yes: {by} wider than in {since}",
        "probably-wider": f"Probably: {by} since {since}",
        "cant-say": f"Can't say: too close to call since {since}",
        "probably-narrower": f"Probably not: {by} narrower since {since}",
        "narrower": f"No: {by} narrower than in {since}",
        "too-early": f"Too early to say: counted from {since}",
    }
    return texts[direction.word]


def past_year_text(direction: "Direction") -> str:
    """Say in a few words how the gap changed over the past year; empty where it can't be read."""
    if direction.year.low is None or _is_thin(direction.year_word, direction.year):
        return ""
    return _PAST_YEAR[direction.year_word].format(by=months(direction.year.months or 0.0))


def _is_thin(word: "Word", change: "Change") -> bool:
    """Whether nothing is said of a change that is clear by its range: too few tests are live, or the range is wide."""
    return word == "cant-say" and None not in (change.low, change.high) and (change.low or 0) * (change.high or 0) > 0


def change_text(change: "Change") -> str:
    """Write a change with its range: "3.1 months wider (likely 0.2 narrower to 6.4 months wider)"."""
    if change.months is None or change.low is None or change.high is None:
        return "no figure"
    way = "wider" if change.months >= 0 else "narrower"
    return f"{months(change.months)} {way} ({likely_change(change.low, change.high, 'narrower', 'wider')})"


def _fact(key: str, change: "Change", shown: str, subject: str, **of: Any) -> Fact:
    return change_fact(key, change.months, shown, subject, low=change.low, high=change.high, **of)


def direction_data(gaps: "Analysis", parameters: Parameters) -> dict[str, Any] | None:
    """Return the direction with its path: the key `direction` of the JSON contract; None without one."""
    from core.gap.quantiles import finite

    if gaps.leads != "index" or parameters.range_by != "draws":
        return None
    found = gaps.direction
    states = {1: "wider", -1: "narrower", 0: None}
    return {
        "since": iso(parameters.since.toordinal()),
        "word": found.word,
        "state": states[found.state],
        **_change_data(found.since),
        "past_year": {"word": found.year_word, **_change_data(found.year)},
        "access": {name: _change_data(gap.index.change) for name, gap in gaps.classes.items()},
        "path": [
            {"date": date.fromordinal(day).isoformat(), "months": finite(change), "state": states[state]}
            for day, change, state in zip(
                found.path.day.tolist(), found.path.months.tolist(), found.path.states.tolist(), strict=True
            )
        ],
    }


def _change_data(change: "Change") -> dict[str, Any]:
    data = asdict(change)
    del data["direction"]
    return data
