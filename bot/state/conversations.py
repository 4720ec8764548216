"""What was said in conversations, turn by turn, for as long as a follow-up may need it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from bot.state.state_tables import TURNS


@dataclass(frozen=True)
class KeptTurn:
    """A turn as it is kept; `question` is JSON, None where none was understood."""

    id: int
    asked: str
    said: str
    question: str | None


def add(
    connection: Connection,
    conversation: str,
    *,
    at: datetime,
    user: str | None,
    guild: str | None,
    asked: str,
    said: str,
    question: str | None,
) -> None:
    """Keep a turn of a conversation."""
    connection.execute(
        insert(TURNS).values(
            conversation=conversation, at=at, user_id=user, guild_id=guild, asked=asked, said=said, question=question
        )
    )


def turns(connection: Connection, conversation: str) -> list[KeptTurn]:
    """Return the turns of a conversation, the newest first."""
    columns = (TURNS.c.id, TURNS.c.asked, TURNS.c.said, TURNS.c.question)
    found = select(*columns).where(TURNS.c.conversation == conversation).order_by(TURNS.c.id.desc())
    return [KeptTurn(*row) for row in connection.execute(found)]


def delete_older(connection: Connection, before: datetime) -> int:
    """Delete what was said before a moment, in every conversation; return how many turns."""
    return connection.execute(delete(TURNS).where(TURNS.c.at < before)).rowcount


def delete_turns(connection: Connection, ids: list[int]) -> None:
    """Delete turns."""
    if ids:
        connection.execute(delete(TURNS).where(TURNS.c.id.in_(ids)))


def delete_conversation(connection: Connection, conversation: str) -> int:
    """Delete a conversation; return how many turns it had."""
    return connection.execute(delete(TURNS).where(TURNS.c.conversation == conversation)).rowcount


def delete_of_user(connection: Connection, user: str) -> int:
    """Delete what a person asked, wherever it was, with what was said to it; return how many turns."""
    return connection.execute(delete(TURNS).where(TURNS.c.user_id == user)).rowcount


def delete_of_guild(connection: Connection, guild: str) -> int:
    """Delete what was said in a server; return how many turns."""
    return connection.execute(delete(TURNS).where(TURNS.c.guild_id == guild)).rowcount


def delete_all(connection: Connection) -> None:
    """Delete every conversation."""
    connection.execute(delete(TURNS))
