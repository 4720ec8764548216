"""Values that the service keeps for itself by name, and leases between processes."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, or_, select, update

from bot.state.database import State, upsert_into
from bot.state.state_tables import LEASES, NOTES


def read_note(state: State, name: str) -> str | None:
    """Return the value of a note, or None."""
    with state.reading() as connection:
        return read(connection, name)


def keep_note(state: State, name: str, value: str) -> None:
    """Set a note."""
    with state.begin() as connection:
        keep(connection, name, value)


def drop_note(state: State, name: str) -> None:
    """Delete a note."""
    with state.begin() as connection:
        remove(connection, name)


def change_note(state: State, name: str, compute: Callable[[str | None], str]) -> None:
    """Replace a note by what `compute` makes of its old value (or None), without losing concurrent changes."""
    with state.begin() as connection:
        placeholder = upsert_into(connection, NOTES).values(name=name, value="").on_conflict_do_nothing()
        connection.execute(placeholder)  # a missing row can't be locked
        old = read(connection, name) or None
        new = compute(old)
        if new != old:
            keep(connection, name, new)


def read(connection: Connection, name: str) -> str | None:
    """Return the value of a note, or None, and lock it until the transaction ends."""
    return connection.execute(select(NOTES.c.value).where(NOTES.c.name == name).with_for_update()).scalar()


def keep(connection: Connection, name: str, value: str) -> None:
    """Set a note, within a transaction."""
    row = upsert_into(connection, NOTES).values(name=name, value=value)
    connection.execute(row.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def remove(connection: Connection, name: str) -> None:
    """Delete a note, within a transaction."""
    connection.execute(delete(NOTES).where(NOTES.c.name == name))


def hold_lease(state: State, name: str, owner: str, now: datetime, length: timedelta) -> bool:
    """Take or renew a lease; return whether the owner now holds it.

    A lease that ends implausibly late was written before the clock was set back, and is ignored.
    """
    free = or_(LEASES.c.owner == owner, LEASES.c.until < now, LEASES.c.until > now + length * 2)
    values = {"owner": owner, "until": now + length}
    with state.begin() as connection:
        if connection.execute(update(LEASES).where(LEASES.c.name == name, free).values(values)).rowcount:
            return True
        new = upsert_into(connection, LEASES).values(name=name, **values).on_conflict_do_nothing()
        return connection.execute(new.returning(LEASES.c.name)).first() is not None


def release_lease(state: State, name: str, owner: str) -> None:
    """Release a lease, so that nobody has to wait until it expires."""
    with state.begin() as connection:
        connection.execute(delete(LEASES).where(LEASES.c.name == name, LEASES.c.owner == owner))
