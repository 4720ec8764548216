"""A text in plain English: short forms written out, words of other languages in English, slips of typing mended."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache

from bot.assistant import patterns
from bot.assistant.text import stem

_LANGUAGES = ("de", "fr", "es", "it", "pt")
_SHORTEST = 4
"""A misspelt word has at least so many letters."""
_TELLING = 3
"""Words of fewer letters tell nothing."""
_LONG = 8
"""Words of so many letters may hold two slips, shorter ones one."""
_NEAREST = 9
_PIECE = re.compile(r"<[a-z]+:\d+>|[^\W\d_]+(?:'[^\W\d_]+)*|\s+|.", re.DOTALL)
_JOINS = re.compile(r"(?<=[^\W\d_])['-]+(?=[^\W\d_<])")
"""What joins words: "d'autres", "sont-ils"."""


@dataclass(frozen=True, eq=False)
class Language:
    """Words and phrases by their English, "" for what needs none; `begun` stand for all words that begin so."""

    meanings: dict[str, str]
    begun: dict[str, str]
    phrases: re.Pattern[str]

    def in_english(self, line: str) -> tuple[str, list[str]]:
        """Return a line with what is known in English, and the words that are known."""
        known = [match[0] for match in self.phrases.finditer(line)]
        english = self.phrases.sub(lambda match: self._meaning(match[0], match["begun"]), line)
        return re.sub(" +", " ", english).strip(), " ".join(known).split()

    def _meaning(self, phrase: str, beginning: str | None) -> str:
        return self.begun[beginning] if beginning else self.meanings[phrase]


@cache
def language(name: str) -> Language:
    """Return a language of `words/languages/`, or the short forms of English."""
    found = patterns.groups(f"languages/{name}.txt")
    words = [
        (word.replace("_", " "), "" if english == "-" else english) for english in found for word in found[english]
    ]
    meanings = {word: english for word, english in words if word[-1] != "*"}
    begun = {word[:-1]: english for word, english in words if word[-1] == "*"}
    whole, beginnings = ("|".join(sorted(each, key=len, reverse=True)) for each in (meanings, begun))
    phrases = rf"(?<![\w<'])(?:(?:{whole})(?!'?\w)|(?P<begun>{beginnings or '(?!)'})(?!\w*bench)[^\W\d_]*)"
    return Language(meanings, begun, re.compile(phrases))


def plain_english(line: str) -> tuple[str, bool]:
    """Return a folded text in plain English, and whether it is in another language.

    It is where it holds as many words that English has not as words that only English has.
    """
    apart = _JOINS.sub(" ", line)
    in_english = {name: language(name).in_english(apart) for name in _LANGUAGES}
    best = max(_LANGUAGES, key=lambda name: len(in_english[name][1]))
    english, known = in_english[best]
    own = [word for word in known if len(word) > 1 and not _is_english(word)]
    words = [word for word in _PIECE.findall(apart) if word[0].isalpha()]
    others = [word for word in words if word not in known and _is_english(word)]
    if own and len(own) >= len(others):
        return language("en").in_english(english)[0], True
    written_out, _ = language("en").in_english(line)
    return "".join(piece if piece[0] == "<" else _mended(piece) for piece in _PIECE.findall(written_out)), False


def _is_english(word: str) -> bool:
    return stem(word) in patterns.listed("little.txt") or is_cue(word)


def is_cue(word: str) -> bool:
    """Whether a word, or its stem, may tell which question is meant."""
    return stem(word) in patterns.cue_stems() or word in patterns.cue_stems()


def is_little(word: str) -> bool:
    """Whether a word, or its stem, says nothing of what is asked."""
    listed = patterns.listed("little.txt")
    return len(word) < _TELLING or word in listed or stem(word) in listed


def is_known(word: str) -> bool:
    """Whether a word is one that the reader has, in any form."""
    return is_little(word) or is_cue(word) or stem(word) in patterns.reason_stems()


# ---- slips of typing


@lru_cache(maxsize=4096)
def _mended(word: str) -> str:
    """Return the word of a cue of which a word is a small slip, else the word itself.

    A slip is a letter too many, missing, or two in the wrong order; in a long word two of these.
    """
    if len(word) < _SHORTEST or not word.isalpha() or is_known(word) or stem(word) in patterns.listed("no_slips.txt"):
        return word
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    known = _targets()[word[0]] + _targets()["".join(sorted(word))]
    near = process.extract(word, known, scorer=OSA.distance, score_cutoff=1 + (len(word) >= _LONG), limit=_NEAREST)
    letters = Counter(word)
    return next((meant for meant, _, _ in near if letters <= Counter(meant) or Counter(meant) <= letters), word)


@cache
def _targets() -> dict[str, list[str]]:
    """Return the words that may have been meant, by their first letter, and by all their letters in order."""
    targets: dict[str, list[str]] = defaultdict(list)
    mended = {word for line in patterns.lines("mended_too.txt") for word in line.split()}
    for word in sorted(patterns.cue_words() | mended):
        root = word.removesuffix("e")
        forms = (word, f"{word}es" if word.endswith("s") else f"{word}s", f"{root}ed", f"{root}ing")
        for form in forms if len(word) >= _SHORTEST else ():
            targets[form[0]].append(form)
            targets["".join(sorted(form))].append(form)
    return targets
