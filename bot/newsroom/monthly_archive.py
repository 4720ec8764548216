"""The monthly archive: a brief of each month since January 2024, written later, so that no new service is empty.

They are of the service itself and go to no target. The state notes the last month that was written, in the transaction
that keeps its brief: each is written once, whoever else writes and whenever the process is killed.
"""

from calendar import monthrange
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.newsroom.step_table import POST
from bot.newsroom.writing import Writer
from bot.state import audit, briefs, notes
from bot.state.briefs import NewBrief, StoredBrief
from bot.state.database import State
from core.brief import WRITTEN_LATER
from core.errors import UsageError

_MOST_POSTED = 200
"""Briefs of the service itself that are looked through."""
FIRST = date(2024, 1, 31)
_NOTE = "monthly archive"


def write_next(state: State, now: datetime, writer: Writer) -> bool:
    """Write the brief of the next month that is over and has none; return whether there was one to write.

    A month that the data do not cover yet waits until they do. One of which too little is known gets none, nor does one
    that the service posted a brief of itself.
    """
    note = notes.read_note(state, _NOTE)
    published = _month_end(date.fromisoformat(note) + timedelta(days=1)) if note else FIRST
    if published >= now.date() or published > writer.complete_to():
        return False
    posted = briefs.list_briefs(state, guild_id=None, statuses=("posted",), limit=_MOST_POSTED)
    brief = None if _has_brief(posted, published) else _write_month(writer, published, now.date(), posted)
    with state.begin() as connection:
        if notes.read(connection, _NOTE) != note:
            return True
        notes.keep(connection, _NOTE, published.isoformat())
        if brief is not None:
            brief_id = briefs.add(connection, brief, at=now, guild_id=None, by=None, status="posted")
            audit.add_entry(
                connection,
                now,
                POST.word,
                guild_id=None,
                who=None,
                brief_id=brief_id,
                detail=audit.WRITTEN_LATER,
            )
    return True


def mark_written_later(new: NewBrief) -> NewBrief:
    """Return a brief as one of the archive, which says in its head that it was written later."""
    return replace(new, brief=replace(new.brief, category=WRITTEN_LATER), kind=briefs.ARCHIVE)


def _write_month(writer: Writer, published: date, today: date, posted: list[StoredBrief]) -> NewBrief | None:
    """Write a month's brief after the one before it; None where too little is known."""
    month_before = published.replace(day=1) - timedelta(days=1)
    last = next(
        (stored.brief for stored in posted if stored.kind == briefs.ARCHIVE and stored.brief.published == month_before),
        None,
    )
    try:
        return mark_written_later(writer.write(published, month_before, None, today, last.facts if last else ()))
    except UsageError:
        return None


def _has_brief(posted: list[StoredBrief], published: date) -> bool:
    months = {
        (stored.brief.published.year, stored.brief.published.month) for stored in posted if stored.kind == "brief"
    }
    return (published.year, published.month) in months


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
