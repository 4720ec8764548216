"""Whether the gap is wider or narrower than on days that are fixed beforehand, for each measure (method.md, E7)."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from core.answer import Fact, Table
from core.gap.parameters import Parameters, change_days
from core.questions.measure_wording import NAMES
from core.questions.shared_facts import change_fact, day_fact, iso
from core.words import cell, likely, likely_either, month, months

if TYPE_CHECKING:
    from core.gap.analysis import Gaps
    from core.gap.figures import Change


def since_fact(parameters: Parameters) -> Fact:
    """State the day that changes are counted from."""
    return day_fact("since", parameters.since, "the smallest gap, in the study", month(parameters.since))


def direction_facts(gaps: "Gaps", as_of: date, parameters: Parameters) -> list[Fact]:
    """State how the figures that lead changed since the further days that are fixed beforehand, class by class."""
    known = {name: gap for name, gap in gaps.classes.items() if gap.headline.months is not None}
    found: list[Fact] = []
    for key, since in change_days(as_of.toordinal(), parameters).items() if known else ():
        if key == "start":
            continue
        since_ = date.fromordinal(since)
        found.append(day_fact(f"{key}.since", since_, "counted from this day", month(since_)))
        for name, gap in known.items():
            of = {"access": name, "day": iso(gap.headline.at) or ""}
            change = gap.change_from(gap.leads, since)
            facts = change_facts(change, since, gap.headline.months or 0.0, f"{name} tests", of)
            found += [replace(fact, key=f"{key}.{fact.key}") for fact in facts]
    return found


def change_facts(change: "Change", start: int, value: float, subject: str, of: dict[str, Any]) -> list[Fact]:
    """State how a class's figure, `value` now, changed since the day `start` (ordinal).

    Wider or narrower is said only where the interval leaves no doubt, and where open trailed then and trails now.
    """
    name, key = of["access"], f"change.{of['access']}"
    bounds = {**of, "low": change.low, "high": change.high}
    if change.months is None or change.low is None or change.high is None:
        return [change_fact(key, change.months, f"can't tell on {subject}", **bounds)]
    less, more, whose = _ways(change, value)
    if not change.direction:
        spread, ends = _either(change.low, change.high, less, more), f"{change.low:.1f} to {change.high:.1f}"
        return [
            change_fact(key, change.months, f"can't tell on {subject} ({spread}{whose})", **bounds),
            change_fact(f"{key}.range", ends, f"{name} {spread}{whose}", **bounds),
        ]
    low, high = sorted((abs(change.low), abs(change.high)))
    word, since = told_way(change, value), month(date.fromordinal(start))
    by, spread = months(change.months), likely(low, high)
    return [
        change_fact(key, change.months, f"{word} than in {since} by {by} on {subject} ({spread})", **bounds),
        change_fact(f"{key}.clear", change.months, f"{name} {by} {word} ({spread})", **bounds),
    ]


def told_way(change: "Change", value: float) -> str:
    """Return the word for the direction that a change of a figure, `value` now, is told to have; empty for none."""
    less, more, whose = _ways(change, value)
    return f"{more if change.direction > 0 else less}{whose}" if change.direction else ""


def _ways(change: "Change", value: float) -> tuple[str, str, str]:
    """Return the words for less and more, and of whom they are said where open models led on either day."""
    if min(value, value - (change.months or 0.0)) >= 0:
        return "narrower", "wider", ""
    return "better", "worse", " for open models"


def _either(low: float, high: float, less: str, more: str) -> str:
    """Write an interval of a change that tells no direction; at 90 % it may lie on one side of 0 all the same."""
    if low <= 0 <= high:
        return likely_either(low, high, less, more)
    near, far = sorted((abs(low), abs(high)))
    return f"likely {near:.1f} to {far:.1f} months {more if low > 0 else less}, not sure enough to tell"


def which_way(known: Mapping[str, Fact], classes: Iterable[str], prefix: str = "") -> str:
    """Say in short which way the gap went since the method's own day, as a template: class by class.

    `prefix` begins the keys of the facts.
    """
    (since, told), *_ = _verdicts(known, list(classes), prefix)
    return f"{told}, since {since}" if told else f"too uncertain since {since}"


def change_ranges(known: Mapping[str, Fact], classes: Iterable[str], prefix: str = "") -> str:
    """Return what `which_way` leaves out, as a template: ranges, and directions since the further days."""
    names = list(classes)
    (start, _), *further = _verdicts(known, names, prefix)
    keys = [f"{prefix}change.{name}.range" for name in names]
    ranges = "; ".join(f"{{{key}}}" for key in keys if key in known)
    parts = [f"since {start} {ranges}"] if ranges else []
    parts += [f"since {day} {said}" for day, said in further if said]
    untold = [day for day, said in further if not said]
    return "; ".join([*parts, *([_untold(known, untold)] if untold else [])])


def _verdicts(known: Mapping[str, Fact], classes: list[str], prefix: str) -> list[tuple[str, str]]:
    """Return, for each day that changes are counted from, its slot, and what is told; empty where nothing is."""
    found = []
    for begin in (f"{prefix}{which}" for which in ("", "year.", "half_year.")):
        clear = {name: f"{begin}change.{name}.clear" for name in classes}
        said = [f"{{{key}}}" if key in known else f"{name} too uncertain" for name, key in clear.items()]
        if f"{begin}since" in known:
            found.append((f"{{{begin}since}}", ", ".join(said) if known.keys() & clear.values() else ""))
    return found


def _untold(known: Mapping[str, Fact], days: list[str]) -> str:
    """Name the days since which nothing is told, the earliest first."""
    *early, last = sorted(days, key=lambda slot: str(known[slot[1:-1]].value))
    return f"too uncertain since {' or '.join(filter(None, (', '.join(early), last)))}"


def changes_data(gaps: "Gaps", as_of: date, parameters: Parameters) -> list[dict[str, Any]]:
    """Return how each measure of each class changed since each day: the key `changes` of the JSON contract."""
    return [
        {"since": iso(since), "access": name, "measure": measure, **asdict(gap.change_from(measure, since))}
        for since in change_days(as_of.toordinal(), parameters).values()
        for name, gap in gaps.classes.items()
        for measure in NAMES
    ]


def changes_table(rows: list[dict[str, Any]]) -> Table:
    """Put the measures' changes side by side: a row for each day and class."""
    cells: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        cells.setdefault((row["since"], row["access"]), []).append(_cell(row))
    title = "Change in months (likely range) since days fixed beforehand; “wider” and “narrower” only at 95 %"
    return Table(
        title,
        ("Since", "Tests", *(f"{name} moved" for name in NAMES.values())),
        tuple((*key, *found) for key, found in cells.items()),
    )


def _cell(row: dict[str, Any]) -> str:
    if row["months"] is None or row["low"] is None:
        return cell(row["months"])
    told = {1: ", wider", -1: ", narrower"}.get(row["direction"], "")
    return f"{cell(row['months'])} ({cell(row['low'])} to {cell(row['high'])}){told}"
