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
    """A moment in UTC, always with its time zone, which SQLite can't store."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert a moment for the database; raises ValueError if it has no time zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no zone")
        return value.astimezone(UTC).replace(tzinfo=None if dialect.name == "sqlite" else UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Convert a moment from the database."""
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
"""In place of a server's id: all servers and the whole service."""


def belongs_to(table: Table, guild_id: int | None) -> ColumnElement[bool]:
    """Return the condition that a row is a server's, (with None) the whole service's, or (with EVERY) anyone's."""
    return true() if guild_id == EVERY else table.c.guild_id == guild_id


NOTES = Table("notes", METADATA, Column("name", String(100), primary_key=True), Column("value", Text, nullable=False))
"""Values that the service keeps for itself, such as the hash of the commands registered with Discord."""

GUILDS = Table(
    "guilds",
    METADATA,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("moderator_role_id", BigInteger),
    Column("review_channel_id", BigInteger),
    Column("milestones_per_day", Integer, nullable=False, server_default=text("0")),
    Column("milestones_channel_id", BigInteger),
)
"""Discord servers with settings.

Members with `moderator_role_id` may use the newsroom, as may anyone who can manage messages. Drafts and problems go to
`review_channel_id`; at most `milestones_per_day` milestone briefs go to their channel.
"""

GUILD_CHANNELS = Table(
    "guild_channels",
    METADATA,
    Column("guild_id", BigInteger, ForeignKey("guilds.guild_id", ondelete="CASCADE"), primary_key=True),
    Column("channel_id", BigInteger, primary_key=True, autoincrement=False),
)
"""The channels that a server allows; a server without rows allows all."""

PUBLIC_GUILDS = Table(
    "public_guilds",
    METADATA,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("since", Moment, nullable=False),
)
"""The servers whose briefs the operator made public; this outlives a server's settings."""

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
"""Targets outside Discord: a `webhook` with its signing secret, an `apprise` address, or an editors' system with a key.

Names are unique. Address and secret are encrypted if there is a `key_id`. Without a guild, a target gets the whole
service's briefs. The outbox keeps ids of removed targets, so no id is used twice.
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
"""Briefs of a server or (without one) of the whole service; `made_by` is empty for schedules and the operator.

`since` is the day from which it reports news, `known_by` the latest day of its data. `kind` is brief, milestone, story,
archive (a month's, written later) or watched (a milestone for feeds and watchers, in no list). `status` is draft,
approved, posted or withdrawn. `title` and `words` (the searchable text) are those of the latest version; `digest` is
that of the posted one, so that equal posts can be recognised.
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
"""All versions of a brief, as JSON: made, edited or undone (before it was posted), or corrected (after).

`note` says what a correction changed; `findings` holds the review as JSON, or in old rows a list of sentences.
"""

BRIEF_SUBJECTS = Table(
    "brief_subjects",
    METADATA,
    Column("brief_id", Integer, ForeignKey("briefs.id", ondelete="CASCADE"), primary_key=True),
    Column("subject", String(200), primary_key=True, index=True),
)
"""The subjects of a watched milestone, in the form of `WATCHES`."""

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
"""The subjects (a kind and an id, with a `name`) that a person (`user:` and an id) or a channel (`discord:`) watches.

`failed` counts the milestones that the target has refused since the last one that arrived.
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
"""When briefs are due, as cron's five fields in a time zone, and where they go.

All due times up to `checked_until` were handled. Without a channel, briefs go to the archive and to other targets.
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
"""The outcome of each due time: made, skipped, nothing-new or awaiting.

`due` is in the schedule's time zone, so that a repeated hour counts once.
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
"""Actions on a brief at a target (its kind, such as `discord:` or `webhook:`, and an id), each to be done once.

`action` is post, edit, delete, crosspost, review (a draft for moderators), tell (a `text` for them) or watch (a
milestone for its watchers). `status` is pending, sending (claimed, and possibly sent), sent, failed or unsure.
`tried_at` is the first attempt. After a post as a draft, `text` is the draft's id at the target.
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
"""Who did what and when; `who` is empty for schedules and the operator."""

LEASES = Table(
    "leases",
    METADATA,
    Column("name", String(40), primary_key=True),
    Column("owner", String(100), nullable=False),
    Column("until", Moment, nullable=False),
)
"""Which process holds each lease, and until when."""

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
"""The questions of conversations, as parsed, in JSON, with their user and server; kept for at most a day."""

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
"""The language model's usage per day (UTC), without users."""

SPENT = Table(
    "spent",
    METADATA,
    Column("day", Date, primary_key=True),
    Column("spender", String(120), primary_key=True),
    Column("tokens", BigInteger, nullable=False),
)
"""Today's tokens per spender: `all`, or `guild:` or `user:` and an id; earlier days are deleted."""
