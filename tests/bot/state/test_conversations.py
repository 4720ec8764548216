"""What is remembered of a conversation, for how long, and that it is really gone afterwards."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from bot.state import usage
from bot.state.conversation_key import ConversationKey
from bot.state.conversations import LONGEST, MOST_TURNS, Memory, Turn
from bot.state.database import State
from bot.state.state_tables import TURNS
from tests.bot.kept import spend
from tests.bot.newsroom.newsroom import DAY, HOUR, MINUTE, NOW

HERE = ConversationKey("channel:7 user:1", user="1", guild="5")
THERE = ConversationKey("channel:8 user:1", user="1", guild="5")
OTHERS = ConversationKey("channel:7 user:2", user="2", guild="5")
GAP = {"question": "gap", "fields": {"access": "private"}}


@pytest.fixture
def memory(state: State) -> Memory:
    return Memory(state)


def n_kept(state: State) -> int:
    with state.reading() as connection:
        return connection.execute(select(func.count()).select_from(TURNS)).scalar_one()


def numbered(number: int) -> Turn:
    return {"question": "gap", "fields": {"lab": str(number)}}


def test_turns_come_back_the_oldest_first_with_days_as_text_and_nobody_hears_of_anothers(memory: Memory) -> None:
    then = {"question": "trust", "fields": {"benchmark": "Ça va"}}
    memory.remember(HERE, GAP, NOW)
    memory.remember(HERE, {**then, "as_of": date(2026, 5, 22)}, NOW + MINUTE)
    assert memory.recall(HERE, NOW + MINUTE) == (GAP, {**then, "as_of": "2026-05-22"})
    assert memory.recall(OTHERS, NOW) == memory.recall(THERE, NOW) == ()


def test_of_many_turns_the_newest_are_kept_and_the_others_deleted(memory: Memory, state: State) -> None:
    for number in range(MOST_TURNS + 3):
        memory.remember(HERE, numbered(number), NOW + number * MINUTE)
    assert memory.recall(HERE, NOW + HOUR) == tuple(numbered(number) for number in range(3, MOST_TURNS + 3))
    assert n_kept(state) == MOST_TURNS


def test_after_a_day_all_is_deleted_whoever_speaks(memory: Memory, state: State) -> None:
    memory.remember(HERE, GAP, NOW)
    memory.remember(OTHERS, GAP, NOW + HOUR)
    assert memory.recall(HERE, NOW + LONGEST) == (GAP,)
    assert memory.recall(THERE, NOW + LONGEST + MINUTE) == ()
    assert n_kept(state) == 1
    assert memory.recall(HERE, NOW + LONGEST) == ()


def test_a_days_turns_are_deleted_though_nobody_speaks(memory: Memory, state: State) -> None:
    memory.remember(HERE, GAP, NOW)
    with state.begin() as connection:
        spend(connection, usage.Usage(NOW.date(), "answer", "fake", "answered", 1, 1, 1, 1, 1.0), "user:1")
    assert memory.forget_old(NOW + HOUR) == 0
    assert memory.forget_old(NOW + DAY + MINUTE) == 1
    with state.reading() as connection:
        assert usage.list_spent(connection, NOW.date()) == {}
    assert n_kept(state) == 0


def test_a_conversation_is_forgotten_with_what_its_person_asked_elsewhere(memory: Memory, state: State) -> None:
    for key in (HERE, HERE, THERE, OTHERS):
        memory.remember(key, GAP, NOW)
    assert memory.forget(HERE) == 3
    assert memory.forget(HERE) == 0
    assert memory.recall(HERE, NOW) == memory.recall(THERE, NOW) == ()
    assert memory.recall(OTHERS, NOW) == (GAP,)
    assert n_kept(state) == 1


def test_a_clock_that_was_put_back_loses_nothing(memory: Memory) -> None:
    memory.remember(HERE, numbered(1), NOW + timedelta(hours=3))
    memory.remember(HERE, numbered(2), NOW)
    assert memory.recall(HERE, NOW) == (numbered(1), numbered(2))
