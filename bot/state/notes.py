"""What the service notes for its own next start."""

from sqlalchemy import delete, insert, select

from bot.state.state import State
from bot.state.tables import NOTES


def note(state: State, name: str) -> str | None:
    """Return what was noted under a name."""
    with state.reading() as connection:
        return connection.execute(select(NOTES.c.value).where(NOTES.c.name == name)).scalar()


def keep_note(state: State, name: str, value: str) -> None:
    """Note a value under a name, in place of an earlier one."""
    with state.begin() as connection:
        connection.execute(delete(NOTES).where(NOTES.c.name == name))
        connection.execute(insert(NOTES).values(name=name, value=value))
