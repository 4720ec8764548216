"""The set of questions asked of a model: what is counted of its reading, its tokens and its time."""

from dataclasses import replace
from pathlib import Path

from bot.assistant import model_evaluation
from bot.assistant.evaluation import READ_ON, Entry, load
from tests.bot.assistant.scripted import settings_of
from tests.conftest import ROOT
from tests.fakes.openai import Asked, FakeOpenAI, Reply, always, declines, error, reads, text

ENTRIES = [
    Entry("how far behind are open models?", "gap", "plain"),
    Entry("the gap on gpqa", "gap", "plain", {"benchmark": "gpqa"}),
    Entry("and on private tests?", "gap", "follow-up", {"access": "private"}, after="how far behind are they?"),
    Entry("what's the weather", None, "other"),
]


def reader(asked: Asked) -> Reply:
    """A model that reads three of these four."""
    if "weather" in asked.text:
        return declines("other_subject")
    if "gpqa" in asked.text:
        return text("That is the gap.")
    return reads(("gap", {"access": "private"} if "private" in asked.text else {}))


def test_reading_tokens_cost_and_time_are_measured(evidence_file: Path) -> None:
    with FakeOpenAI(always(reader)) as model:
        settings = settings_of(evidence_file, model)
        settings = replace(settings, llm_model="gpt-4o-mini")
        found = model_evaluation.run(ENTRIES, settings, READ_ON)
    assert found.score.answerable == (3, 3)
    assert found.score.answered_wrongly == 0
    assert len(found.seconds) == 4
    read, tokens, seconds = found.lines()
    assert read == (
        "Read by gpt-4o-mini: 3 of 4; by rules instead: 1 since what it said could not be used, 0 since it failed"
    )
    assert tokens.startswith("Tokens: ")
    assert "US$" in tokens or "not known" in tokens
    assert seconds.startswith("Time a question: ")


def test_a_model_that_fails_is_scored_as_the_rules_that_stand_in(evidence_file: Path) -> None:
    with FakeOpenAI(always(error(500))) as model:
        found = model_evaluation.run(ENTRIES, settings_of(evidence_file, model), READ_ON)
    assert found.score.answerable == (3, 3)
    assert found.lines()[0].endswith("4 since it failed")
    assert found.lines()[1].endswith("its price is not known")


def test_the_whole_set_runs_through_the_assistant(evidence_file: Path) -> None:
    """A model that reads by the set itself: the mechanics of every question and its fields."""
    entries = load(ROOT / "tests" / "eval" / "questions.yml")

    def step(asked: Asked) -> Reply:
        entry = next((each for each in entries if each.text.split() == asked.text.split()), None)
        if entry is None or entry.question is None:
            return declines("other_subject")
        return reads((entry.question, dict(entry.fields)))

    chosen = entries[::8]
    with FakeOpenAI(always(step)) as model:
        found = model_evaluation.run(chosen, settings_of(evidence_file, model), READ_ON)
    right, asked = found.score.answerable
    assert right >= 0.9 * asked
    assert found.score.answered_wrongly == 0
    assert f"Read by fake: {len(chosen)} of {len(chosen)};" in found.lines()[0]
