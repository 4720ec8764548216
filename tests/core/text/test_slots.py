"""Templates: slots are filled with facts, and what has no fact is left out where the template allows that."""

from dataclasses import replace

import pytest

from core.answer import Fact, Line
from core.text import render, render_known

GAP = Fact("gap", 8.6, "months", "private tests", "8.6 months")
RANGE = Fact("range", "6 to 11", "months", "private tests", "likely 6 to 11")


def test_a_slot_without_a_fact_is_an_error() -> None:
    assert render("behind by {gap}", [GAP]) == "behind by 8.6 months"
    with pytest.raises(KeyError):
        render("behind by {gap}", [RANGE])


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([GAP, RANGE], [("Gap", "behind by 8.6 months, likely 6 to 11")]),
        ([GAP], [("Gap", "behind by 8.6 months")]),
        ([RANGE], []),
    ],
)
def test_a_part_and_a_line_stand_only_where_their_facts_are_there(facts: list[Fact], expected: list[object]) -> None:
    template = Line("Gap", "behind by {gap}[, {range}]", ("level",))
    rendered = render_known([template], facts)
    assert [(line.label, line.text) for line in rendered] == expected
    assert all(line.aspects == ("level",) for line in rendered)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["private", "public"], ["private tests 8.6 months; public tests 8.6 months"]),
        (["public"], ["public tests 8.6 months"]),
        ([], []),
    ],
)
def test_a_part_in_angles_stands_for_each_kind_of_tests_that_has_its_facts(
    names: list[str], expected: list[str]
) -> None:
    facts = [replace(GAP, key=f"gap.{name}") for name in names]
    rendered = render_known([Line("Gap", "<@ tests {gap.@}[ ({range.@})]|; >")], facts)
    assert [line.text for line in rendered] == expected


def test_a_label_has_slots_too() -> None:
    assert render_known([Line("At {gap}", "yes")], [GAP]) == (Line("At 8.6 months", "yes"),)
    assert render_known([Line("At {gap}", "yes")], [RANGE]) == ()
