"""The set of texts and the score of the check on it: what is right, what is refused, and the bars that are met."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from bot.assistant.grounding_evaluation import READ_ON, Entry, Outcome, Score, load, run
from core.errors import UsageError
from core.grounding import Violation, all_names, unsupported
from core.questions import QUESTIONS, ask
from core.store.store import Store
from tests.conftest import ROOT

SET = ROOT / "tests" / "eval" / "grounding.yml"
KINDS = {"number", "unit", "subject", "role", "direction", "name", "cause", "nonsense"}
ASKED = [
    ("gap", {}),
    ("gap", {"benchmark": "metr"}),
    ("gap", {"country": "US"}),
    ("gap", {"as_of": "2026-05-22", "known_by": "2026-05-22", "method": "study"}),
    ("frontier", {}),
    ("frontier", {"benchmark": "weirdml"}),
    ("compare", {"left": "china", "right": "us"}),
    ("compare", {"left": "gpqa", "right": "metr"}),
    ("what_if", {"benchmark": "frontiermath", "score": "45", "day": "2026-12-01"}),
    ("changes", {"since": "2026-06-12"}),
    ("timeline", {"benchmark": "gpqa", "level": "80"}),
    ("timeline", {"model": "gpt-4"}),
    ("model", {"model": "DeepSeek-R1"}),
    ("waiting", {}),
    ("trust", {}),
    ("others", {}),
    ("terms", {"term": "open weights"}),
    ("sources", {"benchmark": "metr"}),
]


@pytest.fixture(scope="module")
def score(store: Store) -> Score:
    return run(load(SET), store, READ_ON)


def test_nearly_all_altered_texts_are_refused_and_hardly_a_grounded_one(score: Score) -> None:
    assert score.passes, "\n".join(f"{each.entry.text!r}: {each.violations}" for each in score.failed)


def test_the_set_holds_every_kind_and_as_many_grounded_texts_as_altered() -> None:
    entries = load(SET)
    kinds = Counter(each.kind for each in entries if not each.is_grounded)
    assert set(kinds) == KINDS
    assert min(kinds.values()) >= 10
    assert sum(kinds.values()) >= 150
    assert sum(each.is_grounded for each in entries) >= 150
    assert len({(each.text, str(each.question)) for each in entries}) == len(entries)
    assert len({each.question["name"] for each in entries}) == len(QUESTIONS)


@pytest.mark.parametrize(("name", "fields"), ASKED, ids=str)
def test_every_line_of_an_answer_of_ours_is_supported_by_its_facts(
    store: Store, name: str, fields: dict[str, str]
) -> None:
    answer = ask(QUESTIONS[name].from_words(**fields), store, date(2026, 11, 25))
    for line in answer.lines:
        text = f"{line.label}: {line.text}" if line.label else line.text
        assert unsupported(text, answer.facts, known_names=all_names(store)) == []


# ---- the score


def outcome(*, is_grounded: bool, is_refused: bool, kind: str = "plain") -> Outcome:
    wrong = (Violation("number", "9", "It is 8."),) if is_refused else ()
    return Outcome(Entry({"name": "gap"}, "a text", is_grounded, kind), wrong)


def test_right_is_to_refuse_what_is_altered_and_nothing_else() -> None:
    right = [outcome(is_grounded=False, is_refused=True, kind="unit"), outcome(is_grounded=True, is_refused=False)]
    wrong = [outcome(is_grounded=False, is_refused=False, kind="unit"), outcome(is_grounded=True, is_refused=True)]
    score = Score((*right, *wrong))
    assert (score.refused, score.false_alarms) == ((1, 2), (1, 2))
    assert score.failed == wrong
    assert score.by_kind() == [("unit", False, 1, 2), ("plain", True, 1, 2)]
    assert not score.passes
    assert Score(tuple(right)).passes


# ---- the file


def test_names_may_have_dashes_and_days_may_be_days(tmp_path: Path) -> None:
    path = tmp_path / "set.yml"
    path.write_text("texts:\n- {question: {name: what-if, as-of: 2026-08-22, score: 45}, text: a, grounded: true}\n")
    [entry] = load(path)
    assert entry.question == {"name": "what_if", "as_of": "2026-08-22", "score": "45"}
    assert (entry.kind, entry.why) == ("plain", "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a: [",
        "[]",
        "texts: []",
        "texts: [5]",
        "texts: [{text: a, grounded: true}]",
        "texts: [{question: {name: gap}, text: a}]",
        "texts: [{question: {name: gap}, text: a, grounded: true, colour: red}]",
        "texts: [{question: {name: weather}, text: a, grounded: true}]",
        "\x00",
    ],
)
def test_what_is_no_set_is_refused_in_one_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "set.yml"
    path.write_text(text)
    with pytest.raises(UsageError, match=r"set\.yml"):
        load(path)


def test_a_field_that_a_question_does_not_have_is_named(store: Store) -> None:
    with pytest.raises(UsageError, match="colour"):
        run([Entry({"name": "gap", "colour": "red"}, "a", True, "plain")], store, READ_ON)
