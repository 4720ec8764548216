"""Where briefs go beside Discord: webhooks, and addresses that apprise knows."""

import itertools
import re
from dataclasses import dataclass, fields
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, or_, select, update

from bot.state import notes
from bot.state.database import State, keys_of
from bot.state.outbox import UNSETTLED
from bot.state.protection import Keys
from bot.state.state_tables import EVERY, GUILD_TARGETS, OUTBOX, belongs_to
from core.errors import UsageError
from core.words import count, quote

_WEB, _MAIL = ("http", "https"), ("mailto", "mailtos")
_NUMBER = re.compile(r"#?\d{1,9}")
_LONGEST_NAME, _LONGEST_HOST = 40, 40
_LIKE_ADDRESS = re.compile(r"[:@]|/.*/")
_NAME = re.compile(r"(?=.*[^\W\d])\w[\w.-]*")
"""A name has a letter, so that no number is one: that is the target with this number."""
_DOMAIN = re.compile(r"@([\w-]+(?:\.[\w-]+)+)$")


@dataclass(frozen=True)
class TargetRow:
    """Where briefs go beside Discord: a webhook, signed with its secret, or an address that apprise knows.

    People call it by its `name`. The address is empty where it is encrypted with a key that is not here.
    """

    id: int
    guild_id: int | None
    kind: str
    address: str
    secret: str | None
    name: str

    def __str__(self) -> str:
        """Say what it is and where, without what could be a secret in its address."""
        if not self.address:
            return f"{self.kind} ({UNREADABLE})"
        scheme = _scheme(self.address)
        return f"{self.kind} {scheme}://{_web_host(self.address) if scheme in _WEB else _mail_domains(self.address)}"


UNREADABLE = "its address is encrypted with a key that GAPBRIEF_SECRET_KEY does not have"
_COLUMNS = [*(GUILD_TARGETS.c[each.name] for each in fields(TargetRow)), GUILD_TARGETS.c.key_id]
_SWEEP = "sweep"
"""The note that a file may still hold, between its rows, what was encrypted since."""


def read_name(text: str) -> str:
    """Return a name for a target as it is kept, in small letters; raises UsageError for what can't be one.

    What looks like an address is not repeated, as it may hold secrets.
    """
    if len(text) > _LONGEST_NAME or not _NAME.fullmatch(text):
        subject = "That" if _LIKE_ADDRESS.search(text) else quote(text)
        raise UsageError(
            f"{subject} can't be a target's name; give letters, digits, dots and hyphens, {_LONGEST_NAME} at most,"
            " such as team-hook."
        )
    return text.lower()


def _new_name(connection: Connection, kind: str, address: str) -> str:
    """Return a name for a target that nobody named: its kind or scheme, its host and the first free number."""
    scheme = _scheme(address)
    host = urlsplit(address).hostname if scheme in _WEB else (_domains(address) or [""])[0]
    host_part = re.sub(r"[^\w.-]+", "-", host or "")[:_LONGEST_HOST].strip(".-")
    prefix = "-".join([kind if scheme in _WEB else scheme[:_LONGEST_HOST], *([host_part] if host_part else [])]).lower()
    used_names = set(connection.execute(select(GUILD_TARGETS.c.name)).scalars())
    return next(name for number in itertools.count(1) if (name := f"{prefix}-{number}") not in used_names)


def _scheme(address: str) -> str:
    return address.partition(":")[0].lower()


def _web_host(address: str) -> str:
    """Return the host without the path, which may be all that is secret."""
    parts = urlsplit(address)
    return parts.netloc.rpartition("@")[2] + "/…" * bool(parts.path.strip("/"))


def _mail_domains(address: str) -> str:
    """Return the domains of those who get the mail."""
    return ", ".join(f"…@{domain}" for domain in _domains(address)) or "…"


def _domains(address: str) -> list[str]:
    """Return the domains of those who get a mail, none of another address.

    They are named in the query or the path, or are the sender's.
    """
    if _scheme(address) not in _MAIL:
        return []
    try:
        parts = urlsplit(address)
    except ValueError:  # what looks like an address of IPv6 and is none
        return []
    named = [*parse_qs(parts.query).get("to", ()), parts.path.replace("/", ",")]
    domains = [_DOMAIN.search(each.strip()) for one in named for each in one.split(",")]
    return list(dict.fromkeys(each[1] for each in domains if each)) or [parts.hostname or "…"]


def select_targets(connection: Connection, guild_id: int | None) -> list[TargetRow]:
    """Return where the briefs of a server, or (with None) of the whole service, go beside Discord."""
    rows = connection.execute(select(*_COLUMNS).where(belongs_to(GUILD_TARGETS, guild_id)).order_by(GUILD_TARGETS.c.id))
    keys = keys_of(connection)
    return [_decrypt(row, keys) for row in rows]


def list_targets(state: State) -> list[TargetRow]:
    """Return all of them."""
    with state.reading() as connection:
        return select_targets(connection, EVERY)


def by_id(state: State, target_id: int) -> TargetRow | None:
    """Return one of them by its id."""
    with state.reading() as connection:
        return _select_by_id(connection, target_id)


def find_by_name(connection: Connection, name: str) -> TargetRow:
    """Return the target of a name, or of a number; raises UsageError where there is none.

    What is neither is not repeated: it may be an address, with its secrets.
    """
    target = _select_by_id(connection, int(name.removeprefix("#"))) if _NUMBER.fullmatch(name) else None
    target = target or _select_first(connection, GUILD_TARGETS.c.name == name.lower())
    if target is None:
        detail = (
            f" {quote(name)}" if _NAME.fullmatch(name) or _NUMBER.fullmatch(name) else ", and that is no name of one"
        )
        raise UsageError(f"There is no target{detail}; `gapbrief newsroom list` shows the existing ones.")
    return target


def _select_by_id(connection: Connection, target_id: int) -> TargetRow | None:
    return _select_first(connection, GUILD_TARGETS.c.id == target_id)


def _select_first(connection: Connection, which: ColumnElement[bool]) -> TargetRow | None:
    row = connection.execute(select(*_COLUMNS).where(which)).first()
    return _decrypt(row, keys_of(connection)) if row else None


def _decrypt(row: Row[int, int | None, str, str, str | None, str, str | None], keys: Keys) -> TargetRow:
    target_id, guild_id, kind, address, secret, name, key_id = row
    if key_id is not None:
        address = keys.decrypt(address, key_id) or ""
        secret = secret and keys.decrypt(secret, key_id)
    return TargetRow(target_id, guild_id, kind, address, secret, name)


def _encrypt(address: str, secret: str | None, keys: Keys) -> dict[str, str | None]:
    if keys.first is None:
        return {"address": address, "secret": secret, "key_id": None}
    return {"address": keys.encrypt(address), "secret": secret and keys.encrypt(secret), "key_id": keys.first}


def add(
    connection: Connection, *, kind: str, address: str, secret: str | None, at: datetime, guild_id: int | None = None,
    by: int | None = None, name: str | None = None,
) -> TargetRow:  # fmt: skip
    """Keep one more of them, and return it; without a name it is called by its kind, host and a number.

    Raises UsageError for a name that can't be, and for one that another target has.
    """
    new_name = _new_name(connection, kind, address) if name is None else read_name(name)
    namesake = connection.execute(select(GUILD_TARGETS.c.id).where(GUILD_TARGETS.c.name == new_name)).first()
    if namesake is not None:
        raise UsageError(f"Target {namesake.id} is called {quote(new_name)} already; give this one another name.")
    values = {"guild_id": guild_id, "kind": kind, "made_by": by, "made_at": at, "name": new_name}
    values |= _encrypt(address, secret, keys_of(connection))
    target_id: int = connection.execute(insert(GUILD_TARGETS).values(values).returning(GUILD_TARGETS.c.id)).scalar_one()
    return TargetRow(target_id, guild_id, kind, address, secret, new_name)


def remove(connection: Connection, target: TargetRow) -> None:
    """Remove one of them; what was to go there is given up."""
    connection.execute(delete(GUILD_TARGETS).where(GUILD_TARGETS.c.id == target.id))
    unsettled = (OUTBOX.c.target == f"{target.kind}:{target.id}") & OUTBOX.c.status.in_(UNSETTLED)
    connection.execute(update(OUTBOX).where(unsettled).values(status="failed", error="the target was removed"))


def encrypt_all(state: State) -> None:
    """Encrypt with the first key what is in the clear or has an older key; what no key here opens stays as it is.

    What was in the clear is swept from the file too; where somebody is at work on it, at the next start.
    """
    with state.reading() as connection:
        keys = keys_of(connection)
        not_current = or_(GUILD_TARGETS.c.key_id.is_(None), GUILD_TARGETS.c.key_id.in_(keys.ids - {keys.first}))
        is_old = connection.execute(select(GUILD_TARGETS.c.id).where(not_current).limit(1)).first()
        is_unswept = notes.read(connection, _SWEEP)
    if keys.first is None or not (is_old or is_unswept):
        return
    with state.begin() as connection:
        rows = connection.execute(select(*_COLUMNS).where(not_current).with_for_update()).all()
        for target in (_decrypt(row, keys) for row in rows):
            if target.address:
                values = _encrypt(target.address, target.secret, keys)
                connection.execute(update(GUILD_TARGETS).where(GUILD_TARGETS.c.id == target.id).values(values))
        notes.keep(connection, _SWEEP, "due")
    if state.sweep():
        with state.begin() as connection:
            notes.remove(connection, _SWEEP)


def missing_key_sentence(state: State) -> str | None:
    """Say how many targets can't be used for want of a key, and what to do; None where there are none."""
    with state.reading() as connection:
        has_key = or_(GUILD_TARGETS.c.key_id.is_(None), GUILD_TARGETS.c.key_id.in_(keys_of(connection).ids))
        number = connection.execute(select(func.count()).select_from(GUILD_TARGETS).where(~has_key)).scalar_one()
    if not number:
        return None
    return (
        f"{count(number, 'target')} can't be used: of each, {UNREADABLE}; put that key back, after a comma if there is"
        " a newer one."
    )
