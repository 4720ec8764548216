"""Opening the evidence file: when it is rebuilt, when it is not, and the answers cached in it."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import DataError
from core.store import making, store
from core.store.store import Store, open_store
from core.store.tables import fingerprint, hash_tables
from tests.core.store.test_trouble import lock
from tests.core.store.world import LEFT, NEWER, alter, revision_of, run, write_world


def note_of(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("SELECT value FROM meta WHERE key = 'fingerprint'").fetchone()[0])


def test_an_unchanged_file_is_opened_without_reading_the_tables(
    file: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = file.stat()
    monkeypatch.setattr(store, "hash_tables", lambda _: pytest.fail("the tables were read"))
    monkeypatch.setattr(making, "make_file", lambda *_: pytest.fail("the file was made again"))
    with open_store(file, data) as opened:
        assert opened.revision == hash_tables(data)
        assert opened.can_write
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_touched_tables_are_noted_and_the_file_is_not_made_again(
    file: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(file, data) as opened:
        opened.keep_result("key", {"months": 8.8})
    os.utime(data / "scores.csv", (1, 1))
    monkeypatch.setattr(making, "fill_file", lambda *_: pytest.fail("the file was made again"))
    with open_store(file, data) as opened:
        assert opened.kept_result("key") == {"months": 8.8}
    assert note_of(file) == fingerprint(data)
    test_an_unchanged_file_is_opened_without_reading_the_tables(file, data, monkeypatch)


def test_a_reinstalled_folder_of_the_same_tables_is_as_good(file: Path, data: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(data, tmp_path / "copy"))
    inode = file.stat().st_ino
    with open_store(file, copy) as opened:
        assert opened.revision == hash_tables(data)
    assert file.stat().st_ino == inode


@pytest.mark.parametrize("older", [False, True])
def test_changed_tables_renew_the_file_whatever_their_time(file: Path, data: Path, *, older: bool) -> None:
    write_world(data, **NEWER)
    if older:
        os.utime(data / "scores.csv", (1, 1))
    with open_store(file, data) as opened:
        assert opened.rows("SELECT max(score) FROM scores") == [(51.5,)]
        assert opened.revision == hash_tables(data)
    assert revision_of(file) == hash_tables(data)
    assert note_of(file) == fingerprint(data)
    assert set(os.listdir(file.parent)) == LEFT


def test_tables_that_change_just_after_they_were_looked_at_are_noticed_next_time(
    file: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.utime(data / "scores.csv", (1, 1))

    def changed_after(folder: Path) -> str:
        revision = hash_tables(folder)
        write_world(folder, **NEWER)
        return revision

    monkeypatch.setattr(store, "hash_tables", changed_after)
    open_store(file, data).close()
    monkeypatch.undo()
    with open_store(file, data) as opened:
        assert opened.rows("SELECT max(score) FROM scores") == [(51.5,)]


def test_tables_touched_while_another_writes_are_read_all_the_same(file: Path, data: Path) -> None:
    os.utime(data / "scores.csv", (1, 1))
    with lock(file, "BEGIN EXCLUSIVE"), open_store(file, data) as opened:
        assert len(opened.rows("SELECT * FROM scores")) == 3


def test_a_refused_file_is_closed_again(file: Path, data: Path) -> None:
    shutil.rmtree(data)
    alter(file, "UPDATE meta SET value = '0' WHERE key = 'schema'")
    with pytest.raises(DataError, match="are gone; restore them"):
        open_store(file, data)
    file.unlink()  # an open file would warn when it is collected, and warnings are errors


def test_a_snapshot_sees_one_state_and_the_next_one_the_new(file: Path, data: Path) -> None:
    before = hash_tables(data)
    with open_store(file, data) as reader:
        with reader.snapshot() as snapshot:
            assert snapshot == before
            write_world(data, **NEWER)
            with open_store(file, data) as writer:
                assert writer.rows("SELECT max(score) FROM scores") == [(51.5,)]
            assert reader.rows("SELECT max(score) FROM scores") == [(41.5,)]
            assert reader.revision == before
        with reader.snapshot() as snapshot:
            assert snapshot == reader.revision == hash_tables(data)
            assert reader.rows("SELECT max(score) FROM scores") == [(51.5,)]


def test_a_snapshot_ends_even_when_its_reader_fails(file: Path, data: Path) -> None:
    with open_store(file, data) as opened:
        with pytest.raises(DataError, match="damaged"), opened.snapshot():
            opened.rows("SELECT unheard_of FROM scores")
        assert not opened.connection.in_transaction
        opened.keep_result("key", {})
        assert opened.kept_result("key") == {}


def test_threads_of_one_process_that_start_at_once_all_work(path: Path, data: Path) -> None:
    def count(_: int) -> int:
        with open_store(path, data) as opened:
            return len(opened.rows("SELECT * FROM scores"))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(count, range(8))) == [3] * 8
    open_store(path, data).close()  # SQLite takes no connection for the last of several that end at once
    assert set(os.listdir(path.parent)) == LEFT


# Answers that are kept


def test_an_answer_is_kept_until_the_tables_change(file: Path, data: Path) -> None:
    with open_store(file, data) as opened:
        assert opened.kept_result("gap") is None
        opened.keep_result("gap", {"months": 8.8})
    with open_store(file, data) as opened:
        assert opened.kept_result("gap") == {"months": 8.8}
        opened.keep_result("gap", {"newer": True})
        assert opened.kept_result("gap") == {"newer": True}
        assert opened.rows("SELECT count(*) FROM results") == [(1,)]
    write_world(data, **NEWER)
    with open_store(file, data) as opened:
        assert opened.kept_result("gap") is None
        assert opened.rows("SELECT count(*) FROM results") == [(0,)]


def test_an_answer_from_before_a_renewal_is_not_kept_in_the_new_file(file: Path, data: Path) -> None:
    with open_store(file, data) as old:
        write_world(data, **NEWER)
        open_store(file, data).close()
        old.keep_result("gap", {"of": "the old scores"})
        assert old.rows("SELECT count(*) FROM results") == [(0,)]


@pytest.fixture
def opened(file: Path, data: Path) -> Iterator[Store]:
    """The small world's store, open."""
    with open_store(file, data) as opened:
        yield opened


def test_only_the_newest_answers_are_kept(opened: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_KEPT_RESULTS", 10)
    for number in range(25):
        opened.keep_result(str(number), {"number": number})
        opened.keep_result("again", {"number": number})
    assert opened.rows("SELECT count(*) FROM results")[0][0] <= 10
    assert opened.kept_result("again") == opened.kept_result("24") == {"number": 24}
    assert opened.kept_result("1") is None


@pytest.mark.parametrize("spoilt", ["replace(answer, '8.8', '9.8')", "''", "'{'", "'null'", "'[1]'"])
def test_an_answer_of_which_a_bit_changed_is_as_good_as_none(opened: Store, spoilt: str) -> None:
    opened.keep_result("gap", {"months": 8.8})
    with opened.connection:
        assert opened.connection.execute(f"UPDATE results SET answer = {spoilt}").rowcount == 1  # noqa: S608
    assert opened.kept_result("gap") is None
    opened.keep_result("gap", {"months": 8.8})
    assert opened.kept_result("gap") == {"months": 8.8}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=st.text(st.characters(codec="utf-8"), max_size=20), answer=st.dictionaries(st.text(), JSON, max_size=4))
def test_any_answer_comes_back_as_it_was(opened: Store, key: str, answer: dict) -> None:
    opened.keep_result(key, answer)
    assert opened.kept_result(key) == answer


def test_a_locked_file_keeps_nothing_quietly(file: Path, data: Path) -> None:
    with open_store(file, data) as opened, lock(file, "BEGIN IMMEDIATE"):
        opened.keep_result("gap", {"months": 8.8})
        assert opened.kept_result("gap") is None
        assert not opened.connection.in_transaction
    with open_store(file, data) as opened:
        opened.keep_result("gap", {"months": 8.8})
        assert opened.kept_result("gap") == {"months": 8.8}


def test_a_file_with_no_place_for_answers_keeps_nothing_quietly(opened: Store) -> None:
    with opened.connection:
        opened.connection.execute("DROP TABLE results")
    opened.keep_result("gap", {"months": 8.8})
    assert len(opened.rows("SELECT * FROM scores")) == 3


# What a start costs


@pytest.mark.slow
def test_making_a_file_loads_no_pandas_but_hinders_nobody_who_wants_it(path: Path, data: Path) -> None:
    pytest.importorskip("pandas")
    code = """
with open_store(Path(sys.argv[1]), Path(sys.argv[2])) as store:
    print([name for name in ("pandas.core", "sqlite_utils") if name in sys.modules], "pandas" in sys.modules)
import pandas
print(pandas.DataFrame({"a": [1]}).shape)
"""
    assert run(code, path, data) == "['sqlite_utils'] False\n(1, 1)\n"
