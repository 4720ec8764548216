"""Two sides compared: on paper, the same with the other sign when swapped, and E8's figures."""

import math
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.evidence.evidence import Evidence
from core.gap.analysis import BoardGap, gaps
from core.gap.comparison import Comparison, mean_interval, of_days, of_tests
from core.gap.intervals import t_quantile
from core.gap.parameters import CLUSTERED_2
from tests.core.gap.whole import headline_boards

NEWEST = date(2026, 8, 22)
T_2 = 2.919986  # Student's t with 2 degrees of freedom at 95 %


def board_gap(months: float | None, board: int = 0, n_points: int = 1) -> BoardGap:
    return BoardGap(board, months, months, months, n_points if months is not None else 0)


def negated(value: float | None) -> float | None:
    return None if value is None else -value


def swapped(found: Comparison) -> Comparison:
    """Return what must come out with the sides the other way round."""
    return replace(
        found,
        left=found.right,
        right=found.left,
        months=negated(found.months),
        low=negated(found.high),
        high=negated(found.low),
        without_low=negated(found.without_high),
        without_high=negated(found.without_low),
    )


# ---- a mean with its interval


def test_a_mean_of_three_on_paper() -> None:
    """1, 2, 3: mean 2, standard error 1 / sqrt 3, t(2)."""
    mean, low, high = mean_interval([1.0, 2.0, 3.0], 0.90)
    half = T_2 / math.sqrt(3)
    assert (mean, low, high) == pytest.approx((2.0, 2.0 - half, 2.0 + half), rel=1e-5)


@pytest.mark.parametrize("values", [[4.0], [3.0, 5.0], [4.0, 4.0, 4.0]])
def test_fewer_than_three_values_or_equal_ones_have_no_interval(values: list[float]) -> None:
    assert mean_interval(values, 0.90) == (4.0, None, None)


# ---- different tests


def test_welch_on_paper() -> None:
    """9 and 7 against 3 and 1: 6 apart; each variance 2 / 2, so a standard error of sqrt 2 on 2 degrees of freedom."""
    found = of_tests([board_gap(9.0), board_gap(7.0)], [board_gap(3.0), board_gap(1.0)], 0.90)
    half = T_2 * math.sqrt(2)
    assert (found.months, found.low, found.high) == pytest.approx((6.0, 6.0 - half, 6.0 + half), rel=1e-5)
    assert (found.n_holds, found.n_tests) == (4, 4)
    assert (found.without_low, found.without_high) == pytest.approx((5.0, 7.0))
    assert (found.left.months, found.left.low) == (8.0, None)  # two tests are too few for a range of their own


def test_one_test_against_others_counts_how_many_lie_beyond_it() -> None:
    found = of_tests([board_gap(5.0)], [board_gap(9.0), board_gap(7.0), board_gap(4.0)], 0.90)
    assert found.months == pytest.approx(5.0 - 20 / 3)
    assert (found.low, found.reason) == (None, "one-on-a-side")
    assert (found.n_holds, found.n_tests) == (2, 3)


@pytest.mark.parametrize(
    ("left", "right", "reason"),
    [
        ([5.0], [4.0], "one-each"),
        ([5.0, 5.0], [4.0, 4.0], "all-equal"),
        ([None], [4.0], "no-result"),
        ([], [4.0, 3.0], "no-result"),
    ],
)
def test_without_an_interval_of_tests_it_says_why(
    left: list[float | None], right: list[float | None], reason: str
) -> None:
    found = of_tests([board_gap(each) for each in left], [board_gap(each) for each in right], 0.90)
    assert (found.low, found.high, found.reason) == (None, None, reason)


MONTHS = st.lists(st.one_of(st.none(), st.integers(-80, 400).map(lambda tenth: tenth / 10)), max_size=8)


@given(MONTHS, MONTHS)
def test_swapped_tests_give_the_same_with_the_other_sign(left: list[float | None], right: list[float | None]) -> None:
    sides = [[board_gap(each) for each in side] for side in (left, right)]
    assert of_tests(sides[1], sides[0], 0.90) == swapped(of_tests(sides[0], sides[1], 0.90))


# ---- different days


def test_two_days_have_both_errors_and_the_smaller_df(known: Evidence) -> None:
    boards = headline_boards(known)
    both = [gaps(known, boards, day.toordinal(), CLUSTERED_2).classes for day in (date(2025, 6, 1), NEWEST)]
    for access in ("private", "public"):
        one, other = both[0][access], both[1][access]
        found = of_days(one, other, CLUSTERED_2.level)
        assert found.months == pytest.approx(one.headline.months - other.headline.months)
        places = one.trend.last_readable(), other.trend.last_readable()
        error = math.hypot(one.trend.band.standard_error[places[0]], other.trend.band.standard_error[places[1]])
        df = min(one.trend.band.df[places[0]], other.trend.band.df[places[1]])
        assert (found.high - found.low) / 2 == pytest.approx(float(t_quantile(0.95, df)) * error)
        assert of_days(other, one, CLUSTERED_2.level) == swapped(found)


def test_a_day_without_a_figure_is_said_to_have_none(known: Evidence) -> None:
    early, now = (
        gaps(known, headline_boards(known), day.toordinal(), CLUSTERED_2) for day in (date(2023, 7, 1), NEWEST)
    )
    found = of_days(early.classes["public"], now.classes["public"], CLUSTERED_2.level)
    assert (found.months, found.reason) == (None, "no-figure")
    assert found.right.months == now.classes["public"].headline.months
