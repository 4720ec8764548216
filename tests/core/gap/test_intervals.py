"""The intervals between benchmarks, case by case on paper, then the laws they obey."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.gap.intervals import Band, kernel_band, t_quantile

T95 = {1: 6.313752, 2: 2.919986, 3: 2.353363, 5: 2.015048, 10: 1.812461, 30: 1.697261, 120: 1.657651}
BAND_MONTHS = ("months", "low", "high")
BAND = (*BAND_MONTHS, "weight", "n_effective", "standard_error", "df")
OTHER_END = {"low": "high", "high": "low"}


def band_at_zero(day: list[float], lag: list[float], benchmark: list[int]) -> Band:
    return kernel_band(day, lag, benchmark, [0.0], bandwidth_days=60, level=0.9)


# Student's t


@pytest.mark.parametrize(
    ("p", "df", "expected"),
    [
        *((0.95, df, expected) for df, expected in T95.items()),
        (0.9, 1, 3.077684),
        (0.975, 4, 2.776445),
        (0.99, 20, 2.527977),
        (0.995, 1, 63.656741),
        (0.995, 1000, 2.580755),
        (0.95, 0.5, 41.136000),
        (0.95, 2.5, 2.558219),
    ],
)
def test_t_quantile_gives_the_printed_table_and_what_scipy_gives_between_whole_numbers(
    p: float, df: float, expected: float
) -> None:
    assert float(t_quantile(p, df)) == pytest.approx(expected, rel=1e-6)


def test_t_quantile_falls_as_degrees_of_freedom_rise_and_keeps_the_shape() -> None:
    df = np.geomspace(0.5, 1000, 300).reshape(30, 10)
    quantiles = t_quantile(0.95, df)
    assert quantiles.shape == df.shape
    assert (np.diff(quantiles.ravel()) < 0).all()


def test_t_quantile_is_nan_below_half_a_degree_of_freedom() -> None:
    assert np.isnan(t_quantile(0.95, [0.0, 0.49, -1.0, np.nan])).all()


@pytest.mark.parametrize("p", [0.5, 1.0])
def test_t_quantile_refuses_other_tails(p: float) -> None:
    with pytest.raises(ValueError, match="p must lie between"):
        t_quantile(p, 3)


# The band, on paper


def test_two_benchmarks_on_the_grid_date_give_the_interval_of_two_numbers() -> None:
    band = band_at_zero([0, 0], [6, 10], [1, 2])
    assert (band.months[0], band.weight[0], band.n_effective[0], band.df[0]) == (8, 2, 2, 1)
    # Mean square about 8 is 4; over n_effective - 1 = 1 the standard error is 2.
    assert band.standard_error[0] == pytest.approx(2)
    assert band.low[0] == pytest.approx(8 - 2 * T95[1], rel=1e-6)
    assert band.high[0] == pytest.approx(8 + 2 * T95[1], rel=1e-6)


def test_unequal_shares_on_paper() -> None:
    band = band_at_zero([0, 0, 0, 0], [4, 4, 8, 12], [1, 1, 2, 3])
    # Shares 1/2, 1/4, 1/4: S2 = 3/8, S3 = 5/32, m = 7, spread = 9/2 + 1/4 + 25/4 = 11.
    assert band.months[0] == pytest.approx(7)
    assert band.n_effective[0] == pytest.approx(8 / 3)
    assert band.standard_error[0] == pytest.approx(math.sqrt(11 / (5 / 3)))
    assert band.df[0] == pytest.approx((5 / 8) ** 2 / (3 / 8 - 5 / 16 + 9 / 64))


def test_a_point_one_bandwidth_away_weighs_exp_of_minus_a_half() -> None:
    band = band_at_zero([0, 60], [6, 10], [1, 2])
    w = math.exp(-0.5)
    assert band.weight[0] == pytest.approx(1 + w)
    assert band.months[0] == pytest.approx((6 + 10 * w) / (1 + w))
    assert band.n_effective[0] == pytest.approx((1 + w) ** 2 / (1 + w**2))


def test_one_benchmark_has_a_trend_but_no_interval() -> None:
    band = band_at_zero([0, 0], [6, 10], [1, 1])
    assert (band.months[0], band.n_effective[0]) == (8, 1)
    assert np.isnan([band.low[0], band.high[0], band.standard_error[0], band.df[0]]).all()


def test_a_benchmark_with_four_fifths_of_the_weight_leaves_no_interval() -> None:
    band = band_at_zero([0] * 5, [5, 5, 5, 5, 9], [1, 1, 1, 1, 2])
    assert band.months[0] == pytest.approx(5.8)  # points are weighed, benchmarks are counted
    assert band.n_effective[0] == pytest.approx(25 / 17)
    assert np.isnan(band.low[0])


def test_equal_lags_give_no_interval_rather_than_one_of_no_width() -> None:
    band = band_at_zero([0, 10, 20], [7.3, 7.3, 7.3], [1, 2, 3])
    assert band.months[0] == pytest.approx(7.3)
    assert np.isnan([band.low[0], band.high[0]]).all()


def test_no_points_give_a_blank_band() -> None:
    band = kernel_band([], [], [], [0.0, 7.0], bandwidth_days=60, level=0.9)
    assert band.weight.tolist() == [0, 0]
    assert all(np.isnan(getattr(band, name)).all() for name in BAND if name != "weight")


def test_dates_far_from_every_point_are_blank_and_warn_of_nothing() -> None:
    band = kernel_band([0, 0], [6, 10], [1, 2], [0.0, 1e5], bandwidth_days=60, level=0.9)
    assert band.months[0] == 8
    assert band.weight[1] == 0
    assert np.isnan([band.months[1], band.low[1], band.n_effective[1]]).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"lag": [1.0]}, "one length"),
        ({"lag": [1.0, math.nan]}, "finite"),
        ({"day": [0.0, math.inf]}, "finite"),
        ({"benchmark": [1.5, 2.0]}, "integer codes"),
        ({"bandwidth_days": 0}, "bandwidth_days"),
        ({"level": 90}, "level"),
    ],
)
def test_the_band_refuses_what_it_cannot_mean(change: dict[str, Any], message: str) -> None:
    arguments = {
        "day": [0.0, 1.0], "lag": [1.0, 2.0], "benchmark": [1, 2], "grid": [0.0],
        "bandwidth_days": 60, "level": 0.9,
    }  # fmt: skip
    with pytest.raises(ValueError, match=message):
        kernel_band(**{**arguments, **change})


# Laws


@st.composite
def point_sets(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Days, lags to a tenth of a month and codes of up to 25 points on up to 6 benchmarks."""
    point = st.tuples(st.integers(0, 1000), st.integers(-200, 400), st.integers(0, 5))
    rows = draw(st.lists(point, min_size=1, max_size=25))
    day, tenths, code = (np.array(column) for column in zip(*rows, strict=True))
    return day.astype(float), tenths / 10, code


GRID = np.arange(0, 1001, 50.0)


def band_of(day: np.ndarray, lag: np.ndarray, code: np.ndarray, level: float = 0.9) -> Band:
    return kernel_band(day, lag, code, GRID, bandwidth_days=60, level=level)


def assert_same(result: Any, expected: Any) -> None:
    """Equal up to rounding; unknown in the same places."""
    np.testing.assert_allclose(result, expected, rtol=1e-6, atol=1e-6)


@given(point_sets(), st.sampled_from([-2.0, -1.0, 0.5, 1.0, 12.0]), st.integers(-50, 50))
def test_another_unit_or_origin_of_the_lags_changes_nothing_else(points: Any, factor: float, shift: int) -> None:
    """Months to half-months, or lags to leads: a negative factor swaps the ends."""
    day, lag, code = points
    other_end = OTHER_END if factor < 0 else {}
    before, after = band_of(day, lag, code), band_of(day, lag * factor + shift, code)
    # A standard error of a billionth of a month is where rounding ends, in any unit: keep clear of it.
    sure = ~(np.fmax(before.standard_error, after.standard_error) < 1e-7)
    for name in BAND_MONTHS:
        assert_same(getattr(after, other_end.get(name, name))[sure], getattr(before, name)[sure] * factor + shift)
    assert_same(after.standard_error[sure], before.standard_error[sure] * abs(factor))


@given(point_sets(), st.randoms(use_true_random=False))
def test_the_order_of_the_points_and_the_names_of_the_benchmarks_do_not_matter(points: Any, rnd: Any) -> None:
    day, lag, code = points
    order = rnd.sample(range(len(day)), len(day))
    names = np.array(rnd.sample(range(100), 6))
    before, after = band_of(day, lag, code), band_of(day[order], lag[order], names[code[order]])
    for name in BAND:
        assert_same(getattr(after, name), getattr(before, name))


@given(point_sets())
def test_intervals_hold_their_centre_and_widen_with_the_level(points: Any) -> None:
    narrow, wide = band_of(*points, level=0.8), band_of(*points, level=0.95)
    finite = np.isfinite(narrow.low)
    assert (np.isfinite(wide.low) == finite).all()
    assert (wide.low < narrow.low)[finite].all()
    assert (narrow.low < narrow.months)[finite].all()
    assert (narrow.months < narrow.high)[finite].all()
    assert (narrow.high < wide.high)[finite].all()


@given(point_sets(), st.floats(-1e4, 1e4))
def test_shifting_the_calendar_changes_nothing(points: Any, shift: float) -> None:
    day, lag, code = points
    before = band_of(day, lag, code)
    after = kernel_band(day + shift, lag, code, GRID + shift, bandwidth_days=60, level=0.9)
    assert_same(after.months, before.months)
    assert_same(after.n_effective, before.n_effective)


@given(point_sets())
def test_saying_every_point_twice_adds_weight_but_no_knowledge(points: Any) -> None:
    once, twice = band_of(*points), band_of(*(np.tile(column, 2) for column in points))
    assert_same(twice.weight, 2 * once.weight)
    for name in (*BAND_MONTHS, "n_effective", "df"):
        assert_same(getattr(twice, name), getattr(once, name))


@given(point_sets())
def test_the_trend_stays_within_the_lags_and_the_effective_number_within_that_of_the_benchmarks(points: Any) -> None:
    band = band_of(*points)
    finite = np.isfinite(band.months)
    assert (np.isfinite(band.n_effective) == finite).all()
    assert (band.months[finite] >= points[1].min() - 1e-9).all()
    assert (band.months[finite] <= points[1].max() + 1e-9).all()
    assert (band.n_effective[finite] >= 1 - 1e-9).all()
    assert (band.n_effective[finite] <= len(set(points[2].tolist())) + 1e-9).all()
    assert (band.df[np.isfinite(band.df)] >= 1 - 1e-9).all()
