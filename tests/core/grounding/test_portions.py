"""Parts of a whole: told as a fact has them, as the rest of what it has, or as nothing that any fact says."""

import pytest

from core.answer import Fact
from core.grounding.portions import is_rest, is_sum, parts_of, portion
from core.grounding.profiles import known_of
from tests.core.grounding.facts import GAP, NAMES

KNOWN = known_of(
    (
        *GAP,
        Fact("matched.private", 26, "levels", "levels that open models have matched", "26 of 41 levels"),
        Fact("all", 386, "publications", "all", "386 publications"),
        Fact("say", 201, "publications", "of which", "201 say so"),
    ),
    NAMES,
)


def held(text: str) -> tuple[str, str, str] | tuple[()] | None:
    """Hold the one part of a whole in a text against the facts."""
    reading = KNOWN.read(text)
    [(one, other)] = parts_of(reading)
    return portion(reading, KNOWN, one, other)


@pytest.mark.parametrize(
    "text",
    [
        "29 of 162 levels wait.",
        "29 out of the 162 levels wait.",
        "8 of the 60 results are new.",  # one fact says both
        "201 of 386 publications say so.",  # two facts count the same things
    ],
)
def test_a_part_and_its_whole_are_told_as_facts_have_them(text: str) -> None:
    assert held(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "133 of 162 levels were matched.",  # 29 wait
        "15 of 41 levels were never matched.",  # 26 were
        "More than half of 386 publications say so.",  # 201
    ],
)
def test_a_rest_or_a_word_for_a_part_is_left_to_this_check_alone(text: str) -> None:
    assert held(text) is None


@pytest.mark.parametrize("text", ["133 of 162 levels wait.", "15 of 41 levels were matched."])
def test_a_rest_told_as_what_it_is_not_is_no_rest(text: str) -> None:
    assert held(text) == ()  # the checks of each number refuse it


@pytest.mark.parametrize(
    ("text", "kind", "why"),
    [
        ("162 of 29 levels wait.", "nonsense", "a part can't be more than what it is of"),
        ("60 of 73 results are private.", "number", "is told by no fact; the data has “73 results on 8 tests"),
    ],
)
def test_a_part_of_another_whole_is_refused(text: str, kind: str, why: str) -> None:
    wrong = held(text)
    assert wrong
    assert wrong[0] == kind
    assert why in wrong[2]


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("22 and seven, 29 in all.", True),
        ("22 and seven, 30 in all.", False),
        ("22 and seven, 29 levels.", False),
        ("29 in all.", False),
    ],
)
def test_a_sum_says_that_it_is_one_and_is_right(text: str, is_told: bool) -> None:
    reading = KNOWN.read(text)
    assert is_sum(reading, reading.numbers[-1]) is is_told


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("82 % of the levels were matched.", True),  # 29 of 162 wait
        ("82 % of the levels are not matched.", False),
        ("77 % of open models were never tested.", True),  # 23 % were
        ("77 % of closed models were never tested.", False),
        ("82 levels were matched.", False),
    ],
)
def test_a_share_may_be_the_rest_of_what_a_fact_says(text: str, is_told: bool) -> None:
    reading = KNOWN.read(text)
    assert is_rest(reading, KNOWN, reading.numbers[0]) is is_told
