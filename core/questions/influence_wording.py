"""What a figure rests on most, in the words that `gap`, `trust` and the brief share; and its keys in data."""

from typing import TYPE_CHECKING, Any

from core.answer import Fact, Line
from core.questions.shared_facts import INDEX, board_key, iso, lag_fact, name_fact, stated
from core.words import lag, listed

if TYPE_CHECKING:
    from core.evidence.evidence import Board, Evidence
    from core.gap.analysis import Analysis
    from core.gap.sensitivity import Influence

_WHO = {"third-party": "a third party", "registry": "one kind of register"}
INFLUENCE_LINE = Line("Rests most on", "{leans.on}; without {leans.them} {leans.without}", ("sure",))
"""What moves a figure most."""


def influence_facts(evidence: "Evidence", analysis: "Analysis") -> list[Fact]:
    """State what moves a figure most, and what moves each one most of each kind."""
    facts: list[Fact] = []
    for each in analysis.influences:
        name, at = name_of(evidence, each), iso(analysis.classes[each.access].headline.at) or ""
        of: dict[str, Any] = {"access": each.access, **_named(evidence, each)}
        lag_of = {**of, "day": at, "measure": f"{INDEX} without {name}"}
        if not facts:
            them = "them" if each.kind == "grade" or len(each.boards) > 1 else "it"
            subject = f"{each.access} tests without {name}"
            facts.append(name_fact("leans.on", name, **of))
            facts.append(stated("leans.them", each.kind, "", them, "name", name, **of))
            facts.append(lag_fact("leans.without", each.months, _without(each), subject, **lag_of))
        key = f"without.{each.access}.{each.kind}"
        shown = f"{'no figure' if each.months is None else lag(each.months)} without {name}"
        facts.append(lag_fact(key, each.months, shown, name, **lag_of))
    return facts


def without_line(analysis: "Analysis") -> list[Line]:
    """Return the line that says, class by class, where the gap goes without each kind of thing."""
    parts = []
    for name in analysis.classes:
        keys = [f"{{without.{name}.{each.kind}}}" for each in analysis.influences if each.access == name]
        if keys:
            parts.append(f"the gap on {name} tests would be {', '.join(keys)}")
    return [Line("Without", "; ".join(parts), ("sure",))] if parts else []


def influences_data(evidence: "Evidence", analysis: "Analysis") -> list[dict[str, Any]]:
    """Return all influences, as the analysis orders them: the key `influences` of the JSON contract."""
    return [
        {
            "kind": each.kind,
            "name": name_of(evidence, each),
            "access": each.access,
            "benchmarks": [board_key(evidence.boards[board]) for board in each.boards],
            "family": evidence.boards[each.boards[0]].family if each.boards else None,
            "model": evidence.models[each.models[0]].model_id if each.kind == "model" else None,
            "grade": each.grade or None,
            "months_without": each.months,
            "moved": each.moved,
        }
        for each in analysis.influences
    ]


def name_of(evidence: "Evidence", each: "Influence") -> str:
    """Name what is left out: boards, a model, or models of a grade of evidence."""
    if each.boards:
        return _name_of_boards([evidence.boards[board] for board in each.boards])
    if each.kind == "model":
        return evidence.models[each.models[0]].name
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
    return {"model": evidence.models[each.models[0]].name} if each.kind == "model" else {}


def _without(each: "Influence") -> str:
    """Write where the headline goes without it."""
    subject = f"the gap on {each.access} tests"
    return f"{subject} could not be told" if each.months is None else f"{subject} would be {lag(each.months)}"
