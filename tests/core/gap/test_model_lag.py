"""Where one model stands: its best scores against the first model of the other side that had as much."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.evidence.evidence import Evidence
from core.gap.crossings import BELOW_FLOOR
from core.gap.first_crossings import first_crossings
from core.gap.model_lag import LevelLag, ModelLag, median_lag, model_lags
from core.gap.parameters import CLUSTERED_2, MONTH_DAYS
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


def index(known: Evidence, name: str) -> int:
    return next(n for n, model in enumerate(known.models) if model.model_id == name)


def placed(known: Evidence, name: str, as_of: int = END) -> tuple[ModelLag, ...]:
    return model_lags(known, index(known, name), toy.all_boards(known), as_of, ANY)


class TestOnPaper:
    def test_an_open_model_is_as_far_behind_as_the_first_closed_one_at_its_best_score_was_early(self) -> None:
        known = whole(toy.evidence({"b": PAPER}))
        (placement,) = placed(known, "R1")
        assert placement.score == 36.0
        assert placement.other == index(known, "second")
        assert placement.months == pytest.approx(130 / MONTH_DAYS)
        assert placement.first_at == tuple(5.0 * n for n in range(1, 8))

    def test_the_levels_around_its_score_bound_the_lag(self) -> None:
        (placement,) = placed(whole(toy.evidence({"b": PAPER})), "R1")
        assert placement.below == LevelLag(35.0, pytest.approx(130 / MONTH_DAYS))
        assert placement.above == LevelLag(40.0, pytest.approx(-12 / MONTH_DAYS))

    def test_a_closed_model_is_matched_by_the_first_open_one_at_its_best_score(self) -> None:
        known = whole(toy.evidence({"b": PAPER}))
        (matched,) = placed(known, "first")
        assert (matched.other, matched.months) == (index(known, "R1"), pytest.approx(233 / MONTH_DAYS))
        (waiting,) = placed(known, "second")
        assert (waiting.other, waiting.months) == (None, None)
        assert waiting.above == LevelLag(40.0, None)

    @pytest.mark.parametrize(
        ("score", "below", "above"), [(2.0, None, 5.0), (0.35 * 100, 35.0, 40.0), (100.0, 100.0, None)]
    )
    def test_there_is_a_level_around_on_each_side_but_at_the_ends_of_the_grid(
        self, score: float, below: float | None, above: float | None
    ) -> None:
        rows = [("c", "2024-01-01", "closed", score), ("o", "2024-02-01", "open", score)]
        (placement,) = placed(whole(toy.evidence({"b": rows})), "o")
        assert (placement.below and placement.below.level, placement.above and placement.above.level) == (below, above)

    def test_a_score_among_the_lowest_of_its_board_does_not_count(self) -> None:
        rows = [(f"c{n}", "2024-01-01", "closed", 10.0 + n) for n in range(10)] + [("o", "2024-02-01", "open", 9.0)]
        known = whole(toy.evidence({"b": rows}))
        (placement,) = model_lags(known, index(known, "o"), toy.all_boards(known), END, CLUSTERED_2)
        assert placement.reason == BELOW_FLOOR

    def test_a_board_without_a_score_of_it_is_left_out(self) -> None:
        known = whole(toy.evidence({"b": PAPER, "other": [("c", "2024-01-01", "closed", 50.0)]}))
        assert [placement.board for placement in placed(known, "R1")] == [0]
        assert placed(known, "R1", as_of=date(2024, 12, 31).toordinal()) == ()


# ---- the middle over tests


def stood(*months: float | None, reason: str = "") -> tuple[ModelLag, ...]:
    return tuple(
        ModelLag(board, 50.0, None if lag is None else 0, None if lag is None else 1, lag, 2, None, None, (), reason)
        for board, lag in enumerate(months)
    )


class TestMiddle:
    def test_it_is_the_median_with_the_nearest_and_the_farthest(self) -> None:
        found = median_lag(stood(8.0, 2.0, 5.0), ANY, is_open=True)
        assert (found.months, found.nearest.months, found.farthest.months) == (5.0, 2.0, 8.0)
        assert found.mean == pytest.approx(5.0)
        # t(2) at 95 % is 2.92, the standard error 3 / sqrt(3)
        assert found.low == pytest.approx(5 - 2.91999 * 3 / 3**0.5, abs=1e-4)
        assert found.high == pytest.approx(5 + 2.91999 * 3 / 3**0.5, abs=1e-4)

    @pytest.mark.parametrize("months", [(4.0,), (4.0, 9.0)])
    def test_fewer_than_three_tests_give_no_interval(self, months: tuple[float, ...]) -> None:
        found = median_lag(stood(*months), ANY, is_open=True)
        assert found.months == pytest.approx(sum(months) / len(months))
        assert (found.low, found.high, found.no_interval) == (None, None, "few-tests")

    def test_an_open_model_ahead_of_all_counts_below_every_lag(self) -> None:
        assert median_lag(stood(None, 2.0, 6.0), ANY, is_open=True).months == 2.0
        assert median_lag(stood(None, None, 6.0), ANY, is_open=True).months is None
        assert median_lag(stood(None, 6.0), ANY, is_open=True).months is None

    def test_a_closed_model_that_waits_counts_above_every_lag(self) -> None:
        found = median_lag(stood(None, 2.0, 6.0), ANY, is_open=False)
        assert (found.months, found.n_tests, found.n_without) == (6.0, 3, 1)
        assert (found.mean, found.low) == (None, None)
        assert median_lag(stood(None, None, 6.0), ANY, is_open=False).months is None

    def test_what_does_not_count_is_left_out(self) -> None:
        found = median_lag(stood(3.0) + stood(90.0, reason=BELOW_FLOOR), ANY, is_open=True)
        assert (found.months, found.n_tests) == (3.0, 1)
        assert median_lag(stood(90.0, reason=BELOW_FLOOR), ANY, is_open=True).months is None


# ---- laws


@settings(max_examples=40)
@given(toy.boards(), st.integers(0, 900))
def test_it_agrees_with_the_timeline_at_its_score(rows: list[toy.Row], offset: int) -> None:
    known, as_of = whole(toy.evidence({"b": rows})), toy.START.toordinal() + offset
    for model, each in enumerate(known.models):
        for placement in model_lags(known, model, np.array([0]), as_of, ANY):
            assume(placement.score > 0)
            level = first_crossings(known, 0, as_of, ANY, placement.score).at(placement.score)
            assert placement.other == (level.closed if each.is_open else level.open)
            assert placement.other_day == (level.closed_day if each.is_open else level.open_day)
            assert placement.other_day is None or placement.other_day <= as_of


@settings(max_examples=40)
@given(toy.boards())
def test_the_levels_around_bound_the_lag(rows: list[toy.Row]) -> None:
    known = whole(toy.evidence({"b": rows}))
    for model, each in enumerate(known.models):
        (placement,) = model_lags(known, model, np.array([0]), END, ANY)
        marks = (placement.below, placement.above)
        lags = [mark.months for mark in marks if mark is not None and mark.months is not None]
        if placement.months is not None and each.is_open and placement.below is not None:
            assert lags[0] >= placement.months
        if placement.above is not None and placement.above.months is not None:
            assert (lags[-1] <= placement.months) if each.is_open else (lags[-1] >= placement.months)
