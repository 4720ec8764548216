"""Targets' addresses and secrets may be encrypted: each names its key; those that are there are in the clear."""

import sqlalchemy as sa
from alembic import op

revision = "s008"
down_revision = "s007"


def upgrade() -> None:
    """Add the column."""
    op.add_column("guild_targets", sa.Column("key_id", sa.String(16)))


def downgrade() -> None:
    """Drop it; what was encrypted can't be read by an older gapbrief then."""
    op.drop_column("guild_targets", "key_id")
