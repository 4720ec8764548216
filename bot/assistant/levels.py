"""Levels in a text: "80 %", "eighty percent", "half of", "2 hours"; a plain number may be one too."""

import re
from dataclasses import dataclass

_UNITS = {
    "percent": r"%|percent|pct|per cent|percentage points?",
    "minutes": r"minutes?|mins?|min",
    "hours": r"hours?|hrs?|h",
    "points": r"points?|pts",
}
_NO_LEVEL = (
    r"(?:months?|years?|days?|weeks?|tests?|benchmarks?|models?|levels?|labs?|numbers?|figures?|times|sources?|questions?"
    r"|others|b|k|m)\b"
)
_UNIT = "|".join(f"(?P<{unit}>{words})" for unit, words in _UNITS.items())
_FIGURE = re.compile(
    r"(?<![\w<:.,$€£])(?!\d+ ?(?:%|percent) (?:intervals?|ranges?|confidence|likely|certain))"
    rf"(?P<number>\d{{1,4}}(?:[.,]\d{{1,2}})?) ?(?:(?:{_UNIT})(?!\w)|(?! ?{_NO_LEVEL})(?![:>.,]\d|\w|>))"
)
_PARTS = {"half": 50, "two thirds": 66.7, "a third": 33.3, "three quarters": 75, "a quarter": 25}
_PART = re.compile(rf"\b({'|'.join(_PARTS)}) of(?! (?:an? )?(?:hour|year|month|day|week))\b")
_WORDS = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy"
    r"|eighty|ninety|hundred)(?:-| |\b)"
)


@dataclass(frozen=True)
class Level:
    """A level that a text names from `start` to `end`, in percent, minutes, points, or in no unit ("")."""

    value: float
    unit: str
    start: int = 0
    end: int = 0


def levels(line: str) -> list[Level]:
    """Return the levels that a line in digits names, in order, hours as minutes."""
    return [_read(match) for match in _FIGURE.finditer(line)]


def _read(match: re.Match[str]) -> Level:
    value = float(match["number"].replace(",", "."))
    unit = next((unit for unit in _UNITS if match[unit]), "")
    if unit == "hours":
        value, unit = value * 60, "minutes"
    return Level(value, unit, match.start(), match.end())


def in_digits(line: str) -> str:
    """Return a line with number words as digits: "eighty percent" is "80 percent", "half of" is "50 percent of"."""
    line = re.sub(r"(?<=\d)o(?= ?%)", "0", line)
    line = _PART.sub(lambda match: f"{_PARTS[match[1]]} percent of", line)
    line = re.sub(r"\bhalf an hour\b", "30 minutes", line)
    line = re.sub(r"\b(?:an?|one) (?=(?:hour|minute)\b)", "1 ", line)
    line = re.sub(r"\b(two|three) (?=(?:hour|minute)s\b)", lambda match: "2 " if match[1] == "two" else "3 ", line)
    if not _WORDS.search(line):
        return line
    from text_to_num import alpha2digit  # type: ignore[import-untyped]  # it ships no types

    parts = re.split(r"(<\w+:\d+>)", line)
    return "".join(part if part.startswith("<") else alpha2digit(part, "en") for part in parts)
