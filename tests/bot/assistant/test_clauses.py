"""The part of a text that asks, without what is told around it."""

import pytest

from bot.assistant import clauses, names
from core.store.store import Store
from tests.bot.assistant.conftest import Read


def asked(text: str, store: Store) -> str | None:
    found = clauses.asked(text, names.index(store))
    return found.text if found else None


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Open models are cheap. Closed ones are expensive. How big is the gap?", "How big is the gap?"),
        ("how far behind are open models? asking for a friend", "how far behind are open models?"),
        ("for a memo at work: how big is the gap", "how big is the gap"),
        ("because my boss asks, how big is the gap", "how big is the gap"),
        ("how big is the gap, we need it for a talk", "how big is the gap"),
        ("how far behind is Phi-4 on my laptop", "how far behind is Phi-4"),
    ],
)
def test_what_is_told_around_a_question_is_left_out(store: Store, text: str, question: str) -> None:
    assert asked(text, store) == question


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("I run Gemma 3 27B at home. How far behind is it?", "How far behind is Gemma 3 27B?"),
        ("Mistral is nice. Are they far behind?", "Are Mistral far behind?"),
        ("Kimi K3 is out. How far behind is GLM-5, is it known?", "How far behind is GLM-5, is it known?"),
    ],
)
def test_a_name_that_was_told_stands_for_it_unless_the_question_names_its_own(
    store: Store, text: str, question: str
) -> None:
    assert asked(text, store) == question


@pytest.mark.parametrize(
    "text",
    [
        "how big is the gap",
        "Open models are cheap. Closed ones are expensive.",
        "How big is the gap? Who leads on GPQA?",
        "How far behind is China? In robotics.",
        "how far behind, on GPQA, are open models",
        "what is the best model on my laptop",
    ],
)
def test_nothing_is_left_out_of_one_question_two_or_none(store: Store, text: str) -> None:
    assert asked(text, store) is None or asked(text, store) == text


def test_a_name_that_was_only_told_is_said_to_be_left_aside(reading: Read) -> None:
    got = reading("Kimi K3 is cheap. How far behind are open models?")
    assert got.understood == "gap · Kimi K3 left aside"
    assert got.aside == ("Kimi K3",)


def test_a_day_to_come_is_never_left_out(reading: Read) -> None:
    assert reading("In 2028 everybody has robots. How far behind are open models?").question is None


@pytest.mark.parametrize(
    "text",
    [
        "My train is late. How far behind is it?",
        "my boss says we're behind, how far behind are we",
        "Someone beat me at chess. How long until I catch up?",
    ],
)
def test_a_question_about_something_else_that_was_told_is_not_ours(reading: Read, text: str) -> None:
    assert reading(text).question is None


@pytest.mark.parametrize(
    ("text", "name", "aside"),
    [
        ("how far behind is Grok 4 and what about kimi k2 thinking", "model", ("what about kimi k2 thinking",)),
        ("explain open weights; and who leads on weirdml?", "terms", ("who leads on weirdml",)),
        (
            "How big is the gap? Who leads on GPQA? And what changed since March?",
            "gap",
            ("Who leads on GPQA", "what changed since March"),
        ),
        ("is the gap closing and how far behind are open models on GPQA", "gap", ()),
    ],
)
def test_of_several_questions_the_first_is_answered_and_the_others_are_named(
    reading: Read, text: str, name: str, aside: tuple[str, ...]
) -> None:
    got = reading(text)
    assert (got.name, got.aside) == (name, aside)
    assert ("left aside, to be asked separately: " in got.understood) == bool(aside)


def test_two_models_are_not_compared_but_each_can_be_asked_for(reading: Read) -> None:
    got = reading("compare DeepSeek V4 Pro with GPT-5")
    assert [each.understood for each in got.alternatives] == [
        "model · DeepSeek-V4-Pro",
        "model · GPT-5 (gpt-5-2025-08-07)",
    ]


def test_a_model_that_another_is_held_against_is_said_to_be_left_aside(reading: Read) -> None:
    got = reading("how far behind GPT-5 is Kimi K2 Thinking")
    assert got.understood == "model · Kimi K2 Thinking · GPT-5 (gpt-5-2025-08-07) left aside"
