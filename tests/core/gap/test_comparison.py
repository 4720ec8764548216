"""Two sides compared: on paper, the same with the other sign when swapped, and E8's figures."""

import math
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.evidence.evidence import Evidence
from core.gap.analysis import BoardGap, Gaps, gaps
from core.gap.comparison import Comparison, mean_interval, of_days, of_models, of_tests
from core.gap.intervals import t_quantile
from core.gap.parameters import CLUSTERED_1, MONTH_DAYS
from tests import toy
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


# ---- the same tests, by other models


def race(lags: dict[str, tuple[int | None, int | None]], private: tuple[str, ...] = ()) -> Evidence:
    """Make boards on which two countries' open models follow each closed level by so many days, or never."""
    rows: dict[str, list[toy.Row]] = {}
    for name, sides in lags.items():
        rows[name] = []
        for number in range(8):
            level, closed = 5.0 * (number + 1), date(2024, 1, 1) + timedelta(days=40 * number)
            rows[name].append((f"closed {name} {number}", closed.isoformat(), "closed", level))
            for country, lag in zip(("A", "B"), sides, strict=True):
                if lag is not None:
                    opened = closed + timedelta(days=lag)
                    rows[name].append((f"{country} {name} {number}", opened.isoformat(), "open", level))
    known = toy.evidence(rows, private=private)
    return replace(known, models=tuple(replace(model, country=model.name[0]) for model in known.models))


def of_country(known: Evidence, country: str) -> Gaps:
    chosen = np.array([model.country == country for model in known.models])
    return gaps(known, toy.all_boards(known), known.newest_data.toordinal(), CLUSTERED_1, chosen)


def test_the_difference_is_the_mean_over_the_tests_that_both_have() -> None:
    """A trails by 90, 120 and 150 days, B by 30 more, 90 more and 30 less; a fourth test has only B."""
    known = race({"one": (90, 120), "two": (120, 210), "three": (150, 120), "four": (None, 400)})
    found = of_models(of_country(known, "A"), of_country(known, "B"), "public", 0.90)
    assert found.left.months == pytest.approx(120 / MONTH_DAYS)
    assert found.right.months == pytest.approx(150 / MONTH_DAYS)
    assert found.months == pytest.approx(-30 / MONTH_DAYS)
    half = T_2 * 60 / math.sqrt(3) / MONTH_DAYS
    assert (found.low, found.high) == pytest.approx((-30 / MONTH_DAYS - half, -30 / MONTH_DAYS + half), rel=1e-5)
    assert (found.n_holds, found.n_tests) == (2, 3)
    assert (found.left.n_tests, found.right.n_tests) == (3, 3)
    assert not found.is_clear


def test_a_difference_that_every_test_shows_is_clear() -> None:
    known = race({"one": (90, 190), "two": (120, 230), "three": (150, 240)})
    found = of_models(of_country(known, "A"), of_country(known, "B"), "public", 0.90)
    assert found.is_clear
    assert found.months == pytest.approx(-100 / MONTH_DAYS)
    assert (found.n_holds, found.n_tests) == (3, 3)


@pytest.mark.parametrize(
    ("lags", "reason", "has_difference"),
    [
        ({"one": (90, 120)}, "one-in-common", True),
        ({"one": (90, 120), "two": (80, 150)}, "two-in-common", True),
        ({"one": (90, 120), "two": (80, 110), "three": (70, 100)}, "all-equal", True),
        ({"one": (90, None), "two": (None, 110)}, "none-in-common", False),
        ({"one": (90, None)}, "no-result", False),
    ],
)
def test_without_an_interval_it_says_why(
    lags: dict[str, tuple[int | None, int | None]], reason: str, has_difference: bool
) -> None:
    known = race(lags)
    found = of_models(of_country(known, "A"), of_country(known, "B"), "public", 0.90)
    assert (found.low, found.high, found.reason) == (None, None, reason)
    assert (found.months is not None) == has_difference
    assert not found.is_clear


def test_private_tests_have_no_part_in_the_comparison_on_public_ones() -> None:
    lags: dict[str, tuple[int | None, int | None]] = {"one": (90, 190), "two": (120, 230), "three": (150, 240)}
    with_private = race({**lags, "secret": (900, 30)}, private=("secret",))
    both = [of_models(of_country(known, "A"), of_country(known, "B"), "public", 0.90)
            for known in (race(lags), with_private)]  # fmt: skip
    assert both[0] == both[1]


LAGS = st.one_of(st.none(), st.integers(-60, 400))


@given(st.lists(st.tuples(LAGS, LAGS), min_size=1, max_size=5))
def test_swapped_models_give_the_same_with_the_other_sign(lags: list[tuple[int | None, int | None]]) -> None:
    known = race({f"board {number}": each for number, each in enumerate(lags)})
    one, other = of_country(known, "A"), of_country(known, "B")
    for access in ("private", "public"):
        assert of_models(other, one, access, 0.90) == swapped(of_models(one, other, access, 0.90))


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
    both = [gaps(known, boards, day.toordinal(), CLUSTERED_1).classes for day in (date(2025, 6, 1), NEWEST)]
    for access in ("private", "public"):
        one, other = both[0][access], both[1][access]
        found = of_days(one, other, CLUSTERED_1.level)
        assert found.months == pytest.approx(one.headline.months - other.headline.months)
        places = one.trend.last_readable(), other.trend.last_readable()
        error = math.hypot(one.trend.band.standard_error[places[0]], other.trend.band.standard_error[places[1]])
        df = min(one.trend.band.df[places[0]], other.trend.band.df[places[1]])
        assert (found.high - found.low) / 2 == pytest.approx(float(t_quantile(0.95, df)) * error)
        assert of_days(other, one, CLUSTERED_1.level) == swapped(found)


def test_a_day_without_a_figure_is_said_to_have_none(known: Evidence) -> None:
    early, now = (
        gaps(known, headline_boards(known), day.toordinal(), CLUSTERED_1) for day in (date(2023, 7, 1), NEWEST)
    )
    found = of_days(early.classes["public"], now.classes["public"], CLUSTERED_1.level)
    assert (found.months, found.reason) == (None, "no-figure")
    assert found.right.months == now.classes["public"].headline.months
