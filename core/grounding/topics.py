"""What a text speaks of beside its facts: things that nothing here measures."""

import re
from collections.abc import Iterator

from core.grounding.profiles import Known
from core.grounding.reading import Reading, Span
from core.grounding.topic_words import FOREIGN
from core.grounding.violation import Violation

_NOT_ABOUT = re.compile(
    r"(?:\b(?:nothing|not|never|neither|no word)\b|n['’]t\b)[^.;,]{0,30}\b(?:about|of|on)\b[^.;,]*$"
)
"""What a text says that it is not about."""


def topics(reading: Reading, known: Known, quoted: tuple[Span, ...]) -> Iterator[Violation]:
    """Yield words for things that nothing here measures, where no fact has them."""
    for found in FOREIGN.finditer(reading.low):
        words = found[0].replace("-", " ").split()
        is_told = found[0] in known.words or all(
            word in known.words or word.removesuffix("s") in known.words for word in words
        )
        before = reading.low[reading.sentence_at(found.start()).start : found.start()]
        if not is_told and not _NOT_ABOUT.search(before) and not any(span.holds(found.start()) for span in quoted):
            word = reading.said(found)
            yield Violation("topic", word, f"“{word}” is nothing that these facts speak of; leave it out.")
