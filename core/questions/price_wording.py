"""The gap at an equal price, for `best`: each side's best model that costs as much or less (method.md, E13)."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from core.answer import Fact, Line, Table, details
from core.questions.index_wording import ON_INDEX, SHORTEST, stand_text
from core.questions.shared_facts import count_fact, day_fact, lag_fact, model_fact
from core.words import cell, count, likely_behind, months, span

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence, IntArray
    from core.gap.equal_price import EqualPrice
    from core.gap.parameters import Parameters
    from core.gap.ranking import Ranked

CAPS = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0)
"""The prices, in dollars per million tokens, of the table."""
_MEASURE = "months apart on the index at an equal price"
Prices = dict[int, float]


def money(value: float) -> str:
    """Write a price: "$0.45", "$6"."""
    return f"${value:g}" if value == round(value) else f"${value:.2f}"


def at_caps(
    evidence: "Evidence", classes: Mapping[str, "IntArray"], as_of: int, parameters: "Parameters", known: Prices,
    ranked: Mapping[str, "tuple[Ranked, ...]"], cap: float | None,
) -> dict[str, "list[EqualPrice]"]:  # fmt: skip
    """Hold both sides against each other on each class of tests: first at `cap`, without it at what the best costs.

    Without a cap that is the best of the ranked open models whose price is known; there is none where no price is.
    """
    from core.gap.equal_price import equal_price

    found: dict[str, list[EqualPrice]] = {}
    for name, of_class in classes.items():
        costs = [known[each.model] for each in ranked.get(name, ()) if each.model in known]
        first = cap if cap is not None else next(iter(costs), None)
        for each in (first, *CAPS) if first is not None else ():
            if (one := equal_price(evidence, of_class, as_of, parameters, known, each)) is not None:
                found.setdefault(name, []).append(one)
    return found


def price_facts(evidence: "Evidence", known: Prices, at: Mapping[str, "list[EqualPrice]"]) -> list[Fact]:
    """State how far apart both sides are at the first price of each class, and of which models prices are known."""
    facts: list[Fact] = []
    for name, (first, *_) in at.items():
        if first.open is None or first.closed is None:
            continue
        for side, model in (("open", first.open), ("closed", first.closed)):
            of: dict[str, Any] = {"subject": evidence.models[model].name, "side": side}
            facts += [
                model_fact(evidence, f"price.{name}.{side}", model),
                count_fact(f"price.{name}.{side}.usd", known[model], "US dollars", money(known[model]), **of),
            ]
        bounds: dict[str, Any] = {"low": first.low, "high": first.high, "measure": _MEASURE, "access": name}
        bounds["model"] = evidence.models[first.open].name
        facts += [
            *_behind_facts(evidence, name, first),
            lag_fact(f"price.{name}", first.months, _apart(first.months), side="open", **bounds),
            count_fact(f"price.{name}.cap", first.cap, "US dollars", money(first.cap), "or less", access=name),
        ]
        if first.low is not None and first.high is not None:
            ends = f"{first.low:.1f} to {first.high:.1f}"
            facts.append(lag_fact(f"price.{name}.range", ends, likely_behind(first.low, first.high), **bounds))
    if facts and evidence.records:
        days = [date.fromisoformat(each.day) for each in evidence.records.prices]
        opened = sum(evidence.models[model].is_open for model in known)
        shown = f"{count(opened, 'open model')} and {count(len(known) - opened, 'closed model')}"
        facts += [
            count_fact("price.known", len(known), "models", shown, "whose price is known"),
            day_fact("price.last", max(days), "the last new price"),
        ]
    return facts


def _behind_facts(evidence: "Evidence", name: str, at_price: "EqualPrice") -> list[Fact]:
    """State how far behind both sides' best stand today."""
    facts = []
    for side in ("open", "closed"):
        value, model = getattr(at_price, f"{side}_months"), evidence.models[getattr(at_price, side)]
        of: dict[str, Any] = {"access": name, "side": side, "model": model.name, "measure": ON_INDEX}
        shown = stand_text(value, is_open=side == "open")
        facts.append(lag_fact(f"price.{name}.{side}.months", value, shown, **of))
    return facts


def _apart(value: float | None) -> str:
    """Write how far the open model stands behind the closed one."""
    if value is None:
        return "the open one above every closed model"
    return "level" if abs(value) < SHORTEST else f"{months(value)} {'apart' if value > 0 else 'the other way'}"


def price_lines(facts: Iterable[Fact], cap: float | None) -> tuple[Line, ...]:
    """Return the lines that say how far apart both sides are at an equal price, and what is known of prices."""
    names = [fact.access for fact in facts if fact.measure == _MEASURE and fact.key == f"price.{fact.access}"]
    apart = "on %s tests {price.%s.open} ({price.%s.open.usd}, {price.%s.open.months}) and {price.%s.closed}"
    apart += " ({price.%s.closed.usd}, {price.%s.closed.months}), {price.%s}[ ({price.%s.range})]"
    if not names:
        return ()
    at = "at the price of the best open model" if cap is None else f"at {{price.{names[0]}.cap}}"
    known = "lowest listed per million tokens, three read for one written; of {price.known}, to {price.last}"
    best = "; ".join(apart.replace("%s", name) for name in names)
    return details([
        Line("Equal price", f"{at} or less: {best}", ("price",), sentence=True),
        Line("Prices", known, ("price",)),
    ])  # fmt: skip


def price_table(evidence: "Evidence", known: Prices, at: Mapping[str, "list[EqualPrice]"]) -> list[Table]:
    """List both sides' best by price, class by class."""
    rows = []
    for name, found in at.items():
        for each in found[1:]:
            named = [
                "–" if model is None else f"{evidence.models[model].name} ({money(known[model])})"
                for model in (each.open, each.closed)
            ]
            behind = (cell(each.open_months), cell(each.closed_months), cell(each.months))
            rows.append((name, money(each.cap), *named, *behind, span(each.low, each.high)))
    columns = ("Tests", "Up to", "Best open", "Best closed", "Open behind", "Closed behind", "Apart", "Likely")
    return [Table("At an equal price: the best of each side, by dollars per million tokens", columns, tuple(rows))]


def price_data(evidence: "Evidence", at: Mapping[str, "list[EqualPrice]"]) -> dict[str, list[dict[str, Any]]]:
    """Return both sides' best by price: the key `equal_price` of the JSON contract."""

    def of(each: "EqualPrice") -> dict[str, Any]:
        models = (None if number is None else evidence.models[number].model_id for number in (each.open, each.closed))
        return {**asdict(each), **dict(zip(("open", "closed"), models, strict=True))}

    return {name: [of(each) for each in found] for name, found in at.items()}
