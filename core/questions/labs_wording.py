"""Which open lab is closest: the labs by their best models on the index, for `best`."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from core.answer import Fact, Line, Table, details
from core.gap.parameters import MONTH_DAYS
from core.questions.shared_facts import STANDING, count_fact, lag_fact, name_fact
from core.words import cell, likely_behind, listed, stands

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence
    from core.gap.ranking import Ranked

Labs = dict[str, "tuple[Ranked, ...]"]
"""Per class of tests the best model of each open lab, the closest first."""
_OF_LAB = f"{STANDING} of a lab's best model on the index"


@dataclass(frozen=True)
class _Standing:
    """How many months before a day the first closed model was where an open one stands; None where none ever was."""

    months: float | None
    low: float | None
    high: float | None

    @classmethod
    def of(cls, evidence: "Evidence", each: "Ranked", as_of: int) -> "_Standing":
        """Add a model's age on a day (ordinal) to its lag at release."""
        age, index = (as_of - evidence.models[each.model].day) / MONTH_DAYS, each.index
        at_release = (index.months, index.months_low, index.months_high)
        return cls(*(None if value is None else value + age for value in at_release))

    @property
    def range(self) -> str:
        """The interval in words, empty where no closed model is there."""
        if self.high is None:
            return ""
        return f"likely {self.high:.1f} or less" if self.low is None else likely_behind(self.low, self.high)


def lab_facts(evidence: "Evidence", labs: Labs, as_of: int) -> list[Fact]:
    """State the closest lab of each class, how far behind it stands on a day (ordinal), and which are level with it."""
    facts = []
    for name, (first, *others) in labs.items():
        model, standing = evidence.models[first.model], _Standing.of(evidence, first, as_of)
        shown = "above every closed model" if standing.months is None else stands(standing.months)
        shown += f" ({standing.range})" if standing.range else ""
        bounds: dict[str, Any] = {"low": standing.low, "high": standing.high, "measure": _OF_LAB, "model": model.name}
        facts += [
            name_fact(f"lab.{name}", model.lab, "the closest open lab", access=name, side="open"),
            name_fact(f"lab.{name}.model", model.name, model.lab, access=name, side="open", model=model.name),
            lag_fact(f"lab.{name}.months", standing.months, shown, access=name, side="open", **bounds),
        ]  # fmt: skip
        level = [evidence.models[each.model].lab for each in others if not each.is_apart]
        if level:
            of: dict[str, Any] = {"access": name, "subject": "not told from the closest"}
            facts.append(count_fact(f"lab.{name}.level", len(level), "labs", listed(level), **of))
    return facts


def lab_lines(evidence: "Evidence", labs: Labs) -> tuple[Line, ...]:
    """Return the lines that say which lab is closest, on each class of tests."""
    if not labs:
        return ()
    closest = {name: evidence.models[found[0].model].lab for name, found in labs.items()}
    first = next(iter(closest))
    if len(set(closest.values())) == 1:
        text = f"{{lab.{first}}} is the closest open lab, on {' and on '.join(f'{name} tests' for name in closest)}"
    else:
        text = f"the closest open lab is {' and '.join(f'{{lab.{name}}} on {name} tests' for name in closest)}"
    told = "{lab.%s}: {lab.%s.model} stands {lab.%s.months}[; too close to call: {lab.%s.level}]"
    return details([
        Line("Labs", text, ("lab",), sentence=True),
        *(Line(f"{name.capitalize()}, by lab", told.replace("%s", name), ("lab",)) for name in labs),
    ])  # fmt: skip


def lab_tables(evidence: "Evidence", labs: Labs, as_of: int) -> list[Table]:
    """List the open labs of each class of tests by their best models."""
    tables = []
    for name, found in labs.items():
        rows = []
        for each in found:
            model, standing = evidence.models[each.model], _Standing.of(evidence, each, as_of)
            told = "yes" if each.is_apart else "can't tell"
            spread = standing.range.removeprefix("likely ") or "–"
            rows.append((model.lab, model.name, cell(standing.months), spread, "–" if each is found[0] else told))
        columns = ("Lab", "Best model", "Behind now", "Likely", "Told from the closest")
        tables.append(Table(f"Open labs on {name} tests by their best model: months behind", columns, tuple(rows)))
    return tables


def lab_data(evidence: "Evidence", labs: Labs, as_of: int) -> dict[str, list[dict[str, Any]]]:
    """Return the labs of each class: the key `labs` of the JSON contract."""
    found: dict[str, list[dict[str, Any]]] = {}
    for name, ranked in labs.items():
        for each in ranked:
            model, standing = evidence.models[each.model], asdict(_Standing.of(evidence, each, as_of))
            row = {"lab": model.lab, "model": model.model_id, "name": model.name, **standing}
            found.setdefault(name, []).append(row | {"told_from_closest": each.is_apart})
    return found
