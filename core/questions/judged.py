"""Where the headline may be trusted, read from the page that `gapbrief validate` writes (docs/validation.md)."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import core

PAGE = Path(core.__file__).parents[1] / "docs" / "validation.md"
_HEADING = "May the headline be trusted?"
_BIAS = re.compile(r"too (large|small) by (\d+\.\d) months")


@dataclass(frozen=True)
class Verdict:
    """What the headline does in one of the judge's worlds.

    `trust` says whether to rely on it ("yes", "with care" or "no"), `bias` by how many months it is off, negative where
    it is too small, `held` in how many percent of the worlds its 90 % ranges hold the truth; the last two are None
    where the headline is not given.
    """

    trust: str
    bias: float | None
    held: int | None


@cache
def read_verdicts() -> dict[str, Verdict]:
    """Read the verdict on each world from the page, once. Raises ValueError where the page has none."""
    return parse_page(PAGE.read_text(encoding="utf-8"))


def parse_page(page: str) -> dict[str, Verdict]:
    """Read the verdict on each world, by its name. Raises ValueError where the page has none."""
    table = re.search(rf"^## {re.escape(_HEADING)}\n(?:(?!## |\|).*\n)*((?:\|.*\n)+)", page, re.MULTILINE)
    if table is None:
        raise ValueError(f"{PAGE} has no table under {_HEADING}")
    heads, _, *rows = ([cell.strip() for cell in row.strip("|").split("|")] for row in table[1].splitlines())
    worlds = (dict(zip(heads, row, strict=True)) for row in rows)
    return {
        row["World"]: Verdict(row["Trust it?"], _parse_bias(row["The headline is"]), _parse_share(row["Ranges hold"]))
        for row in worlds
    }


def _parse_bias(words: str) -> float | None:
    if words == "not given":
        return None
    match = _BIAS.fullmatch(words)
    return float(match[2]) * (1 if match[1] == "large" else -1) if match else 0.0


def _parse_share(words: str) -> int | None:
    share = words.removesuffix(" %")
    return int(share) if share.isdecimal() else None
