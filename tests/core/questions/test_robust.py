"""What `gap --robust` says of choices: how far the gap of each class goes, and what moves it most."""

from collections.abc import Callable

import pytest

from core.answer import Answer
from core.questions import GapQuestion
from core.questions.robust_wording import NAMES
from core.words import cell
from tests.core.questions.laws import check, lines, shown

QUESTION = GapQuestion
Ask = Callable[..., Answer]
OF_THE_FIT = {"prior-line", "prior-both", "frontier-narrow", "frontier-wide", "no-offsets", "ranks", "ceiling"}


def test_only_who_asks_for_it_gets_other_choices(shipped: Ask) -> None:
    plain, robust = shipped(), shipped(robust="yes")
    assert "robust" not in plain.data
    assert [line for line in robust.lines if line.label != "Choices"] == list(plain.lines)
    assert [row["access"] for row in robust.data["robust"]] == ["private", "public"]
    check(robust)


def test_the_first_combination_is_the_figure_and_the_ends_are_those_of_all(shipped: Ask) -> None:
    answer = shipped(robust="yes")
    for row in answer.data["robust"]:
        default, *others = row["combinations"]
        assert default == {"choices": [], "months": answer.data["access"][row["access"]]["index"]["months"]}
        known = sorted(each["months"] for each in row["combinations"] if each["months"] is not None)
        assert (row["low"], row["high"]) == (known[0], known[-1])
        assert row["low"] <= row["median"] <= row["high"]
        assert len({tuple(each["choices"]) for each in row["combinations"]}) == len(row["combinations"])
        assert all(others)


def test_choices_of_data_are_combined_and_forms_of_the_fit_stand_alone(shipped: Ask) -> None:
    for row in shipped(robust="yes").data["robust"]:
        for each in row["combinations"]:
            assert len(each["choices"]) == 1 or not OF_THE_FIT & set(each["choices"])
        assert {choice for each in row["combinations"] for choice in each["choices"]} <= set(NAMES)


def test_the_line_says_both_ends_and_what_moves_the_figure_most(shipped: Ask) -> None:
    answer = shipped(robust="yes")
    for row in answer.data["robust"]:
        said = f"{cell(row['low'])} to {cell(row['high'])} months on {row['access']} tests under 14 other choices"
        assert said in lines(answer)["Choices"]
        largest = max(row["moves"], key=lambda move: abs(move["months"]))
        assert row["moves"][0] == largest
        assert shown(answer, f"choices.{row['access']}.most").startswith(f"moved most by {NAMES[largest['choice']]} (")
    table = answer.tables[0]
    assert (table.title, table.columns) == (
        "By choice, how many months it moves the gap", ("Choice", "Private", "Public"),
    )  # fmt: skip


def test_a_choice_that_was_made_in_the_question_is_none(shipped: Ask) -> None:
    for row in shipped(robust="yes", country="China").data["robust"]:
        assert not [each for each in row["combinations"] if "open-models" in each["choices"]]


@pytest.mark.parametrize("fields", [{"method": "study"}, {"benchmark": "weirdml"}], ids=str)
def test_only_the_gap_has_other_choices(shipped: Ask, fields: dict[str, str]) -> None:
    answer = shipped(robust="yes", **fields)
    assert "robust" not in answer.data
    assert "Choices" not in lines(answer)
