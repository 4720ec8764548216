"""Check how a brief reads: its length, its sentences, plain words, no repetition."""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import combinations

from core.dataclass import dataclass
from core.text.sentences import sentences
from core.words import quote

MOST_SENTENCE_WORDS = 25
_SAME_RATIO = 0.8
"""Two parts say the same if at least this share of their words match."""
_QUOTE_LENGTH = 60
_HOLLOW = re.compile(
    r"\b(?:underscor\w+|landscape|game[- ]chang\w+|remains to be seen|impressive\w*|crucial\w*|notabl[ey]"
    r"|groundbreaking|cutting[- ]edge|rapidly evolving|delve\w*|testament|p-values?|CI|in conclusion)\b|±",
    re.IGNORECASE,
)
"""Filler, and jargon that a newcomer does not know."""
_OPEN_SOURCE = re.compile(r"\bopen[- ]sourced?\b", re.IGNORECASE)
_MARKUP = re.compile(r"https?:|\bwww\.|[<>@#*_`|\\\[\]]|\b[a-z0-9-]+\.(?:com|org|net|io|ai|example)\b", re.IGNORECASE)
"""Addresses, and characters that are markup in one of the output formats."""
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*|\b(?:two|three|four|five|six|seven|eight|nine|ten)\b", re.IGNORECASE)
_VOWELS = re.compile(r"[aeiouy]+")


@dataclass(frozen=True)
class Form:
    """The limits on a brief's text: numbers of words and bullets, and the lowest reading ease."""

    least_words: int
    most_words: int
    least_bullets: int
    most_bullets: int
    most_title_words: int
    least_ease: float


def reading_ease(text: str) -> float:
    """Return the Flesch reading ease of a text (1948, Journal of Applied Psychology 32); 60 to 70 is plain English.

    A syllable is a group of vowels; silent endings are not counted.
    """
    words = text.split()
    if not words:
        return 0.0
    syllables = sum(map(_count_syllables, words))
    return 206.835 - 1.015 * len(words) / len(sentences(text)) - 84.6 * syllables / len(words)


def count_words(text: str) -> int:
    """Count the words of a text; a sign such as "%" is not a word."""
    return sum(any(letter.isalnum() for letter in word) for word in text.split())


def count_numbers(text: str, names: Iterable[str]) -> int:
    """Count the numbers of a text, in digits and in words; what stands in a name is none."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "_")
    return len(_NUMBER.findall(text))


def _count_syllables(word: str) -> int:
    letters = re.sub(r"[^a-z]", "", word.lower())
    count = len(_VOWELS.findall(letters))
    count -= bool(re.search(r"[^aeiouyl]e$|[aeiouy]le$", letters))
    count -= bool(re.search(r"[^aeiouytd]ed$|[^aeiouyszxcgh]es$", letters))
    count += bool(re.search(r"[^cstg]i[aou]|^i[aou]", letters))
    return max(count, 1)


def find_faults(title: str, bullets: Sequence[str], form: Form) -> Iterator[str]:
    """Yield the faults in how a brief reads, one sentence per fault; nothing for a brief without faults."""
    text = " ".join(bullets)
    words = count_words(text)
    if not form.least_bullets <= len(bullets) <= form.most_bullets:
        yield f"There are {len(bullets)} bullets; write {_range_text(form.least_bullets, form.most_bullets)}."
    if not form.least_words <= words <= form.most_words:
        change = "longer" if words < form.least_words else "shorter"
        yield (
            f"The bullets have {words} words together once slots are filled; make them {change}:"
            f" {_range_text(form.least_words, form.most_words)}."
        )
    if not title.strip() or count_words(title) > form.most_title_words:
        yield f"The title has {count_words(title)} words; write 1 to {form.most_title_words}."
    for sentence in (sentence for part in (title, *bullets) for sentence in sentences(part)):
        if len(sentence.split()) > MOST_SENTENCE_WORDS:
            yield f"A sentence has more than {MOST_SENTENCE_WORDS} words; split it: {quote(sentence, _QUOTE_LENGTH)}."
    if bullets and reading_ease(text) < form.least_ease:
        yield "The text is hard to read; use shorter sentences and shorter words."
    for part in (title, *bullets):
        yield from _find_word_faults(part)
    for first, second in combinations([title, *bullets], 2):
        if SequenceMatcher(None, first.lower().split(), second.lower().split(), autojunk=False).ratio() >= _SAME_RATIO:
            yield f"Two parts say the same; drop one: {quote(second, _QUOTE_LENGTH)}."


def _find_word_faults(part: str) -> Iterator[str]:
    unquoted = re.sub(r"“[^”]*”", "", part)
    for pattern, why in (
        (_HOLLOW, "says nothing to a newcomer; leave it out"),
        (_OPEN_SOURCE, "is not what is meant; write open weights, or open"),
        (_MARKUP, "is an address or a mark; write plain words"),
    ):
        match = pattern.search(unquoted)
        if match:
            yield f"{quote(match[0])} {why}."


def _range_text(least: int, most: int) -> str:
    return f"{least}" if least == most else f"{least} to {most}"
