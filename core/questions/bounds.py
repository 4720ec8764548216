"""The grammar of sizes in words, "up to 32B" in six languages, "2x24 GB"; imported only where a size is parsed."""

import re
from collections.abc import Iterable
from pathlib import Path

_OPPOSITES = {"<": ">=", ">": "<="}
"""What a bound means behind a negation: "not over 8B" is up to 8B."""


def _read_bounds() -> dict[str, dict[str, str]]:
    """Return the words of `bounds.txt` with their meanings, by where they stand; "turned" ones behind a negation."""
    bounds: dict[str, dict[str, str]] = {}
    for line in Path(__file__).with_name("bounds.txt").read_text(encoding="utf-8").splitlines()[1:]:
        heading, _, words = line.partition(": ")
        place, meaning = heading.split()
        bounds.setdefault(place, {}).update(dict.fromkeys(words.split(", "), meaning))
    return bounds | {
        "turned": {word: _OPPOSITES[sign] for word, sign in bounds["before"].items() if sign in _OPPOSITES}
    }


def _either(words: Iterable[str]) -> str:
    """Return an expression for any of these words, whole, the longest first."""
    whole = (re.escape(word) + r"(?!\w)" * word[-1].isalpha() for word in sorted(words, key=len, reverse=True))
    return f"(?:{'|'.join(whole)})"


BOUNDS = _read_bounds()
NEGATION = _either(BOUNDS["not"])
_NUMBER = r"\d{1,5}(?:[.,]\d{1,3})?"
_PARAMETERS = r"(?: (?:(?:of|de|di) |d['’])?par(?:am|á|â)\w+)?"
_BILLIONS = "mil mill?ones|mil milhões|milliard(?:en|s)?|miliardi|bilhões|miliard(?:ów|y)|miljard(?:en|er)?|milyar"
_UNIT = rf"\s*(?:bn?|billions?|mrd\.?|{_BILLIONS})(?!\w){_PARAMETERS}"
_TRILLIONS = rf"\s*(?P<trillions>t|tn|trillions?)(?!\w){_PARAMETERS}"
_WANTED = "(?:(?:any(?:thing)?|much|that|is|are|be|being|to|going?|want|need|use|have) ){0,3}"
ONE_SIZE = re.compile(
    rf"(?:(?:{NEGATION} {_WANTED}(?P<turned>{_either(BOUNDS['turned'])})|(?P<before>{_either(BOUNDS['before'])}))"
    r"(?: of)?(?: an?)?(?:\s*|(?<=[a-z])-))?"
    rf"(?P<number>{_NUMBER})(?:{_UNIT}|{_TRILLIONS})(?:\s*(?P<behind>{_either(BOUNDS['behind'])}))?",
    re.IGNORECASE,
)
SIZE_RANGE = re.compile(
    rf"(?<![\w.])(?P<between>(?:between|zwischen|entre|tra|fra)\s+)?(?:from\s+)?({_NUMBER})(?:{_UNIT})?"
    rf"(?(between)\s+(?:and|und|et|y|e)\s+|\s*(?:-|\b(?:to|bis|à|a|hasta)\s)\s*)({_NUMBER}){_UNIT}",
    re.IGNORECASE,
)
"""A range of sizes; one that begins inside a word, as in "Qwen3-14B", is a model's name."""


# ---- the memory of what a model should run on: "24 GB", "48GB VRAM", "2x3090"

_CARD = rf"(?:(?:rtx|nvidia) )?(?P<card>{_either(BOUNDS['card'])})s?(?![\w-])"
MEMORY = re.compile(
    rf"(?:(?P<times>\d{{1,2}}(?: ?[x\u00d7]|(?= [ahlbm]))|{_either(BOUNDS['count'])}) ?[x\u00d7]? ?(?:(?:used|old) )?)?"
    rf"(?:(?P<gigabytes>\d{{1,4}})[ -]?(?:gb|gib|gigs?|gigabytes?|(?-i:Go))\b(?: {_CARD.replace('?P<card>', '?:')})?"
    rf"|{_CARD}(?: (?P<memory>\d{{1,3}}) ?gb\b)?)(?:(?: of)? (?:v?ram|memory|gpu|card)s?\b)*",
    re.IGNORECASE,
)


def add_memory(phrase: re.Match[str]) -> int:
    """Return the gigabytes in total that a match of `MEMORY` names."""
    times = (phrase["times"] or "1").lower().strip(" x\u00d7")
    gigabytes = phrase["gigabytes"] or phrase["memory"] or BOUNDS["card"][phrase["card"].lower()]
    return int(gigabytes) * int(BOUNDS["count"].get(times, times))
