"""What a figure rests on most, in the words that `gap`, `trust` and the brief share; and its keys in data."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from core.answer import Fact, Line
from core.gap.parameters import Measure, Parameters
from core.questions.shared_facts import (
    CATCH_UP,
    INDEX,
    board_key,
    change_fact,
    iso,
    lag_fact,
    name_fact,
    share_fact,
    stated,
)
from core.words import lag, likely_change, listed, month, months

if TYPE_CHECKING:
    from core.evidence.evidence import Board, Evidence
    from core.gap.analysis import Analysis
    from core.gap.class_gap import ClassGap
    from core.gap.influence import Influence

_MEASURES: dict[Measure, str] = {"index": INDEX, "catch_up": CATCH_UP}
_NAMED = 1 / 3
"""From this share of a figure on, an open model is named that carries it."""
_WHO = {"third-party": "a third party", "registry": "one kind of register"}
INFLUENCE_LINES = (
    Line(
        "Rests most on",
        "{leans.on}[: {leans.share} of {leans.access} catch-up time]; without {leans.them} {leans.without}"
        "[, and {leans.direction}]",
        ("sure",),
    ),
    Line("One model", "{one_model}", ("sure",)),
)
"""What moves a figure most, and which models carry more than a third of catch-up time."""
CATCH_UP_LINE = Line(
    "Catch-up rests on",
    "{catch_up.leans.on} most: {catch_up.leans.share} of {catch_up.leans.access} catch-up time; without"
    " {catch_up.leans.them} {catch_up.leans.without}[, and {catch_up.leans.direction}]",
    ("sure", "catch_up"),
)
"""What moves catch-up time most, where another measure leads."""


def influence_facts(evidence: "Evidence", analysis: "Analysis", parameters: Parameters) -> list[Fact]:
    """State what moves a headline most, what moves each one most of each kind, and which model carries over a third.

    Catch-up time has the same, under keys of its own, where another measure leads.
    """
    found: list[Fact] = []
    said: set[str] = set()
    for each in analysis.influences:
        prefix, name = _prefix(analysis, each), name_of(evidence, each)
        of = {"access": each.access, **_named(evidence, each)}
        lag_of = {**of, "day": iso(each.at) or "", "measure": f"{_MEASURES[each.measure]} without {name}"}
        key = f"{prefix}without.{each.access}.{each.kind}"
        found.append(lag_fact(key, each.months, _short(each, name), name, **lag_of))
        if prefix not in said:
            said.add(prefix)
            found += _largest_facts(prefix, each, analysis.classes[each.access], name, of, lag_of)
    return [*found, *_one_model_facts(evidence, analysis, parameters)]


def _prefix(analysis: "Analysis", each: "Influence") -> str:
    """Return how the keys of an influence begin: with the measure where another leads."""
    return "" if each.measure == analysis.influences[0].measure else f"{each.measure}."


def _largest_facts(
    prefix: str, each: "Influence", gap: "ClassGap", name: str, of: dict[str, Any], lag_of: dict[str, Any]
) -> Iterable[Fact]:
    """State the thing without which a measure moves most, and where it moves."""
    subject = f"{each.access} tests without {name}"
    yield name_fact(f"{prefix}leans.on", name, **of)
    if each.share is not None:
        yield share_fact(f"{prefix}leans.share", each.share, f"of {each.access} catch-up time", **of)
    yield name_fact(f"{prefix}leans.access", each.access, f"{each.access} tests", **of)
    them = "them" if each.kind == "grade" or len(each.boards) > 1 else "it"
    yield stated(f"{prefix}leans.them", each.kind, "", them, "name", name, **of)
    yield lag_fact(f"{prefix}leans.without", each.months, _without(each, gap), subject, **lag_of)
    yield from _direction_facts(prefix, each, gap, name, of)


def without_lines(analysis: "Analysis") -> list[Line]:
    """Return a line for each measure that says, class by class, where its figure goes without each kind of thing."""
    lines: list[Line] = []
    for measure in dict.fromkeys(each.measure for each in analysis.influences):
        parts = []
        for name in analysis.classes:
            of_class = [each for each in analysis.influences if (each.access, each.measure) == (name, measure)]
            keys = [f"{{{_prefix(analysis, each)}without.{name}.{each.kind}}}" for each in of_class]
            if keys:
                parts.append(f"{_subject(measure, name)} would be {', '.join(keys)}")
        lines.append(Line("Catch-up without" if lines else "Without", "; ".join(parts), ("sure",)))
    return lines


def influences_data(evidence: "Evidence", analysis: "Analysis") -> list[dict[str, Any]]:
    """Return all influences, as the analysis orders them: the key `influences` of the JSON contract."""
    return [
        {
            "measure": each.measure,
            "kind": each.kind,
            "name": name_of(evidence, each),
            "access": each.access,
            **(board_key(evidence.boards[each.boards[0]]) if each.kind == "benchmark" else {}),
            "family": evidence.boards[each.boards[0]].family if each.boards else None,
            "model": None if each.model is None else evidence.models[each.model].model_id,
            "grade": each.grade or None,
            "share": each.share,
            "months_without": each.months,
            "moved": each.moved,
            "at": iso(each.at),
            "change": asdict(each.change),
        }
        for each in analysis.influences
    ]


def name_of(evidence: "Evidence", each: "Influence") -> str:
    """Name what is left out: boards, a model, or models of a grade of evidence."""
    if each.boards:
        return _name_of_boards([evidence.boards[board] for board in each.boards])
    if each.model is not None:
        return evidence.models[each.model].name
    called = f"calls {next(iter(each.sides))}" if len(each.sides) == 1 else "calls open or closed"
    return f"models that only {_WHO[each.grade]} {called}"


def _name_of_boards(boards: "list[Board]") -> str:
    """Name one board; or two of a family, or the family by the board of its name."""
    if len(boards) <= 2:
        return listed([board.name for board in boards])
    first = next((board for board in boards if board.benchmark_id == board.family), boards[0])
    return f"the {len(boards)} tests of {first.name}"


def _named(evidence: "Evidence", each: "Influence") -> dict[str, Any]:
    """Return the fields by which a fact says which benchmark or model is left out."""
    if len(each.boards) == 1:
        return {"benchmark": evidence.boards[each.boards[0]].name}
    return {} if each.model is None else {"model": evidence.models[each.model].name}


def _short(each: "Influence", name: str) -> str:
    return f"{'no figure' if each.months is None else lag(each.months)} without {name}"


def _subject(measure: Measure, access: str) -> str:
    return f"{access} catch-up time" if measure == "catch_up" else f"the gap on {access} tests"


def _without(each: "Influence", gap: "ClassGap") -> str:
    """Write where the headline goes without it, with the month where it is read in another."""
    subject, whole = _subject(each.measure, each.access), gap.figure(each.measure)
    if each.months is None or each.at is None:
        return f"{subject} could not be told"
    at, headline_at = (month(date.fromordinal(day)) for day in (each.at, whole.at or each.at))
    read = f" ({at})" if at != headline_at else ""
    return f"{subject} would be {lag(each.months)}{read}"


def _direction_facts(prefix: str, each: "Influence", gap: "ClassGap", name: str, of: dict[str, Any]) -> Iterable[Fact]:
    """State the direction since the fixed day, where it is told without the thing and not with it, or the reverse."""
    change, since = each.change, month(date.fromordinal(gap.since))
    whole = gap.catch_up_change if each.measure == "catch_up" else gap.index.change
    if change.direction == whole.direction:
        return
    shown = f"whether that is more than in {since} could not be told"
    if change.direction and change.months is not None and change.low is not None and change.high is not None:
        word = "wider" if change.direction > 0 else "narrower"
        spread = likely_change(change.low, change.high, "narrower", "wider")
        shown = f"{word} than in {since} by {months(change.months)} ({spread})"
    yield change_fact(f"{prefix}leans.direction", change.months, shown, name, low=change.low, high=change.high, **of)


def _one_model_facts(evidence: "Evidence", analysis: "Analysis", parameters: Parameters) -> Iterable[Fact]:
    """Name each open model that carries over a third of a figure, with its share."""
    from core.gap.influence import model_shares

    said: list[str] = []
    largest = 0.0
    for name, gap in analysis.classes.items():
        if gap.trend.last_readable() is None:
            continue
        large = {model: share for model, share in model_shares(gap, parameters).items() if share > _NAMED}
        largest = max((largest, *large.values()))
        if large:
            named = listed([f"{evidence.models[n].name} {100 * share:.0f} %" for n, share in large.items()])
            said.append(f"{named} of {name}{'' if said else ' catch-up time'}")
    if said:
        shown = f"over a third of it comes from one model's release: {', '.join(said)}"
        yield share_fact("one_model", largest, "from one open model's release", shown)
