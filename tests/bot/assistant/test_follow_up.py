"""A text that goes on from the question before it, and one that stands on its own."""

from dataclasses import replace

import pytest

from bot.assistant.reader import read_text
from bot.assistant.reading import Context
from core.questions.best import BestQuestion
from core.store.store import Store
from tests.bot.assistant.conftest import TODAY, Read


@pytest.mark.parametrize(
    "text",
    [
        "how far behind are open models?",
        "who leads on weirdml",
        "what does open weights mean",
        "compare china us",
        "when did they reach 80 % on gpqa",
        "how far behind are open models without deepseek",
    ],
)
def test_a_whole_question_stands_on_its_own(reading: Read, text: str) -> None:
    assert replace(reading(text, "gap for China on private tests a year ago"), near=()) == replace(
        reading(text), near=()
    )


def test_the_model_of_the_last_answer_is_what_a_fact_is_asked_of(store: Store) -> None:
    context = Context().after_question(BestQuestion(), model="Kimi K3")
    for text in ("who made it?", "what is its licence?", "and how far behind is it?"):
        assert read_text(text, store, TODAY, context).understood == "model · Kimi K3", text


@pytest.mark.parametrize(
    ("line", "model_before", "text", "aspect"),
    [
        ("Most often best: MiniMax-M3 (2 of 4 tests) and GLM-5.1 (2 of 6)", "", "compare the two", None),
        ("MiniMax-M3 leads GLM-5.1", "Kimi K3", "which of them is the oldest?", "when"),
        ("GLM-5.1 is the best open model", "MiniMax-M3", "side by side please", None),
    ],
)
def test_them_are_the_models_of_the_last_answer_or_of_the_last_two(
    store: Store, line: str, model_before: str, text: str, aspect: str | None
) -> None:
    context = Context((BestQuestion(),), line=line, model="GLM-5.1", model_before=model_before)
    got = read_text(text, store, TODAY, context)
    assert (got.understood, got.aspect) == ("compare · MiniMax-M3 · against GLM-5.1", aspect)


def test_an_aside_about_a_model_leaves_the_question_before_it(store: Store) -> None:
    best = read_text("best Chinese model for coding", store, TODAY)
    assert best.question
    context = Context().after_question(best.question, best, "Kimi K3")
    aside = read_text("who made it?", store, TODAY, context)
    assert (aside.name, aside.aspect) == ("model", "lab")
    assert aside.question
    context = context.after_question(aside.question, aside, "Kimi K3")
    assert read_text("what about for maths", store, TODAY, context).understood == "best · maths tests · China"
    assert read_text("and GLM-5?", store, TODAY, context).understood == "model · GLM-5"


@pytest.mark.parametrize("text", ["give me all of them, the full list", "show me everything", "the complete list"])
def test_the_whole_list_is_the_same_question_in_full(reading: Read, text: str) -> None:
    got = reading(text, "what changed since May 2026")
    assert (got.name, got.fields, got.in_full) == ("changes", {"since": "2026-05-01"}, True)
    assert not reading("give me the full list of models from Mistral", "gap for China").in_full


def test_the_winner_is_the_side_that_was_ahead(store: Store) -> None:
    compared = read_text("DeepSeek or Qwen, who is ahead?", store, TODAY)
    assert compared.question
    context = replace(Context().after_question(compared.question, compared), winner="open Alibaba")
    assert read_text("and Kimi against the winner?", store, TODAY, context).fields == {
        "left": "open Moonshot",
        "right": "open Alibaba",
    }
    undecided = read_text("and Kimi against the winner?", store, TODAY, replace(context, winner=""))
    assert (undecided.sentence or "").startswith("Neither side is ahead")


def test_another_brief_is_asked_for_by_its_day_alone(reading: Read) -> None:
    assert reading("and the one for a month later", "brief for 22 May 2026 please").fields == {"as_of": "2026-06-22"}
    assert reading("what about June 2026", "give me the brief").fields == {"as_of": "2026-06-30"}
    assert reading("what about June 2026", "how far behind are open models?").understood == "gap · as of 30 June 2026"
