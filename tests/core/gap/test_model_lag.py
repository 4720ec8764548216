"""One model's lag: its best scores against the first model of the other side at each."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.evidence.evidence import Evidence
from core.gap.parameters import CLUSTERED_2, MONTH_DAYS
from core.gap.records import ModelLag, find_first_crossings, model_lag
from core.gap.standing import standing_gaps
from tests import toy
from tests.core.gap.whole import whole

ANY = replace(CLUSTERED_2, floor_percentile=0.0)
END = date(2026, 12, 31).toordinal()

PAPER = [
    ("weak", "2023-01-01", "closed", 4.0),
    ("first", "2024-06-01", "closed", 33.0),
    ("second", "2024-09-12", "closed", 37.0),
    ("R1", "2025-01-20", "open", 30.0),
    ("R1", "2025-01-20", "open", 36.0),
    ("third", "2025-02-01", "closed", 50.0),
]


def index(evidence: Evidence, name: str) -> int:
    return next(n for n, model in enumerate(evidence.models) if model.model_id == name)


def placed(evidence: Evidence, name: str, as_of: int = END) -> ModelLag | None:
    return model_lag(evidence, index(evidence, name), 0, as_of, ANY)


class TestOnPaper:
    def test_an_open_model_is_as_far_behind_as_the_first_closed_one_at_its_best_score_was_early(self) -> None:
        placement = placed(whole(toy.evidence({"b": PAPER})), "R1")
        assert placement.score == 36.0
        assert placement.other.name == "second"
        assert placement.between == pytest.approx(130 / MONTH_DAYS)
        assert placement.first_at == tuple(5.0 * n for n in range(1, 8))
        assert placement.newest_day == date(2025, 2, 1).toordinal()
        assert placement.months == pytest.approx(142 / MONTH_DAYS)  # on the board's last day

    def test_the_months_are_a_floor_where_no_closed_model_was_tested_before(self) -> None:
        assert not placed(whole(toy.evidence({"b": PAPER})), "R1").is_floor
        assert placed(whole(toy.evidence({"b": PAPER[1:]})), "R1").is_floor is False
        assert placed(whole(toy.evidence({"b": PAPER[2:]})), "R1").is_floor

    def test_above_all_closed_models_it_is_no_months_behind(self) -> None:
        placement = placed(whole(toy.evidence({"b": [*PAPER, ("best", "2025-02-01", "open", 90.0)]})), "best")
        assert (placement.other, placement.months, placement.between) == (None, None, None)

    def test_a_closed_model_is_matched_by_the_first_open_one_at_its_best_score(self) -> None:
        evidence = whole(toy.evidence({"b": PAPER}))
        matched = placed(evidence, "first")
        assert (matched.other.name, matched.months) == ("R1", None)
        assert matched.between == pytest.approx(233 / MONTH_DAYS)
        waiting = placed(evidence, "second")
        assert (waiting.other, waiting.between) == (None, None)

    def test_a_score_among_the_lowest_of_its_board_does_not_count(self) -> None:
        rows = [(f"c{n}", "2024-01-01", "closed", 10.0 + n) for n in range(10)] + [("o", "2024-02-01", "open", 9.0)]
        evidence = whole(toy.evidence({"b": rows}))
        placement = model_lag(evidence, index(evidence, "o"), 0, END, CLUSTERED_2)
        assert (placement.accepted, placement.reason) == (False, "below the floor")

    def test_on_a_board_without_a_score_of_it_it_has_no_place(self) -> None:
        evidence = whole(toy.evidence({"b": PAPER, "other": [("c", "2024-01-01", "closed", 50.0)]}))
        assert model_lag(evidence, index(evidence, "R1"), 1, END, ANY) is None
        assert placed(evidence, "R1", as_of=date(2024, 12, 31).toordinal()) is None


# ---- laws


@given(toy.boards(), st.integers(0, 900))
@pytest.mark.slow
def test_it_agrees_with_the_timeline_at_its_score(rows: list[toy.Row], offset: int) -> None:
    evidence, as_of = whole(toy.evidence({"b": rows})), toy.START.toordinal() + offset
    for model, candidate in enumerate(evidence.models):
        placement = model_lag(evidence, model, 0, as_of, ANY)
        if placement is not None:
            assume(placement.score > 0)
            _, levels = find_first_crossings(evidence, 0, as_of, ANY, placement.score)
            [level] = [level for level in levels if level.threshold == placement.score]
            assert placement.other == (level.closed if candidate.is_open else level.open)
            assert placement.other is None or placement.other.day <= as_of


@given(toy.boards())
def test_the_best_open_model_is_as_far_behind_as_its_test(rows: list[toy.Row]) -> None:
    """Where closed models lead, a test's standing gap is its best open model's lag."""
    evidence = whole(toy.evidence({"b": rows}))
    for gap in standing_gaps(
        evidence, np.array([0]), END, replace(ANY, min_open_models=1), at=int(evidence.day.max())
    ).gaps:
        if gap.months > 0:
            placement = model_lag(evidence, evidence.models.index(gap.open), 0, END, ANY)
            assert placement.months == pytest.approx(gap.months)
