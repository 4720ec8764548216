"""The clock of background work: what runs how often, and how it is told that a job went wrong."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import pytest
import structlog
from apscheduler.schedulers import base

from bot import scheduler as scheduler_module
from bot.scheduler import Scheduler
from core.errors import NoNetworkError


@pytest.fixture
async def scheduler() -> AsyncIterator[Scheduler]:
    made = Scheduler()
    yield made
    await made.stop()


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not holds():
            await asyncio.sleep(0.01)


async def test_a_job_runs_at_once_and_again_and_a_failing_one_is_told_once_and_tried_again(
    scheduler: Scheduler,
) -> None:
    ran: list[str] = []

    async def well() -> None:
        ran.append("well")

    async def fails() -> None:
        ran.append("fails")
        if ran.count("fails") < 3:
            raise OSError("no disk")

    with structlog.testing.capture_logs() as logged:
        scheduler.add("well", well, 60)
        scheduler.add("fails", fails, 0.05)
        await until(lambda: ran.count("fails") == 2)
        await until(lambda: scheduler.jobs()["fails"]["last_error"] == "OSError: no disk")
        await until(lambda: scheduler.jobs()["fails"]["last_error"] is None)
    assert [(event["event"], event["job"], repr(event["exc_info"])) for event in logged] == [
        ("a job failed", "fails", "OSError('no disk')")
    ], "an unexpected error has its traceback"
    assert ran.count("well") == 1
    scheduler.run_now("well", "no such job")
    await until(lambda: ran.count("well") == 2)
    job = scheduler.jobs()["well"]
    assert job["last_error"] is None
    assert job["last_run"] < job["next_run"]


async def test_an_error_that_is_a_sentence_is_told_as_that_sentence(scheduler: Scheduler) -> None:
    async def fails() -> None:
        raise NoNetworkError("No publisher can be reached.")

    scheduler.add("refresh", fails, 60)
    await until(lambda: scheduler.jobs()["refresh"]["last_error"] == "No publisher can be reached.")


async def test_a_stop_ends_what_is_running_and_is_no_error(scheduler: Scheduler) -> None:
    ended: list[str] = []

    async def waits() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("ended")

    with structlog.testing.capture_logs() as logged:
        scheduler.add("waits", waits, 60)
        await asyncio.sleep(0.1)
        await scheduler.stop()
    assert (ended, logged, scheduler.jobs()) == (["ended"], [], {})


async def test_what_is_to_run_while_it_runs_runs_once_more_when_that_is_over(scheduler: Scheduler) -> None:
    begun, go = [], asyncio.Event()

    async def work() -> None:
        begun.append(1)
        await go.wait()

    scheduler.add("work", work, 60)
    await until(lambda: begun)
    scheduler.run_now("work")
    scheduler.run_now("work")
    await asyncio.sleep(0.1)
    assert len(begun) == 1
    go.set()
    await until(lambda: len(begun) == 2)


async def test_after_a_clock_jumps_to_2062_and_back_a_job_runs_once_for_all_that_was_missed(
    scheduler: Scheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    jump, ran = timedelta(0), 0

    class MachineClock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime.now(UTC) + jump

    async def work() -> None:
        nonlocal ran
        ran += 1

    for module in (base, scheduler_module):
        monkeypatch.setattr(module, "datetime", MachineClock)
    monkeypatch.setattr(scheduler_module, "_CLOCK_SECONDS", 0.05)
    scheduler.add("work", work, 60)
    await until(lambda: ran == 1)
    jump = timedelta(days=36 * 365)
    scheduler.add("wakes the scheduler", work, 60)
    await until(lambda: ran == 3)
    jump = timedelta(0)
    await until(lambda: ran == 5)
    assert ran == 5, "once for all that was missed, and once after the clock was put back"
