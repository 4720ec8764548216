"""The English words that a reader needs besides names: little words, short forms, and slips of typing."""

import re
from collections import Counter, defaultdict
from functools import cache, lru_cache

from bot.assistant import cues, languages
from bot.assistant.text import stem

_SHORT = 4
"""Words of fewer letters are not taken for misspelt."""
_TELLING = 3
"""Words of fewer letters tell nothing."""
_LONG = 8
"""Words of so many letters may hold two slips, shorter ones one."""
_NEAREST = 9
_VOWELS = frozenset("aeiouy")
_SHORT_FORMS = tuple(
    (re.compile(rf"(?<![\w<:])(?:{written})(?!\w|>|:\d)"), meant)
    for written, meant in (
        (r"(?:explain|say|tell|describe)\w*(?: \w+){0,2} like i'?m (?:an? )?\w+", "eli5"),
        (r"what-?if:?|wat if", "what if"),
        (r"(ca|have|has|had|do|does|did|is|are|was|were|could|would|should|wo)nt", r"\1n't"), (r"else'?s", "else"),
        (r"how (?:fast|quick)(?= .*\b(?:catch|caught|clos|shrink|narrow|match|reach|beat))", "how quickly"),
        (r"(?:fall|come)s? short", "lack"),
        (r"f[ae]ll(?:s|en|ing)? behind", "behind"), (r"top (?:\d{1,2}|three|five|ten)", "top"),
        (r"over-? ?(?:and|or|/) ?underestimated", "overestimated"),
        (r"w[aou]t'?s", "what is"), (r"(what|who|where|how|when|that) ?'?s", r"\1 is"), (r"it's", "it is"),
        (r"i'?m", "i am"), (r"(\w+)'re", r"\1 are"), (r"wat|wut|wot|wtf|wth|tf", "what"), (r"teh", "the"),
        (r"hwo", "how"), (r"frm", "from"), (r"sinse", "since"), (r"u", "you"),
        (r"r(?= (?:u|you|they|we|open|the)\b)", "are"), (r"rn", "right now"), (r"'?till?", "until"), (r"w", "with"),
        (r"vs\.?|v\.?|versus|contr[ae]", "vs"), (r"hav", "have"), (r"wdym", "what do you mean"), (r"gimme", "give me"),
        (r"wass?up|whaddup", "what is new"), (r"wen", "when"), (r"form(?= *[?.!]*$)", "from"), (r"b4", "before"),
        (r"info", "information"), (r"cuz|bc", "because"), (r"gonna", "going to"),
        (r"wanna", "want to"), (r"ppl", "people"), (r"bench(?:es)?|evals?", "benchmark"), (r"mos?|mths?", "months"),
        (r"yr", "year"), (r"yrs", "years"), (r"wks?", "weeks"),
    )
)  # fmt: skip
_WORD = re.compile(r"<[a-z]+:\d+>|[^\W\d_]+(?:'[^\W\d_]+)*")


def plain_english(line: str) -> tuple[str, bool]:
    """Return a folded text with short forms written out, words of other languages in English, and slips mended.

    The second value says whether it is in another language.
    """
    language = languages.of(line, _is_english)
    line = language.in_english(line) if language else line
    for written, meant in _SHORT_FORMS:
        line = written.sub(meant, line)
    if not language:
        line = _WORD.sub(lambda found: _meant(found[0]), line)
    return re.sub(" +", " ", line), language is not None


def _is_english(word: str) -> bool:
    return word in cues.listed("little.txt") or word in cues.words()


def is_known(word: str) -> bool:
    """Whether a word is one that the reader has, in any form."""
    return is_little(word) or is_cue(word) or stem(word) in _not_answered_stems()


def is_cue(word: str) -> bool:
    """Whether a word may tell which question is meant, in any form."""
    return stem(word) in _cue_stems()


def is_little(word: str) -> bool:
    """Whether a word says nothing of what is asked, in any form."""
    is_english = len(word) < _TELLING or word in cues.listed("little.txt") or stem(word) in _little_stems()
    return is_english or word in languages.nothing()


def _meant(word: str) -> str:
    return word if word[0] == "<" or len(word) < _SHORT or is_known(word) else _mended(word)


@cache
def _little_stems() -> frozenset[str]:
    return frozenset(stem(word) for word in cues.listed("little.txt"))


@cache
def _cue_stems() -> frozenset[str]:
    return frozenset(stem(word) for word in cues.words())


@cache
def _not_answered_stems() -> frozenset[str]:
    return frozenset(stem(word) for word in cues.not_answered_words())


# ---- slips of typing


@lru_cache(maxsize=4096)
def _mended(word: str) -> str:
    """Return the word of a cue of which a word is a small slip, else the word itself.

    A slip is a letter too many, missing, or two in the wrong order; in a long word two of these.
    """
    if word in cues.listed("no_slips.txt"):
        return word
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    slips = 2 if len(word) >= _LONG else 1
    known = _targets()[word[0]] + _targets()[_letters(word)]
    near = process.extract(word, known, scorer=OSA.distance, score_cutoff=slips, limit=_NEAREST)
    return next((meant for meant, _, _ in near if _is_small(word, meant)), word)


def _is_small(word: str, meant: str) -> bool:
    """Whether two words differ by letters too many, or missing, or in the wrong order, or in a long one by a vowel."""
    letters, others = Counter(word), Counter(meant)
    is_vowel = len(word) == len(meant) >= _LONG and {*(letters - others), *(others - letters)} <= _VOWELS
    return letters <= others or others <= letters or (is_vowel and (letters - others).total() == 1)


def _letters(word: str) -> str:
    return "".join(sorted(word))


@cache
def _targets() -> dict[str, list[str]]:
    """Return the words that may have been meant, by their first letter, and by all their letters in order."""
    targets: dict[str, list[str]] = defaultdict(list)
    for word in sorted(cues.words() | cues.listed("mended_too.txt")):
        for form in _forms(word) if len(word) >= _SHORT else ():
            targets[form[0]].append(form)
            targets[_letters(form)].append(form)
    return targets


def _forms(word: str) -> tuple[str, ...]:
    root = word.removesuffix("e")
    return word, f"{word}es" if word.endswith("s") else f"{word}s", f"{root}ed", f"{root}ing"
