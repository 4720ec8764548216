"""Ticks: round, few, and where they say they are."""

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ticks import Tick, day_ticks, power_ticks, tick_text, value_range, value_ticks

NUMBERS = st.floats(-1e6, 1e6)


MONTHS = partial(value_ticks, in_months=True)


@pytest.mark.parametrize(
    ("ticks", "low", "high", "labels"),
    [
        # months are counted by dozens
        (MONTHS, 0, 15, ["0", "3", "6", "9", "12", "15"]),
        (MONTHS, 0, 9, ["0", "2", "4", "6", "8"]),
        (MONTHS, -4, 9, ["−3", "0", "3", "6", "9"]),
        (MONTHS, 0, 30, ["0", "6", "12", "18", "24", "30"]),
        (MONTHS, 0, 0.4, ["0", "0.1", "0.2", "0.3", "0.4"]),
        # scores are counted by tens
        (value_ticks, 0, 94, ["0", "20", "40", "60", "80"]),
        (value_ticks, 50, 92, ["50", "60", "70", "80", "90"]),
        (value_ticks, 0, 1500, ["0", "500", "1,000", "1,500"]),
        (value_ticks, 0, 0.2, ["0", "0.05", "0.1", "0.15", "0.2"]),
        (power_ticks, 0.03, 1500, ["0.1", "1", "10", "100", "1,000"]),
        (power_ticks, 1, 100, ["1", "10", "100"]),
        (power_ticks, 1e-6, 1e6, ["1e−06", "0.001", "1", "1,000", "1,000,000"]),
    ],
)
def test_months_are_counted_by_dozens_scores_by_tens_and_minutes_far_apart_by_powers(
    ticks: Callable[[float, float], list[Tick]], low: float, high: float, labels: list[str]
) -> None:
    assert [label for _, label in ticks(low, high)] == labels


@given(st.lists(NUMBERS, min_size=1, max_size=9), st.booleans())
def test_ticks_are_few_and_in_range(values: list[float], in_months: bool) -> None:
    low, high = value_range([0.0, *values])
    assert low <= min(values) <= max(values) < high
    ticks = value_ticks(low, high, in_months=in_months)
    assert 1 <= len(ticks) <= 6
    assert all(low - 1e-6 <= value <= high + 1e-6 for value, _ in ticks)
    for value, label in ticks:
        number, _, millions = label.replace("−", "-").replace(",", "").partition(" ")
        assert float(number) * (1e6 if millions else 1) == pytest.approx(value, rel=1e-3, abs=1e-6)


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(60, 9000))
def test_days_are_the_beginnings_of_months_or_years(first: date, length: int) -> None:
    ticks = day_ticks(first.toordinal(), first.toordinal() + length)
    assert 1 <= len(ticks) <= 6
    for value, label in ticks:
        at = date.fromordinal(int(value))
        assert at.day == 1
        assert label in (f"{at:%Y}", f"{at:%b %Y}")
        assert at.month == 1 or len(label) > 4


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (-3, "−3"), (0.1 + 0.2, "0.3"), (12345, "12,345"), (-0.0, "0"), (50, "50"), (2e8, "200 mn"), (1e9, "1,000 mn"),
        (-1.5e6, "−1.5 mn"), (250384, "250,384"),
    ],
)  # fmt: skip
def test_ticks_are_written_shortly(value: float, shown: str) -> None:
    assert tick_text(value) == shown
