"""A process that is killed while it refreshes or undoes: the data are the old ones or the new ones, whole.

KILLS says how many, six unless given; SEED when.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.refresh import refreshing
from bot.state.database import open_state
from core.questions import GapQuestion, ask
from core.store.making import changed_tables
from core.store.store import open_store
from core.store.table_files import read_tables
from core.store.tables import TABLES, hash_tables, table_folder
from tests.bot.refresh import process
from tests.bot.refresh.conftest import Row, as_csv, weirdml
from tests.bot.refresh.life import Life, as_known, lenient, life
from tests.forked import fork

KILLS, SEED = int(os.environ.get("KILLS", "6")), int(os.environ.get("SEED", "1"))
BEGAN = date(2026, 5, 1)
SOURCES = ("epoch-hub-2026-04-19", "epoch-index-2026-04-19")
Tables = dict[str, bytes]


@dataclass
class Doomed:
    """A bot whose processes are killed; `past` are its tables before the last change."""

    bot: Life
    shipped: Path
    rows: list[Row]
    chance: random.Random
    day: date = BEGAN
    past: Tables = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)

    def refresh(self) -> None:
        """Let the next day come, on which one score is another, and ask for it."""
        before = self.tables()
        self.day += timedelta(1)
        assert [outcome.state for outcome in self.bot.refresh(self.day, self.board()).outcomes] == ["new"]
        self.past = before

    def board(self) -> dict[str, bytes]:
        score = f"{0.4 + (self.day - BEGAN).days / 1000:.3f}"
        return {"weirdml": as_csv([{**self.rows[0], "avg_acc": score}, *self.rows[1:]])}

    def kill(self, what: str) -> None:
        """Kill a process in the first half of its work or, in turn, in the second, and see what it left."""
        before = self.tables()
        if what == "refresh":
            self.day += timedelta(1)
            self.bot.serve(self.day, self.board())
        turn = sum(n for outcome, n in self.outcomes.items() if outcome.startswith(what))
        is_whole = self.run(what, (turn % 2 + self.chance.random()) / 2 * self.seconds[what])
        left = self.tables()
        self.seconds[what] *= 0.6 if is_whole else 1.2 if left == before else 1.0  # as busy as the machine is
        self.outcomes[f"{what}, {'too late' if is_whole else 'before' if left == before else 'after'}"] += 1
        if what == "refresh":
            self.bot.refresh(self.day, {})
            self.past = before
            assert left in (before, self.tables())
        else:
            assert left in (before, self.past)
            self.refresh()
        self.tables()

    def run(self, what: str, seconds: float | None = None) -> bool:
        """Run a process, to its end or so long; returns whether it came to its end."""
        [asked] = [self.bot.served.plays(publisher) for publisher in self.bot.publishers]
        folder, address = self.bot.settings.db.parent, asked.files[0].address
        doomed_process, said = fork(process.run, what, folder, self.shipped, address, self.day)
        assert said.recv() == "begins"
        began, is_whole = time.monotonic(), False
        if seconds is not None:
            time.sleep(seconds)
            doomed_process.kill()  # SIGKILL
        with suppress(EOFError):
            is_whole = said.recv() == "ends"
        doomed_process.join()
        self.seconds.setdefault(what, time.monotonic() - began)
        return is_whole

    def tables(self) -> Tables:
        """Return the tables in use; the evidence file is whole, and holds them row for row."""
        data = self.bot.settings.data
        with open_store(self.bot.settings.db, data) as store:
            assert ask(GapQuestion(), store, self.day).facts
            assert store.revision == hash_tables(data)
            assert store.rows("PRAGMA integrity_check") == [("ok",)]
            assert changed_tables(store.connection, read_tables(data)) == []
        return {table.name: table.path(table_folder(data)).read_bytes() for table in TABLES}


@pytest.fixture
def doomed(tmp_path: Path) -> Iterator[Doomed]:
    """Such a bot, after its first two days, with both works done once undisturbed."""
    rows = [row for row in weirdml() if row["release_date"] <= str(BEGAN)]
    shipped = tmp_path / "shipped"
    as_known(BEGAN, shipped, SOURCES)
    with (
        closing(open_state(f"sqlite:///{tmp_path / 'state.db'}")) as state,
        life(tmp_path, state, [lenient(refreshing.known_publishers()["weirdml"], 20)], shipped) as bot,
    ):  # fmt: skip
        doomed_bot = Doomed(bot, shipped, rows, random.Random(SEED))  # noqa: S311
        doomed_bot.refresh()
        doomed_bot.day += timedelta(1)
        bot.serve(doomed_bot.day, doomed_bot.board())
        assert doomed_bot.run("refresh")
        assert doomed_bot.run("undo")
        doomed_bot.refresh()
        yield doomed_bot


@pytest.mark.slow
def test_a_process_that_is_killed_leaves_the_old_data_or_the_new(doomed: Doomed) -> None:
    for number in range(KILLS):
        doomed.kill("undo" if number % 3 == 2 else "refresh")
    print(f"\n{KILLS} kills: {dict(doomed.outcomes)}")
    assert sum(doomed.outcomes.values()) == KILLS
