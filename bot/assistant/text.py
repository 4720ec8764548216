"""A person's text made fit for reading: its letters brought to one form, and what is no question refused."""

import re
import unicodedata

LONGEST = 500
"""A text of more letters is not read."""

_REPEATED = 12
"""From so many words on, a text may be the same few over and over."""

_SPACE = re.compile(r"\s+")
_ADDRESS = re.compile(r"https?://\S*")
_HOSTILE = re.compile(
    r"""
      \b(ignore|disregard|forget)\s+(everything|all|it\s+all|what)\b
    | \b(ignore|disregard|forget|override|bypass)\b.{0,40}\b(instructions?|rules?|prompts?|data|above|previous|guard\w*)
    | \b(system|developer|hidden|initial)\s*(prompt|message|instructions?)\b
    | ^\s*(system|assistant|developer|user)\s*:
    | \byou\s+(are\s+now|must\s+(say|answer|reply|tell|claim))\b
    | \blet'?s\s+play\b | \b(pretend|role-?play|jailbreak|act\s+as|from\s+now\s+on)\b
    | (^|[.,:;!?]\s*|\b(and|please|just|now|then)\s+)
      (say|write|claim|repeat|state|confirm|print|output|respond|reply)\b.{0,20}\b(that|after\s+me|exactly|with)\b
    | \btell\s+\w+\s+(that|the|open|closed)\b.{0,40}\b(is|are)\s+\w | \bas\s+a\s+fact\b
    | \b(api|secret|private|access)\s*keys?\b | \bpasswords?\b
    | \b(print|show|reveal|dump|leak|cat|echo|read)\b.{0,30}
      (\.env\b|\benv(ironment)?\b|\bcontents?\s+of\b|\bfiles?\b|\bsecret\b)
    | @(everyone|here)\b | <[@\#!/a-z]
    | \b(select\s.{1,60}\sfrom|drop\s+table|insert\s+into|delete\s+from|union\s+select|update\s+\w+\s+set)\b
    | \{\{ | \$\{ | \.\./ | ;\s*-- | '\s*or\s+'?\w+'?\s*= | \b(rm\s+-rf|sudo|eval\(|exec\()
    """,
    re.VERBOSE | re.IGNORECASE,
)
_MARKS = str.maketrans(
    dict.fromkeys("’\N{LEFT SINGLE QUOTATION MARK}`", "'")
    | dict.fromkeys("“”", '"')
    | dict.fromkeys("\N{HYPHEN}\N{NON-BREAKING HYPHEN}–—", "-")
    | {"ß": "ss", "ø": "o", "ł": "l"}
)


def cleaned(text: str) -> str:
    """Return a text in compatibility form, on one line, without addresses and letters that can't be seen."""
    letters = unicodedata.normalize("NFKC", _ADDRESS.sub(" ", text))
    seen = (" " if letter.isspace() else letter for letter in letters if letter.isspace() or not _is_unseen(letter))
    return _SPACE.sub(" ", "".join(seen)).strip()


def _is_unseen(letter: str) -> bool:
    return unicodedata.category(letter)[0] == "C"


def is_hostile(text: str) -> bool:
    """Whether a cleaned text gives orders, carries code, or repeats itself, instead of asking."""
    if _HOSTILE.search(text):
        return True
    words = text.lower().split()
    return len(words) >= _REPEATED and len(set(words)) * 3 <= len(words)


def folded(text: str) -> str:
    """Return a text in lower case, without accents, its quotation marks and dashes in one form."""
    plain = text.lower().translate(_MARKS)
    return "".join(letter for letter in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(letter))


_PLURAL = re.compile(r"(?<=[a-z]{3})(?<![suia])s$")
_ENDINGS = re.compile(r"(?<=[a-z]{3})(?:ing|ed|ly)$")
_DOUBLED = re.compile(r"([bdgmnprt])\1$")
_SHORT_E = re.compile(r"[^aeiou][aeiou][^aeiouwxy]")
_SHORT = 3
_KEPT = frozenset({"closed", "others", "programming"})
"""Words that mean another thing than without their ending: models are closed, a gap is close, a program may be any."""


def stem(word: str) -> str:
    """Return a word without its ending, so that its forms are alike: "reached" and "reaching" are "reach"."""
    if len(word) <= _SHORT or word in _KEPT:
        return word
    if word.endswith(("ies", "ied")):
        return word[:-3] + "y"
    one = _PLURAL.sub("", word.removesuffix("'s"))
    ended = _ENDINGS.sub("", one)
    single = _DOUBLED.sub(r"\1", ended)
    if ended != one and single == ended and _SHORT_E.fullmatch(ended):
        return ended + "e"  # "moved" is "move"
    return single.removesuffix("e") if len(single) > _SHORT + 1 else single
