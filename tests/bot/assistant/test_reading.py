"""The reply to free text: the answer to what was understood, or one sentence."""

import asyncio
from pathlib import Path

import pytest

from bot.assistant.reading import Context, Reply
from tests.bot.assistant.scripted import HERE, NOW, assistant_of, settings_of


def fetch_reply(evidence_file: Path, text: str, *before: str) -> Reply:
    """Return the reply to a text, after others that were typed before."""
    assistant = assistant_of(settings_of(evidence_file, None))

    async def of() -> Reply:
        context = Context()
        for typed in before:
            context = context.after_reply(await assistant.reply(typed, HERE, NOW, context))
        return await assistant.reply(text, HERE, NOW, context)

    return asyncio.run(of())


def test_a_text_goes_on_from_the_question_before(evidence_file: Path) -> None:
    got = fetch_reply(evidence_file, "and on gpqa?", "how far behind are open models?")
    assert got.answer.question["benchmark"] == "gpqa-diamond 1"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("how far behind is kimi k9", 'No model is called "kimi k9". Did you mean'),
        ("gap on arc-agi-3", 'No test is called "arc-agi-3". Did you mean'),
        ("how big was the gap in 2018?", "The data begins with models of"),
        ("gap on 31 june 2025", "is no date. Write it as"),
        ("what if an open model got 90 %?", "The benchmark is missing; give one"),
    ],
)
def test_what_cant_be_answered_is_one_sentence(evidence_file: Path, text: str, sentence: str) -> None:
    got = fetch_reply(evidence_file, text)
    assert got.answer is None
    assert got.sentence
    assert sentence in got.sentence
    assert "\n" not in got.sentence


def test_a_choice_is_answered_once_it_is_made(evidence_file: Path) -> None:
    got = fetch_reply(evidence_file, "how far behind is deepseek v4")
    assert (got.answer, got.sentence) == (None, "That can mean several things; choose one.")
    chosen = asyncio.run(assistant_of(settings_of(evidence_file, None)).answer_reading(got.reading.alternatives[0]))
    assert chosen.answer
    assert chosen.reading is got.reading.alternatives[0]
