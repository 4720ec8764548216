"""The worker of the outbox: what it does with what comes of a delivery, whatever that is."""

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.newsroom import workflow
from bot.newsroom.delivery import AT_ONCE, Delivery
from bot.newsroom.editing import as_text
from bot.newsroom.targets import Delivered, DeliveryOrder, NotDoneError, RefusedError, UnsureError
from bot.newsroom.workflow import OPERATOR, Actor
from bot.state import outbox, schedules
from bot.state.database import State
from bot.state.outbox import LEASE
from tests.bot.newsroom.newsroom import (
    DAY,
    HOUR,
    MINUTE,
    NO_NAMES,
    NOW,
    SECOND,
    Clock,
    FakeTarget,
    items,
    made,
    post,
    raising,
    statuses,
    unsettled,
)


async def test_what_is_due_is_done_and_its_message_is_known(
    state: State, delivery: Delivery, target: FakeTarget
) -> None:
    brief_id = post(state, 1, 2)
    assert await delivery.work() == 2
    assert [(item.status, item.message_id, item.sent_at) for item in items(state, brief_id)] == [
        ("sent", 1001, NOW), ("sent", 1002, NOW),
    ]  # fmt: skip
    assert not target.looked
    assert await delivery.work() == 0


async def test_a_hundred_rows_are_each_done_once(state: State, delivery: Delivery, target: FakeTarget) -> None:
    post(state, *range(1, 101))
    assert await delivery.work() == 100
    assert sorted(item.target for item in target.delivered) == sorted(f"discord:{number}" for number in range(1, 101))
    assert unsettled(state) == 0


async def test_what_is_not_done_is_tried_again_later_each_time(
    state: State, delivery: Delivery, target: FakeTarget, clock: Clock
) -> None:
    brief_id = post(state, 1)
    target.outcome = raising(NotDoneError("busy"))
    waits = []
    for _ in range(6):
        await delivery.work()
        (item,) = items(state, brief_id)
        assert (item.status, item.error) == ("pending", "busy")
        waits.append((item.next_at - clock.now).total_seconds())
        clock.now = item.next_at
    assert all(0.75 * 2 * 2**number <= wait <= 1.25 * 2 * 2**number for number, wait in enumerate(waits))
    assert not target.looked
    target.outcome = lambda _: Delivered(5)
    await delivery.work()
    assert statuses(state, brief_id) == [("post", "sent")]


@pytest.mark.parametrize(("wait", "waited"), [(1234, 1234), (1e300, 24 * 3600)])
async def test_it_waits_as_long_as_the_target_says_a_day_at_most(
    state: State, delivery: Delivery, target: FakeTarget, clock: Clock, wait: float, waited: float
) -> None:
    brief_id = post(state, 1)
    target.outcome = raising(NotDoneError("busy", wait=wait))
    await delivery.work()
    assert items(state, brief_id)[0].next_at == clock.now + timedelta(seconds=waited)


@pytest.mark.parametrize("error", [UnsureError("cut off"), TimeoutError(), RuntimeError("a bug")])
async def test_what_may_have_been_done_is_looked_for_before_it_is_done_again(
    state: State, delivery: Delivery, target: FakeTarget, clock: Clock, error: Exception
) -> None:
    brief_id = post(state, 1)
    target.outcome = raising(error)
    await delivery.work()
    assert statuses(state, brief_id) == [("post", "sending")]
    clock.go(MINUTE)
    target.there = lambda _: Delivered(77)
    await delivery.work()
    assert (items(state, brief_id)[0].status, items(state, brief_id)[0].message_id) == ("sent", 77)
    assert len(target.delivered) == 1


async def test_what_is_not_found_is_done_again(
    state: State, delivery: Delivery, target: FakeTarget, clock: Clock
) -> None:
    brief_id = post(state, 1)
    outbox.claim(state, "who is gone", NOW, 1)
    await delivery.work()
    assert not target.looked
    clock.go(LEASE + SECOND)
    await delivery.work()
    assert len(target.looked) == len(target.delivered) == 1
    assert statuses(state, brief_id) == [("post", "sent")]


@pytest.mark.parametrize(("busy", "status"), [("outcome", "pending"), ("there", "sending")], ids=["sending", "looking"])
async def test_it_is_in_doubt_until_it_was_looked_for(
    state: State, delivery: Delivery, target: FakeTarget, clock: Clock, busy: str, status: str
) -> None:
    brief_id = post(state, 1)
    outbox.claim(state, "who is gone", NOW, 1)
    clock.go(LEASE + SECOND)
    setattr(target, busy, raising(NotDoneError("busy")))
    await delivery.work()
    assert statuses(state, brief_id) == [("post", status)]
    assert len(target.delivered) == (busy == "outcome")


async def test_what_could_not_be_sent_for_a_day_is_given_up_and_its_schedule_goes_on(
    state: State, delivery: Delivery, target: FakeTarget, clock: Clock
) -> None:
    brief_id = post(state, 1, scheduled=True)
    clock.go(DAY + MINUTE)
    await delivery.work()
    assert items(state, brief_id)[0].error == "it could not be sent for a day"
    assert [item.action for item in target.delivered] == ["tell"]
    assert not schedules.list_schedules(state)[0].paused


@pytest.mark.parametrize("begun", [False, True])
async def test_a_brief_that_was_withdrawn_meanwhile_is_not_sent_any_more(
    state: State, delivery: Delivery, target: FakeTarget, clock: Clock, begun: bool
) -> None:
    brief_id = post(state, 1)
    outbox.claim(state, "who is gone", NOW, 1)
    if not begun:  # it was not done, and waits for its next try
        (item,) = items(state, brief_id)
        outbox.postpone(state, item, "who is gone", NOW, "busy", may_be_sent=False)
    workflow.withdraw(state, brief_id, OPERATOR, NOW)
    clock.go(LEASE + SECOND)
    await delivery.work()
    await delivery.work()
    assert [item.action for item in target.delivered] == (["delete"] if begun else [])
    assert items(state, brief_id)[0].error == "the brief was withdrawn"


async def test_a_correction_of_what_was_withdrawn_since_is_not_sent(
    state: State, delivery: Delivery, target: FakeTarget, clock: Clock
) -> None:
    brief_id = post(state, 1)
    await delivery.work()
    workflow.correct(
        state, brief_id, as_text(made().brief).replace("the gap is", "the gap was"), OPERATOR, NOW, names=NO_NAMES
    )
    target.outcome = raising(UnsureError("cut off"))
    await delivery.work()
    workflow.withdraw(state, brief_id, OPERATOR, clock.go(MINUTE))
    target.outcome = lambda _: Delivered(5)
    target.delivered.clear()
    await delivery.work()
    await delivery.work()
    assert [item.action for item in target.delivered] == ["delete"]


async def test_a_webhook_that_may_have_a_brief_hears_that_it_was_withdrawn(
    state: State, delivery: Delivery, target: FakeTarget, clock: Clock
) -> None:
    brief_id = post(state, 1)
    with state.begin() as connection:
        outbox.enqueue(connection, brief_id, 1, "post", ["webhook:1"], NOW)
    for error in (UnsureError("cut off"), NotDoneError("busy")):
        target.outcome = raising(error)
        await delivery.work()
        clock.go(HOUR)
    workflow.withdraw(state, brief_id, OPERATOR, clock.now)
    target.outcome = lambda _: Delivered(5)
    await delivery.work()
    assert [item.action for item in target.delivered if item.kind == "webhook"][-1] == "delete"


async def test_what_is_sent_again_days_later_has_a_day_of_its_own_and_the_time_of_before(
    state: State, delivery: Delivery, target: FakeTarget, clock: Clock
) -> None:
    brief_id = post(state, 1)
    target.outcome = raising(RefusedError("no permission"))
    await delivery.work()
    workflow.send_again(state, brief_id, OPERATOR, clock.go(3 * DAY))
    target.outcome = lambda _: Delivered(5)
    await delivery.work()
    (item, *_) = items(state, brief_id)
    assert (item.status, item.made_at) == ("sent", NOW)


async def test_what_opens_while_others_are_slow_is_not_held_up_by_them(
    state: State, target: FakeTarget, clock: Clock
) -> None:
    closed = {"discord"}
    delivery = Delivery(state, {"discord": target, "webhook": target}, "worker", clock, lambda: closed)
    brief_id, slow = post(state, 1), asyncio.Event()
    with state.begin() as connection:
        outbox.enqueue(connection, brief_id, 1, "post", ["webhook:1"], NOW)
    deliver = target.deliver

    async def slowly(order: DeliveryOrder, now: datetime) -> Delivered:
        if order.item.kind == "webhook":
            await slow.wait()
        return await deliver(order, now)

    target.deliver = slowly  # type: ignore[method-assign]
    working = asyncio.create_task(delivery.work())
    await asyncio.sleep(0.1)
    closed.clear()
    async with asyncio.timeout(60):
        while not target.delivered:
            await asyncio.sleep(0.05)
    assert [item.kind for item in target.delivered] == ["discord"]
    slow.set()
    await working
    await delivery.stop(1)


async def test_a_draft_that_was_decided_meanwhile_is_not_shown_for_approval(
    state: State, delivery: Delivery, target: FakeTarget
) -> None:
    brief_id = workflow.add_draft(state, made(), Actor(7, 5), NOW).id
    with state.begin() as connection:
        outbox.enqueue(connection, brief_id, 1, "review", ["discord:66"], NOW)
    workflow.post(state, brief_id, 1, Actor(7, 5), NOW)
    await delivery.work()
    assert [item.action for item in target.delivered] == ["post"]
    assert statuses(state, brief_id) == [("review", "failed"), ("post", "sent")]


async def test_after_a_post_comes_its_publication_then_its_edit_and_its_deletion(
    state: State, delivery: Delivery, target: FakeTarget
) -> None:
    brief_id = post(state, 1)
    target.outcome = lambda order: Delivered(9, crosspost=order.item.action == "post")
    await delivery.work()
    workflow.withdraw(state, brief_id, OPERATOR, NOW)
    await delivery.work()
    assert statuses(state, brief_id) == [("post", "sent"), ("crosspost", "sent"), ("delete", "sent")]
    assert [(order.item.action, order.message_id) for order in target.orders] == [
        ("post", None), ("crosspost", 9), ("delete", 9),
    ]  # fmt: skip


async def test_ten_messages_of_a_channel_are_published_in_an_hour_and_the_others_wait(
    state: State, delivery: Delivery, target: FakeTarget, clock: Clock
) -> None:
    target.outcome = lambda order: Delivered(order.item.id, crosspost=order.item.action == "post")
    briefs_ = [post(state, 1) for _ in range(12)]
    other = post(state, 2)
    await delivery.work()
    published = [item for brief_id in briefs_ for item in items(state, brief_id) if item.action == "crosspost"]
    assert [item.status for item in published].count("sent") == 10
    assert ("crosspost", "sent") in statuses(state, other)
    clock.go(MINUTE)
    await delivery.work()
    published = [item for brief_id in briefs_ for item in items(state, brief_id) if item.action == "crosspost"]
    waiting = [item for item in published if item.status == "pending"]
    assert {item.next_at for item in waiting} == {NOW + HOUR}
    assert {item.attempts for item in waiting} == {0}
    clock.go(HOUR)
    await delivery.work()
    assert unsettled(state) == 0


async def test_what_nothing_here_can_send_waits_for_who_can(state: State, target: FakeTarget, clock: Clock) -> None:
    without_discord = Delivery(state, {"webhook": target}, "worker", clock)
    brief_id = post(state, 1)
    await without_discord.work()
    assert statuses(state, brief_id) == [("post", "pending")]
    await without_discord.stop(1)


async def test_a_slow_target_holds_nothing_else_up(state: State, delivery: Delivery, target: FakeTarget) -> None:
    held, slow = asyncio.Event(), FakeTarget()

    async def wait(_order: DeliveryOrder, _now: object) -> Delivered:
        await held.wait()
        return Delivered()

    slow.deliver = wait  # type: ignore[method-assign]
    delivery.targets = {"discord": target, "webhook": slow}
    first = post(state, 1)
    with state.begin() as connection:
        outbox.enqueue(connection, first, 1, "post", ["webhook:1"], NOW)
    working = asyncio.create_task(delivery.work())
    while not target.delivered:
        await asyncio.sleep(0.01)
    second = post(state, 2)
    while len(target.delivered) < 2:
        await asyncio.sleep(0.01)
    held.set()
    await working
    assert statuses(state, first) == [("post", "sent"), ("post", "sent")]
    assert statuses(state, second) == [("post", "sent")]


async def test_no_more_than_so_many_are_under_way(state: State, delivery: Delivery, target: FakeTarget) -> None:
    under_way, most = [0], [0]

    async def deliver(_order: DeliveryOrder, _now: object) -> Delivered:
        under_way[0] += 1
        most[0] = max(most[0], under_way[0])
        await asyncio.sleep(0.01)
        under_way[0] -= 1
        return Delivered()

    target.deliver = deliver  # type: ignore[method-assign]
    post(state, *range(1, 60))
    await delivery.work()
    assert most[0] <= AT_ONCE
