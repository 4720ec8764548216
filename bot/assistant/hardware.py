"""What a model should run on, in a text: "a 24 GB card", "two 3090s"; and sizes in parameters."""

import re
from functools import cache

from bot.assistant import patterns
from core.questions.bounds import NEGATION, ONE_SIZE, SIZE_RANGE
from core.questions.fields import SIZE_WORDS, fit_memory, read_size

_WORD = f"({'|'.join(SIZE_WORDS)})(g?e?r)?"
_BEFORE_MODELS = re.compile(
    rf"\b{_WORD}(?= (?:(?:vs\.?|versus|and|or|against|with|than) {_WORD} )?(?:open(?:[- ]?(?:weights?|sourced?))? )?"
    r"(?:models?|ones|llms?)\b)",
    re.IGNORECASE,
)
_PARAMETERS = re.compile(
    rf"(?<![\w.-])(?:{NEGATION} (?:(?!and\b|but\b|or\b)\w+ ){{0,3}}?)?(?:{SIZE_RANGE.pattern}|{ONE_SIZE.pattern})"
    r"(?!\w| *(?:tokens|dollars|usd|euros|users|people))",
    re.IGNORECASE,
)
"""A size with the negation before it, which may turn it round or not: "no gap for models over 70B" is none."""
_BARE = re.compile(r"(?<![\w.-])(\d{1,4}) ?b(?= (?:open |local )?(?:models?|llms?)\b)", re.IGNORECASE)
"""A size that is said of models alone, "8B models": up to it."""
_COUNTS = {"two": 2, "dual": 2, "three": 3, "four": 4, "eight": 8}
_GIGABYTES = (
    rf"(?:(?P<times>\d{{1,2}}(?= ?[x\u00d7])|{'|'.join(_COUNTS)}) ?[x\u00d7]? ?)?"
    r"(?P<gigabytes>\d{1,4}) ?(?:gb|gib|gigs?|gigabytes?|(?-i:Go))\b"
)
_OF_MEMORY = r"(?:(?: of)? (?:v?ram|memory|gpu|card)s?\b)*"
_SAID = (
    r"(?:(?:on|in|into|fits?|with|have|got|own|using|for|the|an?|my|our|one|single|used|old|rtx|gtx|rx|geforce|nvidia|radeon"
    r"|amd|auf|mit|f\u00fcr|eine[rm]?|meine[rm]?|sur|avec|pour|une?|con|para|una|su|per|com|uma|minha)\b ?)*"
)
"""What stands before the number of a card; a number without it may be anything."""


def sizes(text: str) -> list[tuple[str, int, int]]:
    """Find the sizes in a text, in order: each as `read_size` reads it, with the places where it begins and ends.

    "Larger models" beside a number are the others.
    """
    numbers = [(each[0], each.start(), each.end()) for each in _PARAMETERS.finditer(text) if read_size(each[0])]
    numbers += [
        (f"up to {each[1]}B", each.start(), each.end())
        for each in _BARE.finditer(text)
        if not any(start <= each.start() < end for _, start, end in numbers)
    ]
    words = [
        ("others" if each[2] and numbers else each[1].lower(), each.start(), each.end())
        for each in _BEFORE_MODELS.finditer(text)
    ]
    memory = [(size, each.start(), each.end()) for each in _memory().finditer(text) if (size := _fitting(each))]
    return sorted(numbers + words + memory, key=lambda each: each[1])


@cache
def _cards() -> dict[str, int]:
    """Return the gigabytes of graphics cards by the names that people call them."""
    return {card: int(gigabytes) for gigabytes, line in patterns.sections("cards.txt") for card in line.split("|")}


@cache
def _memory() -> re.Pattern[str]:
    card = "|".join(sorted(_cards(), key=len, reverse=True))
    count = rf"(?P<count>\d{{1,2}}(?: ?[x\u00d7]|(?= [ahlbm]))|(?:{'|'.join(_COUNTS)}) ) ?"
    of_card = (
        rf"(?P<said>{_SAID})(?:{count})?(?:(?:rtx|nvidia) )?(?P<card>{card})s?(?![\w-])"
        r"(?: (?P<memory>\d{1,3}) ?gb\b)?"
    )
    beside = rf"(?: (?:(?:rtx|nvidia) )?(?:{card})s?(?![\w-]))?"
    return re.compile(rf"\b(?:{_GIGABYTES}{beside}|{of_card}){_OF_MEMORY}", re.IGNORECASE)


def _fitting(found: re.Match[str]) -> str | None:
    """Return the size that fits what a phrase names, None where its number need be no card."""
    card, count = (found["card"] or "").lower(), (found["count"] or found["times"] or "").lower().strip(" x\u00d7")
    if card.isdigit() and not (found["said"] or count or found["memory"]):
        return None
    gigabytes = int(found["gigabytes"] or found["memory"] or _cards()[card])
    total = gigabytes * (_COUNTS.get(count) or int(count or 1))
    return fit_memory(total)
