"""More is asked for than can be done: what is answered is answered soon, the rest is told when to come back."""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any

import aiohttp
import pytest

from bot.settings import Settings
from bot.web import archive, guard, replies, site
from bot.web.replies import BUSY, REQUESTS, BusyError, WorkQueue
from bot.web.server import listening, web_server
from core.answer import Answer
from core.questions import GapQuestion
from tests.bot.web.conftest import POSTED, Starter, Web, entry

AT_ONCE = 30


async def hold(turns: WorkQueue, end: asyncio.Event) -> None:
    async with turns.turn():
        await end.wait()


async def test_who_finds_too_many_waiting_is_refused_at_once_and_the_others_have_their_turn() -> None:
    turns, end = WorkQueue(at_once=1, most=2, seconds=60), asyncio.Event()
    held = [asyncio.create_task(hold(turns, end)) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(BusyError, match=BUSY):
        async with turns.turn():
            pass
    end.set()
    await asyncio.gather(*held)
    async with turns.turn():
        pass


async def test_who_has_waited_too_long_is_refused_and_leaves_no_place_taken() -> None:
    turns, end = WorkQueue(at_once=1, most=2, seconds=0.05), asyncio.Event()
    held = asyncio.create_task(hold(turns, end))
    await asyncio.sleep(0)
    waiting = await asyncio.gather(hold(turns, end), hold(turns, end), return_exceptions=True)
    assert [type(error) for error in waiting] == [BusyError] * 2
    end.set()
    await held
    with pytest.raises(BusyError):
        async with turns.turn(since=time.monotonic() - 1):
            pass
    async with turns.turn():
        pass


async def test_where_many_requests_are_under_way_none_has_long_work_begun_and_what_is_done_ahead_goes_on() -> None:
    requests, long, end = WorkQueue(5, 0, 60), WorkQueue(1, 0, 60, calm=2), asyncio.Event()
    held = [asyncio.create_task(hold(requests, end)) for _ in range(3)]
    await asyncio.sleep(0)
    async with long.turn():
        pass
    REQUESTS.set(requests)
    with pytest.raises(BusyError):
        async with long.turn():
            pass
    held.pop().cancel()
    await asyncio.sleep(0)
    async with long.turn():
        pass
    end.set()
    await asyncio.gather(*held)


async def test_long_work_is_waited_for_alone_and_goes_on_where_others_ask_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(replies, "_FEW", 0)
    monkeypatch.setattr(replies, "_SOON", 0.05)
    requests, long, end, ended = WorkQueue(5, 0, 60), WorkQueue(1, 0, 60), asyncio.Event(), asyncio.Event()

    async def work() -> str:
        await end.wait()
        ended.set()
        return "done"

    REQUESTS.set(requests)
    async with requests.turn():
        with pytest.raises(BusyError):
            await long.do(work)
        assert long.active == 1, "it has its turn until it is done"
    end.set()
    await ended.wait()
    await asyncio.sleep(0)
    assert await long.do(work) == "done"


@asynccontextmanager
async def served(web: Web) -> AsyncIterator[aiohttp.ClientSession]:
    """Serve the pages over sockets; yield what asks for their paths."""
    with listening("127.0.0.1", 0) as port:
        server = web_server(web.client.app)  # type: ignore[arg-type]
        running = asyncio.create_task(server.serve(sockets=[port]))
        url = f"http://127.0.0.1:{port.getsockname()[1]}"
        try:
            async with aiohttp.ClientSession(url, connector=aiohttp.TCPConnector(limit=0)) as session:
                yield session
        finally:
            server.should_exit = True
            await running


def statuses(web: Web, path: str, method: str = "GET", **sent: Any) -> Counter[tuple[int, str | None, str]]:
    """Ask a real server for a page many times at once; count the answers by status, when to come back, and text."""

    async def ask(session: aiohttp.ClientSession) -> tuple[int, str | None, str]:
        async with session.request(method, path, **sent) as reply:
            text = await reply.text()
            return reply.status, reply.headers.get("Retry-After"), text if reply.status != 200 else ""

    async def ask_often() -> Counter[tuple[int, str | None, str]]:
        async with served(web) as session:
            return Counter(await asyncio.gather(*(ask(session) for _ in range(AT_ONCE))))

    return asyncio.run(ask_often())


def test_what_can_not_be_answered_soon_is_told_when_to_come_back(
    start_web: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "_REQUEST_TURNS", (1, 3, 60.0))
    counts = statuses(start_web(), "/briefs?q=models")
    assert set(counts) == {(200, None, ""), (503, "2", f"{BUSY}\n")}
    assert counts[200, None, ""] >= 4


def test_a_new_question_is_not_worked_out_beside_too_many_others_and_those_in_memory_are_answered(
    start_web: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "_QUESTIONS", (1, 0, 60.0))
    web = start_web()

    async def asked() -> None:
        known, release = await web.site.answer(GapQuestion()), asyncio.Event()

        async def slow(_question: object) -> Answer:
            await release.wait()
            return known

        monkeypatch.setattr(web.site.services.answers, "answer", slow)
        new = asyncio.create_task(web.site.answer(GapQuestion(lab="Mistral")))
        await asyncio.sleep(0)
        with pytest.raises(BusyError):
            await web.site.answer(GapQuestion(lab="Moonshot"))
        assert await web.site.answer(GapQuestion()) is known
        release.set()
        assert await new is known

    asyncio.run(asked())


def test_a_page_that_takes_too_long_is_given_up(start_web: Starter, monkeypatch: pytest.MonkeyPatch) -> None:
    async def endless(*_: object) -> str:
        await asyncio.sleep(60)
        return ""

    web = start_web()
    monkeypatch.setattr(guard, "_LONGEST_SECONDS", 0.1)
    monkeypatch.setattr(type(web.site), "answer", endless)
    assert set(statuses(web, "/api/gap")) == {(503, "2", f'{{"error":"{BUSY}","suggestions":[]}}')}


def test_who_asks_for_briefs_of_many_days_keeps_nobody_else_waiting_and_a_day_without_one_is_worked_out_once(
    start_web: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one address asked for day after day, 23 of 47 other visitors got 503."""
    monkeypatch.setattr(guard, "_REQUEST_TURNS", (32, 128, 60.0))  # a busy machine sheds nothing by itself
    web, end, begun = start_web(), threading.Event(), list[date | None]()
    newest = ("/", "/briefs", f"/briefs/{entry(web, str(POSTED[0])).slug}")
    for path in newest:
        assert web.get(path).status_code == 200

    def write(_settings: Settings, published: date | None) -> None:
        begun.append(published)
        end.wait(60)

    monkeypatch.setattr(archive, "_write_from_data", write)

    async def attack() -> None:
        async with served(web) as session:

            async def status(path: str) -> int:
                async with session.get(path) as response:
                    return response.status

            days = [f"/briefs/{date(2026, 1, 1) + timedelta(days=number)}" for number in range(40)]
            flood = [asyncio.create_task(status(days[0]))]
            async with asyncio.timeout(60):
                while not begun:
                    await asyncio.sleep(0.01)
                flood += [asyncio.create_task(status(path)) for path in days[1:]]
                while sum(not task.done() for task in flood) > 3:
                    await asyncio.sleep(0.01)
            assert len(begun) == 1, "the others wait, or were told to come back"
            assert {task.result() for task in flood if task.done()} == {503}
            others = (*newest, "/api/gap", "/ask?q=how far behind is Mistral", "/briefs/2019-01-01")
            assert [await status(path) for path in others] == [200] * 5 + [404]
            assert await status("/ask?q=brief of 3 March 2026") == 503
            end.set()
            await asyncio.gather(*flood)
            first = f"/briefs/{begun[0]}"
            assert [await status(first) for _ in range(2)] == [404, 404]
            assert len(begun) == len(set(begun))

    try:
        asyncio.run(attack())
    finally:
        end.set()


@pytest.mark.slow
def test_the_newest_brief_is_kept_however_many_days_are_asked_for(
    start_web: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "_MOST_WRITTEN", 2)
    web = start_web()
    assert web.get("/briefs").status_code == 200
    written = web.site.archive._composed
    newest, *_ = written
    for day in ("2026-09-30", "2026-09-29", "2026-09-28", "2025-01-31"):
        web.get(f"/briefs/{day}-brief")
    kept = [str(day) for _, day in written]
    assert newest in written
    assert kept == ["None", "2026-09-29", "2026-09-28", "2025-01-31"], "the last has none, which is kept too"
