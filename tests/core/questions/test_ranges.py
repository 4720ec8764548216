"""What `trust` says of ranges is what the judge found: docs/validation.md, for the measure that leads."""

from collections.abc import Callable

import pytest

from core.answer import Answer
from core.evidence.evidence import Evidence
from core.gap.analysis import analyse
from core.gap.parameters import CLUSTERED_2, INDEX_1, Parameters
from core.questions.judged import Verdict, judged, parse_page
from core.questions.range_wording import LEAST, WHERE, range_facts, worst_sentences
from core.questions.trust import TrustQuestion
from core.validation.worlds import DESIGNS
from tests.core.gap.whole import headline_boards
from tests.core.questions.laws import lines, shown

QUESTION = TrustQuestion


def test_every_world_of_the_judge_has_words_and_a_share_of_ranges_that_hold() -> None:
    assert {*WHERE} == {*DESIGNS}
    for held in judged().held.values():
        assert held.keys() <= {*DESIGNS}
        assert all(0 < share <= 100 for share in held.values())


PAGE_AS_WRITTEN = """# What the figures do

## May the headline be trusted?

Words before the table.

- **Yes**: a rule.

| World | Trust it? | The headline is | Ranges hold |
|---|---|---|---:|
| equal testing | yes | right on average | 90 % |
| 42/10 | yes | too large by 0.5 months | 90 % |
| open stands still | no | too small by 2.1 months | 60 % |
| contamination | no | too small by 2.8 months | 20 % |
| few open models | with care | too large by 1.4 months | 80 % |
| early ends | with care | right on average | 80 % |

## Standing gap on the index

| World | Bias | RMSE | 90 % |
|---|---:|---:|---:|
| equal testing | +0.1 | 1.0 | 90 ± 1.0 |

## Standing gap

| World | 90 % |
|---|---:|
| equal testing | 88 ± 1.0 |

## Catch-up time

| World | 90 % |
|---|---:|
| equal testing | 87 ± 1.0 |

## Private against public tests

Worlds in which the two are said to differ:

| World | Said to differ |
|---|---:|
| measured rates | 4 |
"""


def test_the_page_is_read_by_the_names_of_its_columns() -> None:
    found = parse_page(PAGE_AS_WRITTEN)
    assert found.held == {
        "index": {"equal testing": 90},
        "standing": {"equal testing": 88},
        "catch_up": {"equal testing": 87},
    }
    assert found.rejected == 4
    assert found.headline["few open models"] == Verdict("with care", 1.4)
    with pytest.raises(ValueError, match="no table under Catch-up time"):
        parse_page(PAGE_AS_WRITTEN.replace("Catch-up", "Other"))


def test_the_worst_worlds_are_told_with_the_sign_of_the_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.questions.range_wording.judged", lambda: parse_page(PAGE_AS_WRITTEN))
    assert worst_sentences() == [
        "where training towards tests lifts open scores on half of the tests, the gap reads about 3 months too small",
        "where open models have stood still for 9 months, the gap reads about 2 months too small",
        "where a third as many open models come out, the gap reads about 1 month too large",
    ]


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
