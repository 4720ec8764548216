"""A text in plain English: short forms written out, words of other languages in English, slips of typing mended."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from bot.assistant import patterns
from bot.assistant.text import stem

_LANGUAGES = ("de", "fr", "es", "it", "pt")
_SHORTEST = 4
"""A beginning that stands for all words that begin so, and a misspelt word, have at least so many letters."""
_TELLING = 3
"""Words of fewer letters tell nothing."""
_LONG = 8
"""Words of so many letters may hold two slips, shorter ones one."""
_NEAREST = 9
_LONGEST_PHRASE = 5
_VOWELS = frozenset("aeiouy")
_PIECE = re.compile(r"<[a-z]+:\d+>|[^\W\d_]+(?:'[^\W\d_]+)*|\s+|.", re.DOTALL)
_APART = re.compile(r"(?<=[^\W\d_])['-]+(?=[^\W\d_<])")
"""What joins words: "d'autres", "sont-ils"."""
_COUNT = r"(\d{1,3}|an?|one|two|three|four|five|six|half an?)"
_ORDER = (
    (re.compile(rf"\b(?:ago|before) {_COUNT} (days?|weeks?|months?|quarters?|years?)\b"), r"\1 \2 ago"),
    (re.compile(r"\b(?:(?:ago|before) (year|month|week)|(?<!\d )(?<!a )(year|month|week) ago)\b"), r"a \1\2 ago"),
    (re.compile(rf"\b{_COUNT} last (days?|weeks?|months?|quarters?|years?)\b"), r"last \1 \2"),
    (re.compile(r"\b(models?|tests?|months?|data) (open|closed|private|public|last|raw)\b"), r"\2 \1"),
)
"""What stands in another order in English: "il y a 3 mois", "les trois derniers mois", "modelos abiertos"."""
_LOANS = frozenset(
    "ai benchmark benchmarks closed gap leaderboard level model open score source test tests weights".split()
)
"""English words that a text in any language may hold."""


@dataclass(frozen=True, eq=False)
class Language:
    """Words and phrases by their English, "" for what needs none; `begun` stand for all words that begin so.

    English may hold the words in `shared` too.
    """

    meanings: dict[str, str]
    begun: dict[str, str]
    shared: frozenset[str]

    def meaning(self, phrase: str) -> str | None:
        """Return the English of a word or phrase, None for one that is not known."""
        if phrase in self.meanings:
            return self.meanings[phrase]
        if "bench" in phrase:  # the name of a test
            return None
        shortest = max(_SHORTEST, phrase.rfind(" ") + 2)
        beginnings = (phrase[:length] for length in range(len(phrase), shortest - 1, -1))
        return next((self.begun[each] for each in beginnings if each in self.begun), None)

    def in_english(self, line: str) -> tuple[str, list[str]]:
        """Return a line with what is known in English, and the words that are known."""
        pieces, known = _PIECE.findall(line), []
        parts: list[str] = []
        first = 0
        while first < len(pieces):
            last = first + 1
            longest = min(2 * _LONGEST_PHRASE - 1, (len(pieces) - first - 1) // 2 * 2 + 1)
            for end in range(first + longest, first, -2):
                meant = self.meaning("".join(pieces[first:end])) if pieces[first][:1].isalpha() else None
                if meant is not None:
                    known += pieces[first:end:2]
                    parts.append(meant)
                    last = end
                    break
            else:
                parts.append(pieces[first])
            first = last
        return re.sub(" +", " ", "".join(parts)).strip(), known


@cache
def language(name: str) -> Language:
    """Return a language of `words/languages/`, or the short forms of English."""
    found = patterns.groups(f"languages/{name}.txt")
    words = [
        (word.replace("_", " "), "" if english == "-" else english) for english in found for word in found[english]
    ]
    return Language(
        {word.lstrip("!"): english for word, english in words if word[-1] != "*"},
        {word[:-1]: english for word, english in words if word[-1] == "*"},
        frozenset(word[1:] for word, _ in words if word[0] == "!"),
    )


def plain_english(line: str) -> tuple[str, bool]:
    """Return a folded text in plain English, and whether it is in another language.

    It is where it holds as many words that English has not as words that only English has.
    """
    apart = _APART.sub(" ", line)
    in_english = {name: language(name).in_english(apart) for name in _LANGUAGES}
    best = max(_LANGUAGES, key=lambda name: len(in_english[name][1]))
    english, known = in_english[best]
    own = [word for word in known if len(word) > 1 and word not in language(best).shared and not _is_english(word)]
    words = [word for word in _PIECE.findall(apart) if word[0].isalpha()]
    others = [word for word in words if word not in known and word not in _LOANS and _is_english(word)]
    if own and len(own) >= len(others):
        for order, in_order in _ORDER:
            english = order.sub(in_order, english)
        return language("en").in_english(english)[0], True
    written_out, _ = language("en").in_english(line)
    return "".join(piece if piece[0] == "<" else _mended(piece) for piece in _PIECE.findall(written_out)), False


def _is_english(word: str) -> bool:
    return stem(word) in patterns.listed("little.txt") or word in patterns.cue_words()


def is_cue(word: str) -> bool:
    """Whether a word, or its stem, may tell which question is meant."""
    return stem(word) in patterns.cue_stems() or word in patterns.cue_stems()


def is_little(word: str) -> bool:
    """Whether a word, or its stem, says nothing of what is asked."""
    listed = patterns.listed("little.txt")
    return len(word) < _TELLING or word in listed or stem(word) in listed or word in _nothing()


def is_known(word: str) -> bool:
    """Whether a word is one that the reader has, in any form."""
    return is_little(word) or is_cue(word) or stem(word) in patterns.reason_stems()


@cache
def _nothing() -> frozenset[str]:
    """Return the words of other languages that say nothing of what is asked."""
    return frozenset(word for name in _LANGUAGES for word, meant in language(name).meanings.items() if not meant)


# ---- slips of typing


@lru_cache(maxsize=4096)
def _mended(word: str) -> str:
    """Return the word of a cue of which a word is a small slip, else the word itself.

    A slip is a letter too many, missing, or two in the wrong order; in a long word two of these, or a wrong vowel.
    """
    if len(word) < _SHORTEST or not word.isalpha() or is_known(word) or stem(word) in patterns.listed("no_slips.txt"):
        return word
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    known = _targets()[word[0]] + _targets()["".join(sorted(word))]
    near = process.extract(word, known, scorer=OSA.distance, score_cutoff=1 + (len(word) >= _LONG), limit=_NEAREST)
    return next((meant for meant, _, _ in near if _is_small(Counter(word), Counter(meant))), word)


def _is_small(one: Counter[str], other: Counter[str]) -> bool:
    is_vowel = one.total() == other.total() >= _LONG and {*(one - other), *(other - one)} <= _VOWELS
    return one <= other or other <= one or (is_vowel and (one - other).total() == 1)


@cache
def _targets() -> dict[str, list[str]]:
    """Return the words that may have been meant, by their first letter, and by all their letters in order."""
    targets: dict[str, list[str]] = defaultdict(list)
    mended = {word for line in patterns.lines("mended_too.txt") for word in line.split()}
    for word in sorted(patterns.cue_words() | mended):
        for form in _forms(word) if len(word) >= _SHORTEST else ():
            targets[form[0]].append(form)
            targets["".join(sorted(form))].append(form)
    return targets


def _forms(word: str) -> Iterable[str]:
    root = word.removesuffix("e")
    return word, f"{word}es" if word.endswith("s") else f"{word}s", f"{root}ed", f"{root}ing"
