"""What `trust` says of ranges is what the judge found: docs/validation.md, for the measure that leads."""

import re
from collections.abc import Callable

import pytest

from core.answer import Answer
from core.evidence.evidence import Evidence
from core.gap.analysis import analyse
from core.gap.parameters import CLUSTERED_2, INDEX_1, Measure, Parameters
from core.questions.range_wording import HELD, LEAST, WHERE, range_facts
from core.questions.thinned_wording import REJECTED
from core.questions.trust import TrustQuestion
from tests.conftest import ROOT
from tests.core.gap.whole import headline_boards
from tests.core.questions.laws import lines, shown

QUESTION = TrustQuestion
PAGE = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")
FIGURES: dict[Measure, str] = {
    "index": "Standing gap on the index", "standing": "Standing gap", "catch_up": "Catch-up time",
}  # fmt: skip


def table(heading: str) -> list[list[str]]:
    """Read the first table under a heading of the judge's page, without its head."""
    found = re.search(rf"^## {heading}\n\n(?:[^|].*\n\n)?((?:\|.*\n)+)", PAGE, re.MULTILINE)
    assert found is not None
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in found[1].splitlines()[2:]]


@pytest.mark.parametrize("measure", FIGURES)
def test_how_often_ranges_hold_is_what_the_judge_found(measure: Measure) -> None:
    found = {world: int(held.split()[0]) for world, _, _, _, held, *_ in table(FIGURES[measure])}
    assert {world: share for world, share in found.items() if world != "lags alone"} == HELD[measure]
    assert {world for world, share in HELD[measure].items() if share < LEAST} <= WHERE.keys()


def test_how_often_equal_tests_are_told_apart_is_what_the_judge_found() -> None:
    [[world, raw, thinned]] = table("Private against public tests")
    assert (world, {"raw": int(raw), "thinned": int(thinned)}) == ("measured rates", REJECTED)


@pytest.mark.parametrize("method", [INDEX_1, CLUSTERED_2], ids=lambda method: method.name)
def test_the_worst_worlds_of_the_measure_that_leads_are_named(known: Evidence, method: Parameters) -> None:
    analysis = analyse(known, headline_boards(known), known.newest_data.toordinal(), method)
    facts = {fact.key: fact.shown for fact in range_facts(analysis, method)}
    shares = HELD[analysis.leads]
    assert (
        facts["held.measure"] == {"index": "the standing gap on the index", "catch_up": "catch-up time"}[method.leads]
    )
    held = [share for share in shares.values() if share >= LEAST]
    assert facts["held"] == f"{min(held)} to {max(held)} %"
    worst = sorted((share, world) for world, share in shares.items() if share < LEAST)
    assert [f"{share} % {WHERE[world]}" in facts["held.less"] for share, world in worst] == [
        n < 3 for n in range(len(worst))
    ]
    assert (f"less than {LEAST} % in {len(worst) - 3} other worlds" in facts["held.less"]) == (len(worst) > 3)


def test_the_sentence_has_them_and_the_data_all_worlds(shipped: Callable[..., Answer]) -> None:
    answer = shipped()
    assert f"of {shown(answer, 'held.measure')} do in {shown(answer, 'held')}, but in " in lines(answer)["Ranges"]
    assert answer.data["held"] == HELD["index"]
