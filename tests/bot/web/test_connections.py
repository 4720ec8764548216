"""Connections to the pages, over real sockets: slow and idle ones are cut, and keep nobody else out."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from structlog.testing import capture_logs

import bot.web.connections
from bot.files import allow_open_files
from bot.web.connections import Limits, limit_connections, party
from bot.web.server import listening, web_server

ATTACK = 1300
"""So many slow connections from one address once stopped everything."""
OTHER = "127.0.0.2"
"""Another address of this machine, which is no proxy's."""
PATIENCE = 20.0
"""Seconds that the machine may take for what is quick, where it has much else to do."""
LARGE = 30 * 2**20
"""More bytes than a socket holds back for a reader that doesn't read."""
HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
WHOLE = HEAD + b"\r\n"
HELD, LARGE_ONE = (WHOLE.replace(b"/", path, 1) for path in (b"/held", b"/large"))
"""Requests for the paths of `serving`."""

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Server:
    """A server of the pages, with an application of the test's."""

    port: int
    uvicorn: Any
    stack: AsyncExitStack
    release: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def open(self) -> int:
        """How many connections it has."""
        return len(self.uvicorn.server_state.connections)

    @property
    def busy(self) -> int:
        """How many requests are being answered."""
        return len(self.uvicorn.config.http_protocol_class.peers.answering)

    async def connect(self, sent: bytes = b"", address: str = "127.0.0.1") -> Stream:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, local_addr=(address, 0))
        self.stack.callback(writer.close)  # which keeps it until then
        writer.write(sent)
        return reader, writer

    async def asked(self, address: str = OTHER, sent: bytes = WHOLE) -> bytes:
        """Ask for the page over a connection of its own; return the head of the answer."""
        reader, _ = await self.connect(sent, address)
        async with asyncio.timeout(PATIENCE):
            return await reader.readuntil(b"\r\n\r\n")

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not holds():
                await asyncio.sleep(0.01)


@asynccontextmanager
async def serving(limits: Limits, proxies: tuple[str, ...] = ()) -> AsyncIterator[Server]:
    """Serve "/": an answer; "/large": one that no socket holds; "/body": reads a body; "/held": waits for `release`."""
    server: Server

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        while scope["path"] == "/body" and (await receive()).get("more_body"):
            pass
        if scope["path"] == "/held":
            await server.release.wait()
        body = bytes(LARGE) if scope["path"] == "/large" else b"ok"
        length = (b"content-length", str(len(body)).encode())
        await send({"type": "http.response.start", "status": 200, "headers": [length]})
        await send({"type": "http.response.body", "body": body})

    with listening("127.0.0.1", 0) as port:
        web: Any = web_server(app, proxies, limits)  # type: ignore[arg-type]
        async with AsyncExitStack() as stack:
            server = Server(port.getsockname()[1], web, stack)
            running = asyncio.create_task(web.serve(sockets=[port]))
            await server.until(lambda: web.started)
            try:
                yield server
            finally:
                server.release.set()
                web.should_exit = True
                await stack.aclose()
                await running


async def cut(stream: Stream) -> bytes:
    """Wait until the server ends a connection; return what it sent."""
    content = b""
    async with asyncio.timeout(PATIENCE):
        try:
            while read := await stream[0].read(2**16):
                content += read
        except ConnectionError:
            pass
    return content


@pytest.mark.parametrize("sent", [b"", HEAD, WHOLE], ids=["nothing", "half a head", "then idle"])
@pytest.mark.slow
async def test_1300_slow_connections_of_one_address_keep_nobody_else_out(sent: bytes) -> None:
    many = min(ATTACK, (allow_open_files(2 * ATTACK + 400) - 400) // 2)
    limits = Limits(in_all=100, by_address=20)
    async with serving(limits) as server:
        await asyncio.gather(*(server.connect(sent) for _ in range(many)))
        assert (await server.asked()).startswith(b"HTTP/1.1 200 ")
        assert server.open <= limits.by_address + 1


async def test_beside_as_many_as_can_be_answered_soon_one_is_refused_before_it_is_read_and_health_is_told() -> None:
    async with serving(Limits(requests=2)) as server:
        kept = await server.connect(WHOLE)
        await kept[0].readuntil(b"ok")
        held = [await server.connect(HELD) for _ in range(2)]
        await server.until(lambda: server.busy == 2)
        assert (await server.asked(sent=b"\0 no request at all")).startswith(b"HTTP/1.1 503 ")
        kept[1].write(WHOLE)
        assert b"\r\nRetry-After: 2\r\n" in await cut(kept)
        assert (await server.asked(sent=WHOLE.replace(b"/", b"/healthz", 1))).startswith(b"HTTP/1.1 200 ")
        server.release.set()
        for reader, _ in held:
            assert (await reader.readuntil(b"ok")).startswith(b"HTTP/1.1 200 ")
        assert (await server.asked()).startswith(b"HTTP/1.1 200 ")


async def test_all_addresses_together_have_no_more_than_all_places() -> None:
    async with serving(Limits(in_all=10, by_address=4)) as server:
        for number in range(2, 8):
            await asyncio.gather(*(server.connect(HEAD, f"127.0.0.{number}") for _ in range(4)))
        await server.until(lambda: server.open <= 10)


@pytest.mark.parametrize(
    ("limits", "sent", "slowly"),
    [
        (Limits(head_seconds=0.3), HEAD, b""),
        (Limits(head_seconds=0.3), HEAD, b"X-Slow: x\r\n"),
        (Limits(request_seconds=0.3), b"POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n", b"x"),
    ],
    ids=["a head, and nothing more", "a head, a line now and then", "a body, a letter now and then"],
)
async def test_what_never_comes_whole_is_cut(limits: Limits, sent: bytes, slowly: bytes) -> None:
    async with serving(limits) as server:
        reader, writer = await server.connect(sent)
        ended = asyncio.create_task(cut((reader, writer)))
        while not ended.done():
            writer.write(slowly)
            await asyncio.sleep(0.05)
        assert await ended == b""


@pytest.mark.parametrize("limits", [Limits(idle_seconds=0), Limits(head_seconds=0.3)], ids=["idle", "head"])
async def test_a_connection_that_asks_no_more_is_cut(limits: Limits) -> None:
    async with serving(limits) as server:
        assert (await cut(await server.connect(WHOLE))).endswith(b"ok")


async def test_a_reader_that_takes_no_answer_is_cut() -> None:
    async with serving(Limits(head_seconds=0.3)) as server:
        reader, _ = stream = await server.connect(LARGE_ONE)
        await reader.readuntil(b"\r\n\r\n")
        await server.until(lambda: server.open == 0)
        assert len(await cut(stream)) < LARGE


async def test_an_answer_may_take_longer_than_a_head() -> None:
    async with serving(Limits(head_seconds=0.1)) as server:
        asked = asyncio.create_task(server.asked(sent=HELD))
        await server.until(lambda: server.open == 1)
        await asyncio.sleep(0.3)
        server.release.set()
        assert (await asked).startswith(b"HTTP/1.1 200 ")


async def test_who_has_waited_longest_makes_room_and_who_is_answered_does_not() -> None:
    async with serving(Limits(by_address=3, patience_seconds=0)) as server:
        held = await server.connect(HELD)
        await server.until(lambda: len(server.uvicorn.server_state.tasks) == 1)
        oldest = await server.connect(HEAD)
        await server.connect(HEAD)
        await server.until(lambda: server.open == 3)
        assert (await server.asked("127.0.0.1")).startswith(b"HTTP/1.1 200 ")
        assert await cut(oldest) == b""
        await server.until(lambda: len(server.uvicorn.config.http_protocol_class.peers) == server.open)
        server.release.set()
        assert (await held[0].readline()).startswith(b"HTTP/1.1 200 ")


async def test_where_all_are_being_answered_a_new_one_is_told_when_to_come_back() -> None:
    async with serving(Limits(by_address=2, patience_seconds=0)) as server:
        for _ in range(2):
            await server.connect(HELD)
        await server.until(lambda: len(server.uvicorn.server_state.tasks) == 2)
        response = await cut(await server.connect(address="127.0.0.1"))
        head, _, body = response.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\n")
        assert body == b"Too many requests at once; try again in 2 s.\n"
        assert (await server.asked()).startswith(b"HTTP/1.1 200 ")


async def test_a_proxy_that_is_trusted_is_not_counted_as_one_stranger() -> None:
    limits = Limits(by_address=2, by_proxy=5, patience_seconds=PATIENCE)
    async with serving(limits, proxies=("127.0.0.0/31",)) as server:
        proxied = [await server.connect(HEAD) for _ in range(5)]
        strange = [await server.connect(HEAD, OTHER) for _ in range(3)]
        assert b" 503 " in await cut(strange[-1])
        assert b" 503 " in await cut(await server.connect(HEAD))
        for _, writer in proxied:
            writer.write(b"\r\n")
        assert [await reader.readline() for reader, _ in proxied] == [b"HTTP/1.1 200 OK\r\n"] * 5


def test_where_few_files_may_be_open_there_are_fewer_connections_and_it_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert limit_connections(Limits()).peers.limits == Limits()
    monkeypatch.setattr(bot.web.connections, "allow_open_files", lambda files: files - 200)
    with capture_logs() as logs:
        limits = limit_connections(Limits()).peers.limits
    assert (limits.in_all, limits.by_proxy) == (200, 150)
    assert logs[0]["event"] == "few files may be open at once, so fewer connections are taken"


@pytest.mark.parametrize(
    ("address", "whose"),
    [
        ("198.51.100.7", "198.51.100.7"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("::1", "::/64"),
        ("::ffff:198.51.100.7", "198.51.100.7"), ("", ""), ("testclient", "testclient"),
    ],
)  # fmt: skip
def test_an_address_is_counted_with_those_of_the_same_customer(address: str, whose: str) -> None:
    assert party(address) == whose
