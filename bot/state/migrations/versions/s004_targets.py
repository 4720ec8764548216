"""Targets: the id of a removed one is never reused, or a new target would get corrections of the old one's briefs."""

import sqlalchemy as sa
from alembic import op

revision = "s004"
down_revision = "s003"

_HIGHEST = """
    SELECT max(id) FROM (
        SELECT id FROM guild_targets UNION
        SELECT CAST(substr(target, instr(target, ':') + 1) AS INTEGER) FROM outbox
        WHERE target LIKE 'webhook:%' OR target LIKE 'apprise:%'
    )
"""
"""The highest id ever used: the outbox still has those of removed targets."""


def upgrade() -> None:
    """Make SQLite remember the ids it has used, as other databases do by default."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    _make_anew(autoincrement=True)
    connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = 'guild_targets'"))
    highest = connection.execute(sa.text(_HIGHEST)).scalar() or 0
    connection.execute(sa.text("INSERT INTO sqlite_sequence VALUES ('guild_targets', :highest)"), {"highest": highest})


def downgrade() -> None:
    """Undo that."""
    if op.get_bind().dialect.name == "sqlite":
        _make_anew(autoincrement=False)


def _make_anew(*, autoincrement: bool) -> None:
    """Recreate the table with its rows: SQLite can't change this for an existing table."""
    options = {"sqlite_autoincrement": autoincrement}
    with op.batch_alter_table("guild_targets", recreate="always", table_kwargs=options):
        pass
