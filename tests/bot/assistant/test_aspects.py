"""Tests of what of a question a text asks, and of names in it that nothing here has."""

from datetime import date
from typing import Any

import pytest
import yaml

from core.questions import ask
from core.store.store import Store
from core.words import day as in_words
from tests.bot.assistant.conftest import TODAY, Read
from tests.conftest import ROOT

ENTRIES: list[dict[str, Any]] = yaml.safe_load((ROOT / "tests/eval/aspects.yml").read_text(encoding="utf-8"))


def test_enough_texts_are_judged() -> None:
    assert len({entry["text"] for entry in ENTRIES}) >= 100


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["text"])
def test_what_is_asked_of_a_question_is_read(entry: dict[str, Any], reading: Read) -> None:
    got = reading(entry["text"])
    assert (got.name, got.aspect) == (entry["question"], entry["aspect"])
    assert dict(got.fields).items() >= entry["fields"].items()


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["text"])
def test_the_first_line_answers_what_was_asked(entry: dict[str, Any], reading: Read, store: Store) -> None:
    got = reading(entry["text"])
    assert got.question
    answer = ask(got.question, store, TODAY)
    first = (answer.about(got.aspect) if got.aspect else answer).lines[0]
    assert entry["first"].lower() in f"{first.label} {first.text}".lower()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("draw the gap over time", "index"),
        ("is the gap growing?", "index"),
        ("bar chart of the gap by test", "benchmarks"),
        ("on which test is the gap largest?", "benchmarks"),
        ("show me a chart of the gap", "catch-up"),
    ],
)
def test_the_first_chart_is_the_one_that_was_asked_for(text: str, kind: str, reading: Read, store: Store) -> None:
    got = reading(text)
    assert got.question
    assert got.aspect
    assert ask(got.question, store, TODAY).about(got.aspect).charts[0].kind == kind


def test_a_name_that_nothing_has_is_said_after_another_question_too(reading: Read) -> None:
    got = reading("and on superduperbench?", "how far behind are open models?")
    assert got.sentence == 'No test is called "superduperbench". Near: SimpleBench. The gap over all tests: /gap.'
    assert [offer.label for offer in got.offers[:1]] == ["gap · SimpleBench"]


@pytest.mark.parametrize(
    ("text", "named", "near"),
    [
        ("purple elephants dance around Kimi K3 forever", "Kimi K3", "model · Kimi K3"),
        ("purple elephants dance around WeirdML forever", "WeirdML", "gap · WeirdML"),
    ],
)
def test_a_text_that_can_t_be_read_is_offered_a_question_on_what_it_names(
    text: str, named: str, near: str, reading: Read
) -> None:
    got = reading(text)
    assert got.sentence == f"I'm not sure what you ask about {named}."
    assert near in {offer.understood for offer in got.near}


def test_each_of_several_readings_has_the_aspect(reading: Read) -> None:
    choices = reading("is the gap of deepseek v4 closing?").alternatives
    assert len(choices) > 1
    assert {choice.aspect for choice in choices} == {"direction"}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("the newest brief", None), ("show me the latest brief", None), ("todays breif pls", None),
        ("gimme the 1 min tldr brief", None), ("the brief for May", "2026-05-31"), ("what did last week's brief say?",
        "2026-11-22"), ("Show me the July 2026 briefing.", "2026-07-31"), ("brief of 22 august 2026", "2026-08-22"),
        ("where do I find the weekly brief?", None), ("what does your latest brief say", None),
        ("could I see the newest digest?", None),
    ],
)  # fmt: skip
def test_who_asks_for_a_brief_gets_that(text: str, day: str | None, reading: Read) -> None:
    got = reading(text)
    assert got.is_brief
    assert got.question is None
    assert got.brief_day == (day and date.fromisoformat(day))
    assert got.understood == ("the newest brief" if day is None else f"the brief of {in_words(got.brief_day)}")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("give me a brief overview of the gap", "gap"), ("in brief, how far behind are open models?", "gap"),
        ("can I reuse your briefs?", "sources"), ("how do I schedule a brief", None),
    ],
)  # fmt: skip
def test_who_wants_it_short_or_asks_about_briefs_is_not_given_one(text: str, name: str | None, reading: Read) -> None:
    assert reading(text).name == name


@pytest.mark.parametrize("text", ["help", "what can you do?", "what can I ask?"])
def test_who_asks_what_can_be_asked_hears_that(reading: Read, text: str) -> None:
    assert (reading(text).sentence or "").startswith("Ask how far behind open models are")
