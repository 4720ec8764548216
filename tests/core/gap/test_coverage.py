"""E5 by hand and as laws: what a board could have tested, what it has, and which boards carry the headline."""

from datetime import date

import pytest
from hypothesis import given

from core.evidence.evidence import Evidence
from core.gap.analysis import analyse
from core.gap.coverage import Coverage, Share, coverage, overall, weight_shares
from core.gap.parameters import CLUSTERED_2
from tests import toy
from tests.core.gap.whole import headline_boards

LATE = date(2030, 1, 1).toordinal()

FIELD: dict[str, list[toy.Row]] = {
    "narrow": [
        ("closed-1", "2024-01-10", "closed", 40.0),
        ("open-1", "2024-03-01", "open", 30.0),
        ("closed-3", "2024-06-01", "closed", 60.0),
    ],
    "wide": [
        ("closed-0", "2023-12-31", "closed", 10.0),
        ("closed-1", "2024-01-10", "closed", 35.0),
        ("open-1", "2024-03-01", "open", 20.0),
        ("open-2", "2024-04-01", "open", 25.0),
        ("closed-2", "2024-05-01", "closed", 45.0),
        ("open-3", "2024-06-01", "open", 30.0),
        ("open-4", "2024-06-02", "open", 50.0),
    ],
}


def shares(field: dict[str, list[toy.Row]], as_of: str = "2030-01-01") -> list[Coverage]:
    evidence = toy.evidence(field)
    return list(coverage(evidence, toy.all_boards(evidence), date.fromisoformat(as_of).toordinal()).values())


def test_eligible_are_the_tested_models_between_the_boards_first_and_last_release() -> None:
    """Narrow runs from 10 January to 1 June: closed-0 came before, open-4 after; open-3 on its last day."""
    narrow, wide = shares(FIELD)
    assert narrow == Coverage(open=Share(1, 3), closed=Share(2, 3))
    assert wide == Coverage(open=Share(4, 4), closed=Share(3, 4))


def test_a_model_counts_when_it_is_out() -> None:
    narrow, wide = shares(FIELD, "2024-04-15")
    assert narrow == Coverage(open=Share(1, 1), closed=Share(1, 1))
    assert wide == Coverage(open=Share(2, 2), closed=Share(2, 2))


def test_several_scores_of_a_model_count_for_one() -> None:
    again = {"narrow": [*FIELD["narrow"], ("open-1", "2024-03-01", "open", 33.0)], "wide": FIELD["wide"]}
    assert shares(again) == shares(FIELD)


def test_a_board_without_a_row_yet_has_nothing() -> None:
    [narrow, _] = shares(FIELD, "2024-01-01")
    assert narrow == Coverage(open=Share(0, 0), closed=Share(0, 0))
    assert narrow.open.fraction is None


def test_boards_are_added_up() -> None:
    total = overall(dict(enumerate(shares(FIELD))))
    assert total == Coverage(open=Share(5, 7), closed=Share(5, 7))
    assert total.open.fraction == pytest.approx(5 / 7)


@given(toy.boards(), toy.boards())
@pytest.mark.slow
def test_no_board_tests_more_than_it_could(first: list[toy.Row], second: list[toy.Row]) -> None:
    evidence = toy.evidence({"first": first, "second": [("other-" + name, *rest) for name, *rest in second]})
    for as_of in (toy.START.toordinal() + 300, LATE):
        counts = coverage(evidence, toy.all_boards(evidence), as_of)
        for count in (*counts.values(), overall(counts)):
            for share in (count.open, count.closed):
                assert 0 <= share.tested <= share.eligible


# ---- on the shipped data


def test_closed_models_are_tested_more_often(evidence: Evidence) -> None:
    """The direction of the bias that method.md names: a smaller share of the open models is tested."""
    total = overall(coverage(evidence, headline_boards(evidence), date(2026, 8, 22).toordinal()))
    assert total.open.fraction < total.closed.fraction


def test_tested_are_the_models_that_the_analysis_counts(evidence: Evidence) -> None:
    as_of = date(2026, 8, 22).toordinal()
    states = analyse(evidence, headline_boards(evidence), as_of, CLUSTERED_2).crossings.states
    for board, counts in coverage(evidence, headline_boards(evidence), as_of).items():
        assert (counts.open.tested, counts.closed.tested) == (states[board].open_models, states[board].closed_models)


# ---- which boards carry the headline


def test_shares_of_the_weight_sum_to_1_largest_first_and_give_the_effective_number(evidence: Evidence) -> None:
    for as_of in (date(2025, 1, 31), date(2026, 8, 22)):
        for gap in analyse(evidence, headline_boards(evidence), as_of.toordinal(), CLUSTERED_2).classes.values():
            weights = weight_shares(gap, CLUSTERED_2)
            assert sum(weights.values()) == pytest.approx(1.0)
            assert list(weights.values()) == sorted(weights.values(), reverse=True)
            assert set(weights) <= {evidence.boards[board] for board in gap.points.board.tolist()}
            families = {board.family for board in weights}
            shares = [sum(x for board, x in weights.items() if board.family == family) for family in families]
            assert 1 / sum(share**2 for share in shares) == pytest.approx(gap.catch_up.figure.n_effective)


def test_without_a_headline_nothing_carries_it(evidence: Evidence) -> None:
    gap = analyse(evidence, headline_boards(evidence), date(2023, 7, 1).toordinal(), CLUSTERED_2).classes["public"]
    assert gap.headline.at is None
    assert weight_shares(gap, CLUSTERED_2) == {}
