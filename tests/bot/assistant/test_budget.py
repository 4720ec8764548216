"""The day's budgets: charged before a call, settled after it, passed by nobody; and what tokens cost."""

import csv
import subprocess
import sys
from contextlib import closing, suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.assistant.budget import ANSWERED, FALLBACK, SHIPPED_TABLE, Budget, Reservation, find_price_table, token_cost
from bot.assistant.model_calls import Tally
from bot.assistant.models import SpentError
from bot.settings import Settings
from bot.state import usage
from bot.state.conversation_key import ConversationKey
from bot.state.database import State, open_state
from core.errors import TableError
from tests.bot import conftest
from tests.bot.kept import used
from tests.bot.newsroom.newsroom import DAY, NOW, at_once
from tests.conftest import ROOT

state_address = conftest.state_address  # in PostgreSQL too

ME = ConversationKey("channel:7 user:1", user="1", guild="5")
YOU = ConversationKey("channel:7 user:2", user="2", guild="5")
ELSEWHERE = ConversationKey("channel:9 user:1", user="1", guild="6")
TERMINAL = ConversationKey("terminal")
LIMITS = {"llm_tokens": 3000, "llm_guild_tokens": 2000, "llm_user_tokens": 1000}


def budget_of(state: State, **limits: int) -> Budget:
    return Budget(state, Settings(Path("x.db"), Path("data"), **(limits or LIMITS)))


@pytest.fixture
def budget(state: State) -> Budget:
    return budget_of(state)


def refusal(budget: Budget, key: ConversationKey, now: datetime = NOW, tokens: int = 1) -> str | None:
    """Return why a call can't be paid, and give back what it was charged where it can."""
    try:
        budget.reserve(key, now, tokens).settle(0)
    except SpentError as error:
        return str(error)
    return None


def spent(state: State) -> dict[str, int]:
    with state.reading() as connection:
        return usage.list_spent(connection, NOW.date())


# ---- whose budget is spent, and what is said


def test_a_person_who_spent_their_share_is_told_so_wherever_they_ask_and_nobody_else_is(budget: Budget) -> None:
    for tokens in (999, 1):
        assert refusal(budget, ME) is None
        budget.reserve(ME, NOW, tokens)
    assert refusal(budget, ME) == (
        "Your share of the language model is used up for today; it is renewed at 00:00 UTC, in 15 h 0 min."
        " Until then answers come by rules."
    )
    assert refusal(budget, ELSEWHERE) == refusal(budget, ME)
    assert refusal(budget, YOU) is None


def test_a_server_that_spent_its_share_is_told_so_and_no_other_is(budget: Budget) -> None:
    for place in (ME, YOU):
        budget.reserve(place, NOW, 1000)
    reason = str(refusal(budget, ConversationKey("x", user="3", guild="5")))
    assert reason.startswith("This server's share of the language model is used up for today;")
    assert refusal(budget, ConversationKey("x", user="3", guild="6")) is None


def test_when_all_is_spent_everybody_is_told_so(budget: Budget) -> None:
    budget.reserve(TERMINAL, NOW, 3000)
    for place in (ME, YOU, TERMINAL):
        assert str(refusal(budget, place)).startswith("Everybody's share of the language model is used up for ")


def test_a_share_is_renewed_at_midnight_utc_wherever_one_is(budget: Budget) -> None:
    west = timezone(timedelta(hours=-5))
    budget.reserve(ME, datetime(2026, 11, 25, 18, 30, tzinfo=west), 1000)  # 23:30 UTC
    reason = refusal(budget, ME, datetime(2026, 11, 25, 18, 59, 30, tzinfo=west))
    assert "renewed at 00:00 UTC, in 1 min." in str(reason)
    assert refusal(budget, ME, datetime(2026, 11, 25, 19, 0, tzinfo=west)) is None


def test_yesterdays_tokens_are_no_matter(budget: Budget) -> None:
    late = budget.reserve(ME, NOW, 1000)
    assert refusal(budget, ME, NOW + DAY) is None
    budget.reserve(ME, NOW + DAY, 500)
    late.settle(10)  # a call over midnight
    assert refusal(budget, ME, NOW + DAY, 500) is None
    assert refusal(budget, ME, NOW + DAY, 501) is not None


def test_all_that_was_used_is_counted_with_nobodys_name(budget: Budget, state: State) -> None:
    budget.count_usage(used(NOW, "answer", "fake", 490, 10, 1.0, ANSWERED))
    budget.count_usage(used(NOW, "answer", "fake", 690, 10, 1.0, ANSWERED))
    assert Tally("m" * 500).usage("answer", FALLBACK, NOW).model == "m" * 200
    budget.count_usage(used(NOW, "answer", "m" * 200, 0, 0, 12.0, FALLBACK, calls=0))
    with state.reading() as connection:
        assert usage.list_since(connection) == [
            usage.Usage(NOW.date(), "answer", "fake", ANSWERED, 2, 2, 1180, 20, 2.0),
            usage.Usage(NOW.date(), "answer", "m" * 200, FALLBACK, 1, 0, 0, 0, 12.0),
        ]


@pytest.mark.parametrize("tokens", [0, 99], ids=["nothing", "less than one call"])
@pytest.mark.parametrize(
    ("setting", "where"),
    [("llm_tokens", "here"), ("llm_guild_tokens", "in servers here"), ("llm_user_tokens", "for single persons here")],
)
def test_where_the_operator_gives_too_little_no_renewal_is_promised(
    state: State, setting: str, where: str, tokens: int
) -> None:
    reason = f"The language model is not used {where}; answers come by rules."
    assert refusal(budget_of(state, **{setting: tokens}), ME, tokens=100) == reason


# ---- charged before, settled after


def test_a_call_is_charged_before_it_is_made_and_settled_after_it(budget: Budget, state: State) -> None:
    call = budget.reserve(ME, NOW, 800)
    assert spent(state) == {"all": 800, "guild:5": 800, "user:1": 800}
    assert refusal(budget, ME, tokens=201) is not None, "what is under way can't be spent again"
    call.settle(300)
    assert spent(state) == {"all": 300, "guild:5": 300, "user:1": 300}
    budget.reserve(YOU, NOW, 100).settle(150)  # a server that reads more than there was to read
    assert spent(state) == {"all": 450, "guild:5": 450, "user:1": 300, "user:2": 150}


def test_a_call_that_can_not_be_paid_by_one_is_charged_to_nobody(budget: Budget, state: State) -> None:
    budget.reserve(ME, NOW, 1000)
    before = spent(state)
    assert refusal(budget, ME) is not None
    assert spent(state) == before


def test_no_settling_is_a_credit(budget: Budget, state: State) -> None:
    call = budget.reserve(ME, NOW, 800)
    with state.begin() as connection:
        usage.forget_spenders(connection, NOW.date() + DAY)
    budget.reserve(ME, NOW, 100)
    call.settle(0)
    assert spent(state) == {"all": 0, "guild:5": 0, "user:1": 0}


# ---- many at once


def test_the_last_of_a_budget_is_given_once_however_many_ask_at_once(state: State, budget: Budget) -> None:
    """Each with connections of its own, as processes have them."""

    def ask(_: int) -> Reservation | None:
        with closing(open_state(state.engine.url.render_as_string(hide_password=False))) as own, suppress(SpentError):
            return budget_of(own).reserve(ME, NOW, 300)
        return None

    assert len([*filter(None, at_once(ask, range(12)))]) == 3
    assert spent(state)["user:1"] == 900


@pytest.mark.slow
def test_of_a_process_that_was_killed_the_charge_stays(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'state.db'}"
    code = (
        "import os, signal\n"
        "from tests.bot.assistant.test_budget import ME, NOW, budget_of, open_state\n"
        f"budget_of(open_state({address!r})).reserve(ME, NOW, 800)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == -9
    with closing(open_state(address)) as state:
        assert spent(state)["user:1"] == 800
        assert refusal(budget_of(state), ME, tokens=201) is not None
        assert refusal(budget_of(state), ME, NOW + DAY, 1000) is None


HEAD = "model,input,output,read_on,url\n"


def table(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "prices.csv"
    path.write_text(HEAD + "".join(f"{row},2026-11-25,https://example.org\n" for row in rows), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("model", "dollars"),
    [
        ("gpt-4o", 12.5), ("gpt-4o-mini", 0.75), ("gpt-4o-mini-2024-07-18", 0.75), ("gpt-5.1", 11.25),
        ("claude-sonnet-4-5-20250929", 18.0), ("gemini-2.5-flash-lite", 0.5),
        *((other, None) for other in (
            "", "llama3.2", "gpt-5-pro", "gpt-4o-audio-preview", "gpt-5.9", "my-gpt-4o", "GPT-4O",
        )),
    ],
)  # fmt: skip
def test_a_price_is_that_of_the_models_name_without_its_day_and_of_no_other_that_begins_like_it(
    model: str, dollars: float | None
) -> None:
    assert token_cost(model, 1_000_000, 1_000_000) == pytest.approx(dollars)


def test_input_and_output_have_prices_of_their_own() -> None:
    assert token_cost("gpt-4o-mini", 10_000, 0) == pytest.approx(0.0015)
    assert token_cost("gpt-4o-mini", 0, 10_000) == pytest.approx(0.006)
    assert token_cost("gpt-4o-mini", 0, 0) == 0


def test_the_longest_name_wins(tmp_path: Path) -> None:
    own = table(tmp_path, "m,1,1", "m-2026-01-01,5,5")
    assert token_cost("m-2026-01-01", 1_000_000, 0, own) == 5
    assert token_cost("m-2026-02-02", 1_000_000, 0, own) == 1


def test_every_shipped_price_is_dated_and_has_its_page() -> None:
    with SHIPPED_TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 12
    assert [row["model"] for row in rows] == sorted({row["model"] for row in rows})
    for row in rows:
        assert 0 < float(row["input"]) < float(row["output"])
        assert urlsplit(row["url"]).scheme == "https"
        assert row["read_on"].startswith("20")


def test_an_operators_folder_may_have_a_table_of_its_own(tmp_path: Path) -> None:
    assert find_price_table(tmp_path) == SHIPPED_TABLE
    own = table(tmp_path, "my-model,1,2")
    assert find_price_table(tmp_path) == own
    assert token_cost("my-model", 1_000_000, 1_000_000, own) == 3
    assert token_cost("gpt-4o", 1, 1, own) is None


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("m,,1", "input: the price is missing"),
        ("m,1,free", 'output: "free" is not a number'),
        ("m,1,-1", "output: a price is from 0 to 10,000 dollars"),
        ("m,1e9,1", "input: a price is from 0 to 10,000 dollars"),
        ("m,nan,1", 'input: "nan" is not a number'),
    ],
)
def test_a_slip_in_the_table_is_named_with_its_place(tmp_path: Path, row: str, fault: str) -> None:
    with pytest.raises(TableError) as caught:
        token_cost("m", 1, 1, table(tmp_path, "other,1,1", row))
    assert str(caught.value) == f"prices.csv, line 3, column {fault}. The last good data stays in use."
