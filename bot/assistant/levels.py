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
_OF_RANGES = r"(?!\d+ ?(?:%|percent) (?:intervals?|ranges?|confidence|likely|certain))"
_FIGURE = re.compile(
    rf"(?<![\w<:.,$€£]){_OF_RANGES}(?P<number>\d{{1,4}}(?:[.,]\d{{1,2}})?) ?"
    rf"(?:(?:{_UNIT})(?!\w)|(?! ?{_NO_LEVEL})(?![:>.,]\d|\w|>))"
)
_PART = re.compile(
    r"\b(half|two thirds|a third|three quarters|a quarter) of(?! (?:an? )?(?:hour|year|month|day|week))\b"
)
_PARTS = {"half": "50", "two thirds": "66.7", "a third": "33.3", "three quarters": "75", "a quarter": "25"}
_WORDS = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy"
    r"|eighty|ninety|hundred)(?:-| |\b)"
)
_SMALL = re.compile(r"\b(an?|half an?|one|two|three) (?=(?:hours?|minutes?)\b)")
_MINUTES_PER_HOUR = 60


@dataclass(frozen=True)
class Level:
    """A level that a text names, in percent, minutes, points, or in no unit ("")."""

    value: float
    unit: str


def marked(line: str) -> tuple[str, list[Level]]:
    """Return a line in digits with a tag `<level:n>` for each level that it names, and these, hours as minutes."""
    found: list[Level] = []

    def replaced(level: Level) -> str:
        found.append(level)
        return f" <level:{len(found) - 1}> "

    return _FIGURE.sub(lambda match: replaced(_read(match)), line), found


def _read(match: re.Match[str]) -> Level:
    value = float(match["number"].replace(",", "."))
    unit = next((unit for unit in _UNITS if match[unit]), "")
    return Level(value * _MINUTES_PER_HOUR, "minutes") if unit == "hours" else Level(value, unit)


def in_digits(line: str) -> str:
    """Return a line with number words as digits: "eighty percent" is "80 percent", "half of" is "50 percent of"."""
    line = re.sub(r"(?<=\d)o(?= ?%)", "0", line)
    line = _PART.sub(lambda match: f"{_PARTS[match[1]]} percent of", line)
    line = re.sub(r"\bhalf an hour\b", "30 minutes", line)
    line = _SMALL.sub(lambda match: {"two": "2 ", "three": "3 "}.get(match[1], "1 "), line)
    if not _WORDS.search(line):
        return line
    from text_to_num import alpha2digit  # type: ignore[import-untyped]  # it ships no types

    parts = re.split(r"(<\w+:\d+>)", line)
    return "".join(part if part.startswith("<") else alpha2digit(part, "en") for part in parts)
