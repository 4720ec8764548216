"""How a brief must read, whoever wrote it: its length, short sentences, plain words, nothing said twice."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations

from core.brief.bullets import Bullet
from core.text.sentences import sentences
from core.words import quote

MOST_SENTENCE_WORDS = 25
_ALIKE = 0.8
"""Share of the words from which on two bullets say the same."""
_SHOWN = 60
_HOLLOW = re.compile(
    r"\b(?:underscor\w+|landscape|game[- ]chang\w+|remains to be seen|impressive\w*|crucial\w*|notabl[ey]"
    r"|groundbreaking|cutting[- ]edge|rapidly evolving|delve\w*|testament|p-values?|CI|in conclusion)\b|±",
    re.IGNORECASE,
)
"""Words that say nothing, or nothing to a newcomer."""
_OPEN_SOURCE = re.compile(r"\bopen[- ]sourced?\b", re.IGNORECASE)
_MARKS = re.compile(r"https?:|\bwww\.|[<>@#*_`|\\\[\]]|\b[a-z0-9-]+\.(?:com|org|net|io|ai|example)\b", re.IGNORECASE)
"""Addresses, and what some form would read as a mark."""
_VOWELS = re.compile(r"[aeiouy]+")


@dataclass(frozen=True)
class Form:
    """What a brief's text must keep to: how many words and bullets, and how easy it must be to read."""

    least_words: int
    most_words: int
    least_bullets: int
    most_bullets: int
    most_title_words: int
    least_ease: float


def reading_ease(text: str) -> float:
    """Return how easy a text is to read: Flesch 1948, Journal of Applied Psychology 32; 60 to 70 is plain English.

    Syllables are counted by groups of vowels, without those that are silent at a word's end.
    """
    words = text.split()
    if not words:
        return 0.0
    syllables = sum(map(_syllables, words))
    return 206.835 - 1.015 * len(words) / len(sentences(text)) - 84.6 * syllables / len(words)


def count_words(title: str) -> int:
    """Count the words of a title; a sign such as "%" is none."""
    return sum(any(letter.isalnum() for letter in word) for word in title.split())


def _syllables(word: str) -> int:
    letters = re.sub(r"[^a-z]", "", word.lower())
    number = len(_VOWELS.findall(letters))
    number -= bool(re.search(r"[^aeiouyl]e$|[aeiouy]le$", letters))
    number -= bool(re.search(r"[^aeiouytd]ed$|[^aeiouyszxcgh]es$", letters))
    number += bool(re.search(r"[^cstg]i[aou]|^i[aou]", letters))
    return max(number, 1)


def find_faults(title: str, bullets: Sequence[Bullet], form: Form) -> Iterator[str]:
    """Yield what is wrong with how a brief reads, a sentence each: none for one that reads as it must."""
    parts = [part for bullet in bullets for part in bullet.parts]
    text = " ".join(parts)
    words = len(text.split())
    if not form.least_bullets <= len(bullets) <= form.most_bullets:
        yield f"There are {len(bullets)} bullets; write {_range_text(form.least_bullets, form.most_bullets)}."
    if not form.least_words <= words <= form.most_words:
        less = "longer" if words < form.least_words else "shorter"
        yield (
            f"The bullets have {words} words together once slots are filled; make them {less}:"
            f" {_range_text(form.least_words, form.most_words)}."
        )
    if not title.strip() or count_words(title) > form.most_title_words:
        yield f"The title has {count_words(title)} words; write 1 to {form.most_title_words}."
    for sentence in (sentence for part in (title, *parts) for sentence in sentences(part)):
        if len(sentence.split()) > MOST_SENTENCE_WORDS:
            yield f"A sentence has more than {MOST_SENTENCE_WORDS} words; split it: {quote(sentence, _SHOWN)}."
    if parts and reading_ease(text) < form.least_ease:
        yield "The text is hard to read; use shorter sentences and shorter words."
    for part in (title, *parts):
        yield from _find_word_faults(part)
    for one, other in combinations([title, *parts], 2):
        if SequenceMatcher(None, one.lower().split(), other.lower().split(), autojunk=False).ratio() >= _ALIKE:
            yield f"Two parts say the same; drop one: {quote(other, _SHOWN)}."


def _find_word_faults(part: str) -> Iterator[str]:
    unquoted = re.sub(r"“[^”]*”", "", part)
    for pattern, why in (
        (_HOLLOW, "says nothing to a newcomer; leave it out"),
        (_OPEN_SOURCE, "is not what is meant; write open weights, or open"),
        (_MARKS, "is an address or a mark; write plain words"),
    ):
        match = pattern.search(unquoted)
        if match:
            yield f"{quote(match[0])} {why}."


def _range_text(least: int, most: int) -> str:
    return f"{least}" if least == most else f"{least} to {most}"
