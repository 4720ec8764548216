"""A changed text beside the one it was made from: what it may not turn round, and the freedom it keeps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.grounding import altered, unnamed

BEFORE = (
    "Gemini 3 Pro, out on 18 November 2025, reached 75 % on SimpleBench. Up to 12 August 2026, about 9 months later,"
    " no open model tried there has matched that.",
    "No open model has matched 29 of 162 marks that closed models set.",
    "On private tests, whose questions are secret, open-weights models trail closed ones by about 7.5 months, likely"
    " between 5 and 10.",
    "On public tests, developers can train towards the questions. Such training can make the gap look smaller.",
    "The true change is likely between 4 narrower and 3 wider.",
    "A match would push it up.",
)
WHOLE = " · ".join(BEFORE)


def changed(old: str, new: str) -> list[str]:
    """Return what is found wrong with the texts once some words are others."""
    assert old in WHOLE
    return [each.why for each in altered(BEFORE, [text.replace(old, new) for text in BEFORE])]


@pytest.mark.parametrize(
    ("old", "new", "quoted"),
    [
        ("no open model tried there has", "an open model tried there has", "no open model tried"),
        ("No open model has matched", "Open models have matched", "No open model has"),
        ("No open model has matched", "It is false that no open model has matched", "No open model has"),
        ("no open model tried there", "no closed model tried there", "no open model"),
        ("models trail", "models do not trail", "not trail closed ones"),
        ("are secret", "are not secret", "not secret"),
        ("On private tests", "On public tests", "On private tests"),
        ("smaller", "larger", "look smaller"),
        ("4 narrower and 3 wider", "4 wider and 3 narrower", "4 narrower"),
        ("push it up", "push it down", "it up"),
        ("likely between", "surely between", "surely"),
        ("likely between 5", "between 5", "likely between 5 and"),
        ("by about 7.5", "by exactly 7.5", "exactly"),
        ("by about 7.5", "by 7.5", "about 7.5 months"),
        ("can make", "makes", "can make the gap"),
        ("Up to 12 August", "After 12 August", "Up to 12"),
    ],
)
def test_what_turns_round_the_words_that_stood_there(old: str, new: str, quoted: str) -> None:
    found = changed(old, new)
    assert found
    assert any(f"“{quoted}" in why for why in found)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("no open model tried there has matched that", "open models tried there have not matched that"),
        ("No open model has matched 29 of 162 marks", "Still unmatched by any open model are 29 of 162 marks"),
        (
            "open-weights models trail closed ones by about 7.5 months, likely",
            "closed models lead open-weights ones by about 7.5 months. That is probably",
        ),
        ("about 9 months later, ", ""),
        ("can make", "may make"),
        (", likely between 5 and 10", ""),
        ("about 7.5 months", "roughly 7.5 months"),
        ("4 narrower and 3 wider", "3 wider and 4 narrower"),
    ],
)
def test_other_words_for_the_same(old: str, new: str) -> None:
    assert not changed(old, new)


def test_a_denial_in_the_sentence_beside_counts_too() -> None:
    assert altered(BEFORE, [*BEFORE, "An open model has matched Gemini 3 Pro on SimpleBench."])


def test_what_is_said_of_something_else_is_not_held() -> None:
    assert not altered(BEFORE, ["The study does not ask why; nothing here is a forecast."])


@given(st.lists(st.sampled_from(BEFORE)))
def test_leaving_out_and_reordering_is_free(after: list[str]) -> None:
    assert not altered(BEFORE, after)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Zephyron Ultra, out on 18 November 2025, reached 75 %.", "Zephyron Ultra"),
        ("Zephyron 9 Ultra reached 75 %.", "Zephyron 9 Ultra"),
        ("Zephyron Pro reached 75 %.", "Zephyron Pro"),
        ("Zephyron, out on 18 November 2025, reached 75 %.", "Zephyron"),
        ("On Zephyrbench it reached 75 %.", "Zephyrbench"),
    ],
)
def test_a_name_of_nothing(text: str, name: str) -> None:
    assert [each.said for each in unnamed(BEFORE, [text], (), ["Gemini Ultra"])] == [name]


@pytest.mark.parametrize(
    "text",
    [
        "Meanwhile Gemini 3 Pro reached 75 % on SimpleBench.",
        "Looking ahead: nobody matched it in August.",
        "Researchers matched it.",
        "Open Models Still Waiting Behind Closed Ones",
    ],
)
def test_what_is_no_name(text: str) -> None:
    assert not unnamed(BEFORE, [text], ())
