"""The days that changes are counted from: fixed before any figure is seen."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from core.gap.parameters import DEFAULT, MONTH_DAYS, STUDY_1, change_days

START = DEFAULT.since.toordinal()


def test_they_are_the_methods_own_a_year_and_half_a_year_before() -> None:
    days = change_days(date(2026, 9, 28).toordinal(), DEFAULT)
    assert {name: date.fromordinal(day).isoformat() for name, day in days.items()} == {
        "start": "2025-01-20", "year": "2025-09-28", "half_year": "2026-03-29",
    }  # fmt: skip


def test_the_study_knows_its_own_alone() -> None:
    assert change_days(date(2026, 9, 28).toordinal(), STUDY_1) == {"start": START}


@given(st.integers(START - 2000, START + 2000))
def test_none_stands_beside_one_of_nearly_the_same_day(as_of: int) -> None:
    start, *others = change_days(as_of, DEFAULT).values()
    assert all(abs(day - start) > MONTH_DAYS for day in others)
    assert others == sorted(others)
