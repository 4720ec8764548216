"""Days and periods as people write them: what they mean on 25 November 2026, and what has a day's form and is none."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.assistant import periods
from bot.assistant.periods import Period, months_back
from tests.bot.assistant.conftest import TODAY, Understand
from tests.conftest import ROOT

ROWS = yaml.safe_load((ROOT / "tests" / "eval" / "periods.yml").read_text(encoding="utf-8"))


def times(line: str) -> list[Period]:
    return periods.find_periods(line, TODAY, {})[0]


# ---- one day


@pytest.mark.parametrize("row", ROWS["days"], ids=lambda row: row["text"])
def test_a_day_is_read_as_people_write_it(row: dict[str, Any]) -> None:
    [period] = times(f"gap on {row['text']} please")
    assert (period.first, period.last) == (row["day"], row["day"])


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("gap a year ago, in september 2025", "2025-09-30"),
        ("gap in september 2025, a year ago", "2025-09-30"),
        ("gap last year (in march 2025)", "2025-03-31"),
        ("gap in may this year", "2026-05-31"),
        ("gap in 03/2026", "2026-03-31"),
        ("gap in march last year", "2025-03-31"),
    ],
)
def test_a_distance_beside_a_time_that_says_it_exactly_is_that_time(text: str, last: str) -> None:
    assert [period.last.isoformat() for period in times(text)] == [last]


def test_two_times_that_are_joined_stay_two() -> None:
    assert len(times("gap a year ago and in september 2025")) == len(times("may 2025, june 2026")) == 2


@pytest.mark.parametrize(
    "text",
    [
        "and may i ask", "may we see it", "how far may they be behind", "and may it last", "they march on",
        "to march in step", "the fall of the gap", "the fall in the gap", "did it fall", "who was first, may i ask",
        "may open models lead", "80 may be", "gap on 5", "level 5", "12 minutes", "v3.1",
        "2000 min", "2000 minutes", "2020 %", "tuesday's newsletter",
    ],
)  # fmt: skip
def test_a_verb_is_no_month_and_a_number_of_something_no_time(text: str) -> None:
    assert times(text) == []


@pytest.mark.parametrize("text", ["compare may and march", "between march and may", "may vs april", "in may it fell"])
def test_a_month_is_one_beside_a_preposition_or_another_month(text: str) -> None:
    assert times(text)


# ---- more than a day


@pytest.mark.parametrize("row", ROWS["periods"], ids=lambda row: row["text"])
def test_a_period_has_a_first_and_a_last_day(row: dict[str, Any]) -> None:
    [period] = times(f"in {row['text']}")
    assert (period.first, period.last) == (row["first"], row["last"])


# ---- how a time bounds


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("since march 2026", "since"),
        ("after 2025", "since"),
        ("from 1 may 2026", "since"),
        ("until 1 may 2026", "until"),
        ("before 1 may 2026", "before"),
        ("as known by 1 may 2026", "known"),
        ("in may 2026", ""),
        ("the last 3 months", "since"),
    ],
)
def test_the_word_before_a_time_says_how_it_bounds(text: str, role: str) -> None:
    [period] = times(text)
    assert period.role == role


# ---- a model's release


# ---- other languages


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("3. mai 2026", "2026-05-03"),
        ("1er juillet 2025", "2025-07-01"),
        ("1 de mayo de 2026", "2026-05-01"),
        ("mars 2026", "2026-03-01"),
        ("14 juillet 2026", "2026-07-14"),
        ("dicembre 2025", "2025-12-01"),
    ],
)
def test_months_of_other_languages_are_read(text: str, first: str) -> None:
    [period] = times(text)
    assert period.first.isoformat() == first


def test_a_month_of_another_language_needs_no_year(parse_question: Understand) -> None:
    [period] = parse_question("was hat sich seit märz geändert").days
    assert (period.first.isoformat(), period.role) == ("2026-03-01", "since")


# ---- what is no day


@pytest.mark.parametrize("text", ["31 june 2025", "2025-02-30", "30/02/2025", "feb 30 2026"])
def test_what_has_a_days_form_and_is_none_is_kept_apart(text: str) -> None:
    assert periods.find_periods(f"gap on {text}", TODAY, {})[1] == [text]


# ---- laws


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_written_day_is_read_back(day: date) -> None:
    for text in (day.isoformat(), f"{day.day} {day:%B} {day.year}".lower(), f"{day:%b} {day.day}, {day.year}".lower()):
        [period] = times(text)
        assert period.first == period.last == day


@given(st.dates(date(2001, 1, 1), date(2099, 12, 31)), st.integers(0, 400))
def test_months_back_is_the_same_day_or_the_last_of_its_month(day: date, number: int) -> None:
    back = months_back(day, number)
    assert (day.year - back.year) * 12 + day.month - back.month == number
    assert back.day == day.day or (back.day < day.day and (back + timedelta(1)).day == 1)


@given(text=st.text(st.sampled_from("0123456789/.-' abcdefghijklmnopqrstuvwxyz"), max_size=60))
def test_any_line_is_read_and_a_times_first_day_is_not_after_its_last(text: str) -> None:
    spans = times(text)
    assert all(period.first <= period.last for period in spans)
    assert all(period.end <= after.start for period, after in pairwise(spans))


def test_times_are_found_in_order(parse_question: Understand) -> None:
    parsed_text = parse_question("gap from march 2026 to 1 june 2026")
    assert parsed_text.line.split() == ["gap", "from", "<day:0>", "to", "<day:1>"]


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("between january and june 2025", "2025-01-01", "2025-06-30"),
        ("from november to february 2026", "2025-11-01", "2026-02-28"),
        ("april vs august 2025", "2025-04-01", "2025-08-31"),
        ("august vs march 2025", "2025-08-01", "2025-03-31"),
        ("jan-jun 2025", "2025-01-01", "2025-06-30"),
        ("q1 or q3 of 2025", "2025-01-01", "2025-09-30"),
        ("12 march to 5 may 2026", "2026-03-12", "2026-05-05"),
        ("may 2025 and june 2026", "2025-05-01", "2026-06-30"),
    ],
)
def test_two_times_share_the_year_of_the_second(text: str, first: str, second: str) -> None:
    spans = times(text)
    assert [spans[0].first.isoformat(), spans[1].last.isoformat()] == [first, second]
