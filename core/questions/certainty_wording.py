"""How sure one can be of the gap, in one sentence, and what could move it most: the first look of `trust`."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from core.answer import Fact, Line
from core.questions.direction_wording import which_way
from core.questions.influence_wording import name_of
from core.questions.measure_wording import NAMES, measure_name
from core.questions.shared_facts import iso, lag_fact
from core.words import lag, likely_behind

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence
    from core.gap.analysis import Analysis
    from core.gap.class_gap import ClassGap

_LABELS = ("Largest doubt", "Second", "Third")
_LEAST = 0.1
"""What moves a figure by less, in months, is no doubt."""


def certainty(known: Mapping[str, Fact], classes: Iterable[str], has_change: bool) -> str:
    """Say in one sentence how sure it is that open models trail, by how much, and which way that goes: a template."""
    names = list(classes)
    ranges = [known[f"range.{name}"] for name in names if f"range.{name}" in known]
    told = [f"{{sure.{name}}}" for name in names if f"sure.{name}" in known]
    told = [*(f"the gap {each}" for each in told[:1]), *told[1:]]
    if not told:
        return "Not sure of the gap: " + (f"{{range.{names[0]}}}" if ranges else "no figure")
    is_sure = len(told) == len(names) and all((each.low or 0.0) > 0 for each in ranges)
    way = which_way(known, names) if has_change else ""
    way = "too uncertain to say if it grows" if way.startswith("too uncertain") else way
    return f"{'Sure' if is_sure else 'Not sure'} that open models trail: {', '.join(told)}{'; ' if way else ''}{way}"


def doubt_facts(evidence: "Evidence", analysis: "Analysis") -> list[Fact]:
    """State each class's range for that sentence, and the three things that would move a figure most, largest first.

    They are of different kinds: another measure, and a test, a model or a grade of evidence that is left out.
    """
    facts: list[Fact] = []
    largest = dict[str, tuple[float, Fact]]()
    for name, gap in analysis.classes.items():
        low, high, months_ = gap.headline.low, gap.headline.high, gap.headline.months
        if low is not None and high is not None:
            of: dict[str, Any] = {"access": name, "low": low, "high": high, "day": iso(gap.headline.at) or ""}
            is_first = not any(fact.key.startswith("sure.") for fact in facts)
            shown = f"on {name} tests {'is ' if is_first else ''}{likely_behind(low, high)} months"
            ends = f"{low:.1f} to {high:.1f}"
            facts.append(lag_fact(f"sure.{name}", ends, shown, measure=measure_name(gap, gap.leads), **of))
        if months_ is not None:
            for size, kind, fact in _doubts(evidence, analysis, name, gap, months_):
                if size >= max(_LEAST, largest.get(kind, (0.0,))[0]):
                    largest[kind] = (size, fact)
    ordered = sorted(largest.values(), key=lambda each: -each[0])
    return [*facts, *(fact for _, fact in ordered[: len(_LABELS)])]


def _doubts(
    evidence: "Evidence", analysis: "Analysis", name: str, gap: "ClassGap", headline: float
) -> Iterable[tuple[float, str, Fact]]:
    """Yield how far each thing would move a class's figure, in months, of which kind it is, and the fact of it."""
    board = evidence.boards[gap.boards[0]].name if len(gap.boards) == 1 else ""
    of: dict[str, Any] = {"access": name, "benchmark": board}
    instead = f"not {lag(headline).removesuffix(' months')}, on {board or f'{name} tests'}"
    for measure in NAMES:
        figure = gap.figure(measure)
        if measure != gap.leads and figure.months is not None:
            called, shown = measure_name(gap, measure), lag(figure.months)
            measured = {**of, "measure": called, "day": iso(figure.at) or ""}
            whose = " of each test" if measure == "standing" else ""
            fact = lag_fact("doubt.measure", figure.months, f"{shown} by {called}{whose}, {instead}", **measured)
            yield abs(figure.months - headline), "measure", fact
    for each in analysis.influences:
        if (each.access, each.measure) != (name, gap.leads):
            continue
        called = f"{measure_name(gap, gap.leads)} without {name_of(evidence, each)}"
        shown = "no figure" if each.months is None else lag(each.months)
        shown = f"{shown} without {name_of(evidence, each)}, {instead}"
        measured = {**of, "measure": called, "day": iso(each.at) or ""}
        yield each.size, each.kind, lag_fact(f"doubt.{each.kind}", each.months, shown, **measured)


def doubt_lines(known: Mapping[str, Fact]) -> list[Line]:
    """Return a line for each of the largest doubts, as the facts stand."""
    keys = [key for key in known if key.startswith("doubt.")]
    return [Line(label, f"{{{key}}}", ("sure",)) for label, key in zip(_LABELS, keys, strict=False)]
