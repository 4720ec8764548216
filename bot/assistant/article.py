"""Articles for briefs: text extraction from pages, facts, and a search for copied words."""

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
"""The most words in a row that may be copied from the article without quotation marks."""
LEAST_WORDS = 80
"""The least words of an article."""
MOST_LETTERS = 24_000
"""The most characters of an article that are read."""
_MOST_QUOTED_WORDS = 25
_MOST_QUOTES = 2
_EXCERPT = 60
_WORD = re.compile(r"\w+(?:[.,’'-]\w+)*")
_QUOTE = re.compile(r"“([^”]*)”|\"([^\"]*)\"")
_QUOTES = str.maketrans("“”„«»’\N{LEFT SINGLE QUOTATION MARK}", '"""""\'\'')
_UNSEEN = re.compile(
    r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]"
)
"""Characters that are invisible, or that reverse the order of others."""
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
"""Sentences for a language model instead of readers."""


@dataclass(frozen=True)
class Article:
    """An article; `text` has one line per paragraph, `url` is empty for a file."""

    title: str
    site: str
    url: str
    day: date | None
    text: str

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """Return its sentences, without those for a language model."""
        lines = (line.strip() for line in self.text.splitlines())
        return tuple(sentence for line in lines if line for sentence in sentences(line) if not _ORDERS.search(sentence))

    @cached_property
    def runs(self) -> frozenset[tuple[str, ...]]:
        """Return all runs of words that are one word too long to copy."""
        return frozenset(_word_runs(_split_words(f"{self.title}\n{self.text}")))

    @cached_property
    def plain_text(self) -> str:
        """Return title and text on one line, with one kind of quotation marks."""
        return _plain_text(f"{self.title}\n{self.text}")


def make_article(title: str, site: str, url: str, day: date | None, text: str) -> Article:
    """Return an article without invisible characters, and no longer than the limit."""
    clean_lines, n_letters = [], 0
    for line in text.splitlines():
        clean = clean_line(line)
        n_letters += len(clean)
        if n_letters > MOST_LETTERS:
            break
        clean_lines.append(clean)
    return Article(clean_line(title), clean_line(site), url, day, "\n".join(clean_lines))


def clean_line(text: str) -> str:
    """Return a text on one line, without invisible characters; within words these leave no gap."""
    return one_line(_UNSEEN.sub("", text))


def article_facts(article: Article) -> tuple[Fact, ...]:
    """Return an article's title, site and day as facts."""
    facts = (
        Fact("article.title", article.title, "", "the article", article.title),
        Fact("article.site", article.site, "", "where the article stands", article.site),
    )
    return facts if article.day is None else (*facts, day_fact("article.day", article.day, "the article"))


# ---- copied words


def find_copied_text(text: str, article: Article) -> Iterator[str]:
    """Yield a fault for each run of copied words that is too long, and for each wrong quotation."""
    quotes = [match[1] or match[2] or "" for match in _QUOTE.finditer(text)]
    for phrase in quotes:
        if _plain_text(phrase).strip(" .,;:!?…") not in article.plain_text or not phrase.strip():
            yield f"{quote(phrase, _EXCERPT)} is quoted, but does not stand in the article so; use words of your own."
        elif len(phrase.split()) > _MOST_QUOTED_WORDS:
            yield f"A quotation is longer than {_MOST_QUOTED_WORDS} words; shorten it: {quote(phrase, _EXCERPT)}."
    if len(quotes) > _MOST_QUOTES:
        yield f"There are {len(quotes)} quotations; keep one at most."
    for part in _QUOTE.sub("\n", text).splitlines():
        run = next((run for run in _word_runs(_split_words(part)) if run in article.runs), None)
        if run:
            words = " ".join(run)
            yield f"More than {LONGEST_RUN} words in a row are the article's own; use yours: {quote(words, _EXCERPT)}."


def _split_words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text.translate(_QUOTES))]


def _word_runs(words: list[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(words[start : start + LONGEST_RUN + 1]) for start in range(len(words) - LONGEST_RUN))


def _plain_text(text: str) -> str:
    return " ".join(text.translate(_QUOTES).split())


# ---- text extraction, in its own process with a time limit, as a hostile page may take forever


SECONDS = 15.0
"""The most seconds for it, with the start of the process."""

Parts = dict[str, str | None]

_MISSING = f"Reading an article's page needs trafilatura; {how_to_add('articles')} adds it."


def is_installed() -> bool:
    """Return whether the optional package that reads pages is installed."""
    return find_spec("trafilatura") is not None


def extract_text(content: bytes, url: str, seconds: float = SECONDS) -> Parts | None:
    """Return a page's title, sitename, url, date and text; None if it has no text or takes too long. Blocks.

    Raises UsageError if the package that reads pages is missing.
    """
    if not is_installed():
        raise UsageError(_MISSING)
    return run_in_process(_extract, content, url, seconds=seconds)


def _extract(content: bytes, url: str) -> Parts | None:
    from trafilatura import bare_extraction

    try:
        document: Any = bare_extraction(
            content, url=url or None, with_metadata=True, include_comments=False, include_tables=False,
            favor_precision=True, date_extraction_params={"extensive_search": False, "original_date": True},
        )  # fmt: skip
    except Exception:  # a page can raise anything in the parser
        return None
    if document is None or not document.text:
        return None
    return {name: getattr(document, name) for name in ("title", "sitename", "url", "date", "text")}
