"""Several processes at one store, and processes that are killed: real ones, at any instant.

KILLS says how many are killed at an instant that chance chooses, per seed: 15 unless given.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from core.store.store import open_store
from core.store.table_files import read_table, write_table
from core.store.tables import BY_NAME, hash_tables
from tests.core.store.world import LEFT, finish, revision_of, start, write_world

KILLS = int(os.environ.get("KILLS", "15"))
AT_ONCE = """
path, data, when = sys.argv[1:]
filled = []
fill = making.fill_file
making.fill_file = lambda *each: (filled.append(1), fill(*each))
time.sleep(max(0, float(when) - time.time()))
with open_store(Path(path), Path(data)) as store:
    rows = len(store.rows("SELECT * FROM score_list"))
print(rows, len(filled), os.stat(path).st_ino)
"""


def copied(shipped: Path, folder: Path, mark: str) -> Path:
    """Write the shipped tables with a mark in every model, so that each row says which version it is of."""
    shutil.copytree(shipped, folder)
    models = BY_NAME["models"]
    place = [column.name for column in models.columns].index("date_source")
    rows = read_table(models, folder)
    write_table(models, folder, [(*row[:place], mark, *row[place + 1 :]) for row in rows])
    return folder


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory, shipped_data: Path) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("versions")
    return copied(shipped_data, folder / "a", "a"), copied(shipped_data, folder / "b", "b")


@pytest.mark.parametrize("before", ["nothing", "an empty file", "an older version"])
@pytest.mark.slow
def test_eight_that_start_at_once_all_work_and_one_makes_the_file(
    path: Path, versions: tuple[Path, Path], before: str
) -> None:
    path.parent.mkdir()
    if before == "an empty file":
        path.touch()
    elif before == "an older version":
        open_store(path, versions[1]).close()
    when = time.time() + 1
    started = [start(AT_ONCE, path, versions[0], when) for _ in range(8)]
    outputs = [finish(process).split() for process in started]
    with open_store(path, versions[0]) as store:
        rows = len(store.rows("SELECT * FROM score_list"))
    assert [int(output[0]) for output in outputs] == [rows] * 8
    assert sum(int(output[1]) for output in outputs) == 1
    assert {int(output[2]) for output in outputs} == {path.stat().st_ino}
    assert set(os.listdir(path.parent)) == LEFT


# Killed


MAKE = """
path, data = map(Path, sys.argv[1:])
open_store(path.with_name("warm.db"), data.parent / "small").close()
print("ready", flush=True)
open_store(path, data).close()
print("done", flush=True)
"""


def rounds_of_killing(home: Path, versions: tuple[Path, Path], rounds: int, seed: int) -> None:
    """Kill a process that makes or renews the file, at any instant; check what is left, and start again."""
    rng = random.Random(seed)  # noqa: S311 (a simulation, not a secret)
    write_world(versions[0].parent / "small")
    path = home / "evidence.db"
    home.mkdir(exist_ok=True)
    revisions = {hash_tables(version) for version in versions}
    longest = 0.3
    for number in range(rounds):
        data = versions[number % 2]
        if rng.random() < 0.3:
            for file in home.iterdir():
                file.unlink()
        was = revision_of(path) if path.exists() else None
        process = start(MAKE, path, data)
        assert process.stdout.readline() == "ready\n"
        began = time.monotonic()
        time.sleep((number + rng.random()) % 5 / 5 * longest)  # each fifth of the work in turn
        process.kill()
        out, err = process.communicate()
        assert err == ""
        if out == "done\n":
            longest = min(longest, 1.2 * (time.monotonic() - began))
        if path.exists():
            assert revision_of(path) in ({was} if was else revisions) | {hash_tables(data)}
        wanted = rng.choice(versions)
        with open_store(path, wanted) as store:
            assert store.revision == hash_tables(wanted)
            marks = store.rows("SELECT DISTINCT date_source FROM models")
            assert marks == [(wanted.name,)]
        left = set(os.listdir(home)) - {"warm.db", "warm.db.lock", "warm.db-wal", "warm.db-shm"}
        assert left <= LEFT | {"evidence.db.new", "evidence.db.new-journal"}
    for data in versions:  # whatever the last one left, the next that makes a file clears it
        open_store(path, data).close()
    assert set(os.listdir(home)) - {"warm.db", "warm.db.lock"} == LEFT


@pytest.mark.slow
def test_one_who_is_killed_at_any_instant_leaves_a_whole_file_or_none(
    tmp_path: Path, versions: tuple[Path, Path]
) -> None:
    rounds_of_killing(tmp_path / "home", versions, 4, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 5))
def test_many_who_are_killed_at_any_instant(tmp_path: Path, versions: tuple[Path, Path], seed: int) -> None:
    rounds_of_killing(tmp_path / "home", versions, KILLS, seed)


DIE = """
path, data, where = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

class Dying(sqlite3.Connection):
    def backup(self, target, **named):
        if where != "backup":
            return super().backup(target, **named)
        super().backup(target, pages=50, progress=lambda _, remaining, total: remaining < total / 2 and die())
    def execute(self, statement, *parameters):
        if where == "tables" and statement.startswith("PRAGMA journal_mode = WAL"):
            die()
        return super().execute(statement, *parameters)
    def executemany(self, statement, rows):
        if where == "rows" and "INTO scores" in statement:
            rows = (row if number < 2000 else die() for number, row in enumerate(rows))
        return super().executemany(statement, rows)

connect = sqlite3.connect
sqlite3.connect = lambda *each, **named: connect(*each, **{"factory": Dying, **named})
if where == "before publishing":
    making._replace_file = die
if where == "after publishing":
    publish = making._replace_file
    making._replace_file = lambda *each, **named: (publish(*each, **named), die())
open_store(path, data)
"""


@pytest.mark.parametrize("where", ["rows", "tables", "before publishing", "backup", "after publishing"])
@pytest.mark.parametrize("renewed", [False, True])
@pytest.mark.slow
def test_one_who_is_killed_at_a_chosen_instant(
    path: Path, versions: tuple[Path, Path], where: str, *, renewed: bool
) -> None:
    old, new = versions
    if renewed:
        open_store(path, old).close()
    process = start(DIE, path, new, where)
    _, err = process.communicate(timeout=60)
    if where == "backup" and not renewed:
        assert process.returncode == 0, err  # a first file is renamed into place, not copied
        process = None
    else:
        assert process.returncode == -signal.SIGKILL, err
    if where == "after publishing" or process is None:
        assert revision_of(path) == hash_tables(new)
    elif renewed:
        assert revision_of(path) == hash_tables(old)
    else:
        assert not path.exists()
    for data in (new, old):
        with open_store(path, data) as store:
            assert store.revision == hash_tables(data)
    assert set(os.listdir(path.parent)) == LEFT


# Readers


READ = """
path, data, ended = map(Path, sys.argv[1:])
seen, reads = set(), 0
with open_store(path, data) as store:
    print("ready", flush=True)
    while not ended.exists():
        with store.snapshot() as revision:
            first = store.rows("SELECT DISTINCT date_source FROM models")
            rows = store.rows("SELECT count(*), sum(score) FROM scores JOIN models USING (model_id)")
            last = store.rows("SELECT date_source FROM models ORDER BY model_id DESC LIMIT 1")
            again = store.rows("SELECT value FROM meta WHERE key = 'revision'")
        assert len(first) == 1 and first == last and again == [(revision,)], (first, last)
        store.keep_result(str(reads), {"mark": first[0][0]})
        seen.add((revision, first[0][0], rows[0]))
        reads += 1
print(json.dumps([reads, sorted(seen)]))
"""


@pytest.mark.slow
def test_readers_go_on_undisturbed_while_the_file_is_renewed(
    tmp_path: Path, path: Path, versions: tuple[Path, Path]
) -> None:
    open_store(path, versions[0]).close()
    ended = tmp_path / "ended"
    readers = [start(READ, path, versions[0], ended) for _ in range(3)]
    for reader in readers:
        assert reader.stdout.readline() == "ready\n"
    for renewals in range(1, 6):
        with open_store(path, versions[renewals % 2]) as store:
            assert store.rows("SELECT DISTINCT date_source FROM models") == [(versions[renewals % 2].name,)]
    ended.touch()
    expected = {(hash_tables(version), version.name) for version in versions}
    for reader in readers:
        reads, states = json.loads(finish(reader))
        assert reads > renewals
        assert {(state[0], state[1]) for state in states} == expected
        assert len({tuple(state[2]) for state in states}) == 1
    open_store(path, versions[0]).close()  # of readers that end at one instant, SQLite takes none for the last
    assert set(os.listdir(path.parent)) == LEFT


@pytest.mark.slow
def test_a_renewal_does_not_wait_for_one_who_reads_on(path: Path, versions: tuple[Path, Path]) -> None:
    open_store(path, versions[0]).close()
    with open_store(path, versions[0]) as reader, reader.snapshot():
        open_store(path, versions[1]).close()  # if it waited, it would do so until it gives up, and raise
        assert reader.rows("SELECT DISTINCT date_source FROM models") == [("a",)]
    assert revision_of(path) == hash_tables(versions[1])


@pytest.mark.slow
def test_one_whose_file_was_removed_reads_on_and_harms_no_new_one(path: Path, versions: tuple[Path, Path]) -> None:
    open_store(path, versions[0]).close()
    with open_store(path, versions[0]) as orphan:
        orphan.keep_result("gap", {})
        path.unlink()
        with open_store(path, versions[1]) as store:
            assert orphan.rows("SELECT DISTINCT date_source FROM models") == [("a",)]
            store.keep_result("gap", {"of": "b"})
            orphan.close()
            assert store.kept_result("gap") == {"of": "b"}
    with open_store(path, versions[1]) as store:
        assert store.kept_result("gap") == {"of": "b"}
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
