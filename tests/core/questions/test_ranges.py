"""What `trust` says of ranges is what the judge found: docs/validation.md, for the measure that leads."""

import re
from collections.abc import Callable

import pytest

from core.answer import Answer
from core.evidence.evidence import Evidence
from core.gap.analysis import analyse
from core.gap.parameters import CLUSTERED_2, INDEX_1, Parameters
from core.questions.judged import PAGE, judged
from core.questions.range_wording import LEAST, WHERE, range_facts
from core.questions.trust import TrustQuestion
from core.validation.worlds import DESIGNS
from tests.core.gap.whole import headline_boards
from tests.core.questions.laws import lines, shown

QUESTION = TrustQuestion


def test_every_world_of_the_judge_has_words_and_a_share_of_ranges_that_hold() -> None:
    for held in judged().held.values():
        assert held.keys() == {*DESIGNS} == {*WHERE}
        assert all(0 < share <= 100 for share in held.values())


def test_the_shares_are_those_of_the_page_that_validate_writes() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for measure, heading in (("index", "Standing gap on the index"), ("catch_up", "Catch-up time")):
        rows = page.split(f"\n## {heading}\n")[1].split("\n## ")[0]
        for world, share in judged().held[measure].items():
            assert re.search(rf"^\| {re.escape(world)} \|(?:[^|]*\|){{3}} {share} ± ", rows, re.MULTILINE)
    raw, thinned = (judged().rejected[scores] for scores in ("raw", "thinned"))
    assert f"| measured rates | {raw} | {thinned} |" in page


@pytest.mark.parametrize("method", [INDEX_1, CLUSTERED_2], ids=lambda method: method.name)
def test_the_worst_worlds_of_the_measure_that_leads_are_named(known: Evidence, method: Parameters) -> None:
    analysis = analyse(known, headline_boards(known), known.newest_data.toordinal(), method)
    facts = {fact.key: fact.shown for fact in range_facts(analysis, method)}
    shares = judged().held[analysis.leads]
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
    assert answer.data["held"] == judged().held["index"]
