"""Conversations: turns by conversation, and every way in which they end."""

from bot.state import conversations
from bot.state.database import State
from tests.bot.publish.newsroom import DAY, MINUTE, NOW


def say(state: State, conversation: str, asked: str, *, user: str = "1", minute: int = 0) -> None:
    at = NOW + minute * MINUTE
    with state.begin() as connection:
        conversations.add(
            connection, conversation, at=at, user=user, guild=None, asked=asked, said="So.", question=None
        )


def asked(state: State, conversation: str) -> list[str]:
    with state.reading() as connection:
        return [turn.asked for turn in conversations.turns(connection, conversation)]


def test_the_newest_turn_comes_first_and_each_conversation_has_its_own(state: State) -> None:
    for number, conversation in enumerate(("a", "b", "a")):
        say(state, conversation, f"{conversation}{number}")
    assert asked(state, "a") == ["a2", "a0"]
    assert asked(state, "b") == ["b1"]
    assert asked(state, "c") == []


def test_what_is_older_is_deleted_in_all_conversations(state: State) -> None:
    say(state, "a", "early")
    say(state, "b", "early")
    say(state, "b", "late", minute=60)
    with state.begin() as connection:
        assert conversations.delete_older(connection, NOW + MINUTE) == 2
    assert (asked(state, "a"), asked(state, "b")) == ([], ["late"])


def test_a_person_takes_their_turns_along_and_leaves_those_of_others(state: State) -> None:
    say(state, "thread", "mine", user="1")
    say(state, "thread", "yours", user="2")
    say(state, "elsewhere", "mine too", user="1")
    with state.begin() as connection:
        assert conversations.delete_of_user(connection, "1") == 2
    assert (asked(state, "thread"), asked(state, "elsewhere")) == (["yours"], [])


def test_all_are_deleted_at_once(state: State) -> None:
    say(state, "a", "asked")
    with state.begin() as connection:
        conversations.delete_all(connection)
        assert conversations.delete_older(connection, NOW + DAY) == 0
