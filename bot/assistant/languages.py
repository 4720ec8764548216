"""Texts in other languages than English: which one a text is in, and its words in English, word by word."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property

from bot.assistant import cues

_NAMES = ("de", "fr", "es", "it", "pt")
_SHORTEST = 4
"""A beginning that stands for all words that begin so has at least so many letters."""
_NAME = "bench"
"""What marks a word of any language as the name of a test."""
_TAG = r"<[a-z]+:\d+>"
_WORD = re.compile(rf"{_TAG}|[^\W\d_]+")
_APART = re.compile(r"(?<=[^\W\d_])['-]+(?=[^\W\d_<])")
"""What joins words: "d'autres", "sont-ils"."""
_COUNT = r"(\d{1,3}|an?|one|two|three|four|five|six|half an?)"
_UNIT = r"(days?|weeks?|months?|quarters?|years?)"
_KIND = r"(open(?: source| weights?)?|closed(?: source)?|private|public|last|raw)"
_ORDER = (
    (re.compile(rf"\b(?:ago|before) {_COUNT} {_UNIT}\b"), r"\1 \2 ago"),
    (re.compile(r"\b(?:(?:ago|before) (year|month|week)|(?<!\d )(?<!a )(year|month|week) ago)\b"), r"a \1\2 ago"),
    (re.compile(rf"\b{_COUNT} last {_UNIT}\b"), r"last \1 \2"),
    (re.compile(rf"\b(models?|tests?|months?|years?|weeks?|data) {_KIND}\b"), r"\2 \1"),
    (re.compile(r"\b(models?) ((?:<\w+:\d+> )?)(best|strongest)\b"), r"\3 \2\1"),
)
"""What stands in another order in English: "il y a 3 mois", "les trois derniers mois", "modelos abiertos"."""
_LOANS = frozenset(
    "ai benchmark benchmarks closed gap leaderboard level model open score source test tests weights".split()
)
"""English words that a text in any language may hold."""


@dataclass(frozen=True, eq=False)
class Language:
    """A language's words, and phrases of words with `_` between, by their English; "" for what needs none.

    One that ends in `*` stands for all words that begin so. English may hold the words in `shared` too.
    """

    meanings: dict[str, str]
    shared: frozenset[str]

    @cached_property
    def _beginnings(self) -> dict[str, str]:
        return {word[:-1]: meant for word, meant in self.meanings.items() if word[-1] == "*" and "_" not in word}

    @cached_property
    def _phrases(self) -> tuple[re.Pattern[str], list[str]]:
        """Return an expression that finds a phrase, in a group of its own, or else a tag or word; and their English."""
        phrases = sorted((word for word in self.meanings if "_" in word), key=len, reverse=True)
        written = (re.escape(phrase).replace("_", " ").replace(r"\*", r"[^\W\d_]*") for phrase in phrases)
        either = "|".join([*(rf"\b({each})(?!\w|>|:\d)" for each in written), _WORD.pattern])
        return re.compile(either), [self.meanings[phrase] for phrase in phrases]

    def meaning(self, word: str) -> str | None:
        """Return a word's English, None for a word that the language's list does not hold."""
        if word in self.meanings:
            return self.meanings[word]
        if _NAME in word:
            return None
        beginnings = (word[:length] for length in range(len(word), _SHORTEST - 1, -1))
        return next((self._beginnings[each] for each in beginnings if each in self._beginnings), None)

    def held(self, line: str) -> list[str]:
        """Return the words of a folded line that the language's list holds, alone or in a phrase."""
        found = (match for match in self._phrases[0].finditer(_parted(line)))
        words = (match[0].split() if match.lastindex or self.meaning(match[0]) is not None else [] for match in found)
        return [word for each in words for word in each]

    def in_english(self, line: str) -> str:
        """Return a folded line with the words and phrases that the language's list holds in English."""
        expression, meant = self._phrases

        def english(found: re.Match[str]) -> str:
            if found.lastindex:
                return meant[found.lastindex - 1]
            meaning = self.meaning(found[0])
            return found[0] if meaning is None else meaning

        line = re.sub(" +", " ", expression.sub(english, _parted(line)))
        for order, in_english in _ORDER:
            line = order.sub(in_english, line)
        return line.strip()


def of(line: str, is_english: Callable[[str], bool]) -> Language | None:
    """Return the language of a folded line, None for English; `is_english` says whether English has a word.

    A text is in another language where it holds as many words that English has not as words that only English has.
    """
    words = [word for word in _WORD.findall(_parted(line)) if word[0] != "<"]
    held = {one: one.held(line) for one in languages()}
    best = max(languages(), key=lambda one: len(held[one]))
    own = [word for word in held[best] if len(word) > 1 and word not in best.shared and not is_english(word)]
    others = [word for word in words if word not in held[best] and word not in _LOANS and is_english(word)]
    return best if own and len(own) >= len(others) else None


def _parted(line: str) -> str:
    return _APART.sub(" ", line)


@cache
def languages() -> tuple[Language, ...]:
    """Return the languages whose words are known."""
    return tuple(_language(f"languages/{name}.txt") for name in _NAMES)


def _language(name: str) -> Language:
    words = [
        (word, "" if english == "-" else english) for english, words in cues.groups(name).items() for word in words
    ]
    return Language(
        {word.lstrip("!"): english for word, english in words},
        frozenset(word[1:] for word, _ in words if word[0] == "!"),
    )


@cache
def nothing() -> frozenset[str]:
    """Return the words of other languages that say nothing of what is asked."""
    return frozenset(word for one in languages() for word, english in one.meanings.items() if not english)
