"""Where briefs go beside Discord: webhooks, and addresses that apprise knows."""

import re
from dataclasses import dataclass, fields
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import Connection, Row, delete, func, insert, or_, select, update

from bot.state import notes
from bot.state.database import State, keys_of
from bot.state.encryption import Keys
from bot.state.outbox import UNSETTLED
from bot.state.state_tables import EVERY, GUILD_TARGETS, OUTBOX, is_of
from core.words import count

_SHOWN_OF_PATH = 8
_DOMAIN = re.compile(r"@([\w-]+(?:\.[\w-]+)+)$")


@dataclass(frozen=True)
class TargetRow:
    """Where briefs go beside Discord: a webhook, signed with its secret, or an address that apprise knows.

    The address is empty where it is encrypted with a key that is not here.
    """

    id: int
    guild_id: int | None
    kind: str
    address: str
    secret: str | None

    def __str__(self) -> str:
        """Say what it is and where, without what could be a secret in its address."""
        if not self.address:
            return f"{self.kind} ({UNREADABLE})"
        scheme = self.address.partition(":")[0].lower()
        where = _of_web if scheme in ("http", "https") else _of_mail if scheme in ("mailto", "mailtos") else None
        return f"{self.kind} {scheme}://{where(self.address) if where else '…'}"


UNREADABLE = "its address is encrypted with a key that GAPBRIEF_SECRET_KEY does not have"
_COLUMNS = [*(GUILD_TARGETS.c[each.name] for each in fields(TargetRow)), GUILD_TARGETS.c.key_id]
_SWEEP = "sweep"
"""The note that a file may still hold, between its rows, what was encrypted since."""


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
    keys = keys_of(connection)
    return [_decrypted(row, keys) for row in found]


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
    return _decrypted(row, keys_of(connection)) if row else None


def _decrypted(row: Row[int, int | None, str, str, str | None, str | None], keys: Keys) -> TargetRow:
    target_id, guild_id, kind, address, secret, key_id = row
    if key_id is not None:
        address = keys.decrypt(address, key_id) or ""
        secret = secret and keys.decrypt(secret, key_id)
    return TargetRow(target_id, guild_id, kind, address, secret)


def _encrypted(address: str, secret: str | None, keys: Keys) -> dict[str, str | None]:
    if keys.first is None:
        return {"address": address, "secret": secret, "key_id": None}
    return {"address": keys.encrypt(address), "secret": secret and keys.encrypt(secret), "key_id": keys.first}


def add(
    connection: Connection, *, kind: str, address: str, secret: str | None, at: datetime, guild_id: int | None = None,
    by: int | None = None,
) -> int:  # fmt: skip
    """Keep one more of them, and return its id."""
    values = {"guild_id": guild_id, "kind": kind, "made_by": by, "made_at": at}
    values |= _encrypted(address, secret, keys_of(connection))
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


def encrypt_all(state: State) -> None:
    """Encrypt with the first key what is in the clear or has an older key; what no key here opens stays as it is.

    What was in the clear is swept from the file too; where somebody is at work on it, at the next start.
    """
    with state.reading() as connection:
        keys = keys_of(connection)
        older = or_(GUILD_TARGETS.c.key_id.is_(None), GUILD_TARGETS.c.key_id.in_(keys.ids - {keys.first}))
        is_old = connection.execute(select(GUILD_TARGETS.c.id).where(older).limit(1)).first()
        is_unswept = notes.read(connection, _SWEEP)
    if keys.first is None or not (is_old or is_unswept):
        return
    with state.begin() as connection:
        found = [_decrypted(row, keys) for row in connection.execute(select(*_COLUMNS).where(older).with_for_update())]
        for target in found:
            if target.address:
                values = _encrypted(target.address, target.secret, keys)
                connection.execute(update(GUILD_TARGETS).where(GUILD_TARGETS.c.id == target.id).values(values))
        notes.keep(connection, _SWEEP, "due")
    if state.sweep():
        with state.begin() as connection:
            notes.remove(connection, _SWEEP)


def missing_key(state: State) -> str | None:
    """Say how many targets can't be used for want of a key, and what to do; None where there are none."""
    with state.reading() as connection:
        has_key = or_(GUILD_TARGETS.c.key_id.is_(None), GUILD_TARGETS.c.key_id.in_(keys_of(connection).ids))
        number = connection.execute(select(func.count()).select_from(GUILD_TARGETS).where(~has_key)).scalar_one()
    if not number:
        return None
    return (
        f"{count(number, 'target')} can't be used: of each, {UNREADABLE}; put that key back, behind a comma where there"
        " is a newer one."
    )
