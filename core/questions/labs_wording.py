"""Which open lab is closest: the labs by their best models on the index, for `best`."""

from typing import TYPE_CHECKING, Any

from core.answer import Fact, Line, Table, details
from core.questions.index_wording import index_data, index_facts, range_text
from core.questions.shared_facts import count_fact, name_fact
from core.words import cell, listed

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence
    from core.gap.ranking import Ranked

Labs = dict[str, "tuple[Ranked, ...]"]
"""Per class of tests the best model of each open lab, the closest first."""


def lab_facts(evidence: "Evidence", labs: Labs) -> list[Fact]:
    """State the closest lab of each class, how far behind its best model stands, and which labs are level with it."""
    facts: list[Fact] = []
    for name, (first, *others) in labs.items():
        model = evidence.models[first.model]
        facts += [
            name_fact(f"lab.{name}", model.lab, "the closest open lab", access=name, side="open"),
            name_fact(f"lab.{name}.model", model.name, model.lab, access=name, side="open", model=model.name),
            *index_facts(evidence, first.model, {name: first.index}, "lab."),
        ]
        level = [evidence.models[each.model].lab for each in others if not each.is_apart]
        if level:
            of: dict[str, Any] = {"access": name, "subject": "not told from the closest"}
            facts.append(count_fact(f"lab.{name}.level", len(level), "labs", listed(level), **of))
    return facts


def lab_lines(evidence: "Evidence", labs: Labs) -> tuple[Line, ...]:
    """Return the lines that say which lab is closest, on each class of tests."""
    if not labs:
        return ()
    closest = {name: evidence.models[ranked[0].model].lab for name, ranked in labs.items()}
    first = next(iter(closest))
    if len(set(closest.values())) == 1:
        text = f"{{lab.{first}}} is the closest open lab, on {' and on '.join(f'{name} tests' for name in closest)}"
    else:
        text = f"the closest open lab is {' and '.join(f'{{lab.{name}}} on {name} tests' for name in closest)}"
    row = "{lab.%s}: {lab.%s.model} stands {lab.index.%s}[ ({lab.index.%s.range})][; too close to call: {lab.%s.level}]"
    return details([
        Line("Labs", text, ("lab",), sentence=True),
        *(Line(f"{name.capitalize()}, by lab", row.replace("%s", name), ("lab",)) for name in labs),
    ])  # fmt: skip


def lab_tables(evidence: "Evidence", labs: Labs) -> list[Table]:
    """List the open labs of each class of tests by their best models."""
    tables = []
    for name, ranked in labs.items():
        rows = []
        for each in ranked:
            model, is_told = evidence.models[each.model], "yes" if each.is_apart else "can't tell"
            spread = range_text(each.index).removeprefix("likely ") or "–"
            rows.append((model.lab, model.name, cell(each.index.months), spread, "–" if each is ranked[0] else is_told))
        columns = ("Lab", "Best model", "Behind now", "Likely", "Told from the closest")
        tables.append(Table(f"Open labs on {name} tests by their best model: months behind", columns, tuple(rows)))
    return tables


def lab_data(evidence: "Evidence", labs: Labs) -> dict[str, list[dict[str, Any]]]:
    """Return the labs of each class: the key `labs` of the JSON contract."""
    return {
        name: [
            {
                "lab": evidence.models[each.model].lab,
                "model": evidence.models[each.model].model_id,
                "name": evidence.models[each.model].name,
                "index": index_data(evidence, each.index),
                "told_from_closest": each.is_apart,
            }
            for each in ranked
        ]
        for name, ranked in labs.items()
    }
