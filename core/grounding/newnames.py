"""Words of a changed text that can only be names, and that no text beside it has."""

import re
from collections.abc import Iterable, Iterator, Sequence

from core.grounding.naming import COMMON
from core.grounding.violation import Violation

_RUN = re.compile(r"\b[A-Z][\w-]*(?:[ -](?:[A-Z][\w-]*|\d[\w.-]*\w|\d))*")
"""Words with capitals, and numbers among them: "Zephyron 9 Ultra"."""
_WORD = re.compile(r"[^\W\d_]{3,}")
_ACTS = re.compile(
    r"(?:['’]s\b|,? (?:(?:which )?(?:came )?out (?:on|in|since)|released|from|by)\b"
    r"|,? (?:(?:has|had|have|can|will|is|was|then|now|also|just|recently) )?(?:reach|match|scor|lead|led|beat|trail"
    r"|sa(?:y|id)|argu|announc|launch|releas|publish|(?:is|was) (?:ahead|behind)|set|topp|tops|surpass|equal"
    r"|overt|best)\w*\b)"
)
"""What follows a model's name that begins a sentence."""
_BEGINS = frozenset(
    "the this that these those they there here what which who whoever whatever when where while and but for from with"
    " all any both each every everyone everything none nobody nothing one two three four some somebody such many most"
    " few several its his her our your their another other others neither either half much only still yet not now then"
    " training matching labs developers models tests results scores marks records levels figures data it he she we you"
    " something anything anyone someone people researchers companies firms half nearly almost about".split()
)
"""Words of ordinary English that begin a sentence before such a word."""
_INSIDE = re.compile(r"(?<=[\w,] )(?!May|March)[A-Z][a-z]{3,}\b")
_HEADLINE = 2
_LISTED = re.compile(r"[.!?:;]\s*[\"“(]*$")


def unnamed(
    before: Sequence[str], after: Sequence[str], told: Iterable[str], known_names: Iterable[str] = ()
) -> list[Violation]:  # fmt: skip
    """Return the names in changed texts that nothing has: the texts before, those told beside them, all names.

    A name is a word with a capital inside a sentence, and at its start where more of a name or what a model does
    follows; headlines in capitals are left out.
    """
    here = " · ".join((*told, *before))
    known = frozenset(word.lower() for text in (here, *known_names) for word in _WORD.findall(text))
    ordinary = frozenset(re.findall(r"\b[a-z]{4,}\b", here))
    new = [text for text in after if text not in before]
    return [each for text in new if not _is_headline(text, ordinary) for each in _names(text, known, here)]


def _is_headline(text: str, ordinary: frozenset[str]) -> bool:
    """Whether a text writes words with capitals, inside sentences, that stand elsewhere without."""
    return sum(found[0].lower() in ordinary for found in _INSIDE.finditer(text)) >= _HEADLINE


def _names(text: str, known: frozenset[str], here: str) -> Iterator[Violation]:
    for run in _RUN.finditer(text):
        strange = [word for word in _WORD.findall(run[0]) if word[0].isupper() and not _is_told(word, known)]
        if strange:
            start = run.start() + run[0].index(strange[0])
            name = text[start : run.end()]
            starts = start == 0 or bool(_LISTED.search(text[:start]))
            if not (starts and _is_word(name, strange, text[run.end() :], here)):
                yield Violation("name", name, f"“{name}” is not among these facts; name only what they name.")


def _is_word(name: str, strange: list[str], behind: str, here: str) -> bool:
    """Whether a strange word that begins a sentence may be one of ordinary English."""
    rest = name[len(strange[0]) :].lstrip(" -")
    if strange[0].lower() in _BEGINS or len(strange) > 1:
        return len(strange) == 1
    if any(letter.isalpha() for letter in rest):  # another name, as it is called here, and not the end of this one
        begins = rf"(?:^|[.,;:·(“] ?|\b[a-z]+ ){re.escape(rest.split()[0])}\b"
        return rest[0].isalpha() and bool(re.search(begins, here))
    return not _ACTS.match(behind)


def _is_told(word: str, known: frozenset[str]) -> bool:
    low = word.lower()
    return low in known or low.removesuffix("s") in known or f"{low}s" in known or bool(COMMON.match(word))
