"""A text in plain English: short forms written out, words of other languages in English, slips of typing mended.

A text in a script that is not read gets one sentence in its own language.
"""

import re
from collections import Counter, defaultdict
from functools import cache, lru_cache

from bot.assistant import patterns
from bot.assistant.text import folded, stem

_LANGUAGES = ("de", "fr", "es", "it", "pt", "nl", "pl")
_SHORTEST = 4
"""A misspelt word has at least so many letters."""
_TELLING = 3
"""Words of fewer letters tell nothing."""
_LONG = 8
"""Words of so many letters may hold two slips, shorter ones one."""
_NEAREST = 9
_VOWELS = frozenset("aeiouy")
_PIECE = re.compile(r"<[a-z]+:\d+>|[^\W\d_]+(?:'[^\W\d_]+)*|\s+|.", re.DOTALL)
_JOINS = re.compile(r"(?<=[^\W\d_])['-]+(?=[^\W\d_<])")
"""What joins words: "d'autres", "sont-ils"."""


def in_english(language: str, line: str) -> tuple[str, list[str]]:
    """Return a line with what is known of a language in English, and the words that are known."""
    meanings, phrases = _phrases(language)
    known = [match[0] for match in phrases.finditer(line)]
    english = phrases.sub(lambda match: meanings[f"{match['begun']}*" if match["begun"] else match[0]], line)
    return re.sub(" +", " ", english).strip(), " ".join(known).split()


@cache
def _phrases(language: str) -> tuple[dict[str, str], re.Pattern[str]]:
    """Return the English of the words and phrases of a file of `words/languages/`, and the pattern of them all."""
    meant_by = patterns.groups(f"languages/{language}.txt")
    meanings = {
        word.replace("_", " "): "" if english == "-" else english for english in meant_by for word in meant_by[english]
    }
    longest_first = sorted(meanings, key=len, reverse=True)
    whole = "|".join(each for each in longest_first if each[-1] != "*")
    begun = "|".join(each[:-1] for each in longest_first if each[-1] == "*") or "(?!)"
    phrases = rf"(?<![\w<'])(?:(?:{whole})(?!'?\w)|(?P<begun>{begun})(?!\w*bench)[^\W\d_]*)"
    return meanings, re.compile(phrases)


def plain_english(line: str) -> str:
    """Return a folded text in plain English.

    It is in another language where it holds as many words that English has not as words that only English has.
    """
    language, english = _read_language(line)
    if language != "en":
        return in_english("en", english)[0]
    written_out, _ = in_english("en", line)
    return "".join(piece if piece[0] == "<" else _mend(piece) for piece in _PIECE.findall(written_out))


def _read_language(line: str, least: int = 1) -> tuple[str, str]:
    """Return the language of a folded text, by at least so many words, and the text with these in English."""
    apart = _JOINS.sub(" ", line)
    reads = [(language, *in_english(language, apart)) for language in _LANGUAGES]
    language, english, known = max(reads, key=lambda read: len(read[2]))
    own = [word for word in known if len(word) > 1 and not _is_english(word)]
    words = [word for word in _PIECE.findall(apart) if word[0].isalpha()]
    others = [word for word in words if word not in known and _is_english(word)]
    return (language, english) if len(own) >= max(least, len(others)) else ("en", line)


def _is_english(word: str) -> bool:
    return stem(word) in patterns.listed("little.txt") or is_cue(word)


def is_cue(word: str) -> bool:
    """Whether a word, or its stem, may tell which question is meant."""
    telling = patterns.listed("telling.txt")
    return stem(word) in telling or word in telling


def is_little(word: str) -> bool:
    """Whether a word, or its stem, says nothing of what is asked."""
    listed = patterns.listed("little.txt")
    return len(word) < _TELLING or word in listed or stem(word) in listed


def is_known(word: str) -> bool:
    """Whether a word is one that the reader has, in any form."""
    return is_little(word) or is_cue(word) or stem(word) in patterns.reason_stems()


# ---- slips of typing


@lru_cache(maxsize=4096)
def _mend(word: str) -> str:
    """Return the telling word of which a word is a small slip, else the word itself.

    A slip is a letter too many, missing, or two in the wrong order; in a long word two of these.
    """
    if len(word) < _SHORTEST or not word.isalpha() or is_known(word) or stem(word) in patterns.listed("no_slips.txt"):
        return word
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    known = _targets()[word[0]] + _targets()["".join(sorted(word))]
    near = process.extract(word, known, scorer=OSA.distance, score_cutoff=1 + (len(word) >= _LONG), limit=_NEAREST)
    near = sorted(near, key=lambda each: (each[1], -len(each[0])))  # who types fast leaves out, more than puts in
    letters = Counter(word)
    return next((meant for meant, _, _ in near if _is_slip(word, letters, meant)), word)


def _is_slip(word: str, letters: Counter[str], meant: str) -> bool:
    """Whether a word is another with letters too many or missing, or a long one with another vowel."""
    other = Counter(meant)
    changed = (letters - other) + (other - letters)
    is_vowel = len(word) >= _LONG and changed.total() == 2 and changed.keys() <= _VOWELS
    return letters <= other or other <= letters or is_vowel


@cache
def _targets() -> dict[str, list[str]]:
    """Return the words that may have been meant, by their first letter, and by all their letters in order."""
    targets: dict[str, list[str]] = defaultdict(list)
    lines = patterns.lines("telling.txt") + patterns.lines("mended_too.txt")
    mended = {word for line in lines for word in line.split()}
    for word in sorted(patterns.domain_words() | mended):
        root = word.removesuffix("e")
        forms = (word, f"{word}es" if word.endswith("s") else f"{word}s", f"{root}ed", f"{root}ing")
        for form in forms if len(word) >= _SHORTEST else ():
            targets[form[0]].append(form)
            targets["".join(sorted(form))].append(form)
    return targets


# ---- scripts that are not read, and languages of which little is


_SURE = 2
"""So many words of a language are no chance: "private" is of several."""


def unread_language_sentence(text: str) -> str | None:
    """Return what is said, in its language, to a cleaned text that is not understood; None for one in English."""
    sentences = dict(line.split(" ", 1) for line in patterns.lines("not_understood.txt"))
    return sentences.get(_read_language(folded(text), _SURE)[0])


_LEAST, _SHARE = 2, 0.2
"""A text is in scripts that are not read if so many letters are, and this share of all its letters."""


def unread_script_sentence(text: str) -> str | None:
    """Return what is said, in its language, to a cleaned text whose script is not read; None for another text."""
    scripts = [line.split(" ", 1) for line in patterns.lines("scripts.txt")]
    unread = re.findall(f"[{''.join(letters for letters, _ in scripts)}]", text)
    if len(unread) < max(_LEAST, _SHARE * sum(map(str.isalpha, text))):
        return None
    return next(sentence for letters, sentence in scripts if re.search(f"[{letters}]", text))
