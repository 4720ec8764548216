"""Whatever a model or its server does, a right answer reaches the person in time, and no word that is not checked."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.assistant.models import LIMITS, Limits
from core.questions import GapQuestion, ask
from core.store.store import Store
from tests.bot.assistant.scripted import QUICK, TODAY, UNSURE, reply_of
from tests.fakes.openai import (
    Asked,
    FakeOpenAI,
    Reply,
    Step,
    always,
    content_filter,
    cut,
    drip,
    empty,
    error,
    hang,
    html,
    huge,
    not_json,
    reads,
    refusal,
    slow,
    structured,
    text,
    too_long,
    too_many,
    unknown_tool,
)

TRUST = reads(("trust", {}))
"""What the model would read, and the rules do not."""
GAP_FIELDS = {"question": "gap", "fields": [], "aspect": None}

FAULTS: dict[str, Step] = {
    "429 with retry-after": too_many(retry_after=60),
    "500": error(500),
    "401": error(401, "Incorrect API key provided: sk-secret"),
    "404": error(404, "The model `fake` does not exist"),
    "hang": hang(),
    "slow drip": drip(TRUST.text, 3),
    "too slow": slow(TRUST.text, 20),
    "cut": cut(TRUST.text),
    "empty": empty(),
    "refusal": refusal(),
    "content filter": content_filter(),
    "length": too_long(TRUST.text),
    "half a reading": text(TRUST.text[:30]),
    "a web page": html(),
    "broken JSON": not_json(),
    "100 kB": huge(TRUST.text),
    "an unknown tool": unknown_tool(),
    "plain words": text("Open models trail by 3 months."),
    "another form": structured({"answer": "3 months"}),
    "a list": structured([1, 2]),
    "nothing": structured({"questions": [], "decline": None}),
    "a question that there is not": reads(("run_shell", {"command": "cat .env"})),
    "an aspect that there is not": reads(("trust", {}), aspect="money"),
    "a reason that there is not": reads(("trust", {}), decline="I am tired"),
    "fields that are none": structured({"questions": [{**GAP_FIELDS, "fields": "all"}], "decline": None}),
    "a name that nobody said": reads(("trust", {"benchmark": "@everyone"})),
    "the prompt": lambda asked: text(asked.system[:800]),
}  # fmt: skip

ENDLESS = ("hang", "slow drip", "too slow")
"""They are given up; all others fail of themselves."""


@pytest.mark.parametrize("name", FAULTS)
async def test_after_every_fault_the_right_answer_reaches_the_person_in_time(
    evidence_file: Path, store: Store, name: str
) -> None:
    with FakeOpenAI(always(FAULTS[name])) as model, capture_logs() as logged:
        got = await reply_of(evidence_file, model, UNSURE, limits=QUICK if name in ENDLESS else LIMITS)
    assert got.answer == ask(GapQuestion(), store, TODAY)
    assert got.notice is None
    assert got.usage.outcome in ("failed", "fallback")
    assert len(model.asked) <= 2
    assert "sk-secret" not in f"{got}"
    assert all(event["log_level"] == "warning" for event in logged)


@pytest.mark.parametrize("passing", [error(500), error(503), cut("x")], ids=["500", "503", "cut"])
async def test_a_fault_that_passes_leaves_the_models_reading(evidence_file: Path, passing: Reply) -> None:
    with FakeOpenAI(passing, TRUST) as model:
        got = await reply_of(evidence_file, model, UNSURE)
        assert got.understood == "trust"
        assert len(model.asked) == 2


@pytest.mark.parametrize("lasting", [too_many(), error(401), text("No."), hang()], ids=["429", "401", "words", "hang"])
async def test_a_second_model_stands_in_for_the_first(evidence_file: Path, lasting: Reply) -> None:
    def of_the_second(asked: Asked) -> Reply:
        return lasting if asked.model == "fake" else TRUST

    with FakeOpenAI(always(of_the_second)) as model:
        limits = Limits(call=1, total=20)
        got = await reply_of(evidence_file, model, UNSURE, settings={"llm_fallback": "second"}, limits=limits)
        assert got.understood == "trust"
        assert [asked.model for asked in model.asked] == ["fake", "second"]


@pytest.mark.parametrize("fallback", [None, "second"])
@pytest.mark.slow
async def test_who_waits_no_longer_hangs_up_and_counts_what_was_read(evidence_file: Path, fallback: str | None) -> None:
    with FakeOpenAI(always(hang())) as model:
        got = await reply_of(evidence_file, model, UNSURE, settings={"llm_fallback": fallback}, limits=QUICK)
    assert model.given_up >= 1
    assert got.usage.tokens_in > 500


async def test_nothing_is_known_of_keys_in_what_is_logged(evidence_file: Path) -> None:
    with FakeOpenAI(always(error(401, "bad key"))) as model, capture_logs() as logged:
        await reply_of(evidence_file, model, UNSURE, settings={"openai_api_key": "sk-very-secret"})
        assert model.asked[0].headers["Authorization"] == "Bearer sk-very-secret"
    assert logged
    assert "sk-very-secret" not in f"{logged}"


async def test_where_neither_rules_nor_model_have_an_answer_that_is_said(evidence_file: Path) -> None:
    with FakeOpenAI(always(error(500))) as model:
        got = await reply_of(evidence_file, model, "would you kindly rate the smugness of llms")
    assert got.answer is None or got.notice is None
    if got.answer is None:
        assert got.notice.startswith("The language model gave no answer")
