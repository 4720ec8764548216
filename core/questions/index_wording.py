"""What is said of models on the index: where each stands, and how long after or before the other side."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from core.answer import Fact, Line
from core.gap.parameters import DEFAULT
from core.questions.shared_facts import BETWEEN, change_fact, lag_fact, side_of, stated
from core.words import CLASSES, likely_change, months

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence
    from core.gap.figures import Change
    from core.gap.model_index import ModelIndex

ON_INDEX = f"{BETWEEN} on the index"
"""What is measured between a model and the first of the other side that is as able on the index."""
INDEX_LINE = Line("Index", "<@ {index.@}, {index.@.lag}|; > · {index.unit}", ("level",))
"""Where one model stands on the index of each class."""


def on_index(evidence: "Evidence", model: int, as_of: date) -> "dict[str, ModelIndex]":
    """Place a model (an index) on the index of each class of headline tests that has it, by a day."""
    import numpy as np

    from core.gap.model_index import model_index

    boards = np.array([number for number, board in enumerate(evidence.boards) if board.headline], dtype=np.int64)
    access = np.array([evidence.boards[number].access for number in boards.tolist()])
    found = {name: model_index(evidence, model, boards[access == name], as_of.toordinal(), DEFAULT) for name in CLASSES}
    return {name: each for name, each in found.items() if each is not None}


def index_facts(evidence: "Evidence", model: int, placed: "dict[str, ModelIndex]", prefix: str = "") -> Iterable[Fact]:
    """State a model's index on each class of tests, and how long before or after the other side it was there."""
    known = evidence.models[model]
    for name, each in placed.items():
        of = {"access": name, "model": known.name, "side": side_of(evidence, model)}
        shown = f"{each.points:.0f} (likely {each.low:.0f} to {each.high:.0f})"
        yield stated(f"{prefix}index.{name}", each.points, "points", shown, "score", low=each.low, high=each.high, **of)
        shown = _lag(evidence, each, is_open=known.is_open)
        bounds: dict[str, Any] = {"low": each.months_low, "high": each.months_high}
        yield lag_fact(f"{prefix}index.{name}.lag", each.months, shown, measure=ON_INDEX, **bounds, **of)


def unit_fact() -> Fact:
    """State what the index is counted in."""
    from core.gap.model_index import BEST, POINTS_A_YEAR

    shown = f"{BEST:g} is the best closed model, {POINTS_A_YEAR:g} points a year's growth"
    return stated("index.unit", POINTS_A_YEAR, "points", shown, "score", "the index")


def _lag(evidence: "Evidence", each: "ModelIndex", *, is_open: bool) -> str:
    """Write who of the other side was there first, and how long before or after."""
    if each.other is None or each.months is None:
        return "above every closed model" if is_open else "no open model is there yet"
    way = "before" if (each.months > 0) == is_open else "after"
    size = f"{months(each.months)} {way}" if each.months else "on the same day"
    return f"first reached by {evidence.models[each.other].name} {size} it{_range(each, is_open=is_open)}"


def _range(each: "ModelIndex", *, is_open: bool) -> str:
    if each.months_low is not None and each.months_high is not None:
        low, high = each.months_low, each.months_high
        if low * high >= 0:
            return f" (likely {min(abs(low), abs(high)):.1f} to {max(abs(low), abs(high)):.1f})"
        back, on = ("after", "before") if is_open else ("before", "after")
        return f" (likely {-low:.1f} {back} to {high:.1f} {on})"
    end = each.months_high if is_open else each.months_low
    if end is None:
        return ""
    return f" (likely {end:.1f} or {'less' if is_open else 'more'})"


def effect_facts(effect: "Change") -> list[Fact]:
    """State how much further open models are behind on private tests than on public ones, on one scale of all."""
    if effect.months is None or effect.low is None or effect.high is None:
        return []
    shown = f"{months(effect.months)} {'further' if effect.months >= 0 else 'less far'} behind on private tests than on"
    shown += f" public ones ({likely_change(effect.low, effect.high, 'less', 'more')})"
    subject = "private minus public tests, on one scale"
    return [change_fact("effect", effect.months, shown, subject, low=effect.low, high=effect.high)]


def side_by_side(placed: "Mapping[str, dict[str, ModelIndex]]") -> list[Line]:
    """Return the line that says where two models, left and right, stand on each index that has both, if any."""
    names = [name for name in CLASSES if all(name in classes for classes in placed.values())]
    said = "; ".join(f"{name} {{left}} {{left.index.{name}}}, {{right}} {{right.index.{name}}}" for name in names)
    return [Line("Index", f"{said} · {{index.unit}}", ("level",))] if placed and said else []


def index_data(evidence: "Evidence", each: "ModelIndex | None") -> dict[str, Any] | None:
    """Return a model's place on an index: the key `index` of the JSON contract."""
    if each is None:
        return None
    other = None if each.other is None else evidence.models[each.other]
    return {
        "points": each.points, "low": each.low, "high": each.high, "months": each.months,
        "months_low": each.months_low, "months_high": each.months_high,
        "other_model": other and other.model_id, "other_name": other and other.name,
    }  # fmt: skip
