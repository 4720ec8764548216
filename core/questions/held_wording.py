"""What the gap is without the models that are held, and what it would be with them."""

from typing import TYPE_CHECKING

from core.answer import Fact, Line
from core.gap.parameters import Parameters
from core.questions import selection
from core.questions.shared_facts import headline_text, iso, lag_fact, name_fact, stated
from core.words import and_list

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence
    from core.gap.analysis import Analysis

_OF_CLASS = "without {held.models} {held.without.@}, with {held.them} {held.with.@} on @ tests"
HELD_LINE = Line("On one publisher's word", f"<{_OF_CLASS}|; >", ("sure",))
"""Both figures, where a model would hold a record by one publisher's word alone."""


def held_facts(
    evidence: "Evidence", analysis: "Analysis", as_of: int, parameters: Parameters, whose: tuple[str | None, ...]
) -> list[Fact]:
    """State the gap of each class without and with the models that are held; nothing where none is on its tests.

    `whose` are the country, lab and size of the open models that count.
    """
    records = evidence.records
    if records is None or records.with_held is None or analysis.leads != "index":
        return []
    from core.gap.index_figure import class_index

    scenario = records.with_held.known_by(evidence.known_by)
    counted = {model.model_id for model in evidence.models}
    known = selection.open_models(scenario, *whose)
    facts, held = list[Fact](), dict[str, str]()
    for name, gap in analysis.classes.items():
        figure, on_board = gap.index.figure, set(scenario.model[[n in gap.boards for n in scenario.board]].tolist())
        waiting = [each for n, each in enumerate(scenario.models) if n in on_board and each.model_id not in counted]
        waiting = [each for each in waiting if each.day <= as_of]
        other = class_index(scenario, gap.boards, as_of, parameters, known).figure if waiting else figure
        if not waiting or figure.months is None or other.months is None:
            continue
        held |= {each.model_id: each.called for each in waiting}
        for key, of in (("without", figure), ("with", other)):
            facts.append(
                lag_fact(f"held.{key}.{name}", of.months, headline_text(of), access=name, day=iso(of.at) or "")
            )
    if facts:
        facts.append(name_fact("held.models", and_list(list(held.values()))))
        facts.append(stated("held.them", "held", "", "it" if len(held) == 1 else "them", "name"))
    return facts
