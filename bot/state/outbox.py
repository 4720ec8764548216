"""The outbox: actions on briefs at targets, each to be done once.

A row goes from pending to sending before anything is sent, and to sent or failed once the outcome is known. A row in
sending without an active owner was interrupted, and may have been sent. If that can't be found out, it becomes unsure
until a person has looked.
"""

import hashlib
from base64 import b32encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, func, insert, or_, select, update

from bot.state.database import State
from bot.state.state_tables import BRIEFS, GUILD_TARGETS, OUTBOX, SCHEDULES

UNSETTLED = ("pending", "sending")
MISSED = ("failed", "unsure")
IN_DISCORD = frozenset({"discord", "user"})
"""The kinds of targets with Discord ids: channels and users."""
LEASE = timedelta(seconds=60)
"""How long a claimed row belongs to its owner; requests time out earlier."""
_LONGEST_WAIT = timedelta(days=2)
"""No row waits longer than this; one that seems to was written before the clock was set back."""


@dataclass(frozen=True)
class Item:
    """A row of the outbox. `may_be_sent`: an earlier owner may have sent it; `role_id` may be mentioned.

    `name` is the target's name, None for Discord and for removed targets. `text` is a message for moderators, or the id
    of the draft that was created.
    """

    id: int
    brief_id: int
    version: int
    target: str
    action: str
    schedule_id: int | None
    text: str | None
    status: str
    nonce: str
    message_id: int | None
    attempts: int
    made_at: datetime
    next_at: datetime
    tried_at: datetime | None
    lease_until: datetime | None
    owner: str | None
    error: str | None
    sent_at: datetime | None
    role_id: int | None = None
    may_be_sent: bool = False
    name: str | None = None

    @property
    def kind(self) -> str:
        """The target's kind: discord, user, or one of `bot/newsroom/targets`."""
        return self.target.partition(":")[0]

    @property
    def is_waiting(self) -> bool:
        """Whether the outcome is still open."""
        return self.status in UNSETTLED

    @property
    def is_missed(self) -> bool:
        """Whether it failed or may have, and is not retried automatically."""
        return self.status in MISSED

    @property
    def outcome(self) -> str:
        """What went wrong at the last attempt, and when it is tried again by itself."""
        if not (self.is_waiting and self.tried_at):
            return self.error or ""
        return f"{self.error} (failing since {self.tried_at:%H:%M}, next try {self.next_at:%H:%M} UTC)"

    @property
    def address(self) -> int:
        """The target's id."""
        return int(self.target.partition(":")[2])


# ---- within a transaction


def enqueue(
    connection: Connection,
    brief_id: int,
    version: int,
    action: str,
    targets: Iterable[str],
    at: datetime,
    *,
    schedule_id: int | None = None,
    text: str | None = None,
) -> None:
    """Queue an action for each target that does not have it yet."""
    query = select(OUTBOX.c.target).where(
        OUTBOX.c.brief_id == brief_id, OUTBOX.c.version == version, OUTBOX.c.action == action
    )
    present = set(connection.execute(query).scalars())
    new = [target for target in dict.fromkeys(targets) if target not in present]
    if not new:
        return
    brief = connection.execute(select(BRIEFS.c.slug, BRIEFS.c.made_at).where(BRIEFS.c.id == brief_id)).one()
    connection.execute(
        insert(OUTBOX),
        [
            {
                "brief_id": brief_id, "version": version, "action": action, "target": target, "text": text,
                "schedule_id": schedule_id, "status": "pending", "attempts": 0, "made_at": at, "next_at": at,
                "nonce": _nonce(brief.slug, brief.made_at.isoformat(), str(version), target, action),
            }
            for target in new
        ],
    )  # fmt: skip


def enqueue_message(
    connection: Connection, brief_id: int, target: str, text: str, at: datetime, *, schedule_id: int | None = None
) -> None:
    """Queue a message about a brief for moderators; a running number as its version keeps messages apart."""
    same_brief = (OUTBOX.c.brief_id == brief_id) & (OUTBOX.c.action == "tell")
    last = connection.execute(select(func.max(OUTBOX.c.version)).where(same_brief)).scalar()
    enqueue(connection, brief_id, (last or 0) + 1, "tell", [target], at, schedule_id=schedule_id, text=text)


def cancel_pending(connection: Connection, brief_id: int, reason: str) -> None:
    """Cancel a brief's pending rows."""
    pending = (OUTBOX.c.brief_id == brief_id) & (OUTBOX.c.status == "pending")
    connection.execute(update(OUTBOX).where(pending).values(status="failed", error=reason))


def list_reached(connection: Connection, brief_id: int) -> list[str]:
    """Return the targets that have a brief or may have it, such as a webhook that answered with an error."""
    may_have = OUTBOX.c.target.startswith("webhook:") & (OUTBOX.c.attempts > 0)
    query = (
        select(OUTBOX.c.target)
        .where(OUTBOX.c.brief_id == brief_id, OUTBOX.c.action == "post", or_(OUTBOX.c.status != "failed", may_have))
        .order_by(OUTBOX.c.id)
    )
    return list(connection.execute(query).scalars())


def retry_item(connection: Connection, item_id: int, now: datetime) -> bool:
    """Retry a missed row, which a person saw was not sent; return whether it was missed."""
    missed = (OUTBOX.c.id == item_id) & OUTBOX.c.status.in_(MISSED)
    values = {"status": "pending", "error": None, "attempts": 0, "next_at": now, "tried_at": None}
    return bool(connection.execute(update(OUTBOX).where(missed).values(values)).rowcount)


def distrust_pending(connection: Connection) -> None:
    """Treat all pending rows as interrupted: after a restore, they may have been sent since the backup."""
    pending = OUTBOX.c.status == "pending"
    connection.execute(
        update(OUTBOX).where(pending).values(status="sending", tried_at=OUTBOX.c.made_at, owner=None, lease_until=None)
    )


# ---- for the worker


def claim(state: State, owner: str, now: datetime, limit: int, closed: Iterable[str] = ()) -> list[Item]:
    """Claim due rows, and return them as they were; nobody else gets them while the lease lasts.

    People's rows come before schedules' rows, and messages to watchers last. A brief's rows at one target are claimed
    one at a time. Rows for the kinds of targets in `closed` stay untouched.
    """
    not_closed = [~OUTBOX.c.target.startswith(f"{kind}:", autoescape=True) for kind in closed]
    query = (
        select(OUTBOX, SCHEDULES.c.role_id)
        .join(SCHEDULES, SCHEDULES.c.id == OUTBOX.c.schedule_id, isouter=True)
        .where(
            _is_free(now),
            or_(OUTBOX.c.next_at <= now, OUTBOX.c.next_at > now + _LONGEST_WAIT),
            ~_has_predecessor(),
            *not_closed,
        )
        .order_by(OUTBOX.c.action == "watch", OUTBOX.c.schedule_id.is_not(None), OUTBOX.c.next_at, OUTBOX.c.id)
        .limit(limit)
        .with_for_update(of=OUTBOX, skip_locked=True)
    )
    rows = []
    with state.begin() as connection:
        for row in connection.execute(query).all():
            values = {
                "status": "sending", "owner": owner, "lease_until": now + LEASE, "attempts": row.attempts + 1,
                "tried_at": row.tried_at or now,
            }  # fmt: skip
            mine = (OUTBOX.c.id == row.id) & (OUTBOX.c.attempts == row.attempts) & _is_free(now)
            if connection.execute(update(OUTBOX).where(mine).values(values)).rowcount:
                rows.append({**row._mapping, "may_be_sent": row.status == "sending", "attempts": row.attempts + 1})
        return _with_names(connection, rows)


def mark_sent(
    state: State, item: Item, owner: str, now: datetime, *, message_id: int | None = None, draft_id: str | None = None,
    crosspost: bool = False,
) -> None:  # fmt: skip
    """Mark a row as sent; for a `crosspost`, queue its publication to the channel's followers too."""
    values = {"status": "sent", "sent_at": now, "error": None, "owner": None, "lease_until": None}
    if message_id is not None:
        values["message_id"] = message_id
    if draft_id is not None:
        values["text"] = draft_id
    with state.begin() as connection:
        if _update_mine(connection, item, owner, values) and crosspost:
            enqueue(
                connection, item.brief_id, item.version, "crosspost", [item.target], now, schedule_id=item.schedule_id
            )


def postpone(
    state: State, item: Item, owner: str, until: datetime, reason: str, *, may_be_sent: bool, counts: bool = True
) -> None:
    """Put a row off; `may_be_sent` marks it as possibly sent, `counts` says whether this was an attempt."""
    values = {
        "status": "sending" if may_be_sent else "pending", "next_at": until, "error": reason, "owner": None,
        "lease_until": None, "attempts": item.attempts if counts else item.attempts - 1,
    }  # fmt: skip
    with state.begin() as connection:
        _update_mine(connection, item, owner, values)


def mark_failed(connection: Connection, item: Item, owner: str, reason: str, *, unsure: bool = False) -> bool:
    """Mark a row as failed, or as `unsure`; return whether it still belonged to the owner."""
    values = {"status": "unsure" if unsure else "failed", "error": reason, "owner": None, "lease_until": None}
    return _update_mine(connection, item, owner, values)


def find_post(state: State, brief_id: int, target: str) -> tuple[int | None, str | None]:
    """Return the ids of a brief's message and draft at a target, each None if there is none."""
    query = select(OUTBOX.c.message_id, OUTBOX.c.text).where(
        OUTBOX.c.brief_id == brief_id, OUTBOX.c.target == target, OUTBOX.c.action == "post", OUTBOX.c.status == "sent"
    )
    with state.reading() as connection:
        row = connection.execute(query).first()
    return (row.message_id, row.text) if row else (None, None)


def recent_crossposts(state: State, item: Item, since: datetime) -> tuple[list[datetime], int]:
    """Return when a row's channel published messages since a moment, and how many earlier rows are being sent."""
    crossposts = (OUTBOX.c.target == item.target) & (OUTBOX.c.action == "crosspost")
    sent = select(OUTBOX.c.sent_at).where(crossposts, OUTBOX.c.sent_at > since).order_by(OUTBOX.c.sent_at)
    under_way = select(OUTBOX.c.id).where(crossposts, OUTBOX.c.status == "sending", OUTBOX.c.id < item.id)
    with state.reading() as connection:
        return list(connection.execute(sent).scalars()), len(connection.execute(under_way).all())


def list_items(state: State, brief_id: int) -> list[Item]:
    """Return all rows of a brief, oldest first."""
    with state.reading() as connection:
        return select_items(connection, brief_id)


def select_items(connection: Connection, brief_id: int) -> list[Item]:
    """Return all rows of a brief, oldest first, within a transaction."""
    query = select(OUTBOX).where(OUTBOX.c.brief_id == brief_id).order_by(OUTBOX.c.id)
    return _with_names(connection, [dict(row._mapping) for row in connection.execute(query)])


def list_failing(state: State, since: datetime) -> list[Item]:
    """Return the latest attempted post of each target where it failed; for Discord, only those made since a moment."""
    newest = (
        select(func.max(OUTBOX.c.id))
        .join(BRIEFS, BRIEFS.c.id == OUTBOX.c.brief_id)
        .where(OUTBOX.c.action == "post", OUTBOX.c.tried_at.is_not(None), BRIEFS.c.status != "withdrawn")
        .group_by(OUTBOX.c.target)
    )
    failed = OUTBOX.c.id.in_(newest) & (OUTBOX.c.status != "sent") & OUTBOX.c.error.is_not(None)
    with state.reading() as connection:
        rows = [dict(row._mapping) for row in connection.execute(select(OUTBOX).where(failed).order_by(OUTBOX.c.id))]
        items = _with_names(connection, rows)
    return [item for item in items if item.name or (item.kind in IN_DISCORD and item.made_at >= since)]


def _is_free(now: datetime) -> ColumnElement[bool]:
    lease_until = OUTBOX.c.lease_until
    has_no_owner = or_(lease_until.is_(None), lease_until < now, lease_until > now + _LONGEST_WAIT)
    return OUTBOX.c.status.in_(UNSETTLED) & has_no_owner


def _has_predecessor() -> ColumnElement[bool]:
    """Return the condition that an earlier row of the same brief and target is open; crossposts don't count."""
    earlier = OUTBOX.alias()
    return exists().where(
        earlier.c.brief_id == OUTBOX.c.brief_id, earlier.c.target == OUTBOX.c.target, earlier.c.id < OUTBOX.c.id,
        earlier.c.status.in_(UNSETTLED), earlier.c.action != "crosspost",
    )  # fmt: skip


def _update_mine(connection: Connection, item: Item, owner: str, values: Mapping[str, Any]) -> bool:
    mine = (OUTBOX.c.id == item.id) & (OUTBOX.c.owner == owner) & (OUTBOX.c.status == "sending")
    return bool(connection.execute(update(OUTBOX).where(mine).values(values)).rowcount)


def _nonce(*parts: str) -> str:
    """Return 24 letters that identify a row, the same at every attempt."""
    return b32encode(hashlib.sha256("|".join(parts).encode()).digest())[:24].decode().lower()


def _with_names(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> list[Item]:
    """Build items from rows, with the names of their targets."""
    items = [Item(**row) for row in rows]
    target_ids = {item.address for item in items if item.kind not in IN_DISCORD}
    if not target_ids:
        return items
    query = select(GUILD_TARGETS.c.kind, GUILD_TARGETS.c.id, GUILD_TARGETS.c.name).where(
        GUILD_TARGETS.c.id.in_(target_ids)
    )
    names = {f"{kind}:{target_id}": name for kind, target_id, name in connection.execute(query)}
    return [replace(item, name=names.get(item.target)) for item in items]
