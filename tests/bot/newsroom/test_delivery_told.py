"""What moderators are told of what could not be sent: each failure once, where they can be reached."""

from collections.abc import Callable

import pytest

from bot.newsroom import workflow
from bot.newsroom.delivery import Delivery
from bot.newsroom.targets import CannotLookError, Delivered, DeliveryOrder, RefusedError
from bot.newsroom.workflow import OPERATOR
from bot.state import audit, outbox, schedules
from bot.state.database import State
from bot.state.guilds import NewsroomSettings
from bot.state.outbox import LEASE
from tests.bot.kept import set_newsroom
from tests.bot.newsroom.newsroom import MINUTE, NOW, SECOND, Clock, FakeTarget, items, post, raising, statuses


def raising_but_for_notes(error: Exception) -> Callable[[DeliveryOrder], Delivered]:
    """What comes of all but what moderators are told."""
    return lambda order: Delivered(1) if order.item.action == "tell" else raising(error)(order)


@pytest.fixture
def in_doubt(state: State, target: FakeTarget, clock: Clock) -> int:
    """A brief that somebody began to post who is gone, in a channel that can't be read."""
    set_newsroom(state, 5, NewsroomSettings(review_channel_id=66))
    brief_id = post(state, 1)
    outbox.claim(state, "who is gone", NOW, 1)
    clock.go(LEASE + SECOND)
    target.there = raising(CannotLookError("I can't read it"))
    return brief_id


async def test_what_can_not_be_done_pauses_the_schedule_and_the_moderators_are_told_once(
    state: State, delivery: Delivery, target: FakeTarget
) -> None:
    set_newsroom(state, 5, NewsroomSettings(review_channel_id=66))
    brief_id = post(state, 1, scheduled=True)
    target.outcome = raising_but_for_notes(RefusedError("the channel is gone"))
    await delivery.work()
    await delivery.work()
    assert statuses(state, brief_id) == [("post", "failed"), ("tell", "sent")]
    told = items(state, brief_id)[1]
    assert told.target == "discord:66"
    assert told.text == (
        'Brief 1, "Open models about 7.5 months behind on private tests, 5 on public", could not be posted in <#1>: the'
        " channel is gone. Schedule 1 is paused until somebody lets it go on."
    )
    (schedule,) = schedules.list_schedules(state)
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
    set_newsroom(state, 5, NewsroomSettings(review_channel_id=1))
    brief_id = post(state, 1)
    target.outcome = raising(RefusedError("no permission"))
    await delivery.work()
    assert items(state, brief_id)[1].target == "user:7"


async def test_a_webhook_that_is_gone_does_not_pause_what_goes_to_discord(
    state: State, delivery: Delivery, target: FakeTarget
) -> None:
    brief_id = post(state, 1, scheduled=True)
    with state.begin() as connection:
        outbox.enqueue(connection, brief_id, 1, "post", ["webhook:1"], NOW, schedule_id=1)
    target.outcome = lambda order: (
        Delivered(1) if order.item.kind != "webhook" else raising(RefusedError("gone"))(order)
    )
    await delivery.work()
    assert not schedules.list_schedules(state)[0].paused
    assert ("tell", "sent") in statuses(state, brief_id)


async def test_a_message_that_somebody_deleted_is_no_news_to_them(
    state: State, delivery: Delivery, target: FakeTarget
) -> None:
    brief_id = post(state, 1)
    target.outcome = raising(RefusedError("the message is gone", is_gone=True))
    await delivery.work()
    assert statuses(state, brief_id) == [("post", "failed")]


async def test_where_it_can_not_be_looked_the_moderators_are_asked(
    state: State, delivery: Delivery, clock: Clock, in_doubt: int
) -> None:
    brief_id = in_doubt
    await delivery.work()
    assert statuses(state, brief_id) == [("post", "unsure"), ("tell", "sent")]
    assert "may or may not be in <#1>: I can't read it. Please look" in (items(state, brief_id)[1].text or "")
    assert workflow.send_again(state, brief_id, OPERATOR, clock.now) == 1
    await delivery.work()
    assert statuses(state, brief_id) == [("post", "sent"), ("tell", "sent")]


async def test_each_failure_is_told_not_the_first_one_alone(
    state: State, delivery: Delivery, target: FakeTarget, clock: Clock
) -> None:
    set_newsroom(state, 5, NewsroomSettings(review_channel_id=66))
    brief_id = post(state, 1, 2)
    target.outcome = raising_but_for_notes(RefusedError("no permission"))
    await delivery.work()
    workflow.send_again(state, brief_id, OPERATOR, clock.go(MINUTE))
    await delivery.work()
    told = [item for item in items(state, brief_id) if item.action == "tell"]
    assert [(item.version, item.status) for item in told] == [(number, "sent") for number in (1, 2, 3, 4)]
    assert len({item.nonce for item in told}) == 4


async def test_where_the_moderators_channel_is_gone_the_person_is_told_and_then_nobody(
    state: State, delivery: Delivery, target: FakeTarget
) -> None:
    set_newsroom(state, 5, NewsroomSettings(review_channel_id=66))
    brief_id = post(state, 1)
    target.outcome = raising(RefusedError("the channel is gone"))
    await delivery.work()
    told = [(item.target, item.text) for item in items(state, brief_id) if item.action == "tell"]
    assert [each for each, _ in told] == ["discord:66", "user:7"]
    assert told[0][1] == told[1][1]


async def test_a_pause_by_itself_is_in_the_audit(state: State, delivery: Delivery, target: FakeTarget) -> None:
    post(state, 1, scheduled=True)
    target.outcome = raising(RefusedError("the channel is gone"))
    await delivery.work()
    entry = audit.list_entries(state, guild_id=5)[0]
    assert (entry.what, entry.detail, entry.unnamed_actor) == (
        "paused", "schedule 1: the channel is gone", "gapbrief itself",
    )  # fmt: skip


async def test_what_is_perhaps_there_is_withdrawn_there_too(
    state: State, delivery: Delivery, target: FakeTarget, clock: Clock, in_doubt: int
) -> None:
    brief_id = in_doubt
    await delivery.work()
    workflow.withdraw(state, brief_id, OPERATOR, clock.now)
    target.outcome = raising_but_for_notes(CannotLookError("I can't read it"))
    await delivery.work()
    assert [each for each in statuses(state, brief_id) if each[0] != "tell"] == [
        ("post", "unsure"), ("delete", "unsure"),
    ]  # fmt: skip
    assert "was withdrawn but may still be in <#1>: I can't read it" in (items(state, brief_id)[-1].text or "")
