"""The set of questions asked of a model: what is counted of its reading, its words, its tokens and its time."""

from dataclasses import replace
from pathlib import Path

from bot.assistant import model_evaluation
from bot.assistant.evaluation import READ_ON, Entry, load
from tests.bot.assistant.scripted import QUICK, settings_of
from tests.conftest import ROOT
from tests.fakes.openai import Asked, FakeOpenAI, Reply, always, calls, error, text

ENTRIES = [
    Entry("how far behind are open models?", "gap", "plain"),
    Entry("the gap on gpqa", "gap", "plain", {"benchmark": "gpqa"}),
    Entry("and on private tests?", "gap", "follow-up", {"access": "private"}, after="how far behind are they?"),
    Entry("what's the weather", None, "other"),
]


def reader(asked: Asked) -> Reply:
    """A model that reads these four, and words one of them wrongly."""
    typed = asked.messages[1]["content"]
    if asked.slots:
        words = "It is 3 months, {q1.gap.public}." if "gpqa" in typed else "Open models trail by {q1.about.private}."
        return text(words)
    if "weather" in typed:
        return text("It is sunny.")
    given = {"benchmark": "gpqa"} if "gpqa" in typed else {"access": "private"} if "private" in typed else {}
    return calls(gap=given)


def test_reading_words_tokens_cost_and_time_are_measured(evidence_file: Path) -> None:
    with FakeOpenAI(always(reader)) as model:
        settings = settings_of(evidence_file, model)
        settings = replace(settings, llm_model="gpt-4o-mini")
        found = model_evaluation.run(ENTRIES, settings, READ_ON, QUICK)
    assert found.score.answerable == (3, 3)
    assert found.score.answered_wrongly == 0
    assert len(found.seconds) == 4
    words, rules, tokens, seconds = found.lines()
    assert words == "Words of gpt-4o-mini that held when they were checked: 2 of 3"
    assert rules == "Answered by rules instead: 2 for its words or since it asked nothing, 0 since it failed"
    assert tokens.startswith("Tokens: ")
    assert "US$" in tokens or "not known" in tokens
    assert seconds.startswith("Time a question: ")


def test_a_model_that_fails_is_scored_as_the_rules_that_stand_in(evidence_file: Path) -> None:
    with FakeOpenAI(always(error(500))) as model:
        found = model_evaluation.run(ENTRIES, settings_of(evidence_file, model), READ_ON, QUICK)
    assert found.score.answerable == (3, 3)
    assert found.lines()[1].endswith("4 since it failed")
    assert found.lines()[2].endswith("its price is not known")


def test_the_whole_set_runs_through_the_assistant(evidence_file: Path) -> None:
    """A model that reads by the set itself: the mechanics of every question, its tool call and its first sentence."""
    entries = load(ROOT / "tests" / "eval" / "questions.yml")

    def step(asked: Asked) -> Reply:
        last = next(each["content"] for each in reversed(asked.messages) if each["role"] == "user")
        entry = next((each for each in entries if each.text.split() == last.split()), None)
        if entry is None or entry.question is None:
            return text("No.")
        if asked.slots:
            sentence = asked.messages[-1]["content"].split("\n- ")[1].split("\n")[0]
            return text(f"{sentence}.")
        return calls(**{entry.question: dict(entry.fields)})

    chosen = entries[::8]
    with FakeOpenAI(always(step)) as model:
        found = model_evaluation.run(
            chosen, settings_of(evidence_file, model), READ_ON, replace(QUICK, whole=10, call=10)
        )
    right, asked = found.score.answerable
    assert right >= 0.9 * asked
    assert found.score.answered_wrongly == 0
    assert sum(each.reply.worded is not None for each in found.score.outcomes) >= 0.8 * asked
