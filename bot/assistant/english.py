"""Translates texts to plain English: expands short forms, translates known words of other languages, fixes typos.

A text in an unknown script gets one sentence in its own language.
"""

import re
from collections import Counter, defaultdict
from functools import cache, lru_cache

from bot.assistant import patterns
from bot.assistant.text import fold_text, stem

_LANGUAGES = ("de", "fr", "es", "it", "pt", "nl", "pl", "sv", "tr")
_SHORTEST = 4
"""The least letters of a word whose typos are fixed."""
_SHORTEST_TELLING = 3
"""The least letters of a word that says something."""
_LONG_WORD = 8
"""From this number of letters on a word may have two typos, below it one."""
_MOST_CANDIDATES = 9
_VOWELS = frozenset("aeiouy")
_PIECE = re.compile(r"<[a-z]+:\d+>|[^\W\d_]+(?:'[^\W\d_]+)*|\s+|.", re.DOTALL)
_JOINTS = re.compile(r"(?<=[^\W\d_])['-]+(?=[^\W\d_<])")
"""Marks that join words: "d'autres", "sont-ils"."""


def translate_line(language: str, line: str) -> tuple[str, list[str]]:
    """Translate a language's known words in a line; return the line and the known words."""
    meanings, phrases = _load_phrases(language)
    matches = [match[0] for match in phrases.finditer(line)]
    english = phrases.sub(lambda match: meanings[f"{match['prefix']}*" if match["prefix"] else match[0]], line)
    return re.sub(" +", " ", english).strip(), " ".join(matches).split()


@cache
def _load_phrases(language: str) -> tuple[dict[str, str], re.Pattern[str]]:
    """Return a language's words and phrases with their English, and a pattern that matches them all."""
    groups = patterns.read_groups(f"languages/{language}.txt")
    meanings = {
        word.replace("_", " "): "" if english == "-" else english for english in groups for word in groups[english]
    }
    longest_first = sorted(meanings, key=len, reverse=True)
    whole_forms = "|".join(form for form in longest_first if form[-1] != "*")
    prefixes = "|".join(form[:-1] for form in longest_first if form[-1] == "*") or "(?!)"
    phrases = rf"(?<![\w<'])(?:(?:{whole_forms})(?!'?\w)|(?P<prefix>{prefixes})(?!\w*bench)[^\W\d_]*)"
    return meanings, re.compile(phrases)


def to_plain_english(line: str) -> str:
    """Translate a folded text to plain English.

    It counts as another language if it has at least as many words that English lacks as English words.
    """
    language, english = _guess_language(line)
    if language != "en":
        return translate_line("en", english)[0]
    expanded, _ = translate_line("en", line)
    return "".join(piece if piece[0] == "<" else _fix_typo(piece) for piece in _PIECE.findall(expanded))


def _guess_language(line: str, least: int = 1) -> tuple[str, str]:
    """Return the language of a folded text, if it has at least `least` words of it, and the translated text."""
    spaced_line = _JOINTS.sub(" ", line)
    translations = [(language, *translate_line(language, spaced_line)) for language in _LANGUAGES]
    language, english, matched_words = max(translations, key=lambda translation: len(translation[2]))
    foreign_words = [word for word in matched_words if len(word) > 1 and not _is_english(word)]
    words = [word for word in _PIECE.findall(spaced_line) if word[0].isalpha()]
    english_words = [word for word in words if word not in matched_words and _is_english(word)]
    return (language, english) if len(foreign_words) >= max(least, len(english_words)) else ("en", line)


def _is_english(word: str) -> bool:
    return stem(word) in patterns.listed_stems("little.txt") or is_cue(word)


def is_cue(word: str) -> bool:
    """Whether a word, or its stem, hints at a question."""
    telling_stems = patterns.listed_stems("telling.txt")
    return stem(word) in telling_stems or word in telling_stems


def is_little(word: str) -> bool:
    """Whether a word, or its stem, says nothing about the question."""
    little_stems = patterns.listed_stems("little.txt")
    return len(word) < _SHORTEST_TELLING or word in little_stems or stem(word) in little_stems


def is_known(word: str) -> bool:
    """Whether the reader knows a word in any form."""
    return is_little(word) or is_cue(word) or stem(word) in patterns.reason_stems()


# ---- typos


@lru_cache(maxsize=4096)
def _fix_typo(word: str) -> str:
    """Return the known word of which a word is a typo, else the word itself.

    A typo is an extra letter, a missing one, or two swapped ones; a long word may have two typos.
    """
    is_candidate = len(word) >= _SHORTEST and word.isalpha() and not is_known(word)
    if not is_candidate or stem(word) in patterns.listed_stems("no_slips.txt"):
        return word
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    targets = _typo_targets()[word[0]] + _typo_targets()["".join(sorted(word))]
    most = 2 if len(word) >= _LONG_WORD else 1
    matches = process.extract(word, targets, scorer=OSA.distance, score_cutoff=most, limit=_MOST_CANDIDATES)
    matches.sort(key=lambda match: (match[1], -len(match[0])))  # fast typists omit letters more than they add them
    letters = Counter(word)
    return next((target for target, _, _ in matches if _is_typo(word, letters, target)), word)


def _is_typo(word: str, letters: Counter[str], target: str) -> bool:
    """Whether a word is the target with extra or missing letters, or a long one with another vowel."""
    target_letters = Counter(target)
    difference = (letters - target_letters) + (target_letters - letters)
    is_vowel = len(word) >= _LONG_WORD and difference.total() == 2 and difference.keys() <= _VOWELS
    return letters <= target_letters or target_letters <= letters or is_vowel


@cache
def _typo_targets() -> dict[str, list[str]]:
    """Return the words that a typo may mean, by first letter and by their sorted letters."""
    targets: dict[str, list[str]] = defaultdict(list)
    lines = patterns.read_lines("telling.txt") + patterns.read_lines("mended_too.txt")
    mended = {word for line in lines for word in line.split()}
    for word in sorted(patterns.domain_words() | mended):
        root = word.removesuffix("e")
        forms = (word, f"{word}es" if word.endswith("s") else f"{word}s", f"{root}ed", f"{root}ing")
        for form in forms if len(word) >= _SHORTEST else ():
            targets[form[0]].append(form)
            targets["".join(sorted(form))].append(form)
    return targets


# ---- unknown scripts, and languages with few known words


_SURE_WORDS = 2
"""The least words that identify a language: "private" is in several."""


def unread_language_sentence(text: str) -> str | None:
    """Return the refusal of a cleaned text in its language, None for English."""
    sentences = dict(line.split(" ", 1) for line in patterns.read_lines("not_understood.txt"))
    return sentences.get(_guess_language(fold_text(text), _SURE_WORDS)[0])


_LEAST_LETTERS, _LEAST_SHARE = 2, 0.2
"""The least letters of an unknown script, and their least share of all letters."""


def unread_script_sentence(text: str) -> str | None:
    """Return the refusal of a cleaned text in an unknown script, in its language; None for other texts."""
    scripts = [line.split(" ", 1) for line in patterns.read_lines("scripts.txt")]
    unread_letters = re.findall(f"[{''.join(letters for letters, _ in scripts)}]", text)
    if len(unread_letters) < max(_LEAST_LETTERS, _LEAST_SHARE * sum(map(str.isalpha, text))):
        return None
    return next(sentence for letters, sentence in scripts if re.search(f"[{letters}]", text))


_CJK_DAY = re.compile(r"(\d{4})[年년] ?(\d{1,2})[月월](?: ?(\d{1,2})[日일])?")


def gloss_text(text: str) -> str:
    """Return the known words of a cleaned text in an unknown script in English, and its names and numbers.

    Words stand in the order of the text: it tells what to offer, not what to answer.
    """
    text = _CJK_DAY.sub(lambda day: "-".join(f"{int(part):02}" for part in filter(None, day.groups())), text.lower())
    meanings, phrases = _load_glosses()
    return re.sub(r"[^\x00-\u024f]+", " ", phrases.sub(lambda match: f" {meanings[match[0]]} ", text)).strip()


@cache
def _load_glosses() -> tuple[dict[str, str], re.Pattern[str]]:
    """Return words and beginnings of words of languages in other scripts with their English, and their pattern."""
    groups = patterns.read_groups("glosses.txt")
    meanings = {word.replace("_", " "): english for english in groups for word in groups[english]}
    return meanings, re.compile("|".join(map(re.escape, sorted(meanings, key=len, reverse=True))))
