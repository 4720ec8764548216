"""What was said before in a conversation: a few turns, for a day, in the state; what is past its time is deleted."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.assistant.conversation_key import ConversationKey
from bot.state import conversations, usage
from bot.state.conversations import KeptTurn
from bot.state.database import State

MOST_TURNS = 8
LONGEST = timedelta(hours=24)
LONGEST_TEXT = 4000
"""Letters that are kept of one text."""


@dataclass(frozen=True)
class Turn:
    """What was asked and what was said to it; `question` is what was understood, as plain JSON values."""

    asked: str
    said: str
    question: dict[str, Any] | None


class Memory:
    """The conversations, in the state; every method may raise DataError where that can't be used."""

    def __init__(self, state: State) -> None:
        self._state = state

    def recall(self, key: ConversationKey, now: datetime) -> tuple[Turn, ...]:
        """Return what was said before, the oldest turn first."""
        with self._state.begin() as connection:
            return tuple(_turn(kept) for kept in reversed(_within_bounds(connection, key, now)))

    def remember(self, key: ConversationKey, turn: Turn, now: datetime) -> None:
        """Keep a turn, and delete those that are now too many or too long ago."""
        question = None if turn.question is None else json.dumps(turn.question, ensure_ascii=False, default=str)
        with self._state.begin() as connection:
            conversations.add(
                connection, key.conversation, at=now, user=key.user, guild=key.guild,
                asked=_clean(turn.asked), said=_clean(turn.said), question=question,
            )  # fmt: skip
            _within_bounds(connection, key, now)

    def forget(self, key: ConversationKey) -> int:
        """Delete a conversation, whoever spoke, and what its person asked elsewhere; return how many turns."""
        with self._state.begin() as connection:
            turns = conversations.delete_conversation(connection, key.conversation)
            return turns + (conversations.delete_of_user(connection, key.user) if key.user else 0)

    def forget_old(self, now: datetime) -> int:
        """Delete what is past its time though nobody asks: turns of yesterday, and who spent what on earlier days.

        Returns how many turns; whoever runs for long calls it now and then.
        """
        with self._state.begin() as connection:
            usage.forget_spenders(connection, now.date())
            return conversations.delete_older(connection, now - LONGEST)


def _within_bounds(connection: Connection, key: ConversationKey, now: datetime) -> list[KeptTurn]:
    """Return the turns of a conversation that may be kept, the newest first, and delete the others."""
    conversations.delete_older(connection, now - LONGEST)
    found = conversations.turns(connection, key.conversation)
    conversations.delete_turns(connection, [turn.id for turn in found[MOST_TURNS:]])
    return found[:MOST_TURNS]


def _clean(text: str) -> str:
    """Return the beginning of a text, without NUL, which no PostgreSQL can hold."""
    return text.replace("\0", "")[:LONGEST_TEXT]


def _turn(kept: KeptTurn) -> Turn:
    return Turn(kept.asked, kept.said, None if kept.question is None else json.loads(kept.question))
