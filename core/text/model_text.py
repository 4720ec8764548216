"""Check a language model's text: every figure, name and date is a slot, and the other words claim nothing."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

from core.answer import Fact
from core.text.numbers import find_figures
from core.text.sentences import CLASS_WORD, SIDES, drop_repeats, sentences
from core.text.slots import SLOT, slots
from core.words import CLASSES, and_list, quote

_PIECE = re.compile(rf"{SLOT.pattern}|{CLASS_WORD.pattern}", re.I)
_WORD = re.compile(r"[^\W\d_]+(?:['’]s\b)?")
_SINCE = re.compile(r"\bsince (?=_)")
"""A "since" before a date: it gives no reason."""
_SHOWN = 60


@cache
def neutral_words() -> frozenset[str]:
    """Return the words that claim nothing: no direction, number, reason or denial."""
    lines = Path(__file__).with_name("neutral_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def slot_faults(template: str, facts: Iterable[Fact], required: Collection[str] = ()) -> Iterator[str]:
    """Yield a sentence for each unknown slot, and for each required slot that does not occur exactly once."""
    keys, counts = {fact.key for fact in facts}, Counter(slots(template))
    for key in counts:
        if key not in keys:
            yield f"No fact is called “{key}”; take slots from the list."
    for key in required:
        if counts[key] != 1:
            yield f"The slot “{key}” {'is missing' if not counts[key] else 'stands more than once'}; write it once."
    if re.search(r"[{}]", SLOT.sub("", template)):
        yield "A brace is open or empty; a slot is a fact's key in braces."


def word_faults(template: str, facts: Sequence[Fact], own: Collection[str] = ()) -> Iterator[str]:
    """Yield a sentence for each fault outside the slots: numbers, claims, figures of another class or side.

    Sentences in `own` are ours and are not checked.
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
        side = next((name for _, name, _ in reversed(pieces) if name), side)


def _claims(sentence: str) -> Iterator[str]:
    outside = SLOT.sub("_", sentence)
    numbers, days = find_figures(outside)
    for figure in (*(number.text for number in numbers), *(day.text for day in days)):
        yield f"“{figure}” stands outside a slot; figures come from facts alone."
    words = (re.sub(r"['’]s$", "", word) for word in _WORD.findall(_SINCE.sub("", outside.lower())))
    unlisted = [word for word in dict.fromkeys(words) if word not in neutral_words()]
    if unlisted:
        quotes = and_list([f"“{word}”" for word in unlisted])
        yield f"{quotes} may claim what no fact says; take listed words, or a whole given sentence: {_short(sentence)}."


def _leads(sentence: str, facts: dict[str, Fact]) -> Iterator[str]:
    """Yield a fault for each lag that is really a lead: only our own sentences may state a lead."""
    for key in slots(sentence):
        fact = facts.get(key)
        if fact and fact.kind == "lag" and isinstance(fact.value, float) and fact.value < 0:
            yield f"{{{key}}} is a lead of open models; take the whole given sentence: {_short(sentence)}."


def _pieces(sentence: str, facts: dict[str, Fact]) -> Iterator[tuple[str, str, Fact | None]]:
    """Yield (class of tests, side, fact) for each class word and slot; the words of a slot may name its class."""
    for match in _PIECE.finditer(sentence):
        fact = facts.get(match[1]) if match[0].startswith("{") else None
        word = CLASS_WORD.fullmatch(fact.shown) if fact else match
        name = (word.lastgroup if word else "") or ""
        side = name if name in SIDES else (fact.side if fact and fact.kind == "name" else "")
        access = name if name in CLASSES else ""
        if fact and not access and fact.access and f"{fact.access} " in fact.shown:
            access = fact.access
        yield access, side, fact


def _wrong_access(sentence: str, facts: dict[str, Fact], before: list[str]) -> Iterator[str]:
    """Yield a fault if the class words are not in the order of the figures (private and public tests).

    A figure for a single benchmark needs no class word.
    """
    pieces = list(_pieces(sentence, facts))
    classes = drop_repeats(
        fact.access for _, _, fact in pieces if fact and not fact.benchmark and fact.kind != "name" and fact.access
    )
    words = drop_repeats(access for access, _, _ in pieces if access) or before
    if classes and words != classes:
        which = " and ".join(classes)
        yield f"Figures of {which} tests must stand with just these words, in this order: {_short(sentence)}."


def _wrong_side(sentence: str, facts: dict[str, Fact], side: str) -> Iterator[str]:
    """Yield a fault for each fact stated about the other side's models, and each model put on the wrong side."""
    pieces = [piece for piece in _pieces(sentence, facts) if piece[1] or (piece[2] and piece[2].side)]
    for (_, last, name), (_, word, fact) in pairwise([("", side, None), *pieces]):
        if name and name.kind == "name" and name.side and not fact and word and word != name.side:
            yield f"{{{name.key}}} is a model of the {name.side} side: {_short(sentence)}."
        side = last or side
        if fact and fact.kind != "name" and fact.side and side != fact.side:
            yield f"{{{fact.key}}} is said of {fact.side} models; name them in front of it: {_short(sentence)}."


def _short(sentence: str) -> str:
    return quote(sentence, _SHOWN)
