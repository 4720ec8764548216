"""Visitors of the pages, behind a proxy, in a process of their own: `python -m tests.bench.web_load PORT RATE SECONDS`.

RATE is requests a second, begun when they are due whatever became of those before; 0 is eight visitors who ask one
thing after another. Prints what came of them as JSON.
"""

import asyncio
import json
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.processes import make_runner

PAGES = (
    "/", "/briefs", "/briefs?q=models", "/briefs/2026-08-22", "/briefs/2026-08-22.md", "/benchmarks", "/models",
    "/benchmarks/weirdml", "/method", "/glossary", "/api/gap", "/api/timeline?benchmark=weirdml", "/feed.rss",
    "/feed.json", "/charts/gap.png", "/static/style.css", "/nowhere",
)  # fmt: skip
NEW = 0.01
"""The share of requests that ask something which has to be worked out."""
VISITORS = 8
SERVED = ("200", "307", "404")
PATIENCE = 30.0
IDLE = 3.0
"""Seconds for which a connection is kept."""


@dataclass
class Came:
    """What came of the requests: how many by status, "" for none, and the seconds to each that was served."""

    statuses: Counter[str] = field(default_factory=Counter)
    served: list[float] = field(default_factory=list)
    seconds: float = 0.0


@dataclass
class Proxy:
    """A proxy: keeps connections, and says for whom it asks."""

    port: int
    came: Came = field(default_factory=Came)
    idle: list[tuple[float, asyncio.StreamReader, asyncio.StreamWriter]] = field(default_factory=list)
    chance: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311

    async def ask(self) -> None:
        """Pass the request of some visitor on, for one of the pages."""
        began = time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE):
                status = await self._asked(self._page())
        except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
            status = type(error).__name__
        self.came.statuses[status] += 1
        if status in SERVED:
            self.came.served.append(time.perf_counter() - began)

    def _page(self) -> str:
        if self.chance.random() >= NEW:
            return self.chance.choice(PAGES)
        return f"/api/gap?as_of={date(2025, 6, 1) + timedelta(days=self.chance.randrange(400))}"

    def _idle(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        """Take a recently used connection, and leave connections that the pages may be closing."""
        since, *streams = self.idle.pop() if self.idle else (0.0,)
        if time.monotonic() - since < IDLE:
            return streams[0], streams[1]
        for *_, writer in self.idle:
            writer.close()
        self.idle.clear()
        return None

    async def _asked(self, page: str) -> str:
        reader, writer = self._idle() or await asyncio.open_connection("127.0.0.1", self.port)
        visitor = f"198.51.{self.chance.randrange(256)}.{self.chance.randrange(256)}"
        writer.write(f"GET {page} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: {visitor}\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        if b"content-length: " in head:
            await reader.readexactly(int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0]))
        if b"connection: close" in head:
            writer.close()
        else:
            self.idle.append((time.monotonic(), reader, writer))
        return head.split(maxsplit=2)[1].decode()


async def visit(port: int, rate: float, seconds: float) -> Came:
    """Let visitors ask for a number of seconds."""
    proxy, began = Proxy(port), time.monotonic()

    async def one_after_another() -> None:
        while time.monotonic() - began < seconds:
            await proxy.ask()

    if rate == 0:
        await asyncio.gather(*(one_after_another() for _ in range(VISITORS)))
    else:
        requests = []
        for number in range(round(rate * seconds)):
            await asyncio.sleep(began + number / rate - time.monotonic())
            requests.append(asyncio.create_task(proxy.ask()))
        await asyncio.gather(*requests)
    for *_, writer in proxy.idle:
        writer.close()
    proxy.came.seconds = time.monotonic() - began
    return proxy.came


if __name__ == "__main__":
    with make_runner() as running:
        print(json.dumps(vars(running.run(visit(int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]))))))
