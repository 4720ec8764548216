"""The monthly archive: a brief for each month since January 2024, written later, so that no new service is empty.

These briefs belong to the service itself and go to no target. A note names the last month written, and is set in the
transaction that stores the brief: so each month is written once, even with several writers or after a crash.
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
"""How many of the service's own briefs are searched."""
FIRST = date(2024, 1, 31)
_NOTE = "monthly archive"


def write_next(state: State, now: datetime, writer: Writer) -> bool:
    """Write the brief for the next completed month without one; return whether there was such a month.

    A month waits until the data covers it. A month with too little data gets no brief, nor does one for which the
    service posted a brief at the time.
    """
    note = notes.read_note(state, _NOTE)
    published = _next_month(note)
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
            detail = audit.WRITTEN_LATER
            audit.add_entry(connection, now, POST.word, guild_id=None, who=None, brief_id=brief_id, detail=detail)
    return True


def count_missing(state: State, since: date, today: date, writer: Writer) -> int:
    """Count the completed months since a day that wait for their brief."""
    published, missing, last = _next_month(notes.read_note(state, _NOTE)), 0, writer.complete_to()
    while published < today and published <= last:
        missing += published >= since
        published = _next_month(published.isoformat())
    return missing


def _next_month(note: str | None) -> date:
    """Return the last day of the month after the last one written."""
    return _month_end(date.fromisoformat(note) + timedelta(days=1)) if note else FIRST


def mark_written_later(new: NewBrief) -> NewBrief:
    """Turn a brief into one for the archive, whose category says that it was written later."""
    return replace(new, brief=replace(new.brief, category=WRITTEN_LATER), kind=briefs.ARCHIVE)


def _write_month(writer: Writer, published: date, today: date, posted: list[StoredBrief]) -> NewBrief | None:
    """Write a month's brief as a sequel to the month before; None if there is too little data."""
    since = published.replace(day=1) - timedelta(days=1)
    archived = (stored.brief for stored in posted if stored.kind == briefs.ARCHIVE)
    last_facts = next((brief.facts for brief in archived if brief.published == since), ())
    try:
        return mark_written_later(writer.write(published, since, None, today, last_facts))
    except UsageError:
        return None


def _has_brief(posted: list[StoredBrief], published: date) -> bool:
    days = (stored.brief.published for stored in posted if stored.kind == "brief")
    return any((day.year, day.month) == (published.year, published.month) for day in days)


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
