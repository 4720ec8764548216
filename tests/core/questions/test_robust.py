"""What `gap --robust` and `trust` say of choices: how far each figure goes, what moves it most, and the curves."""

from collections.abc import Callable
from datetime import date

import pytest

from core.answer import Answer
from core.questions import GapQuestion
from core.questions.trust import TrustQuestion
from core.words import cell
from tests.core.questions.laws import check, lines, shown

QUESTION = GapQuestion
Ask = Callable[..., Answer]


def figure(answer: Answer, measure: str, access: str) -> float | None:
    of_class = answer.data["access"][access]
    return (of_class if measure == "catch_up" else of_class[measure])["months"]


def test_only_who_asks_for_it_gets_all_combinations(shipped: Ask) -> None:
    plain, robust = shipped(), shipped(robust="yes")
    assert not {"robust", "combinations"} & set(plain.data)
    assert not {"Choices", "Other measures"} & set(lines(plain))
    assert [line for line in robust.lines if line.label not in ("Choices", "Other measures")] == list(plain.lines)
    assert len(robust.data["combinations"]) == sum(row["combinations"] for row in robust.data["robust"])
    check(robust)


def test_each_row_is_the_spread_of_its_combinations_and_as_shown_the_figure_of_gap(shipped: Ask) -> None:
    answer = shipped(robust="yes")
    assert len(answer.data["robust"]) == 6
    for row in answer.data["robust"]:
        of = [
            each["months"]
            for each in answer.data["combinations"]
            if (each["measure"], each["access"]) == (row["measure"], row["access"])
        ]
        assert len(of) == row["combinations"]
        assert of[0] == row["shown"] == pytest.approx(figure(answer, row["measure"], row["access"]))
        known = sorted(months for months in of if months is not None)
        assert (row["lowest"], row["highest"]) == ((known[0], known[-1]) if known else (None, None))
        if known:
            assert row["lowest"] <= row["median"] <= row["highest"]


def test_the_line_says_lowest_highest_median_and_what_moves_the_figure_most(shipped: Ask) -> None:
    answer = shipped(robust="yes")
    rows = {(row["measure"], row["access"]): row for row in answer.data["robust"]}
    for measure, label in (("index", "Choices"), ("standing", "Other measures"), ("catch_up", "Other measures")):
        for access in ("private", "public"):
            row, text = rows[measure, access], lines(answer)[label]
            if row["median"] is None:
                continue
            ends = [cell(row[key]) for key in ("lowest", "highest")]
            said = f"{ends[0]} to {ends[1]} months on {access} tests (median {cell(row['median'])})"
            assert (said if ends[0] != ends[1] else f"{ends[0]} months on {access} tests") in text
            largest = max(row["moves"], key=lambda move: abs(move["months"]))
            assert (f"choices.{measure}.{access}.most" in {fact.key for fact in answer.facts}) == (
                abs(largest["months"]) >= 0.05
            )


def test_choices_that_were_made_in_the_question_are_no_choices(shipped: Ask) -> None:
    chinese = shipped(robust="yes", country="China")
    assert not [row for row in chinese.data["combinations"] if "open-models" in row]
    study = shipped(robust="yes", method="study")
    assert {row["measure"] for row in study.data["robust"]} == {"catch_up"}
    assert shown(study, "choices.catch_up") == "catch-up time over 192 combinations of choices"


def test_of_one_test_the_test_is_named(shipped: Ask) -> None:
    answer = shipped(robust="yes", benchmark="weirdml")
    assert " on WeirdML" in lines(answer)["Choices"]
    assert "private tests" not in lines(answer)["Choices"]
    check(answer)


@pytest.mark.parametrize("fields", [{}, {"access": "public", "as_of": date(2025, 6, 1)}], ids=str)
def test_trusts_curves_have_every_combination_with_its_choices_marked_beneath(
    shipped: Ask, fields: dict[str, object]
) -> None:
    answer = shipped(TrustQuestion, **fields)
    rows = {(row["measure"], row["access"]): row for row in answer.data["robust"]}
    assert [chart.kind for chart in answer.charts] == ["index-choices", "choices"]
    for chart in answer.charts:
        measure = "index" if chart.kind == "index-choices" else "catch_up"
        for series in chart.series:
            row = rows[measure, series.role]
            assert list(series.y) == sorted(series.y)
            assert (series.y[0], series.y[-1]) == (row["lowest"], row["highest"])
            marks = [mark.places for mark in chart.marks if mark.role == series.role]
            taken = [frozenset(n for n, places in enumerate(marks) if at in places) for at in range(len(series.y))]
            assert len(set(taken)) == len(taken) <= row["combinations"]
            assert series.y[taken.index(frozenset())] == row["shown"]
            assert f"the {series.role} figure as shown is {cell(row['shown'])}" in chart.alt


def test_trust_says_of_choices_what_gap_says(shipped: Ask) -> None:
    trust, gap = shipped(TrustQuestion), shipped(robust="yes")
    assert lines(trust)["Choices"].startswith(lines(gap)["Choices"].removesuffix(")"))
    assert lines(trust)["Other measures"] == lines(gap)["Other measures"]
    assert trust.data["robust"] == gap.data["robust"]
