"""The trend, where it may be read, and the study's band."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given

from core.gap.crossings import Points, crossings
from core.gap.parameters import CLUSTERED_1, STUDY_1
from core.gap.trend import resampled_band, trend
from tests import reference, toy

LOOSE = replace(STUDY_1, min_open_models=1, floor_percentile=0.0, draws=400)


def points_of(rows: list[toy.Row]) -> Points:
    known = toy.evidence({"b": rows})
    return crossings(known, toy.all_boards(known), date(2026, 12, 31).toordinal(), LOOSE).points


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
    line, expected = trend(points, LOOSE), reference.trend(as_crossings(points))
    assert [date.fromordinal(day) for day in line.day.tolist()] == [day for day, _ in expected]
    for place, (_, months) in enumerate(expected):
        assert bool(line.readable[place]) == (months is not None)
        if months is not None:
            assert line.band.months[place] == pytest.approx(months, abs=1e-9)


def test_without_points_there_is_no_trend() -> None:
    line = trend(points_of([("c", "2024-01-01", "closed", 50.0)]), LOOSE)
    assert line.last_readable() is None
    assert not len(line.day)


def test_it_is_blank_where_the_weights_sum_to_less_than_two() -> None:
    rows = [("c", "2023-01-01", "closed", 60.0)]
    rows += [
        (f"o{n}", day, "open", 10.0 + 10 * n)
        for n, day in enumerate(["2024-01-01", "2024-01-08", "2024-01-15", "2025-06-01"])
    ]
    line = trend(points_of(rows), LOOSE)
    last = line.last_readable()
    assert last is not None
    assert date.fromordinal(int(line.day[last])) < date(2024, 6, 1)
    assert not line.readable[-1]


class TestTheStudysBand:
    ROWS = (
        ("c", "2023-01-01", "closed", 100.0),
        *((f"o{n}", f"2024-{n + 1:02}-01", "open", 10.0 + 8 * n) for n in range(10)),
    )

    def test_it_holds_the_trend_and_comes_out_the_same_each_time(self) -> None:
        points = points_of(list(self.ROWS))
        first, again = trend(points, LOOSE), trend(points, LOOSE)
        assert np.array_equal(first.low, again.low, equal_nan=True)
        assert (first.low[first.readable] <= first.band.months[first.readable] + 1e-5).all()
        assert (first.high[first.readable] >= first.band.months[first.readable] - 1e-5).all()

    def test_equal_lags_give_a_band_of_no_width(self) -> None:
        rows = [(f"c{n}", f"2023-0{n + 1}-01", "closed", 10.0 + 10 * n) for n in range(6)]
        rows += [(f"o{n}", f"2024-0{n + 1}-01", "open", 10.0 + 10 * n) for n in range(6)]
        points = replace(points_of(rows), months=np.full(6, 5.0))
        low, high = resampled_band(points, trend(points, LOOSE).day, LOOSE)
        assert np.allclose(low, 5.0)
        assert np.allclose(high, 5.0)

    @pytest.mark.slow
    def test_it_agrees_with_the_reference_within_the_error_of_the_draws(self) -> None:
        points = points_of(list(self.ROWS))
        line = trend(points, replace(LOOSE, draws=5000))
        expected = reference.study_band(as_crossings(points), 2000, 1, 0.90)
        for place, (_, low, high) in enumerate(expected):
            if line.readable[place] and low is not None and high is not None:
                assert line.low[place] == pytest.approx(low, abs=0.25)
                assert line.high[place] == pytest.approx(high, abs=0.25)


class TestWhereItMayBeRead:
    def test_one_board_alone_gives_no_headline_date(self) -> None:
        rows = [(f"c{n}", f"2023-0{n + 1}-01", "closed", 10.0 + 10 * n) for n in range(6)]
        rows += [(f"o{n}", f"2024-0{n + 1}-01", "open", 10.0 + 10 * n) for n in range(6)]
        assert trend(points_of(rows), replace(CLUSTERED_1, min_open_models=1)).last_readable() is None
