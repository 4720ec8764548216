"""Whether a story keeps to its article: its numbers, dates and names, in words of its own."""

import re
from collections.abc import Iterator

from core.brief.article import Article, about, copied
from core.brief.brief import MOST_BULLETS, MOST_TITLE_WORDS, MOST_WORDS
from core.brief.prose import Form, faults
from core.brief.story import StoryWords
from core.evidence.name_index import NameIndex
from core.text.findings import findings
from core.words import quoted

FORM = Form(60, MOST_WORDS, 3, MOST_BULLETS, MOST_TITLE_WORDS, 50.0)
"""Easier reading can't be asked for: names and terms are the article's."""
LEAST_WORDS = 80
"""Words that an article must have to be briefed."""
_QUOTED = re.compile(r"“[^”]*”")
_TO_READERS = re.compile(r"\b(?:you|your|click|subscribe|visit|buy|sign up|please)\b", re.IGNORECASE)


def check(words: StoryWords, article: Article, names: NameIndex) -> list[str]:
    """Return what is wrong with a story's words, a sentence each; empty where they may be shown to a person."""
    parts = (words.title, *words.bullets)
    own = (article.title, *article.sentences)
    strange = [each for part in parts for each in findings(part, about(article), own=own, names=names)]
    found = [
        *faults(words.title, [(text, None) for text in words.bullets], FORM),
        *(fault for part in parts for fault in copied(part, article)),
        *(fault for part in parts for fault in _spoken(part)),
        *(
            f"{quoted(each.said)} does not stand in the article; keep to its numbers, dates and names."
            for each in strange
            if each.kind != "class"
        ),
    ]
    return list(dict.fromkeys(found))


def _spoken(part: str) -> Iterator[str]:
    """Yield what speaks to the reader, as an article that gives orders would have it."""
    spoken = _TO_READERS.search(_QUOTED.sub("", part))
    if spoken:
        yield f"{quoted(spoken[0])} speaks to the reader; tell what the article says."
