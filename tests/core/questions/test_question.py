"""What every question obeys: fields with descriptions, words read, days filled in, answers kept."""

import shutil
from collections.abc import Iterator
from dataclasses import MISSING, asdict, field, fields
from datetime import date
from pathlib import Path
from typing import ClassVar, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import core
from core.answer import Answer, Line
from core.dataclass import dataclass
from core.errors import UsageError
from core.evidence.evidence import Evidence
from core.questions import QUESTIONS, GapQuestion, Question, ask, selection
from core.questions.question import read_day, read_number
from core.store.store import Store, open_store
from core.words import quote
from tests.conftest import ROOT
from tests.core.questions.conftest import TODAY, Ask
from tests.core.questions.laws import check
from tests.core.questions.test_prepared import refuse_whole_fits


@pytest.fixture
def store(unopened_file: Path, tmp_path: Path) -> Iterator[Store]:
    """The shipped data in a file of its own, with no answer kept."""
    path = tmp_path / "evidence.db"
    shutil.copy(unopened_file, path)
    with open_store(path, ROOT / "data") as opened:
        opened.connection.execute("DELETE FROM results")
        opened.connection.commit()
        yield opened


@dataclass(frozen=True)
class Passed(Question):
    """A question with every kind of field; it answers nothing."""

    name: ClassVar[str] = "passed"
    summary: ClassVar[str] = "Whether a model has passed a level."
    phrasings: ClassVar[tuple[str, ...]] = ("Has R1 passed 50?",)

    model: str = field(metadata={"description": "A model.", "examples": ["GPT-4"], "max_length": 10})
    level: float = field(metadata={"description": "A level.", "examples": ["45"]})
    side: Literal["open", "closed"] = field(default="open", metadata={"description": "A side."})
    score: float | None = field(default=None, metadata={"description": "A score."})
    day: date | None = field(default=None, metadata={"description": "A day."})

    def resolved(self, store: Store, today: date) -> "Passed":
        return self

    def answer(self, evidence: Evidence) -> Answer:
        return selection.build_answer(self, evidence, evidence.newest_data, (Line("", "yes"),), ())


def needed(question: type[Question]) -> dict[str, str]:
    """Return the words that a question can't be asked without: the first example of each."""
    words = {field.name: str(field.metadata["examples"][0]) for field in fields(question) if field.default is MISSING}
    return words | ({"benchmark": "gpqa"} if question.name == "timeline" else {})  # or a model: one of the two


# ---- the registry


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=lambda question: question.name)
def test_every_question_says_what_it_is_for(question: type[Question]) -> None:
    assert QUESTIONS[question.name] is question
    assert question.name.isidentifier()
    assert question.summary.endswith(".")
    assert len(question.phrasings) >= 3
    assert all(phrase.endswith("?") for phrase in question.phrasings)
    for option in fields(question):
        assert option.metadata["description"].endswith("."), option.name
        for example in option.metadata.get("examples", ()):
            question.from_words(**{**needed(question), option.name: example})


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=lambda question: question.name)
def test_every_question_can_be_asked_with_the_words_it_needs_alone(question: type[Question], store: Store) -> None:
    """The answer obeys what every answer does."""
    answer = ask(question.from_words(**needed(question)), store, TODAY)
    check(answer)
    assert answer.facts


ASKED: list[tuple[str, dict[str, str]]] = [
    *(("trust", words) for words in (
        {"benchmark": "weirdml"}, {"access": "public"}, {"as_of": "2023-07-01"}, {"as_of": "2025-01-31"},
        {"as_of": "2026-05-22", "known_by": "2026-05-22"},
    )),
    *(("unmatched", words) for words in (
        {"benchmark": "weirdml"}, {"benchmark": "metr"}, {"access": "private"}, {"as_of": "2023-04-01"},
        {"as_of": "2025-01-31"}, {"as_of": "2025-09-01"},
    )),
    *(("timeline", words) for words in (
        {"benchmark": "metr", "as_of": "2019-12-01"}, {"benchmark": "weirdml", "known_by": "2026-05-22"},
        {"model": "GPT-J-6B"}, {"model": "gpt-4", "benchmark": "aime"},
    )),
    *(("sources", {"benchmark": name}) for name in ("metr", "hle", "eci")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "words"), ASKED, ids=str)
def test_what_every_answer_obeys(name: str, words: dict[str, str], shipped: Ask) -> None:
    answer = shipped(QUESTIONS[name], **vars(QUESTIONS[name].from_words(**words)))
    check(answer)
    assert answer.sources


# ---- words


def test_words_become_fields() -> None:
    question = GapQuestion.from_words(
        benchmark=" GPQA ", access="Private", country=None, as_of="22 May 2026", method="study"
    )
    assert question == GapQuestion(benchmark="GPQA", access="private", as_of=date(2026, 5, 22), method="study")


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-22", "22 May 2026", "22 may 2026", " 22   May  2026 ", "May 22, 2026", "May 22 2026", "2026/05/22",
        "22 MAY 2026",
    ],
)  # fmt: skip
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


def test_a_month_is_its_last_day_or_the_first_where_something_begins() -> None:
    assert getattr(QUESTIONS["gap"].from_words(as_of="May 2025"), "as_of") == date(2025, 5, 31)  # noqa: B009
    assert getattr(QUESTIONS["changes"].from_words(since="Feb 2026"), "since") == date(2026, 2, 1)  # noqa: B009
    assert read_day("2024-02", month="last") == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("text", "number"),
    [("45", 45), (" 45.5 ", 45.5), ("45 %", 45), ("45%", 45), ("-3.5", -3.5), ("0", 0), ("1e3", 1000), (".5", 0.5)],
)
def test_numbers_are_read_as_people_write_them(text: str, number: float) -> None:
    assert read_number("level", text) == number


@pytest.mark.parametrize(
    "text", ["", " ", "%", "half", "45 % of all", "45%%", "4,5", "1e400", "nan", "inf", "-Infinity", "9" * 40, "0x10"]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as error:
        read_number("level", text)
    assert str(error.value) == f"The level {quote(text, 20)} is no number; write it as 45 or 45.5."


@given(st.floats(-1e8, 1e8))
def test_every_written_number_is_read_back(number: float) -> None:
    assert read_number("level", repr(number)) == number
    assert read_number("level", f"{number!r} %") == number


def test_every_kind_of_field_is_read() -> None:
    question = Passed.from_words(model=" R1 ", level="45 %", side="CLOSED", score="-1.5", day="22 May 2026")
    assert question == Passed("R1", 45.0, "closed", -1.5, date(2026, 5, 22))
    assert Passed.from_words(model="R1", level="45", side=None, score=None) == Passed("R1", 45.0)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({}, 'The model is missing; give one, such as "GPT-4".'),
        ({"model": "R1"}, 'The level is missing; give one, such as "45".'),
        ({"model": None, "level": "45"}, 'The model is missing; give one, such as "GPT-4".'),
        ({"model": "", "level": "45"}, "The model is empty; give one, or leave it out."),
        ({"model": "x" * 11, "level": "45"}, 'The model "xxxxxxxxxxx" is too long; give at most 10 characters.'),
        ({"model": "R1", "level": "much"}, 'The level "much" is no number; write it as 45 or 45.5.'),
        ({"model": "R1", "level": "45", "score": "?"}, 'The score "?" is no number; write it as 45 or 45.5.'),
        ({"model": "R1", "level": "45", "side": "left"}, 'The side can\'t be "left"; choose open or closed.'),
    ],
)
def test_what_is_missing_or_cant_be_read_is_said_with_what_to_give(words: dict[str, str], sentence: str) -> None:
    with pytest.raises(UsageError) as error:
        Passed.from_words(**words)
    assert str(error.value) == sentence


@given(st.text())
def test_any_text_is_read_or_refused_in_one_printable_line(text: str) -> None:
    for question, name in [
        *((GapQuestion, name) for name in ("benchmark", "access", "country", "as_of", "method")),
        *((Passed, option.name) for option in fields(Passed)),
    ]:
        message = ""
        try:
            question.from_words(**{**needed(question), name: text})
        except UsageError as error:
            message = str(error)
        assert message.isprintable()


# ---- resolved, and kept


def test_a_question_without_days_is_asked_of_all_that_is_known(store: Store) -> None:
    answer = ask(Passed("R1", 45.0), store, TODAY)
    assert (answer.known_by, answer.newest_data, answer.historical) == ("2026-09-30", "2026-09-28", False)
    assert answer.question == {"model": "R1", "level": 45.0, "side": "open", "score": None, "day": None}
    assert (answer.method, answer.parameters, answer.sources) == ("", {}, ())


def test_an_answer_is_kept_only_where_it_may_be(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    question = Passed("R1", 45.0)
    first = ask(question, store, TODAY)
    monkeypatch.setattr(Passed, "is_kept", False)
    again = ask(question, store, TODAY)
    assert again == first
    assert store.rows("SELECT count(*) FROM results") == [(1,)]
    store.connection.execute("DELETE FROM results")
    store.connection.commit()
    ask(question, store, TODAY)
    assert store.rows("SELECT count(*) FROM results") == [(0,)]


def test_a_resolved_question_has_every_day_and_the_methods_version(store: Store) -> None:
    resolved = GapQuestion(benchmark="gpqa", country="chinese", lab="Qwen").resolved(store, TODAY)
    assert resolved == GapQuestion(
        benchmark="gpqa-diamond 1",
        country="China",
        lab="alibaba",
        as_of=date(2026, 9, 28),
        known_by=resolved.known_by,
        method="index-2",
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


def test_the_same_question_again_comes_from_the_kept_answers_and_is_equal(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = GapQuestion(method="clustered")
    first = ask(question, store, TODAY)
    monkeypatch.setattr(GapQuestion, "answer", lambda *_: pytest.fail("it was worked out again"))
    assert ask(question, store, TODAY) == first
    later = ask(question, store, date(2027, 1, 1))
    assert later.stale_days == (first.stale_days or 0) + 31
    assert later.data == first.data


def test_a_kept_answer_that_is_none_is_worked_out_anew(store: Store) -> None:
    resolved = GapQuestion(benchmark="gpqa").resolved(store, TODAY)
    for rubbish in ({}, {"lines": 1}, {"charts": {}, "lines": [], "facts": [], "tables": {}}):
        store.keep_result(resolved.key(), rubbish)
        assert ask(GapQuestion(benchmark="gpqa"), store, TODAY).lines


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin as a new process does, with nothing read."""
    monkeypatch.setattr("core.evidence.evidence._cache", {})


@pytest.mark.slow
def test_another_process_reads_the_index_that_was_fitted(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    forget(monkeypatch)
    fitted = ask(GapQuestion(as_of=date(2026, 7, 1)), store, TODAY)
    store.connection.execute("DELETE FROM results WHERE key NOT LIKE '%figures%'")
    store.connection.commit()
    forget(monkeypatch)
    monkeypatch.setattr("core.gap.index_figure.fit_index", refuse_whole_fits)
    assert ask(GapQuestion(as_of=date(2026, 7, 1)), store, TODAY) == fitted
    assert ask(GapQuestion(as_of=date(2026, 6, 30)), store, TODAY).lines


@pytest.mark.slow
def test_an_index_that_was_kept_and_is_none_is_fitted_anew(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    forget(monkeypatch)
    fitted = ask(GapQuestion(as_of=date(2026, 7, 1)), store, TODAY)
    [key] = [row[0] for row in store.rows("SELECT key FROM results WHERE key LIKE '%figures%'")]
    store.connection.execute("DELETE FROM results WHERE key != ?", (key,))
    store.connection.commit()
    result = store.kept_result(key.partition(":")[2])
    store.keep_result(key.partition(":")[2], {part: {"model": "rubbish"} for part in result or {}})
    forget(monkeypatch)
    assert ask(GapQuestion(as_of=date(2026, 7, 1)), store, TODAY) == fitted


def test_an_answer_has_its_question_as_resolved_and_the_method_apart(store: Store) -> None:
    resolved = GapQuestion(method="study", country="China").resolved(store, TODAY)
    answer = ask(resolved, store, TODAY)
    asked = {key: str(value) if isinstance(value, date) else value for key, value in asdict(resolved).items()}
    assert answer.question | {"method": answer.method} == asked
