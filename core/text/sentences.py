"""Split a text into sentences, and find its words for classes of tests and sides of models."""

import re
from collections.abc import Iterator

SIDES = ("open", "closed")
CLASS_WORD = re.compile(
    r"\b(?:(?P<private>private|secret)|(?P<public>public)|(?P<open>open)|(?P<closed>closed|proprietary))\b",
    re.IGNORECASE,
)
_END = re.compile(r"(?<=[.!?])[”\"’)]?\s+|\n+")


def sentences(text: str) -> list[str]:
    """Return the sentences of a text; a point in a number or a name does not end a sentence."""
    return [text[start:end].strip() for start, end in sentence_spans(text)]


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each sentence in a text."""
    start = 0
    for end, following in (*(match.span() for match in _END.finditer(text)), (len(text), len(text))):
        if text[start:end].strip():
            yield start, end
        start = following
