"""A model's text with slots: figures stand in slots alone, every slot is a fact, and the sentence around it fits."""

import pytest

from core.grounding import violations
from tests.core.grounding.facts import GAP, NAMES


def kinds(template: str, *required: str) -> list[str]:
    return [each.kind for each in violations(template, GAP, required=required, known_names=NAMES)]


@pytest.mark.parametrize(
    "template",
    [
        "Open models trail by {gap.private} on private tests, {range.private}.",
        "Private tests: {gap.private}; public tests: {gap.public}.",
        "{newest.open} reached {newest.level} on {newest.board} on {newest.day}, {newest.gap} {newest.closed}.",
        "Whether the gap moved: {change.private}.",
        "The gap is {change.public}.",
        "Still waiting: {waiting}; {waiting.median}.\n\nThe data is {data.age}.",
        "No figure at all.",
    ],
)
def test_facts_in_sentences_about_them_are_let_through(template: str) -> None:
    assert kinds(template) == []


@pytest.mark.parametrize(
    ("template", "kind"),
    [
        ("Open models trail by 7.5 months on private tests.", "number"),
        ("On private tests it is {gap.private}, or half a year.", "number"),
        ("Open models trail by {gap.secret}.", "slot"),
        ("Open models trail by {gap.private", "slot"),
        ("Open models trail by {gap.private} months on private tests.", "unit"),
        ("The score is {newest.level} % on {newest.board}.", "unit"),
        ("Open models trail by {gap.private} on public tests.", "subject"),
        ("On private tests open models trail by {waiting.median}.", "subject"),
        ("Closed models trail by {gap.private} on private tests.", "role"),
        ("{newest.closed} came {newest.gap} {newest.open}.", "role"),
        ("At {gap.private}, the private gap is widening.", "direction"),
        ("On private tests it is {gap.private}, unlike GPT-5.5.", "name"),
        ("On private tests it is {gap.private} because chips are scarce.", "cause"),
        ("Open models will need {gap.private} on private tests.", "nonsense"),
    ],
)
def test_what_is_wrong_is_named_by_its_kind(template: str, kind: str) -> None:
    assert kind in kinds(template)


def test_a_required_slot_stands_there_once() -> None:
    assert kinds("On private tests it is {gap.private}.", "gap.private") == []
    [missing] = violations("Nothing new.", GAP, required=["gap.private"])
    assert (missing.kind, missing.said) == ("slot", "{gap.private}")
    assert "missing" in missing.why
    [doubled] = violations("Private tests: {gap.private}, yes, {gap.private}.", GAP, required=["gap.private"])
    assert "more than once" in doubled.why


def test_a_unit_may_stand_behind_a_bare_figure_of_that_unit() -> None:
    from core.answer import Fact

    facts = (Fact("removed", 4, "results", "no longer counted", "4"),)
    assert violations("{removed} results", facts) == []
    assert "unit" in {each.kind for each in violations("{removed} tests", facts)}
