"""The day's budgets: whose is spent, what is said of it, and when it is renewed."""

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.assistant.budget import ANSWERED, FALLBACK, Budget
from bot.assistant.structured import Tally
from bot.settings import Settings
from bot.state import usage
from bot.state.conversation_key import ConversationKey
from bot.state.database import State
from bot.state.usage import Usage
from tests.bot.kept import used
from tests.bot.publish.newsroom import DAY, NOW

ME = ConversationKey("channel:7 user:1", user="1", guild="5")
YOU = ConversationKey("channel:7 user:2", user="2", guild="5")
ELSEWHERE = ConversationKey("channel:9 user:1", user="1", guild="6")
TERMINAL = ConversationKey("terminal")


@pytest.fixture
def budget(state: State) -> Budget:
    limits = {"llm_tokens": 3000, "llm_guild_tokens": 2000, "llm_user_tokens": 1000}
    return Budget(state, Settings(Path("x.db"), Path("data"), **limits))


def spent(tokens: int, now: datetime = NOW) -> Usage:
    return used(now, "answer", "fake", tokens - 10, 10, 1.0, ANSWERED)


def test_nothing_is_refused_while_something_is_left(budget: Budget) -> None:
    assert budget.refusal(ME, NOW) is None
    budget.spend(ME, spent(999))
    assert budget.refusal(ME, NOW) is None


def test_a_person_who_spent_their_share_is_told_so_wherever_they_ask_and_nobody_else_is(budget: Budget) -> None:
    budget.spend(ME, spent(1000))
    assert budget.refusal(ME, NOW) == (
        "Your share of the language model is used up for today; it is renewed at 00:00 UTC, in 15 h 0 min."
        " Until then answers come by rules."
    )
    assert budget.refusal(ELSEWHERE, NOW) == budget.refusal(ME, NOW)
    assert budget.refusal(YOU, NOW) is None


def test_a_server_that_spent_its_share_is_told_so_and_no_other_is(budget: Budget) -> None:
    for place in (ME, YOU):
        budget.spend(place, spent(1000))
    found = budget.refusal(ConversationKey("x", user="3", guild="5"), NOW)
    assert found is not None
    assert found.startswith("This server's share of the language model is used up for today;")
    assert budget.refusal(ConversationKey("x", user="3", guild="6"), NOW) is None


def test_when_all_is_spent_everybody_is_told_so(budget: Budget) -> None:
    budget.spend(TERMINAL, spent(3000))
    for place in (ME, YOU, TERMINAL):
        assert str(budget.refusal(place, NOW)).startswith("Everybody's share of the language model is used up for ")


def test_a_share_is_renewed_at_midnight_utc_wherever_one_is(budget: Budget) -> None:
    west = timezone(timedelta(hours=-5))
    budget.spend(ME, spent(1000, datetime(2026, 11, 25, 18, 30, tzinfo=west)))  # 23:30 UTC
    found = budget.refusal(ME, datetime(2026, 11, 25, 18, 59, 30, tzinfo=west))
    assert found is not None
    assert "renewed at 00:00 UTC, in 1 min." in found
    assert budget.refusal(ME, datetime(2026, 11, 25, 19, 0, tzinfo=west)) is None


def test_yesterdays_tokens_are_no_matter(budget: Budget) -> None:
    budget.spend(ME, spent(1000))
    assert budget.refusal(ME, NOW + DAY) is None
    budget.spend(ME, spent(500, NOW + DAY))
    assert budget.refusal(ME, NOW + DAY) is None


def test_all_that_was_used_is_counted_with_nobodys_name(budget: Budget, state: State) -> None:
    budget.spend(ME, spent(500))
    budget.spend(YOU, spent(700))
    assert Tally("m" * 500).used("answer", FALLBACK, NOW).model == "m" * 200
    budget.spend(YOU, used(NOW, "answer", "m" * 200, 0, 0, 12.0, FALLBACK, calls=0))
    with state.reading() as connection:
        assert usage.since(connection) == [
            usage.Usage(NOW.date(), "answer", "fake", ANSWERED, 2, 2, 1180, 20, 2.0),
            usage.Usage(NOW.date(), "answer", "m" * 200, FALLBACK, 1, 0, 0, 0, 12.0),
        ]


@pytest.mark.parametrize(
    ("setting", "where"),
    [("llm_tokens", "here"), ("llm_guild_tokens", "in servers here"), ("llm_user_tokens", "for single persons here")],
)
def test_where_the_operator_gives_nothing_no_renewal_is_promised(state: State, setting: str, where: str) -> None:
    budget = Budget(state, Settings(Path("x.db"), Path("data"), **{setting: 0}))
    assert budget.refusal(ME, NOW) == f"The language model is not used {where}; answers come by rules."
