"""The charts of `compare`: what a row of each kind of comparison holds."""

from collections.abc import Callable

import pytest

from core.answer import Answer
from core.questions.compare import CompareQuestion

QUESTION = CompareQuestion
Ask = Callable[..., Answer]


@pytest.mark.parametrize(("left", "right"), [("China", "United States"), ("GPT-5.5", "Kimi K3")])
def test_two_groups_or_models_have_a_row_per_test_from_the_one_side_to_the_other(
    shipped: Ask, left: str, right: str
) -> None:
    answer = shipped(left=left, right=right)
    [chart] = answer.charts
    known = {row["name"]: row for row in answer.data["tests"] if row["headline"]}
    assert chart.y_label == f"dot: {left}, other end: {right}"
    assert "(" not in chart.title
    for series in chart.series:
        ahead = []
        for test, dot, low, high, note in zip(series.x, series.y, series.low, series.high, series.notes, strict=True):
            row = known[test]
            assert (dot, {low, high}) == (row["left_months"], {row["left_months"], row["right_months"]})
            assert note.endswith("ahead") == (row["difference"] < 0)
            ahead.append(row["difference"])
        assert ahead == sorted(ahead)


def test_kinds_of_tests_have_their_gap_with_its_range_above_their_tests(shipped: Ask) -> None:
    answer = shipped(left="private", right="public")
    [chart] = answer.charts
    [found] = answer.data["comparisons"]
    for series, figure in zip(chart.series, (found["left"], found["right"]), strict=True):
        assert (series.low[0], series.y[0], series.high[0]) == (figure["low"], figure["months"], figure["high"])
        assert list(series.y[1:]) == sorted(series.y[1:], reverse=True)


def test_days_have_both_figures_of_each_class_with_their_ranges(shipped: Ask) -> None:
    [chart] = shipped(left="May 2025", right="September 2026").charts
    assert [(each.label, each.x) for each in chart.series] == [
        (f"{access} tests", ("31 May 2025", "30 September 2026")) for access in ("private", "public")
    ]
    ends = [each for series in chart.series for each in zip(series.low, series.y, series.high, strict=True)]
    assert all(low < value < high for low, value, high in ends)


def test_tests_without_a_range_are_dots_alone(shipped: Ask) -> None:
    [chart] = shipped(left="gpqa", right="metr").charts
    assert chart.y_label == ""
    assert [each.x for each in chart.series] == [("GPQA Diamond",), ("METR Time Horizons",)]
