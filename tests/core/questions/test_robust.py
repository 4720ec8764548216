"""What `gap --robust` says of choices: how far the gap of each class goes, and what moves it most."""

from statistics import median

import pytest

from core.questions import GapQuestion
from core.questions.sensitivity import NAMES
from core.words import cell
from tests.core.questions.conftest import Ask
from tests.core.questions.laws import check, lines

QUESTION = GapQuestion


def test_only_who_asks_for_it_gets_other_choices(shipped: Ask) -> None:
    plain, robust = shipped(), shipped(robust="yes")
    assert "robust" not in plain.data
    assert "Choices" not in lines(plain)
    assert [line for line in robust.lines if line.label not in ("Choices", "Moved most")] == list(plain.lines)
    check(robust)


def test_each_class_has_its_figure_first_then_other_choices_and_their_spread(shipped: Ask) -> None:
    answer = shipped(robust="yes")
    assert [row["access"] for row in answer.data["robust"]] == ["private", "public"]
    for row in answer.data["robust"]:
        first, *others = row["combinations"]
        assert first == {
            "choices": [],
            "months": pytest.approx(answer.data["access"][row["access"]]["index"]["months"]),
        }
        chosen = [tuple(other["choices"]) for other in others]
        assert len(set(chosen)) == len(chosen) == 14
        assert {choice for choices in chosen for choice in choices} == {*NAMES} - {"disputed"}
        months = [combination["months"] for combination in row["combinations"]]
        assert (row["low"], row["median"], row["high"]) == (min(months), pytest.approx(median(months)), max(months))


def test_the_line_says_the_ends_and_what_moves_each_figure_most(shipped: Ask) -> None:
    answer = shipped(robust="yes")
    for row in answer.data["robust"]:
        ends, most = f"{cell(row['low'])} to {cell(row['high'])} months", NAMES[row["moves"][0]["choice"]]
        assert f"{ends} on {row['access']} tests under 14 other choices" in lines(answer)["Choices"]
        assert f"on {row['access']} tests by {most}" in lines(answer)["Moved most"]


def test_the_table_has_the_move_of_each_choice(shipped: Ask) -> None:
    answer = shipped(robust="yes")
    table = answer.tables[0]
    assert table.columns == ("Choice", "Private", "Public")
    cells = {name: moves for name, *moves in table.rows}
    for place, row in enumerate(answer.data["robust"]):
        assert [cells[NAMES[move["choice"]]][place] for move in row["moves"]] == [
            cell(move["months"]) for move in row["moves"]
        ]


@pytest.mark.slow
def test_the_country_that_was_asked_for_is_no_choice(shipped: Ask) -> None:
    for row in shipped(robust="yes", country="China").data["robust"]:
        assert "open-models" not in {choice for combination in row["combinations"] for choice in combination["choices"]}


def test_one_test_and_the_study_have_no_other_choices(shipped: Ask) -> None:
    for fields in ({"benchmark": "weirdml"}, {"method": "study"}):
        answer = shipped(robust="yes", **fields)
        assert "Choices" not in lines(answer)
