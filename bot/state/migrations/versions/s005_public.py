"""Servers whose briefs are public: those that the operator chooses, so none at first."""

import sqlalchemy as sa
from alembic import op

revision = "s005"
down_revision = "s004"


def upgrade() -> None:
    """Create the table without rows: all servers' briefs become private."""
    op.create_table(
        "public_guilds",
        sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    """Drop it: all servers' briefs are public again."""
    op.drop_table("public_guilds")
