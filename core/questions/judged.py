"""What the judge found of the figures, read from the page that `gapbrief validate` writes (docs/validation.md)."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import core
from core.gap.parameters import Measure

PAGE = Path(core.__file__).parents[1] / "docs" / "validation.md"
_HEADINGS: dict[Measure, str] = {
    "index": "Standing gap on the index", "standing": "Standing gap", "catch_up": "Catch-up time",
}  # fmt: skip
_LAGS = "lags alone"
"""A world without scores, which says nothing of testing."""


@dataclass(frozen=True)
class Judged:
    """What the judge found, in percent.

    `held` says of each measure in which share of each world its 90 % range holds the truth; `rejected` in which share
    of worlds private and public tests, which don't differ there, are told apart at 5 %: by all scores (`raw`) and with
    both sides tested as often (`thinned`).
    """

    held: dict[Measure, dict[str, int]]
    rejected: dict[str, int]


@cache
def judged() -> Judged:
    """Read the page, once. Raises ValueError where a table is not as `gapbrief validate` writes it."""
    page = PAGE.read_text(encoding="utf-8")
    [[_, raw, thinned]] = _table(page, "Private against public tests")
    held = {
        measure: {row[0]: int(row[4].split()[0]) for row in _table(page, heading) if row[0] != _LAGS}
        for measure, heading in _HEADINGS.items()
    }
    return Judged(held, {"raw": int(raw), "thinned": int(thinned)})


def _table(page: str, heading: str) -> list[list[str]]:
    """Return the cells of the first table under a heading, without its head."""
    found = re.search(rf"^## {heading}\n\n(?:[^|\n].*\n\n)?((?:\|.*\n)+)", page, re.MULTILINE)
    if found is None:
        raise ValueError(f"{PAGE} has no table under {heading}")
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in found[1].splitlines()[2:]]
