"""Webhooks: what is told, how it is signed, what comes of it; and where they may not lead."""

import asyncio
import base64
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from bot.newsroom.targets import Delivered, NotDoneError, RefusedError, UnsureError
from bot.newsroom.targets.webhook import WebhookTarget, build_payload, new_secret, sign
from bot.settings import Settings
from bot.state.target_rows import TargetRow
from core.errors import UsageError
from tests.bot.newsroom.listener import Listener, listening
from tests.bot.newsroom.newsroom import order

SETTINGS = Settings(Path("x"), Path("x"), public_url="https://gap.example.org")
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    async with listening() as listener:
        yield listener


def target(address: str, *, guild_id: int | None = None, secret: str = "whsec_c2VjcmV0") -> WebhookTarget:  # noqa: S107
    return WebhookTarget(lambda number: TargetRow(number, guild_id, "webhook", address, secret, "a-name"), SETTINGS)


@pytest.mark.parametrize(
    ("action", "type_"), [("post", "brief.posted"), ("edit", "brief.corrected"), ("delete", "brief.withdrawn")]
)
async def test_a_webhook_is_told_each_step_signed_with_its_id_and_time_however_often_and_late(
    listener: Listener, action: str, type_: str
) -> None:
    hook, happened = target(listener.url), NOW - timedelta(hours=1)
    step = order(3, action, kind="webhook", at=NOW - timedelta(hours=2))
    step = replace(step, item=replace(step.item, made_at=happened))
    for now in (NOW, NOW + timedelta(minutes=5)):
        assert await hook.deliver(step, now) == Delivered()
        headers, body = listener.requests[-1]
        assert headers["Content-Type"] == "application/json"
        assert headers.items() >= sign("whsec_c2VjcmV0", step.item.nonce, now, body).items()
        event = listener.events[-1]
        assert (event["type"], event["timestamp"]) == (type_, happened.isoformat())
        assert event["data"]["id"] == "2026-11-25-open-models"
        assert event["data"]["url"] == "https://gap.example.org/briefs/2026-11-25-open-models"
        assert event["data"]["brief"]["title"].startswith("Open models")
        terms = [{"term": "private test", "definition": "A test whose questions are secret."}]
        assert event["data"]["brief"]["terms"] == terms
    assert await hook.look_up(step, NOW) is None


async def test_a_test_is_signed_too_and_is_no_brief(listener: Listener) -> None:
    hook = target(listener.url)
    result = await hook.test(hook.find(1), NOW)  # type: ignore[arg-type]
    assert result == "it took a signed event of the type test, which is no brief"
    ((headers, body),), (event,) = listener.requests, listener.events
    assert (event["type"], event["timestamp"], event["data"]["target"]) == ("test", NOW.isoformat(), "a-name")
    assert headers.items() >= sign("whsec_c2VjcmV0", headers["webhook-id"], NOW, body).items()


def test_the_standards_own_example() -> None:
    secret, event_id = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"
    headers = sign(secret, event_id, datetime.fromtimestamp(1614265330, UTC), b'{"test": 2432232314}')
    assert headers == {
        "webhook-id": event_id,
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@pytest.mark.parametrize(
    ("status", "headers", "error", "wait"),
    [
        (500, {}, UnsureError, None),
        (408, {}, UnsureError, None),
        (404, {}, NotDoneError, None),
        (302, {"Location": "http://127.0.0.1:9/"}, NotDoneError, None),
        (410, {}, RefusedError, None),
        *((429, {"Retry-After": given}, NotDoneError, wait) for given, wait in (
            ("30", 30.0), ("Wed, 21 Oct 2026 07:28:00 GMT", 0.0), ("Wed, 25 Nov 2026 09:05:00 GMT", 300.0),
            *((most, 86400.0) for most in ("172800", "9" * 5000, "Fri, 31 Dec 9999 23:59:59 GMT")),
            *((none, None) for none in (
                "-5", "1.5", "soon", "²", "Wed, 25 Nov 2026 09:05:00 -0000", "Wed, 99 Nov 2026 09:05:00 GMT",
                "Wed, 25 Nov 99999999999 09:05:00 GMT",
            )),
        )),
        (503, {"Retry-After": "30"}, NotDoneError, 30.0),
    ],
)  # fmt: skip
async def test_what_is_not_taken_waits_as_long_as_it_is_told_a_day_at_most(
    listener: Listener, status: int, headers: dict[str, str], error: type[Exception], wait: float | None
) -> None:
    listener.answer = lambda: web.Response(status=status, headers=headers)
    with pytest.raises(error) as refusal:
        await target(listener.url).deliver(order(3, kind="webhook"), NOW)
    assert getattr(refusal.value, "wait", None) == wait
    assert len(listener.requests) == 1


async def test_what_was_told_without_an_answer_may_have_been_taken(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.newsroom.targets.target_requests._SECONDS", 0.2)
    listener.seconds = 5.0
    with pytest.raises(UnsureError, match="answer did not come"):
        await target(listener.url).deliver(order(3, kind="webhook"), NOW)
    assert len(listener.requests) == 1


async def test_what_was_told_may_have_been_taken_where_the_line_is_cut() -> None:
    async def cut(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(cut, "127.0.0.1", 0)
    async with server:
        host, port = server.sockets[0].getsockname()
        with pytest.raises(UnsureError, match="answer did not come"):
            await target(f"http://{host}:{port}/").deliver(order(3, kind="webhook"), NOW)


@pytest.mark.parametrize("seconds", [0.0, 0.2])
async def test_a_name_that_is_not_found_or_not_in_time_was_not_told(
    monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    def unknown(*_arguments: object, **_named: object) -> None:
        time.sleep(seconds)
        raise socket.gaierror("Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    monkeypatch.setattr("bot.newsroom.targets.target_requests._CONNECT_SECONDS", 0.1)
    with pytest.raises(NotDoneError, match="can't be reached"):
        await target("http://nobody.example/", guild_id=5).deliver(order(3, kind="webhook"), NOW)


async def test_an_address_that_does_not_answer_and_one_that_was_removed() -> None:
    with pytest.raises(NotDoneError, match="can't be reached"):
        await target("http://127.0.0.1:9/").deliver(order(3, kind="webhook"), NOW)
    with pytest.raises(RefusedError, match="removed"):
        await WebhookTarget(lambda _: None, SETTINGS).deliver(order(3, kind="webhook"), NOW)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "10.0.0.1", "169.254.169.254", "192.168.1.1"])
async def test_what_moderators_set_does_not_lead_into_the_operators_network(listener: Listener, host: str) -> None:
    address = listener.url.replace("127.0.0.1", host)
    with pytest.raises(RefusedError, match="private network"):
        await target(address, guild_id=5).deliver(order(3, kind="webhook"), NOW)
    assert not listener.requests


@pytest.mark.parametrize(
    "text",
    [
        "", "example.org", "ftp://example.org", "javascript:alert(1)", "file:///etc/passwd", "https://", "http://a b",
        "https://user:pw@example.org", "https://example.org/" + "x" * 2000, "https://[::1", "https://x\n.org",
        "https://example.org:99999",
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_webhook(text: str) -> None:
    with pytest.raises(UsageError):
        WebhookTarget.check(text)


def test_an_address_and_its_secret() -> None:
    assert WebhookTarget.check(" https://example.org/hook?x=1 ").address == "https://example.org/hook?x=1"
    assert new_secret() != new_secret()
    assert len(base64.b64decode(new_secret().removeprefix("whsec_"))) == 24


def test_what_is_not_public_has_no_address_of_ours() -> None:
    event = build_payload(order(1, kind="webhook", is_public=False), SETTINGS.public_url)
    assert event["data"]["url"] is None
