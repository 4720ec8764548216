"""Split a text into sentences, and find its words for classes of tests and sides of models."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

SIDES = ("open", "closed")
CLASS_WORD = re.compile(
    r"\b(?:(?P<private>private)|(?P<public>public)|(?P<open>open)|(?P<closed>closed|proprietary))\b", re.IGNORECASE
)
_END = re.compile(r"(?<=[.!?])[”\"’)]?\s+|\n+")
_CLAUSE_END = re.compile(r"(?<=[;:])\s|,? (?:while|whereas|but) ")


def sentences(text: str) -> list[str]:
    """Return the sentences of a text; a point in a number or a name does not end a sentence."""
    return [text[start:end].strip() for start, end in sentence_spans(text)]


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each sentence in a text."""
    yield from _split(_END, text, 0, len(text))


def clause_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each clause: a part of a sentence that may be about something else."""
    for start, end in sentence_spans(text):
        yield from _split(_CLAUSE_END, text, start, end)


def _split(mark: re.Pattern[str], text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in mark.finditer(text, start, end):
        if text[start : match.start()].strip():
            yield start, match.start()
        start = match.end()
    if text[start:end].strip():
        yield start, end


def drop_repeats(names: Iterable[str]) -> list[str]:
    """Return names without immediate repeats."""
    return [name for name, _ in groupby(names)]
