"""The slope of catch-up time and the day of its lowest trend: laws, and worlds whose slope is known."""

import zlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.gap.analysis import gaps
from core.gap.crossings import Points
from core.gap.parameters import CLUSTERED_2, MONTH_DAYS
from core.gap.slope import lowest_day, slope
from core.validation.worlds import DESIGNS, make_world

SINCE = CLUSTERED_2.since.toordinal()
YEAR = 12 * MONTH_DAYS
WORLDS = 60


def points(day: np.ndarray, months: np.ndarray, board: np.ndarray, family: np.ndarray, model: np.ndarray) -> Points:
    nothing = np.zeros(len(day), dtype=np.int64)
    return Points(
        board, family, nothing.astype(float), nothing, nothing, model, day, months, nothing == 0, ("",) * len(day)
    )  # fmt: skip


def world(rng: np.random.Generator, a_year: float, families: int = 8, per_board: int = 6) -> Points:
    """Two boards a family, each with a level of its own; lags scatter by 3 months around a line of known slope."""
    board = np.repeat(np.arange(2 * families), per_board)
    day = SINCE + rng.integers(1, 600, len(board))
    level = rng.normal(6, 3, 2 * families)[board]
    return points(
        day,
        level + a_year * (day - SINCE) / YEAR + rng.normal(0, 3, len(board)),
        board,
        board // 2,
        np.arange(len(day)),
    )


@st.composite
def some_points(draw: st.DrawFn) -> Points:
    return world(np.random.default_rng(draw(st.integers(0, 2**32))), draw(st.floats(-6, 6)), draw(st.integers(3, 6)), 3)


@settings(max_examples=25)
@given(some_points(), st.lists(st.floats(-50, 50), min_size=12, max_size=12))
def test_shifting_all_lags_of_a_board_changes_no_slope(known: Points, by: list[float]) -> None:
    shifted = replace(known, months=known.months + np.array(by)[known.board])
    found, again = (slope(each, SINCE, CLUSTERED_2).a_year for each in (known, shifted))
    assert (again.months, again.low, again.high) == pytest.approx((found.months, found.low, found.high), abs=1e-3)


@settings(max_examples=25)
@given(some_points())
def test_swapping_the_sides_flips_it(known: Points) -> None:
    found, flipped = (
        slope(each, SINCE, CLUSTERED_2).a_year for each in (known, replace(known, months=-known.months))
    )  # fmt: skip
    assert (flipped.months, flipped.low, flipped.high) == pytest.approx((-found.months, -found.high, -found.low))
    assert flipped.direction == -found.direction


@pytest.mark.parametrize("a_year", [0.0, 3.0])
def test_a_world_with_a_known_slope_is_covered(a_year: float) -> None:
    rng = np.random.default_rng(1)
    found = [slope(world(rng, a_year), SINCE, CLUSTERED_2).a_year for _ in range(60)]
    assert np.mean([each.months for each in found]) == pytest.approx(a_year, abs=0.3)
    assert 0.85 <= np.mean([each.low <= a_year <= each.high for each in found]) <= 0.99
    told = [each.direction for each in found]
    assert told.count(-1) <= 3
    assert told.count(1) <= 3 if a_year == 0 else told.count(1) >= 30


def test_one_model_on_many_boards_is_no_more_than_one() -> None:
    known = world(np.random.default_rng(2), 0.0)
    jumps = replace(known, open=known.open_day // 60, months=known.months + 4.0 * np.sin(known.open_day // 60))
    apart, alike = (
        slope(each, SINCE, CLUSTERED_2).a_year for each in (replace(jumps, open=known.open), jumps)
    )  # fmt: skip
    assert alike.months == apart.months
    assert alike.high - alike.low > 1.1 * (apart.high - apart.low)


def test_too_few_families_and_a_perfect_line_have_no_interval() -> None:
    known = world(np.random.default_rng(3), 2.0)
    few = slope(known.where(known.cluster < 2), SINCE, CLUSTERED_2)
    assert (few.a_year.months, few.n_families, lowest_day(known.where(known.cluster < 2), CLUSTERED_2)) == (
        None,
        2,
        None,
    )
    line = slope(replace(known, months=(known.open_day - SINCE) / YEAR), SINCE, CLUSTERED_2).a_year
    assert (line.months, line.low, line.direction) == (pytest.approx(1.0), None, 0)
    assert slope(known, int(known.open_day.max()), CLUSTERED_2).n_points == 0


def test_the_lowest_day_is_found_and_is_the_less_certain_the_fewer_families_show_it() -> None:
    known = world(np.random.default_rng(4), 0.0, per_board=12)
    valley = replace(known, months=np.abs(known.open_day - (SINCE + 300)) / 30.0)
    found = lowest_day(valley, CLUSTERED_2)
    assert abs(found.median - (SINCE + 300)) <= 14
    assert found.low <= found.median <= found.high
    assert found.high - found.low < 60
    of_few = lowest_day(replace(known, months=np.where(known.cluster < 2, valley.months, 5.0)), CLUSTERED_2)
    assert of_few.high - of_few.low > found.high - found.low


@settings(max_examples=25)
@given(some_points(), st.floats(-50, 50))
def test_a_shift_of_all_lags_moves_no_lowest_day(known: Points, by: float) -> None:
    assert lowest_day(replace(known, months=known.months + by), CLUSTERED_2) == lowest_day(known, CLUSTERED_2)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["equal testing", "42/23", "drift +3 a year"])
def test_its_interval_holds_the_slope_of_worlds_made_score_by_score(name: str) -> None:
    """With 400 WORLDS it gives the table of docs/method.md."""
    design, found = DESIGNS[name], []
    for number in range(WORLDS):
        made = make_world(design, np.random.default_rng([zlib.crc32(name.encode()), number]))
        gap = gaps(made.evidence, made.boards, made.as_of, CLUSTERED_2).classes["private"]
        found.append(slope(gap.points, gap.since, CLUSTERED_2).a_year)
    told = [each.direction for each in found if each.low is not None]
    covered = np.mean([each.low <= design.drift <= each.high for each in found if each.low is not None])
    print(f"{name}: covers {covered:.1%}, wider {told.count(1)}, narrower {told.count(-1)} of {len(told)}")
    assert covered >= 0.8
    assert told.count(-1) <= 0.08 * len(told)
    assert told.count(1) <= 0.08 * len(told) if not design.drift else told.count(1) >= 0.2 * len(told)
