"""The worker of the outbox: what it does with what comes of a delivery, whatever that is."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest

from bot.publish import desk
from bot.publish.delivery import AT_ONCE, Delivery, Pace
from bot.publish.desk import OPERATOR, Who
from bot.publish.targets import CannotLookError, Done, NotDoneError, Parcel, RefusedError, UnsureError
from bot.state import guilds, outbox, schedules
from bot.state.guilds import Newsroom
from bot.state.outbox import LEASE, Item
from bot.state.state import State
from tests.bot.publish.newsroom import DAY, HOUR, MINUTE, NOW, Clock, FakeTarget, made

SECOND = timedelta(seconds=1)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def target() -> FakeTarget:
    return FakeTarget()


@pytest.fixture
async def delivery(state: State, target: FakeTarget, clock: Clock) -> AsyncIterator[Delivery]:
    working = Delivery(state, {"discord": target, "user": target, "webhook": target}, "worker", clock)
    yield working
    await working.stop(1)


def post(state: State, *channels: int, scheduled: bool = False, ask_first: bool = False) -> int:
    """Post a brief in channels of server 5, by hand or by a schedule, and return its id."""
    with state.begin() as connection:
        schedule_id = None
        if scheduled:
            schedule_id = schedules.add(
                connection, rule="0 9 * * *", timezone="UTC", at=NOW, guild_id=5, channel_id=channels[0], by=7,
                ask_first=ask_first,
            )  # fmt: skip
    brief_id = desk.make(state, made(), Who(7, 5), NOW).id
    with state.begin() as connection:
        desk.send(connection, brief_id, [f"discord:{channel}" for channel in channels], NOW, schedule_id=schedule_id)
    return brief_id


def items(state: State, brief_id: int) -> list[Item]:
    return outbox.of_brief(state, brief_id)


def statuses(state: State, brief_id: int) -> list[tuple[str, str]]:
    return [(item.action, item.status) for item in items(state, brief_id)]


def raising(error: Exception) -> Callable[[Parcel], Done]:
    def outcome(_parcel: Parcel) -> Done:
        raise error

    return outcome


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
    assert outbox.unsettled(state) == 0


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
    target.outcome = lambda _: Done(5)
    await delivery.work()
    assert statuses(state, brief_id) == [("post", "sent")]


async def test_it_waits_as_long_as_the_target_says(
    state: State, delivery: Delivery, target: FakeTarget, clock: Clock
) -> None:
    brief_id = post(state, 1)
    target.outcome = raising(NotDoneError("busy", wait=1234))
    await delivery.work()
    assert items(state, brief_id)[0].next_at == clock.now + timedelta(seconds=1234)


@pytest.mark.parametrize("error", [UnsureError("cut off"), TimeoutError(), RuntimeError("a bug")])
async def test_what_may_have_been_done_is_looked_for_before_it_is_done_again(
    state: State, delivery: Delivery, target: FakeTarget, clock: Clock, error: Exception
) -> None:
    brief_id = post(state, 1)
    target.outcome = raising(error)
    await delivery.work()
    assert statuses(state, brief_id) == [("post", "sending")]
    clock.go(MINUTE)
    target.there = lambda _: Done(77)
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


async def test_once_it_was_looked_for_and_not_done_it_is_known_not_to_be_there(
    state: State, delivery: Delivery, target: FakeTarget, clock: Clock
) -> None:
    brief_id = post(state, 1)
    outbox.claim(state, "who is gone", NOW, 1)
    clock.go(LEASE + SECOND)
    target.outcome = raising(NotDoneError("busy"))
    await delivery.work()
    assert statuses(state, brief_id) == [("post", "pending")]


async def test_while_it_can_not_be_looked_for_it_stays_in_doubt(
    state: State, delivery: Delivery, target: FakeTarget, clock: Clock
) -> None:
    brief_id = post(state, 1)
    outbox.claim(state, "who is gone", NOW, 1)
    clock.go(LEASE + SECOND)
    target.there = raising(NotDoneError("busy"))
    await delivery.work()
    assert statuses(state, brief_id) == [("post", "sending")]
    assert not target.delivered


async def test_what_can_not_be_done_pauses_the_schedule_and_the_moderators_are_told_once(
    state: State, delivery: Delivery, target: FakeTarget
) -> None:
    guilds.set_newsroom(state, 5, Newsroom(review_channel_id=66))
    brief_id = post(state, 1, scheduled=True)
    target.outcome = lambda parcel: (
        Done(1) if parcel.item.action == "tell" else raising(RefusedError("the channel is gone"))(parcel)
    )
    await delivery.work()
    await delivery.work()
    assert statuses(state, brief_id) == [("post", "failed"), ("tell", "sent")]
    told = items(state, brief_id)[1]
    assert told.target == "discord:66"
    assert told.text == (
        'Brief 1, "Open models about 7.5 months behind on private tests, 5 on public", could not be posted in <#1>: the'
        " channel is gone. Schedule 1 is paused until somebody lets it go on."
    )
    (schedule,) = schedules.listed(state)
    assert (schedule.paused, schedule.paused_why) == (True, "the channel is gone")


async def test_without_a_channel_for_it_the_person_who_set_it_up_is_told(
    state: State, delivery: Delivery, target: FakeTarget
) -> None:
    brief_id = post(state, 1, scheduled=True)
    target.outcome = raising(RefusedError("no permission"))
    await delivery.work()
    assert [(item.target, item.status) for item in items(state, brief_id)] == [
        ("discord:1", "failed"),
        ("user:7", "failed"),
    ]


async def test_the_channel_that_can_not_be_written_to_is_not_where_that_is_told(
    state: State, delivery: Delivery, target: FakeTarget
) -> None:
    guilds.set_newsroom(state, 5, Newsroom(review_channel_id=1))
    brief_id = post(state, 1)
    target.outcome = raising(RefusedError("no permission"))
    await delivery.work()
    assert items(state, brief_id)[1].target == "user:7"


async def test_a_webhook_that_is_gone_does_not_pause_what_goes_to_discord(
    state: State, delivery: Delivery, target: FakeTarget
) -> None:
    brief_id = post(state, 1, scheduled=True)
    with state.begin() as connection:
        outbox.put(connection, brief_id, 1, "post", ["webhook:1"], NOW, schedule_id=1)
    target.outcome = lambda parcel: Done(1) if parcel.item.kind != "webhook" else raising(RefusedError("gone"))(parcel)
    await delivery.work()
    assert not schedules.listed(state)[0].paused
    assert ("tell", "sent") in statuses(state, brief_id)


async def test_a_message_that_somebody_deleted_is_no_news_to_them(
    state: State, delivery: Delivery, target: FakeTarget
) -> None:
    brief_id = post(state, 1)
    target.outcome = raising(RefusedError("the message is gone", is_gone=True))
    await delivery.work()
    assert statuses(state, brief_id) == [("post", "failed")]


async def test_where_it_can_not_be_looked_the_moderators_are_asked(
    state: State, delivery: Delivery, target: FakeTarget, clock: Clock
) -> None:
    guilds.set_newsroom(state, 5, Newsroom(review_channel_id=66))
    brief_id = post(state, 1)
    outbox.claim(state, "who is gone", NOW, 1)
    clock.go(LEASE + SECOND)
    target.there = raising(CannotLookError("I can't read it"))
    await delivery.work()
    assert statuses(state, brief_id) == [("post", "failed"), ("tell", "sent")]
    assert "may or may not be in <#1>: I can't read it. Please look" in (items(state, brief_id)[1].text or "")
    assert desk.send_again(state, brief_id, OPERATOR, clock.now) == 1
    await delivery.work()
    assert statuses(state, brief_id) == [("post", "sent"), ("tell", "sent")]


async def test_what_could_not_be_sent_for_a_day_is_given_up(
    state: State, delivery: Delivery, target: FakeTarget, clock: Clock
) -> None:
    brief_id = post(state, 1)
    clock.go(DAY + MINUTE)
    await delivery.work()
    assert items(state, brief_id)[0].error == "it could not be sent for a day"
    assert [item.action for item in target.delivered] == ["tell"]


async def test_after_a_post_comes_its_publication_then_its_edit_and_its_deletion(
    state: State, delivery: Delivery, target: FakeTarget
) -> None:
    brief_id = post(state, 1)
    target.outcome = lambda parcel: Done(9, crosspost=parcel.item.action == "post")
    await delivery.work()
    desk.withdraw(state, brief_id, OPERATOR, NOW)
    await delivery.work()
    assert statuses(state, brief_id) == [("post", "sent"), ("crosspost", "sent"), ("delete", "sent")]
    assert [(parcel.item.action, parcel.message_id) for parcel in target.parcels] == [
        ("post", None), ("crosspost", 9), ("delete", 9),
    ]  # fmt: skip


async def test_ten_messages_of_a_channel_are_published_in_an_hour_and_the_others_wait(
    state: State, delivery: Delivery, target: FakeTarget, clock: Clock
) -> None:
    target.outcome = lambda parcel: Done(parcel.item.id, crosspost=parcel.item.action == "post")
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
    assert outbox.unsettled(state) == 0


async def test_what_nothing_here_can_send_waits_for_who_can(state: State, target: FakeTarget, clock: Clock) -> None:
    without_discord = Delivery(state, {"webhook": target}, "worker", clock)
    brief_id = post(state, 1)
    await without_discord.work()
    assert statuses(state, brief_id) == [("post", "pending")]
    await without_discord.stop(1)


async def test_a_slow_target_holds_nothing_else_up(state: State, delivery: Delivery, target: FakeTarget) -> None:
    held, slow = asyncio.Event(), FakeTarget()

    async def wait(_parcel: Parcel, _now: object) -> Done:
        await held.wait()
        return Done()

    slow.deliver = wait  # type: ignore[method-assign]
    delivery.targets = {"discord": target, "webhook": slow}
    first = post(state, 1)
    with state.begin() as connection:
        outbox.put(connection, first, 1, "post", ["webhook:1"], NOW)
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

    async def deliver(_parcel: Parcel, _now: object) -> Done:
        under_way[0] += 1
        most[0] = max(most[0], under_way[0])
        await asyncio.sleep(0.01)
        under_way[0] -= 1
        return Done()

    target.deliver = deliver  # type: ignore[method-assign]
    post(state, *range(1, 60))
    await delivery.work()
    assert most[0] <= AT_ONCE


async def test_requests_begin_evenly() -> None:
    pace, loop = Pace(200), asyncio.get_running_loop()
    began: list[float] = []

    async def one() -> None:
        await pace.turn()
        began.append(loop.time())

    await asyncio.gather(*(one() for _ in range(40)))
    assert began[-1] - began[0] >= 35 / 200 - 0.01
    await asyncio.sleep(0.3)
    began.clear()
    await asyncio.gather(*(one() for _ in range(40)))
    assert began[-1] - began[0] >= 35 / 200 - 0.01
