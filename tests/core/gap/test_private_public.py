"""E8: private against public, by exact permutation over benchmarks."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.gap.intervals import t_quantile
from core.gap.private_public import first_minus_second, without_each_model
from tests import reference


def test_the_difference_its_interval_its_chance_and_its_bounds_are_those_on_paper() -> None:
    """Means 7 and 2, 5 months apart; of 10 labellings 2 are as far apart. Welch: 4 / 3 + 2 / 2, squared over 17 / 9."""
    found = first_minus_second([9.0, 7.0, 5.0, 3.0, 1.0], [True, True, True, False, False], level=0.90)
    assert found.months == pytest.approx(5.0)
    assert found.p_value == pytest.approx(2 / 10)
    half = float(t_quantile(0.95, 49 / 17)) * math.sqrt(7 / 3)
    assert (found.low, found.high) == pytest.approx((5.0 - half, 5.0 + half))
    assert (found.without_low, found.without_high) == pytest.approx((4.0, 6.0))


@pytest.mark.parametrize(
    ("values", "private", "reason"),
    [
        ([], [], "one-class"),
        ([3.0, 4.0], [True, True], "one-class"),
        ([3.0, 4.0, 5.0], [True, False, False], "one-test"),
        ([3.0, 3.0, 1.0, 1.0], [True, True, False, False], "all-equal"),
    ],
)
def test_without_enough_benchmarks_there_is_no_interval_and_it_says_why(
    values: list[float], private: list[bool], reason: str
) -> None:
    found = first_minus_second(values, private, level=0.90)
    assert (found.low, found.high) == (None, None)
    assert found.reason == reason


MEANS = st.lists(st.tuples(st.integers(-40, 80).map(lambda q: q / 4), st.booleans()), min_size=2, max_size=9).filter(
    lambda rows: len({private for _, private in rows}) == 2
)


@given(MEANS)
def test_the_p_value_is_that_of_the_reference(rows: list[tuple[float, bool]]) -> None:
    values, private = zip(*rows, strict=True)
    found = first_minus_second(values, private, level=0.90)
    named = {str(n): value for n, value in enumerate(values)}
    secret = {str(n) for n, is_private in enumerate(private) if is_private}
    assert found.p_value == pytest.approx(reference.permutation_p(named, secret))


@given(MEANS)
def test_swapping_the_classes_turns_the_sign_and_nothing_else(rows: list[tuple[float, bool]]) -> None:
    values, private = zip(*rows, strict=True)
    one = first_minus_second(values, private, level=0.90)
    other = first_minus_second(values, [not each for each in private], level=0.90)
    assert one.months == pytest.approx(-(other.months or 0.0))
    assert one.p_value == pytest.approx(other.p_value)


def test_leaving_each_model_out_on_paper() -> None:
    """Private 9 (of open 10) and 5 (of 11), public 2 (of 10): without 10 no public is left, without 11 it is 9 - 2."""
    low, high = without_each_model(
        np.array([9.0, 5.0, 2.0]),
        np.array([0, 0, 1]),
        (np.array([1, 2, 1]), np.array([10, 11, 10])),
        np.array([True, False]),
    )
    assert (low, high) == (7.0, 7.0)


def test_without_results_there_is_no_range() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    assert without_each_model(np.zeros(0), nothing, (nothing, nothing), np.array([True])) == (None, None)
