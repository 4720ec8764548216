"""Sizes of models by their parameters, as people write them: "up to 40B", "over 70B", "10B to 40B"."""

import math
import re
from dataclasses import dataclass

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
_KEY = re.compile(r"([<>]=?)([\d.]+)|([\d.]+)-([\d.]+)")
_SIGNS = {"<=": "≤", "<": "<", ">=": "≥", ">": ">"}


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


def read(text: str) -> Size | None:
    """Read a size; None for anything else, such as the bare "32B" of a model's name."""
    span = _RANGE.fullmatch(text.strip())
    if span:
        low, high = sorted(map(float, span.groups()))
        return of_key(f"{low:g}-{high:g}")
    one = _ONE.fullmatch(text.strip())
    if one is None or bool(one[1]) == bool(one[3]):
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
