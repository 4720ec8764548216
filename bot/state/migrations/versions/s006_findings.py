"""Findings in an edited text are stored with its version; existing versions have none."""

import sqlalchemy as sa
from alembic import op

revision = "s006"
down_revision = "s005"


def upgrade() -> None:
    """Add the column."""
    op.add_column("brief_versions", sa.Column("findings", sa.Text))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("brief_versions", "findings")
