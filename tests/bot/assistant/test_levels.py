"""Levels in a text: figures with units, in words, and what is no level."""

import pytest

from bot.assistant.parsed_text import find_levels


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("80 %", 80, "percent"),
        ("80%", 80, "percent"),
        ("62.5 percent", 62.5, "percent"),
        ("62,5 %", 62.5, "percent"),
        ("eighty percent", 80, "percent"),
        ("forty-five pct", 45, "percent"),
        ("half of the test", 50, "percent"),
        ("two thirds of it", 66.7, "percent"),
        ("three quarters of it", 75, "percent"),
        ("2 hours", 120, "minutes"),
        ("two hours", 120, "minutes"),
        ("an hour", 60, "minutes"),
        ("half an hour", 30, "minutes"),
        ("100 minutes", 100, "minutes"),
        ("one hundred minutes", 100, "minutes"),
        ("90 min", 90, "minutes"),
        ("145 points", 145, "points"),
        ("gpqa 80 when", 80, ""),
    ],
)
def test_a_level_is_read_in_its_unit(text: str, value: float, unit: str) -> None:
    assert [(each.value, each.unit) for each in find_levels(text)] == [(value, unit)]


@pytest.mark.parametrize(
    "text",
    [
        "6 months",
        "17 benchmarks",
        "two numbers",
        "half a year",
        "$20",
        "the open one",
        "72b",
        "<model:3>",
        "the 90 % interval",
        "a 90 percent range",
    ],
)
def test_other_figures_are_no_levels(text: str) -> None:
    assert find_levels(text) == []
