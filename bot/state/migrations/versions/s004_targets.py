"""Targets: the id of one that is removed is never given to another, which would get what is told of its briefs."""

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
"""The highest id that there was: of those that are removed, the outbox still knows."""


def upgrade() -> None:
    """Let SQLite remember which ids it gave; other databases do without being told."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    _make_anew(autoincrement=True)
    connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = 'guild_targets'"))
    highest = connection.execute(sa.text(_HIGHEST)).scalar() or 0
    connection.execute(sa.text("INSERT INTO sqlite_sequence VALUES ('guild_targets', :highest)"), {"highest": highest})


def downgrade() -> None:
    """Let it forget them again."""
    if op.get_bind().dialect.name == "sqlite":
        _make_anew(autoincrement=False)


def _make_anew(*, autoincrement: bool) -> None:
    """Make the table anew with what it holds: SQLite can't change this of a table that is there."""
    options = {"sqlite_autoincrement": autoincrement}
    with op.batch_alter_table("guild_targets", recreate="always", table_kwargs=options):
        pass
