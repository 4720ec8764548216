"""What of an edited text no fact has is kept with its version; of those that are there nothing is known."""

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
