"""What a model's server sends: no more of it than a limit, and the key goes nowhere else."""

import asyncio
import gzip
import json
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.assistant.model_calls import connect_models, model_client
from bot.assistant.model_reader import check_models
from bot.assistant.models import LIMITS, Limits
from bot.assistant.reading import Reply
from bot.response_body import MOST_BYTES
from bot.settings import Settings
from core.questions import GapQuestion, ask
from core.store.store import Store
from tests.bot.assistant.scripted import HERE, NOW, QUICK, TODAY, UNSURE, assistant_of
from tests.conftest import ROOT
from tests.fakes.endless import Endless, Kind
from tests.fakes.openai import FakeOpenAI, text

KEY = "sk-very-secret"
LARGE: list[tuple[Kind, str]] = [
    ("chunked", "what the language model's server sends is larger than 2 MB; see GAPBRIEF_LLM_BASE_URL"),
    ("length", "what the language model's server sends is larger than 2 MB; see GAPBRIEF_LLM_BASE_URL"),
    ("gzip", "what the language model's server sends is larger than 2 MB; see GAPBRIEF_LLM_BASE_URL"),
    ("deflate", "what the language model's server sends is packed as \"deflate\", which I can't read"),
]


@pytest.mark.parametrize(("kind", "why"), LARGE)
@pytest.mark.parametrize("status", [200, 500])
async def test_an_endless_answer_is_given_up_and_the_rules_answer(
    evidence_file: Path, store: Store, kind: Kind, why: str, status: int
) -> None:
    with Endless(kind, status=status) as server, capture_logs() as logged:
        got = await _reply(_at(server, evidence_file))
    assert got.answer == ask(GapQuestion(), store, TODAY)
    [event] = logged
    assert event["about"].startswith(why)
    assert len(server.asked) == 1, "what we refuse is not asked for again"
    assert server.sent < 10 * MOST_BYTES


@pytest.mark.parametrize("kind", ["drip", "headers"])
async def test_an_answer_that_never_comes_to_its_end_is_given_up_in_time(
    evidence_file: Path, store: Store, kind: Kind
) -> None:
    with Endless(kind) as server:
        got = await _reply(_at(server, evidence_file), QUICK)
    assert got.answer == ask(GapQuestion(), store, TODAY)
    assert server.sent < 10 * MOST_BYTES


@pytest.mark.parametrize("kind", ["chunked", "length", "gzip"])
async def test_a_streamed_answer_has_the_same_limit(evidence_file: Path, kind: Kind) -> None:
    with Endless(kind, media="text/event-stream") as server:
        settings = _at(server, evidence_file)
        async with model_client() as client:
            [model] = connect_models(settings, client)
            with pytest.raises(Exception, match="larger than 2 MB"):
                async for _ in model.astream("hello"):
                    pass
        assert server.sent < 10 * MOST_BYTES


async def test_the_key_does_not_follow_to_another_address(evidence_file: Path, store: Store) -> None:
    with FakeOpenAI(text("hello")) as other, Endless("onward", to=f"{other.url}/chat/completions") as server:
        with capture_logs() as logged:
            got = await _reply(_at(server, evidence_file))
        [checked] = await check_models(_at(server, evidence_file))
    assert got.answer == ask(GapQuestion(), store, TODAY)
    assert other.asked == []
    assert f"Bearer {KEY}".encode() in server.asked[0]
    assert "leads on to another address (307), where the key would go too" in logged[0]["about"]
    assert "leads on to another address (307)" in checked.text
    assert KEY not in json.dumps(logged) + checked.text


async def test_what_is_packed_as_we_ask_for_is_read() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readuntil(b"\r\n\r\n")
        assert b"accept-encoding: gzip\r\n" in asked.lower()
        body = gzip.compress(b'{"well": true}')
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server, model_client() as client:
        port = server.sockets[0].getsockname()[1]
        assert (await client.get(f"http://127.0.0.1:{port}/")).json() == {"well": True}


def _at(server: Endless, db: Path) -> Settings:
    base_url = f"{server.url}/v1"
    return Settings(db, ROOT / "data", "sqlite://", llm_model="fake", llm_base_url=base_url, openai_api_key=KEY)


async def _reply(settings: Settings, limits: Limits = LIMITS) -> Reply:
    return await assistant_of(settings, limits=limits).reply(UNSURE, HERE, NOW)
