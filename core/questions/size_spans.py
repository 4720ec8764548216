"""Sizes of models by their parameters, as people write them: "up to 40B", "over 70B", "10B to 40B", "small"."""

import math
import re
from dataclasses import dataclass

from core.errors import UsageError
from core.words import quote

_BELOW = {
    **dict.fromkeys(
        ("up to", "at most", "no more than", "no larger than", "no bigger than", "maximum", "max", "<="), "<="
    ),
    **dict.fromkeys(("under", "below", "less than", "smaller than", "<"), "<"),
}
_ABOVE = {
    **dict.fromkeys(("at least", "no smaller than", "minimum", "min", ">="), ">="),
    **dict.fromkeys(("over", "above", "more than", "larger than", "bigger than", ">"), ">"),
}
_BEHIND = {
    **dict.fromkeys(
        ("or less", "or smaller", "or below", "or under", "and below", "and under", "max", "tops", "at most"), "<="
    ),
    **dict.fromkeys(("or more", "or larger", "or bigger", "or above", "and above", "and up", "+"), ">="),
}
_NUMBER = r"(\d{1,5}(?:\.\d{1,3})?)"
_UNIT = r"\s*(?:b|bn|billions?)(?: (?:parameters|params))?"
ONE = re.compile(
    f"(?:(?P<before>{'|'.join(map(re.escape, {**_BELOW, **_ABOVE}))})\\s*)?{_NUMBER}{_UNIT}"
    f"(?(before)|(?:\\s*({'|'.join(map(re.escape, _BEHIND))}))?)",
    re.IGNORECASE,
)
RANGE = re.compile(
    f"(?P<between>between\\s+)?{_NUMBER}(?:{_UNIT})?\\s*(?(between)and|(?:-|to))\\s*{_NUMBER}{_UNIT}", re.IGNORECASE
)
WORDS = {"small": "<=40", "large": ">40", "big": ">40"}
"""What a size without a number means: 40 billion parameters are what one graphics card for consumers can run (Epoch AI,
"Frontier AI performance becomes accessible on consumer hardware within a year", 2025). The answer says the number."""
FITS = {"small card": 8, "laptop": 8, "large card": 32, "card": 32, "home": 32, "workstation": 80, "server": 250}
"""How many billion parameters in all run on what people have, with weights of four bits."""
MEMORY = {"small card": 8, "large card": 24, "workstation": 64, "server": 160}
"""From how many gigabytes on something is one of these."""
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
    span = RANGE.fullmatch(text.strip())
    if span:
        low, high = sorted(map(float, span.groups()[1:]))
        return of_key(f"{low:g}-{high:g}")
    word = WORDS.get(text.strip().lower())
    if word:
        return of_key(word)
    one = ONE.fullmatch(text.strip())
    if one is None or not (one[1] or one[3]):  # the bare number of a name
        return None
    sign = {**_BELOW, **_ABOVE}[one[1].lower()] if one[1] else _BEHIND[one[3].lower()]
    return of_key(f"{sign}{float(one[2]):g}")


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
            f"{quote(text)} is no size; give billions of parameters, such as 32, or small card, large card,"
            " workstation or server.",
            tuple(FITS),
        )
    return found.key
