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
    FakeTarget,
    Worker,
    made,
    raising,
    unsettled,
    until,
)


def arrives(_order: DeliveryOrder) -> Delivered:
    return Delivered(5)


async def test_what_is_due_is_done_once_and_its_message_is_known(worker: Worker) -> None:
    brief_id = worker.post(1, 2)
    assert (await worker.work(), await worker.work()) == (2, 0)
    rows = [(item.status, item.message_id, item.sent_at) for item in worker.items(brief_id)]
    assert rows == [("sent", 1001, NOW), ("sent", 1002, NOW)]
    assert not worker.target.looked


@pytest.mark.slow
async def test_a_hundred_rows_are_each_done_once_and_no_more_than_so_many_at_once(
    state: State, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, numbers, deliver = set[str](), [0], worker.target.deliver

    async def watched(order: DeliveryOrder, now: datetime) -> Delivered:
        running.add(order.item.target)
        numbers.append(len(running))
        await asyncio.sleep(0.01)
        running.remove(order.item.target)
        return await deliver(order, now)

    monkeypatch.setattr(worker.target, "deliver", watched)
    worker.post(*range(1, 101))
    assert await worker.work() == 100
    assert {item.target for item in worker.target.delivered} == {f"discord:{number}" for number in range(1, 101)}
    assert (len(worker.target.delivered), unsettled(state)) == (100, 0)
    assert max(numbers) <= AT_ONCE


async def test_what_is_not_done_is_tried_again_later_each_time(worker: Worker) -> None:
    brief_id = worker.post(1)
    for number in range(6):
        await worker.work(NotDoneError("busy"))
        (item,) = worker.items(brief_id)
        assert (item.status, item.error) == ("pending", "busy")
        wait = (item.next_at - worker.clock.now).total_seconds()
        assert 0.75 * 2 * 2**number <= wait <= 1.25 * 2 * 2**number
        worker.clock.now = item.next_at
    assert not worker.target.looked
    await worker.work(arrives)
    assert worker.statuses(brief_id) == [("post", "sent")]


@pytest.mark.parametrize(("wait", "waited"), [(1234, 1234), (1e300, 24 * 3600)])
async def test_it_waits_as_long_as_the_target_says_a_day_at_most(worker: Worker, wait: float, waited: float) -> None:
    brief_id = worker.post(1)
    await worker.work(NotDoneError("busy", wait=wait))
    assert worker.items(brief_id)[0].next_at == NOW + timedelta(seconds=waited)


@pytest.mark.parametrize("error", [UnsureError("cut off"), TimeoutError(), RuntimeError("a bug")])
async def test_what_may_have_been_done_is_looked_for_before_it_is_done_again(worker: Worker, error: Exception) -> None:
    brief_id = worker.post(1)
    await worker.work(error)
    assert worker.statuses(brief_id) == [("post", "sending")]
    worker.target.there = lambda _: Delivered(77)
    await worker.work(after=MINUTE)
    (item,) = worker.items(brief_id)
    assert (item.status, item.message_id, worker.actions) == ("sent", 77, ["post"])


async def test_what_another_process_took_is_left_to_it_until_its_lease_ends_and_done_if_it_is_not_there(
    state: State, worker: Worker
) -> None:
    brief_id = worker.post(1)
    outbox.claim(state, "who is gone", NOW, 1)
    assert await worker.work() == 0
    await worker.work(after=LEASE + SECOND)
    assert len(worker.target.looked) == len(worker.target.delivered) == 1
    assert worker.statuses(brief_id) == [("post", "sent")]


@pytest.mark.parametrize(("busy", "status"), [("outcome", "pending"), ("there", "sending")], ids=["sending", "looking"])
async def test_it_is_in_doubt_until_it_was_looked_for(worker: Worker, busy: str, status: str) -> None:
    brief_id = worker.post(1)
    worker.interrupt()
    setattr(worker.target, busy, raising(NotDoneError("busy")))
    await worker.work()
    assert worker.statuses(brief_id) == [("post", status)]
    assert len(worker.actions) == (busy == "outcome")


async def test_what_could_not_be_sent_for_a_day_is_given_up_and_its_schedule_goes_on(
    state: State, worker: Worker
) -> None:
    brief_id = worker.post(1, scheduled=True)
    await worker.work(after=DAY + MINUTE)
    assert worker.items(brief_id)[0].error == "it could not be sent for a day"
    assert worker.actions == ["tell"]
    assert not schedules.list_schedules(state)[0].paused


@pytest.mark.parametrize("begun", [False, True])
async def test_a_brief_that_was_withdrawn_meanwhile_is_not_sent_any_more(
    state: State, worker: Worker, begun: bool
) -> None:
    brief_id = worker.post(1)
    worker.interrupt()
    if not begun:  # it was not done, and waits for its next try
        (item,) = worker.items(brief_id)
        outbox.postpone(state, item, "who is gone", NOW, "busy", may_be_sent=False)
    workflow.withdraw(state, brief_id, OPERATOR, NOW)
    await worker.work()
    await worker.work()
    assert worker.actions == (["delete"] if begun else [])
    assert worker.items(brief_id)[0].error == "the brief was withdrawn"


async def test_a_correction_of_what_was_withdrawn_since_is_not_sent(state: State, worker: Worker) -> None:
    brief_id = worker.post(1)
    await worker.work()
    text = as_text(made().brief).replace("the gap is", "the gap was")
    workflow.correct(state, brief_id, text, OPERATOR, NOW, names=NO_NAMES)
    await worker.work(UnsureError("cut off"))
    workflow.withdraw(state, brief_id, OPERATOR, NOW + MINUTE)
    worker.target.delivered.clear()
    await worker.work(arrives, after=MINUTE)
    await worker.work()
    assert worker.actions == ["delete"]


async def test_a_webhook_that_may_have_a_brief_hears_that_it_was_withdrawn(state: State, worker: Worker) -> None:
    brief_id = worker.post(1)
    worker.queue(brief_id, "webhook:1")
    await worker.work(UnsureError("cut off"))
    await worker.work(NotDoneError("busy"), after=HOUR)
    workflow.withdraw(state, brief_id, OPERATOR, worker.clock.go(HOUR))
    await worker.work(arrives)
    assert [item.action for item in worker.target.delivered if item.kind == "webhook"][-1] == "delete"


async def test_what_is_sent_again_days_later_has_a_day_of_its_own_and_the_time_of_before(
    state: State, worker: Worker
) -> None:
    brief_id = worker.post(1)
    await worker.work(RefusedError("no permission"))
    workflow.send_again(state, brief_id, OPERATOR, worker.clock.go(3 * DAY))
    await worker.work(arrives)
    (item, *_) = worker.items(brief_id)
    assert (item.status, item.made_at) == ("sent", NOW)


@pytest.mark.slow
async def test_a_slow_target_holds_nothing_up_that_opens_or_comes_meanwhile(
    state: State, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed, slow, ready = {"discord"}, FakeTarget(), asyncio.Event()
    deliver = slow.deliver

    async def wait(order: DeliveryOrder, now: datetime) -> Delivered:
        await ready.wait()
        return await deliver(order, now)

    monkeypatch.setattr(slow, "deliver", wait)
    worker.delivery.targets, worker.delivery.closed = {"discord": worker.target, "webhook": slow}, lambda: closed
    first = worker.post(1)
    worker.queue(first, "webhook:1")
    working = asyncio.create_task(worker.work())
    await asyncio.sleep(0.1)
    assert not worker.actions
    closed.clear()
    await until(lambda: worker.actions)
    second = worker.post(2)
    await until(lambda: len(worker.actions) == 2)
    ready.set()
    await working
    assert worker.statuses(first) + worker.statuses(second) == [("post", "sent")] * 3


async def test_a_draft_that_was_decided_meanwhile_is_not_shown_for_approval(state: State, worker: Worker) -> None:
    brief_id = workflow.add_draft(state, made(), Actor(7, 5), NOW).id
    worker.queue(brief_id, "discord:66", "review")
    workflow.post(state, brief_id, 1, Actor(7, 5), NOW)
    await worker.work()
    assert worker.actions == ["post"]
    assert worker.statuses(brief_id) == [("review", "failed"), ("post", "sent")]


async def test_after_a_post_comes_its_publication_then_its_edit_and_its_deletion(state: State, worker: Worker) -> None:
    brief_id = worker.post(1)
    await worker.work(lambda order: Delivered(9, crosspost=order.item.action == "post"))
    workflow.withdraw(state, brief_id, OPERATOR, NOW)
    await worker.work()
    assert worker.statuses(brief_id) == [("post", "sent"), ("crosspost", "sent"), ("delete", "sent")]
    orders = [(order.item.action, order.message_id) for order in worker.target.orders]
    assert orders == [("post", None), ("crosspost", 9), ("delete", 9)]


async def test_ten_messages_of_a_channel_are_published_in_an_hour_and_the_others_wait(
    state: State, worker: Worker
) -> None:
    brief_ids, other = [worker.post(1) for _ in range(12)], worker.post(2)
    for after in (timedelta(), MINUTE):
        await worker.work(lambda order: Delivered(order.item.id, crosspost=order.item.action == "post"), after)
        published = [item for number in brief_ids for item in worker.items(number) if item.action == "crosspost"]
        assert [item.status for item in published].count("sent") == 10
        assert ("crosspost", "sent") in worker.statuses(other)
    waiting = [item for item in published if item.status == "pending"]
    assert {(item.next_at, item.attempts) for item in waiting} == {(NOW + HOUR, 0)}
    assert outbox.recent_crossposts(state, waiting[0], NOW) == ([], 0)  # an hour later there is room
    await worker.work(after=HOUR)
    assert unsettled(state) == 0


async def test_what_nothing_here_can_send_waits_for_who_can(state: State, worker: Worker) -> None:
    without_discord = Delivery(state, {"webhook": worker.target}, "worker", worker.clock)
    brief_id = worker.post(1)
    await without_discord.work()
    assert worker.statuses(brief_id) == [("post", "pending")]
    await without_discord.stop(1)
