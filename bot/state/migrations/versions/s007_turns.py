"""No words of conversations are stored any more, including answers that a language model once worded."""

import sqlalchemy as sa
from alembic import op

revision = "s007"
down_revision = "s006"


def upgrade() -> None:
    """Drop questions and answers in words, and turns without a parsed question."""
    op.execute("DELETE FROM turns WHERE question IS NULL")
    with op.batch_alter_table("turns", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_column("asked")
        table.drop_column("said")
        table.alter_column("question", existing_type=sa.Text, nullable=False)


def downgrade() -> None:
    """Add both columns again, empty."""
    with op.batch_alter_table("turns", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.add_column(sa.Column("asked", sa.Text, nullable=False, server_default=""))
        table.add_column(sa.Column("said", sa.Text, nullable=False, server_default=""))
        table.alter_column("question", existing_type=sa.Text, nullable=True)
