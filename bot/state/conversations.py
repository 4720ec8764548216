"""The last few questions of each conversation, as parsed, for at most a day; nothing that anybody typed or read."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from bot.state import usage, watches
from bot.state.conversation_key import ConversationKey
from bot.state.database import State
from bot.state.state_tables import TURNS

MOST_TURNS = 8
LONGEST = timedelta(hours=24)
Turn = Mapping[str, Any]
"""A parsed question, as plain JSON values."""


class Memory:
    """Conversations stored in the state; every method raises DataError if the state can't be used."""

    def __init__(self, state: State) -> None:
        self._state = state

    def recall(self, key: ConversationKey, now: datetime) -> tuple[Turn, ...]:
        """Return a conversation's turns, oldest first."""
        with self._state.begin() as connection:
            return _within_bounds(connection, key, now)

    def remember(self, key: ConversationKey, turn: Turn, now: datetime) -> None:
        """Store a turn, and delete the oldest beyond the limits."""
        question = json.dumps(turn, ensure_ascii=False, default=str)
        values = {
            "conversation": key.conversation, "at": now, "user_id": key.user, "guild_id": key.guild,
            "question": question,
        }  # fmt: skip
        with self._state.begin() as connection:
            connection.execute(insert(TURNS).values(values))
            _within_bounds(connection, key, now)

    def forget(self, key: ConversationKey) -> int:
        """Delete a conversation and everything its user asked elsewhere; return the number of turns."""
        which = TURNS.c.conversation == key.conversation
        if key.user:
            which |= TURNS.c.user_id == key.user
        with self._state.begin() as connection:
            return _delete(connection, which)

    def forget_old(self, now: datetime) -> int:
        """Delete expired turns, earlier days' spending and delivered watch messages; return the number of turns.

        Long-running processes call this now and then.
        """
        with self._state.begin() as connection:
            usage.forget_spenders(connection, now.date())
            watches.forget_old(connection, now)
            return _delete(connection, TURNS.c.at < now - LONGEST)


def delete_of_guild(connection: Connection, guild_id: int) -> None:
    """Delete a server's turns."""
    _delete(connection, TURNS.c.guild_id == str(guild_id))


def _within_bounds(connection: Connection, key: ConversationKey, now: datetime) -> tuple[Turn, ...]:
    """Delete turns beyond the limits, and return a conversation's remaining ones, oldest first."""
    _delete(connection, TURNS.c.at < now - LONGEST)
    query = select(TURNS).where(TURNS.c.conversation == key.conversation).order_by(TURNS.c.id.desc())
    turns = connection.execute(query).all()
    _delete(connection, TURNS.c.id.in_([row.id for row in turns[MOST_TURNS:]]))
    return tuple(json.loads(row.question) for row in reversed(turns[:MOST_TURNS]))


def _delete(connection: Connection, which: ColumnElement[bool]) -> int:
    return connection.execute(delete(TURNS).where(which)).rowcount
