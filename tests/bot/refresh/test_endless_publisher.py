"""A publisher that serves without end: it costs the service a bounded part of memory and time, and waits for longer."""

import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import AsyncMock

import pytest
from aiohttp import web

from bot.doctor import examine
from bot.refresh import board_files, daily, last_refresh, refreshing
from bot.refresh.downloading import DownloadLimits, download
from bot.services import Services
from bot.state.database import open_state
from core.errors import DataError
from core.evidence.importers.rows import FileContent
from tests.bot.refresh.conftest import NOON, Site, weirdml
from tests.fakes.publishers import Answer, page, status

pytestmark = pytest.mark.slow

HOUR = timedelta(hours=1)
MOST_GROWTH, LONGEST_STOP = 150, 2.0
"""Megabytes of ours, and seconds for which the loop may stand on a busy machine; it was 4,700 and 22."""


def on_loopback(address: str) -> bool:
    """The rule of the tests: the test's own server may be connected to, and nothing else."""
    return address == "127.0.0.1"


DENSE, LONG = b"[[],[]]", b'"' + b"x" * 10_000 + b'"'
"""Rows that take most memory for their bytes, and least."""


def fat_pages(row: bytes, n_bytes: int, n_pages: int = 8) -> Answer:
    """A table whose every page is of so many bytes, and that has always more."""
    rows = b",".join([b'{"row":' + row + b"}"] * (n_bytes // (len(row) + 9)))
    left = [page(b'{"num_rows_total":1000000000,"rows":[' + rows + b"]}", "application/json")] * n_pages

    async def answer(request: web.Request) -> web.StreamResponse:
        return await (left.pop() if left else status(404))(request)

    return answer


def megabytes() -> float:
    """Return what this process has in memory."""
    return int(Path("/proc/self/statm").read_text("utf-8").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


async def watched(services: Services) -> tuple[float, float]:
    """Refresh as the service does; return the longest stop of the loop, and by how much this process grew."""
    before, most, longest = megabytes(), 0.0, 0.0
    work = asyncio.create_task(daily.refresh_now(services, NOON))
    while not work.done():
        then = time.monotonic()
        await asyncio.sleep(0.01)
        longest, most = max(longest, time.monotonic() - then), max(most, megabytes())
    await work
    return longest, most - before


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch, site: Site) -> Iterator[Services]:
    """A service that asks two publishers on loopback, of which one is sound."""
    site.serve(weirdml())
    fetch = partial(download, may_reach=on_loopback, limits=DownloadLimits(tries=1))
    monkeypatch.setattr(
        refreshing, "choose_publishers", lambda *_: [site.publishers[name] for name in ("arena", "weirdml")]
    )
    monkeypatch.setattr(refreshing.refresh, "__kwdefaults__", {**refreshing.refresh.__kwdefaults__, "fetch": fetch})
    made = Services(site.settings, open_state(site.settings.state_url))
    yield made
    made.close()


def failure(site: Site) -> str:
    """Return why the paged publisher failed: it alone, while the other one's data came."""
    assert site.in_use is not None
    assert list(site.last.failed) == ["arena"]
    return site.last.failed["arena"]


def n_asked(site: Site) -> int:
    return len([asked for asked in site.served.asked if "datasets-server" in asked.path])


@pytest.mark.parametrize(
    ("row", "n_bytes", "pages", "why"),
    [
        (DENSE, 40_000_000, 1, "is larger than 20 MB"),
        (DENSE, 19_000_000, 1, "takes too much memory to read"),
        (LONG, 12_000_000, 2, "is larger than 20 MB"),
    ],
)
def test_a_publisher_of_fat_pages_fills_no_memory_and_stops_no_loop(
    site: Site, services: Services, row: bytes, n_bytes: int, pages: int, why: str
) -> None:
    site.serve(fat_pages(row, n_bytes), "arena")
    longest, grew = asyncio.run(watched(services))
    assert why in failure(site)
    assert n_asked(site) == pages
    assert longest < LONGEST_STOP
    assert grew < MOST_GROWTH


def test_a_publisher_of_many_rows_fails_alone(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.serve([*weirdml(), *({**weirdml()[0], "display_name": f"model-{n}"} for n in range(3))])
    monkeypatch.setattr(board_files, "_MOST_ROWS", len(weirdml()) + 2)
    [outcome] = site.refresh().outcomes
    assert outcome.state == "failed"
    assert "has too many rows" in outcome.why


def test_a_publisher_whose_file_takes_all_memory_to_read_fails_alone(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def takes_all(_place: Path) -> FileContent:
        raise MemoryError

    site.serve(weirdml())
    monkeypatch.setattr(board_files, "IMPORTERS", {"weirdml": takes_all})
    [outcome] = site.refresh().outcomes
    assert outcome.state == "failed"
    assert outcome.why == "What weirdml serves takes too much memory to read; see whether its format has changed."


@pytest.mark.parametrize(
    ("wait", "why"),
    [(0, "has 50 rows where it says 1000000000"), (0.1, "took longer than 2 seconds; try again later")],
)
def test_all_pages_together_have_a_number_and_a_time(
    site: Site, monkeypatch: pytest.MonkeyPatch, wait: float, why: str
) -> None:
    async def one_row(_: web.Request) -> web.Response:
        await asyncio.sleep(wait)
        return web.json_response({"rows": [{"row": {}}], "num_rows_total": 1_000_000_000})

    monkeypatch.setattr(refreshing, "_MOST_SECONDS", 2.0 if wait else 300.0)
    site.serve(one_row, "arena")
    [outcome] = site.refresh("arena").outcomes
    assert outcome.state == "failed"
    assert why in outcome.why
    assert (n_asked(site) == 50) == (wait == 0)


def test_a_try_is_noted_before_it_begins_and_each_that_does_not_end_makes_the_next_wait_longer(
    site: Site, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    began: list[datetime] = []
    clock = SimpleNamespace(time=NOON, now=lambda _zone: clock.time)
    monkeypatch.setattr(daily, "datetime", clock)

    async def is_killed(*_: object) -> None:
        attempt = last_refresh.read_attempt(site.settings.data)
        began.append(attempt.began)
        raise asyncio.CancelledError

    with monkeypatch.context() as while_killed:
        while_killed.setattr(refreshing, "_download_all", is_killed)
        for hours in range(100):
            clock.time = NOON + hours * HOUR
            for _ in range(2):  # a restart at once is no reason to begin again
                with suppress(asyncio.CancelledError):
                    asyncio.run(daily.refresh_when_due(services))
    assert [(start - NOON) // HOUR for start in began] == [0, 1, 3, 7, 14, 28, 51, 74, 97]
    assert last_refresh.find_doubts(site.settings.data, NOON) == [
        "the last 9 refreshes did not end; see the log of `gapbrief run`"
    ]
    checks = {(check.state, check.text) for check in examine(site.settings, NOON.date()) if check.name == "refresh"}
    assert ("wrong", "the last 9 refreshes did not end; see the log of `gapbrief run`") in checks
    clock.time = NOON + 200 * HOUR
    asyncio.run(daily.refresh_when_due(services))
    assert last_refresh.read_attempt(site.settings.data) is None
    assert site.last.at == clock.time


async def test_a_clock_that_was_years_ahead_does_not_stop_the_refresh(
    site: Site, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.settings.data.mkdir()
    last_refresh.save_attempt(site.settings.data, datetime(2062, 1, 1, tzinfo=UTC))
    refresh_now = AsyncMock()
    monkeypatch.setattr(daily, "refresh_now", refresh_now)
    await daily.refresh_when_due(services)
    refresh_now.assert_awaited_once()


async def test_work_that_takes_too_long_is_ended(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daily, "_MOST_SECONDS", 0.01)
    with pytest.raises(DataError, match="took too much time; try again later"):
        await daily.refresh_now(services, NOON)
