"""The sentences of a text: a point inside of a number or a name ends none."""

import re
from collections.abc import Iterator

_END = re.compile(r"(?<=[.!?])[”\"’)]?\s+|\n+")
_CLAUSE_END = re.compile(r"(?<=[;:])\s|,? (?:while|whereas|but) ")


def sentences(text: str) -> list[str]:
    """Return the sentences of a text."""
    return [text[start:end].strip() for start, end in spans(text)]


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each sentence of a text begins and ends."""
    yield from _split(_END, text, 0, len(text))


def clauses(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each part of a sentence that may speak of something else begins and ends."""
    for start, end in spans(text):
        yield from _split(_CLAUSE_END, text, start, end)


def _split(mark: re.Pattern[str], text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for found in mark.finditer(text, start, end):
        if text[start : found.start()].strip():
            yield start, found.start()
        start = found.end()
    if text[start:end].strip():
        yield start, end
