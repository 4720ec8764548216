"""The reply to free text: the answer to what was understood, or one sentence."""

import pytest

from bot.assistant.reader import none
from bot.assistant.reply import Reply, answered, reply
from core.questions import GapQuestion, ask
from core.store.store import Store
from tests.bot.assistant.conftest import TODAY


def said(store: Store, text: str, *before: str) -> Reply:
    previous = None
    for typed in before:
        previous = reply(typed, store, TODAY, previous).reading.question
    return reply(text, store, TODAY, previous)


def test_a_question_gets_the_answer_that_every_face_shows(store: Store) -> None:
    got = said(store, "what's the gap on private tests")
    assert got.answer == ask(GapQuestion(access="private"), store, TODAY)
    assert got.sentence is None


def test_a_text_goes_on_from_the_question_before(store: Store) -> None:
    got = said(store, "and on gpqa?", "how far behind are open models?")
    assert got.answer
    assert got.answer.question["benchmark"] == "gpqa-diamond 1"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("how far behind is kimi k9", 'No model is called "kimi k9". Did you mean'),
        ("gap on arc-agi-3", 'No benchmark is called "arc-agi-3". Did you mean'),
        ("how big was the gap in 2018?", "The data begins with models of"),
        ("what changed since yesterday", "Nothing was recorded after"),
        ("gap on 31 june 2025", "is no date. Write it as"),
        ("what if an open model got 90 %?", "The benchmark is missing; give one"),
    ],
)
def test_what_cant_be_answered_is_one_sentence(store: Store, text: str, sentence: str) -> None:
    got = said(store, text)
    assert got.answer is None
    assert got.sentence
    assert sentence in got.sentence
    assert "\n" not in got.sentence


def test_what_is_no_question_gets_the_sentence_of_what_can_be_asked(store: Store) -> None:
    assert said(store, "what's the weather?") == Reply(none(), sentence=none().sentence)


def test_a_choice_is_answered_once_it_is_made(store: Store) -> None:
    got = said(store, "how far behind is deepseek v4")
    assert (got.answer, got.sentence) == (None, "That can mean several things; choose one.")
    chosen = answered(got.reading.alternatives[0], store, TODAY)
    assert chosen.answer
    assert chosen.reading is got.reading.alternatives[0]
