"""Notes of the service, and settings of Discord servers."""

import sqlalchemy as sa
from alembic import op

revision = "s001"
down_revision = None


def upgrade() -> None:
    """Create the first tables."""
    op.create_table(
        "notes", sa.Column("name", sa.String(100), primary_key=True), sa.Column("value", sa.Text, nullable=False)
    )
    op.create_table("guilds", sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False))
    op.create_table(
        "guild_channels",
        sa.Column("guild_id", sa.BigInteger, sa.ForeignKey("guilds.guild_id", ondelete="CASCADE"), primary_key=True),
        sa.Column("channel_id", sa.BigInteger, primary_key=True, autoincrement=False),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("guild_channels", "guilds", "notes"):
        op.drop_table(table)
