"""The page of the judge: every world is described, and the real data are beside the worlds."""

import math
import re

import numpy as np
import pytest

from core.evidence.evidence import Evidence
from core.questions.trust import parse_page
from core.validation.estimates import FIGURES
from core.validation.grades import CARE, COLUMNS, NO, YES, Cell
from core.validation.judge import WORLDS, judge
from core.validation.report import DESCRIPTIONS, bias_text, write_page, write_real_data


def test_every_world_is_described() -> None:
    assert tuple(DESCRIPTIONS) == WORLDS


def cell(world: str, off: float, direction: float) -> Cell:
    """A cell whose figures are off by these months in each of twenty worlds, with ranges of 3 to either side."""
    row = {
        "months": 6 + off, "error": 3 / 1.645, "df": np.inf, "direction": direction, "true_mean": 6, "true_now": 8,
    }  # fmt: skip
    cells = [row.get(name, np.nan) for name in COLUMNS]
    nothing = np.full(20, np.nan)
    return Cell(world, np.array([[cells] * len(FIGURES)] * 20), nothing, nothing)


def test_the_page_leads_with_where_the_headline_may_be_trusted_and_which_way_it_errs() -> None:
    text = write_page([cell("contamination", -2.74, 0), cell("drift +3 a year", 0.5, 1), cell("42/10", 0.04, -1)], 20)
    lead = text.split("## Over all worlds")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lead.splitlines() if line.startswith("|")]
    assert [row[0] for row in rows[2:]] == ["drift +3 a year", "42/10", "contamination"]
    assert [" | ".join(row[2:]) for row in rows[2:]] == [
        "with care | too large by 0.5 months | 100 % | 6.0 | too small by 1.5 months | 100 % (true) | 0 % (false)",
        "with care | right on average | 100 % | 6.0 | too small by 2.0 months | 0 % (false) | 100 % (false)",
        "no | too small by 2.7 months | 100 % | 6.0 | too small by 4.7 months | 0 % (false) | 0 % (false)",
    ]


def test_a_world_in_which_the_headline_is_not_given_is_told() -> None:
    text = write_page([cell("two live boards", math.nan, math.nan), cell("42/10", 0, 0)], 20)
    description = DESCRIPTIONS["two live boards"]
    assert f"| two live boards | {description} | no | not given | – | – | not given | – | – |" in text
    assert "nan" not in text


@pytest.mark.parametrize(
    ("months", "words"),
    [(-2.74, "too small by 2.7 months"), (0.95, "too large by 0.9 months"), (0.04, "right on average"),
     (-0.06, "too small by 0.1 months")],
)  # fmt: skip
def test_a_bias_has_its_sign_in_words(months: float, words: str) -> None:
    assert bias_text(months) == words


@pytest.mark.slow
def test_trust_reads_the_page() -> None:
    cells = [judge(world, range(3)) for world in ("equal testing", "measured rates")]
    figures = parse_page(write_page(cells, 3))
    assert figures.keys() == {"equal testing", "measured rates"}
    assert all(verdict.trust in (YES, CARE, NO) and verdict.held is not None for verdict in figures.values())


def test_it_says_what_each_figure_says_of_the_real_data(evidence: Evidence) -> None:
    """The study published 8 to 10 and 4 to 6; its rules give the same as `--method study`."""
    rows = re.findall(r"^\| (.*?) \| (\d+\.\d) \(.*?\) \| (\d+\.\d) ", write_real_data(evidence), re.MULTILINE)
    by_figure = {figure: (float(private), float(public)) for figure, private, public in rows}
    private, public = by_figure["catch-up time by the study's rules"]
    assert 8 < private < 10
    assert 4 < public < 6
    assert {"the gap", "catch-up time"} < set(by_figure)
