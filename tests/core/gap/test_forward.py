"""E3, the forward question, against paper and the slow reference."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.gap.forward import estimate_waits
from core.gap.parameters import CLUSTERED_2
from tests import reference

WAITS = st.lists(
    st.tuples(st.integers(-12, 48).map(lambda half: half / 2), st.booleans(), st.integers(0, 4)),
    min_size=1,
    max_size=40,
)


@pytest.mark.parametrize(
    ("months", "reached", "median", "by_6", "by_12"),
    [
        ([2, 4, 8, 6], [True, True, True, False], 4.0, 0.5, None),  # S = 3/4, 1/2, 0
        ([3, 30, 30, 30], [True, False, False, False], None, 0.25, 0.25),  # still waiting is not unreached
        ([-5.0, 2.0], [True, True], 0.0, None, None),  # a lead of open models waited nothing
        ([], [], None, None, None),
    ],
)
def test_the_median_and_the_shares_are_those_on_paper(
    months: list[float], reached: list[bool], median: float | None, by_6: float | None, by_12: float | None
) -> None:
    forward = estimate_waits(months, reached, range(len(months)), CLUSTERED_2)
    assert (forward.median_months, *(window.share for window in forward.matched[1:])) == (median, by_6, by_12)
    assert (forward.n_reached, forward.n_unmatched) == (sum(reached), len(reached) - sum(reached))


def test_one_benchmark_has_no_interval() -> None:
    forward = estimate_waits([1, 2, 3], [True, True, True], [7, 7, 7], CLUSTERED_2)
    bounds = [(forward.low, forward.high), *((window.low, window.high) for window in forward.matched)]
    assert set(bounds) == {(None, None)}


@given(WAITS)
def test_agrees_with_the_reference(waits: list[tuple[float, bool, int]]) -> None:
    months, reached, boards = zip(*waits, strict=True)
    forward = estimate_waits(months, reached, boards, CLUSTERED_2)
    times = [max(0.0, month) for month in months]
    assert forward.median_months == reference.km_median(times, reached)
    assert [window.within for window in forward.matched] == [3, 6, 12]
    for window in forward.matched:
        if window.share is not None:
            assert window.share == pytest.approx(reference.km_share_by(times, reached, window.within))
        else:
            assert max(times) < window.within


@given(WAITS)
def test_the_intervals_hold_the_order(waits: list[tuple[float, bool, int]]) -> None:
    forward = estimate_waits(*zip(*waits, strict=True), CLUSTERED_2)
    for window in forward.matched:
        if window.low is not None and window.high is not None:
            assert 0 <= window.low <= window.high <= 1
    if forward.low is not None and forward.high is not None:
        assert forward.low <= forward.high


def test_the_interval_of_a_share_is_that_of_whole_clusters() -> None:
    """Three of four clusters matched all within 3 months, one none: draws hold that one between never and twice."""
    months, clusters = [1.0, 2.0] * 3 + [20.0, 24.0], [0, 0, 1, 1, 2, 2, 3, 3]
    first, *_ = estimate_waits(months, [True] * 8, clusters, CLUSTERED_2).matched
    assert (first.share, first.low, first.high) == (0.75, 0.5, 1.0)


def test_where_no_level_was_matched_in_time_draws_give_no_interval() -> None:
    first, *_ = estimate_waits([4, 5, 6, 7], [True] * 4, range(4), CLUSTERED_2).matched
    assert (first.share, first.low, first.high) == (0.0, None, None)
