"""Paper-and-pencil checks of the reference where the estimators have none of their own: trend, Kish number, band.

Its crossings, waits and permutations are held to those that tests/core has on paper, on random boards.
"""

from __future__ import annotations

import math
from datetime import date, timedelta

from tests.reference import (
    Crossing,
    kish,
    study_band,
    trend,
)

START = date(2025, 1, 1)


def point(days: int, gap_months: float) -> Crossing:
    """A point `days` after START with a given gap; its models do not matter."""
    return Crossing(1.0, "c", START, "o", START + timedelta(days=days), gap_months, True, None)


def test_trend_by_hand() -> None:
    """Points at days 0, 0, 60 and 130; one bandwidth away weighs exp(-1/2)."""
    points = [point(0, 2.0), point(0, 4.0), point(60, 9.0), point(130, 1.0)]
    line = trend(points)
    assert [line[0][0], line[1][0], line[-1][0]] == [START, START + timedelta(7), START + timedelta(126)]
    near, far = math.exp(-0.5), math.exp(-0.5 * (130 / 60) ** 2)
    assert math.isclose(line[0][1], (2 + 4 + 9 * near + far) / (2 + near + far))
    assert line[-1][1] is None  # at day 126 about 1.00 + 0.55 + 2 * 0.11 = 1.76, less than 2
    assert trend([]) == []
    assert trend([point(0, 3.0)]) == [(START, None)]


def test_kish_by_hand() -> None:
    """Weights 3 and 1 give 16 / 10; one bandwidth away both shrink alike; no points, no benchmarks."""
    rows = [("a", point(0, 1.0)), ("a", point(0, 2.0)), ("a", point(0, 3.0)), ("b", point(0, 4.0))]
    assert math.isclose(kish(rows, START, 60), 1.6)
    assert math.isclose(kish(rows, START + timedelta(60), 60), 1.6)
    assert math.isclose(kish([("a", point(0, 1.0)), ("b", point(0, 1.0))], START, 60), 2)
    assert kish([], START, 60) == 0


def test_study_band_by_hand() -> None:
    """Two points on one day: a draw gives 0, 5, 5 or 10, each a quarter. Equal gaps leave no width."""
    rows = study_band([point(0, 0.0), point(0, 10.0)], 2000, 1, 0.90)
    assert rows == [(START, 0.0, 10.0)]  # 25 % of the draws sit at each end, far more than 5 %
    assert study_band([point(0, 0.0), point(0, 10.0)], 2000, 1, 0.40) == [(START, 5.0, 5.0)]  # 30th to 70th
    for _, low, high in study_band([point(0, 3.0), point(10, 3.0)], 50, 2, 0.90):
        assert math.isclose(low, 3)
        assert math.isclose(high, 3)
    assert study_band([], 10, 1, 0.90) == []
