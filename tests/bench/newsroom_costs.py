"""What a due brief, a look at schedules and a row cost: `pytest -m bench -s -n 0 tests/bench/newsroom_costs.py`.

Two minutes, in processor time, on SQLite and on PostgreSQL.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.newsroom import scheduling
from bot.newsroom.newsroom_worker import DueTrigger
from bot.newsroom.writing import build_writer
from bot.settings import Settings
from bot.state import schedules
from bot.state.database import State, open_state
from tests import postgres as server
from tests.conftest import ROOT

BRIEFS, SCHEDULES = 300, 5000
MOST_MS, MOST_LOOK_MS, MOST_KB = 50, 0.5, 50


@pytest.fixture(params=["sqlite", "postgres"])
def address(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'state.db'}"
    else:
        with server.database(request.getfixturevalue("postgres")) as url:
            yield server.address(url)


def size(state: State) -> int:
    """Return the bytes of a state."""
    of_file = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
    of_database = "SELECT pg_database_size(current_database())"
    with state.reading() as connection:
        query = of_file if connection.dialect.name == "sqlite" else of_database
        return int(connection.exec_driver_sql(query).scalar_one())


def cost(work: Callable[[], object]) -> float:
    """Return the processor time (ms) of some work."""
    before = time.process_time()
    work()
    return 1000 * (time.process_time() - before)


def schedule(state: State, number: int, rule: str, now: datetime, checked: datetime) -> None:
    with state.begin() as connection:
        for index in range(number):
            new = schedules.NewSchedule(rule, "Europe/Berlin", 1000 + index, only_news=False)
            schedules.set_checked(connection, schedules.add(connection, new, now, guild_id=10 + index), checked)


@pytest.mark.bench
def test_a_due_brief_and_a_look_at_a_schedule_cost_little(address: str, evidence_file: Path) -> None:
    now = datetime.now(UTC)
    with closing(open_state(address)) as state:
        writer = build_writer(Settings(evidence_file, ROOT / "data", address), state)
        schedule(state, BRIEFS, "* * * * *", now, now - timedelta(minutes=1))
        scheduling.run_due(state, now - timedelta(minutes=1), writer)  # reads the data
        before = size(state)
        brief = cost(lambda: scheduling.run_due(state, now, writer)) / BRIEFS
        room = (size(state) - before) / BRIEFS / 1024
        schedule(state, SCHEDULES, "0 9 * * 1", now, now)
        number, trigger = BRIEFS + SCHEDULES, DueTrigger(timedelta(seconds=30))
        look = cost(lambda: scheduling.run_due(state, now, writer)) / number
        pairs = [(active.rule, active.timezone) for active in schedules.list_active(state)]
        look += cost(lambda: trigger.follow(pairs, now)) / number
    print(f"\n{address.partition(':')[0]}: {brief:.1f} ms and {room:.0f} KB a brief, {look:.3f} ms a schedule and look")
    assert brief < MOST_MS
    assert look < MOST_LOOK_MS
    assert room < MOST_KB
