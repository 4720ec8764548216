"""What a language model may say of an answer: its lines as sentences with slots, and the facts that fill them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core import grounding
from core.answer import Answer, Fact, Line
from core.grounding import GroundingError
from core.questions import Question
from core.words import CLASSES

if TYPE_CHECKING:
    from core.evidence.evidence import Bias

_NOT_SAID = ("As of", "Data age")
"""Lines that stand in the line of figures under every answer."""
_COLUMNS = re.compile(" {2,}")


@dataclass(frozen=True)
class Offer:
    """An answer as it is told to a model. The facts' keys begin with the number of the answer: "q1.gap.private".

    `sentences` are its lines, each with a slot where a fact stands; what has no fact is one slot as a whole.
    """

    number: int
    question: Question
    answer: Answer
    facts: tuple[Fact, ...]
    sentences: tuple[str, ...]

    @property
    def prefix(self) -> str:
        """What the keys of its facts begin with."""
        return f"q{self.number}"


def offer(number: int, question: Question, answer: Answer) -> Offer:
    """Return what a model may say of an answer."""
    facts = {fact.key: _with_subject(fact, f"q{number}") for fact in answer.facts}
    sentences: list[str] = []
    for place, line in enumerate(answer.lines):
        if line.label in _NOT_SAID:
            continue
        sentence = _templated(_said(line), answer.facts, f"q{number}")
        if not _is_whole(sentence, tuple(facts.values())):
            whole = _as_fact(line, f"q{number}.line.{place}", question)
            facts[whole.key] = whole
            sentence = f"{line.label}: {{{whole.key}}}"
        sentences.append(sentence)
    return Offer(number, question, answer, tuple(facts.values()), tuple(sentences))


def _said(line: Line) -> str:
    """Return a line as a sentence, its label before it."""
    return f"{line.label}: {_text(line)}" if line.label else _text(line)


def _as_fact(line: Line, key: str, question: Question) -> Fact:
    """Return a line as one fact, so that one slot holds all of it."""
    return Fact(key, None, "", line.label or question.name, _text(line))


def _text(line: Line) -> str:
    return _COLUMNS.sub(", ", line.text)


def caveats(biases: "tuple[Bias, ...]") -> tuple[Fact, ...]:
    """Return the known caveats as facts that hold their direction."""
    return tuple(
        Fact(f"caveat.{bias.bias_id}", None, "", f"caveat on {bias.access or 'all'} tests",
             f"{bias.caveat}, which makes the gap look {bias.effect} than it is")
        for bias in biases
    )  # fmt: skip


def owners(facts: tuple[Fact, ...]) -> dict[str, str]:
    """Return by its key whose each fact is, where a fact of its name's beginning names somebody.

    "q1.best.closed.score" is of "q1.best.closed", which names a model.
    """
    names = {fact.key for fact in facts if not fact.unit and isinstance(fact.value, str)}
    found = {}
    for fact in facts:
        parts = fact.key.split(".")
        owner = next((".".join(parts[:n]) for n in range(len(parts) - 1, 1, -1) if ".".join(parts[:n]) in names), None)
        if owner:
            found[fact.key] = owner
    return found


def class_of(text: str) -> str | None:
    """Return the class of tests that a text names, None where it names neither or both."""
    named = [each for each in CLASSES if re.search(rf"\b{each}\b", text, re.IGNORECASE)]
    return named[0] if len(named) == 1 else None


def _with_subject(fact: Fact, prefix: str) -> Fact:
    """Return a fact under its key of the run, its class of tests said in what it shows: they are never mixed up."""
    shown, access = fact.shown, class_of(fact.subject)
    if access and not any(each in shown for each in CLASSES):
        is_plain = fact.unit == "months" and not re.search(r"\bon\b|[(,]", shown)
        shown += f" on {access} tests" if is_plain else f" ({access} tests)"
    return replace(fact, key=f"{prefix}.{fact.key}", shown=shown)


def _templated(said: str, facts: tuple[Fact, ...], prefix: str) -> str:
    """Return a line with slots where facts stand; of facts that show the same, one whose subject the line names."""
    keys: dict[str, str] = {}
    for fact in sorted(facts, key=lambda fact: not _is_about(fact, said)):
        keys.setdefault(fact.shown, f"{{{prefix}.{fact.key}}}")
    if not keys:
        return said
    longest_first = sorted((re.escape(shown) for shown in keys if len(shown) > 1), key=len, reverse=True)
    pattern = re.compile(rf"(?<![\w.])(?:{'|'.join(longest_first)})(?!\w|\.\w)")
    return pattern.sub(lambda found: keys[found[0]], said)


def _is_about(fact: Fact, about: str) -> bool:
    return bool(fact.subject) and fact.subject.lower() in about.lower()


def _is_whole(template: str, facts: tuple[Fact, ...]) -> bool:
    """Whether a line says something by slots, and nothing that needs one without."""
    if not grounding.slots(template):
        return False
    try:
        grounding.render(template, facts)
    except GroundingError:
        return False
    return True


def used(offers: Iterable[Offer], template: str) -> tuple[Offer, ...]:
    """Return the answers of which a text says something, in the order in which it does."""
    said = [key.split(".", 1)[0] for key in grounding.slots(template)]
    return tuple(sorted((each for each in offers if each.prefix in said), key=lambda each: said.index(each.prefix)))
