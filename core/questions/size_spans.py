"""Sizes of models by their parameters, as people write them: "up to 40B", "over 70B", "10B to 40B", "small"."""

import math
import re
from dataclasses import dataclass

from core.errors import UsageError
from core.words import quoted

_BELOW = {"up to": "<=", "at most": "<=", "<=": "<=", "under": "<", "below": "<", "less than": "<", "<": "<"}
_ABOVE = {"at least": ">=", ">=": ">=", "over": ">", "above": ">", "more than": ">", ">": ">"}
_BEHIND = {"or less": "<=", "or smaller": "<=", "or more": ">=", "or larger": ">=", "+": ">="}
_NUMBER = r"(\d{1,5}(?:\.\d{1,3})?)"
_UNIT = r"\s*(?:b|bn|billion)(?: parameters)?"
_ONE = re.compile(
    f"(?:({'|'.join(map(re.escape, {**_BELOW, **_ABOVE}))})\\s*)?{_NUMBER}{_UNIT}"
    f"(?:\\s*({'|'.join(map(re.escape, _BEHIND))}))?",
    re.IGNORECASE,
)
_RANGE = re.compile(f"{_NUMBER}(?:{_UNIT})?\\s*(?:-|to)\\s*{_NUMBER}{_UNIT}", re.IGNORECASE)
_WORDS = {"small": "<=40", "large": ">40", "big": ">40"}
"""What a size without a number means: 40 billion parameters are what one graphics card for consumers can run (Epoch AI,
"Frontier AI performance becomes accessible on consumer hardware within a year", 2025). The answer says the number."""
_WORD = f"({'|'.join(_WORDS)})(g?e?r)?"
FITS = {"small card": 8, "laptop": 8, "large card": 32, "card": 32, "home": 32, "workstation": 80, "server": 250}
"""How many billion parameters in all run on what people have, with weights of four bits: on a card of 8 and on one of
24 gigabytes, on a workstation of 64, on a server of 160 (`_GIGABYTES`)."""
_GIGABYTES = {"small card": 8, "large card": 24, "workstation": 64, "server": 160}
_CARDS = {"3060": 12, "3080": 10, "3090": 24, "4060": 8, "4070": 12, "4080": 16, "4090": 24, "5070": 12, "5080": 16,
          "5090": 32, "a100": 80, "h100": 80, "h200": 141}  # fmt: skip
"""The gigabytes of cards that people name."""
_FITTING = re.compile(
    r"\bat home\b|\blocally\b|\b(?:on|in|into|fits?|with|have) (?:on |in |into )?(?:a |an |my |one |the )?"
    rf"(?:(?P<gigabytes>\d{{1,4}}) ?gb|(?:rtx |geforce |nvidia )*(?P<card>{'|'.join(_CARDS)}))"
    r"(?: (?:of |v?ram|memory|gpu|card|mac|laptop)+)*\b"
    r"|\b(?:on|fits?(?: on| in)?) (?:a|my|one|the) (?:(small|large|single|graphics|consumer) )?"
    r"(?:card|gpu|laptop|pc|computer|workstation)\b",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?<![\w.-])(\d{1,4}) ?b(?= (?:open |local )?(?:models?|llms?)\b)", re.IGNORECASE)
"""A size that is said of models alone, "8B models": up to it."""
_BEFORE_MODELS = re.compile(
    rf"\b{_WORD}(?= (?:(?:vs\.?|versus|and|or|against|with|than) {_WORD} )?(?:open(?:[- ]?(?:weights?|sourced?))? )?"
    r"(?:models?|ones|llms?)\b)",
    re.IGNORECASE,
)
_IN_TEXT = re.compile(
    rf"(?<![\w.-])(?:{_RANGE.pattern}|{_ONE.pattern})(?!\w| *(?:tokens|dollars|usd|euros|users|people))", re.IGNORECASE
)
_KEY = re.compile(r"([<>]=?)([\d.]+)|([\d.]+)-([\d.]+)")
_SIGNS = {"<=": "≤", "<": "<", ">=": "≥", ">": ">"}
_TOLD = {"<=": "up to", "<": "under", ">=": "from", ">": "over"}


@dataclass(frozen=True)
class Size:
    """A span of sizes in billions of parameters, each end in it or not; `key` writes it: "<=40", ">70", "10-40"."""

    key: str
    low: float = 0.0
    high: float = math.inf
    has_low: bool = True
    has_high: bool = True

    def holds(self, parameters: float) -> bool:
        """Whether a model of so many billion parameters is of the size."""
        above = parameters >= self.low if self.has_low else parameters > self.low
        return above and (parameters <= self.high if self.has_high else parameters < self.high)

    @property
    def shown(self) -> str:
        """Write the size so that it stands before "open models": "≤40B", "10B to 40B"."""
        sign = self.key.rstrip("0123456789.-")
        return f"{_SIGNS[sign]}{self.key.removeprefix(sign)}B" if sign else f"{self.low:g}B to {self.high:g}B"

    @property
    def told(self) -> str:
        """Write the size so that it stands behind "open models": "up to 40B", "over 70B", "of 10B to 40B"."""
        sign = self.key.rstrip("0123456789.-")
        return f"{_TOLD[sign]} {self.key.removeprefix(sign)}B" if sign else f"of {self.shown}"


def read(text: str) -> Size | None:
    """Read a size; None for anything else, such as the bare "32B" of a model's name."""
    span = _RANGE.fullmatch(text.strip())
    if span:
        low, high = sorted(map(float, span.groups()))
        return of_key(f"{low:g}-{high:g}")
    word = _WORDS.get(text.strip().lower())
    if word:
        return of_key(word)
    one = _ONE.fullmatch(text.strip())
    if one is None or bool(one[1]) == bool(one[3]):
        return None
    sign = {**_BELOW, **_ABOVE}[one[1].lower()] if one[1] else _BEHIND[one[3].lower()]
    return of_key(f"{sign}{float(one[2]):g}")


def in_text(text: str) -> list[tuple[str, int, int]]:
    """Find the sizes in a text, in order: each as `read` reads it, with the places where it begins and ends.

    "Larger models" beside a number are the others.
    """
    numbers = [(each[0], each.start(), each.end()) for each in _IN_TEXT.finditer(text) if read(each[0])]
    fitting = [(_fit(each), each.start(), each.end()) for each in _FITTING.finditer(text)]
    numbers += [
        (f"up to {each[1]}B", each.start(), each.end())
        for each in _BARE.finditer(text)
        if not any(start <= each.start() < end for _, start, end in numbers)
    ]
    words = [
        ("others" if each[2] and numbers else each[1].lower(), each.start(), each.end())
        for each in _BEFORE_MODELS.finditer(text)
    ]
    return sorted(numbers + words + fitting, key=lambda each: each[1])


def _fit(phrase: re.Match[str]) -> str:
    """Return what a phrase says that a model should fit, as a size that `typed` reads."""
    text, gigabytes = phrase[0], phrase["gigabytes"] or _CARDS.get((phrase["card"] or "").lower())
    if gigabytes:
        fitting = [name for name, least in _GIGABYTES.items() if int(gigabytes) >= least]
        return fitting[-1] if fitting else "small card"
    if "workstation" in text.lower():
        return "workstation"
    return "small card" if re.search(r"small|laptop", text, re.IGNORECASE) else "large card"


def of_key(key: str) -> Size:
    """Return the size of a key that `read` made; raises ValueError for any other."""
    parts = _KEY.fullmatch(key)
    if parts is None:
        raise ValueError(f"no size: {key!r}")
    if parts[3]:
        return Size(key, float(parts[3]), float(parts[4]))
    sign, number = parts[1], float(parts[2])
    if sign[0] == "<":
        return Size(key, high=number, has_high=sign == "<=")
    return Size(key, low=number, has_low=sign == ">=")


def is_key(text: str) -> bool:
    """Whether a text is the key of a size."""
    return bool(_KEY.fullmatch(text))


def typed(text: str | None) -> str | None:
    """Return the key of a size as people give it where one is asked for: 32, 32B, up to 32B, a large card.

    None for none; raises UsageError for anything else.
    """
    if text is None or is_key(text):
        return text
    plain = " ".join(text.lower().removeprefix("a ").split())
    found = read(text) or read(f"up to {FITS.get(plain) or plain.removesuffix('b').strip()}B")
    if found is None:
        raise UsageError(
            f"{quoted(text)} is no size; give billions of parameters, such as 32, or small card, large card,"
            " workstation or server.",
            tuple(FITS),
        )
    return found.key
