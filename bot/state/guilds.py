"""Discord servers' settings: the channels in which gapbrief may answer, and the newsroom's."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from bot.state import conversations, watches
from bot.state.database import State, upsert_into
from bot.state.outbox import UNSETTLED
from bot.state.state_tables import (
    AUDIT,
    BRIEF_VERSIONS,
    BRIEFS,
    GUILD_CHANNELS,
    GUILD_TARGETS,
    GUILDS,
    OUTBOX,
    PUBLIC_GUILDS,
)

MOST_MILESTONES = 10
"""The most milestone briefs that a server can ask for per day."""


@dataclass(frozen=True)
class NewsroomSettings:
    """A server's newsroom settings.

    Members with `moderator_role_id` may use the newsroom, as may anyone who can manage messages. Drafts and problems go
    to `review_channel_id`, and at most `milestones_per_day` milestone briefs to `milestones_channel_id`.
    """

    moderator_role_id: int | None = None
    review_channel_id: int | None = None
    milestones_per_day: int = 0
    milestones_channel_id: int | None = None


_NEWSROOM = [GUILDS.c[field.name] for field in fields(NewsroomSettings)]


def allowed_channels(state: State, guild_id: int) -> frozenset[int]:
    """Return the channels that a server allows; an empty set allows all."""
    with state.reading() as connection:
        channels = connection.execute(select(GUILD_CHANNELS.c.channel_id).where(GUILD_CHANNELS.c.guild_id == guild_id))
        return frozenset(channels.scalars())


def set_channels(connection: Connection, guild_id: int, channels: Collection[int]) -> None:
    """Set the channels that a server allows; an empty collection allows all."""
    connection.execute(delete(GUILD_CHANNELS).where(GUILD_CHANNELS.c.guild_id == guild_id))
    if channels:
        ensure_row(connection, guild_id)
        connection.execute(
            insert(GUILD_CHANNELS), [{"guild_id": guild_id, "channel_id": channel} for channel in set(channels)]
        )


def get_newsroom(state: State, guild_id: int) -> NewsroomSettings:
    """Return a server's newsroom settings."""
    with state.reading() as connection:
        return select_newsroom(connection, guild_id)


def select_newsroom(connection: Connection, guild_id: int | None) -> NewsroomSettings:
    """Return a server's newsroom settings within a transaction; the defaults without a server."""
    row = connection.execute(select(*_NEWSROOM).where(GUILDS.c.guild_id == guild_id)).first()
    return NewsroomSettings(*row) if row else NewsroomSettings()


def set_newsroom(connection: Connection, guild_id: int, newsroom: NewsroomSettings) -> None:
    """Set a server's newsroom settings."""
    ensure_row(connection, guild_id)
    connection.execute(update(GUILDS).where(GUILDS.c.guild_id == guild_id).values(asdict(newsroom)))


def list_milestone_newsrooms(state: State) -> dict[int, NewsroomSettings]:
    """Return the settings of every server that wants milestone briefs, by server id."""
    wants_milestones = (GUILDS.c.milestones_per_day > 0) & GUILDS.c.milestones_channel_id.is_not(None)
    with state.reading() as connection:
        rows = connection.execute(select(GUILDS.c.guild_id, *_NEWSROOM).where(wants_milestones))
        return {row[0]: NewsroomSettings(*row[1:]) for row in rows}


def make_public(connection: Connection, guild_id: int, at: datetime) -> bool:
    """Make a server's briefs public; return False if they already were."""
    new = upsert_into(connection, PUBLIC_GUILDS).values(guild_id=guild_id, since=at).on_conflict_do_nothing()
    return connection.execute(new.returning(PUBLIC_GUILDS.c.guild_id)).first() is not None


def make_private(connection: Connection, guild_id: int) -> bool:
    """Make a server's briefs private; return False if they already were."""
    return connection.execute(delete(PUBLIC_GUILDS).where(PUBLIC_GUILDS.c.guild_id == guild_id)).rowcount > 0


def ensure_row(connection: Connection, guild_id: int) -> None:
    """Create a server's row if it is missing."""
    connection.execute(upsert_into(connection, GUILDS).values(guild_id=guild_id).on_conflict_do_nothing())


def forget(state: State, guild_id: int) -> None:
    """Forget a server, as when it removes gapbrief.

    Its settings, schedules, conversations and watches are deleted. Its briefs stay, in the archive too if they were
    public, but without their authors.
    """
    own = select(BRIEFS.c.id).where(BRIEFS.c.guild_id == guild_id)
    unsettled = OUTBOX.c.brief_id.in_(own) & OUTBOX.c.status.in_(UNSETTLED)
    with state.begin() as connection:
        connection.execute(update(OUTBOX).where(unsettled).values(status="failed", error="the server removed gapbrief"))
        connection.execute(update(BRIEF_VERSIONS).where(BRIEF_VERSIONS.c.brief_id.in_(own)).values(changed_by=None))
        connection.execute(update(BRIEFS).where(BRIEFS.c.guild_id == guild_id).values(made_by=None))
        connection.execute(delete(AUDIT).where(AUDIT.c.guild_id == guild_id))
        connection.execute(delete(GUILD_TARGETS).where(GUILD_TARGETS.c.guild_id == guild_id))
        conversations.delete_of_guild(connection, guild_id)
        watches.delete_of_guild(connection, guild_id)
        connection.execute(delete(GUILDS).where(GUILDS.c.guild_id == guild_id))
