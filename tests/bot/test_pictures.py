"""Pictures: each drawn once, kept in memory up to a size, in a process of its own."""

import asyncio
import multiprocessing
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace

import pytest

from bot import pictures
from bot.pictures import Pictures, choose_chart, describe, read_alt
from core.answer import Answer, Chart, Series
from core.chart_rows import describe as describe_rows
from core.charts import draw


def chart(title: str, *y: float | None) -> Chart:
    days = tuple(f"2026-01-{day:02}" for day in range(1, len(y) + 1))
    return Chart("index", title, "x", "y", (Series("private tests", "private", days, y, y, y),), alt="A line.")


def answer(*charts: Chart) -> Answer:
    return Answer({}, "m", {}, "r", "2026-08-22", "2026-08-22", "2026-08-22", (), (), (), charts, {}, ())


@pytest.fixture(autouse=True)
def drawing() -> None:
    """Let each draw in a process of its own."""


async def test_a_chart_is_drawn_once_and_the_one_not_asked_for_longest_makes_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By the memory of tests/bot/test_memo.py, whose size is in bytes here."""
    titles: list[str] = []

    async def draw(_self: Pictures, wanted: tuple[Chart, bool, str]) -> bytes:
        titles.append(wanted[0].title)
        return b"x" * 100

    monkeypatch.setattr(Pictures, "_draw_in_worker", draw)
    monkeypatch.setattr(pictures, "_KEPT_BYTES", 250)
    cache = Pictures()
    await asyncio.gather(*(cache.picture(chart("a", 1, 2)) for _ in range(50)))
    for title in ("b", "a", "c"):
        await cache.picture(chart(title, 1, 2))
    assert titles == ["a", "b", "c"]
    assert cache.cached(chart("a", 1, 2)) == b"x" * 100
    assert cache.cached(chart("b", 1, 2)) is None


async def test_a_worker_that_died_is_started_again_once(monkeypatch: pytest.MonkeyPatch) -> None:
    left = [BrokenProcessPool(), None]

    async def draw(_self: Pictures, _wanted: object) -> bytes:
        error = left.pop(0)
        if error:
            raise error
        return b"png"

    monkeypatch.setattr(Pictures, "_draw_in_worker", draw)
    assert await Pictures().picture(chart("a", 1, 2)) == b"png"


def test_the_chart_that_shows_an_answer_is_the_first_with_more_than_one_value() -> None:
    empty, single, full = chart("empty", None, None), chart("single", None, 2), chart("full", 1, 2)
    assert choose_chart(answer(empty, single, full)) == full
    assert choose_chart(answer(empty, single)) is None
    catch_up = replace(single, kind="catch-up")  # which names both models
    assert choose_chart(answer(catch_up, full)) == catch_up
    assert choose_chart(answer()) is None


@pytest.mark.parametrize("name", ["Kimi K3", "模型 名字"])  # in Latin letters, and in others
def test_a_picture_carries_its_alt_text(name: str) -> None:
    row = Series(name, "private", (name,), (3.0,))
    best = Chart("best", f"{name} leads", "Months behind", "", (row,), alt="Dots.")
    png = draw(best, shape="square")
    assert read_alt(png, best) == describe(best, "square")
    for spoilt in (b"", png[:40], b"x" * 99, b"\xff" * 99):
        assert read_alt(spoilt, best) == describe_rows(best)


@pytest.mark.slow
async def test_the_real_worker_draws_and_ends() -> None:
    others = set(multiprocessing.active_children())  # what other tests began
    cache = Pictures()
    png = await cache.picture(chart("Open models trail", 3, 4, 5))
    assert png.startswith(b"\x89PNG")
    [worker] = set(multiprocessing.active_children()) - others
    worker.kill()
    worker.join()
    assert (await cache.picture(chart("Another", 3, 4, 5))).startswith(b"\x89PNG")
    cache.close()
    async with asyncio.timeout(60):  # its executor's own thread may be the one that reaps it
        while set(multiprocessing.active_children()) - others:
            await asyncio.sleep(0.05)
