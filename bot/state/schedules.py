"""Schedules, and the outcome of each due time."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from bot.state import audit, briefs, guilds
from bot.state.database import State
from bot.state.state_tables import BRIEFS, EVERY, OUTBOX, RUNS, SCHEDULES, belongs_to
from core.answer import Fact

GRACE_MINUTES = 12 * 60
"""How late a missed brief is still made up for, by default."""

RUN_NOW = "!"
"""The suffix of the due time of a run that a person asked for."""


@dataclass(frozen=True)
class NewSchedule:
    """A person's settings for a schedule; `rule` and `timezone` are in their words until parsed.

    `only_news` defaults to True for repeating schedules when it is None.
    """

    rule: str
    timezone: str
    channel_id: int | None = None
    role_id: int | None = None
    only_news: bool | None = True
    ask_first: bool = False
    review_channel_id: int | None = None
    grace_minutes: int = GRACE_MINUTES
    focus: str | None = None


@dataclass(frozen=True, kw_only=True)
class Schedule(NewSchedule):
    """A schedule; the fields are the table's columns."""

    id: int
    guild_id: int | None
    paused: bool
    paused_why: str | None
    made_by: int | None
    made_at: datetime
    checked_until: datetime


@dataclass(frozen=True)
class Run:
    """The outcome of a due time; `due` is in the schedule's time zone."""

    schedule_id: int
    due: str
    due_at: datetime
    status: str
    brief_id: int | None
    note: str | None


@dataclass(frozen=True)
class LastBrief:
    """A schedule's last brief: its data's revision, its as-of day, when the data was known, its own day, and facts."""

    revision: str
    as_of: date
    known_by: date
    day: date
    facts: tuple[Fact, ...] = ()


def add(
    connection: Connection, new: NewSchedule, at: datetime, *, guild_id: int | None = None, by: int | None = None
) -> int:
    """Store a new schedule, and return its id; times before `at` are not due."""
    if guild_id is not None:
        guilds.ensure_row(connection, guild_id)
    values = {**vars(new), "guild_id": guild_id, "made_by": by, "made_at": at, "checked_until": at}
    schedule_id: int = connection.execute(insert(SCHEDULES).values(values).returning(SCHEDULES.c.id)).scalar_one()
    return schedule_id


def get(connection: Connection, schedule_id: int, *, lock: bool = False) -> Schedule | None:
    """Return a schedule by its id; `lock` holds its row until the transaction ends."""
    query = select(SCHEDULES).where(SCHEDULES.c.id == schedule_id)
    row = connection.execute(query.with_for_update() if lock else query).first()
    return Schedule(**row._mapping) if row else None


def by_id(state: State, schedule_id: int) -> Schedule | None:
    """Return a schedule by its id."""
    with state.reading() as connection:
        return get(connection, schedule_id)


def list_schedules(state: State, *, guild_id: int | None = EVERY) -> list[Schedule]:
    """Return schedules: all, a server's, or (with None) the whole service's."""
    with state.reading() as connection:
        return _select(connection, belongs_to(SCHEDULES, guild_id))


def list_asking_first(connection: Connection, guild_id: int) -> list[int]:
    """Return the ids of a server's schedules that ask first in the server's review channel."""
    ask = (SCHEDULES.c.guild_id == guild_id) & SCHEDULES.c.ask_first & SCHEDULES.c.review_channel_id.is_(None)
    return list(connection.execute(select(SCHEDULES.c.id).where(ask).order_by(SCHEDULES.c.id)).scalars())


def list_active(state: State) -> list[Schedule]:
    """Return the schedules that are not paused."""
    with state.reading() as connection:
        return _select(connection, SCHEDULES.c.paused.is_(False))


def pause(connection: Connection, schedule_id: int, reason: str | None) -> bool:
    """Pause a schedule; return whether it was running before."""
    running = (SCHEDULES.c.id == schedule_id) & SCHEDULES.c.paused.is_(False)
    result = connection.execute(update(SCHEDULES).where(running).values(paused=True, paused_why=reason))
    return bool(result.rowcount)


def pause_by_itself(connection: Connection, schedule_id: int, reason: str, now: datetime) -> bool:
    """Pause a schedule that can't work, with an audit entry; return whether it was running before."""
    schedule = get(connection, schedule_id)
    if schedule is None or not pause(connection, schedule_id, reason):
        return False
    detail = f"schedule {schedule_id}: {reason}"
    audit.add_entry(connection, now, "paused", guild_id=schedule.guild_id, who=None, detail=detail)
    return True


def resume(connection: Connection, schedule_id: int, now: datetime) -> None:
    """Resume a schedule; times missed while it was paused are not made up for."""
    values = {"paused": False, "paused_why": None, "checked_until": now}
    connection.execute(update(SCHEDULES).where(SCHEDULES.c.id == schedule_id).values(values))


def remove(connection: Connection, schedule_id: int) -> list[int]:
    """Remove a schedule with its runs; its briefs stay, but their pending posts are cancelled.

    Return the ids of the briefs with cancelled posts.
    """
    waiting = (OUTBOX.c.schedule_id == schedule_id) & (OUTBOX.c.status == "pending") & (OUTBOX.c.action == "post")
    unsent = connection.execute(select(OUTBOX.c.brief_id).where(waiting).distinct().order_by(OUTBOX.c.brief_id))
    unsent_ids = list(unsent.scalars())
    connection.execute(update(OUTBOX).where(waiting).values(status="failed", error="the schedule was removed"))
    connection.execute(delete(SCHEDULES).where(SCHEDULES.c.id == schedule_id))
    return unsent_ids


def set_checked(connection: Connection, schedule_id: int, until: datetime) -> None:
    """Record until when a schedule's due times were handled."""
    connection.execute(update(SCHEDULES).where(SCHEDULES.c.id == schedule_id).values(checked_until=until))


# ---- runs


def has_run(connection: Connection, schedule_id: int, due: str) -> bool:
    """Whether a due time was handled."""
    query = select(RUNS.c.due).where(RUNS.c.schedule_id == schedule_id, RUNS.c.due == due)
    return connection.execute(query).first() is not None


def was_run_now(connection: Connection, schedule_id: int, after: datetime, before: datetime) -> bool:
    """Whether a person ran a schedule between two moments, both excluded."""
    between = RUNS.c.due.endswith(RUN_NOW) & (RUNS.c.due_at > after) & (RUNS.c.due_at < before)
    return connection.execute(select(RUNS.c.due).where(RUNS.c.schedule_id == schedule_id, between)).first() is not None


def add_run(connection: Connection, run: Run) -> None:
    """Record the outcome of a due time."""
    connection.execute(insert(RUNS).values(vars(run)))


def set_run_status(connection: Connection, brief_id: int, status: str, note: str | None = None) -> None:
    """Change the outcome of a brief's due time, if a schedule made the brief."""
    connection.execute(update(RUNS).where(RUNS.c.brief_id == brief_id).values(status=status, note=note))


def find_run(connection: Connection, brief_id: int) -> Run | None:
    """Return the run that made a brief."""
    row = connection.execute(select(RUNS).where(RUNS.c.brief_id == brief_id)).first()
    return Run(*row) if row else None


def list_runs(state: State, schedule_id: int, limit: int = 20) -> list[Run]:
    """Return a schedule's runs, newest first."""
    query = select(RUNS).where(RUNS.c.schedule_id == schedule_id).order_by(RUNS.c.due_at.desc()).limit(limit)
    with state.reading() as connection:
        return [Run(*row) for row in connection.execute(query)]


def find_last_brief(connection: Connection, schedule_id: int) -> LastBrief | None:
    """Return a schedule's latest brief that was not discarded."""
    query = (
        select(BRIEFS.c.id)
        .join(RUNS, RUNS.c.brief_id == BRIEFS.c.id)
        .where(RUNS.c.schedule_id == schedule_id, BRIEFS.c.posted_at.is_not(None) | (BRIEFS.c.status != "withdrawn"))
        .order_by(RUNS.c.due_at.desc())
        .limit(1)
    )
    brief_id = connection.execute(query).scalar()
    stored = None if brief_id is None else briefs.get(connection, brief_id)
    if stored is None:
        return None
    return LastBrief(stored.revision, stored.brief.as_of, stored.known_by, stored.made_at.date(), stored.brief.facts)


def _select(connection: Connection, which: ColumnElement[bool]) -> list[Schedule]:
    query = select(SCHEDULES).where(which).order_by(SCHEDULES.c.id)
    return [Schedule(**row._mapping) for row in connection.execute(query)]
