"""The set of questions and its score, by rules and by a model: what is right, what is refused, and the bar."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.assistant.reading import Reading, Reply
from bot.evaluation.scoring import READ_ON, Case, Outcome, Score, _has_fields, load, run
from core.errors import UsageError
from core.names import names
from core.questions import QUESTIONS
from core.store.store import Store
from tests.bot.assistant.scripted import settings_of
from tests.conftest import ROOT
from tests.fakes.openai import Asked, FakeOpenAI, always, declines, error, reads
from tests.fakes.openai import Reply as ModelReply
from tests.fakes.openai import text as in_words

SET = ROOT / "tests" / "eval" / "questions.yml"
KINDS = {"plain", "typo", "slang", "date", "language", "vague", "followup", "off-topic", "unanswerable", "hostile"}


# ---- the set


def test_the_set_asks_every_question_in_every_way() -> None:
    entries = load(SET)
    kinds = Counter(entry.kind for entry in entries)
    assert len(entries) >= 150
    assert set(kinds) == KINDS
    assert {entry.question for entry in entries} == {*QUESTIONS, None}
    assert kinds["off-topic"] >= 15
    assert kinds["unanswerable"] >= 10
    assert kinds["hostile"] >= 12
    assert all(
        (entry.question is None) == (entry.kind in ("off-topic", "unanswerable", "hostile")) for entry in entries
    )
    assert all(bool(entry.after) == (entry.kind == "followup") for entry in entries)
    assert len({(entry.text, entry.after) for entry in entries}) == len(entries)


def test_the_set_names_things_as_they_are_shown(store: Store) -> None:
    shown = {
        field: {name.shown for name in known}
        for field, known in (
            ("benchmark", names.benchmarks(store)),
            ("model", names.models(store)),
            ("lab", names.labs(store)),
            ("country", names.countries(store)),
            ("term", names.terms(store)),
        )
    }
    for entry in load(SET):
        for field, value in entry.fields.items():
            if field in ("as_of", "known_by", "since", "until", "day"):
                assert date.fromisoformat(str(value)), entry
            else:
                assert value in shown.get(field, {value}), entry


# ---- the score


Wanted = Callable[..., Outcome]


@pytest.fixture
def outcome(evidence_file: Path) -> Wanted:
    """Return the outcome of a text: outcome("gap on gpqa", question="gap")."""

    def of(text: str, **entry: object) -> Outcome:
        wanted = Case(text, **{"question": "gap", "kind": "plain", **entry})  # type: ignore[arg-type]
        return run([wanted], settings_of(evidence_file, None), READ_ON).outcomes[0]

    return of


def test_right_is_the_question_with_every_named_field(outcome: Wanted) -> None:
    assert outcome("gap on gpqa").is_right
    assert outcome("gap on gpqa", fields={"benchmark": "GPQA Diamond"}).is_right
    assert not outcome("gap on gpqa", fields={"benchmark": "SimpleBench"}).is_right
    assert not outcome("gap on gpqa", question="frontier").is_right
    assert not outcome("gap on gpqa", question=None).is_right
    assert not outcome("deepseek v4", question="model").is_right


def test_facts_must_be_in_the_answer(outcome: Wanted) -> None:
    assert outcome("gap on private tests", facts=("gap.private",)).is_right
    assert not outcome("gap on private tests", facts=("gap.public",)).is_right
    assert not outcome("gap in 2018", facts=("gap.public",)).is_right


def test_the_sides_of_a_comparison_may_stand_in_either_order(outcome: Wanted) -> None:
    sides = {"left": "United States of America", "right": "China"}
    assert outcome("china vs usa", question="compare", fields=sides).is_right
    assert outcome("china vs usa", question="compare", fields={"left": "China"}).is_right
    assert not outcome("china vs usa", question="compare", fields={**sides, "right": "France"}).is_right


def test_where_nothing_is_meant_right_is_no_answer_and_no_offer(outcome: Wanted) -> None:
    assert outcome("what's the weather", question=None).is_right
    assert not outcome("how far behind is deepseek v4", question=None).is_right
    wrong = outcome("gap?", question=None)
    assert not Score((wrong,)).passes
    assert Score((wrong,)).wrongly_answered == 1


def test_below_the_bar_the_set_fails(outcome: Wanted) -> None:
    right, wrong = outcome("gap?"), outcome("gap?", question="frontier")
    assert Score((right,) * 9 + (wrong,)).passes
    below = Score((right,) * 8 + (wrong, wrong))
    assert not below.passes
    assert below.answerable == (8, 10)
    assert below.failures == [wrong, wrong]
    assert below.count_by("question") == [("gap", 8, 8), ("frontier", 0, 2)]
    assert (wrong.expected, wrong.actual) == ("frontier", "gap")


def test_a_turn_is_read_after_all_those_before_it(outcome: Wanted) -> None:
    wanted = {"question": "compare", "fields": {"left": "GLM-5", "right": "Kimi K3"}}
    assert outcome("side by side?", after=("how far behind is GLM-5?", "and Kimi K3?"), **wanted).is_right
    assert not outcome("side by side?", after="how far behind is GLM-5?", **wanted).is_right


def test_an_offer_says_what_was_offered(outcome: Wanted) -> None:
    got = outcome("how far behind is deepseek v4", question="model")
    assert " or " in got.actual
    nothing = replace(got, reply=Reply(Reading()))
    assert nothing.actual == "nothing"


# ---- the file


def test_a_set_may_be_a_list_or_hold_one(tmp_path: Path) -> None:
    path = tmp_path / "set.yml"
    for text in ("- {text: gap, question: gap}", "questions:\n- {text: gap, question: gap, fields: {level: 5}}"):
        path.write_text(text)
        [entry] = load(path)
        assert (entry.text, entry.question, entry.kind) == ("gap", "gap", "plain")
    assert entry.fields == {"level": 5.0}


@pytest.mark.parametrize(
    "text", ["", "a: [", "[]", "just words", "- 5", "- {text: 5}", "- {text: gap, colour: red}", "\x00"]
)
def test_what_is_no_set_is_refused_in_one_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "set.yml"
    path.write_text(text)
    with pytest.raises(UsageError, match=r"set\.yml"):
        load(path)
    with pytest.raises(UsageError, match=r"can't be read"):
        load(tmp_path / "absent.yml")


# ---- by a model: what is counted of its reading, its tokens and its time


ENTRIES = [
    Case("how far behind are open models?", "gap", "plain"),
    Case("the gap on gpqa", "gap", "plain", {"benchmark": "gpqa"}),
    Case("and on private tests?", "gap", "follow-up", {"access": "private"}, after="how far behind are they?"),
    Case("what's the weather", None, "other"),
]


def reader(asked: Asked) -> ModelReply:
    """A model that reads three of these four."""
    if "weather" in asked.text:
        return declines("other_subject")
    if "gpqa" in asked.text:
        return in_words("That is the gap.")
    return reads(("gap", {"access": "private"} if "private" in asked.text else {}))


def test_reading_tokens_cost_and_time_are_measured(evidence_file: Path) -> None:
    with FakeOpenAI(always(reader)) as model:
        settings = settings_of(evidence_file, model)
        settings = replace(settings, llm_model="gpt-4o-mini")
        scores = run(ENTRIES, settings, READ_ON, by_model=True)
    assert scores.answerable == (3, 3)
    assert scores.wrongly_answered == 0
    assert len(scores.outcomes) == 4
    read, tokens, seconds = scores.describe_model()
    assert read == (
        "Read by gpt-4o-mini: 3 of 4; by rules instead: 1 since what it said could not be used, 0 since it failed"
    )
    assert tokens.startswith("Tokens: ")
    assert "US$" in tokens or "not known" in tokens
    assert seconds.startswith("Time a question: ")


def test_a_model_that_fails_is_scored_as_the_rules_that_stand_in(evidence_file: Path) -> None:
    with FakeOpenAI(always(error(500))) as model:
        scores = run(ENTRIES, settings_of(evidence_file, model), READ_ON, by_model=True)
    assert scores.answerable == (3, 3)
    assert scores.describe_model()[0].endswith("4 since it failed")
    assert scores.describe_model()[1].endswith("its price is not known")


@pytest.mark.slow
def test_the_whole_set_runs_through_the_assistant(evidence_file: Path) -> None:
    """A model that reads by the set itself: the mechanics of every question and its fields."""
    entries = load(SET)

    def step(asked: Asked) -> ModelReply:
        entry = next((candidate for candidate in entries if candidate.text.split() == asked.text.split()), None)
        if entry is None or entry.question is None:
            return declines("other_subject")
        return reads((entry.question, dict(entry.fields)))

    chosen = entries[::8]
    with FakeOpenAI(always(step)) as model:
        scores = run(chosen, settings_of(evidence_file, model), READ_ON, by_model=True)
    right, asked = scores.answerable
    assert right >= 0.9 * asked
    assert scores.wrongly_answered == 0
    assert f"Read by fake: {len(chosen)} of {len(chosen)};" in scores.describe_model()[0]


@pytest.mark.parametrize(("got", "is_right"), [("24 GB", True), ("48 GB", True), ("16 GB", False), ("64 GB", False)])
def test_a_kind_of_hardware_in_a_set_stands_for_the_memory_it_has(got: str, is_right: bool) -> None:
    assert _has_fields({"size": got}, {"size": "large card"}) == is_right
