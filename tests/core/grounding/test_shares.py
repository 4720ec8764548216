"""Shares told in words, the parts of counts, and which way things were counted."""

import pytest

from core.answer import Fact
from core.grounding import unsupported

FACTS = (
    Fact("waiting", 29, "levels", "reached by closed models only", "29 of 162 levels"),
    Fact("excluded", 28, "models", "scored, and left out",
         "7 models (never released), 2 models (no release date) and 19 models (open or closed is not known)"),
    Fact("led", 16, "tests", "tests on which closed models lead", "16 of 17 tests"),
    Fact("tested.open", 0.23, "fraction", "eligible open models", "23 % of the open models"),
    Fact("within_6.private", 0.22, "fraction", "levels on private tests", "22 % of them within 6 months"),
    Fact("waits", 4, "levels", "waits", "4 levels: 80 % on SimpleBench (Claude Fable 5)"),
    Fact("waits_no_more", 62, "levels", "waits no more", "62 levels: 80 % on WeirdML (GPT-5.5)"),
    Fact("biases.larger", 4, "biases", "make the gap look larger", "4"),
    Fact("biases.smaller", 4, "biases", "make the gap look smaller", "4"),
    Fact("move.private", -1.1, "months", "private tests",
         "from 8.6 months to 7.5 months: 1.1 shorter (1.3 shorter by new models, 0.2 longer by late or corrected"
         " scores); can't tell whether the gap itself moved"),
)  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Most levels are still waiting for an open model.",
        "Few of the levels have been matched.",
        "We left out 28 models, most of them because they were never released.",
        "Open models lead on the majority of tests.",
        "Closed models lead on all tests.",
        "Most open models have been tested.",
        "The bulk of the levels on private tests fell within six months.",
        "Private levels rarely survive six months.",
        "Most of the biases make the gap look larger.",
        "62 levels joined those that wait, and four came off the list.",
        "New models made it 0.2 months longer.",
    ],
)
def test_another_share_is_refused(text: str) -> None:
    assert unsupported(text, FACTS)


@pytest.mark.parametrize(
    "text",
    [
        "Few levels are still waiting for an open model.",
        "Most of the levels have been matched.",
        "We left out 28 models; for most of them it is not known if they are open or closed.",
        "Closed models lead on most tests.",
        "Most open models have never been tested.",
        "Half of the eight biases make the gap look larger.",
        "82 % of the levels have been matched.",
        "More than four in five levels have been matched.",
        "More than three in four open models have never been tested.",
        "Four levels joined those that wait, and 62 came off the list.",
        "New models made it 1.3 months shorter, late scores 0.2 longer.",
    ],
)
def test_the_share_that_the_facts_give_is_let_through(text: str) -> None:
    assert unsupported(text, FACTS) == []


@pytest.mark.parametrize(
    ("text", "is_refused"),
    [
        ("At 75 % it took 5.3 months, at 85 % 7.4.", False),
        ("At 75 % it took 7.4 months.", True),
        ("At 75 % it took 7.4 months, at 85 % 5.3 months.", True),
    ],
)
def test_a_lag_belongs_to_its_level(text: str, is_refused: bool) -> None:
    runs = (
        Fact("board", "GPQA Diamond", "", "benchmark", "GPQA Diamond"),
        Fact("run.0.level", 75.0, "percent", "GPQA Diamond", "75 %"),
        Fact("run.0.months", 5.32, "months", "lag at 75 %", "5.3 months later"),
        Fact("run.1.level", 85.0, "percent", "GPQA Diamond", "85 %"),
        Fact("run.1.months", 7.36, "months", "lag at 85 %", "7.4 months later"),
    )
    assert bool(unsupported(text, runs)) == is_refused
