"""E3, the forward question, against paper and the slow reference."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.gap.forward import forward
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
    found = forward(months, reached, range(len(months)), CLUSTERED_2)
    assert (found.median_months, found.caught_up_6m, found.caught_up_12m) == (median, by_6, by_12)
    assert (found.n_reached, found.n_unmatched) == (sum(reached), len(reached) - sum(reached))


def test_one_benchmark_has_no_interval() -> None:
    found = forward([1, 2, 3], [True, True, True], [7, 7, 7], CLUSTERED_2)
    assert (found.low, found.high) == (None, None)


@given(WAITS)
def test_agrees_with_the_reference(waits: list[tuple[float, bool, int]]) -> None:
    months, reached, boards = zip(*waits, strict=True)
    found = forward(months, reached, boards, CLUSTERED_2)
    times = [max(0.0, month) for month in months]
    assert found.median_months == reference.km_median(times, reached)
    for asked, share in ((6.0, found.caught_up_6m), (12.0, found.caught_up_12m)):
        if share is not None:
            assert share == pytest.approx(reference.km_share_by(times, reached, asked))
        else:
            assert max(times) < asked


@given(WAITS)
def test_the_interval_holds_the_order(waits: list[tuple[float, bool, int]]) -> None:
    found = forward(*zip(*waits, strict=True), CLUSTERED_2)
    if found.low is not None and found.high is not None:
        assert found.low <= found.high
