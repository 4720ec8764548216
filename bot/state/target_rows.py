"""Where briefs go beside Discord: webhooks, and addresses that apprise knows."""

import re
from dataclasses import dataclass, fields
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import Connection, delete, insert, select, update

from bot.state.database import State
from bot.state.outbox import UNSETTLED
from bot.state.state_tables import EVERY, GUILD_TARGETS, OUTBOX, is_of

_SHOWN_OF_PATH = 8
_DOMAIN = re.compile(r"@([\w-]+(?:\.[\w-]+)+)$")


@dataclass(frozen=True)
class TargetRow:
    """Where briefs go beside Discord: a webhook, signed with its secret, or an address that apprise knows."""

    id: int
    guild_id: int | None
    kind: str
    address: str
    secret: str | None

    def __str__(self) -> str:
        """Say what it is and where, without what could be a secret in its address."""
        scheme = self.address.partition(":")[0].lower()
        where = _of_web if scheme in ("http", "https") else _of_mail if scheme in ("mailto", "mailtos") else None
        return f"{self.kind} {scheme}://{where(self.address) if where else '…'}"


_COLUMNS = [GUILD_TARGETS.c[each.name] for each in fields(TargetRow)]


def _of_web(address: str) -> str:
    """Return the host, and of the path a quarter at most, from both its ends: it may be all that is secret."""
    parts = urlsplit(address)
    host, path = parts.netloc.rpartition("@")[2], parts.path.strip("/")
    shown = min(len(path) // 4, _SHOWN_OF_PATH)
    begin, end = path[: shown // 2], path[len(path) - (shown + 1) // 2 :]
    return f"{host}/{begin}…{end}" if path else host


def _of_mail(address: str) -> str:
    """Return the domains of those who get the mail: they are named in the query or the path, or are the sender."""
    try:
        parts = urlsplit(address)
    except ValueError:  # what looks like an address of IPv6 and is none
        return "…"
    named = [*parse_qs(parts.query).get("to", ()), parts.path.replace("/", ",")]
    domains = [_DOMAIN.search(each.strip()) for one in named for each in one.split(",")]
    found = dict.fromkeys(each[1] for each in domains if each) or {parts.hostname: None}
    return ", ".join(f"…@{each}" for each in found)


def of(connection: Connection, guild_id: int | None) -> list[TargetRow]:
    """Return where the briefs of a server, or (with None) of the whole service, go beside Discord."""
    found = connection.execute(select(*_COLUMNS).where(is_of(GUILD_TARGETS, guild_id)).order_by(GUILD_TARGETS.c.id))
    return [TargetRow(*row) for row in found]


def listed(state: State) -> list[TargetRow]:
    """Return all of them."""
    with state.reading() as connection:
        return of(connection, EVERY)


def by_id(state: State, target_id: int) -> TargetRow | None:
    """Return one of them by its id."""
    with state.reading() as connection:
        return _get(connection, target_id)


def _get(connection: Connection, target_id: int) -> TargetRow | None:
    row = connection.execute(select(*_COLUMNS).where(GUILD_TARGETS.c.id == target_id)).first()
    return TargetRow(*row) if row else None


def add(
    connection: Connection, *, kind: str, address: str, secret: str | None, at: datetime, guild_id: int | None = None,
    by: int | None = None,
) -> int:  # fmt: skip
    """Keep one more of them, and return its id."""
    values = {"guild_id": guild_id, "kind": kind, "address": address, "secret": secret, "made_by": by, "made_at": at}
    target_id: int = connection.execute(insert(GUILD_TARGETS).values(values).returning(GUILD_TARGETS.c.id)).scalar_one()
    return target_id


def remove(connection: Connection, target_id: int) -> TargetRow | None:
    """Remove one of them, and return it, None where there is none; what was to go there is given up."""
    target = _get(connection, target_id)
    if target is None:
        return None
    connection.execute(delete(GUILD_TARGETS).where(GUILD_TARGETS.c.id == target_id))
    unsettled = (OUTBOX.c.target == f"{target.kind}:{target_id}") & OUTBOX.c.status.in_(UNSETTLED)
    connection.execute(update(OUTBOX).where(unsettled).values(status="failed", error="the target was removed"))
    return target
