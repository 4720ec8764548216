"""The words of a comparison follow its interval, and are the other side's words when it is swapped."""

import pytest

from core.gap.comparison import Comparison, Figure
from core.questions.compare_wording import comparison_facts
from core.questions.shared_facts import CATCH_UP

FIGURE = Figure(5.0, 4.0, 7.0, 8, 40, 739_000)


def said(months: float | None, low: float | None, high: float | None, **more: object) -> dict[str, str]:
    found = Comparison(FIGURE, FIGURE, months, low, high, 6, 8, **more)
    return {fact.key: fact.shown for fact in comparison_facts("public", found, CATCH_UP)}


@pytest.mark.parametrize(
    ("months", "low", "high", "words"),
    [
        (-4.8, -8.2, -1.6, "shorter by 4.8 months (likely 2 to 8)"),
        (4.8, 1.6, 8.2, "longer by 4.8 months (likely 2 to 8)"),
        (3.2, 0.3, 6.2, "longer by 3.2 months (likely 0.3 to 6.2)"),
        (1.0, 0.6, 1.4, "longer by 1.0 month (likely 0.6 to 1.4)"),
        (-1.2, -3.6, 1.2, "can't tell apart (likely 4 shorter to 1 months longer)"),
        (1.2, -1.2, 3.6, "can't tell apart (likely 1 shorter to 4 months longer)"),
        (-1.0, -2.2, 0.2, "can't tell apart (likely 2.2 shorter to 0.2 months longer)"),
        (-1.0, -2.0, 0.0, "can't tell apart (likely 2.0 months shorter to no change)"),
    ],
)
def test_a_direction_is_said_only_where_the_interval_leaves_0_out(
    months: float, low: float, high: float, words: str
) -> None:
    assert said(months, low, high)["difference.public"] == words


def test_without_an_interval_the_reason_is_said() -> None:
    assert said(2.0, None, None, reason="one-each")["difference.public"] == (
        "one test each, so no range: can't tell apart"
    )


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (3.3, 4.2, "3.3 to 4.2 longer whichever test is left out"),
        (-4.2, -3.3, "3.3 to 4.2 shorter whichever test is left out"),
        (-0.4, 1.2, "0.4 shorter to 1.2 longer whichever test is left out"),
    ],
)
def test_the_range_without_any_one_test_has_its_direction(low: float, high: float, words: str) -> None:
    assert said(1.0, 0.5, 1.5, without_low=low, without_high=high)["without.public"] == words


def test_a_figure_has_its_range_its_basis_and_its_day() -> None:
    shown = said(0.0, -1.0, 1.0)
    assert shown["left.public"] == "5.0 months"
    assert shown["left.public.range"] == "likely 4 to 7"
    assert shown["left.public.basis"] == "40 results on 8 tests"
    assert shown["left.public.at"] == "24 April 2024"
    assert shown["holds.public"] == "6 of 8 tests"


def test_a_lead_is_said_to_be_one_and_what_is_missing_to_be_missing() -> None:
    lead, nothing = Figure(-2.0, -3.0, -1.0, 2, 4), Figure(None, None, None, 0, 0)
    found = Comparison(lead, nothing, None, None, None, reason="no-result")
    shown = {fact.key: fact.shown for fact in comparison_facts("public", found, CATCH_UP)}
    assert (shown["left.public"], shown["left.public.by"]) == ("2.0 months ahead", "2.0 months")
    assert shown["left.public.range"] == "likely 1 to 3 ahead"
    assert (shown["right.public"], shown["right.public.range"]) == ("no figure", "no recent results")
