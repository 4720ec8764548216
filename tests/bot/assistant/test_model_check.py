"""`gapbrief doctor --llm`: a real call for each thing, to a server on loopback; failures are said with what to do."""

import re

import pytest
from click.testing import Result

from bot.assistant import model_reader
from tests.bot.conftest import Run
from tests.fakes.openai import (
    Always,
    Asked,
    FakeOpenAI,
    Reply,
    always,
    cut,
    drip,
    empty,
    error,
    hang,
    html,
    not_json,
    reads,
    text,
    too_many,
)

KEY = "sk-geheim-1234"
ADDRESS = "see GAPBRIEF_LLM_BASE_URL, which mostly ends in /v1"
HELLO, READ = text("Hello there!"), reads(("gap", {}))


def doctor(run: Run, model: FakeOpenAI, **environment: str) -> Result:
    settings = {"GAPBRIEF_LLM_MODEL": "fake", "GAPBRIEF_LLM_BASE_URL": model.url, "OPENAI_API_KEY": KEY}
    return run("doctor", "--llm", **settings, **environment)


def shown(run: Run, *script: Reply | Always) -> list[str]:
    """What is said of a model that answers so, without the columns before it."""
    with FakeOpenAI(*script) as model:
        result = doctor(run, model)
    assert result.stderr == ""
    assert "geheim" not in result.output
    assert result.exit_code == int("wrong" in result.stdout)
    return [re.sub(" +model +", " ", line, count=1) for line in result.stdout.splitlines()]


def test_a_model_that_can_do_all_is_told_so_and_each_thing_was_really_tried(run: Run) -> None:
    with FakeOpenAI(HELLO, READ) as model:
        result = doctor(run, model)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert all(line.startswith("ok     model            fake ") for line in lines)
    assert [line.split(" fake ")[1].split(" ")[0] for line in lines] == ["answers", "reads"]
    hello, form = model.asked
    assert hello.headers["Authorization"] == f"Bearer {KEY}"
    assert form.body["response_format"]["type"] == "json_schema"


def test_the_second_model_is_tried_too(run: Run) -> None:
    def answer(asked: Asked) -> Reply:
        return HELLO if asked.model == "fake" else error(404)

    with FakeOpenAI(always(answer)) as model:
        result = doctor(run, model, GAPBRIEF_LLM_FALLBACK="second")
    assert result.stdout.splitlines()[-1] == (
        "wrong  model            second does not answer: the language model's server knows no such model or page (404);"
        f" see GAPBRIEF_LLM_MODEL; {ADDRESS}"
    )


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (error(401, f"Incorrect API key provided: {KEY}"), "'s server refuses the key (401); see OPENAI_API_KEY"),
        (error(403), "'s server refuses the key (403); see OPENAI_API_KEY"),
        (error(400), "'s server refuses the call (400); see that it knows chat completions with JSON schemas"),
        (too_many(), " was called too often, or its account has no credit (429); look there, or try again later"),
        (error(503), " failed (503)"),
        (html(), f" gave no chat completion (ValueError); {ADDRESS}"),
        (not_json(), f" gave no chat completion (JSONDecodeError); {ADDRESS}"),
    ],
)  # fmt: skip
def test_a_model_that_does_not_answer_is_wrong_and_nothing_else_is_tried(run: Run, reply: Reply, says: str) -> None:
    assert shown(run, reply, HELLO) == [f"wrong fake does not answer: the language model{says}"]


def test_a_server_that_breaks_off_or_is_not_there_is_said(run: Run) -> None:
    [line] = shown(run, cut("Hello there, whoever you are"))
    assert "can't be reached; see that it runs" in line
    with FakeOpenAI() as gone:
        pass
    result = doctor(run, gone)
    assert result.exit_code == 1
    assert "the language model can't be reached; see that it runs\n" in result.stdout


@pytest.mark.parametrize("reply", [hang(), drip("so slow that it never comes to an end", 0.1)])
def test_a_server_that_hangs_is_given_up(run: Run, monkeypatch: pytest.MonkeyPatch, reply: Reply) -> None:
    monkeypatch.setattr(model_reader.check_models, "__defaults__", (0.3,))
    assert shown(run, reply) == ["wrong fake does not answer: the language model did not answer in time"]


def test_a_model_without_words_is_wrong(run: Run) -> None:
    [line] = shown(run, empty())
    assert line == "wrong fake answers without a word; see that it is a model for chat, or take another"


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (text("About 7 months."), "fills in no forms, so rules read all questions and briefs come from templates;"
                                  " take a model that can"),
        (reads(("sources", {})), "fills in forms, but misreads “How far behind are open models?”; take a better model"),
        (error(400), "fills in no forms: the language model's server refuses the call (400); see that it knows chat"
                     " completions with JSON schemas"),
    ],
)  # fmt: skip
def test_what_a_model_can_not_do_is_said(run: Run, reply: Reply, says: str) -> None:
    first, second = shown(run, HELLO, reply)
    assert first.startswith("ok ")
    assert second == f"– fake {says}"


def test_a_slow_model_is_told_what_time_there_is(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_reader, "LIMITS", model_reader.LIMITS.__class__(call=0.0))
    [line, *_] = shown(run, HELLO, READ)
    assert line.endswith(", where a call has 0; rules will answer until it is faster")


def test_a_model_without_a_server_is_none_that_can_be_used(run: Run) -> None:
    result = run("doctor", "--llm", OPENAI_API_KEY=None, GAPBRIEF_LLM_MODEL="m")
    assert (result.exit_code, result.stderr.startswith("No language model can be used; name one in ")) == (2, True)


def test_without_a_model_it_says_what_to_set(run: Run) -> None:
    result = run("doctor", "--llm", OPENAI_API_KEY=None)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("No language model can be used; name one in GAPBRIEF_LLM_MODEL, and its server in ")
