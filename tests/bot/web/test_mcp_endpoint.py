"""MCP over HTTP at /mcp: who is answered, how much may be sent, what a flood gets, what is there without the SDK."""

import asyncio
import json
import logging
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from httpx2 import Response

from bot.web import guard
from bot.web.guard import LONGEST_BODY, Limit
from bot.web.replies import BUSY
from bot.web.site import Site
from tests.bot.web.conftest import PUBLIC, Starter, Web
from tests.bot.web.test_guard import here
from tests.bot.web.test_shedding import AT_ONCE, served, statuses

HEADERS = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
CALL = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "terms", "arguments": {}}}


def post(web: Web, body: object = CALL, **headers: str) -> Response:
    content = body if isinstance(body, bytes | str) else json.dumps(body)
    return web.client.post("/mcp", content=content, headers={**HEADERS, **headers})


def test_a_message_is_answered_without_a_session(web: Web) -> None:
    reply = post(web)
    assert reply.status_code == 200
    assert reply.json()["result"]["structuredContent"]["question"] == {"term": None}
    assert "mcp-session-id" not in reply.headers
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert post(web, {"jsonrpc": "2.0", "method": "notifications/initialized"}).status_code == 202


# ---- rebinding


@pytest.mark.parametrize(
    "origin",
    [
        "https://rebound.example", "null", "", "http://127.0.0.1.rebound.example", "http://localhost@rebound.example",
        "file://", "chrome-extension://abcdef", "https://gap.example.org.rebound.example", "http://[::1",
    ],
)  # fmt: skip
def test_a_foreign_origin_is_refused(public: Web, origin: str) -> None:
    reply = post(public, Origin=origin)
    assert reply.status_code == 403
    assert reply.json()["error"].startswith(f'MCP is not served to pages of "{origin}"; ')


@pytest.mark.parametrize("origin", [PUBLIC, "http://localhost:6274", "http://127.0.0.1:8765", "http://[::1]:3000"])
def test_pages_of_ours_and_of_this_machine_may_ask(public: Web, origin: str) -> None:
    assert post(public, Origin=origin).status_code == 200


def test_the_operator_adds_hosts(start_web: Starter) -> None:
    web = start_web(hosts=("nas.lan",))
    assert post(web, Host="nas.lan:8765", Origin="http://nas.lan").status_code == 200


# ---- what is sent


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE"])
def test_nothing_but_a_message_is_taken(web: Web, method: str) -> None:
    reply = web.client.request(method, "/mcp", headers={"Accept": "text/event-stream"})
    assert (reply.status_code, reply.headers["allow"]) == (405, "POST")
    if method != "HEAD":
        assert reply.json()["error"].startswith("This address is for MCP clients, ")


@pytest.mark.parametrize("version", ["2025-06-18", "2026-07-28"])
@pytest.mark.parametrize(
    "body",
    [
        b"", b"no JSON", b"\xff\xfe", b"[]", b"[" * 30_000, b"1" * 30_000, b'{"jsonrpc": "2.0"}', b"null",
        json.dumps([CALL] * 100).encode(), json.dumps({**CALL, "method": "run/shell"}).encode(),
        json.dumps({**CALL, "id": "\ud800"}).encode(), json.dumps({**CALL, "params": 1}).encode(),
        json.dumps({**CALL, "params": {"name": "gap", "arguments": {"benchmark": "\ud800"}}}).encode(),
        json.dumps({**CALL, "params": {"name": "gap", "arguments": {"\ud800": "x"}}}).encode(),
        json.dumps({**CALL, "params": {"name": "\ud800"}}).encode(),
        json.dumps({**CALL, "params": {"name": "gap", "arguments": {"chart": {"a": [1]}}}}).encode(),
        json.dumps({**CALL, "method": "resources/read", "params": {"uri": "gapbrief://briefs/\ud800"}}).encode(),
    ],
)  # fmt: skip
def test_whatever_is_sent_is_answered_and_nothing_fails(web: Web, body: bytes, version: str) -> None:
    headers = {"MCP-Protocol-Version": version, "Mcp-Method": "tools/call", "Mcp-Name": "gap"}
    reply = post(web, body, **headers)
    assert reply.status_code < 500
    assert "Traceback" not in reply.text
    assert "Something went wrong" not in reply.text


def test_a_message_has_an_end(web: Web) -> None:
    long = {**CALL, "params": {"name": "terms", "arguments": {"term": "x" * LONGEST_BODY}}}
    reply = post(web, long)
    assert (reply.status_code, reply.json()["error"]) == (
        413,
        "A message has at most 65,536 bytes; send a shorter one.",
    )

    def chunks() -> Any:
        yield from [b" " * 1024] * (LONGEST_BODY // 1024 + 2)

    assert web.client.post("/mcp", content=chunks(), headers=HEADERS).status_code == 413


@pytest.mark.slow
def test_clients_that_send_slowly_keep_nobody_waiting(start_web: Starter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "_BODY_SECONDS", 0.5)
    web, begun = start_web(), time.monotonic()

    async def attack() -> tuple[list[bytes], list[int]]:
        async with served(web) as session, session.get("/robots.txt") as reply:
            head = b"POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"
            slow = [await asyncio.open_connection("127.0.0.1", reply.url.port) for _ in range(36)]
            for _, writer in slow:
                writer.write(head)
            statuses = []
            for path in ("/api/terms", "/robots.txt", "/"):
                async with session.get(path) as page:
                    statuses.append(page.status)
            heads = [await reader.readline() for reader, _ in slow]
            for _, writer in slow:
                writer.close()
            return heads, statuses

    heads, statuses = asyncio.run(attack())
    assert statuses == [200] * 3
    assert {head.split()[1] for head in heads} <= {b"408", b"503"}
    assert time.monotonic() - begun < 15


def test_a_message_that_comes_in_parts_is_taken_however_long_that_is_within_its_time(start_web: Starter) -> None:
    body = json.dumps(CALL).encode()

    async def ask() -> bytes:
        async with served(start) as session, session.get("/robots.txt") as reply:
            reader, writer = await asyncio.open_connection("127.0.0.1", reply.url.port)
            head = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())
            writer.write(f"POST /mcp HTTP/1.1\r\nHost: localhost\r\n{head}Content-Length: {len(body)}\r\n\r\n".encode())
            for part in (body[:20], body[20:40], body[40:]):
                await asyncio.sleep(0.3)
                writer.write(part)
            line = await reader.readline()
            writer.close()
            return line

    start = start_web()
    assert asyncio.run(ask()).startswith(b"HTTP/1.1 200 ")


# ---- floods


def test_an_address_has_one_limit_for_pages_api_and_mcp(start_web: Starter) -> None:
    web = start_web(limit=Limit(rate=0.5, burst=3))
    assert [web.client.get("/api/terms").status_code, post(web).status_code, post(web).status_code] == [200, 200, 200]
    for reply in (post(web), web.client.get("/api/terms")):
        assert reply.status_code == 429
        assert reply.headers["retry-after"] == "2"
        assert reply.json()["error"] == "Too many requests came from your address; try again in 2 s."
    assert here(web).post("/mcp", json=CALL, headers=HEADERS).status_code == 200, "others are not kept out"


def test_beside_more_than_can_be_done_each_is_answered_or_told_to_come_back(
    start_web: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "_REQUEST_TURNS", (2, 4, 0.2))
    web = start_web()
    assert post(web).status_code == 200, "the SDK is there from now on"
    plain: Callable[..., Awaitable[Any]] = Site.answer

    async def slow(*asked: Any) -> Any:
        await asyncio.sleep(0.3)
        return await plain(*asked)

    monkeypatch.setattr(Site, "answer", slow)
    counts = statuses(web, "/mcp", "POST", json=CALL, headers=HEADERS)
    busy = (503, "2", f'{{"error":"{BUSY}","suggestions":[]}}')
    assert counts.keys() == {(200, None, ""), busy}
    assert counts[busy] > AT_ONCE / 2


def test_a_message_that_takes_too_long_is_given_up(start_web: Starter, monkeypatch: pytest.MonkeyPatch) -> None:
    web = start_web()
    assert post(web).status_code == 200
    ended: list[bool] = []

    async def endless(*_: object) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    monkeypatch.setattr(guard, "_LONGEST_SECONDS", 0.2)
    monkeypatch.setattr(Site, "answer", endless)
    for version in ("2025-06-18", "2025-11-25"):
        reply = post(web, **{"MCP-Protocol-Version": version})
        assert (reply.status_code, reply.json()["error"]) == (503, BUSY)
    assert ended == [True, True], "and nothing of it goes on"


# ---- the SDK


def test_without_the_sdk_it_is_said_in_one_sentence(
    start_web: Starter, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)
    monkeypatch.delitem(sys.modules, "bot.web.mcp_server", raising=False)
    web = start_web()
    with caplog.at_level(logging.ERROR):
        reply = post(web)
    sentence = "This service does not serve MCP: its operator has not installed the package for it."
    assert (reply.status_code, reply.json()) == (501, {"error": sentence, "suggestions": []})
    assert not caplog.records


@pytest.mark.slow
def test_neither_a_command_nor_the_web_application_imports_the_sdk_before_a_client_asks() -> None:
    names = "[name for name in sys.modules if name.startswith('mcp')]"
    code = f"import sys, bot.cli, bot.commands.mcp, bot.web.app; print({names})"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "[]\n"
