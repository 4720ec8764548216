"""What people and servers' channels watch: who is told of a milestone, and what is kept of that for how long."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.state import briefs, conversations, guilds, outbox, watches
from bot.state.database import State
from bot.state.state_tables import OUTBOX
from core.errors import UsageError
from tests.bot.newsroom.newsroom import DAY, MINUTE, NOW, made

KIMI, ARC = "model:kimi-k3", "benchmark:arc-agi-2 1"
ADA, BO, NEWS = "user:1", "user:2", "discord:55"


def watch(state: State, target: str, *subjects: str, guild_id: int | None = None) -> None:
    for subject in subjects:
        watches.add(state, target, subject, subject.partition(":")[2], guild_id=guild_id)


def tell(state: State, *subjects: str, title: str = "Kimi K3 matches GPT-6") -> int:
    """Tell a milestone that is about some subjects, and return how many are told."""
    with state.begin() as connection:
        brief_id = watches.store_milestone(connection, replace(made(title), subjects=subjects), NOW)
        return watches.notify_watchers(connection, brief_id or 0, NOW)


def list_outbox_targets(state: State) -> list[str]:
    """Return the targets of all that was put into the outbox."""
    with state.reading() as connection:
        return list(connection.execute(select(OUTBOX.c.target).order_by(OUTBOX.c.id)).scalars())


def test_a_milestone_stands_in_no_list_and_has_its_address(state: State) -> None:
    tell(state, KIMI)
    assert briefs.list_briefs(state) == briefs.search_archive(state) == []
    [kept] = briefs.list_milestones(state, KIMI, limit=9)
    assert (kept.is_public, kept.status) == (True, "posted")
    assert briefs.by_slug(state, kept.slug) == kept
    assert briefs.list_milestones(state, ARC, limit=9) == []


def test_the_same_is_watched_once_and_twenty_names_at_most(state: State) -> None:
    assert watches.add(state, ADA, KIMI, "Kimi K3")
    assert not watches.add(state, ADA, KIMI, "Kimi K3")
    watch(state, ADA, *(f"model:{number}" for number in range(19)))
    with pytest.raises(UsageError, match="You watch 20 names already, which is the most; end one of them in /watching"):
        watch(state, ADA, ARC)
    assert not watches.add(state, ADA, KIMI, "Kimi K3")
    watch(state, BO, ARC)
    assert watches.by_id(state, 36**6 - 1) is None
    [first, *_] = watches.list_watches(state, ADA)
    watches.remove(state, first.id)
    watch(state, ADA, ARC)
    assert [watched.subject for watched in watches.list_watches(state, ADA)][-1] == ARC


def test_a_person_is_forgotten_with_what_they_were_told(state: State) -> None:
    watch(state, ADA, KIMI, ARC)
    watch(state, BO, KIMI)
    tell(state, KIMI)
    outbox.claim(state, "worker", NOW, 1)  # ada's is under way
    assert watches.forget(state, ADA) == 2
    assert watches.list_watches(state, ADA) == []
    assert list_outbox_targets(state) == [BO]
    assert watches.forget(state, ADA) == 0


def test_a_server_that_removes_gapbrief_is_forgotten_with_what_its_channels_watch(state: State) -> None:
    watch(state, NEWS, KIMI, guild_id=5)
    watch(state, "discord:66", KIMI, guild_id=6)
    tell(state, KIMI)
    guilds.forget(state, 5)
    assert (watches.list_watches(state, NEWS), len(watches.list_watches(state, "discord:66"))) == ([], 1)
    assert list_outbox_targets(state) == ["discord:66"]


def test_who_was_told_is_deleted_after_a_day_and_what_is_to_be_told_is_not(state: State) -> None:
    watch(state, ADA, KIMI)
    watch(state, BO, KIMI)
    tell(state, KIMI)
    [first] = outbox.claim(state, "worker", NOW, 1)
    outbox.mark_sent(state, first, "worker", NOW)
    memory = conversations.Memory(state)
    memory.forget_old(NOW + DAY)
    assert list_outbox_targets(state) == [ADA, BO]
    memory.forget_old(NOW + DAY + MINUTE)
    assert list_outbox_targets(state) == [BO]
    assert len(briefs.list_milestones(state, KIMI, limit=9)) == 1
