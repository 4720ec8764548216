"""The assistant's data: conversations for a day, the language model's usage, and today's spending."""

import sqlalchemy as sa
from alembic import op

revision = "s003"
down_revision = "s002"


def upgrade() -> None:
    """Create the assistant's tables."""
    op.create_table(
        "turns",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("conversation", sa.String(200), nullable=False, index=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("user_id", sa.String(100), index=True),
        sa.Column("guild_id", sa.String(100), index=True),
        sa.Column("asked", sa.Text, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("question", sa.Text),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "usage",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("purpose", sa.String(20), primary_key=True),
        sa.Column("model", sa.String(200), primary_key=True),
        sa.Column("outcome", sa.String(20), primary_key=True),
        sa.Column("texts", sa.Integer, nullable=False),
        sa.Column("calls", sa.Integer, nullable=False),
        sa.Column("tokens_in", sa.BigInteger, nullable=False),
        sa.Column("tokens_out", sa.BigInteger, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
    )
    op.create_table(
        "spent",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("spender", sa.String(120), primary_key=True),
        sa.Column("tokens", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("spent", "usage", "turns"):
        op.drop_table(table)
