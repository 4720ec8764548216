"""What is said of models on the index: how far behind each stands today, and stood at its release."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from core.answer import Fact, Line
from core.gap.parameters import DEFAULT
from core.questions.shared_facts import INDEX, change_fact, iso, lag_fact, name_fact, side_of, stated
from core.words import CLASSES, likely_change, months, span, stands

if TYPE_CHECKING:
    from core.evidence.evidence import Evidence
    from core.gap.figures import Change
    from core.gap.model_index import ModelIndex

ON_INDEX = f"{INDEX}, of one model"
"""How long before the day a closed model first stood where a model stands: its months behind in every answer."""
AT_RELEASE = f"{ON_INDEX}, at its release"
CLOCK_LINE = Line("Behind", "today; the gap averages six months")
"""Why a model's months differ from the gap's."""
SHORTEST = 0.05
"""Fewer months are written as 0.0."""
NONE_ABOVE = "level with or ahead of every closed model"


def on_index(evidence: "Evidence", model: int, as_of: date) -> "dict[str, ModelIndex]":
    """Place a model (an index) on the index of each class of headline tests that has it, by a day."""
    import numpy as np

    from core.gap.model_index import model_index

    boards = np.array([number for number, board in enumerate(evidence.boards) if board.headline], dtype=np.int64)
    access = np.array([evidence.boards[number].access for number in boards.tolist()])
    placed = {name: model_index(evidence, model, boards[access == name], as_of.toordinal(), DEFAULT)
              for name in CLASSES}  # fmt: skip
    return {name: each for name, each in placed.items() if each is not None}


def index_facts(evidence: "Evidence", model: int, placed: "dict[str, ModelIndex]", prefix: str = "") -> Iterable[Fact]:
    """State how far behind a model stands on each class of tests, an open one at its release too, and its index."""
    known = evidence.models[model]
    for name, each in placed.items():
        key = f"{prefix}index.{name}"
        of: dict[str, Any] = {"access": name, "model": known.name, "side": side_of(evidence, model)}
        bounds = {**of, "low": each.months_low, "high": each.months_high, "day": iso(each.at), "measure": ON_INDEX}
        yield lag_fact(key, each.months, stand_text(each.months, is_open=known.is_open), **bounds)
        yield lag_fact(f"{key}.short", each.months, f"{each.months or 0.0:.1f}", **bounds)
        if spread := range_text(each):
            yield lag_fact(f"{key}.range", spread, spread, **bounds)
        if each.other is not None and each.other != model:
            yield name_fact(f"{key}.first", evidence.models[each.other].name, side="closed", access=name)
        if known.is_open:
            released = {**of, "day": iso(known.day), "measure": AT_RELEASE}
            yield lag_fact(f"{key}.release", each.at_release, release_text(each.at_release), **released)
            yield lag_fact(f"{key}.release.short", each.at_release, f"{each.at_release or 0.0:.1f}", **released)
        shown = f"{each.points:.0f} (likely {each.low:.0f} to {each.high:.0f})"
        yield stated(f"{key}.points", each.points, "points", shown, "score", low=each.low, high=each.high, **of)


def stand_text(value: float | None, *, is_open: bool) -> str:
    """Write where a model stands: "9.6 months behind", of a closed one "5.2 months back"."""
    if value is None:
        return NONE_ABOVE
    return stands(value) if is_open else f"{months(value)} back"


def release_text(value: float | None) -> str:
    """Write how far behind an open model was at its release; None where no closed model has ever been there."""
    return "level or ahead" if value is None or value < SHORTEST else f"{months(value)} behind"


def range_text(each: "ModelIndex") -> str:
    """Write the interval of a model's months behind, to a tenth: its end may be the figure; empty where it has none."""
    if each.months_high is None:
        return ""
    ends = f"{each.months_high:.1f} or less" if each.months_low is None else span(each.months_low, each.months_high)
    return f"likely {ends}"


def unit_fact() -> Fact:
    """State what the index is counted in."""
    from core.gap.model_index import BEST, POINTS_A_YEAR

    shown = f"{BEST:g} is the best closed model, {POINTS_A_YEAR:g} points a year's growth"
    return stated("index.unit", POINTS_A_YEAR, "points", shown, "score", "the index")


def effect_facts(effect: "Change") -> list[Fact]:
    """State how much further open models are behind on private tests than on public ones, on one scale of all."""
    if effect.months is None or effect.low is None or effect.high is None:
        return []
    shown = f"{months(effect.months)} {'further' if effect.months >= 0 else 'less far'} behind on private tests than on"
    shown += f" public ones ({likely_change(effect.low, effect.high, 'less', 'more')})"
    subject = "private minus public tests, on one scale"
    return [change_fact("effect", effect.months, shown, subject, low=effect.low, high=effect.high)]


def index_line(placed: "dict[str, dict[str, ModelIndex]]") -> list[Line]:
    """Return the line that says where one side or both, by its place, stand on the index of each class."""
    classes = [name for name in CLASSES if any(name in of_side for of_side in placed.values())]
    stand = [
        f"{name} " + ", ".join(
            f"{{{place}}} {{{place}.index.{name}}}[ ({{{place}.index.{name}.range}})]"
            for place, of_side in placed.items() if name in of_side
        )
        for name in classes
    ]  # fmt: skip
    return [Line("On one scale", "; ".join(stand), ("level",))] if stand else []


def index_data(evidence: "Evidence", each: "ModelIndex | None") -> dict[str, Any] | None:
    """Return a model's place on an index: the key `index` of the JSON contract."""
    if each is None:
        return None
    other = None if each.other is None else evidence.models[each.other]
    return {
        "points": each.points, "low": each.low, "high": each.high, "at": iso(each.at), "months": each.months,
        "months_low": each.months_low, "months_high": each.months_high, "months_at_release": each.at_release,
        "closed_model": other and other.model_id, "closed_name": other and other.name,
    }  # fmt: skip
