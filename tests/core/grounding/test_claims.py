"""Claims that no measurement bears are refused in any wording, and their denials are let through."""

import pytest

from core.answer import Fact
from core.grounding import unsupported
from tests.core.grounding.facts import GAP, NAMES

SUPPOSED = (
    Fact("supposed.model", None, "", "the supposed model", "an open model"),
    Fact("supposed.score", 45.0, "percent", "supposed", "45 %"),
    Fact("supposed.board", "FrontierMath", "", "benchmark", "FrontierMath"),
    Fact("supposed.day", "2026-12-01", "date", "supposed release", "1 December 2026"),
    Fact("move.private", 8.94, "months", "private tests with the supposed score",
         "from 7.5 months to 8.9 months on private tests"),
)  # fmt: skip
BEST = (
    Fact("board", "WeirdML", "", "benchmark", "WeirdML"),
    Fact("best.closed", "Claude Fable 5", "", "best closed model", "Claude Fable 5"),
    Fact("best.closed.score", 91.9, "percent", "Claude Fable 5 on WeirdML", "91.9 %"),
    Fact("best.open", "Kimi K3", "", "best open model", "Kimi K3"),
    Fact("best.open.score", 82.6, "percent", "Kimi K3 on WeirdML", "82.6 %"),
)
ENDS = (
    Fact("nearest.board", "GPQA Diamond", "", "benchmark", "GPQA Diamond"),
    Fact("farthest.board", "MMLU", "", "benchmark", "MMLU"),
)


def kinds(text: str, facts: tuple[Fact, ...] = GAP) -> set[str]:
    return {each.kind for each in unsupported(text, facts, known_names=NAMES)}


@pytest.mark.parametrize(
    "text",
    [
        "Open models definitely trail on private tests.",
        "Beyond any doubt, open models trail on private tests.",
        "There is no question that open models trail on private tests.",
        "It is settled that open models trail on private tests.",
        "Whatever anyone says, open models trail on private tests.",
        "No open model anywhere has matched these levels.",
        "Open models have not matched them, whether tested or not.",
        "Open models are unable to reach 61 % on ARC-AGI-2.",
        "Every open model trails by 7.5 months on private tests.",
    ],
)
def test_certainty_and_all_that_exists_are_refused(text: str) -> None:
    assert "certainty" in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "It is not certain that open models trail by more than that.",
        "Nobody can say for sure which way the gap went.",
        "There is no proof of a change.",
        "Is it beyond doubt? The range is wide.",
        "On public tests the likely change is anywhere from 1 narrower to 4 wider.",
    ],
)
def test_what_denies_certainty_is_let_through(text: str) -> None:
    facts = (*GAP, Fact("change.public.range", "-0.8 to 4.3", "months", "public tests", "likely 1 narrower to 4 wider"))
    assert kinds(text, facts) == set()


@pytest.mark.parametrize(
    "text",
    [
        "The 29 levels are likely to fall soon.",
        "It is only a matter of time until they are matched.",
        "Open models should match them within the next months.",
        "If the trend holds, open models are level next year.",
        "At this pace the gap is gone before long.",
    ],
)
def test_a_forecast_is_refused(text: str) -> None:
    assert "nonsense" in kinds(text)


@pytest.mark.parametrize(
    "text",
    ["Nobody knows when they will be matched.", "That does not mean that the gap will close.", "This is no forecast."],
)
def test_a_denied_forecast_is_let_through(text: str) -> None:
    assert kinds(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "Open models trail by 7.5 months on private tests, which shows how little they understand.",
        "Open models trail by 7.5 months, evidence that open labs are careless.",
        "Open models trail by 7.5 months out of sheer necessity.",
        "The public gap, 5.1 months, comes from leaked questions.",
        "The public gap is 5.1 months, as vendors kept their questions to themselves.",
    ],
)
def test_conclusions_and_reasons_of_ones_own_are_refused(text: str) -> None:
    assert "cause" in kinds(text)


def test_a_conclusion_may_say_what_can_be_told() -> None:
    assert kinds("The range includes no change, which means that we can't tell.") == set()


@pytest.mark.parametrize("word", ["money", "chips", "regulation", "talent", "safety"])
def test_what_nothing_here_measures_is_refused(word: str) -> None:
    assert "topic" in kinds(f"Open models trail by 7.5 months on private tests for reasons of {word}.")


def test_what_a_fact_speaks_of_is_no_foreign_topic() -> None:
    facts = (*GAP, Fact("funding", "OpenAI gave money", "", "who paid", "OpenAI gave money"))
    assert kinds("OpenAI gave money.", facts) == set()


@pytest.mark.parametrize(
    ("text", "is_refused"),
    [
        ("On 1 December 2026 an open model scored 45 % on FrontierMath.", True),
        ("An open model has reached 45 % on FrontierMath, and the private figure is now 8.9 months.", True),
        ("If an open model scored 45 % on FrontierMath, the private figure would go from 7.5 to 8.9 months.", False),
        ("Suppose an open model scored 45 % on FrontierMath. The private figure went from 7.5 to 8.9 months.", False),
    ],
)
def test_what_is_only_supposed_is_not_told_as_done(text: str, is_refused: bool) -> None:
    assert ("certainty" in kinds(text, SUPPOSED)) == is_refused


@pytest.mark.parametrize(
    ("text", "is_refused"),
    [
        ("The best score on WeirdML, 91.9 %, is held by Kimi K3.", True),
        ("The best score on WeirdML, 91.9 %, is held by Claude Fable 5.", False),
        ("Kimi K3 tops WeirdML.", True),
        ("Claude Fable 5 tops WeirdML.", False),
        ("Kimi K3 holds the best open score.", False),
        ("The closed record belongs to Kimi K3.", True),
        ("Nobody does better on WeirdML than Kimi K3.", True),
    ],
)
def test_a_best_score_has_its_holder(text: str, is_refused: bool) -> None:
    assert any("does not hold" in each.why for each in unsupported(text, BEST, known_names=NAMES)) == is_refused


@pytest.mark.parametrize(
    ("text", "is_refused"),
    [
        ("The wait was shortest on MMLU.", True),
        ("The wait was shortest on GPQA Diamond and longest on MMLU.", False),
        ("MMLU is where it took longest.", False),
        ("GPQA Diamond took longest.", True),
    ],
)
def test_the_ends_of_a_list_are_not_each_other(text: str, is_refused: bool) -> None:
    assert any("by the facts, not the" in each.why for each in unsupported(text, ENDS)) == is_refused
