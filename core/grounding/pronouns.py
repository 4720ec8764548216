"""Number words that stand for a thing and count nothing: "the public one", "the second", "once they match it"."""

import re

from core.grounding.numbers import Number
from core.grounding.reading import Reading

_PRONOUN = re.compile(r"(?:any|each|every|no|another|this|that|which|the|only) $|^$", re.IGNORECASE)
_PRONOUN_PAIR = re.compile(r"\b(?:the|these|those|between|both|other|all|in|of the|into) $", re.IGNORECASE)
_RATE = re.compile(r" (?:an? |per |every )", re.IGNORECASE)
_ORDINAL = re.compile(r"(?:second|third|fourth|fifth)", re.IGNORECASE)
_THE = re.compile(r"\b(?:the|a|this|that) $", re.IGNORECASE)
_ONE_OF = re.compile(r" of (?:these|those|them|such)\b", re.IGNORECASE)
_ONLY = re.compile(r"\b(?:only|just|exactly|but|than|on|for) $", re.IGNORECASE)
_META = re.compile(
    r" (?:\w+ )?(?:numbers|figures|things|kinds|sorts|classes|sides|ways|readings|answers|ranges|words|times|dates"
    r"|parts"
    r"|reasons|notes)\b"
)
"""What is counted in a text of itself: "two numbers to remember"."""
_SIGN = re.compile(r"\b(?:below|above|under|over|than|includes?|contains?|cross(?:es)?|spans?) $", re.IGNORECASE)
"""What makes of zero a sign, and no figure: "below zero"."""
_NO_NOUN = re.compile(
    r"(?:$|[.,;:)!?]| (?:is|was|are|were|has|had|and|but|by|with|at|on|rests?|stands?|ends?|it|not|about)\b)"
)
"""What follows "the second" where that is the latter of two things, and counts nothing."""


def is_pronoun(reading: Reading, number: Number) -> bool:
    """Whether a number word is no number: "the public one", "once open models match it", "one test matters"."""
    word, before = number.text.lower(), reading.text[max(0, number.start - 12) : number.start]
    if word == "once":
        return not _RATE.match(reading.text, number.end)
    if word in ("two", "three") and not number.unit and _PRONOUN_PAIR.search(before):
        return not re.match(r" (?:of|to|and)\b", reading.text[number.end :])
    if _ORDINAL.fullmatch(word) and _THE.search(before) and _NO_NOUN.match(reading.text, number.end):
        return True
    if word == "zero":
        return not number.unit and bool(_SIGN.search(before))
    if word == "two" and not number.unit and _META.match(reading.text, number.end):
        return True
    if word != "one":
        return word == "second" and bool(re.search(r"\b(?:a|every|per) $", before))
    if _ONE_OF.match(reading.text, number.end) and not _ONLY.search(before):
        return True
    starts = any(part.start <= number.start <= part.start + 2 for part in reading.parts)
    return not number.unit or starts or bool(_PRONOUN.search(before)) or number.unit in ("points", "places", "sources")
