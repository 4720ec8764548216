"""The newsroom at work: one process of several, from a due time to what is sent, and its stop."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.schedulers import base
from apscheduler.triggers import interval

from bot import scheduler
from bot.publish import workflow
from bot.publish.publisher import DISCORD_LEASE, LEASE, DueTrigger, Publisher
from bot.publish.targets import Delivered, DeliveryOrder, Target
from bot.publish.workflow import OPERATOR
from bot.scheduler import Scheduler
from bot.state import briefs, leases, outbox, schedules, target_rows
from bot.state.database import State
from tests.bot.kept import holder
from tests.bot.publish.newsroom import DAY, MINUTE, NOW, Clock, FakeTarget, FakeWriter, made, unsettled

HELD = timedelta(minutes=1)
"""How long a lease is held: a busy machine renews it late."""


@pytest.fixture
def target() -> FakeTarget:
    return FakeTarget()


def newsroom(state: State, target: FakeTarget, clock: Callable[[], object] | None = None) -> Publisher:
    return Publisher(state, FakeWriter(), {"discord": target}, Scheduler(), clock=clock, held=HELD, look_seconds=0.05)  # type: ignore[arg-type]


@asynccontextmanager
async def at_work(room: Publisher, ready: Callable[[], object] | None = None) -> AsyncIterator[Publisher]:
    room.begin(ready)  # type: ignore[arg-type]
    try:
        yield room
    finally:
        await room.stop()


async def until(holds: Callable[[], object], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.01)


def schedule(state: State) -> None:
    with state.begin() as connection:
        schedules.add(
            connection, schedules.NewSchedule("0 9 * * *", "UTC", channel_id=1, only_news=False), NOW - DAY + MINUTE
        )


async def test_what_is_due_is_made_and_sent(state: State, target: FakeTarget) -> None:
    schedule(state)
    async with at_work(newsroom(state, target, Clock(NOW))):
        await until(lambda: target.delivered)
        await until(lambda: unsettled(state) == 0)
    assert [kept.status for kept in briefs.listed(state)] == ["posted"]


async def test_what_a_person_posts_is_sent_at_once(state: State, target: FakeTarget) -> None:
    room = Publisher(state, FakeWriter(), {"discord": target}, Scheduler(), clock=Clock(NOW), held=HELD, look_seconds=3)
    async with at_work(room):
        await until(lambda: room.holds)
        await asyncio.sleep(0.05)
        workflow.post(state, workflow.make(state, made(), OPERATOR, NOW).id, 1, OPERATOR, NOW)
        room.nudge()
        await until(lambda: target.delivered)


async def test_nothing_is_sent_before_the_client_is_ready(state: State, target: FakeTarget) -> None:
    ready = asyncio.Event()
    schedule(state)
    async with at_work(newsroom(state, target, Clock(NOW)), ready.wait):
        await until(lambda: briefs.listed(state))
        await asyncio.sleep(0.2)
        assert not target.delivered
        ready.set()
        await until(lambda: target.delivered)


async def test_what_is_not_for_discord_does_not_wait_for_it(state: State, target: FakeTarget) -> None:
    with state.begin() as connection:
        target_rows.add(connection, kind="webhook", address="https://example.org", secret="", at=NOW, guild_id=None)
    kept = workflow.make(state, made(), OPERATOR, NOW)
    workflow.post(state, kept.id, 1, OPERATOR, NOW)
    webhook = FakeTarget()
    kinds = {"discord": target, "webhook": webhook}
    room = Publisher(state, FakeWriter(), kinds, Scheduler(), clock=Clock(NOW), held=HELD, look_seconds=0.05)  # type: ignore[arg-type]
    async with at_work(room, asyncio.Event().wait):
        await until(lambda: webhook.delivered)
        await asyncio.sleep(0.1)
    assert not target.delivered
    assert [(item.kind, item.status) for item in outbox.of_brief(state, kept.id)] == [
        ("discord", "pending"), ("webhook", "sent"),
    ]  # fmt: skip


async def test_of_two_processes_one_posts_and_the_other_takes_over(state: State) -> None:
    first, second = FakeTarget(), FakeTarget()
    async with at_work(newsroom(state, second)) as waiting:
        await until(lambda: waiting.holds and waiting._has(DISCORD_LEASE))
        async with at_work(newsroom(state, first)) as other:
            for number in range(5):
                brief_id = workflow.make(state, made(f"Brief {number}"), OPERATOR, other.clock()).id
                workflow.post(state, brief_id, number + 1, OPERATOR, other.clock())
            await until(lambda: unsettled(state) == 0)
            assert (len(second.delivered), len(first.delivered), other.holds) == (5, 0, False)
            await waiting.stop()  # and gives its lease back
            await until(lambda: other.holds)


async def test_one_without_discord_does_not_keep_one_that_has_it_from_posting(state: State) -> None:
    with state.begin() as connection:
        target_rows.add(connection, kind="webhook", address="https://example.org", secret="", at=NOW, guild_id=None)
    webhook, channel, unused = FakeTarget(), FakeTarget(), FakeTarget()
    pages = Publisher(
        state, FakeWriter(), {"webhook": webhook}, Scheduler(), clock=Clock(NOW), held=HELD, look_seconds=0.05
    )
    kinds: dict[str, Target] = {"discord": channel, "user": channel, "webhook": unused}
    bot = Publisher(state, FakeWriter(), kinds, Scheduler(), clock=Clock(NOW), held=HELD, look_seconds=0.05)
    ready = asyncio.Event()
    async with at_work(pages):
        await until(lambda: pages.holds)
        async with at_work(bot, ready.wait):
            workflow.post(state, workflow.make(state, made(), OPERATOR, NOW).id, 1, OPERATOR, NOW)
            await until(lambda: webhook.delivered)
            assert not channel.delivered
            ready.set()
            await until(lambda: unsettled(state) == 0)
            assert not bot.holds
    assert (len(webhook.delivered), len(channel.delivered), len(unused.delivered)) == (1, 1, 0)
    assert holder(state, DISCORD_LEASE, NOW) is None


async def test_one_that_went_silent_is_replaced(state: State, target: FakeTarget) -> None:
    clock = Clock(NOW)
    assert leases.hold(state, LEASE, "who went silent", NOW, HELD)
    async with at_work(newsroom(state, target, clock)) as room:
        await asyncio.sleep(0.2)
        assert not room.holds
        clock.now += 2 * HELD
        await until(lambda: room.holds)


async def test_a_stop_lets_what_is_under_way_end(state: State, target: FakeTarget) -> None:
    begun = asyncio.Event()

    async def deliver(order: DeliveryOrder, _now: object) -> Delivered:
        begun.set()
        await asyncio.sleep(0.2)
        return Delivered(order.item.id)

    target.deliver = deliver  # type: ignore[method-assign]
    schedule(state)
    async with at_work(newsroom(state, target, Clock(NOW))):
        await asyncio.wait_for(begun.wait(), 60)
    assert unsettled(state) == 0
    assert holder(state, LEASE, NOW) is None


async def test_trouble_with_the_state_ends_nothing(
    state: State, target: FakeTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule(state)
    with monkeypatch.context() as patch:
        patch.setattr(leases, "hold", lambda *_: 1 / 0)
        async with at_work(newsroom(state, target, Clock(NOW))) as room:
            await asyncio.sleep(0.2)
            assert not room.holds
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

    for module in (base, interval, scheduler):
        monkeypatch.setattr(module, "datetime", MachineClock)
    monkeypatch.setattr(scheduler, "_CLOCK_SECONDS", 0.1)
    async with at_work(newsroom(state, target, Clock(NOW))) as room:
        await until(lambda: room.holds)
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
