"""What `terms` says: one entry with its names and neighbours, or the list of all."""

import pytest

from core.errors import UsageError
from core.questions.terms import TermsQuestion
from tests.core.questions.conftest import Ask
from tests.core.questions.laws import check, lines

QUESTION = TermsQuestion


def test_an_entry_is_told_with_its_names_and_neighbours(shipped: Ask) -> None:
    answer = shipped("open weights")
    assert answer.text.splitlines() == [
        "Open weights: said of a model whose weights anyone can download and run. The code and training data need not"
        " be public, and the licence may limit use.",
        "Also called   open model and open-weight model",
        "See also      Closed model, Licence, Open-source model and Weights",
    ]
    assert [term["term_id"] for term in answer.data["terms"]] == ["open-weights"]


def test_an_entry_without_other_names_says_nothing_of_them(shipped: Ask) -> None:
    assert "Also called" not in lines(shipped("token"))


@pytest.mark.parametrize("typed", ["Open-Weights", "open models", "OPEN WEIGHTS", "open wieghts"])
def test_names_are_forgiving(shipped: Ask, typed: str) -> None:
    assert shipped(typed).lines[0].text.startswith("Open weights: said of a model")


def test_without_a_term_all_are_listed(shipped: Ask) -> None:
    answer = shipped()
    [table] = answer.tables
    number = len(answer.data["terms"])
    assert answer.lines[0].text == f"{number} terms are explained; ask for any of them by name, such as Open weights"
    assert [row[0] for row in table.rows] == [term["term"] for term in answer.data["terms"]]
    assert ("Closed model", "A model whose weights cannot be downloaded.") in table.rows
    assert number > 50


def test_every_listed_term_can_be_asked_for_and_every_neighbour_too(shipped: Ask) -> None:
    names = {term["term_id"]: term["term"] for term in shipped().data["terms"]}
    for name in names.values():
        answer = shipped(name)
        check(answer)
        [term] = answer.data["terms"]
        assert term["term"] == name
        for neighbour in term["see_also"]:
            assert names[neighbour] in lines(answer)["See also"]


def test_several_that_fit_are_offered(shipped: Ask) -> None:
    with pytest.raises(UsageError, match='Several terms are called "open": is it') as error:
        shipped("open")
    for name in error.value.suggestions:
        assert shipped(name).lines[0].text.startswith(f"{name}: ")


def test_a_definition_does_not_age(shipped: Ask) -> None:
    assert "Data" not in lines(shipped("gap"))
    assert "Data" not in lines(shipped())
