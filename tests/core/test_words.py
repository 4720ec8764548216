"""How figures, days, lists and other people's words are written."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.words import (
    and_list,
    begin_sentence,
    cell,
    count,
    day,
    difference,
    lag_text,
    level,
    levels,
    likely_change,
    likely_lag,
    likely_range,
    likely_signed,
    money,
    month,
    months,
    one_line,
    parameter_count,
    quote,
    score,
)


def narrower_or_wider(low: float, high: float) -> str:
    return likely_change(low, high, "narrower", "wider")


SPECIFICATION: dict[str, list[tuple[Any, ...]]] = {
    "a day is written with its month as a word": [
        (day, date(2026, 5, 22), "22 May 2026"), (day, date(2024, 2, 1).toordinal(), "1 February 2024"),
        (month, date(2025, 1, 20), "January 2025"),
    ],
    "months have one decimal and no sign": [
        (months, 8.64, "8.6 months"), (months, 1.0, "1.0 month"), (months, 1.06, "1.1 months"),
        (months, -3.2, "3.2 months"), (months, 0, "0.0 months"),
    ],
    "a lag below zero is a lead and says so": [
        (lag_text, 8.64, "8.6 months"), (lag_text, -2.0, "2.0 months ahead"), (lag_text, -1.0, "1.0 month ahead"),
        (lag_text, -0.04, "0.0 months"),
    ],
    "intervals are whole months unless that hides their width": [
        (function, *ends) for function in (likely_range, likely_lag) for ends in
        ((6.9, 11.2, "likely 7 to 11"), (4.12, 6.02, "likely 4.1 to 6.0"), (0.2, 0.4, "likely 0.2 to 0.4"))
    ],
    "intervals below zero say who is ahead": [
        (likely_lag, -2.1, 34, "likely 2 ahead to 34 behind"), (likely_lag, -6.2, -1.8, "likely 2 to 6 ahead"),
        (likely_lag, -0.4, 9.1, "likely 0.4 ahead to 9.1 behind"),  # never "0 ahead"
        (likely_lag, -0.04, 9.1, "likely 0 to 9"), (likely_lag, -9.1, 0.04, "likely 0 to 9 ahead"),
        (likely_lag, -1.4, -0.2, "likely 0.2 to 1.4 ahead"),
    ],
    "a change has directions only where its interval holds zero": [
        (narrower_or_wider, -2.0, 1.2, "likely 2 narrower to 1 month wider"),
        (narrower_or_wider, -0.04, 7.8, "likely no change to 7.8 months wider"),
        (narrower_or_wider, -3.2, 0.04, "likely 3.2 months narrower to no change"),
        (narrower_or_wider, -0.04, 0.04, "likely no change"), (narrower_or_wider, 0.2, 3.4, "likely 0.2 to 3.4"),
        (narrower_or_wider, -6.2, -1.8, "likely 2 to 6"),
    ],
    "a range beside its direction is signed where it reaches into the other one": [
        (likely_signed, 2.2, 6.4, "likely 2 to 6"), (likely_signed, -1.2, 6.4, "likely −1 to 6"),
        (likely_signed, -0.02, 6.46, "likely 0.0 to 6.5"), (likely_signed, -0.3, 5.0, "likely −0.3 to 5.0"),
        (likely_signed, 0.4, 1.9, "likely 0.4 to 1.9"),
    ],
    "a level is written as briefly as it can be": [
        (level, 35.0, "percent", "35 %"), (level, 2.5, "percent", "2.5 %"), (level, 50.0, "minutes", "50 minutes"),
        (level, 145.0, "points", "145 points"),
    ],
    "a score is written to a tenth, and minutes from ten on as whole ones": [
        (score, 35.0, "percent", "35.0 %"), (score, 2.5, "percent", "2.5 %"), (score, 50.0, "minutes", "50 minutes"),
        (score, 0.0478, "minutes", "0.05 minutes"), (score, 1.25, "minutes", "1.2 minutes"),
        (score, 1044.78, "minutes", "1,045 minutes"), (score, 145.0, "points", "145.0 points"),
    ],
    "the distance of two scores is that of what is written, in points between percentages": [
        (difference, 35.0, 0.0, "percent", "35.0 points"), (difference, 2.5, 0.0, "percent", "2.5 points"),
        (difference, 50.0, 0.0, "minutes", "50 minutes"), (difference, 1044.78, 0.0, "minutes", "1,045 minutes"),
        (difference, 145.0, 0.0, "points", "145.0 points"), (difference, -14.24, 0.0, "percent", "14.2 points"),
        (score, 91.94, "percent", "91.9 %"), (score, 82.56, "percent", "82.6 %"),
        (difference, 91.94, 82.56, "percent", "9.3 points"), (difference, 82.56, 91.94, "percent", "9.3 points"),
        (difference, 1044.78, 58.2, "minutes", "987 minutes"),
    ],
    "only a count of one has its noun in the singular": [
        (count, 0, "result", "0 results"), (count, 1, "result", "1 result"), (count, 2, "result", "2 results"),
        (count, 1234, "result", "1,234 results"),
    ],
    "a list ends with and, and a long one with how many others": [
        (and_list, ["A"], "A"), (and_list, ["A", "B"], "A and B"), (and_list, ["A", "B", "C", "D"], "A, B, C and D"),
        (and_list, ["A", "B", "C", "D", "E"], "A, B, C and 2 others"),
    ],
    "what a person typed is quoted tame and short": [
        (quote, "gpqaa", '"gpqaa"'), (quote, "  two   words\n", '"two words"'), (quote, "\x1b[31mred\x07", '"[31mred"'),
        (quote, "\u202eabc\u200f\udcff", '"abc"'), (quote, "é🙃", '"é🙃"'), (quote, "", '""'),
        (quote, "x" * 41, f'"{"x" * 39}…"'),
    ],
    "a text is brought on one line of what can be seen": [(one_line, "  a\x00\n\tb\u200bc ", "a b c")],
    "a run of levels is written from first to last": [
        (levels, 60.0, 70.0, "percent", "60 to 70 %"), (levels, 35.0, 35.0, "percent", "35 %"),
        (levels, 2.0, 50.0, "minutes", "2 to 50 minutes"),
    ],
    "a lag says when something came": [
        (lag_text, 5.68, "later", "5.7 months later"), (lag_text, -0.98, "later", "1.0 month earlier"),
        (lag_text, 0.033, "later", "1 day later"), (lag_text, -0.033, "later", "1 day earlier"),
        (lag_text, 0.0, "later", "on the same day"),
        (lag_text, 5.68, "after", "5.7 months after"), (lag_text, -0.98, "after", "1.0 month before"),
        (lag_text, 0.033, "after", "0.0 months after"), (lag_text, -0.033, "after", "0.0 months before"),
        (lag_text, 0.0, "after", "on the same day as"),
    ],
    "a lag says where open models stand": [
        (lag_text, 5.68, "behind", "5.7 months behind"), (lag_text, -0.98, "behind", "1.0 month ahead"),
        (lag_text, 0.033, "behind", "level"), (lag_text, -0.033, "behind", "level"), (lag_text, 0.0, "behind", "level"),
    ],
    "a figure of a table has a tenth, and a dash stands for none": [
        (cell, 7.46, "7.5"), (cell, -0.36, "−0.4"), (cell, -0.03, "0.0"), (cell, 0.0, "0.0"), (cell, None, "–"),
    ],
    "a text begins with a capital letter unless it begins with a name": [
        (begin_sentence, "can't tell if", "Can't tell if"),
        *((begin_sentence, text, text)
          for text in ("o1 is first", "gpt-oss-120b is open", "gapbrief knows", "8.8 months", "")),
    ],
    "parameters are counted in billions, and from a thousand on in trillions": [
        (parameter_count, 0.5, "0.5B"), (parameter_count, 32, "32B"), (parameter_count, 999.0, "999B"),
        (parameter_count, 2800, "2.8T"), (parameter_count, 1029, "1.03T"),
    ],
    "a price is written in dollars": [
        (money, 6, "$6"), (money, 0.45, "$0.45"), (money, 0.2, "$0.20"), (money, 0.075, "$0.075"),
        (money, 0.07, "$0.07"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("write", "values", "text"),
    [pytest.param(write, values, text, id=f"{sentence}: {text!a}")
     for sentence, cases in SPECIFICATION.items() for write, *values, text in cases],
)  # fmt: skip
def test_it_is_so_that(write: Callable[..., str], values: list[Any], text: str) -> None:
    assert write(*values) == text


@given(st.floats(-60, 60), st.floats(0, 60))
@example(-0.0, 0.0)
@example(-5.0, 5.0)
def test_no_interval_shows_a_sign(low: float, width: float) -> None:
    assert "-" not in likely_lag(low, low + width)
    assert "−" not in likely_lag(low, low + width)


@given(st.text())
def test_any_text_is_quoted_in_one_short_printable_line(text: str) -> None:
    assert quote(text).isprintable()
    assert len(quote(text)) <= 42
