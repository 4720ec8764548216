"""Answers for the event loop: from memory at once, worked out once, forgotten when the data changes."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot import answers as module
from bot.answers import Answers, complete_name, open_evidence, repair_evidence, resolve_ids
from bot.settings import Settings
from core.answer import Answer
from core.errors import UsageError
from core.names.names import Name
from core.questions import QUESTIONS, GapQuestion, ask
from core.store.store import Store
from tests.conftest import ROOT

TODAY = date(2026, 12, 1)


@pytest.fixture
def answers(evidence_file: Path) -> Answers:
    return Answers(Settings(evidence_file, ROOT / "data"), lambda: TODAY)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return the questions that were worked out."""
    questions: list[Any] = []
    work: Callable[..., Any] = Answers.compute

    def counted(question: Any, *others: Any) -> Any:
        questions.append(question)
        return work(question, *others)

    monkeypatch.setattr(Answers, "compute", counted)
    return questions


async def test_a_question_is_worked_out_once_and_then_at_hand(answers: Answers, asked: list[Any]) -> None:
    await answers.refresh()
    assert answers.cached(GapQuestion()) is None
    results = await asyncio.gather(*(answers.answer(GapQuestion()) for _ in range(20)))
    assert len(asked) == 1
    assert answers.cached(GapQuestion()) is results[0]
    assert await answers.answer(GapQuestion()) is results[0]


async def test_what_cant_be_asked_is_not_kept(answers: Answers, asked: list[Any]) -> None:
    await answers.refresh()
    for _ in range(2):
        with pytest.raises(UsageError):
            await answers.answer(GapQuestion("no such thing"))
    assert len(asked) == 2


async def test_what_is_not_to_be_kept_is_worked_out_anew(answers: Answers, asked: list[Any]) -> None:
    await answers.refresh()
    question = QUESTIONS["what_if"].from_words(benchmark="FrontierMath", score="45")
    for _ in range(2):
        await answers.answer(question)
    assert len(asked) == 2


async def test_another_day_is_another_answer(evidence_file: Path) -> None:
    days = [TODAY]
    answers = Answers(Settings(evidence_file, ROOT / "data"), lambda: days[0])
    await answers.refresh()
    assert (await answers.answer(GapQuestion())).stale_days == 64
    days[0] = date(2026, 12, 2)
    assert answers.cached(GapQuestion()) is None
    assert (await answers.answer(GapQuestion())).stale_days == 65


async def test_the_least_asked_are_forgotten(answers: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_ANSWERS", 2)
    await answers.refresh()
    for benchmark in ("gpqa", "weirdml", "arc-agi"):
        await answers.answer(GapQuestion(benchmark))
    assert answers.cached(GapQuestion("gpqa")) is None
    assert answers.cached(GapQuestion("weirdml")) is not None


async def test_names_are_read_and_read_again_only_when_the_data_changed(answers: Answers) -> None:
    assert await answers.refresh()
    assert set(answers.names.kinds) == {"benchmark", "model", "lab", "country", "term", "publisher"}
    assert answers.names.newest_data == date(2026, 9, 28)
    first = answers.names
    assert not await answers.refresh()
    assert answers.names is first


async def test_new_data_makes_kept_answers_forgotten(answers: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    await answers.refresh()
    await answers.answer(GapQuestion())
    newer = module.Names("another revision", date(2026, 9, 1), {})
    monkeypatch.setattr(module, "_names", lambda *_: newer)
    assert await answers.refresh()
    assert answers.cached(GapQuestion()) is None


async def test_what_was_asked_last_is_answered_as_before_until_it_is_answered_anew(
    answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    await answers.refresh()
    before = await answers.answer(GapQuestion())
    after, drawn = replace(before, revision="another revision"), list[Answer]()
    monkeypatch.setattr(module, "_names", lambda *_: module.Names("another revision"))
    monkeypatch.setattr(Answers, "compute", lambda *_: after)

    async def draw(answer: Answer) -> None:
        assert answers.cached(GapQuestion()) is before
        drawn.append(answer)
        raise RuntimeError("the worker died")

    assert await answers.refresh(draw)
    assert drawn == [after]
    assert answers.cached(GapQuestion()) is after


async def test_an_answer_of_data_that_has_changed_meanwhile_is_given_and_not_kept(
    answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    await answers.refresh()
    go, work = threading.Event(), Answers.compute

    def slow(*args: Any) -> Any:
        go.wait(60)
        return work(*args)

    monkeypatch.setattr(Answers, "compute", slow)
    task = asyncio.create_task(answers.answer(GapQuestion("weirdml")))
    await asyncio.sleep(0)
    answers.names = module.Names("another revision", date(2026, 9, 1), {})
    go.set()
    assert (await task).lines
    assert answers.cached(GapQuestion("weirdml")) is None


async def test_names_become_ids_and_days_that_were_left_open_stay_open(answers: Answers) -> None:
    await answers.refresh()
    question = GapQuestion("gpqa", country="china")
    meant = resolve_ids(question, await answers.answer(question))
    assert meant == GapQuestion("gpqa-diamond 1", country="China")


async def test_terms_in_a_text(answers: Answers) -> None:
    assert [term.term for term in await answers.terms_in("open weights on a private test")][:1] == ["Open weights"]


async def test_briefs_are_written_once_a_day(answers: Answers) -> None:
    await answers.refresh()
    first = await answers.brief()
    assert await answers.brief(TODAY) is first
    assert (await answers.brief(date(2026, 5, 22))).published == date(2026, 5, 22)


def test_an_answer_is_read_on_a_day(answers: Answers) -> None:
    question = GapQuestion(benchmark="gpqa", as_of=date(2025, 6, 1))
    fresh, stale = answers.compute(question, date(2026, 10, 1)), answers.compute(question)
    assert (fresh.as_of, fresh.stale_days) == ("2025-06-01", 3)
    assert stale.stale_days == 64
    assert stale.data == fresh.data
    with pytest.raises(UsageError, match="in the future"):
        answers.compute(question, date(2025, 5, 31))


# ---- the evidence file of the settings: made, and made anew where it is damaged, with what answers read


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "evidence.db", ROOT / "data", "sqlite://")


def is_finished(store: Store) -> bool:
    return bool(store.rows("SELECT 1 FROM results WHERE key LIKE '%figures%'"))


def test_a_file_that_is_made_is_finished_and_one_that_is_there_is_opened(settings: Settings) -> None:
    with open_evidence(settings) as store:
        assert is_finished(store)
        ask(GapQuestion(benchmark="weirdml"), store, TODAY)
    with open_evidence(settings) as store:
        assert store.rows("SELECT count(*) FROM results") == [(2,)]


@pytest.mark.slow
def test_a_damaged_file_is_made_anew_and_finished_too(settings: Settings) -> None:
    open_evidence(settings).close()
    assert not repair_evidence(settings)
    settings.db.write_bytes(settings.db.read_bytes()[:5000])
    assert repair_evidence(settings)
    with open_evidence(settings) as store:
        assert is_finished(store)


# ---- completion: at most 25 names, the best first, whatever is typed


NAMES = [
    Name((f"m{number}",), shown, aliases)
    for number, (shown, aliases) in enumerate(
        [("Kimi K2", ("K2",)), ("K2-Think", ()), ("GPT-4", ("gpt4",)), ("o1", ("OpenAI o1",)), ("DeepSeek-R1", ("R1",))]
    )
]


def shown(typed: str) -> list[str]:
    return [name.shown for name in complete_name(typed, NAMES)]


def test_a_whole_name_or_alias_goes_before_a_beginning_and_that_before_what_is_within() -> None:
    assert shown("k2")[:2] == ["Kimi K2", "K2-Think"]
    assert shown("kimi")[0] == "Kimi K2"
    assert shown("seek")[0] == "DeepSeek-R1"
    assert shown("openai")[0] == "o1"


@pytest.mark.parametrize("typed", ["kimmi k2", "Kimi-K2", "KIMI K2", "kimik2", "kimi k"])
def test_a_slip_of_typing_case_and_marks_do_not_matter(typed: str) -> None:
    assert shown(typed)[0] == "Kimi K2"


def test_without_anything_typed_the_first_are_offered() -> None:
    assert shown("") == [name.shown for name in NAMES]
    assert len(complete_name("", NAMES * 20)) == 25
