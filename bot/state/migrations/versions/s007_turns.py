"""No word of a conversation is kept: of answers that a language model worded, as it once did, nothing is left."""

import sqlalchemy as sa
from alembic import op

revision = "s007"
down_revision = "s006"


def upgrade() -> None:
    """Drop what was typed and what was said, and the turns of which nothing was understood."""
    op.execute("DELETE FROM turns WHERE question IS NULL")
    with op.batch_alter_table("turns", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_column("asked")
        table.drop_column("said")
        table.alter_column("question", existing_type=sa.Text, nullable=False)


def downgrade() -> None:
    """Have places for both again, with nothing in them."""
    with op.batch_alter_table("turns", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.add_column(sa.Column("asked", sa.Text, nullable=False, server_default=""))
        table.add_column(sa.Column("said", sa.Text, nullable=False, server_default=""))
        table.alter_column("question", existing_type=sa.Text, nullable=True)
