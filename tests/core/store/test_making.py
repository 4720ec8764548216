"""Making the evidence file: what is in it, and what happens when it can't be made."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from core.errors import DataError, TableError
from core.store import making
from core.store.file import APPLICATION_ID, SCHEMA
from core.store.migrations import evidence
from core.store.store import open_store
from core.store.table_files import read_tables
from core.store.tables import hash_tables
from tests.core.store.world import BAD, LEFT, NEWER, alter, refusal, revision_of, with_change, write_world

NOISE = bytes(range(1, 256)) * 20


# What is in it


def test_the_shipped_tables_are_all_in_it(shipped: Path, shipped_data: Path) -> None:
    assert revision_of(shipped) == hash_tables(shipped_data)
    with closing(sqlite3.connect(shipped)) as connection:
        for name, rows in read_tables(shipped_data).items():
            stored = connection.execute(f"SELECT * FROM {name} ORDER BY rowid").fetchall()  # noqa: S608 (own names)
            assert stored == rows


def test_the_file_is_read_as_other_files_of_the_user_are(file: Path) -> None:
    (file.parent / "plain").touch()
    assert stat.S_IMODE(file.stat().st_mode) == stat.S_IMODE((file.parent / "plain").stat().st_mode)


def test_the_schema_number_is_that_of_the_newest_migration(shipped: Path) -> None:
    import sqlite_utils

    with closing(sqlite3.connect(":memory:")) as connection:
        names = [step.name for step in evidence.pending(sqlite_utils.Database(connection))]
    assert names == [f"m{int(SCHEMA):03}_evidence"]
    with closing(sqlite3.connect(shipped)) as connection:
        noted = connection.execute("SELECT name FROM _sqlite_migrations ORDER BY id").fetchall()
    assert noted == [(name,) for name in names]


def test_it_is_in_wal_with_foreign_keys_on_and_marked_as_ours(file: Path, data: Path) -> None:
    with open_store(file, data) as store:
        assert store.rows("PRAGMA journal_mode") == [("wal",)]
        assert store.rows("PRAGMA foreign_keys") == [(1,)]
        assert store.rows("PRAGMA application_id") == [(APPLICATION_ID,)]
        with pytest.raises(DataError, match="FOREIGN KEY"):
            store.rows("INSERT INTO thresholds VALUES ('none', '1', 5)")


def test_views_say_it_in_words(file: Path, data: Path) -> None:
    with open_store(file, data) as store:
        assert store.rows("SELECT benchmark, model, effort, openness, score, source FROM score_list") == [
            ("Exam", "First", "high", "closed", 41.5, "Board Inc."),
            ("Exam", "Second", "", "open", 40.0, "Board Inc."),
            ("Quiz", "Third", "", "unknown", -3.5, "Board Inc."),
        ]
        assert store.rows("SELECT model, lab, evidence, scores FROM model_list") == [
            ("Second", None, "audited", 1),
            ("First", "ACME", "registry", 1),
            ("Third", None, "none", 1),
        ]
        assert store.rows("SELECT * FROM excluded_list") == [("third", "Third", "open or closed is not known")]
        assert store.rows("SELECT model, kept, other, why FROM conflict_list") == [
            ("Second", "open", "closed", "the index goes first")
        ]


def test_every_score_is_in_the_list(shipped: Path) -> None:
    """An inner join that loses rows would hide them from readers."""
    with closing(sqlite3.connect(shipped)) as connection:
        for view, table in (("score_list", "scores"), ("model_list", "models"), ("conflict_list", "conflicts")):
            query = f"SELECT (SELECT count(*) FROM {view}), (SELECT count(*) FROM {table})"  # noqa: S608 (own names)
            [(listed, stored)] = connection.execute(query)
            assert listed == stored


def test_making_is_the_same_every_time(tmp_path: Path, shipped: Path, shipped_data: Path) -> None:
    open_store(tmp_path / "again.db", shipped_data).close()
    with closing(sqlite3.connect(tmp_path / "again.db")) as one, closing(sqlite3.connect(shipped)) as other:
        again, first = ([line for line in file.iterdump() if "_migrations" not in line] for file in (one, other))
    assert again == first


# Tables that can't be used


def test_bad_tables_leave_nothing_when_there_was_nothing(path: Path, tmp_path: Path) -> None:
    bad = write_world(tmp_path / "bad", **with_change("scores", "41.5", "n/a"))
    assert refusal(path, bad) == (
        'scores.csv, line 2, column score: "n/a" is not a number. The last good data stays in use.'
    )
    assert set(os.listdir(path.parent)) <= {"evidence.db.lock"}


@pytest.mark.parametrize(
    ("table", "old", "new"), [("scores", "41.5", "n/a"), ("models", "second,Second", "2nd,Second")]
)
def test_with_bad_tables_the_last_good_data_stay_in_use_with_a_warning(
    file: Path, tmp_path: Path, table: str, old: str, new: str
) -> None:
    bad = write_world(tmp_path / "bad", **with_change(table, old, new))
    before = revision_of(file)
    with open_store(file, bad) as store:
        assert store.warning.endswith("The last good data stays in use.")
        assert len(store.rows("SELECT * FROM score_list")) == 3
    assert revision_of(file) == before
    assert set(os.listdir(file.parent)) == LEFT
    with open_store(file, tmp_path / "data") as store:
        assert store.warning == ""


def test_bad_tables_are_read_once_and_mended_ones_are_used_at_once(
    file: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_world(data, **BAD)
    with open_store(file, data) as store:
        warning = store.warning
    with monkeypatch.context() as patched:
        patched.setattr(making, "read_tables", None)
        with open_store(file, data) as store:
            assert store.warning == warning
    write_world(data, **NEWER)
    with open_store(file, data) as store:
        assert (store.warning, store.rows("SELECT max(score) FROM scores")) == ("", [(51.5,)])


def test_without_the_folder_of_tables_the_last_good_data_stay_in_use(file: Path, data: Path) -> None:
    for _ in range(2):
        with open_store(file, data / "gone") as store:
            assert store.warning == (
                f"The data in {data / 'gone'} are gone; restore them, or delete {file} to use the data that came"
                " with gapbrief."
            )
            assert len(store.rows("SELECT * FROM scores")) == 3


def test_a_file_of_another_schema_is_no_last_good_data(file: Path, data: Path) -> None:
    alter(file, "UPDATE meta SET value = '0' WHERE key = 'schema'")
    write_world(data, **BAD)
    assert refusal(file, data).startswith("scores.csv, line 2, column score:")


def test_what_only_sqlite_refuses_is_said_in_one_sentence(
    path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = read_tables(data)
    tables["models"].append(tables["models"][0])
    monkeypatch.setattr(making, "read_tables", lambda _: tables)
    assert refusal(path, data) == (
        f"The tables in {data} don't fit together (UNIQUE constraint failed: models.model_id); "
        "the last good data stays in use."
    )
    assert set(os.listdir(path.parent)) == {"evidence.db.lock"}


def test_tables_that_change_while_they_are_read_make_no_file(
    path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_while_written(folder: Path) -> dict[str, list[tuple[object, ...]]]:
        tables = read_tables(folder)
        write_world(folder, **NEWER)
        return {name: list(rows) for name, rows in tables.items()}

    monkeypatch.setattr(making, "read_tables", read_while_written)
    assert refusal(path, data) == (
        f"The tables in {data} are being rewritten. Try again in a few seconds; nothing was changed."
    )
    monkeypatch.undo()
    with open_store(path, data) as store:
        assert store.rows("SELECT max(score) FROM scores") == [(51.5,)]


# Files that are not gapbrief's, or no longer whole


def test_an_empty_file_is_filled(path: Path, data: Path) -> None:
    path.parent.mkdir()
    path.touch()
    open_store(path, data).close()
    assert revision_of(path) == hash_tables(data)


def test_the_log_of_a_file_that_was_removed_is_not_mixed_into_the_new_one(file: Path, data: Path) -> None:
    """A log that SQLite would take for the new file's own: what is in it is whole, and of the very same pages."""
    log = Path(f"{file}-wal")
    with open_store(file, data) as store:
        store.keep_result("gap", {"of": "the removed file"})
        log_bytes = log.read_bytes()
    file.unlink()
    log.write_bytes(log_bytes)
    with open_store(file, data) as store:
        assert store.rows("SELECT count(*) FROM results") == [(0,)]
    assert revision_of(file) == hash_tables(data)
    assert set(os.listdir(file.parent)) == LEFT


def test_a_first_file_appears_whole_or_not_at_all(path: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", failing)
    assert "the disk is full" in refusal(path, data)
    assert set(os.listdir(path.parent)) == {"evidence.db.lock"}


def test_another_programs_database_is_left_alone(path: Path, data: Path) -> None:
    """Even one with a table of the very same name."""
    path.parent.mkdir()
    alter(path, "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT)", "INSERT INTO meta VALUES ('schema', '7')")
    before = path.read_bytes()
    assert refusal(path, data) == f"{path} is another program's file; set GAPBRIEF_DB to another place."
    with pytest.raises(DataError, match="another program's file"):
        making.make_file(path, data)
    assert path.read_bytes() == before


@pytest.mark.parametrize("text", [b"dear diary,\n", bytes(5000), NOISE])
def test_a_file_of_another_kind_is_left_alone(path: Path, data: Path, text: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(text)
    assert refusal(path, data) == (
        f"The evidence file {path} is damaged or not gapbrief's; move it away, and gapbrief makes a new one."
    )
    with pytest.raises(DataError, match="damaged or not gapbrief's"):
        making.make_file(path, data)
    assert path.read_bytes() == text


def leave(path: Path, content: bytes) -> None:
    """Leave a file with this content where gapbrief had one."""
    path.parent.mkdir()
    path.write_bytes(content)
    Path(f"{path}.lock").touch()


def zeroed(content: bytearray, page: int) -> None:
    content[page * PAGE : (page + 1) * PAGE] = bytes(PAGE)


def flipped(content: bytearray, page: int) -> None:
    for place in range(page * PAGE, (page + 1) * PAGE, 97):
        content[place] ^= 0xFF


def cut(content: bytearray, page: int) -> None:
    del content[page * PAGE + 1 :]


def one_bit(content: bytearray, page: int) -> None:
    """What no check of SQLite's sees: another letter in a name."""
    content[content.index(b"Qwen", page * PAGE)] ^= 0x01


def no_text(content: bytearray, page: int) -> None:
    """A letter that is none in UTF-8."""
    content[content.index(b"Qwen", page * PAGE)] = 0xA7


def a_view(content: bytearray, page: int) -> None:
    """Another letter in how a view is defined, which only who asks the view would see."""
    place = content.index(b"AS benchmark", page * PAGE)
    content[place] = ord("a")


def a_key(content: bytearray, page: int) -> None:
    """Another letter in the name of what the file says of its own definitions."""
    content[content.index(b"objects", page * PAGE)] = ord("O")


PAGE = 4096
HARM = [
    *((harm, page) for harm in (zeroed, flipped, cut) for page in (0, 1, 40, 200, 400)),
    (one_bit, 40), (no_text, 40), (a_view, 0), (a_key, 0),
]  # fmt: skip


@pytest.mark.parametrize(("harm", "page"), HARM, ids=[f"{harm.__name__} {page}" for harm, page in HARM])
@pytest.mark.slow
def test_a_file_with_a_hole_in_it_is_made_anew(
    shipped: Path, shipped_data: Path, path: Path, harm: Callable[[bytearray, int], None], page: int
) -> None:
    content = bytearray(shipped.read_bytes())
    harm(content, page)
    leave(path, content)
    assert making.mend_file(path, shipped_data)
    assert revision_of(path) == hash_tables(shipped_data)
    assert set(os.listdir(path.parent)) == LEFT
    assert not making.mend_file(path, shipped_data)


@pytest.mark.parametrize("share", [0.0001, 0.5, 0.99])
def test_a_file_cut_short_is_made_anew_when_it_is_opened(
    shipped: Path, shipped_data: Path, path: Path, share: float
) -> None:
    content = shipped.read_bytes()
    leave(path, content[: max(1, int(len(content) * share))])
    open_store(path, shipped_data).close()
    assert revision_of(path) == hash_tables(shipped_data)


def test_damage_deep_inside_is_mended_when_it_is_met(shipped: Path, shipped_data: Path, path: Path) -> None:
    path.parent.mkdir()
    content = bytearray(shipped.read_bytes())
    half = len(content) // 2  # the file's own description comes before
    content[half:] = (NOISE * 1000)[: len(content) - half]
    path.write_bytes(content)
    with open_store(path, shipped_data) as store, pytest.raises(DataError) as error:
        store.rows("SELECT * FROM classifications")
    assert str(error.value) == f"The evidence file {path} was damaged and has been made anew; ask again."
    with open_store(path, shipped_data) as store:
        assert store.rows("SELECT * FROM classifications")


def test_an_index_that_finds_something_else_is_damage(file: Path, data: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        [(root,)] = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'scores_by_source'").fetchall()
    content = bytearray(file.read_bytes())
    content[content.index(b"board", (root - 1) * PAGE)] = ord("B")
    file.write_bytes(content)
    assert making.mend_file(file, data)
    with open_store(file, data) as store:
        assert len(store.rows("SELECT * FROM score_list")) == 3


def test_a_form_that_sqlite_does_not_know_is_damage(file: Path, data: Path) -> None:
    content = bytearray(file.read_bytes())
    content[44:48] = b"\0\0\0\x09"
    file.write_bytes(content)
    open_store(file, data).close()
    assert revision_of(file) == hash_tables(data)


@pytest.mark.parametrize("name", ["meta", "scores"])
def test_a_text_that_is_none_is_damage_where_it_is_met(file: Path, data: Path, name: str) -> None:
    column = {"meta": "value", "scores": "setting"}[name]
    alter(file, f"UPDATE {name} SET {column} = CAST(x'41a742' AS TEXT)")  # noqa: S608 (own names)
    if name == "scores":
        with open_store(file, data) as store, pytest.raises(DataError, match="has been made anew; ask again"):
            store.rows("SELECT setting FROM scores")
    with open_store(file, data) as store:
        assert len(store.rows("SELECT * FROM score_list")) == 3


def test_with_bad_tables_a_damaged_file_is_said_and_left(file: Path, data: Path) -> None:
    file.write_bytes(file.read_bytes()[:10_000])
    write_world(data, **BAD)
    assert refusal(file, data).startswith("scores.csv, line 2, column score:")
    with pytest.raises(TableError):
        making.mend_file(file, data)


def test_with_bad_tables_a_whole_file_is_no_damaged_one(file: Path, data: Path) -> None:
    write_world(data, **BAD)
    assert not making.mend_file(file, data)
    shutil.rmtree(data)
    assert not making.mend_file(file, data)


def test_where_nothing_is_there_is_nothing_to_mend(path: Path, data: Path) -> None:
    assert not making.mend_file(path, data)
    assert not path.parent.exists()


def test_a_file_without_one_of_its_tables_is_made_anew(file: Path, data: Path) -> None:
    alter(file, "DROP TABLE meta")
    open_store(file, data).close()
    assert revision_of(file) == hash_tables(data)


def test_a_file_of_another_schema_is_made_anew(file: Path, data: Path) -> None:
    alter(file, "UPDATE meta SET value = '0' WHERE key = 'schema'", "DROP VIEW score_list")
    with open_store(file, data) as store:
        assert len(store.rows("SELECT * FROM score_list")) == 3
        assert store.rows("SELECT value FROM meta WHERE key = 'schema'") == [(SCHEMA,)]
