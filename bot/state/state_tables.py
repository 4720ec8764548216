"""The tables of the state; a change here comes with a numbered migration."""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, always with its zone; SQLite, which knows none, holds it without."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Write a moment; raises ValueError for one without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no zone")
        return value.astimezone(UTC).replace(tzinfo=None if dialect.name == "sqlite" else UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Read a moment."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

EVERY = -1
"""Instead of a server: all of them, and the whole service."""


def belongs_to(table: Table, guild_id: int | None) -> ColumnElement[bool]:
    """Return the condition that a row is a server's, (with None) the whole service's, or anybody's with EVERY."""
    return true() if guild_id == EVERY else table.c.guild_id == guild_id


NOTES = Table("notes", METADATA, Column("name", String(100), primary_key=True), Column("value", Text, nullable=False))
"""What the service notes for its own next start, such as the hash of the commands that it told Discord."""

GUILDS = Table(
    "guilds",
    METADATA,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("moderator_role_id", BigInteger),
    Column("review_channel_id", BigInteger),
    Column("milestones_per_day", Integer, nullable=False, server_default=text("0")),
    Column("milestones_channel_id", BigInteger),
)
"""Discord servers that set something; one that never did has no row.

`moderator_role_id` may use the newsroom beside who manages messages; `review_channel_id` is where moderators are told
what they must know, and see drafts; of milestone briefs at most `milestones_per_day` go to their channel, 0 for none.
"""

GUILD_CHANNELS = Table(
    "guild_channels",
    METADATA,
    Column("guild_id", BigInteger, ForeignKey("guilds.guild_id", ondelete="CASCADE"), primary_key=True),
    Column("channel_id", BigInteger, primary_key=True, autoincrement=False),
)
"""The channels that a server allows; without any row, all of them."""

PUBLIC_GUILDS = Table(
    "public_guilds",
    METADATA,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("since", Moment, nullable=False),
)
"""The servers whose briefs the operator makes public beside the service's own: the choice outlives what they set."""

GUILD_TARGETS = Table(
    "guild_targets",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("guild_id", BigInteger, index=True),
    Column("kind", String(10), nullable=False),
    Column("address", Text, nullable=False),
    Column("secret", Text),
    Column("key_id", String(16)),
    Column("made_by", BigInteger),
    Column("made_at", Moment, nullable=False),
    Column("name", String(80), nullable=False, server_default=text("''")),
    Index("ix_guild_targets_name", "name", unique=True),
    sqlite_autoincrement=True,
)
"""Where briefs go beside Discord: a `webhook` that is signed with its secret, an `apprise` address, or an editors'
system with its key.

People call it by its name, which no other has.

Both are encrypted where the id of a key stands beside them. Without a guild it gets the briefs of the whole service.
The outbox knows them by id long after they are removed, so no id is given twice.
"""

BRIEFS = Table(
    "briefs",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("slug", String(120), nullable=False, unique=True),
    Column("kind", String(10), nullable=False),
    Column("guild_id", BigInteger, index=True),
    Column("made_at", Moment, nullable=False),
    Column("made_by", BigInteger),
    Column("status", String(10), nullable=False),
    Column("posted_at", Moment, index=True),
    Column("as_of", Date, nullable=False),
    Column("since", Date, nullable=False),
    Column("known_by", Date, nullable=False),
    Column("focus", String(100)),
    Column("revision", String(64), nullable=False),
    Column("written_by", String(40), nullable=False),
    Column("title", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    sqlite_autoincrement=True,
)
"""Briefs, of a server or (without one) of the whole service; `made_by` is empty for a schedule's and the operator's.

`since` is the day from which on it says what is new, `known_by` the newest day of the data that it was made from.
`kind` is brief, milestone, story, archive (a month's, written later) or watched (a milestone as it stands in the feeds
of what it is about, and in no list), `status` draft, approved, posted or
withdrawn. `title` and `words` (all that is searched) are of the newest version, `digest` of what was posted: two
briefs with the same one were posted alike.
"""

BRIEF_VERSIONS = Table(
    "brief_versions",
    METADATA,
    Column("brief_id", Integer, ForeignKey("briefs.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("content", Text, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("changed_by", BigInteger),
    Column("what", String(10), nullable=False),
    Column("note", Text),
    Column("findings", Text),
)
"""Every version of a brief, as JSON: made, edited or undone (before it was posted) or corrected (after).

With what changed in a correction, and with what of its text no fact has, a sentence each.
"""

BRIEF_SUBJECTS = Table(
    "brief_subjects",
    METADATA,
    Column("brief_id", Integer, ForeignKey("briefs.id", ondelete="CASCADE"), primary_key=True),
    Column("subject", String(200), primary_key=True, index=True),
)
"""What a watched milestone is about, as `WATCHES` names it."""

WATCHES = Table(
    "watches",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("target", String(100), nullable=False),
    Column("guild_id", BigInteger, index=True),
    Column("subject", String(200), nullable=False, index=True),
    Column("name", String(200), nullable=False),
    Column("failed", Integer, nullable=False, server_default=text("0")),
    UniqueConstraint("target", "subject"),
    sqlite_autoincrement=True,
)
"""What a person (`user:` and an id) or a server's channel (`discord:`) watches: a kind and an id, and its `name`.

`failed` counts the milestones since the last that arrived which the target did not take.
"""

SCHEDULES = Table(
    "schedules",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("guild_id", BigInteger, ForeignKey("guilds.guild_id", ondelete="CASCADE"), index=True),
    Column("channel_id", BigInteger),
    Column("rule", String(100), nullable=False),
    Column("timezone", String(64), nullable=False),
    Column("role_id", BigInteger),
    Column("only_news", Boolean, nullable=False),
    Column("ask_first", Boolean, nullable=False),
    Column("review_channel_id", BigInteger),
    Column("grace_minutes", Integer, nullable=False),
    Column("focus", String(100)),
    Column("paused", Boolean, nullable=False, server_default=false()),
    Column("paused_why", Text),
    Column("made_by", BigInteger),
    Column("made_at", Moment, nullable=False),
    Column("checked_until", Moment, nullable=False),
    sqlite_autoincrement=True,
)
"""When briefs are due, as cron's five fields in a named time zone, and where they go.

All due times up to `checked_until` were dealt with. One without a channel posts to the archive, and to targets.
"""

RUNS = Table(
    "runs",
    METADATA,
    Column("schedule_id", Integer, ForeignKey("schedules.id", ondelete="CASCADE"), primary_key=True),
    Column("due", String(20), primary_key=True),
    Column("due_at", Moment, nullable=False),
    Column("status", String(12), nullable=False),
    Column("brief_id", Integer, ForeignKey("briefs.id", ondelete="CASCADE"), index=True),
    Column("note", Text),
)
"""What came of each due time: made, skipped, nothing-new or awaiting.

`due` is the time on the schedule's own clock, so that an hour that comes twice is one.
"""

OUTBOX = Table(
    "outbox",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("brief_id", Integer, ForeignKey("briefs.id", ondelete="CASCADE"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("target", String(100), nullable=False),
    Column("action", String(10), nullable=False),
    Column("schedule_id", Integer, ForeignKey("schedules.id", ondelete="SET NULL")),
    Column("text", Text),
    Column("status", String(10), nullable=False),
    Column("nonce", String(25), nullable=False),
    Column("message_id", BigInteger),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("made_at", Moment, nullable=False),
    Column("next_at", Moment, nullable=False),
    Column("tried_at", Moment),
    Column("lease_until", Moment),
    Column("owner", String(100)),
    Column("error", Text),
    Column("sent_at", Moment),
    UniqueConstraint("brief_id", "version", "target", "action"),
    Index("ix_outbox_status", "status", "next_at"),
    Index("ix_outbox_target", "target", "sent_at"),
    Index("ix_outbox_brief_id", "brief_id", "target"),
    sqlite_autoincrement=True,
)
"""What is to be done with a brief at a target (its kind, such as `discord:` or `webhook:`, and an id): once each.

`action` is post, edit, delete, crosspost, review (a draft for moderators), tell (a `text` for them) or watch (a
milestone for who watches what it is about); `status` pending, sending (it was begun, and may have been done), sent,
failed or unsure. `tried_at` is when it was first begun. Where a post made a draft, `text` is the id that the draft has
there.
"""

AUDIT = Table(
    "audit",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("guild_id", BigInteger, index=True),
    Column("who", BigInteger),
    Column("what", String(20), nullable=False),
    Column("brief_id", Integer, ForeignKey("briefs.id", ondelete="CASCADE"), index=True),
    Column("detail", Text),
)
"""Who did what, and when; without a person it was a schedule, or the operator."""

LEASES = Table(
    "leases",
    METADATA,
    Column("name", String(40), primary_key=True),
    Column("owner", String(100), nullable=False),
    Column("until", Moment, nullable=False),
)
"""Which process does what only one may do, and until when unless it asks again."""

TURNS = Table(
    "turns",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("conversation", String(200), nullable=False, index=True),
    Column("at", Moment, nullable=False, index=True),
    Column("user_id", String(100), index=True),
    Column("guild_id", String(100), index=True),
    Column("question", Text, nullable=False),
    sqlite_autoincrement=True,
)
"""What was asked in a conversation, by whom and in which server, for a day at most: how it was understood, as JSON."""

USAGE = Table(
    "usage",
    METADATA,
    Column("day", Date, primary_key=True),
    Column("purpose", String(20), primary_key=True),
    Column("model", String(200), primary_key=True),
    Column("outcome", String(20), primary_key=True),
    Column("texts", Integer, nullable=False),
    Column("calls", Integer, nullable=False),
    Column("tokens_in", BigInteger, nullable=False),
    Column("tokens_out", BigInteger, nullable=False),
    Column("seconds", Float, nullable=False),
)
"""How many texts the language model was asked for on each day (UTC), and with how much; with nobody's name."""

SPENT = Table(
    "spent",
    METADATA,
    Column("day", Date, primary_key=True),
    Column("spender", String(120), primary_key=True),
    Column("tokens", BigInteger, nullable=False),
)
"""The tokens that were spent today of a budget: `all`, or `guild:` or `user:` and an id; no other day is kept."""
