"""E3, the forward question, against paper and the slow reference."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.gap.forward import forward
from core.gap.parameters import CLUSTERED_1
from tests import reference

WAITS = st.lists(
    st.tuples(st.integers(-12, 48).map(lambda half: half / 2), st.booleans(), st.integers(0, 4)),
    min_size=1,
    max_size=40,
)


def test_the_median_and_the_shares_are_those_on_paper() -> None:
    """Four levels: reached after 2, 4 and 8 months, one still waiting after 6: S = 3/4, 1/2, 0."""
    found = forward([2, 4, 8, 6], [True, True, True, False], [0, 0, 1, 1], CLUSTERED_1)
    assert (found.median_months, found.caught_up_6m, found.caught_up_12m) == (4.0, 0.5, None)
    assert (found.n_reached, found.n_unmatched) == (3, 1)


def test_a_level_still_waiting_is_not_called_unreached() -> None:
    found = forward([3, 30, 30, 30], [True, False, False, False], [0, 0, 1, 1], CLUSTERED_1)
    assert found.median_months is None
    assert found.caught_up_12m == pytest.approx(0.25)


def test_a_lead_of_open_models_waited_nothing() -> None:
    assert forward([-5.0, 2.0], [True, True], [0, 1], CLUSTERED_1).median_months == 0.0


def test_nothing_gives_nothing() -> None:
    found = forward([], [], [], CLUSTERED_1)
    assert (found.median_months, found.low, found.high, found.n_reached) == (None, None, None, 0)


def test_one_benchmark_has_no_interval() -> None:
    found = forward([1, 2, 3], [True, True, True], [7, 7, 7], CLUSTERED_1)
    assert (found.low, found.high) == (None, None)


@given(WAITS)
def test_agrees_with_the_reference(waits: list[tuple[float, bool, int]]) -> None:
    months, reached, boards = zip(*waits, strict=True)
    found = forward(months, reached, boards, CLUSTERED_1)
    times = [max(0.0, month) for month in months]
    assert found.median_months == reference.km_median(times, reached)
    for asked, share in ((6.0, found.caught_up_6m), (12.0, found.caught_up_12m)):
        if share is not None:
            assert share == pytest.approx(reference.km_share_by(times, reached, asked))
        else:
            assert max(times) < asked


@given(WAITS)
def test_the_interval_holds_the_order(waits: list[tuple[float, bool, int]]) -> None:
    found = forward(*zip(*waits, strict=True), CLUSTERED_1)
    if found.low is not None and found.high is not None:
        assert found.low <= found.high
