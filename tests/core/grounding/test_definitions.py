"""What a term means may be put in other words, and not be turned, widened or narrowed."""

import pytest

from core.answer import Fact
from core.grounding import unsupported

OPEN_WEIGHTS = (
    "Said of a model whose weights anyone can download and run. The code and training data need not be public, and the"
    " licence may limit use."
)
CLOSED = "A model whose weights cannot be downloaded."
BEHIND = (
    "The time from the first closed model to the first open model that reaches the same score on a test, in months."
)


def faults(text: str, term: str, definition: str) -> list[str]:
    facts = (
        Fact("term", term, "", "term", term),
        Fact("definition", definition, "", term, definition[0].lower() + definition[1:]),
    )
    return [each.why for each in unsupported(text, facts)]


@pytest.mark.parametrize(
    ("text", "term", "definition"),
    [
        ("Its weights, code and training data are all public.", "Open weights", OPEN_WEIGHTS),
        ("The weights cannot be downloaded.", "Open weights", OPEN_WEIGHTS),
        ("Only researchers can download its weights.", "Open weights", OPEN_WEIGHTS),
        ("A closed model is one whose weights anyone can download.", "Closed model", CLOSED),
        ("It counts from the first open model to the first closed model.", "Months behind", BEHIND),
    ],
)
def test_another_meaning_is_refused(text: str, term: str, definition: str) -> None:
    assert any("is not what the term means" in each for each in faults(text, term, definition))


@pytest.mark.parametrize(
    ("text", "term", "definition"),
    [
        (OPEN_WEIGHTS, "Open weights", OPEN_WEIGHTS),
        ("Anybody can download the weights, though the training data may stay secret.", "Open weights", OPEN_WEIGHTS),
        ("Its weights stay with its maker: they can't be downloaded.", "Closed model", CLOSED),
        ("It counts from the first closed model to the first open one.", "Months behind", BEHIND),
    ],
)
def test_the_meaning_in_other_words_is_let_through(text: str, term: str, definition: str) -> None:
    assert faults(text, term, definition) == []
