"""Which servers' briefs are public: those that the operator names, so none of what was posted until now."""

import sqlalchemy as sa
from alembic import op

revision = "s005"
down_revision = "s004"


def upgrade() -> None:
    """Make the table, without a row: what servers posted stays in them."""
    op.create_table(
        "public_guilds",
        sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    """Drop it: what any server posted is public again."""
    op.drop_table("public_guilds")
