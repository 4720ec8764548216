"""Targets have names; existing ones are named by kind, host (if it is not encrypted) and id."""

import re
from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic import op

revision = "s009"
down_revision = "s008"

_LONGEST_HOST = 40


def upgrade() -> None:
    """Add the column with unique names."""
    op.add_column("guild_targets", sa.Column("name", sa.String(80), nullable=False, server_default=""))
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, kind, address, key_id FROM guild_targets")).all()
    for target_id, kind, address, key_id in rows:
        values = {"name": _name(target_id, kind, "" if key_id else address), "id": target_id}
        connection.execute(sa.text("UPDATE guild_targets SET name = :name WHERE id = :id"), values)
    op.create_index("ix_guild_targets_name", "guild_targets", ["name"], unique=True)


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_guild_targets_name", "guild_targets")
    op.drop_column("guild_targets", "name")


def _name(target_id: int, kind: str, address: str) -> str:
    host = (urlsplit(address).hostname or "") if address.startswith(("http://", "https://")) else ""
    host = re.sub(r"[^\w.-]+", "-", host)[:_LONGEST_HOST].strip(".-")
    return "-".join([kind, *([host] if host else []), str(target_id)])
