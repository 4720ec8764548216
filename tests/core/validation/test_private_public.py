"""E8: private against public, by exact permutation over benchmarks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.validation.judge import permutation_p
from tests import reference


def test_the_chance_is_that_on_paper() -> None:
    """Means 7 and 2, 5 months apart; of 10 labellings 2 are as far apart."""
    assert permutation_p([9.0, 7.0, 5.0, 3.0, 1.0], [True, True, True, False, False]) == pytest.approx(2 / 10)


@pytest.mark.parametrize(
    ("values", "private"), [([], []), ([3.0, 4.0], [True, True]), ([1.0] * 23, [True] * 11 + [False] * 12)]
)
def test_one_class_or_too_many_benchmarks_have_no_chance(values: list[float], private: list[bool]) -> None:
    assert permutation_p(values, private) is None


MEANS = st.lists(st.tuples(st.integers(-40, 80).map(lambda q: q / 4), st.booleans()), min_size=2, max_size=9).filter(
    lambda rows: len({private for _, private in rows}) == 2
)


@given(MEANS)
def test_the_p_value_is_that_of_the_reference(rows: list[tuple[float, bool]]) -> None:
    values, private = zip(*rows, strict=True)
    named = {str(n): value for n, value in enumerate(values)}
    secret = {str(n) for n, is_private in enumerate(private) if is_private}
    assert permutation_p(values, private) == pytest.approx(reference.permutation_p(named, secret))


@given(MEANS)
def test_swapping_the_classes_changes_nothing(rows: list[tuple[float, bool]]) -> None:
    values, private = zip(*rows, strict=True)
    assert permutation_p(values, private) == pytest.approx(
        permutation_p(values, [not is_private for is_private in private])
    )
