"""What the service notes for its own next start."""

from collections.abc import Callable

from sqlalchemy import Connection, delete, select

from bot.state.database import State, inserted
from bot.state.state_tables import NOTES


def note(state: State, name: str) -> str | None:
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


def change(state: State, name: str, changed: Callable[[str | None], str]) -> None:
    """Put a note's new value in place of its old one (None: there is none); what others do meanwhile is not lost."""
    with state.begin() as connection:
        first = inserted(connection, NOTES).values(name=name, value="").on_conflict_do_nothing()
        connection.execute(first)  # a row that is not there can't be kept from others
        before = read(connection, name) or None
        after = changed(before)
        if after != before:
            keep(connection, name, after)


def read(connection: Connection, name: str) -> str | None:
    """Return what was noted under a name, which nobody else changes before the transaction's end."""
    return connection.execute(select(NOTES.c.value).where(NOTES.c.name == name).with_for_update()).scalar()


def keep(connection: Connection, name: str, value: str) -> None:
    """Note a value under a name, in place of an earlier one, in a transaction."""
    made = inserted(connection, NOTES).values(name=name, value=value)
    connection.execute(made.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def remove(connection: Connection, name: str) -> None:
    """Note nothing more under a name, in a transaction."""
    connection.execute(delete(NOTES).where(NOTES.c.name == name))
