"""Leases: one process at a time does what only one may do, until it ends or is silent for too long."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, or_, update

from bot.state.database import State, inserted
from bot.state.state_tables import LEASES


def hold(state: State, name: str, owner: str, now: datetime, length: timedelta) -> bool:
    """Take or renew a lease for some time; return whether the owner has it.

    A lease that reaches further ahead than its length comes from a clock that was put back, and counts for nothing.
    """
    free = or_(LEASES.c.owner == owner, LEASES.c.until < now, LEASES.c.until > now + length * 2)
    values = {"owner": owner, "until": now + length}
    with state.begin() as connection:
        if connection.execute(update(LEASES).where(LEASES.c.name == name, free).values(values)).rowcount:
            return True
        new = inserted(connection, LEASES).values(name=name, **values).on_conflict_do_nothing()
        return connection.execute(new.returning(LEASES.c.name)).first() is not None


def release(state: State, name: str, owner: str) -> None:
    """Give a lease back, so that nobody has to wait for its end."""
    with state.begin() as connection:
        connection.execute(delete(LEASES).where(LEASES.c.name == name, LEASES.c.owner == owner))


def release_all(connection: Connection) -> None:
    """Take all leases back, as in a state that is put in place of another."""
    connection.execute(delete(LEASES))
