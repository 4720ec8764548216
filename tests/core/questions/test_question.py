"""What every question obeys: fields with descriptions, words read, days filled in, answers kept."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import core
from core.answer import Answer
from core.errors import UsageError
from core.questions import QUESTIONS, GapQuestion, Question, ask
from core.questions.question import read_day
from core.store.store import Store, open_store
from tests.conftest import ROOT

TODAY = date(2026, 12, 1)


@pytest.fixture
def store(evidence_file: Path, tmp_path: Path) -> Iterator[Store]:
    """The shipped data in a file of its own, with no answer kept."""
    path = tmp_path / "evidence.db"
    shutil.copy(evidence_file, path)
    with open_store(path, ROOT / "data") as opened:
        opened.connection.execute("DELETE FROM results")
        opened.connection.commit()
        yield opened


# ---- the registry


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=lambda question: question.name)
def test_every_question_says_what_it_is_for(question: type[Question]) -> None:
    assert QUESTIONS[question.name] is question
    assert question.name.isidentifier()
    assert question.summary.endswith(".")
    assert len(question.phrasings) >= 3
    assert all(phrase.endswith("?") for phrase in question.phrasings)
    for each in fields(question):
        assert each.metadata["description"].endswith("."), each.name
        if "examples" in each.metadata:
            for example in each.metadata["examples"]:
                question.from_words(**{each.name: example})


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=lambda question: question.name)
def test_every_question_can_be_asked_without_any_word(question: type[Question], store: Store) -> None:
    answer = ask(question(), store, TODAY)
    assert answer.text
    assert answer.facts


# ---- words


def test_words_become_fields() -> None:
    question = GapQuestion.from_words(
        benchmark=" GPQA ", access="Private", country=None, as_of="22 May 2026", method="study"
    )
    assert question == GapQuestion(benchmark="GPQA", access="private", as_of=date(2026, 5, 22), method="study")


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-22",
        "22 May 2026",
        "22 may 2026",
        " 22   May  2026 ",
        "May 22, 2026",
        "May 22 2026",
        "2026/05/22",
        "22 MAY 2026",
    ],
)
def test_days_are_read_as_people_write_them(text: str) -> None:
    assert read_day(text) == date(2026, 5, 22)


@pytest.mark.parametrize(
    "text", ["", "tomorrow", "31 June 2025", "2025-02-29", "05/22/2026", "22.5.2026", "2026", "9" * 99]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"is no date\. Write it as 2026-05-22, or as 22 May 2026"):
        read_day(text)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_every_written_day_is_read_back(day: date) -> None:
    assert read_day(day.isoformat()) == day
    assert read_day(f"{day.day} {day:%B} {day.year}") == day


@given(st.text())
def test_any_text_is_read_or_refused_in_one_printable_line(text: str) -> None:
    for name in ("benchmark", "access", "country", "as_of", "method"):
        said = ""
        try:
            GapQuestion.from_words(**{name: text})
        except UsageError as error:
            said = str(error)
        assert said.isprintable()


# ---- resolved, and kept


def test_a_resolved_question_has_every_day_and_the_methods_version(store: Store) -> None:
    resolved = GapQuestion(benchmark="gpqa", country="chinese", lab="Qwen").resolved(store, TODAY)
    assert resolved == GapQuestion(
        benchmark="gpqa-diamond 1",
        country="China",
        lab="alibaba",
        as_of=date(2026, 8, 22),
        known_by=resolved.known_by,
        method="clustered-1",
    )
    assert resolved.known_by is not None
    assert resolved.resolved(store, TODAY) == resolved


def test_known_by_decides_which_day_is_the_newest(store: Store) -> None:
    resolved = GapQuestion(known_by=date(2026, 5, 22)).resolved(store, TODAY)
    assert resolved.as_of == resolved.known_by == date(2026, 5, 22)


def test_the_key_names_the_question_and_never_the_day_of_asking(store: Store) -> None:
    by_any_name = [GapQuestion(benchmark=name) for name in ("gpqa", "GPQA Diamond", "gpqa-diamond 1")]
    days = (TODAY, date(2026, 12, 31), date(2030, 1, 1))
    keys = {question.resolved(store, day).key() for question in by_any_name for day in days}
    assert len(keys) == 1
    assert str(TODAY) not in keys.pop()
    changes = {"access": "private", "country": "China", "lab": "meta", "as_of": date(2025, 1, 1), "method": "study"}
    others = [GapQuestion(), *(GapQuestion(**{name: value}) for name, value in changes.items())]
    assert len({question.resolved(store, TODAY).key() for question in others}) == len(others)


def test_another_version_of_gapbrief_words_its_answers_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    before = GapQuestion().key()
    monkeypatch.setattr(core, "__version__", "99.0")
    assert GapQuestion().key() != before


@pytest.mark.parametrize("method", ["clustered", "study"])
def test_the_same_question_again_comes_from_the_kept_answers_and_is_equal(
    store: Store, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    question = GapQuestion(method=method)
    first = ask(question, store, TODAY)
    monkeypatch.setattr(GapQuestion, "answer", lambda *_: pytest.fail("it was worked out again"))
    assert ask(question, store, TODAY) == first
    later = ask(question, store, date(2027, 1, 1))
    assert later.stale_days == (first.stale_days or 0) + 31
    assert later.data == first.data


def test_a_kept_answer_that_is_none_is_worked_out_anew(store: Store) -> None:
    resolved = GapQuestion(benchmark="gpqa").resolved(store, TODAY)
    for rubbish in ({}, {"lines": 1}, {"chart": {}, "lines": [], "facts": [], "table": {}}):
        store.keep_result(resolved.key(), rubbish)
        assert ask(GapQuestion(benchmark="gpqa"), store, TODAY).lines


@pytest.mark.parametrize("method", ["clustered", "study"])
def test_an_answer_comes_back_from_json_as_it_was(store: Store, method: str) -> None:
    answer = ask(GapQuestion(method=method, country="China"), store, TODAY)
    assert Answer.from_dict(json.loads(json.dumps(answer.to_dict(), allow_nan=False))) == answer
    assert answer.question == {
        key: str(value) if isinstance(value, date) else value
        for key, value in asdict(GapQuestion(country="China", method=method).resolved(store, TODAY)).items()
        if key != "method"
    }
