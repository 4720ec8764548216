"""Quantiles are NumPy's, to the last bit."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.gap.quantiles import nearest_value, percentile, reached_by

VALUES = st.lists(st.floats(-1e6, 1e6) | st.sampled_from([0.0, 1.0, 2.0]), min_size=1, max_size=40).map(np.array)


@given(VALUES, st.sampled_from([0.0, 5.0, 10.0, 50.0, 90.0, 100.0]) | st.floats(0, 100))
def test_a_percentile_is_numpys(values: np.ndarray, percent: float) -> None:
    assert percentile(values, percent) == np.percentile(values, percent)


@given(VALUES, st.sampled_from([0.0, 5.0, 10.0, 90.0, 95.0, 100.0]))
def test_the_nearest_value_is_numpys(values: np.ndarray, percent: float) -> None:
    assert nearest_value(values, percent) == np.percentile(values, percent, method="nearest")


@given(VALUES, st.sampled_from([0.0, 0.05, 0.5, 0.95, 1.0]) | st.floats(0, 1))
def test_what_a_share_reaches_is_numpys_inverted_cdf(values: np.ndarray, share: float) -> None:
    assert reached_by(values, share) == np.quantile(values, share, method="inverted_cdf")


def test_what_has_no_end_is_the_last() -> None:
    assert reached_by(np.array([1.0, np.inf]), 0.95) == np.inf
