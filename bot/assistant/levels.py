"""Levels in a text: "80 %", "eighty percent", "half of", "2 hours"; a plain number may be one too."""

import re
from dataclasses import dataclass

from core.text.numbers import find_figures

_TAG = re.compile(r"<\w+:\d+>")
_UNITS = {"percent": 1, "points": 1, "minutes": 1, "hours": 60}
"""What levels are counted in; hours are minutes here."""
_NO_LEVEL = re.compile(r" ?(?:numbers?|figures?|times|sources?|others|b|k|m)\b|[:>.,]\d|\w|>")
"""What stands behind a plain number that is no level."""
_INTERVAL = re.compile(r" ?(?:intervals?|ranges?|confidence|likely|certain)")


@dataclass(frozen=True)
class Level:
    """A level that a text names from `start` to `end`, in percent, minutes, points, or in no unit ("")."""

    value: float
    unit: str
    start: int = 0
    end: int = 0


def levels(line: str) -> list[Level]:
    """Return the levels that a line names outside of its tags, in order."""
    line = re.sub(r"(?<=\d)o(?= ?%)", "0", re.sub(r"(?<=\d),(?=\d{1,2}\b)", ".", line))
    line = re.sub(r"(?<!half )\ban(?= hour\b)", " 1", line)
    found: list[Level] = []
    for each in find_figures(line, [tag.span() for tag in _TAG.finditer(line)])[0]:
        value, unit = each.value, each.unit
        if not unit and value < 1 and line.startswith(" of ", each.end):
            value, unit = 100 * value, "percent"
        is_plain = not unit and each.text[0].isdigit() and not _NO_LEVEL.match(line, each.end)
        if (is_plain or unit in _UNITS) and not _INTERVAL.match(line, each.unit_end):
            value = round(value * _UNITS.get(unit, 1), 1)
            found.append(Level(value, "minutes" if unit == "hours" else unit, each.start, each.unit_end))
    return found
