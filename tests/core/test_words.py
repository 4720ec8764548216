"""How figures, days, lists and other people's words are written."""

from datetime import date

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


def test_a_day_is_written_with_its_month_as_a_word() -> None:
    assert day(date(2026, 5, 22)) == "22 May 2026"
    assert day(date(2024, 2, 1).toordinal()) == "1 February 2024"
    assert month(date(2025, 1, 20)) == "January 2025"


@pytest.mark.parametrize(
    ("value", "text"),
    [(8.64, "8.6 months"), (1.0, "1.0 month"), (1.06, "1.1 months"), (-3.2, "3.2 months"), (0, "0.0 months")],
)
def test_months_have_one_decimal_and_no_sign(value: float, text: str) -> None:
    assert months(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(8.64, "8.6 months"), (-2.0, "2.0 months ahead"), (-1.0, "1.0 month ahead"), (-0.04, "0.0 months")],
)
def test_a_lag_below_zero_is_a_lead_and_says_so(value: float, text: str) -> None:
    assert lag_text(value) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [(6.9, 11.2, "likely 7 to 11"), (4.12, 6.02, "likely 4.1 to 6.0"), (0.2, 0.4, "likely 0.2 to 0.4")],
)
def test_intervals_are_whole_months_unless_that_hides_their_width(low: float, high: float, text: str) -> None:
    assert likely_range(low, high) == likely_lag(low, high) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (-2.1, 34, "likely 2 ahead to 34 behind"),
        (-6.2, -1.8, "likely 2 to 6 ahead"),
        (-0.4, 9.1, "likely 0.4 ahead to 9.1 behind"),  # never "0 ahead"
        (-0.04, 9.1, "likely 0 to 9"),
        (-9.1, 0.04, "likely 0 to 9 ahead"),
        (-1.4, -0.2, "likely 0.2 to 1.4 ahead"),
    ],
)
def test_intervals_below_zero_say_who_is_ahead(low: float, high: float, text: str) -> None:
    assert likely_lag(low, high) == text


@given(st.floats(-60, 60), st.floats(0, 60))
@example(-0.0, 0.0)
@example(-5.0, 5.0)
def test_no_interval_shows_a_sign(low: float, width: float) -> None:
    assert "-" not in likely_lag(low, low + width)
    assert "−" not in likely_lag(low, low + width)


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (-2.0, 1.2, "likely 2 narrower to 1 month wider"),
        (-0.04, 7.8, "likely no change to 7.8 months wider"),
        (-3.2, 0.04, "likely 3.2 months narrower to no change"),
        (-0.04, 0.04, "likely no change"),
        (0.2, 3.4, "likely 0.2 to 3.4"),
        (-6.2, -1.8, "likely 2 to 6"),
    ],
)
def test_a_change_has_directions_only_where_its_interval_holds_zero(low: float, high: float, text: str) -> None:
    assert likely_change(low, high, "narrower", "wider") == text


@pytest.mark.parametrize(
    ("value", "unit", "as_level", "as_score", "as_difference"),
    [
        (35.0, "percent", "35 %", "35.0 %", "35.0 points"),
        (2.5, "percent", "2.5 %", "2.5 %", "2.5 points"),
        (50.0, "minutes", "50 minutes", "50 minutes", "50 minutes"),
        (0.0478, "minutes", None, "0.05 minutes", None),
        (1.25, "minutes", None, "1.2 minutes", None),
        (1044.78, "minutes", None, "1,045 minutes", "1,045 minutes"),
        (145.0, "points", "145 points", "145.0 points", "145.0 points"),
        (-14.24, "percent", None, None, "14.2 points"),
    ],
)
def test_a_level_is_written_as_briefly_as_it_can_be_and_a_score_to_a_tenth(
    value: float, unit: str, as_level: str | None, as_score: str | None, as_difference: str | None
) -> None:
    assert as_level in (None, level(value, unit))
    assert as_score in (None, score(value, unit))
    assert as_difference in (None, difference(value, 0.0, unit))


def test_the_distance_of_two_scores_is_that_of_what_is_written() -> None:
    assert (score(91.94, "percent"), score(82.56, "percent")) == ("91.9 %", "82.6 %")
    assert difference(91.94, 82.56, "percent") == difference(82.56, 91.94, "percent") == "9.3 points"
    assert difference(1044.78, 58.2, "minutes") == "987 minutes"


def test_only_a_count_of_one_has_its_noun_in_the_singular() -> None:
    assert [count(n, "result") for n in (0, 1, 2, 1234)] == ["0 results", "1 result", "2 results", "1,234 results"]


@pytest.mark.parametrize(
    ("things", "text"),
    [
        (["A"], "A"),
        (["A", "B"], "A and B"),
        (["A", "B", "C", "D"], "A, B, C and D"),
        (["A", "B", "C", "D", "E"], "A, B, C and 2 others"),
    ],
)
def test_a_list_ends_with_and_and_a_long_one_with_how_many_others(things: list[str], text: str) -> None:
    assert and_list(things) == text


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("gpqaa", '"gpqaa"'),
        ("  two   words\n", '"two words"'),
        ("\x1b[31mred\x07", '"[31mred"'),
        ("\u202eabc\u200f\udcff", '"abc"'),
        ("é🙃", '"é🙃"'),
        ("", '""'),
        ("x" * 41, f'"{"x" * 39}…"'),
    ],
)
def test_what_a_person_typed_is_quoted_tame_and_short(typed: str, text: str) -> None:
    assert quote(typed) == text


def test_a_text_is_brought_on_one_line_of_what_can_be_seen() -> None:
    assert one_line("  a\x00\n\tb\u200bc ") == "a b c"


@given(st.text())
def test_any_text_is_quoted_in_one_short_printable_line(text: str) -> None:
    assert quote(text).isprintable()
    assert len(quote(text)) <= 42


@pytest.mark.parametrize(
    ("low", "high", "unit", "text"),
    [(60.0, 70.0, "percent", "60 to 70 %"), (35.0, 35.0, "percent", "35 %"), (2.0, 50.0, "minutes", "2 to 50 minutes")],
)
def test_a_run_of_levels_is_written_from_first_to_last(low: float, high: float, unit: str, text: str) -> None:
    assert levels(low, high, unit) == text


@pytest.mark.parametrize(
    ("value", "later", "after", "behind"),
    [
        (5.68, "5.7 months later", "5.7 months after", "5.7 months behind"),
        (-0.98, "1.0 month earlier", "1.0 month before", "1.0 month ahead"),
        (0.033, "1 day later", "0.0 months after", "level"),
        (-0.033, "1 day earlier", "0.0 months before", "level"),
        (0.0, "on the same day", "on the same day as", "level"),
    ],
)
def test_a_lag_says_when_something_came_or_where_open_models_stand(
    value: float, later: str, after: str, behind: str
) -> None:
    assert [lag_text(value, style) for style in ("later", "after", "behind")] == [later, after, behind]


def test_a_figure_of_a_table_has_a_tenth_and_a_dash_stands_for_none() -> None:
    assert [cell(value) for value in (7.46, -0.36, -0.03, 0.0, None)] == ["7.5", "−0.4", "0.0", "0.0", "–"]


def test_a_text_begins_with_a_capital_letter_unless_it_begins_with_a_name() -> None:
    assert begin_sentence("can't tell if") == "Can't tell if"
    for text in ("o1 is first", "gpt-oss-120b is open", "gapbrief knows", "8.8 months", ""):
        assert begin_sentence(text) == text


@pytest.mark.parametrize(
    ("billions", "text"), [(0.5, "0.5B"), (32, "32B"), (999.0, "999B"), (2800, "2.8T"), (1029, "1.03T")]
)
def test_parameters_are_counted_in_billions_and_from_a_thousand_on_in_trillions(billions: float, text: str) -> None:
    assert parameter_count(billions) == text


@pytest.mark.parametrize(
    ("usd", "text"), [(6, "$6"), (0.45, "$0.45"), (0.2, "$0.20"), (0.075, "$0.075"), (0.07, "$0.07")]
)
def test_a_price_is_written_in_dollars(usd: float, text: str) -> None:
    assert money(usd) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (2.2, 6.4, "likely 2 to 6"),
        (-1.2, 6.4, "likely −1 to 6"),
        (-0.02, 6.46, "likely 0.0 to 6.5"),
        (-0.3, 5.0, "likely −0.3 to 5.0"),
        (0.4, 1.9, "likely 0.4 to 1.9"),
    ],
)
def test_a_range_beside_its_direction_is_signed_where_it_reaches_into_the_other_one(
    low: float, high: float, text: str
) -> None:
    assert likely_signed(low, high) == text
