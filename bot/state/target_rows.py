"""Targets outside Discord: webhooks, services that apprise supports, and editors' systems."""

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
from core.errors import DataError, UsageError
from core.words import count, quote

_WEB, _MAIL = ("http", "https"), ("mailto", "mailtos")
_NUMBER = re.compile(r"#?\d{1,9}")
_LONGEST_NAME, _LONGEST_HOST = 40, 40
_LIKE_ADDRESS = re.compile(r"[:@]|/.*/")
_NAME = re.compile(r"(?=.*[^\W\d])\w[\w.-]*")
"""A name contains a letter, so that it can't be mistaken for a target's number."""
_DOMAIN = re.compile(r"@([\w-]+(?:\.[\w-]+)+)$")


@dataclass(frozen=True)
class TargetRow:
    """A target outside Discord: a webhook with its signing secret, an apprise address, or an editors' system.

    The address is empty if it is encrypted with an unknown key.
    """

    id: int
    guild_id: int | None
    kind: str
    address: str
    secret: str | None
    name: str

    def __str__(self) -> str:
        """Describe the target without any part of its address that could be secret."""
        if not self.address:
            return f"{self.kind} ({UNREADABLE})"
        scheme = _scheme(self.address)
        if scheme in _WEB:
            parts = urlsplit(self.address)
            place = parts.netloc.rpartition("@")[2] + "/…" * bool(parts.path.strip("/"))  # the path may be the secret
        else:
            place = ", ".join(f"…@{domain}" for domain in _domains(self.address)) or "…"
        return f"{self.kind} {scheme}://{place}"


UNREADABLE = "its address is encrypted with a key that GAPBRIEF_SECRET_KEY does not have"
_COLUMNS = [*(GUILD_TARGETS.c[field.name] for field in fields(TargetRow)), GUILD_TARGETS.c.key_id]
_SWEEP = "sweep"
"""The note that the file may still contain unencrypted remains of secrets."""


def read_name(text: str) -> str:
    """Parse a target's name, in lower case; raises UsageError for an invalid one.

    The error doesn't repeat a text that looks like an address, which may contain secrets.
    """
    if len(text) > _LONGEST_NAME or not _NAME.fullmatch(text):
        subject = "That" if _LIKE_ADDRESS.search(text) else quote(text)
        raise UsageError(
            f"{subject} can't be a target's name; give letters, digits, dots and hyphens, {_LONGEST_NAME} at most,"
            " such as team-hook."
        )
    return text.lower()


def _make_name(connection: Connection, kind: str, address: str) -> str:
    """Make up a target's name: its kind or scheme, its host and the first free number."""
    scheme = _scheme(address)
    host = urlsplit(address).hostname if scheme in _WEB else (_domains(address) or [""])[0]
    host_part = re.sub(r"[^\w.-]+", "-", host or "")[:_LONGEST_HOST].strip(".-")
    prefix = "-".join([kind if scheme in _WEB else scheme[:_LONGEST_HOST], *([host_part] if host_part else [])]).lower()
    used_names = set(connection.execute(select(GUILD_TARGETS.c.name)).scalars())
    return next(name for number in itertools.count(1) if (name := f"{prefix}-{number}") not in used_names)


def _scheme(address: str) -> str:
    return address.partition(":")[0].lower()


def _domains(address: str) -> list[str]:
    """Return the domains of a mail address's recipients, or [] for other addresses.

    Recipients are in the query or the path; without any, the mail goes to the sender's domain.
    """
    if _scheme(address) not in _MAIL:
        return []
    try:
        parts = urlsplit(address)
    except ValueError:  # a malformed IPv6 address
        return []
    lists = [*parse_qs(parts.query).get("to", ()), parts.path.replace("/", ",")]
    matches = [_DOMAIN.search(recipient.strip()) for recipient in ",".join(lists).split(",")]
    return list(dict.fromkeys(match[1] for match in matches if match)) or [parts.hostname or "…"]


def select_targets(connection: Connection, guild_id: int | None) -> list[TargetRow]:
    """Return the targets of a server, or (with None) of the whole service."""
    rows = connection.execute(select(*_COLUMNS).where(belongs_to(GUILD_TARGETS, guild_id)).order_by(GUILD_TARGETS.c.id))
    keys = keys_of(connection)
    return [_decrypt(row, keys) for row in rows]


def list_targets(state: State) -> list[TargetRow]:
    """Return all targets."""
    with state.reading() as connection:
        return select_targets(connection, EVERY)


def by_id(state: State, target_id: int) -> TargetRow | None:
    """Return a target by its id."""
    with state.reading() as connection:
        return _select_first(connection, GUILD_TARGETS.c.id == target_id)


def find_by_name(connection: Connection, name: str) -> TargetRow:
    """Return a target by its name or number; raises UsageError if there is none.

    The error doesn't repeat any other text, which may be an address with secrets.
    """
    is_number = _NUMBER.fullmatch(name)
    target = _select_first(connection, GUILD_TARGETS.c.id == int(name.removeprefix("#"))) if is_number else None
    target = target or _select_first(connection, GUILD_TARGETS.c.name == name.lower())
    if target is None:
        detail = f" {quote(name)}" if is_number or _NAME.fullmatch(name) else ", and that is no name of one"
        raise UsageError(f"There is no target{detail}; `gapbrief newsroom list` shows the existing ones.")
    return target


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
    name: str | None = None,
) -> TargetRow:  # fmt: skip
    """Store a target, and return it; without a name it gets one from its kind, host and a number.

    Raises UsageError for an invalid or used name, DataError if its secrets would be in the clear among encrypted ones.
    """
    keys = keys_of(connection)
    encrypted = select(GUILD_TARGETS.c.id).where(GUILD_TARGETS.c.key_id.is_not(None)).limit(1)
    if keys.first is None and connection.execute(encrypted).first():
        raise DataError(
            "The secrets in the state are encrypted, and GAPBRIEF_SECRET_KEY is not set here, so nothing was stored;"
            " try again with the settings of the service, which hold that key."
        )
    new_name = _make_name(connection, kind, address) if name is None else read_name(name)
    namesake = connection.execute(select(GUILD_TARGETS.c.id).where(GUILD_TARGETS.c.name == new_name)).first()
    if namesake is not None:
        raise UsageError(f"Target {namesake.id} is called {quote(new_name)} already; give this one another name.")
    values = {"guild_id": guild_id, "kind": kind, "made_at": at, "name": new_name}
    values |= _encrypt(address, secret, keys)
    target_id: int = connection.execute(insert(GUILD_TARGETS).values(values).returning(GUILD_TARGETS.c.id)).scalar_one()
    return TargetRow(target_id, guild_id, kind, address, secret, new_name)


def remove(connection: Connection, target: TargetRow) -> None:
    """Remove a target, and cancel its outbox rows."""
    connection.execute(delete(GUILD_TARGETS).where(GUILD_TARGETS.c.id == target.id))
    unsettled = (OUTBOX.c.target == f"{target.kind}:{target.id}") & OUTBOX.c.status.in_(UNSETTLED)
    connection.execute(update(OUTBOX).where(unsettled).values(status="failed", error="the target was removed"))


def encrypt_all(state: State) -> None:
    """Encrypt with the first key all secrets in the clear or under an older known key.

    Unencrypted remains are swept from the file too, or at the next start if the file is in use.
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
    """Say how many targets can't be used because a key is missing, and what to do; None if all can."""
    with state.reading() as connection:
        has_key = or_(GUILD_TARGETS.c.key_id.is_(None), GUILD_TARGETS.c.key_id.in_(keys_of(connection).ids))
        number = connection.execute(select(func.count()).select_from(GUILD_TARGETS).where(~has_key)).scalar_one()
    if not number:
        return None
    return (
        f"{count(number, 'target')} can't be used: of each, {UNREADABLE}; put that key back, after a comma if there is"
        " a newer one."
    )
