"""What moderators are told of what could not be sent: each failure once, where they can be reached."""

from collections.abc import Callable

import pytest

from bot.newsroom import workflow
from bot.newsroom.targets import CannotLookError, Delivered, DeliveryOrder, RefusedError
from bot.newsroom.workflow import OPERATOR
from bot.state import audit, schedules
from bot.state.database import State
from bot.state.guilds import NewsroomSettings
from tests.bot.kept import set_newsroom
from tests.bot.newsroom.newsroom import MINUTE, Worker, raising

GONE = RefusedError("the channel is gone")


def raising_but_for_notes(error: Exception) -> Callable[[DeliveryOrder], Delivered]:
    """What comes of all but what moderators are told."""
    return lambda order: Delivered(1) if order.item.action == "tell" else raising(error)(order)


@pytest.fixture
def review_channel(state: State) -> int:
    set_newsroom(state, 5, NewsroomSettings(review_channel_id=66))
    return 66


@pytest.fixture
def in_doubt(worker: Worker, review_channel: int) -> int:
    """A brief that somebody began to post who is gone, in a channel that can't be read."""
    brief_id = worker.post(1)
    worker.interrupt()
    worker.target.there = raising(CannotLookError("I can't read it"))
    return brief_id


async def test_what_can_not_be_done_pauses_the_schedule_and_the_moderators_are_told_once(
    state: State, worker: Worker, review_channel: int
) -> None:
    brief_id = worker.post(1, scheduled=True)
    await worker.work(raising_but_for_notes(GONE))
    await worker.work()
    assert worker.statuses(brief_id) == [("post", "failed"), ("tell", "sent")]
    note = worker.items(brief_id)[1]
    assert (note.target, note.text) == (
        f"discord:{review_channel}",
        'Brief 1, "Open models about 7.5 months behind on private tests, 5 on public", could not be posted in <#1>: the'
        " channel is gone. Schedule 1 is paused until somebody lets it go on.",
    )
    (schedule,) = schedules.list_schedules(state)
    assert (schedule.paused, schedule.paused_why) == (True, "the channel is gone")
    entry = audit.list_entries(state, guild_id=5)[0]
    pause = ("paused", "schedule 1: the channel is gone", "gapbrief itself")
    assert (entry.what, entry.detail, entry.unnamed_actor) == pause


@pytest.mark.parametrize(
    ("scheduled", "channel", "recipients"),
    [(True, None, ["user:7"]), (False, 1, ["user:7"]), (False, 66, ["discord:66", "user:7"])],
    ids=["none", "the one that can't be written to", "another"],
)
async def test_where_the_moderators_channel_can_not_be_written_to_the_person_is_told_and_then_nobody(
    state: State, worker: Worker, scheduled: bool, channel: int | None, recipients: list[str]
) -> None:
    set_newsroom(state, 5, NewsroomSettings(review_channel_id=channel))
    brief_id = worker.post(1, scheduled=scheduled)
    await worker.work(GONE)
    post, *notes = worker.items(brief_id)
    assert [(item.target, item.status) for item in (post, *notes)] == [
        (target, "failed") for target in ("discord:1", *recipients)
    ]
    assert len({item.text for item in notes}) == 1


async def test_a_webhook_that_is_gone_does_not_pause_what_goes_to_discord(state: State, worker: Worker) -> None:
    brief_id = worker.post(1, scheduled=True)
    worker.queue(brief_id, "webhook:1", schedule_id=1)
    await worker.work(lambda order: raising(GONE)(order) if order.item.kind == "webhook" else Delivered(1))
    assert not schedules.list_schedules(state)[0].paused
    assert ("tell", "sent") in worker.statuses(brief_id)


async def test_a_message_that_somebody_deleted_is_no_news_to_them(worker: Worker) -> None:
    brief_id = worker.post(1)
    await worker.work(RefusedError("the message is gone", is_gone=True))
    assert worker.statuses(brief_id) == [("post", "failed")]


async def test_where_it_can_not_be_looked_the_moderators_are_asked(state: State, worker: Worker, in_doubt: int) -> None:
    await worker.work()
    assert worker.statuses(in_doubt) == [("post", "unsure"), ("tell", "sent")]
    assert "may or may not be in <#1>: I can't read it. Please look" in (worker.items(in_doubt)[1].text or "")
    assert workflow.send_again(state, in_doubt, OPERATOR, worker.clock.now) == 1
    await worker.work()
    assert worker.statuses(in_doubt) == [("post", "sent"), ("tell", "sent")]


async def test_each_failure_is_told_not_the_first_one_alone(state: State, worker: Worker, review_channel: int) -> None:
    brief_id = worker.post(1, 2)
    await worker.work(raising_but_for_notes(RefusedError("no permission")))
    workflow.send_again(state, brief_id, OPERATOR, worker.clock.go(MINUTE))
    await worker.work()
    notes = [item for item in worker.items(brief_id) if item.action == "tell"]
    assert [(item.version, item.status, item.target) for item in notes] == [
        (number, "sent", f"discord:{review_channel}") for number in (1, 2, 3, 4)
    ]
    assert len({item.nonce for item in notes}) == 4


async def test_what_is_perhaps_there_is_withdrawn_there_too(state: State, worker: Worker, in_doubt: int) -> None:
    await worker.work()
    workflow.withdraw(state, in_doubt, OPERATOR, worker.clock.now)
    await worker.work(raising_but_for_notes(CannotLookError("I can't read it")))
    statuses = [status for status in worker.statuses(in_doubt) if status[0] != "tell"]
    assert statuses == [("post", "unsure"), ("delete", "unsure")]
    assert "was withdrawn but may still be in <#1>: I can't read it" in (worker.items(in_doubt)[-1].text or "")
