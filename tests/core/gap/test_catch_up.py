"""The trend, where it may be read, and the study's band."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given

from core.gap.catch_up import resampled_band, smooth_points
from core.gap.crossings import Points, find_crossings
from core.gap.parameters import CLUSTERED_2, STUDY_1
from tests import reference, toy

LOOSE = replace(STUDY_1, min_open_models=1, floor_percentile=0.0, draws=400)


def points_of(rows: list[toy.Row]) -> Points:
    evidence = toy.evidence({"b": rows})
    return find_crossings(evidence, toy.all_boards(evidence), date(2026, 12, 31).toordinal(), LOOSE).points


def as_crossings(points: Points) -> list[reference.Crossing]:
    return [
        reference.Crossing(
            0.0, "", date.min, "", date.fromordinal(int(points.open_day[n])), float(points.months[n]), True, None
        )
        for n in range(len(points.months))
    ]


@given(toy.boards())
def test_agrees_with_the_reference_on_random_boards(rows: list[toy.Row]) -> None:
    points = points_of(rows)
    line, expected = smooth_points(points, LOOSE), reference.trend(as_crossings(points))
    assert [date.fromordinal(day) for day in line.day.tolist()] == [day for day, _ in expected]
    for place, (_, months) in enumerate(expected):
        assert bool(line.readable[place]) == (months is not None)
        if months is not None:
            assert line.band.months[place] == pytest.approx(months, abs=1e-9)


def test_without_points_there_is_no_trend() -> None:
    line = smooth_points(points_of([("c", "2024-01-01", "closed", 50.0)]), LOOSE)
    assert line.last_readable() is None
    assert not len(line.day)


CHASE = [
    ("c", "2023-01-01", "closed", 100.0),
    *((f"o{n}", f"2024-{n + 1:02}-01", "open", 10.0 + 8 * n) for n in range(10)),
]


def test_one_board_alone_gives_no_headline_date() -> None:
    points = points_of(CHASE)
    assert smooth_points(points, LOOSE).last_readable() is not None
    assert smooth_points(points, replace(CLUSTERED_2, min_open_models=1)).last_readable() is None


def test_the_studys_band_holds_the_trend_and_comes_out_the_same_each_time() -> None:
    points = points_of(CHASE)
    first, again = smooth_points(points, LOOSE), smooth_points(points, LOOSE)
    assert np.array_equal(first.low, again.low, equal_nan=True)
    assert (first.low[first.readable] <= first.band.months[first.readable] + 1e-5).all()
    assert (first.high[first.readable] >= first.band.months[first.readable] - 1e-5).all()


def test_equal_lags_give_a_band_of_no_width() -> None:
    points = points_of(CHASE)
    points = replace(points, months=np.full(len(points.months), 5.0))
    assert np.allclose(resampled_band(points, smooth_points(points, LOOSE).day, LOOSE), 5.0)


@pytest.mark.slow
def test_the_studys_band_agrees_with_the_reference_within_the_error_of_the_draws() -> None:
    points = points_of(CHASE)
    line = smooth_points(points, replace(LOOSE, draws=5000))
    expected = reference.study_band(as_crossings(points), 2000, 1, 0.90)
    for place, (_, low, high) in enumerate(expected):
        if line.readable[place] and low is not None and high is not None:
            assert line.low[place] == pytest.approx(low, abs=0.25)
            assert line.high[place] == pytest.approx(high, abs=0.25)
