"""People and channels can watch subjects, and milestones are indexed by theirs."""

import sqlalchemy as sa
from alembic import op

revision = "s010"
down_revision = "s009"


def upgrade() -> None:
    """Create both tables, and an index to find a target's rows for a brief among thousands."""
    op.create_table(
        "watches",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("target", sa.String(100), nullable=False),
        sa.Column("guild_id", sa.BigInteger),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("failed", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.PrimaryKeyConstraint("id", name="pk_watches"),
        sa.UniqueConstraint("target", "subject", name="uq_watches_target"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_watches_guild_id", "watches", ["guild_id"])
    op.create_index("ix_watches_subject", "watches", ["subject"])
    op.create_table(
        "brief_subjects",
        sa.Column("brief_id", sa.Integer, nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("brief_id", "subject", name="pk_brief_subjects"),
        sa.ForeignKeyConstraint(
            ["brief_id"], ["briefs.id"], name="fk_brief_subjects_brief_id_briefs", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_brief_subjects_subject", "brief_subjects", ["subject"])
    op.create_index("ix_outbox_brief_id", "outbox", ["brief_id", "target"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_outbox_brief_id", "outbox")
    op.drop_table("brief_subjects")
    op.drop_table("watches")
