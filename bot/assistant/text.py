"""Normalizes a person's text, and recognizes hostile texts."""

import re
import unicodedata
from functools import lru_cache

MOST_LETTERS = 500
"""The longest text that is read."""

_LEAST_REPEATED = 12
"""The least words of a text that may repeat itself."""

_SPACE = re.compile(r"\s+")
_RANGE = re.compile(r"(?<=\d)\.{2,3}(?=\d)")
"""Dots between two days: "2026-01-01..2026-06-30"."""
_VERSUS = re.compile(
    r"(?<=\w )vs?\.(?= [^\W\d])|\b(?:set|put|held|placed) (?:beside|next to|against|alongside)\b", re.IGNORECASE
)
_ADDRESS = re.compile(r"https?://\S*")
_HOSTILE = re.compile(
    r"""
      \b(ignore|disregard|forget)\s+(everything|all|it\s+all|what)\b
    | \b(ignore|disregard|forget|override|bypass)\b.{0,40}\b(instructions?|rules?|prompts?|data|above|previous|guard\w*)
    | \b(system|developer|hidden|initial)\s*(prompt|message|instructions?)\b
    | ^\s*(system|assistant|developer|user)\s*:
    | \byou\s+(are\s+now|must\s+(say|answer|reply|tell|claim))\b
    | \blet'?s\s+play\b | \b(role-?play|jailbreak|act\s+as|from\s+now\s+on)\b
    | \bpretend\b(?!\s+(it|this|that|i|we)\s+(was|were|is|had|have|got)\s+(an?\s+|only\s+)?(open|closed|\d))
    | (^|[.,:;!?]\s*|\b(and|please|just|now|then)\s+)
      (say|write|claim|repeat|state|confirm|print|output|respond|reply)\b.{0,20}
      \b(that(?!\s+(up|as|in|into)\b)|after\s+me|exactly|with)\b
    | \btell\s+\w+\s+(that|the|open|closed)\b.{0,40}\b(is|are)\s+\w | \bas\s+a\s+fact\b
    | \b(api|secret|private|access)\s*keys?\b | \bpasswords?\b
    | \b(print|show|reveal|dump|leak|cat|echo|read)\b.{0,30}
      (\.env\b|\benv(ironment)?\b|\bcontents?\s+of\b|(?<!\bon\s)files?\b|\bsecret\b)
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
    | {"ß": "ss", "ø": "o", "ł": "l", "\N{LATIN SMALL LETTER DOTLESS I}": "i"}
)

_SMALL_TALK = re.compile(
    r"^(?:(?:a )?quick )?(?:question|fact[- ]?check|check)(?: please| pls| plz)?\s*[:,-]\s+"
    r"|(?<=\w)(?:[\s,.?!]*\b(?:lol|lmao|rofl|haha+|please|pls|plz|tho|yes or no|y/n|or not)\b)+[\s.?!]*$",
    re.IGNORECASE,
)
"""What people say before and after a question, which asks nothing."""
_PURPOSE = re.compile(
    r"(\b(?:chart|graph|plot|picture|diagram|draw|summary|brief|citation|cite)\b.*?),?\s+for (?:my|our|the|a|this) "
    r"(?:[\w-]+ )?(?:slides?|deck|presentation|stand-?up|paper|thesis|report|article|newsletter|talk|boss|team|blog"
    r"|meeting|channel)(?:,? (?:please|pls|plz))?[\s.?!]*$",
    re.IGNORECASE,
)
"""What a chart, a summary or a citation is for."""


def clean_text(text: str) -> str:
    """Return a text in compatibility form (NFKC), on one line, without web addresses and invisible characters."""
    letters = unicodedata.normalize("NFKC", _RANGE.sub(" to ", _VERSUS.sub("vs", _ADDRESS.sub(" ", text))))
    visible = (letter for letter in letters if letter.isspace() or unicodedata.category(letter)[0] != "C")
    return _SPACE.sub(" ", "".join(visible)).strip()


def strip_small_talk(text: str) -> str:
    """Return a cleaned text without what asks nothing at its beginning and end: "quick question: …", "… lol"."""
    return _PURPOSE.sub(r"\1", _SMALL_TALK.sub("", text))


def is_hostile(text: str) -> bool:
    """Whether a cleaned text gives orders, contains code, or repeats itself."""
    if _HOSTILE.search(text):
        return True
    words = text.lower().split()
    return len(words) >= _LEAST_REPEATED and len(set(words)) * 3 <= len(words)


def fold_text(text: str) -> str:
    """Return a text in lower case, without accents, with one form of quotation marks and dashes."""
    plain = text.lower().translate(_MARKS)
    return "".join(letter for letter in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(letter))


_PLURAL = re.compile(r"(?<=[a-z]{3})(?<![suia])s$")
_ENDINGS = re.compile(r"(?<=[a-z]{3})(?:ing|ed|ly)$")
_DOUBLED = re.compile(r"([bdgmnprt])\1$")
_SHORT_E = re.compile(r"[^aeiou][aeiou][^aeiouwxy]")
_SHORTEST_STEM = 3
_WHOLE_WORDS = frozenset({"closed", "others", "programming"})
"""Words that mean something else without their ending: "closed" models, a "close" gap."""


@lru_cache(maxsize=2048)
def stem(word: str) -> str:
    """Return a word without its ending: "reach" for "reached" and "reaching"."""
    if len(word) <= _SHORTEST_STEM or word in _WHOLE_WORDS:
        return word
    if word.endswith(("ies", "ied")):
        return word[:-3] + "y"
    singular = _PLURAL.sub("", word.removesuffix("'s"))
    root = _ENDINGS.sub("", singular)
    undoubled = _DOUBLED.sub(r"\1", root)
    if root != singular and undoubled == root and _SHORT_E.fullmatch(root):
        return root + "e"  # "moved" is "move"
    return undoubled.removesuffix("e") if len(undoubled) > _SHORTEST_STEM + 1 else undoubled
