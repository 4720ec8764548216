"""The audit trail: who made, edited, approved, posted, withdrew or set what, and when."""

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from bot.state.database import State
from bot.state.state_tables import AUDIT

WRITTEN_LATER = "written later"
"""The detail of entries for the monthly archive, whose briefs nobody posted."""


@dataclass(frozen=True)
class AuditEntry:
    """One action; `who` is a Discord user id, or None for a schedule or the operator."""

    at: datetime
    guild_id: int | None
    who: int | None
    what: str
    brief_id: int | None
    detail: str | None

    @property
    def unnamed_actor(self) -> str:
        """Who acted if it wasn't a member: a schedule, a milestone, gapbrief itself or the operator."""
        detail = self.detail or ""
        if self.what in ("made", "posted") and detail.startswith(("schedule", "milestone")):
            return "a " + detail.partition(" ")[0].rstrip(",")
        if self.what == "paused" and ": " in detail:
            return "gapbrief itself"
        return "the operator"


def add_entry(
    connection: Connection,
    at: datetime,
    what: str,
    *,
    guild_id: int | None,
    who: int | None,
    brief_id: int | None = None,
    detail: str | None = None,
) -> None:
    """Add an entry, in the same transaction as the action."""
    connection.execute(
        insert(AUDIT).values(at=at, guild_id=guild_id, who=who, what=what, brief_id=brief_id, detail=detail)
    )


def list_entries(
    state: State, *, guild_id: int | None = None, brief_id: int | None = None, limit: int = 100
) -> list[AuditEntry]:
    """Return the latest entries, newest first; optionally only a server's or a brief's.

    Entries for the monthly archive appear only when its brief is asked for.
    """
    columns = [AUDIT.c[field.name] for field in fields(AuditEntry)]
    query = select(*columns).order_by(AUDIT.c.id.desc()).limit(limit)
    if guild_id is not None:
        query = query.where(AUDIT.c.guild_id == guild_id)
    is_later = (AUDIT.c.what == "posted") & (func.coalesce(AUDIT.c.detail, "") == WRITTEN_LATER)
    query = query.where(~is_later if brief_id is None else AUDIT.c.brief_id == brief_id)
    with state.reading() as connection:
        return [AuditEntry(*row) for row in connection.execute(query)]
