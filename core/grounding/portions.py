"""Parts of a whole: "29 of 162 levels" is one thing that a fact says, or leaves as its rest."""

import re
from itertools import pairwise

from core.grounding.backing import backs, rounds_to
from core.grounding.numbers import Number
from core.grounding.profiles import Known
from core.grounding.reading import Reading

_OUT_OF = re.compile(
    r"(?: \w+)?(?: out)? of (?:the |all |those |these |its |their |them |only )?(?:\w+ )?", re.IGNORECASE
)
_REACHED = re.compile(r"\b(?:reached|matched|met|caught)\b", re.IGNORECASE)
_NOT_REACHED = re.compile(r"\b(?:not|n['’]t|yet|wait\w*|never|no|without|lack\w*|miss\w*|alone)\b", re.IGNORECASE)
_NONE = 1e-6


def parts_of(reading: Reading) -> list[tuple[Number, Number]]:
    """Return the numbers of a text that are told as one of another: "29 of the 162"."""
    return [
        (one, other)
        for one, other in pairwise(reading.numbers)
        if _OUT_OF.fullmatch(reading.text, one.end, other.start)
    ]


def portion(reading: Reading, known: Known, one: Number, other: Number) -> tuple[str, str, str] | tuple[()] | None:
    """Hold "3 of 12" against the facts that say both.

    Returns what is wrong (kind, words, why), nothing where the numbers are told as they are, and None where the first
    is the rest of what a fact says: "133 of 162 were matched" where 29 of 162 were not.
    """
    text = reading.text[one.start : other.end]
    if one.value > other.value:
        return "nonsense", text, f"“{text}”: a part can't be more than what it is of."
    told = [pair for each in known.profiles for pair in _pairs(list(each.backing.numbers), each.fact.shown)]
    if any(_fits(part, one) and _fits(whole, other) for part, whole in told):
        return ()
    words = reading.words(reading.sentence_at(one.start))
    is_rest = any(_fits(whole, other) and abs(whole.value - part.value - one.value) < _NONE for part, whole in told)
    if is_rest and _REACHED.search(words) and not _NOT_REACHED.search(words):
        return None
    if _is_said(known, one) and _is_said(known, other) and not _in_one_fact(known, one, other):
        facts = [each.fact for each in known.profiles if any(_fits(good, other) for good in each.backing.numbers)]
        return "number", text, f"“{text}” is told by no fact; the data has “{facts[0].shown}” ({facts[0].subject})."
    return ()


def _pairs(numbers: list[Number], shown: str) -> list[tuple[Number, Number]]:
    shown = " ".join(shown.split())
    placed = [each for each in numbers if each.text and each.start >= 0]
    return [pair for pair in pairwise(placed) if shown[pair[0].end : pair[1].start] == " of "]


def _fits(good: Number, said: Number) -> bool:
    return rounds_to(good, said) and backs(good, said)


def _is_said(known: Known, said: Number) -> bool:
    return any(_fits(good, said) for each in known.profiles for good in each.backing.numbers)


def _in_one_fact(known: Known, one: Number, other: Number) -> bool:
    """Whether a fact says both, as different numbers; or two facts count the same things, as publications."""
    by_fact: dict[str, list[tuple[int, Number]]] = {}
    for place, profile in enumerate(known.profiles):
        numbers = [(place, each) for each in profile.backing.numbers if each.text]
        by_fact.setdefault(profile.fact.key, []).extend(numbers)
    for numbers in by_fact.values():
        ones = {(place, each.start) for place, each in numbers if _fits(each, one)}
        others = {(place, each.start) for place, each in numbers if _fits(each, other)}
        if ones and others and len(ones | others) > 1:
            return True
    return one.value < other.value and other.unit == "publications"
