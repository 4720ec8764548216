"""Targets' addresses and secrets may be encrypted with a named key; existing ones are not."""

import sqlalchemy as sa
from alembic import op

revision = "s008"
down_revision = "s007"


def upgrade() -> None:
    """Add the column."""
    op.add_column("guild_targets", sa.Column("key_id", sa.String(16)))


def downgrade() -> None:
    """Drop it; an older gapbrief can't read encrypted targets."""
    op.drop_column("guild_targets", "key_id")
