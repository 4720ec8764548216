"""Briefs with their versions, schedules, the outbox, the audit trail, and servers' newsroom settings."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "s002"
down_revision = "s001"

_MOMENT = sa.DateTime(timezone=True)

_GUILD_COLUMNS: tuple[tuple[str, sa.types.TypeEngine[Any], dict[str, Any]], ...] = (
    ("moderator_role_id", sa.BigInteger(), {}),
    ("review_channel_id", sa.BigInteger(), {}),
    ("milestones_per_day", sa.Integer(), {"nullable": False, "server_default": sa.text("0")}),
    ("milestones_channel_id", sa.BigInteger(), {}),
)
_TABLES = ("leases", "audit", "outbox", "runs", "schedules", "brief_versions", "briefs", "guild_targets")


def upgrade() -> None:
    """Create the newsroom's tables."""
    for name, kind, options in _GUILD_COLUMNS:
        op.add_column("guilds", sa.Column(name, kind, **options))
    _briefs()
    _schedules()
    _outbox()
    _surroundings()
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE briefs_words USING fts5(words)")


def downgrade() -> None:
    """Drop them."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE briefs_words")
    for table in _TABLES:
        op.drop_table(table)
    for name, _, _ in _GUILD_COLUMNS:
        op.drop_column("guilds", name)


def _briefs() -> None:
    op.create_table(
        "briefs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("slug", sa.String(120), nullable=False, unique=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("guild_id", sa.BigInteger, index=True),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("made_by", sa.BigInteger),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("posted_at", _MOMENT, index=True),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("known_by", sa.Date, nullable=False),
        sa.Column("focus", sa.String(100)),
        sa.Column("revision", sa.String(64), nullable=False),
        sa.Column("written_by", sa.String(40), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "brief_versions",
        sa.Column("brief_id", sa.Integer, sa.ForeignKey("briefs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.Column("changed_by", sa.BigInteger),
        sa.Column("what", sa.String(10), nullable=False),
        sa.Column("note", sa.Text),
    )


def _schedules() -> None:
    op.create_table(
        "schedules",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("guild_id", sa.BigInteger, sa.ForeignKey("guilds.guild_id", ondelete="CASCADE"), index=True),
        sa.Column("channel_id", sa.BigInteger),
        sa.Column("rule", sa.String(100), nullable=False),
        sa.Column("timezone", sa.String(64), nullable=False),
        sa.Column("role_id", sa.BigInteger),
        sa.Column("only_news", sa.Boolean, nullable=False),
        sa.Column("ask_first", sa.Boolean, nullable=False),
        sa.Column("review_channel_id", sa.BigInteger),
        sa.Column("grace_minutes", sa.Integer, nullable=False),
        sa.Column("focus", sa.String(100)),
        sa.Column("paused", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("paused_why", sa.Text),
        sa.Column("made_by", sa.BigInteger),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("checked_until", _MOMENT, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "runs",
        sa.Column("schedule_id", sa.Integer, sa.ForeignKey("schedules.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("due", sa.String(20), primary_key=True),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("brief_id", sa.Integer, sa.ForeignKey("briefs.id", ondelete="CASCADE"), index=True),
        sa.Column("note", sa.Text),
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("brief_id", sa.Integer, sa.ForeignKey("briefs.id", ondelete="CASCADE"), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("target", sa.String(100), nullable=False),
        sa.Column("action", sa.String(10), nullable=False),
        sa.Column("schedule_id", sa.Integer, sa.ForeignKey("schedules.id", ondelete="SET NULL")),
        sa.Column("text", sa.Text),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("nonce", sa.String(25), nullable=False),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("attempts", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("next_at", _MOMENT, nullable=False),
        sa.Column("tried_at", _MOMENT),
        sa.Column("lease_until", _MOMENT),
        sa.Column("owner", sa.String(100)),
        sa.Column("error", sa.Text),
        sa.Column("sent_at", _MOMENT),
        sa.UniqueConstraint("brief_id", "version", "target", "action"),
        sa.Index("ix_outbox_status", "status", "next_at"),
        sa.Index("ix_outbox_target", "target", "sent_at"),
        sqlite_autoincrement=True,
    )


def _surroundings() -> None:
    op.create_table(
        "guild_targets",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("guild_id", sa.BigInteger, index=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("secret", sa.Text),
        sa.Column("made_by", sa.BigInteger),
        sa.Column("made_at", _MOMENT, nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("guild_id", sa.BigInteger, index=True),
        sa.Column("who", sa.BigInteger),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("brief_id", sa.Integer, sa.ForeignKey("briefs.id", ondelete="CASCADE"), index=True),
        sa.Column("detail", sa.Text),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("owner", sa.String(100), nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
    )
