"""How sure one can be of the gap, in one sentence, and what could move it most: the first look of `trust`."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.answer import Fact, Line
from core.gap.parameters import DEFAULT
from core.questions.influence_wording import name_of
from core.questions.measure_wording import measure_name, title
from core.questions.robust_wording import NAMES
from core.questions.shared_facts import headline_text, iso, lag_fact
from core.words import lag, likely_behind

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence
    from core.gap.analysis import Analysis
    from core.gap.sensitivity import Robust

_LEAST = 0.1
"""What moves a figure by less, in months, is no doubt."""
_NAMED = 2
"""So many doubts are named."""


def certainty(known: Mapping[str, Fact], analysis: "Analysis") -> str:
    """Say in one sentence how sure it is that open models trail, and by how much: a template."""
    if "stand.months" in known:
        return f"One test alone has no range. {title(known, list(analysis.classes), analysis.leads)}"
    ranges = [known[f"sure.{name}"] for name in analysis.classes if f"sure.{name}" in known]
    if not ranges:
        return "Not sure of the gap: too little data for a range"
    figures = ", ".join(f"{{{fact.key}}}" for fact in ranges)
    missing = [name for name in analysis.classes if f"sure.{name}" not in known]
    figures += f"; no range on {missing[0]} tests" if missing else ""
    if all((fact.high or 0.0) < 0 for fact in ranges):
        return f"Sure that open models lead: {figures}"
    is_sure = all((fact.low or 0.0) > 0 for fact in ranges)
    return f"{'Sure' if is_sure else 'Not sure'} that open models trail: {figures}"


def certainty_facts(evidence: "Evidence", analysis: "Analysis", robust: "Sequence[Robust]") -> list[Fact]:
    """State each class's range, and the two things that would move a figure most, each of another kind.

    Kinds are a family of tests, a model, a grade of evidence that is left out, and another choice.
    """
    facts: list[Fact] = []
    for name, gap in analysis.classes.items():
        low, high = gap.headline.low, gap.headline.high
        if low is not None and high is not None:
            spread = _spread_in_months(low, high)
            short = spread.removeprefix("likely ").removesuffix(" months")
            shown = f"{short} on {name}" if facts else f"{spread} on {name} tests"
            of: dict[str, Any] = {"access": name, "low": low, "high": high, "day": iso(gap.headline.at) or ""}
            facts.append(
                lag_fact(f"sure.{name}", f"{low:.1f} to {high:.1f}", shown, measure=measure_name(gap, gap.leads), **of)
            )
    largest = dict[str, tuple[float, Fact]]()
    doubts = (
        *_influence_doubts(evidence, analysis),
        *_choice_doubts(analysis, robust),
        *_standing_doubts(evidence, analysis),
    )
    for size, fact in doubts:
        if size >= max(_LEAST, largest.get(fact.key, (0.0,))[0]):
            largest[fact.key] = (size, fact)
    ordered = sorted(largest.values(), key=lambda doubt: -doubt[0])
    return [*facts, *(fact for _, fact in ordered[:_NAMED])]


def _spread_in_months(low: float, high: float) -> str:
    """Write an interval of a lag with its unit: "likely 5 to 9 months", "likely 1 ahead to 3 months behind"."""
    spread = likely_behind(low, high)
    ends, _, way = spread.rpartition(" ")
    return f"{ends} months {way}" if way in ("ahead", "behind") else f"{spread} months"


def _influence_doubts(evidence: "Evidence", analysis: "Analysis") -> Iterator[tuple[float, Fact]]:
    """Yield how far each thing that is left out moves a figure, in months, with the fact of it."""
    for part in analysis.influences:
        without = f"without {name_of(evidence, part)}"
        yield part.size, _doubt_fact(analysis, part.kind, part.access, part.months, without)


def _choice_doubts(analysis: "Analysis", robust: "Sequence[Robust]") -> Iterator[tuple[float, Fact]]:
    """Yield how far each choice by itself moves a figure, in months, with the fact of it."""
    for figures in robust:
        whole = float(figures.months[0])
        for chosen, months in zip(figures.choices, figures.months.tolist(), strict=True):
            if len(chosen) == 1 and math.isfinite(months):
                fact = _doubt_fact(analysis, "choice", figures.access, months, f"with {NAMES[chosen[0]]}")
                yield abs(months - whole), fact


def _standing_doubts(evidence: "Evidence", analysis: "Analysis") -> Iterator[tuple[float, Fact]]:
    """Yield how far the standing gap of the one test that was asked for moves without either of its two models."""
    from core.gap.standing import standing_gaps

    for access, gap in analysis.classes.items() if analysis.leads == "standing" else ():
        for stand in gap.standing.gaps:
            for model in (stand.open, stand.closed):
                rest = standing_gaps(evidence.without([model]), gap.boards, stand.at, DEFAULT, at=stand.at).gaps
                if rest:
                    without = f"without {evidence.models[model].name}"
                    fact = _doubt_fact(analysis, "model", access, rest[0].months, without)
                    yield abs(rest[0].months - stand.months), replace(fact, benchmark=evidence.boards[stand.board].name)


def _doubt_fact(analysis: "Analysis", kind: str, access: str, months: float | None, how: str) -> Fact:
    """State a class's figure with something left out or chosen otherwise, beside its headline."""
    headline = analysis.classes[access].headline
    now = headline_text(headline)
    shown = "no figure" if months is None else f"{lag(months)}, not {now.removesuffix(' months')},"
    where = "" if analysis.leads == "standing" else f" on {access} tests"
    of: dict[str, Any] = {"access": access, "day": iso(headline.at) or ""}
    of["measure"] = f"{measure_name(analysis.classes[access], analysis.leads)} {how}"
    return lag_fact(f"doubt.{kind}", months, f"{shown}{where} {how}", **of)


def doubt_line(facts: Sequence[Fact]) -> Line:
    """Return the line on what could move a figure most."""
    slots = [f"{{{fact.key}}}" for fact in facts if fact.key.startswith("doubt.")]
    return Line("Doubts", "; ".join(slots), ("sure",))
