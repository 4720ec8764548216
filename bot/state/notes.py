"""What the service notes for its own next start."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, or_, select, update

from bot.state.database import State, upsert_into
from bot.state.state_tables import LEASES, NOTES


def read_note(state: State, name: str) -> str | None:
    """Return what was noted under a name."""
    with state.reading() as connection:
        return read(connection, name)


def keep_note(state: State, name: str, value: str) -> None:
    """Note a value under a name, in place of an earlier one."""
    with state.begin() as connection:
        keep(connection, name, value)


def drop_note(state: State, name: str) -> None:
    """Note nothing more under a name."""
    with state.begin() as connection:
        remove(connection, name)


def change_note(state: State, name: str, compute: Callable[[str | None], str]) -> None:
    """Put a note's new value in place of its old one (None: there is none); what others do meanwhile is not lost."""
    with state.begin() as connection:
        placeholder = upsert_into(connection, NOTES).values(name=name, value="").on_conflict_do_nothing()
        connection.execute(placeholder)  # a row that is not there can't be kept from others
        old = read(connection, name) or None
        new = compute(old)
        if new != old:
            keep(connection, name, new)


def read(connection: Connection, name: str) -> str | None:
    """Return what was noted under a name, which nobody else changes before the transaction's end."""
    return connection.execute(select(NOTES.c.value).where(NOTES.c.name == name).with_for_update()).scalar()


def keep(connection: Connection, name: str, value: str) -> None:
    """Note a value under a name, in place of an earlier one, in a transaction."""
    row = upsert_into(connection, NOTES).values(name=name, value=value)
    connection.execute(row.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def remove(connection: Connection, name: str) -> None:
    """Note nothing more under a name, in a transaction."""
    connection.execute(delete(NOTES).where(NOTES.c.name == name))


def hold_lease(state: State, name: str, owner: str, now: datetime, length: timedelta) -> bool:
    """Take or renew a lease for some time; return whether the owner has it.

    A lease that reaches further ahead than its length comes from a clock that was put back, and counts for nothing.
    """
    free = or_(LEASES.c.owner == owner, LEASES.c.until < now, LEASES.c.until > now + length * 2)
    values = {"owner": owner, "until": now + length}
    with state.begin() as connection:
        if connection.execute(update(LEASES).where(LEASES.c.name == name, free).values(values)).rowcount:
            return True
        new = upsert_into(connection, LEASES).values(name=name, **values).on_conflict_do_nothing()
        return connection.execute(new.returning(LEASES.c.name)).first() is not None


def release_lease(state: State, name: str, owner: str) -> None:
    """Give a lease back, so that nobody has to wait for its end."""
    with state.begin() as connection:
        connection.execute(delete(LEASES).where(LEASES.c.name == name, LEASES.c.owner == owner))


def release_leases(connection: Connection) -> None:
    """Take all leases back, as in a state that is put in place of another."""
    connection.execute(delete(LEASES))
