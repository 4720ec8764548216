"""Subjects that people and channels watch; each milestone about one is sent to them once.

A target is an outbox target: `user:` or `discord:` and an id. A subject is a kind (model, lab, benchmark or domain), a
colon and an id.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from bot.state import briefs, outbox
from bot.state.briefs import NewBrief
from bot.state.database import State, upsert_into
from bot.state.state_tables import BRIEF_SUBJECTS, OUTBOX, WATCHES
from core.errors import UsageError

MOST = 20
"""The most subjects that one person or channel may watch."""
_MOST_FAILED = 3
"""A target's watches are removed after this many milestones in a row that it refused."""
_RETENTION = timedelta(days=1)
"""How long delivered watch messages are kept."""


@dataclass(frozen=True)
class Watch:
    """A subject that a person or a server's channel watches."""

    id: int
    target: str
    guild_id: int | None
    subject: str
    name: str
    failed: int


def add(state: State, target: str, subject: str, name: str, *, guild_id: int | None = None) -> bool:
    """Add a watch; return False if it exists already. Raises UsageError if the target watches too much."""
    with state.begin() as connection:
        watches = _select(connection, WATCHES.c.target == target)
        if any(watch.subject == subject for watch in watches):
            return False
        if len(watches) >= MOST:
            whose = "This channel watches" if target.startswith("discord:") else "You watch"
            raise UsageError(f"{whose} {MOST} names already, which is the most; end one of them in /watching first.")
        values = {"target": target, "guild_id": guild_id, "subject": subject, "name": name}
        connection.execute(upsert_into(connection, WATCHES).values(values).on_conflict_do_nothing())
        return True


def list_watches(state: State, target: str) -> list[Watch]:
    """Return a target's watches, oldest first."""
    with state.reading() as connection:
        return _select(connection, WATCHES.c.target == target)


def by_id(state: State, watch_id: int) -> Watch | None:
    """Return a watch by its id."""
    if watch_id > briefs.LARGEST_ID:
        return None
    with state.reading() as connection:
        return next(iter(_select(connection, WATCHES.c.id == watch_id)), None)


def list_matching(state: State, brief_id: int, target: str) -> tuple[Watch, ...]:
    """Return the target's watches that match a milestone's subjects."""
    subjects = select(BRIEF_SUBJECTS.c.subject).where(BRIEF_SUBJECTS.c.brief_id == brief_id)
    with state.reading() as connection:
        return tuple(_select(connection, (WATCHES.c.target == target) & WATCHES.c.subject.in_(subjects)))


def remove(state: State, watch_id: int) -> None:
    """Remove a watch."""
    with state.begin() as connection:
        connection.execute(delete(WATCHES).where(WATCHES.c.id == watch_id))


def forget(state: State, target: str) -> int:
    """Delete a target's watches and the record of what it was sent; return the number of watches."""
    with state.begin() as connection:
        connection.execute(delete(OUTBOX).where(OUTBOX.c.action == "watch", OUTBOX.c.target == target))
        return connection.execute(delete(WATCHES).where(WATCHES.c.target == target)).rowcount


# ---- in a transaction


def has_milestones(connection: Connection) -> bool:
    """Whether any milestone was stored for the feeds."""
    return connection.execute(select(BRIEF_SUBJECTS.c.brief_id).limit(1)).first() is not None


def store_milestone(connection: Connection, new: NewBrief, now: datetime) -> int | None:
    """Store a milestone for its subjects' feeds and return its id; None if it has no subjects."""
    if not new.subjects:
        return None
    watched = replace(new, kind=briefs.WATCHED)
    brief_id = briefs.add(connection, watched, at=now, guild_id=None, by=None, status="posted")
    subjects = [{"brief_id": brief_id, "subject": subject} for subject in new.subjects]
    connection.execute(insert(BRIEF_SUBJECTS), subjects)
    return brief_id


def notify_watchers(connection: Connection, brief_id: int, now: datetime) -> int:
    """Queue a stored milestone for everyone who watches one of its subjects; return how many."""
    its_subjects = BRIEF_SUBJECTS.c.subject == WATCHES.c.subject
    query = select(WATCHES.c.target).join(BRIEF_SUBJECTS, its_subjects).where(BRIEF_SUBJECTS.c.brief_id == brief_id)
    targets = dict.fromkeys(connection.execute(query.order_by(WATCHES.c.id)).scalars())
    outbox.enqueue(connection, brief_id, 1, "watch", targets, now)
    return len(targets)


def count_failure(connection: Connection, target: str) -> None:
    """Count a milestone that a target refused; after several in a row, remove its watches."""
    its_own = WATCHES.c.target == target
    connection.execute(update(WATCHES).where(its_own).values(failed=WATCHES.c.failed + 1))
    connection.execute(delete(WATCHES).where(its_own, WATCHES.c.failed >= _MOST_FAILED))


def clear_failures(connection: Connection, target: str) -> None:
    """Reset a target's failure count after a delivery."""
    connection.execute(update(WATCHES).where(WATCHES.c.target == target, WATCHES.c.failed > 0).values(failed=0))


def delete_of_guild(connection: Connection, guild_id: int) -> None:
    """Delete the watches of a server's channels and the record of what they were sent."""
    its_own = WATCHES.c.guild_id == guild_id
    channels = select(WATCHES.c.target).where(its_own)
    connection.execute(delete(OUTBOX).where(OUTBOX.c.action == "watch", OUTBOX.c.target.in_(channels)))
    connection.execute(delete(WATCHES).where(its_own))


def forget_old(connection: Connection, now: datetime) -> None:
    """Delete old records of delivered watch messages."""
    settled = OUTBOX.c.status.not_in(outbox.UNSETTLED) & (OUTBOX.c.made_at < now - _RETENTION)
    connection.execute(delete(OUTBOX).where(OUTBOX.c.action == "watch", settled))


def _select(connection: Connection, which: ColumnElement[bool]) -> list[Watch]:
    rows = connection.execute(select(WATCHES).where(which).order_by(WATCHES.c.id))
    return [Watch(**row._mapping) for row in rows]
