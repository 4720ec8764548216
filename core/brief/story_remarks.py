"""What our own figures say of what an article speaks of: a remark for a bullet, chosen and worded by rule."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from core.answer import Fact
from core.errors import UsageError
from core.evidence.evidence import Evidence
from core.gap.parameters import DEFAULT
from core.names.name_index import NameIndex, mentions
from core.questions.gap import GapQuestion
from core.questions.model import ModelQuestion
from core.questions.shared_facts import day_fact, method_fact, stated
from core.text import render, slots
from core.text.classes import CLASS
from core.words import CLASSES

_MOST = 2
"""Remarks in one brief."""
_LAG = re.compile(
    r"\b(?:gap|lag\w*|trail\w*|behind|catch\w*|caught|match\w*|ahead|lead\w*|led|reach\w*|narrow\w*|widen\w*|wider"
    r"|months?|earlier|later)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Concern:
    """What a bullet is about: a benchmark or a model of ours, a class of tests, or the gap as a whole."""

    kind: str
    key: str = ""


def concern(text: str, evidence: Evidence, names: NameIndex) -> Concern | None:
    """Return what of ours a bullet concerns: None where it is not about how far open models trail closed ones."""
    said = {each.lastgroup for each in CLASS.finditer(text)}
    found = {each.value: each for each in mentions(text, names, is_word=lambda _: True) if each.value}
    board = next((each for each in evidence.boards if each.headline and each.name in found), None)
    model = next((each for each in evidence.models if each.is_open and each.name in found), None)
    classes = [name for name in CLASSES if name in said]
    if not _LAG.search(text) or not (
        ("closed" in said and model) or ("open" in said and ("closed" in said or board or classes))
    ):
        return None
    if board:
        return Concern("benchmark", f"{board.benchmark_id} {board.version}")
    if len(classes) == 1:
        return Concern("access", classes[0])
    return Concern("model", model.model_id) if model and not classes else Concern("gap")


def remarks(
    texts: Sequence[str], evidence: Evidence, names: NameIndex, as_of: date
) -> tuple[list[str | None], tuple[Fact, ...]]:
    """Return a remark for each bullet, or None, with the facts that all of them say.

    Each figure is said once, and two remarks at most are made, for the bullets that come first.
    """
    said: list[str | None] = [None] * len(texts)
    facts: dict[str, Fact] = {}
    for number, text in enumerate(texts):
        about = concern(text, evidence, names)
        remark = _remark(about, evidence, as_of) if about else None
        if remark is None or {fact.shown for fact in remark[1]} <= {fact.shown for fact in facts.values()}:
            continue
        said[number] = remark[0]
        facts |= {fact.key: fact for fact in remark[1]}
        if len(texts) - said.count(None) == _MOST:
            break
    return said, (*facts.values(), *(_frame(evidence, as_of) if facts else ()))


def foot(facts: Collection[Fact]) -> str:
    """Return the template that says on which data the remarks stand; empty where there are none."""
    if not any(fact.key == "own.as_of" for fact in facts):
        return ""
    return (
        " Our own figures: as of {own.as_of}; newest complete data {own.newest_data}. “Likely” gives a range that is"
        " meant to hold in {own.interval} of cases. Method {own.method}."
    )


# ---- one remark


def _remark(about: Concern, evidence: Evidence, as_of: date) -> tuple[str, list[Fact]] | None:
    """Return the remark of a concern, with its facts; None where our data has no figure for it."""
    try:
        answer = _question(about, as_of).answer(evidence)
    except UsageError:
        return None
    known = {fact.key: fact for fact in answer.facts}
    template = _model_template(known) if about.kind == "model" else _gap_template(known, about)
    if not template:
        return None
    mark = f"own.{about.kind}.{about.key}".rstrip(".").replace(" ", "-")
    used = [replace(known[key], key=f"{mark}.{key}") for key in slots(template)]
    return render(re.sub(r"\{", f"{{{mark}.", template), used), used


def _question(about: Concern, as_of: date) -> GapQuestion | ModelQuestion:
    if about.kind == "model":
        return ModelQuestion(model=about.key, as_of=as_of)
    benchmark = about.key if about.kind == "benchmark" else None
    return GapQuestion(benchmark=benchmark, as_of=as_of, method=DEFAULT.name)


def _gap_template(known: Mapping[str, Fact], about: Concern) -> str:
    """Say the figures of the gap that a concern is about, each class's in a sentence of its own."""
    wanted = (about.key,) if about.kind == "access" else CLASSES
    told = [name for name in wanted if f"about.{name}" in known]
    said = []
    for number, name in enumerate(told):
        value = known[f"about.{name}"].value
        verb = "trail" if isinstance(value, float) and value >= 0 else "lead"
        who = "They" if number else "In our own data, open models"
        said.append(f"{who} {verb} by {{about.{name}}}, {{range.{name}}}.")
    return " ".join(said)


def _model_template(known: Mapping[str, Fact]) -> str:
    """Say how far an open model is behind closed ones; nothing of a closed one."""
    told = [f"{{index.{name}.release}} on {name} tests" for name in CLASSES if f"index.{name}.release" in known]
    return f"Against closed models in our own data, {{model}} was at its release {' and '.join(told)}." if told else ""


def _frame(evidence: Evidence, as_of: date) -> tuple[Fact, ...]:
    """State on which data the remarks stand."""
    level = DEFAULT.level
    return (
        day_fact("own.as_of", as_of, "our own figures"),
        day_fact("own.newest_data", evidence.newest_data, "the newest complete data"),
        stated("own.interval", level, "share", f"{100 * level:.0f} %", "share", "what “likely” stands for"),
        replace(method_fact(DEFAULT), key="own.method"),
    )
