"""Milestones for those who watch what they are about: found, told once, and what comes of it."""

import pytest
from sqlalchemy import delete

from bot.newsroom.targets import CannotLookError, NotDoneError, RefusedError
from bot.state import audit, briefs, notes, watches
from bot.state.database import State
from bot.state.guilds import NewsroomSettings
from bot.state.state_tables import AUDIT, BRIEFS
from tests.bot.kept import set_newsroom
from tests.bot.newsroom.newsroom import DAY, MINUTE, NOW, Worker, items, raising
from tests.bot.newsroom.test_milestone_posts import Data, refreshed, tell
from tests.bot.state.test_watches import ADA, ARC, BO, KIMI, NEWS, watch
from tests.bot.state.test_watches import tell as tell_of


@pytest.fixture
def data(state: State) -> Data:
    """Data that was looked at once, where no server wants milestones."""
    data = Data()
    assert tell(state, NOW, data.read()) == 0
    with state.begin() as connection:  # what that gave the feeds
        connection.execute(delete(BRIEFS).where(BRIEFS.c.kind == briefs.WATCHED))
        connection.execute(delete(AUDIT))
    return data


def test_a_first_look_gives_the_feeds_the_newest_of_each_test_and_tells_nobody(state: State) -> None:
    watch(state, ADA, "benchmark:ARC 1", "benchmark:HLE 1")
    data = Data()
    assert tell(state, NOW, data.read()) == 0
    for test in ("ARC", "HLE"):
        [kept] = briefs.list_milestones(state, f"benchmark:{test} 1", limit=9)
        assert kept.brief.title == f"closed-55 sets a record on {test} that no open model has matched"
        assert items(state, kept.id) == []
    notes.keep_note(state, "milestones", "{}")  # as after a restore
    assert tell(state, NOW, data.read()) == 0
    assert len(briefs.list_milestones(state, "benchmark:ARC 1", limit=9)) == 1


def milestones(state: State, subject: str) -> list[briefs.StoredBrief]:
    return briefs.list_milestones(state, subject, limit=9)


@pytest.mark.parametrize(
    ("subject", "is_notified"),
    [
        ("model:Kimi", True), ("model:closed-45", True), ("lab:lab-of-kimi", False), ("benchmark:ARC 1", True),
        ("benchmark:HLE 1", False), ("model:open-40", False),
    ],
)  # fmt: skip
def test_a_milestone_is_about_its_models_and_its_test(
    state: State, data: Data, subject: str, is_notified: bool
) -> None:
    watch(state, ADA, subject)
    data.add("Kimi", "open", 45.0, days=5)
    assert tell(state, NOW, data.read()) == is_notified
    stored = milestones(state, subject)
    assert [kept.brief.title.split(",")[0] for kept in stored] == [
        "Kimi matches closed-45 at 45 % on ARC"
    ] * is_notified
    rows = [(item.target, item.action) for kept in stored for item in items(state, kept.id)]
    assert rows == [(ADA, "watch")] * is_notified


def test_all_of_a_refresh_are_told_however_few_a_server_wants(state: State, data: Data) -> None:
    subjects = [f"model:{name}" for name in ("Kimi", "Qwen", "GPT-6")]
    watch(state, ADA, *subjects)
    set_newsroom(state, 5, NewsroomSettings(milestones_per_day=1, milestones_channel_id=55))
    data.add("Kimi", "open", 45.0, days=5)
    data.add("Qwen", "open", 50.0, days=6)
    data.add("GPT-6", "closed", 80.0, days=7)
    for number in (1, 0):
        assert len(refreshed(state, data)) == number
        assert [len(milestones(state, subject)) for subject in subjects] == [1, 1, 1]


def test_where_nobody_watches_it_is_kept_for_the_feeds_and_noted(state: State, data: Data) -> None:
    data.add("Kimi", "open", 45.0, days=5)
    assert tell(state, NOW, data.read()) == 0
    assert len(milestones(state, "model:Kimi")) == 1
    assert [(entry.what, entry.unnamed_actor) for entry in audit.list_entries(state)] == [("made", "a milestone")]


async def test_each_who_watches_is_told_once_and_of_what(state: State, worker: Worker) -> None:
    watch(state, ADA, KIMI, "lab:moonshot", "lab:openai")
    watch(state, BO, "lab:openai")
    watch(state, NEWS, KIMI, guild_id=5)
    assert tell_of(state, KIMI, "lab:moonshot") == 2
    assert tell_of(state, "lab:google") == 0
    await worker.work()
    await worker.work()
    orders = {order.item.target: [match.subject for match in order.watches] for order in worker.target.orders}
    assert orders == {ADA: [KIMI, "lab:moonshot"], NEWS: [KIMI]}
    assert len(worker.target.orders) == 2


async def test_what_is_watched_no_more_or_withdrawn_is_not_told(state: State, worker: Worker) -> None:
    watch(state, ADA, KIMI)
    watch(state, BO, KIMI)
    tell_of(state, KIMI)
    watches.remove(state, watches.list_watches(state, ADA)[0].id)
    tell_of(state, KIMI, title="Kimi K3 matches GPT-5")
    with state.begin() as connection:
        briefs.set_status(connection, 2, "withdrawn", NOW)
    await worker.work()
    assert [(item.target, item.brief_id) for item in worker.target.delivered] == [(BO, 1)]
    assert len(watches.list_watches(state, BO)) == 1


CLOSED = RefusedError("the person does not accept direct messages from me")


async def test_a_closed_inbox_ends_all_after_three_and_nobody_is_told(state: State, worker: Worker) -> None:
    watch(state, ADA, KIMI, ARC)
    watch(state, BO, ARC)
    for number in range(1, 5):
        tell_of(state, KIMI, title=f"Milestone {number}")
        await worker.work(CLOSED)
        assert len(watches.list_watches(state, ADA)) == 2 * (number < 3)
    assert worker.actions == ["watch"] * 3
    assert [watched.failed for watched in watches.list_watches(state, BO)] == [0]


async def test_an_inbox_that_opens_again_is_forgiven(state: State, worker: Worker) -> None:
    watch(state, ADA, KIMI)
    for number, outcome in enumerate([CLOSED, CLOSED, worker.target.outcome, CLOSED, CLOSED]):
        tell_of(state, KIMI, title=f"Milestone {number}")
        await worker.work(outcome)
    assert [watched.failed for watched in watches.list_watches(state, ADA)] == [2]


async def test_a_day_without_discord_is_not_the_inbox_to_blame(state: State, worker: Worker) -> None:
    watch(state, ADA, KIMI)
    for number in range(4):
        tell_of(state, KIMI, title=f"Milestone {number}")
    await worker.work(NotDoneError("Discord can't be reached"))
    await worker.work(after=DAY + MINUTE)
    assert [item.status for number in range(1, 5) for item in worker.items(number)] == ["failed"] * 4
    assert [watched.failed for watched in watches.list_watches(state, ADA)] == [0]


async def test_what_can_not_be_looked_up_is_left_and_nobody_is_asked(state: State, worker: Worker) -> None:
    watch(state, ADA, KIMI)
    tell_of(state, KIMI)
    worker.interrupt()
    worker.target.there = raising(CannotLookError("I can't read it"))
    await worker.work()
    assert worker.statuses(1) == [("watch", "unsure")]
    assert worker.target.orders == []
