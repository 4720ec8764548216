"""The set of questions and its score: what is right, what is refused, and the bar that the reader meets."""

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.assistant.evaluation import BAR, READ_ON, Entry, Outcome, Score, load, run
from bot.assistant.reader import read
from bot.assistant.reply import Reply, reply
from core.errors import UsageError
from core.evidence import names
from core.questions import QUESTIONS
from core.store.store import Store
from tests.bot.assistant.conftest import TODAY
from tests.conftest import ROOT

SET = ROOT / "tests" / "eval" / "questions.yml"
KINDS = {"plain", "typo", "slang", "date", "language", "vague", "followup", "off-topic", "unanswerable", "hostile"}


@pytest.fixture(scope="module")
def score(store: Store) -> Score:
    return run(load(SET), store, READ_ON)


# ---- the bar


def test_nine_in_ten_are_read_right_and_nothing_else_is_answered(score: Score) -> None:
    right, asked = score.answerable
    failed = "\n".join(f"{each.entry.text!r}: expected {each.expected}, got {each.got}" for each in score.failed)
    assert right >= BAR * asked, failed
    assert score.answered_wrongly == 0, failed
    assert score.passes


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
    assert all((entry.after is not None) == (entry.kind == "followup") for entry in entries)
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


def outcome(store: Store, text: str, **entry: object) -> Outcome:
    wanted = Entry(text, **{"question": "gap", "kind": "plain", **entry})  # type: ignore[arg-type]
    return Outcome(wanted, reply(text, store, TODAY))


def test_right_is_the_question_with_every_named_field(store: Store) -> None:
    assert outcome(store, "gap on gpqa").is_right
    assert outcome(store, "gap on gpqa", fields={"benchmark": "GPQA Diamond"}).is_right
    assert not outcome(store, "gap on gpqa", fields={"benchmark": "SimpleBench"}).is_right
    assert not outcome(store, "gap on gpqa", question="frontier").is_right
    assert not outcome(store, "gap on gpqa", question=None).is_right
    assert not outcome(store, "deepseek v4", question="model").is_right


def test_facts_must_be_in_the_answer(store: Store) -> None:
    assert outcome(store, "gap on private tests", facts=("gap.private",)).is_right
    assert not outcome(store, "gap on private tests", facts=("gap.public",)).is_right
    assert not outcome(store, "gap in 2018", facts=("gap.public",)).is_right


def test_the_sides_of_a_comparison_may_stand_in_either_order(store: Store) -> None:
    sides = {"left": "United States of America", "right": "China"}
    assert outcome(store, "china vs usa", question="compare", fields=sides).is_right
    assert outcome(store, "china vs usa", question="compare", fields={"left": "China"}).is_right
    assert not outcome(store, "china vs usa", question="compare", fields={**sides, "right": "France"}).is_right


def test_where_nothing_is_meant_right_is_no_answer_and_no_offer(store: Store) -> None:
    assert outcome(store, "what's the weather", question=None).is_right
    assert not outcome(store, "how far behind is deepseek v4", question=None).is_right
    wrong = outcome(store, "gap?", question=None)
    assert not Score((wrong,)).passes
    assert Score((wrong,)).answered_wrongly == 1


def test_below_the_bar_the_set_fails(store: Store) -> None:
    right, wrong = outcome(store, "gap?"), outcome(store, "gap?", question="frontier")
    assert Score((right,) * 9 + (wrong,)).passes
    below = Score((right,) * 8 + (wrong, wrong))
    assert not below.passes
    assert below.answerable == (8, 10)
    assert below.failed == [wrong, wrong]
    assert below.by("question") == [("gap", 8, 8), ("frontier", 0, 2)]
    assert (wrong.expected, wrong.got) == ("frontier", "gap")


def test_an_offer_says_what_was_offered(store: Store) -> None:
    got = outcome(store, "how far behind is deepseek v4", question="model")
    assert " or " in got.got
    nothing = replace(got, reply=Reply(read("hm", store, TODAY)))
    assert nothing.got == "nothing"


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
