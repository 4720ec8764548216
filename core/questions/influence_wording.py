"""What a figure rests on most, in the words that `gap`, `trust` and the brief share; and its keys in data."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from core.answer import Fact, Line
from core.gap.parameters import Parameters
from core.questions.shared_facts import board_key, change_fact, iso, lag_fact, name_fact, share_fact, stated
from core.words import lag, likely_clear, listed, month, months

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence
    from core.gap.analysis import Analysis
    from core.gap.class_gap import ClassGap
    from core.gap.influence import Influence

_NAMED = 1 / 3
"""From this share of a figure on, an open model is named that carries it."""
_WHO = {"third-party": "a third party", "registry": "one kind of register"}
INFLUENCE_LINES = (
    Line(
        "Rests most on",
        "{leans.on}: {leans.share} of {leans.access} catch-up time; without {leans.them} {leans.without}"
        "[, and {leans.direction}]",
        ("sure",),
    ),
    Line("One model", "{one_model}", ("sure",)),
)
"""What moves a figure most, and which models carry more than a third of one."""


def influence_facts(evidence: "Evidence", analysis: "Analysis", parameters: Parameters) -> list[Fact]:
    """State what moves a headline most, what moves each one most of each kind, and which model carries over a third."""
    found: list[Fact] = []
    for number, each in enumerate(analysis.influences):
        name, of = _name(evidence, each), {"access": each.access, **_named(evidence, each)}
        lag_of = {**of, "day": iso(each.at) or "", "measure": f"catch-up time without {name}"}
        without = lag_fact(f"without.{each.access}.{each.kind}", each.months, _short(each, name), name, **lag_of)
        found.append(without)
        if number == 0:
            gap = analysis.classes[each.access]
            subject = f"{each.access} tests without {name}"
            found += [
                name_fact("leans.on", name, **of),
                share_fact("leans.share", each.share, f"of {each.access} catch-up time", **of),
                name_fact("leans.access", each.access, f"{each.access} tests", **of),
                stated("leans.them", each.kind, "", "them" if each.kind == "grade" else "it", "name", name, **of),
                lag_fact("leans.without", each.months, _without(each, gap), subject, **lag_of),
                *_direction_facts(each, gap, name, of),
            ]
    return [*found, *_one_model_facts(evidence, analysis, parameters)]


def without_lines(analysis: "Analysis") -> list[Line]:
    """Return the line, if any, that says, for each class, where its figure goes without each kind of thing."""
    parts = []
    for name in analysis.classes:
        keys = [f"{{without.{name}.{each.kind}}}" for each in analysis.influences if each.access == name]
        if keys:
            parts.append(f"{name} catch-up time would be {', '.join(keys)}")
    return [Line("Without", "; ".join(parts), ("sure",))] if parts else []


def influences_data(evidence: "Evidence", analysis: "Analysis") -> list[dict[str, Any]]:
    """Return all influences, the largest move first: the key `influences` of the JSON contract."""
    return [
        {
            "kind": each.kind,
            "name": _name(evidence, each),
            "access": each.access,
            **(board_key(evidence.boards[each.board]) if each.board is not None else {}),
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


def _name(evidence: "Evidence", each: "Influence") -> str:
    if each.board is not None:
        return evidence.boards[each.board].name
    if each.model is not None:
        return evidence.models[each.model].name
    called = f"calls {next(iter(each.sides))}" if len(each.sides) == 1 else "calls open or closed"
    return f"models that only {_WHO[each.grade]} {called}"


def _named(evidence: "Evidence", each: "Influence") -> dict[str, Any]:
    """Return the fields by which a fact says which benchmark or model is left out."""
    if each.board is not None:
        return {"benchmark": evidence.boards[each.board].name}
    return {} if each.model is None else {"model": evidence.models[each.model].name}


def _short(each: "Influence", name: str) -> str:
    return f"{'no figure' if each.months is None else lag(each.months)} without {name}"


def _without(each: "Influence", gap: "ClassGap") -> str:
    """Write where the headline goes without it, with the month where it is read in another."""
    if each.months is None or each.at is None:
        return f"there would be no {each.access} catch-up time"
    at, headline_at = (month(date.fromordinal(day)) for day in (each.at, gap.catch_up.at or each.at))
    read = f" ({at})" if at != headline_at else ""
    return f"{each.access} catch-up time would be {lag(each.months)}{read}"


def _direction_facts(each: "Influence", gap: "ClassGap", name: str, of: dict[str, Any]) -> Iterable[Fact]:
    """State the direction since the fixed day, where it is told without the thing and not with it, or the reverse."""
    change, since = each.change, month(date.fromordinal(gap.since))
    if change.direction == gap.catch_up_change.direction:
        return
    shown = f"whether that is more than in {since} could not be told"
    if change.direction and change.months is not None and change.low is not None and change.high is not None:
        word, ends = ("wider" if change.direction > 0 else "narrower"), sorted((abs(change.low), abs(change.high)))
        shown = f"{word} than in {since} by {months(change.months)} ({likely_clear(*ends)})"
    yield change_fact("leans.direction", change.months, shown, name, low=change.low, high=change.high, **of)


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
