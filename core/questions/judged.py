"""What the judge found of the figures, read from the page that `gapbrief validate` writes (docs/validation.md)."""

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import core
from core.gap.parameters import Measure

PAGE = Path(core.__file__).parents[1] / "docs" / "validation.md"
_HEADINGS: dict[Measure, str] = {"index": "The gap", "catch_up": "Catch-up time"}
_TRUST = "May the headline be trusted?"
_BIAS = re.compile(r"too (large|small) by (\d+\.\d) months")


@dataclass(frozen=True)
class Verdict:
    """Whether the headline may be trusted in a world ("yes", "with care" or "no"), and by how many months it is off.

    `bias` is negative where the headline is too small.
    """

    trust: str
    bias: float


@dataclass(frozen=True)
class Judged:
    """What the judge found, in percent.

    `held` says of each measure in which share of each world its 90 % range holds the truth; `rejected` in which share
    of worlds private and public tests, which don't differ there, are told apart at 5 %. `headline` has the verdict of
    each world on the figure that leads.
    """

    held: dict[Measure, dict[str, int]]
    rejected: int
    headline: dict[str, Verdict] = field(default_factory=dict)

    def worst(self, number: int) -> list[tuple[str, Verdict]]:
        """Return the worlds in which the headline is off most and not to be trusted as it stands, the worst first."""
        doubted = [(world, verdict) for world, verdict in self.headline.items() if verdict.trust != "yes"]
        return sorted(doubted, key=lambda each: -abs(each[1].bias))[:number]


@cache
def judged() -> Judged:
    """Read the page, once. Raises ValueError where a table is not as `gapbrief validate` writes it."""
    return parse_page(PAGE.read_text(encoding="utf-8"))


def parse_page(page: str) -> Judged:
    """Read the tables of a page. Raises ValueError where one is not as `gapbrief validate` writes it."""
    [differing] = _table(page, "Private against public tests")
    held = {
        measure: {row["World"]: int(row["90 %"].split()[0]) for row in _table(page, heading)}
        for measure, heading in _HEADINGS.items()
    }
    return Judged(
        held,
        int(differing["Said to differ"]),
        {row["World"]: Verdict(row["Trust it?"], _bias(row["The headline is"])) for row in _table(page, _TRUST)},
    )


def _bias(words: str) -> float:
    found = _BIAS.fullmatch(words)
    return float(found[2]) * (1 if found[1] == "large" else -1) if found else 0.0


def _table(page: str, heading: str) -> list[dict[str, str]]:
    """Return the rows of the first table under a heading, by the names of its columns."""
    found = re.search(rf"^## {re.escape(heading)}\n(?:(?!## |\|).*\n)*((?:\|.*\n)+)", page, re.MULTILINE)
    if found is None:
        raise ValueError(f"{PAGE} has no table under {heading}")
    heads, _, *rows = ([cell.strip() for cell in row.strip("|").split("|")] for row in found[1].splitlines())
    return [dict(zip(heads, row, strict=True)) for row in rows]
