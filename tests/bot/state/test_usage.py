"""Counts of what the model was used for: added up, whoever adds at the same time."""

import subprocess
import sys
from dataclasses import replace
from datetime import date

import pytest

from bot.state import usage
from bot.state.database import State
from bot.state.usage import Usage
from tests.bot.kept import spend

DAY = date(2026, 11, 25)
ONE = Usage(DAY, "answer", "fake", "answered", 1, 2, 900, 100, 1.5)
N_PROCESSES, N_TIMES = 2, 40
WRITER = """
import sys
from datetime import date
from bot.state import usage
from bot.state.database import open_state
address, times = sys.argv[1], int(sys.argv[2])
state = open_state(address)
for number in range(times):
    with state.begin() as connection:
        used = usage.Usage(date(2026, 11, 25), "answer", "fake", "answered", 1, 1, 10, 1, 0.5)
        usage.add(connection, used)
        assert usage.reserve(connection, used.day, {"all": 10**9, f"user:{number % 2}": 10**9}, 11) is None
state.close()
"""


def add(state: State, used: Usage, *spenders: str) -> None:
    with state.begin() as connection:
        spend(connection, used, *spenders)


def test_the_same_is_added_up_and_what_differs_is_kept_apart(state: State) -> None:
    others = (
        replace(ONE, outcome="fallback", calls=0, tokens_in=0, tokens_out=0),
        replace(ONE, model="other"),
        replace(ONE, purpose="brief"),
        replace(ONE, day=date(2026, 11, 26)),
    )
    for used in (ONE, *others, ONE):
        add(state, used)
    with state.reading() as connection:
        counts = usage.list_since(connection)
        assert [count.day for count in counts] == [date(2026, 11, 26), *[DAY] * 4]
        assert replace(ONE, texts=2, calls=4, tokens_in=1800, tokens_out=200, seconds=3.0) in counts
        assert usage.list_since(connection, date(2026, 11, 26)) == counts[:1]


def test_every_spender_is_charged_with_both_kinds_of_tokens_and_forgotten_on_the_next_day(state: State) -> None:
    add(state, ONE, "all", "user:1")
    add(state, ONE, "all")
    with state.reading() as connection:
        assert usage.list_spent(connection, DAY) == {"all": 2000, "user:1": 1000}
    add(state, replace(ONE, day=date(2026, 11, 26)), "all")
    with state.reading() as connection:
        assert usage.list_spent(connection, DAY) == {}
        assert usage.list_spent(connection, date(2026, 11, 26)) == {"all": 1000}
        assert [entry.day for entry in usage.list_since(connection)] == [date(2026, 11, 26), DAY]


def test_large_counts_fit(state: State) -> None:
    add(state, replace(ONE, tokens_in=10**13), "all")
    with state.reading() as connection:
        assert usage.list_spent(connection, DAY) == {"all": 10**13 + 100}


@pytest.mark.slow
def test_two_processes_that_add_at_once_lose_nothing(state: State) -> None:
    address = state.engine.url.render_as_string(hide_password=False)
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, address, str(N_TIMES)], stderr=subprocess.PIPE, text=True)
        for _ in range(N_PROCESSES)
    ]
    for writer in writers:
        assert writer.communicate(timeout=60)[1] == ""
    with state.reading() as connection:
        [count] = usage.list_since(connection)
        assert (count.texts, count.tokens_in) == (N_PROCESSES * N_TIMES, N_PROCESSES * N_TIMES * 10)
        tokens = N_PROCESSES * N_TIMES * 11
        assert usage.list_spent(connection, DAY) == {"all": tokens, "user:0": tokens // 2, "user:1": tokens // 2}
