"""An article to be briefed: its text taken out of a page, as facts, and whether a text keeps to it in its own words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib.util import find_spec
from typing import Any

from bot.health_checks import how_to_add
from bot.processes import run_in_process
from core.answer import Fact
from core.errors import UsageError
from core.questions.shared_facts import day_fact
from core.text.sentences import sentences
from core.words import one_line, quote

LONGEST_RUN = 11
"""Words in a row that may be the article's own, outside of quotation marks."""
LEAST_WORDS = 80
"""Words that an article must have to be briefed."""
MOST_LETTERS = 24_000
"""Characters of an article that are read; what comes after them is left out."""
_MOST_QUOTED_WORDS = 25
_MOST_QUOTES = 2
_SHOWN = 60
_WORD = re.compile(r"\w+(?:[.,’'-]\w+)*")
_QUOTE = re.compile(r"“([^”]*)”|\"([^\"]*)\"")
_QUOTES = str.maketrans("“”„«»’\N{LEFT SINGLE QUOTATION MARK}", '"""""\'\'')
_UNSEEN = re.compile(
    r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]"
)
"""Characters that are not seen, or that turn the order of others."""
_MACHINE = r"(?:ai|llms?|language models?|assistants?|chatbots?|summari[sz]ers?)"
_ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instruction|prompt|rule|above|previous|prior|earlier)"
    r"|\b(?:system|developer) (?:prompt|message|instruction)"
    rf"|\byou are (?:now|an? {_MACHINE})\b|\bas an? {_MACHINE}(?: language model)?,"
    rf"|\b(?:dear|attention|note to|hey|hello),? (?:the |all |any )?{_MACHINE}\b"
    rf"|\binstructions? (?:for|to) (?:the |any |all )?{_MACHINE}\b"
    r"|<\|?(?:im_start|im_end|system|user|assistant|/?inst)\b|\[/?inst\]|={5,}"
    r"|\b(?:write|say|output|print|repeat|include|insert|add|reply|respond|answer)\b[^.!?]{0,60}"
    r"\b(?:in|into|to|with) (?:your|the) (?:brief|summary|answer|reply|response|output|title)\b"
    r"|\bwhen (?:you )?(?:summari[sz]\w+|brief\w*) this\b",
    re.IGNORECASE,
)
"""How a sentence speaks that is written for a language model, not for readers."""


@dataclass(frozen=True)
class Article:
    """An article as it was read: `text` has a line for each paragraph; `url` is empty for one from a file."""

    title: str
    site: str
    url: str
    day: date | None
    text: str

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """Return its sentences, without those that speak to a language model."""
        lines = (line.strip() for line in self.text.splitlines())
        return tuple(sentence for line in lines if line for sentence in sentences(line) if not _ORDERS.search(sentence))

    @cached_property
    def runs(self) -> frozenset[tuple[str, ...]]:
        """Return every run of words that is one too long to be used."""
        return frozenset(_runs(_words(f"{self.title}\n{self.text}")))

    @cached_property
    def plain(self) -> str:
        """Return title and text on one line, with one kind of quotation marks."""
        return _plain(f"{self.title}\n{self.text}")


def read(title: str, site: str, url: str, published: date | None, text: str) -> Article:
    """Return an article without characters that can't be seen, at a length that is read."""
    kept, letters = [], 0
    for line in text.splitlines():
        clean = clear(line)
        letters += len(clean)
        if letters > MOST_LETTERS:
            break
        kept.append(clean)
    return Article(clear(title), clear(site), url, published, "\n".join(kept))


def clear(text: str) -> str:
    """Return a text on one line, without characters that can't be seen; those within a word leave no gap."""
    return one_line(_UNSEEN.sub("", text))


def article_facts(article: Article) -> tuple[Fact, ...]:
    """State what an article is: its title, its site and its day."""
    facts = (
        Fact("article.title", article.title, "", "the article", article.title),
        Fact("article.site", article.site, "", "where the article stands", article.site),
    )
    return facts if article.day is None else (*facts, day_fact("article.day", article.day, "the article"))


# ---- words of one's own


def find_copied_text(text: str, article: Article) -> Iterator[str]:
    """Yield what a text takes from an article as it stands there: runs that are too long, quotations that are not."""
    quotes = [match[1] or match[2] or "" for match in _QUOTE.finditer(text)]
    for quotation in quotes:
        if _plain(quotation).strip(" .,;:!?…") not in article.plain or not quotation.strip():
            yield f"{quote(quotation, _SHOWN)} is quoted, but does not stand in the article so; use words of your own."
        elif len(quotation.split()) > _MOST_QUOTED_WORDS:
            yield f"A quotation is longer than {_MOST_QUOTED_WORDS} words; shorten it: {quote(quotation, _SHOWN)}."
    if len(quotes) > _MOST_QUOTES:
        yield f"There are {len(quotes)} quotations; keep one at most."
    for part in _QUOTE.sub("\n", text).splitlines():
        run = next((run for run in _runs(_words(part)) if run in article.runs), None)
        if run:
            words = " ".join(run)
            yield f"More than {LONGEST_RUN} words in a row are the article's own; use yours: {quote(words, _SHOWN)}."


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text.translate(_QUOTES))]


def _runs(words: list[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(words[start : start + LONGEST_RUN + 1]) for start in range(len(words) - LONGEST_RUN))


def _plain(text: str) -> str:
    return " ".join(text.translate(_QUOTES).split())


# ---- the text of a page, taken out in a process of its own: a page made to take for ever is given up in time


SECONDS = 15.0
"""How long it may take, with the start of the process."""

Parts = dict[str, str | None]

_MISSING = f"Reading an article's page needs trafilatura; {how_to_add('articles')} adds it."


def is_installed() -> bool:
    """Return whether the optional package that reads pages is here."""
    return find_spec("trafilatura") is not None


def extract_text(content: bytes, url: str, seconds: float = SECONDS) -> Parts | None:
    """Return a page's title, sitename, url, date and text; None where it has no text, or takes too long. Blocks.

    Raises UsageError where the package that reads pages is missing.
    """
    if not is_installed():
        raise UsageError(_MISSING)
    return run_in_process(_extract, content, url, seconds=seconds)


def _extract(content: bytes, url: str) -> Parts | None:
    from trafilatura import bare_extraction

    try:
        found: Any = bare_extraction(
            content, url=url or None, with_metadata=True, include_comments=False, include_tables=False,
            favor_precision=True, date_extraction_params={"extensive_search": False, "original_date": True},
        )  # fmt: skip
    except Exception:  # whatever a page can do to a parser
        return None
    if found is None or not found.text:
        return None
    return {name: getattr(found, name) for name in ("title", "sitename", "url", "date", "text")}
