"""Whatever a model or its server does, a right answer reaches the person in time, and no word that is not checked."""

import time
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.assistant import agent
from core.questions import GapQuestion, ask
from core.store.store import Store
from tests.bot.assistant.scripted import TODAY, UNSURE, reply_of
from tests.fakes.openai import (
    Always,
    Asked,
    FakeOpenAI,
    Reply,
    Step,
    always,
    broken_arguments,
    called,
    calls,
    content_filter,
    cut,
    drip,
    empty,
    error,
    hang,
    html,
    huge,
    not_json,
    refusal,
    slow,
    text,
    too_long,
    too_many,
    unknown_tool,
)

GOOD = "Open models trail by {q1.about.private} and {q1.about.public}."
SHOWN = "Open models trail by about 7.5 months on private tests and about 5 months on public tests (April 2026)."


async def test_the_models_words_are_shown_with_what_they_rest_on(evidence_file: Path) -> None:
    with FakeOpenAI(calls(gap={}), text(GOOD)) as model:
        got = await reply_of(evidence_file, model, UNSURE)
    assert got.worded == SHOWN
    assert got.figures == (
        "private tests: likely 5 to 10, 60 results on 8 tests, read at 31 July 2026 · "
        "public tests: likely 4.1 to 6.0, 73 results on 8 tests, read at 17 April 2026 · as of 22 August 2026 · "
        "newest complete data 95 days old · data: Aider, Epoch AI and 4 others · clustered-1"
    )
    assert got.understood == "gap"
    assert got.used is not None
    assert (got.used.outcome, got.used.calls) == ("answered", 2)
    assert got.used.tokens_in > 0 < got.used.tokens_out


FAULTS: dict[str, tuple[Step | Always, ...]] = {
    "429 with retry-after": (always(too_many(retry_after=60)),),
    "500": (always(error(500)),),
    "401": (always(error(401, "Incorrect API key provided: sk-secret")),),
    "404": (always(error(404, "The model `fake` does not exist")),),
    "hang": (always(hang()),),
    "hang after the tool": (calls(gap={}), always(hang())),
    "slow drip": (calls(gap={}), always(drip(GOOD, 0.3))),
    "too slow": (calls(gap={}), always(slow(GOOD, 5))),
    "cut": (calls(gap={}), always(cut(GOOD))),
    "cut at once": (always(cut(GOOD)),),
    "empty": (calls(gap={}), always(empty())),
    "empty at once": (always(empty()),),
    "refusal": (calls(gap={}), always(refusal())),
    "content filter": (calls(gap={}), always(content_filter())),
    "length": (calls(gap={}), always(too_long(GOOD))),
    "a web page": (always(html()),),
    "broken JSON": (always(not_json()),),
    "100 kB": (calls(gap={}), always(huge(GOOD))),
    "100 kB of one slot": (calls(gap={}), always(text("{q1.about.private} " * 5000))),
    "broken arguments": (always(broken_arguments("gap")),),
    "an unknown tool": (always(unknown_tool()),),
    "an unknown tool, then words": (unknown_tool(), always(text("I ran it. The gap is 3 months."))),
    "an endless loop": (always(calls(gap={})),),
    "a hundred calls at once": (called(*[("gap", {})] * 100), always(text(GOOD))),
    "no tool call": (always(text("Open models trail by 3 months.")),),
    "words of no tool": (always(text("You are right, the moat is gone.")),),
    "an invented number": (calls(gap={}), always(text("Open models trail by 12 months. {q1.about.private}."))),
    "one in words": (calls(gap={}), always(text("Open models trail by twelve months, {q1.about.public}."))),
    "one in other letters": (calls(gap={}), always(text("Open models trail by \uff17 months, {q1.about.public}."))),
    "twice": (calls(gap={}), always(text("It has doubled: {q1.about.private}."))),
    "a reversed direction": (calls(gap={}), always(text("Open models are ahead by {q1.gap.private}."))),
    "a change that can't be told": (
        calls(gap={}), always(text("The gap is wider than in {q1.since}, now {q1.gap.private}."))
    ),
    "another subject": (calls(gap={}), always(text("On public tests open models trail by {q1.gap.private}."))),
    "another model": (calls(gap={}), always(text("Llama leads closed models by {q1.gap.private}."))),
    "swapped sides": (
        calls(compare={"left": "china", "right": "us"}),
        always(text("{q1.right} open models trail by {q1.left.private}, {q1.left} by {q1.right.private}.")),
    ),
    "a cause": (calls(gap={}), always(text("Because of export controls the gap is {q1.gap.private}."))),
    "a slot that is not there": (calls(gap={}), always(text("The gap is {q1.gap.secret}."))),
    "a slot of no call": (calls(gap={}), always(text("The gap is {q2.gap.private}."))),
    "no slot": (calls(gap={}), always(text("Open models trail closed ones."))),
    "a stray brace": (calls(gap={}), always(text("The gap is {q1.gap.private}} { now."))),
    "code in a slot": (calls(gap={}), always(text("The gap is {q1.gap.private.__class__}."))),
    "a sentence beside": (calls(gap={}), always(text(f"{GOOD} Buy shares of open labs now."))),
    "a link": (calls(gap={}), always(text(f"{GOOD} See https://evil.example for {{q1.gap.private}}."))),
    "a mention of all": (calls(gap={}), always(text("@everyone the gap is {q1.gap.private}."))),
    "the prompt": (calls(gap={}), always(lambda asked: text(asked.system[:800]))),
    "the tools' own text": (calls(gap={}), always(lambda asked: text(asked.text))),
}  # fmt: skip


@pytest.mark.parametrize("script", FAULTS.values(), ids=FAULTS)
async def test_after_every_fault_the_right_answer_reaches_the_person_in_time(
    evidence_file: Path, store: Store, script: tuple[Step | Always, ...]
) -> None:
    with FakeOpenAI(*script) as model, capture_logs() as logged:
        began = time.monotonic()
        got = await reply_of(evidence_file, model, UNSURE)
        seconds = time.monotonic() - began
    assert got.worded is None
    assert got.answer == ask(GapQuestion(), store, TODAY)
    assert got.notice is None
    assert seconds < 15  # bounded by the limits of tests, on a busy machine
    assert got.used is not None
    assert got.used.outcome in ("failed", "fallback")
    assert len(model.asked) <= 2 * agent.MOST_CALLS
    assert "sk-secret" not in f"{got}"
    assert all(each["log_level"] == "warning" for each in logged)


MENDED: dict[str, tuple[Step | Always, ...]] = {
    "500 once": (error(500), calls(gap={}), text(GOOD)),
    "cut once": (cut("x"), calls(gap={}), text(GOOD)),
    "broken arguments once": (broken_arguments("gap"), calls(gap={}), text(GOOD)),
    "an unknown tool once": (unknown_tool(), calls(gap={}), text(GOOD)),
    "a refused question once": (calls(gap={"benchmark": "gpqaa9"}), calls(gap={}), text(GOOD.replace("q1", "q2"))),
    "an argument that is none": (calls(gap={"color": "red"}), calls(gap={}), text(GOOD.replace("q1", "q2"))),
    "an invented number, mended": (calls(gap={}), text("About 9 months, {q1.gap.private}."), text(GOOD)),
    "a slot that is not there, mended": (calls(gap={}), text("{q1.nothing}."), text(GOOD)),
    "marks around it": (calls(gap={}), text(f"**{GOOD}**")),
    "after a second look": (calls(gap={}), calls(trust={}), text(GOOD)),
}  # fmt: skip


@pytest.mark.parametrize("script", MENDED.values(), ids=MENDED)
async def test_a_fault_that_passes_leaves_the_models_words(evidence_file: Path, script: tuple[Step, ...]) -> None:
    with FakeOpenAI(*script) as model:
        got = await reply_of(evidence_file, model, UNSURE)
        assert got.worded == SHOWN
        assert len(model.asked) == len(script)


async def test_the_repair_names_what_is_wrong_once(evidence_file: Path) -> None:
    with FakeOpenAI(calls(gap={}), always(text("On public tests it is {q1.gap.private}, 9 months."))) as model:
        got = await reply_of(evidence_file, model, UNSURE)
        assert got.worded is None
        assert len(model.asked) == 3
        assert model.asked[2].text.startswith("That answer can't be shown:")
        assert "{q1.gap.private} is of private tests, and its sentence speaks of public ones." in model.asked[2].text


async def test_a_second_model_stands_in_for_the_first(evidence_file: Path) -> None:
    def of_the_second(asked: Asked) -> Reply:
        if asked.model == "fake":
            return too_many()
        return text(GOOD) if asked.slots else calls(gap={})

    with FakeOpenAI(always(of_the_second)) as model:
        got = await reply_of(evidence_file, model, UNSURE, settings={"llm_fallback": "second"})
        assert got.worded == SHOWN
        assert [asked.model for asked in model.asked] == ["fake", "second", "fake", "second"]


@pytest.mark.parametrize("fallback", [None, "second"])
async def test_who_waits_no_longer_hangs_up_and_counts_what_was_read(evidence_file: Path, fallback: str | None) -> None:
    with FakeOpenAI(always(hang())) as model:
        got = await reply_of(evidence_file, model, UNSURE, settings={"llm_fallback": fallback})
    assert model.given_up >= 1
    assert got.used is not None
    assert got.used.tokens_in > 500


async def test_nothing_is_known_of_keys_in_what_is_logged(evidence_file: Path) -> None:
    with FakeOpenAI(always(error(401, "bad key"))) as model, capture_logs() as logged:
        await reply_of(evidence_file, model, UNSURE, settings={"openai_api_key": "sk-very-secret"})
        assert model.asked[0].headers["Authorization"] == "Bearer sk-very-secret"
    assert logged
    assert "sk-very-secret" not in f"{logged}"


async def test_where_neither_rules_nor_model_have_an_answer_that_is_said(evidence_file: Path) -> None:
    with FakeOpenAI(always(error(500))) as model:
        got = await reply_of(evidence_file, model, "please tell me which nation's downloadable llms lag least")
    assert got.answer is None or got.notice is None
    if got.answer is None:
        assert got.notice is not None
        assert got.notice.startswith("The language model gave no answer")
