"""Reading one page of the web: what is refused, whoever's address and server it is, and what is read."""

import asyncio
import gzip
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from aiohttp import web

from bot import guarded_session
from bot.assistant.fetching import Page, fetch_page
from bot.guarded_session import is_public
from bot.response_body import MOST_BYTES
from core.errors import UsageError
from tests.bot.newsroom.listener import serving

Serve = Callable[..., Awaitable[str]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
ARTICLE = b"<html><body><p>Open models trail.</p></body></html>"


def on_loopback(address: str) -> bool:
    """The rule of the tests: the test's own server may be connected to, and nothing else."""
    return address == "127.0.0.1"


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Serve pages on loopback, each path by its handler; returns the server's address."""
    async with AsyncExitStack() as stack:

        async def start(**handlers: Handler) -> str:
            async def take(request: web.Request) -> web.StreamResponse:
                return await handlers[request.path.strip("/")](request)

            return await stack.enter_async_context(serving(take))

        yield start


def page(body: bytes = ARTICLE, kind: str = "text/html", **headers: str) -> Handler:
    async def answer(_: web.Request) -> web.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(body=body, headers={"Content-Type": kind, **named})

    return answer


def answering(status: int, **headers: str) -> Handler:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, headers=headers)

    return answer


def onward(to: str) -> Handler:
    return answering(302, Location=to)


async def refused(url: str, **options: Any) -> str:
    with pytest.raises(UsageError) as refusal:
        await fetch_page(url, **{"may_reach": on_loopback, **options})
    assert str(refusal.value).count("\n") == 0
    return str(refusal.value)


# ---- what is read


async def test_a_page_is_read_with_where_it_was_found(serve: Serve) -> None:
    base = await serve(a=page(kind="text/html; charset=utf-8"))
    assert await fetch_page(f"{base}/a#part", may_reach=on_loopback) == Page(f"{base}/a", ARTICLE, True, "utf-8")


async def test_plain_text_and_packed_pages_are_read(serve: Serve) -> None:
    base = await serve(a=page(b"plain", "text/plain"), b=page(gzip.compress(ARTICLE), Content_Encoding="gzip"))
    assert await fetch_page(f"{base}/a", may_reach=on_loopback) == Page(f"{base}/a", b"plain", False)
    assert (await fetch_page(f"{base}/b", may_reach=on_loopback)).content == ARTICLE


async def test_we_say_who_we_are_and_send_no_cookie_back(serve: Serve) -> None:
    came: list[web.Request] = []

    def noted(handler: Handler) -> Handler:
        async def answer(request: web.Request) -> web.StreamResponse:
            came.append(request)
            return await handler(request)

        return answer

    onto_b = answering(302, **{"Location": "/b", "Set-Cookie": "a=b; Path=/"})
    base = await serve(a=noted(onto_b), b=noted(page()))
    assert (await fetch_page(f"{base}/a", may_reach=on_loopback)).url == f"{base}/b"
    assert [request.headers["User-Agent"].startswith("gapbrief/") for request in came] == [True, True]
    assert not came[1].cookies
    assert "Authorization" not in came[1].headers


# ---- addresses


@pytest.mark.parametrize(
    "text",
    [
        "", "example.org", "ftp://example.org/a", "file:///etc/passwd", "javascript:alert(1)", "http://", "https:///a",
        "gopher://example.org", "http://exa mple.org/", "http://example.org\\@127.0.0.1/", "http://[::1", "http://a:b/",
        "http://example.org/\x00", "http://example.org/" + "a" * 2000, "data:text/html,hello", "//example.org/a",
        "http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://0x7f.1/", "http://1/",
        "http://127.0.0.1./",
    ],
)  # fmt: skip
async def test_what_is_no_web_address_is_refused(text: str) -> None:
    assert "is not a web address; give one that begins with https://" in await refused(text, may_reach=is_public)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "0.0.0.0", "10.0.0.1",  # noqa: S104 (it is refused)
        "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.0.192", "224.0.0.1",
        "255.255.255.255", "198.18.0.1", "[::1]", "[::]", "[fe80::1]", "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]",
        "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:169.254.169.254]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
        "[::127.0.0.1]", "①②⑦.⓪.⓪.①",
    ],
)  # fmt: skip
async def test_a_private_address_is_refused_in_every_spelling(host: str) -> None:
    """With the real rule, and without one connection."""
    message = await refused(f"http://{host}:9/", may_reach=is_public)
    assert message == "The address leads into a private network; give a public one."


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Let names have these addresses, at each asking the next; returns the names that were asked for."""
    asked: list[str] = []

    def getaddrinfo(host: Any, port: Any, *_: Any, **__: Any) -> list[Any]:
        asked.append(str(host))
        addresses = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


async def test_a_name_with_one_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, ["93.184.215.14", "10.0.0.1"])
    assert "private network" in await refused("http://example.org/", may_reach=is_public)


async def test_a_name_is_resolved_once_and_the_address_that_was_checked_is_connected_to(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = await serve(a=page())
    port = base.rpartition(":")[2]
    asked = resolving(monkeypatch, ["127.0.0.1"], ["10.0.0.1"])
    assert (await fetch_page(f"http://example.org:{port}/a", may_reach=on_loopback)).content == ARTICLE
    assert asked == ["example.org"]
    assert "private network" in await refused(f"http://example.org:{port}/a")


async def test_the_connection_is_checked_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """Should the check of the name ever be passed by, no socket is made for a private address all the same."""
    monkeypatch.setattr(guarded_session._Resolver, "resolve", guarded_session.ThreadedResolver.resolve)
    monkeypatch.setattr(
        guarded_session._Resolver, "_loop", property(lambda _: asyncio.get_running_loop()), raising=False
    )
    resolving(monkeypatch, ["10.0.0.1"])
    assert "private network" in await refused("http://example.org/", may_reach=is_public)


# ---- redirects


@pytest.mark.parametrize(
    "to", ["http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[::1]/", "//localhost:1/"]
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_into_a_private_network_is_refused(serve: Serve, to: str, status: int) -> None:
    def rule(address: str) -> bool:
        return is_public(address) or (address == "127.0.0.1" and to != "//localhost:1/") or not reached

    reached: list[str] = []

    async def first(_: web.Request) -> web.Response:
        reached.append("first")
        return web.Response(status=status, headers={"Location": to})

    base = await serve(a=first)
    assert "private network" in await refused(f"{base}/a", may_reach=rule)


@pytest.mark.parametrize(
    ("to", "message"),
    [
        ("file:///etc/passwd", "is not a web address"),
        ("javascript:alert(1)", "is not a web address"),
        ("http://me:secret@example.org/", "holds a name or a password"),
        ("http://[::1", "redirects to no web address"),
    ],
)
async def test_a_redirect_to_what_is_no_page_is_refused(serve: Serve, to: str, message: str) -> None:
    base = await serve(a=onward(to))
    assert message in await refused(f"{base}/a")


async def test_five_redirects_are_followed_and_not_six(serve: Serve) -> None:
    steps = {f"s{n}": onward(f"/s{n + 1}") for n in range(6)}
    base = await serve(**steps, s6=page())
    assert (await fetch_page(f"{base}/s1", may_reach=on_loopback)).content == ARTICLE
    assert "leads on more than 5 times" in await refused(f"{base}/s0")
    circle = await serve(a=onward("/a"))
    assert "leads on more than 5 times" in await refused(f"{circle}/a")


# ---- size, kind, time


async def test_a_page_that_is_too_large_is_not_read_to_its_end(serve: Serve) -> None:
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse(headers={"Content-Type": "text/html", "Content-Length": "100000000"})
        await response.prepare(request)
        for _ in range(1600):
            await response.write(b"x" * 62_500)
            sent += 62_500
        return response

    base = await serve(a=endless)
    assert "is larger than 2 MB" in await refused(f"{base}/a")
    assert sent < 20_000_000
    just = await serve(a=page(b"x" * MOST_BYTES), b=page(b"x" * (MOST_BYTES + 1)))
    assert len((await fetch_page(f"{just}/a", may_reach=on_loopback)).content) == MOST_BYTES
    assert "is larger than 2 MB" in await refused(f"{just}/b")


@pytest.mark.slow
async def test_a_bomb_is_not_unpacked(serve: Serve) -> None:
    bomb = gzip.compress(b"0" * 300_000_000, 1)
    assert len(bomb) < MOST_BYTES
    base = await serve(a=page(bomb, Content_Encoding="gzip"), b=page(gzip.compress(bomb), Content_Encoding="gzip"))
    assert "is larger than 2 MB" in await refused(f"{base}/a")
    assert (await fetch_page(f"{base}/b", may_reach=on_loopback)).content == bomb  # one packing is undone, not two


@pytest.mark.parametrize(
    ("handler", "message"),
    [
        *((page(b"\x00\x01", Content_Encoding=packing), "which I can't read")
          for packing in ("br", "deflate", "zstd", "gzip, gzip")),
        (page(b"no gzip at all", Content_Encoding="gzip"), "is packed in a broken way"),
        *((page(b"%PDF-1.7", kind), f'is "{kind}", not a page of text')
          for kind in ("application/pdf", "image/png", "application/json", "text/css", "video/mp4")),
        *((answering(status), f"answers with {status}") for status in (204, 401, 403, 404, 429, 500)),
    ],
)  # fmt: skip
async def test_what_is_no_page_of_text_is_refused(serve: Serve, handler: Handler, message: str) -> None:
    base = await serve(a=handler)
    assert message in await refused(f"{base}/a")


async def test_the_whole_is_bounded_however_slowly_it_drips(serve: Serve) -> None:
    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/html"})
        await response.prepare(request)
        for _ in range(200):
            await response.write(b"x")
            await asyncio.sleep(0.05)
        return response

    async def silent(_: web.Request) -> web.Response:
        await asyncio.sleep(10)
        return web.Response()

    base = await serve(a=drip, b=silent, c=onward("/b"))
    for path in "abc":
        assert "took longer than 0.3 seconds" in await refused(f"{base}/{path}", seconds=0.3)


async def test_who_does_not_answer_as_a_server_is_said_not_to(serve: Serve) -> None:
    base = await serve(a=page())
    gone = socket.create_server(("127.0.0.1", 0))
    port = gone.getsockname()[1]
    gone.close()
    assert "can't be reached" in await refused(f"http://127.0.0.1:{port}/")
    assert "can't be read" in await refused(base.replace("http", "https"))


async def test_a_name_that_nobody_has_is_said_to_be_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: Any, **__: Any) -> list[Any]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    assert "there is no such host" in await refused("https://nobody.example/", may_reach=is_public)
