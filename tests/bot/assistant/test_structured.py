"""What a call is charged with: the most that it can take, then what it took, and nothing that a server makes up."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.assistant.budget import Budget
from bot.assistant.model_calls import ANSWER_TOKENS, most_input_tokens
from bot.assistant.model_reader import ModelReading, build_prompt
from bot.assistant.models import LIMITS, SpentError
from bot.assistant.reading import Reply as Answered
from bot.settings import Settings
from bot.state import usage
from bot.state.database import State
from tests.bot.assistant.scripted import HERE, NOW, QUICK, TODAY, UNSURE, assistant_of, settings_of
from tests.bot.conftest import free_port
from tests.fakes.endless import Endless
from tests.fakes.openai import FakeOpenAI, Reply, always, cut, error, hang, reads, structured, text, too_long

GAP = reads(("gap", {}))
_ASKED = [("system", build_prompt(TODAY, date(2026, 9, 28), None)), ("human", UNSURE)]
CHARGE = most_input_tokens(ModelReading, _ASKED) + ANSWER_TOKENS
"""Tokens that a call for UNSURE is charged with."""


def saying(usage_value: object) -> Reply:
    """A whole answer, with a usage of its own."""
    message = {"role": "assistant", "content": GAP.text}
    whole = {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "fake",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
    }  # fmt: skip
    return Reply(page=json.dumps(whole if usage_value is None else whole | {"usage": usage_value}))


def counts(n_read: Any, n_written: Any = 5) -> dict[str, Any]:
    total = n_read + n_written if isinstance(n_read, int) and isinstance(n_written, int) else 0
    return {"prompt_tokens": n_read, "completion_tokens": n_written, "total_tokens": total}


async def ask(settings: Settings, state: State, **extra: Any) -> Answered:
    return await assistant_of(settings, budget=Budget(state, settings), **extra).reply(UNSURE, HERE, NOW)


def charged(state: State) -> int:
    with state.reading() as connection:
        spent = usage.list_spent(connection, NOW.date())
    assert len({*spent.values()}) <= 1, "each is charged alike"
    return spent.get(usage.ALL, 0)


async def test_a_call_is_charged_before_it_is_made(evidence_file: Path, state: State) -> None:
    before: list[int] = []

    def answer(_: object) -> Reply:
        before.append(charged(state))
        return saying(counts(900, 20))

    with FakeOpenAI(answer) as model:
        got = await ask(settings_of(evidence_file, model), state)
    assert got.notice is None
    assert before == [CHARGE]
    assert charged(state) == 920
    assert (got.usage.tokens_in, got.usage.tokens_out) == (900, 20)


@pytest.mark.parametrize(
    "usage_value",
    [
        None, {}, counts(10**30), counts(-(10**6)), counts(10**7 + 1), counts(5, -1), counts(5, 10**30), counts("NaN"),
        counts(float("nan")), counts(float("inf")), counts(1e30), counts(0), counts([5]), counts(None), counts({}),
        {"completion_tokens": 5}, "many", [], 7,
    ],
    ids=lambda usage_value: json.dumps(usage_value)[:50],
)  # fmt: skip
async def test_a_usage_that_can_not_be_is_no_traceback_and_no_credit(
    evidence_file: Path, state: State, usage_value: object
) -> None:
    with FakeOpenAI(always(saying(usage_value))) as model:
        got = await ask(settings_of(evidence_file, model), state)
        assert len(model.asked) == 1
    assert got.answer is not None
    assert charged(state) == CHARGE, "the charge stays"
    with state.reading() as connection:
        [used] = usage.list_since(connection)
    assert 0 <= used.tokens_in + used.tokens_out <= CHARGE


@pytest.mark.parametrize("status", [400, 401, 404, 429])
async def test_a_call_that_was_refused_costs_nothing(evidence_file: Path, state: State, status: int) -> None:
    with FakeOpenAI(always(error(status))) as model:
        assert (await ask(settings_of(evidence_file, model), state)).answer
        assert model.asked
    assert charged(state) == 0


async def test_a_call_that_was_never_sent_costs_nothing(evidence_file: Path, state: State) -> None:
    base_url = f"http://127.0.0.1:{free_port()}/v1"
    settings = replace(settings_of(evidence_file, None), llm_model="fake", llm_base_url=base_url)
    assert (await ask(settings, state)).answer
    with Endless("onward") as server:
        assert (await ask(replace(settings, llm_base_url=f"{server.url}/v1"), state)).answer
    assert charged(state) == 0


@pytest.mark.parametrize(
    ("step", "calls"),
    [(hang(), 1), (error(502), 2), (error(504), 2), (cut(GAP.text), 2), (text("no JSON"), 1)],
    ids=["hang", "502", "504", "cut", "words"],
)
async def test_where_nobody_knows_what_came_of_a_call_its_charge_stays(
    evidence_file: Path, state: State, step: Reply, calls: int
) -> None:
    with FakeOpenAI(always(step)) as model:
        limits = QUICK if step == hang() else LIMITS
        assert (await ask(settings_of(evidence_file, model), state, limits=limits)).answer
        assert len(model.asked) == calls
    assert charged(state) == calls * CHARGE


async def test_an_answer_that_is_cut_off_at_its_length_costs_what_it_took(evidence_file: Path, state: State) -> None:
    with FakeOpenAI(too_long("…"), always(structured({"questions": [], "decline": None}))) as model:
        assert (await ask(settings_of(evidence_file, model), state)).answer
    assert 0 < charged(state) < CHARGE


async def test_what_can_not_be_paid_is_not_sent_and_the_rules_answer(evidence_file: Path, state: State) -> None:
    with FakeOpenAI(always(GAP)) as model:
        settings = settings_of(evidence_file, model, llm_tokens=CHARGE + 10, llm_fallback="second")
        budget = Budget(state, settings)
        budget.reserve(HERE, NOW, 11)
        got = await ask(settings, state)
        assert model.asked == []
        with pytest.raises(SpentError):
            budget.reserve(HERE, NOW, CHARGE)
    assert got.answer is not None
    assert got.notice.startswith("Everybody's share of the language model is used up for today")
    assert charged(state) == 11


async def test_a_budget_that_can_not_be_read_is_said_and_nothing_is_sent(evidence_file: Path, tmp_path: Path) -> None:
    from bot.state.database import open_state

    broken = open_state(f"sqlite:///{tmp_path / 'state.db'}")
    with broken.begin() as connection:
        connection.exec_driver_sql("DROP TABLE spent")
    with FakeOpenAI(always(GAP)) as model:
        got = await ask(settings_of(evidence_file, model), broken)
        assert model.asked == []
    broken.close()
    assert got.answer is not None
    assert got.notice == "The budget of the language model can't be read; answers come by rules."
