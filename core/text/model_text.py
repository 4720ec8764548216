"""What a model's text must hold to: slots for every figure, name and date of ours, and words that claim nothing."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

from core.answer import Fact
from core.text.classes import CLASS, SIDES, runs
from core.text.numbers import figures
from core.text.sentences import sentences
from core.text.slots import SLOT, slots
from core.words import CLASSES, and_list, quote

_PIECE = re.compile(rf"{SLOT.pattern}|{CLASS.pattern}", re.I)
_WORD = re.compile(r"[^\W\d_]+(?:['’]s\b)?")
_SINCE = re.compile(r"\bsince (?=_)")
"""A since that has a date, and is no reason."""
_SHOWN = 60


@cache
def neutral_words() -> frozenset[str]:
    """Return the words that claim nothing: no direction, number or reason, nor a denial."""
    lines = Path(__file__).with_name("neutral_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def slot_faults(template: str, facts: Iterable[Fact], required: Collection[str] = ()) -> Iterator[str]:
    """Yield what is wrong with a template's slots, a sentence each: unknown ones, and required ones not there once."""
    known, found = {fact.key for fact in facts}, Counter(slots(template))
    for key in found:
        if key not in known:
            yield f"No fact is called “{key}”; take slots from the list."
    for key in required:
        if found[key] != 1:
            yield f"The slot “{key}” {'is missing' if not found[key] else 'stands more than once'}; write it once."
    if re.search(r"[{}]", SLOT.sub("", template)):
        yield "A brace is open or empty; a slot is a fact's key in braces."


def word_faults(template: str, facts: Sequence[Fact], own: Collection[str] = ()) -> Iterator[str]:
    """Yield what a template says outside of its slots, a sentence each: numbers, claims, figures of another class.

    The sentences of `own` need no look: they are ours.
    """
    by_key = {fact.key: fact for fact in facts}
    own_sentences = {sentence for text in own for sentence in sentences(text)}
    before: list[str] = []
    side = ""
    for sentence in sentences(template):
        if sentence not in own_sentences:
            yield from _claims(sentence)
            yield from _leads(sentence, by_key)
            yield from _wrong_access(sentence, by_key, before)
            yield from _wrong_side(sentence, by_key, side)
        pieces = list(_pieces(sentence, by_key))
        before = [piece for piece, _, _ in pieces if piece in CLASSES][-1:]
        side = next((each for _, each, _ in reversed(pieces) if each), side)


def _claims(sentence: str) -> Iterator[str]:
    outside = SLOT.sub("_", sentence)
    numbers, days = figures(outside)
    for figure in [*(each.text for each in numbers), *(each.text for each in days)]:
        yield f"“{figure}” stands outside a slot; figures come from facts alone."
    words = (re.sub(r"['’]s$", "", word) for word in _WORD.findall(_SINCE.sub("", outside.lower())))
    strange = [word for word in dict.fromkeys(words) if word not in neutral_words()]
    if strange:
        said = and_list([f"“{word}”" for word in strange])
        yield f"{said} may claim what no fact says; take listed words, or a whole given sentence: {_short(sentence)}."


def _leads(sentence: str, facts: dict[str, Fact]) -> Iterator[str]:
    """Yield lags that are leads: only our own sentences say so."""
    for key in slots(sentence):
        fact = facts.get(key)
        if fact and fact.kind == "lag" and isinstance(fact.value, float) and fact.value < 0:
            yield f"{{{key}}} is a lead of open models; take the whole given sentence: {_short(sentence)}."


def _pieces(sentence: str, facts: dict[str, Fact]) -> Iterator[tuple[str, str, Fact | None]]:
    """Yield (class of tests, side, fact) of each class word, and of each slot; what a slot shows may say its class."""
    for found in _PIECE.finditer(sentence):
        fact = facts.get(found[1]) if found[0].startswith("{") else None
        word = CLASS.fullmatch(fact.shown) if fact else found
        said = (word.lastgroup if word else "") or ""
        side = said if said in SIDES else (fact.side if fact and fact.kind == "name" else "")
        is_told = fact is not None and bool(fact.access) and f"{fact.access} " in fact.shown
        yield said if said in CLASSES else fact.access if fact and is_told else "", side, fact


def _wrong_access(sentence: str, facts: dict[str, Fact], before: list[str]) -> Iterator[str]:
    """Yield figures of private and public tests that stand in another order than these words do.

    What is of a single benchmark needs no such word.
    """
    pieces = list(_pieces(sentence, facts))
    told = runs(
        fact.access for _, _, fact in pieces if fact and not fact.benchmark and fact.kind != "name" and fact.access
    )
    words = runs(access for access, _, _ in pieces if access) or before
    if told and words != told:
        which = " and ".join(told)
        yield f"Figures of {which} tests must stand with just these words, in this order: {_short(sentence)}."


def _wrong_side(sentence: str, facts: dict[str, Fact], side: str) -> Iterator[str]:
    """Yield facts that are said of the other side's models, and models that are called the other side's."""
    pieces = [each for each in _pieces(sentence, facts) if each[1] or (each[2] and each[2].side)]
    for (_, last, name), (_, said, fact) in pairwise([("", side, None), *pieces]):
        if name and name.kind == "name" and name.side and not fact and said and said != name.side:
            yield f"{{{name.key}}} is a model of the {name.side} side: {_short(sentence)}."
        side = last or side
        if fact and fact.kind != "name" and fact.side and side != fact.side:
            yield f"{{{fact.key}}} is said of {fact.side} models; name them in front of it: {_short(sentence)}."


def _short(sentence: str) -> str:
    return quote(sentence, _SHOWN)
