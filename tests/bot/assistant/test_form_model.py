"""A model fills in a form: checked, mended once, counted, bounded, whatever its server does."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import BaseModel

from bot.assistant.budget import Budget
from bot.assistant.model_calls import FormModel
from bot.assistant.models import FailedError, FaultyError
from bot.settings import Settings
from bot.state import usage
from bot.state.conversation_key import ConversationKey
from bot.state.database import State
from core.errors import UsageError
from tests.bot.newsroom.newsroom import at_once
from tests.fakes import openai
from tests.fakes.openai import FakeOpenAI, structured

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
KEY = ConversationKey("newsroom", None, "5")


class Form(BaseModel):
    word: str


@dataclass
class Desk:
    """A form_model, and what was asked of its check."""

    form_model: FormModel
    checked: list[str] = field(default_factory=list)

    def fill(self, check: Callable[[Form], list[str]] = lambda _: []) -> tuple[Form, str]:
        def noted(form: Form) -> list[str]:
            self.checked.append(form.word)
            return check(form)

        return self.form_model.fill(Form, [("system", "Say a word."), ("human", "Now.")], noted, "brief", KEY)


def desk(server: FakeOpenAI, state: State | None = None, *, seconds: float = 60.0, **more: object) -> Desk:
    settings = Settings(Path("none.db"), Path("none"), llm_model="fake", llm_base_url=server.url)
    settings = replace(settings, **more)  # type: ignore[arg-type]
    budget = Budget(state, settings) if state else None
    return Desk(FormModel(settings, budget, lambda: NOW, seconds))


def not_bad(form: Form) -> list[str]:
    return [f"{form.word} is no good word."] if form.word == "bad" else []


def test_a_form_that_holds_is_taken_with_who_filled_it_in() -> None:
    with FakeOpenAI(structured({"word": "good"})) as server:
        assert desk(server).fill() == (Form(word="good"), "fake")
    [asked] = server.asked
    assert asked.body["response_format"]["type"] == "json_schema"
    assert [message["role"] for message in asked.messages] == ["system", "user"]


def test_what_is_wrong_is_named_and_mended_once() -> None:
    with FakeOpenAI(structured({"word": "bad"}), structured({"word": "good"})) as server:
        form, _ = desk(server).fill(not_bad)
    assert form == Form(word="good")
    assert "- bad is no good word.\n" in server.asked[1].text
    assert '"bad"' in server.asked[1].everything


def test_what_is_still_wrong_is_not_taken_and_the_reason_is_said() -> None:
    with FakeOpenAI(openai.always(structured({"word": "bad"}))) as server:
        with pytest.raises(FaultyError, match=r"^the language model's words do not hold: bad is no good word\.$"):
            desk(server).fill(not_bad)
    assert len(server.asked) == 2


FAILURES = {
    "too many requests": openai.too_many(60),
    "server error": openai.error(500),
    "cut": openai.cut('{"word": "good"}'),
    "too long": openai.too_long('{"word": "go'),
    "too long, yet whole": openai.too_long('{"word": "good"}'),
    "huge": openai.huge("not a form at all"),
    "another form": structured({"sentence": "good"}),
}
"""One of each kind: tests/bot/assistant/test_faults.py has all, of the same calls."""


@pytest.mark.parametrize("name", FAILURES)
def test_whatever_a_server_does_there_is_an_answer_without_a_form(name: str) -> None:
    with FakeOpenAI(openai.always(FAILURES[name])) as server:
        with pytest.raises(FailedError, match=r"^the language model(?:'s server)? "):
            desk(server).fill()
        assert len(server.asked) == 1, "a failed call is not repeated"


@pytest.mark.parametrize("step", [openai.hang(), openai.drip('{"word": "good"}', 1.0)], ids=["hang", "drip"])
@pytest.mark.slow
def test_the_whole_is_bounded_and_the_connection_is_given_up(step: openai.Reply) -> None:
    with FakeOpenAI(structured({"word": "good"}), openai.always(step)) as server:
        desk(server).fill()  # on a busy machine the imports of a first call can take its two seconds
        with pytest.raises(FailedError, match=r"^the language model did not answer in time$"):
            desk(server, seconds=2.0).fill()
        deadline = time.monotonic() + 30  # with both cores busy the server hears of it late
        while not server.given_up and time.monotonic() < deadline:
            time.sleep(0.01)
    assert server.given_up == 1


def test_the_second_model_stands_in_for_the_first() -> None:
    with FakeOpenAI(openai.error(500), structured({"word": "good"})) as server:
        assert desk(server, llm_fallback="other").fill() == (Form(word="good"), "other")
    assert [asked.model for asked in server.asked] == ["fake", "other"]


@pytest.mark.slow
def test_the_second_model_has_its_time_where_the_first_is_silent() -> None:
    with FakeOpenAI(openai.hang(), structured({"word": "good"})) as server:
        assert desk(server, seconds=4.0, llm_fallback="other").fill()[0] == Form(word="good")


def test_a_model_that_failed_has_a_rest_and_one_that_wrote_badly_has_none() -> None:
    with FakeOpenAI(openai.always(openai.error(503))) as server:
        resting = desk(server)
        for why in ("the language model failed \\(503\\)", "the language model failed a moment ago"):
            with pytest.raises(FailedError, match=why):
                resting.fill()
        assert len(server.asked) == 1
    with FakeOpenAI(openai.always(structured({"word": "bad"}))) as server:
        writing = desk(server)
        for _ in range(2):
            with pytest.raises(FaultyError):
                writing.fill(not_bad)
        assert len(server.asked) == 4


def test_without_a_model_it_is_said_how_one_is_set() -> None:
    form_model = FormModel(Settings(Path("none.db"), Path("none")))
    with pytest.raises(UsageError, match="No language model can be used"):
        Desk(form_model).fill()


def test_what_is_used_is_counted_by_what_came_of_it(state: State) -> None:
    with FakeOpenAI(structured({"word": "good"}), *[structured({"word": "bad"})] * 2, openai.error(500)) as server:
        one = desk(server, state)
        for _ in range(3):
            with suppress(FailedError):
                one.fill(not_bad)
    with state.reading() as connection:
        uses = {use.outcome: use for use in usage.list_since(connection, NOW.date())}
        spent = usage.list_spent(connection, NOW.date())
    assert {name: use.calls for name, use in uses.items()} == {"answered": 1, "fallback": 2, "failed": 1}
    assert {(use.purpose, use.model) for use in uses.values()} == {("brief", "fake")}
    assert uses["answered"].tokens_in > 0 == uses["failed"].tokens_in
    used = sum(use.tokens_in + use.tokens_out for use in uses.values())
    assert spent["all"] == spent["guild:5"] == used > 0


def test_who_has_no_share_left_is_not_asked_for(state: State) -> None:
    with FakeOpenAI(structured({"word": "good"})) as server:
        with pytest.raises(FailedError, match=r"^today's share of the language model is used up$"):
            desk(server, state, llm_guild_tokens=0).fill()
        assert server.asked == []


def test_a_stop_gives_up_what_is_under_way_and_begins_nothing_new() -> None:
    with FakeOpenAI(openai.always(openai.hang())) as server:
        one = desk(server, seconds=20)
        with ThreadPoolExecutor(1) as pool:
            filling = pool.submit(one.fill)
            until = time.monotonic() + 10
            while not server.asked and time.monotonic() < until:
                time.sleep(0.01)
            one.form_model.stop()
            with pytest.raises(asyncio.CancelledError):
                filling.result(10)
        with pytest.raises(asyncio.CancelledError):
            one.fill()


def test_many_threads_may_fill_in_at_once() -> None:
    with FakeOpenAI(openai.always(structured({"word": "good"}))) as server:
        one = desk(server)
        assert at_once(lambda _: one.fill()[0], range(6)) == [Form(word="good")] * 6
