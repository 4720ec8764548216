"""The newsroom at work: one process of several, from a due time to what is sent, and its stop."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from apscheduler.schedulers import base

from bot import scheduler
from bot.newsroom import workflow
from bot.newsroom.newsroom_worker import BACKUP, DISCORD_LEASE, LEASE, DueTrigger, NewsroomWorker
from bot.newsroom.targets import Delivered, DeliveryOrder, Target
from bot.newsroom.workflow import OPERATOR
from bot.scheduler import Scheduler
from bot.state import notes, schedules
from bot.state.backups import list_daily_backups
from bot.state.database import State, open_state
from tests.bot.kept import holder
from tests.bot.newsroom.newsroom import (
    DAY,
    MINUTE,
    NOW,
    Clock,
    FakeTarget,
    FakeWriter,
    add_target,
    made,
    unsettled,
    until,
)

HELD = timedelta(minutes=1)
"""How long a lease is held: a busy machine renews it late."""


def newsroom(
    state: State, clock: Callable[[], datetime] | None = None, look_seconds: float = 0.05, **targets: Target
) -> NewsroomWorker:
    return NewsroomWorker(
        state, FakeWriter(), targets, Scheduler(), clock=clock, lease_time=HELD, look_seconds=look_seconds
    )


@asynccontextmanager
async def at_work(room: NewsroomWorker, ready: Callable[[], object] | None = None) -> AsyncIterator[NewsroomWorker]:
    room.begin(ready)  # type: ignore[arg-type]
    try:
        yield room
    finally:
        await room.stop()


def schedule(state: State) -> None:
    with state.begin() as connection:
        schedules.add(
            connection, schedules.NewSchedule("0 9 * * *", "UTC", channel_id=1, only_news=False), NOW - DAY + MINUTE
        )


def post(state: State) -> int:
    """Post a brief in a channel, and return its id."""
    brief_id = workflow.add_draft(state, made(), OPERATOR, NOW).id
    workflow.post(state, brief_id, 1, OPERATOR, NOW)
    return brief_id


async def test_what_a_person_posts_is_sent_at_once(state: State, target: FakeTarget) -> None:
    async with at_work(newsroom(state, Clock(NOW), look_seconds=3, discord=target)) as room:
        await until(lambda: room.is_active)
        await asyncio.sleep(0.05)
        post(state)
        room.nudge()
        await until(lambda: target.delivered)


async def test_what_is_for_discord_waits_until_the_client_is_ready_and_nothing_else_does(
    state: State, target: FakeTarget
) -> None:
    ready, webhook = asyncio.Event(), FakeTarget()
    add_target(state)
    post(state)
    async with at_work(newsroom(state, Clock(NOW), discord=target, webhook=webhook), ready.wait):
        await until(lambda: webhook.delivered)
        await asyncio.sleep(0.2)
        assert not target.delivered
        ready.set()
        await until(lambda: target.delivered)


async def test_of_two_processes_one_makes_the_daily_copy_and_the_other_takes_over(tmp_path: Path) -> None:
    address, folder = f"sqlite:///{tmp_path / 'state.db'}", tmp_path / "copies"
    with closing(open_state(address)) as state:
        async with at_work(newsroom(state)) as holding:
            await until(lambda: holding.is_active)
            async with at_work(newsroom(state)) as waiting:
                waiting.back_up_to(address, folder)
                await until(lambda: waiting.scheduler.jobs()[BACKUP]["last_run"])
                assert not list_daily_backups(folder)
                await holding.stop()
                await until(lambda: list_daily_backups(folder))


async def test_of_two_processes_one_posts_and_the_other_takes_over(state: State) -> None:
    first, second = FakeTarget(), FakeTarget()
    async with at_work(newsroom(state, discord=second)) as waiting:
        await until(lambda: waiting.is_active and waiting._holds(DISCORD_LEASE))
        async with at_work(newsroom(state, discord=first)) as other:
            for number in range(5):
                brief_id = workflow.add_draft(state, made(f"Brief {number}"), OPERATOR, other.clock()).id
                workflow.post(state, brief_id, number + 1, OPERATOR, other.clock())
            await until(lambda: unsettled(state) == 0)
            assert (len(second.delivered), len(first.delivered), other.is_active) == (5, 0, False)
            await waiting.stop()  # and gives its lease back
            await until(lambda: other.is_active)


async def test_one_without_discord_does_not_keep_one_that_has_it_from_posting(state: State) -> None:
    add_target(state)
    webhook, channel, unused = FakeTarget(), FakeTarget(), FakeTarget()
    pages = newsroom(state, Clock(NOW), webhook=webhook)
    bot = newsroom(state, Clock(NOW), discord=channel, user=channel, webhook=unused)
    ready = asyncio.Event()
    async with at_work(pages):
        await until(lambda: pages.is_active)
        async with at_work(bot, ready.wait):
            post(state)
            await until(lambda: webhook.delivered)
            assert not channel.delivered
            ready.set()
            await until(lambda: unsettled(state) == 0)
            assert not bot.is_active
    assert (len(webhook.delivered), len(channel.delivered), len(unused.delivered)) == (1, 1, 0)
    assert holder(state, DISCORD_LEASE, NOW) is None


async def test_one_that_went_silent_is_replaced(state: State, target: FakeTarget) -> None:
    clock = Clock(NOW)
    assert notes.hold_lease(state, LEASE, "who went silent", NOW, HELD)
    async with at_work(newsroom(state, clock, discord=target)) as room:
        await asyncio.sleep(0.2)
        assert not room.is_active
        clock.now += 2 * HELD
        await until(lambda: room.is_active)


async def test_a_stop_lets_what_is_under_way_end(state: State, target: FakeTarget) -> None:
    begun = asyncio.Event()

    async def deliver(order: DeliveryOrder, _now: object) -> Delivered:
        begun.set()
        await asyncio.sleep(0.2)
        return Delivered(order.item.id)

    target.deliver = deliver  # type: ignore[method-assign]
    schedule(state)
    async with at_work(newsroom(state, Clock(NOW), discord=target)):
        await asyncio.wait_for(begun.wait(), 60)
    assert unsettled(state) == 0
    assert holder(state, LEASE, NOW) is None


async def test_trouble_with_the_state_ends_nothing(
    state: State, target: FakeTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule(state)
    with monkeypatch.context() as patch:
        patch.setattr(notes, "hold_lease", lambda *_: 1 / 0)
        async with at_work(newsroom(state, Clock(NOW), discord=target)) as room:
            await asyncio.sleep(0.2)
            assert not room.is_active
            patch.undo()
            await until(lambda: target.delivered)


async def test_a_clock_that_is_put_back_holds_nothing_up(
    state: State, target: FakeTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_back = timedelta(0)

    class MachineClock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime.now(UTC) - put_back

    for module in (base, scheduler):
        monkeypatch.setattr(module, "datetime", MachineClock)
    monkeypatch.setattr(scheduler, "_CLOCK_SECONDS", 0.1)
    async with at_work(newsroom(state, Clock(NOW), discord=target)) as room:
        await until(lambda: room.is_active)
        await asyncio.sleep(0.2)
        put_back = timedelta(hours=1)
        await asyncio.sleep(0.2)  # what was under way is over
        schedule(state)
        await until(lambda: target.delivered)


def test_the_trigger_fires_when_a_rule_is_due_and_every_so_often() -> None:
    trigger = DueTrigger(timedelta(seconds=30))
    assert trigger.get_next_fire_time(None, NOW) == NOW + timedelta(seconds=30)
    trigger.follow([("10 9 * * *", "UTC"), ("30 10 * * *", "Europe/Berlin")], NOW)
    assert trigger.get_next_fire_time(None, NOW) == NOW + timedelta(seconds=30)
    assert trigger.get_next_fire_time(None, NOW + 9.75 * MINUTE) == NOW + 10 * MINUTE
    assert trigger.get_next_fire_time(None, NOW + 10 * MINUTE) == NOW + 10.5 * MINUTE
    trigger.follow([("30 10 * * *", "Europe/Berlin")], NOW + 10 * MINUTE)
    assert trigger.get_next_fire_time(None, NOW + 29.75 * MINUTE) == NOW + 30 * MINUTE
