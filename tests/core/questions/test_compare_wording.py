"""The words of a comparison follow its interval; a doubt is said."""

from typing import Any

import pytest

from core.gap.direction import Comparison, reverse_comparison
from core.gap.figures import NO_CHANGE, NO_FIGURE, Change, Headline
from core.questions.compare_wording import ALL, comparison_data, days_facts, days_title, figure_facts, kind_facts
from core.text import render

AT = 739_000
FIGURE = Headline(5.0, 4.0, 7.0, "", AT, 4.0)


def change(months: float, half: float) -> Change:
    return Change(months, months - half, months + half)


def title(**growths: Change) -> str:
    """Write the first line on two days whose classes changed so."""
    comparisons = {name: Comparison(FIGURE, FIGURE, NO_CHANGE, "no-figure") for name in growths if name != ALL}
    facts: list[Any] = days_facts(comparisons, growths)
    return render(days_title(growths, "before", "now").replace("{before}", "then").replace("{now}", "now"), facts)


@pytest.mark.parametrize(
    ("growths", "words"),
    [
        (
            {"all": change(4.0, 3.29), "private": change(3.0, 3.29), "public": change(1.0, 3.29)},
            "the gap grew by 4.0 months on all tests together; the gap probably grew by 3.0 months on private tests;"
            " too close to call on public tests",
        ),
        (
            {"private": change(-4.0, 3.29), "public": change(-5.0, 3.29)},
            "the gap shrank by 4.0 months on private tests and 5.0 months on public tests",
        ),
        ({"private": change(-3.0, 3.29)}, "the gap probably shrank by 3.0 months on private tests"),
        (
            {"private": change(1.0, 3.29), "public": change(-1.0, 3.29)},
            "too close to call whether the gap grew on private tests or public tests",
        ),
        (
            {"private": change(1.0, 3.29), "public": NO_CHANGE},
            "too close to call whether the gap grew on private tests; can't tell on public tests",
        ),
    ],
)
def test_a_change_is_worded_by_how_sure_it_is(growths: dict[str, Change], words: str) -> None:
    assert title(**growths) == f"from then to now: {words}"


def test_a_figure_has_its_range_and_its_day() -> None:
    figure, spread = figure_facts("left.gap", FIGURE, "private")
    assert (figure.shown, figure.low, figure.high, figure.day) == ("5.0 months", 4.0, 7.0, "2024-04-24")
    assert (spread.key, spread.shown) == ("left.gap.range", "likely 4 to 7")


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (FIGURE, "5.0 months behind"),
        (Headline(5.6, 2.0, 9.0, "", AT, 3.0, is_about=True), "about 6 months behind"),
        (Headline(-2.0, -3.0, -1.0, "", AT, 4.0), "2.0 months ahead"),
        (NO_FIGURE, "no figure"),
    ],
)
def test_few_live_tests_a_lead_and_no_figure_are_said(figure: Headline, words: str) -> None:
    assert kind_facts("left.stand", figure, "public")[0].shown == words


def test_data_have_both_figures_the_difference_and_why_it_has_no_range() -> None:
    found = Comparison(FIGURE, NO_FIGURE, Change(2.0, 0.5, 3.5))
    data, other = (comparison_data("private", each) for each in (found, reverse_comparison(found)))
    assert data["left"] == {"months": 5.0, "low": 4.0, "high": 7.0, "at": "2024-04-24", "about": False}
    assert (data["months"], data["low"], data["high"], data["reason"]) == (2.0, 0.5, 3.5, None)
    assert (other["months"], other["low"], other["high"]) == (-2.0, -3.5, -0.5)
    assert comparison_data(None, Comparison(FIGURE, FIGURE, NO_CHANGE, "one-test"))["reason"] == (
        "one test each, so no range"
    )
