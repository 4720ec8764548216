"""`gapbrief usage`: what the language model was used for, what it cost, and what is left today."""

import asyncio
import json
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.assistant.assistant import count_misread
from bot.assistant.budget import ANSWERED, FAILED, FALLBACK
from bot.commands.usage import is_local
from bot.state.database import open_state
from bot.state.usage import Usage
from tests.bot import kept
from tests.bot.conftest import Run
from tests.bot.kept import used

HOUSE_BUDGETS = (
    "Left today (UTC): 2,000,000 of 2,000,000 tokens.\n"
    "Each server has 400,000 a day; none used them up today.\n"
    "Each person has 100,000 a day; none used them up today.\n"
)


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'state.db'}"


@pytest.fixture
def usage(run: Run) -> Run:
    return partial(run, "usage")


def spend(address: str, *spent: tuple[str, Usage], days_ago: int = 0) -> None:
    with closing(open_state(address)) as state, state.begin() as connection:
        for user, use in spent:
            day = use.day - timedelta(days=days_ago)
            kept.spend(connection, replace(use, day=day), "all", "guild:5", f"user:{user}")


def answered(model: str, tokens: int = 100_000, purpose: str = "answer") -> Usage:
    return used(datetime.now(UTC), purpose, model, tokens, tokens // 10, 2.5, ANSWERED, calls=3)


def test_where_nothing_was_used_it_says_so_and_makes_no_state(usage: Run, tmp_path: Path) -> None:
    result = usage()
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "The language model was not used in the last 7 days.\nNo model is set now; name one in GAPBRIEF_LLM_MODEL.\n"
        + HOUSE_BUDGETS
    )
    assert not (tmp_path / "state.db").exists()


def test_a_model_without_a_server_is_said(usage: Run) -> None:
    shown = usage(GAPBRIEF_LLM_MODEL="gpt-5", OPENAI_API_KEY=None, GAPBRIEF_LLM_BASE_URL=None).stdout
    assert "\ngpt-5 has no server; set OPENAI_API_KEY, or GAPBRIEF_LLM_BASE_URL for another.\n" in shown


def test_an_operator_sees_which_answers_were_not_asked(usage: Run, address: str) -> None:
    with closing(open_state(address)) as state:
        for name in ("what_if", "gap", "gap", "forged"):
            asyncio.run(count_misread(state, name, datetime.now(UTC)))
    assert usage().stdout.endswith("“Not what I asked” was said of answers to: gap (2) and what if (1).\n")
    assert json.loads(usage("--json").stdout)["misread"] == {"gap": 2, "what_if": 1}


def test_each_day_model_and_purpose_has_its_row(usage: Run, address: str) -> None:
    spend(address, ("1", answered("gpt-4o-mini-2024-07-18")), days_ago=1)
    spend(
        address,
        ("1", answered("gpt-4o-mini-2024-07-18")),
        ("1", used(datetime.now(UTC), "answer", "gpt-4o-mini-2024-07-18", 10, 0, 12.0, FAILED)),
        ("1", used(datetime.now(UTC), "answer", "gpt-4o-mini-2024-07-18", 0, 0, 0.0, FALLBACK, calls=0)),
        ("2", answered("mine", 1000, "brief")),
    )
    title, head, *rows = usage().stdout.split("\n\n")[0].splitlines()
    assert title.startswith("The language model from ")
    assert head.split() == "Day Model For Texts By rules Calls Tokens in Tokens out Dollars".split()
    assert [row.split()[1:] for row in rows] == [
        ["gpt-4o-mini-2024-07-18", "answer", "3", "2", "4", "100010", "10000", "0.0210"],
        ["mine", "brief", "1", "0", "3", "1000", "100", "–"],
        ["gpt-4o-mini-2024-07-18", "answer", "1", "0", "3", "100000", "10000", "0.0210"],
    ]


def test_it_sums_up_and_says_what_is_left(usage: Run, address: str) -> None:
    spend(address, ("1", answered("gpt-4o")), ("2", answered("mine", 1000)))
    summary = usage("--days", "1", GAPBRIEF_LLM_MODEL="mine", OPENAI_API_KEY="k").stdout.split("\n\n")[1]
    assert summary == (
        "In all: 2 texts, 6 calls, 111,100 tokens, $0.3500 at list prices; prices.csv has no price for mine.\n"
        "Left today (UTC): 1,888,900 of 2,000,000 tokens.\n"
        "Each server has 400,000 a day; none used them up today.\n"
        "Each person has 100,000 a day; 1 used them up today.\n"
    )


def test_a_model_on_this_machine_costs_nothing(usage: Run, address: str) -> None:
    spend(address, ("1", answered("llama3.2:3b")))
    assert ", $" not in usage().stdout
    local = {"GAPBRIEF_LLM_MODEL": "llama3.2:3b", "GAPBRIEF_LLM_BASE_URL": "http://127.0.0.1:11434/v1"}
    assert "tokens, $0.0000 at list prices.\n" in usage(**local).stdout


@pytest.mark.parametrize(
    ("address", "is_here"),
    [
        ("http://127.0.0.1:11434/v1", True),
        ("http://localhost:8000/v1", True),
        ("http://[::1]:8000/v1", True),
        ("https://openrouter.ai/api/v1", False),
        ("http://localhost.example.org/v1", False),
        ("http://192.168.1.7/v1", False),
        (None, False),
    ],
)
def test_what_is_local_is_told_by_the_address(address: str | None, is_here: bool) -> None:
    assert is_local(address) == is_here


def test_only_the_days_that_were_asked_for_count(usage: Run, address: str) -> None:
    spend(address, ("1", answered("gpt-4o")), days_ago=7)
    assert usage().stdout.startswith("The language model was not used in the last 7 days.\n")
    assert usage("--days", "1").stdout.startswith("The language model was not used today.\n")
    assert "In all: 1 text, 3 calls" in usage("--days", "8").stdout


def test_json_has_every_figure_and_nobodys_id(usage: Run, address: str) -> None:
    spend(address, ("123456789", answered("gpt-4o")))
    shown = usage("--json").stdout
    assert "123456789" not in shown
    report = json.loads(shown)
    assert report["usage"] == [
        {"day": report["last"], "model": "gpt-4o", "purpose": "answer", "texts": 1, "fallbacks": 0, "failed": 0,
         "calls": 3, "tokens_in": 100_000, "tokens_out": 10_000, "seconds": 2.5, "dollars": pytest.approx(0.35)},
    ]  # fmt: skip
    today = {"spent": 110_000, "left": 1_890_000, "servers_out": 0, "persons_out": 1}
    assert report["today"].items() >= today.items()


@pytest.mark.parametrize("days", ["0", "-3", "many", "367", "1.5"])
def test_what_is_no_number_of_days_is_refused(usage: Run, days: str) -> None:
    result = usage(f"--days={days}")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f'--days "{days}" can\'t be; give 1 to 366.\n'


def test_a_state_that_cant_be_read_is_one_sentence(usage: Run, tmp_path: Path) -> None:
    (tmp_path / "state.db").write_bytes(b"rubbish" * 1000)
    result = usage()
    assert (result.exit_code, result.stdout) == (1, "")
    assert "is damaged" in result.stderr
