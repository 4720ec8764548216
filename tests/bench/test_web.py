"""How quick the pages are, beside an empty route of the same framework in the same run; and how large."""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.newsroom import workflow
from bot.newsroom.writing import Writer
from bot.services import Services
from bot.settings import Settings
from bot.state.database import open_state
from bot.web.app import make_app
from bot.web.guard import Limit
from tests.conftest import ROOT

pytestmark = pytest.mark.bench

PAGES = (
    "/", "/briefs", "/briefs?q=models", "{brief}", "{brief}.md", "{brief}.txt", "{brief}.json", "{brief}.email.html",
    "/benchmarks", "/benchmarks/weirdml", "/models", "/models/o3-2025-04-16", "/method", "/sources", "/glossary",
    "/editors", "/embed", "/api", "/api/gap", "/api/timeline?benchmark=weirdml", "/feed.rss", "/feed.atom",
    "/feed.json", "/charts/gap.png", "/charts/gap.svg?theme=dark", "/nowhere",
)  # fmt: skip
MOST_MS, MOST_TIMES = 20, 20
"""A slower machine is slower at nothing too."""
MOST_BYTES = 100_000
ROUNDS = 15
BRIEFS = 40
"""What a weekly brief comes to in most of a year."""


@pytest.fixture(scope="module")
def client(evidence_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    url = f"sqlite:///{tmp_path_factory.mktemp('bench') / 'state.db'}"
    settings = Settings(evidence_file, ROOT / "data", url, public_url="https://gap.example.org")
    services = Services(settings, open_state(url))
    state = services.state
    made_on = Writer(settings).write(date(2026, 5, 22), None, None)
    for number in range(BRIEFS):
        day = date(2026, 1, 1) + timedelta(days=7 * number)
        brief = replace(made_on, brief=replace(made_on.brief, published=day))
        at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        stored = workflow.add_draft(state, brief, workflow.OPERATOR, at)
        workflow.post(state, stored.id, None, workflow.OPERATOR, at)
    asyncio.run(services.answers.refresh())
    app = make_app(lambda: {"ok": True}, services, limit=Limit(10**9, 10**9))
    with TestClient(app) as client:
        yield client
    services.close()


@pytest.fixture(scope="module")
def empty() -> Iterator[TestClient]:
    app = FastAPI()

    @app.get("/")
    async def nothing() -> dict[str, str]:
        return {}

    with TestClient(app) as client:
        yield client


def milliseconds(work: Callable[[], object]) -> float:
    """Return the median time of a call, warm."""
    work()
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - start))
    return median(taken)


def test_every_page_is_answered_within_20_ms_warm_and_under_100_kb(client: TestClient, empty: TestClient) -> None:
    base = milliseconds(lambda: empty.get("/"))
    brief = client.get("/briefs/2026-09-30").url.path
    print(f"\nan empty route {base:.1f} ms")
    slow, large = [], []
    for page in PAGES:
        path = page.replace("{brief}", brief)
        response = client.get(path)
        taken = milliseconds(lambda path=path: client.get(path))
        print(f"{taken:6.1f} ms  {taken / base:5.1f} x  {len(response.content):7,} bytes  {page}")
        if taken > max(MOST_MS, MOST_TIMES * base):
            slow.append(page)
        if response.headers["content-type"].startswith("text/html") and len(response.content) > MOST_BYTES:
            large.append(page)
    assert slow == []
    assert large == []
