"""Parts of a whole: "29 of 162 levels" is one thing that a fact says, or leaves as its rest."""

import re
from dataclasses import replace
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
_IN_ALL = re.compile(r"(?: \w+)? (?:in all|all told|altogether|in total|together|in sum|overall)\b", re.IGNORECASE)
_UNTESTED = re.compile(r"\b(?:not|never|n['’]t)\b[^.;,]{0,20}\b(?:tested|tried)\b|\buntested\b")
_NONE = 1e-6
_ALIKE = ("publications", "biases")
"""Units of counts that are parts of one whole."""


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
    if one.value < 1 and any(_is_share(each, one, other) for each in _counted_together(known)):
        return None
    told = [pair for each in known.profiles for pair in _pairs(list(each.backing.numbers), each.fact.shown)]
    if any(_fits(part, one) and _fits(whole, other) for part, whole in told):
        return ()
    words = reading.words(reading.sentence_at(one.start))
    rests = [
        each.fact.key.startswith("matched")
        for each in known.profiles
        for part, whole in _pairs(list(each.backing.numbers), each.fact.shown)
        if _fits(whole, other) and abs(whole.value - part.value - one.value) < _NONE
    ]
    is_reached = bool(_REACHED.search(words)) and not _NOT_REACHED.search(words)
    if (is_reached and False in rests) or (_NOT_REACHED.search(words) and True in rests):
        return None
    if _is_said(known, one) and _is_said(known, other) and not _in_one_fact(known, one, other):
        facts = [each.fact for each in known.profiles if any(_fits(good, other) for good in each.backing.numbers)]
        return "number", text, f"“{text}” is told by no fact; the data has “{facts[0].shown}” ({facts[0].subject})."
    return ()


def is_sum(reading: Reading, number: Number) -> bool:
    """Whether a number is told as the sum of those before it: "22 and seven, 29 in all"."""
    if not _IN_ALL.match(reading.text, number.end):
        return False
    sentence = reading.sentence_at(number.start)
    before = [each.value for each in reading.numbers if sentence.start <= each.start < number.start]
    return len(before) > 1 and sum(before[-2:]) == number.value


def is_rest(reading: Reading, known: Known, number: Number) -> bool:
    """Whether a share is the rest of what a fact says: 82 % matched for 29 of 162 not, 77 % not tested for 23."""
    words = reading.words(reading.sentence_at(number.start)) if number.unit == "percent" else ""
    rests: list[float] = []
    if _REACHED.search(words) and not _NOT_REACHED.search(words):
        told = [pair for each in known.profiles if each.fact.key.startswith("waiting")
                for pair in _pairs(list(each.backing.numbers), each.fact.shown)]  # fmt: skip
        rests = [1 - part.value / whole.value for part, whole in told if whole.value]
    elif _UNTESTED.search(words):
        tested = (each for each in known.profiles if each.fact.key.startswith("tested.") and each.side in words)
        rests = [1 - each.fact.value for each in tested if isinstance(each.fact.value, float)]
    return any(_fits(replace(number, value=100 * rest, text=""), number) for rest in rests)


def _counted_together(known: Known) -> list[list[Number]]:
    """Return the numbers of each fact, and those of all facts that count publications or biases."""
    found: dict[str, list[Number]] = {}
    for each in known.profiles:
        group = each.fact.unit if each.fact.unit in _ALIKE else each.fact.key
        found.setdefault(group, []).extend(number for number in each.backing.numbers if number.text or group in _ALIKE)
    return list(found.values())


def _is_share(numbers: list[Number], one: Number, other: Number) -> bool:
    """Whether a part in a word is what facts give: "more than half of 386" where one says 386, of which 201."""
    wholes = [each.value for each in numbers if each.value and _fits(each, other)]
    parts = [each.value / whole for whole in wholes for each in numbers if 0 < each.value < whole]
    said = replace(one, unit="share")
    return any(backs(replace(one, value=part, text="", unit="share"), said) for part in parts)


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
    for numbers in _counted_together(known):
        ones = {(each.value, each.start) for each in numbers if _fits(each, one)}
        others = {(each.value, each.start) for each in numbers if _fits(each, other)}
        if ones and others and len(ones | others) > 1:
            return True
    return one.value < other.value and other.unit == "publications"
