"""Names that are not among the facts: of what exists, and of what looks like a model and does not."""

import re
from collections.abc import Iterator

from core.grounding.numbers import blanked, namelike
from core.grounding.profiles import Known
from core.grounding.reading import Reading
from core.grounding.violation import Violation
from core.words import MONTHS

_NO_MODEL = re.compile(r"(?:H[12]|Q[1-4]|COVID-19|\d+[a-z]{1,2})", re.IGNORECASE)
_MODELLED = re.compile(
    r"^(?:'s|’s)? (?:open |closed |new |best |own )*(?:models?|labs?|ones|developers?|AI|companies|firms|LLMs?)\b"
)
_FROM = re.compile(r"\b(?:models?|ones|labs?) (?:from|of|in|made in|built in) (?:the )?$")
_PLACE = re.compile(
    r"\b(?:models?|labs?|ones) (?:from|of|made in|built in) (?:the )?(?P<place>[A-Z][a-z]+(?: [A-Z][a-z]+)*)"
)
_NUMBERED = re.compile(
    r"(?<![.!?:] )(?<!^)\b(?P<word>[A-Z][a-z]+[A-Za-z]*) (?P<number>\d+(?:\.\d+)?)\b(?! ?(?:%|[a-z]))"
)
_LONGER = re.compile(
    r"[ -](?P<rest>(?:[A-Z]\w* )?[A-Z]?\d[\w.]*|[A-Z][a-z]{2,}\w*)\b(?!\.?\d)(?! ?%| (?:months?"
    r"|points?|tests?|results?|models?|days?))"
)
"""How a family's name goes on to be a model's: "Kimi" to "Kimi K4"."""
_FIGURE = re.compile(r"\d+\.\d+\.?")
"""What behind a test's name is its figure: "on WeirdML 10.3"."""
_ORDINARY = re.compile(
    r"^(?:Level|Tier|Part|Table|Figure|Chart|Page|Section|Week|Day|Step|Stage|Phase|Version|Number"
    r"|Issue|About|Around|On|In|At|Of|By|From|To"
    rf"|Only|Just|All|And|The|{'|'.join(MONTHS)}|Likely|Top|Over|Under)$"
)


_CAPITAL = re.compile(r"(?<=[a-z,%\d] )[A-Z][A-Za-z]{2,}(?:-[A-Z]\w*)*\b")
"""A word with a capital that follows another word."""
_WORDS_TOO = frozenset("Command Arch Falcon Granite Amazon United Phi".split())
"""Families of models whose names are words as well, that may begin a sentence."""
COMMON = re.compile(
    rf"^(?:AIs?|LLMs?|GPUs?|API|CEO|FAQ|OK|TL|DR|PDF|UTC|GMT|{'|'.join(MONTHS)}"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday"
    r"|Sunday|Discord|English|Internet|Private|Public"
    r"|Open|Closed|The|And|But|Data|Can|Gap|Likely|States|United|Not|AND|BUT|NOT|ONLY|ALL|NO)$"
)


def foreign_names(reading: Reading, known: Known) -> Iterator[Violation]:
    """Yield the names of models, labs, tests and countries that no fact says."""
    found = {(each.start, each.end) for each in reading.mentions}
    for each in reading.mentions:
        longer = _LONGER.match(reading.text, each.end) if each.text.isalpha() else None
        if not each.names:
            yield _violation(each.text)
        elif (
            longer
            and not (each.names & known.boards and _FIGURE.fullmatch(longer["rest"]))
            and not any(other.start == longer.start("rest") for other in reading.mentions)
        ):
            yield _violation(each.text + longer[0])
    for nation in reading.nations:
        is_told = _MODELLED.match(reading.text[nation.end :]) or _FROM.search(reading.text[: nation.start])
        if not nation.names and is_told:
            yield _violation(nation.text)
    for start, end in namelike(reading.text, found):
        word = reading.text[start:end]
        if (start, end) not in found and not _NO_MODEL.fullmatch(word):
            yield _violation(word)
    yield from _families(reading, known)
    yield from _proper(reading, known)


def _proper(reading: Reading, known: Known) -> Iterator[Violation]:
    """Yield the other words with a capital inside a sentence: names of whatever it is, and not of the facts."""
    taken = [*_taken(reading), *((each.start, each.end) for each in reading.nations)]
    taken += namelike(reading.text, [(each.start, each.end) for each in reading.mentions])
    for sentence in reading.sentences:
        text = reading.text[sentence.start : sentence.end]
        if _is_headline(_without(text, sentence.start, taken)):
            continue
        for found in _CAPITAL.finditer(text):
            start = sentence.start + found.start()
            is_told = found[0].lower() in known.words or found[0].lower().removesuffix("s") in known.words
            if not is_told and not COMMON.match(found[0]) and not any(s <= start < e for s, e in taken):
                yield _violation(found[0])


def _is_headline(text: str) -> bool:
    """Whether a text without its names and dates is a headline, with capitals for most words."""
    return len(re.findall(r"\b[A-Z][a-z]+", text)) * 2 > len(re.findall(r"\b[A-Za-z]{4,}", text)) + 2


def _without(text: str, start: int, taken: list[tuple[int, int]]) -> str:
    inside = [(one - start, other - start) for one, other in taken if start <= one and other <= start + len(text)]
    return blanked(text, inside)


def _families(reading: Reading, known: Known) -> Iterator[Violation]:
    """Yield what is called like a model: a family's name with a number, or any capital word with one."""
    taken = _taken(reading)
    for found in re.finditer(r"\b[A-Z][A-Za-z]{2,}\b(?:[ -](?:[A-Z]\w+ )?\d[\d.]*\b)?", reading.text):
        word, is_in = re.split(r"[ -]", found[0])[0], any(s <= found.start() < e for s, e in taken)
        starts = any(
            sentence.start + 1 >= found.start() for sentence in reading.sentences if sentence.holds(found.start())
        )
        is_numbered = len(found[0]) > len(word)
        if word in known.all.families and not is_in and (is_numbered or not starts or word not in _WORDS_TOO):
            yield _violation(found[0])
    for found in _NUMBERED.finditer(reading.text):
        is_in = any(start <= found.start() < end or start <= found.start("number") < end for start, end in taken)
        if not is_in and not _ORDINARY.match(found["word"]) and found["word"] not in known.all.families:
            yield _violation(found[0])
    for found in _PLACE.finditer(reading.text):
        place = found.start("place")
        is_in = any(start <= place < end for start, end in taken) or any(
            n.start <= place < n.end for n in reading.nations
        )
        if not is_in:
            yield _violation(found["place"])


def _taken(reading: Reading) -> list[tuple[int, int]]:
    return [*((each.start, each.end) for each in reading.mentions), *((each.start, each.end) for each in reading.days)]


def _violation(name: str) -> Violation:
    return Violation("name", name, f"“{name}” is not among these facts; name only what they name.")
