"""What a term means: a text may put its definition in other words, and not widen, narrow or turn it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial

from core.grounding.profiles import Known
from core.grounding.reading import Reading
from core.grounding.stems import stems
from core.grounding.violation import Violation

_PARTS = re.compile(
    r"[.;]\s+|[.;]$|,? \b(?:and|but|while|though|although|yet|whereas) (?=(?:the|its|their|an?|it|they|nobody|no"
    r"|any\w*"
    r"|you|not|licen\w+) )"
)
_DENIED = (
    r"\b(?:not|never|no|none|nobody|without|neither|nor|cannot|hardly|nothing|other than|anyone but|apart from"
    r"|except)\b|n['’]t\b"
)
_DENIES = re.compile(
    rf"{_DENIED}|\b(?:secret|closed|private|hidden|unpublished|kept|keeps?|withh\w+|only|unlike|rather|instead|lack\w*"
    r"|hard|difficult\w*|impossible|out of reach|guard\w*|behind)\b",
    re.IGNORECASE,
)
_LEAVES_OPEN = re.compile(
    rf"{_DENIES.pattern}|\b(?:may|might|can|could|whether|optional\w*|limit\w*|restrict\w*|sometimes|separate|different"
    r"|if|or)\b",
    re.IGNORECASE,
)
_IS_DENIED = re.compile(rf"(?<!need )(?:{_DENIED})(?! (?:only|just)\b)", re.IGNORECASE)
_IS_OPEN = re.compile(r"\b(?:need not|may|might)\b", re.IGNORECASE)
_BOUNDS = re.compile(
    r"\b(?:only(?! (?:means|says|that)\b)|solely|exclusively|must|always|never|every(?=(?! ?one\b))"
    r"|any purpose|whatever (?:purpose|they)|freely"
    r"|free of charge|for free"
    r"|unlimited|entirely|completely|fully|automatically|guarantee\w*)\b|\bno (?:limits|restrictions|strings"
    r"|conditions)\b"
    r"|\bwithout (?:any )?(?:limit|restriction|condition)\w*",
    re.IGNORECASE,
)
"""Words that make a statement wider or narrower; "anyone" and its like are told by what they are said of."""
_PIVOT = re.compile(
    r"\b(?P<one>open|closed)\b(?:(?!\b(?:open|closed)\b)[^.;])*?\b(?P<pivot>to|before|after|than|until|behind)\b"
    r"(?:(?!\b(?:open|closed)\b)[^.;])*?\b(?P<other>open|closed)\b",
    re.IGNORECASE,
)
_TWO = 2
_STOP = frozenset(
    "that this with from have been were they them their than into more most some such only model models".split()
)
_stems = partial(stems, length=5, stop=_STOP)


@dataclass(frozen=True)
class _Clause:
    """A part of a definition: the words it is of, those of what it says, and whether that is denied or left open."""

    topic: frozenset[str]
    stems: frozenset[str]
    is_denied: bool
    is_open: bool


def definitions(reading: Reading, known: Known) -> Iterator[Violation]:
    """Yield what a text says of a term that its definition denies, or says with other bounds."""
    for each in known.profiles:
        if each.fact.key == "definition" and each.fact.shown:
            beside = [one.fact.shown for one in known.profiles if one.fact.key in ("term", "aliases", "see_also")]
            names = "|".join(re.escape(name) for name in sorted(beside, key=len, reverse=True) if name)
            aside = re.compile(rf"\b(?:{names})" if names else r"(?!)", re.IGNORECASE)
            yield from _of_definition(reading, str(each.fact.value), aside)
            return


def _of_definition(reading: Reading, definition: str, aside: re.Pattern[str]) -> Iterator[Violation]:
    clauses = _clauses(definition)
    denied = [each for each in clauses if each.is_denied or each.is_open]
    affirmed = frozenset[str]().union(*(each.stems for each in clauses if each not in denied))
    sentences = [aside.sub("", reading.text[sentence.start : sentence.end]) for sentence in reading.sentences]
    for text in (part for sentence in sentences for part in _split(sentence)):
        said = _stems(text)
        told = next((each for each in denied if (each.topic - affirmed or each.topic) & said), None)
        bound = _BOUNDS.search(text)
        if told is not None and not (_LEAVES_OPEN if told.is_open else _DENIES).search(text):
            yield _violation(text, definition)
        elif told is None and len(said & affirmed) >= _TWO and _IS_DENIED.search(text):
            yield _violation(text, definition)
        elif bound and said & (affirmed | _stems(definition)) and bound[0].lower() not in definition.lower():
            yield _violation(bound[0], definition)
    for found in _PIVOT.finditer(reading.text):
        for own in _PIVOT.finditer(definition):
            same = own["pivot"].lower() == found["pivot"].lower() and own["one"].lower() == found["other"].lower()
            if same and own["other"].lower() == found["one"].lower():
                yield _violation(found[0], definition)


@lru_cache(maxsize=64)
def _clauses(definition: str) -> tuple[_Clause, ...]:
    found = []
    for part in _split(definition):
        denial = _IS_OPEN.search(part) or _IS_DENIED.search(part)
        topic = _stems(part[: denial.start()]) or _stems(part) if denial else frozenset[str]()
        is_open = bool(_IS_OPEN.search(part))
        found.append(_Clause(topic, _stems(part), bool(denial) and not is_open, is_open))
    return tuple(found)


def _split(text: str) -> list[str]:
    return [part for part in _PARTS.split(text) if part.strip()]


def _violation(said: str, definition: str) -> Violation:
    return Violation("role", said, f"“{said.strip()}” is not what the term means: {definition}")
