"""Numbers, units and dates as people write them."""

import pytest

from core.text.numbers import find_figures


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("about 7.5 months", [("7.5", 7.5, "months")]),
        ("seven and a half months", [("seven and a half", 7.5, "months")]),
        ("7½ months", [("7½", 7.5, "months")]),
        ("8–10 months", [("8", 8, "months"), ("10", 10, "months")]),
        ("seven to ten months", [("seven", 7, "months"), ("ten", 10, "months")]),
        ("twenty-one open models", [("twenty-one", 21, "models")]),
        ("two hundred and five levels", [("two hundred and five", 205, "levels")]),
        ("85.0 %, or 85 percent", [("85.0", 85, "percent"), ("85", 85, "percent")]),
        ("14.2 percentage points", [("14.2", 14.2, "points")]),
        ("1,045 minutes", [("1,045", 1045, "minutes")]),
        ("$5 million", [("5 million", 5e6, "dollars")]),
        ("half a year", [("half", 0.5, "years")]),
        ("a year and a half later", [("a year and a half", 1.5, "years")]),
        ("within a month", [("a", 1, "months")]),
        ("a quarter of the tests", [("a quarter", 25, "percent")]),
        ("the fifth model", [("fifth", 5, "models")]),
        ("three hours and twenty minutes", [("three hours and twenty", 200, "minutes")]),
        ("a year and a quarter later", [("a year and a quarter", 1.25, "years")]),
        ("a couple of tests", [("a couple of", 2, "tests")]),
        ("three quarters of an hour", [("three quarters", 0.75, "hours")]),
        ("half a dozen tests", [("half a dozen", 6, "tests")]),
        ("it scored half", [("half", 50, "percent")]),
        ("just under 28 %", [("just under 28", 28, "percent")]),
    ],
)
def test_a_number_has_a_value_and_a_unit(text: str, expected: list[tuple[str, float, str]]) -> None:
    numbers, days = find_figures(text)
    assert [(number.text, number.value, number.unit) for number in numbers] == expected
    assert all(text[number.start : number.end] == number.text for number in numbers)
    assert days == []


@pytest.mark.parametrize(
    "text",
    [
        "GPT-5.5 and Qwen2.5-72B on ARC-AGI-2, and o1",
        "one of them, no one, the open ones, the first and the second",
        "a third-party source",
        "the two of them",
        "a year of months",
        "",
    ],
)
def test_what_only_looks_like_a_number_is_none(text: str) -> None:
    assert find_figures(text) == ([], [])


def test_a_version_inside_a_name_that_is_known_is_no_number() -> None:
    text = "Claude Opus 4.6 scored 61 %"
    assert [figure.text for figure in find_figures(text, [(0, 15)])[0]] == ["61"]


@pytest.mark.parametrize(
    ("text", "year", "month", "day"),
    [
        ("on 22 May 2026", 2026, 5, 22),
        ("on May 22nd, 2026", 2026, 5, 22),
        ("at 2026-05-22", 2026, 5, 22),
        ("on the 31st of July 2026", 2026, 7, 31),
        ("since January 2025", 2025, 1, 0),
        ("in Sept. 2025", 2025, 9, 0),
        ("in mid-2025", 2025, 0, 0),
        ("in late July", 0, 7, 0),
        ("in May", 0, 5, 0),
    ],
)
def test_a_date_says_as_much_as_it_says(text: str, year: int, month: int, day: int) -> None:
    numbers, days = find_figures(text)
    assert numbers == []
    assert [(day.year, day.month, day.day) for day in days] == [(year, month, day)]


@pytest.mark.parametrize("text", ["it may be so", "they march on", "June's paper"])
def test_a_word_that_is_a_month_too_is_no_date(text: str) -> None:
    assert find_figures(text)[1] == []
