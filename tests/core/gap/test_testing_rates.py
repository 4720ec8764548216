"""E5: the frontier, how often it is tested, rates shrunk to those of their class, and thinning to one rate."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.gap.testing_rates import FrontierRates, class_priors, frontier_models, keep_shares, recent_rates, thin
from tests import toy

DAY = toy.START.toordinal()


def test_a_frontier_model_is_near_its_side_s_record_of_its_day() -> None:
    #              closed                open
    ability = np.array([10.0, 7.9, 8.0, 15.0, 5.0, 4.0, 2.0, np.nan])
    day = np.array([1, 2, 3, 3, 1, 2, 3, 4])
    is_open = np.array([False] * 4 + [True] * 4)
    found = frontier_models(ability, day, is_open, 2.0)
    assert found.tolist() == [True, False, False, True, True, True, False, False]  # 8 came out with 15


def rates_of(rows: list[toy.Row], names: list[str], as_of: int) -> FrontierRates:
    """Rates of one board on a day; all of its models, and `names` without a score there, are frontier models."""
    known = toy.evidence({"b": rows, "other": [(name, "2023-06-01", "open", 1.0) for name in names]})
    days = {known.models[model].model_id: day for model, day in zip(known.model, known.day, strict=True)}
    sides = {known.models[model].model_id: side for model, side in zip(known.model, known.is_open, strict=True)}
    models = [
        replace(model, day=int(days[model.model_id]), is_open=bool(sides[model.model_id])) for model in known.models
    ]
    everything = np.ones(len(models), dtype=np.bool_)
    return recent_rates(replace(known, models=tuple(models)), np.array([0]), everything, as_of)


class TestCounts:
    ROWS = (("c", "2023-01-01", "closed", 1.0), ("o", "2023-03-01", "open", 1.0), ("c2", "2023-09-01", "closed", 2.0))

    def test_who_came_out_in_a_board_s_days_could_have_been_tested(self) -> None:
        found = rates_of(list(self.ROWS), ["untested", "untested too"], DAY + 500)
        assert found.eligible.tolist() == [[2, 3]]
        assert found.tested.tolist() == [[2, 1]]

    def test_days_outside_of_the_window_do_not_count(self) -> None:
        later = rates_of(list(self.ROWS), ["untested"], DAY + 100 + 548)
        assert (later.eligible.tolist(), later.tested.tolist()) == ([[1, 1]], [[1, 0]])  # without the first two
        sooner = rates_of(list(self.ROWS), ["untested"], DAY + 200)
        assert sooner.eligible.tolist() == [[1, 1]]  # the board's last release until then is before the untested one's


class TestShrinking:
    def test_boards_that_agree_share_their_class_s_rate(self) -> None:
        found = FrontierRates(*counts([[5, 5], [5, 5]], [[10, 10], [10, 10]]))
        assert found.mean == pytest.approx(0.5)

    def test_a_board_without_an_eligible_model_has_the_class_s_rate(self) -> None:
        found = FrontierRates(*counts([[8, 2], [8, 2], [0, 0]], [[10, 10], [10, 10], [0, 0]]))
        assert found.mean[2] == pytest.approx(found.prior[2, :, 0] / found.prior[2].sum(axis=1))
        assert found.mean[2] == pytest.approx([0.8, 0.2], abs=0.03)

    def test_a_small_board_is_shrunk_and_a_large_one_is_not(self) -> None:
        rows = [[90, 50], [20, 50], [2, 1]], [[100, 100], [100, 100], [2, 2]]
        found = FrontierRates(*counts(*rows))
        assert found.mean[0, 0] == pytest.approx(0.9, abs=0.02)
        assert found.mean[1, 0] == pytest.approx(0.2, abs=0.02)
        assert 0.6 < found.mean[2, 0] < 0.9

    def test_rates_are_drawn_around_their_means(self) -> None:
        found = FrontierRates(*counts([[8, 2], [6, 3]], [[10, 10], [10, 10]]))
        drawn = found.draw(4000, np.random.default_rng(1))
        assert drawn.mean(axis=0) == pytest.approx(found.mean, abs=0.01)
        assert (drawn.std(axis=0) > 0.03).all()


def counts(tested: list[list[int]], eligible: list[list[int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The counts of boards of one class with their fitted prior."""
    one, other = np.array(tested), np.array(eligible)
    return one, other, class_priors(one, other, np.zeros(len(one), dtype=np.int64))


rate = st.floats(0.01, 1.0)


@given(rate, rate)
def test_thinning_makes_the_rates_equal_and_takes_from_one_side_alone(closed: float, open_: float) -> None:
    keep = keep_shares(np.array([closed, open_]))
    assert keep * [closed, open_] == pytest.approx(min(closed, open_))
    assert keep.max() == 1
    assert keep_shares(np.array([open_, closed])) == pytest.approx(keep[::-1])


def test_a_rate_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        keep_shares(np.array([0.5, 0.0]))


def test_scores_stay_with_the_share_of_their_board_and_side() -> None:
    keep = np.tile([[[0.25, 1.0], [1.0, 0.5]]], (2000, 1, 1))
    board, is_open = np.array([0, 0, 1, 1]), np.array([False, True, False, True])
    stays = thin(keep, board, is_open, np.random.default_rng(0))
    assert stays.mean(axis=0) == pytest.approx([0.25, 1, 1, 0.5], abs=0.04)
