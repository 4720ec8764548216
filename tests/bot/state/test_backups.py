"""A copy of the state, made while it is in use, and the way back."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from filelock import FileLock
from sqlalchemy import text

from bot.newsroom import milestone_posts
from bot.state import briefs, conversations, database, notes, outbox, schedules, usage
from bot.state.backups import (
    make_backup,
    restore_backup,
)
from bot.state.conversation_key import ConversationKey
from bot.state.database import State, open_state
from bot.state.notes import keep_note, read_note
from core.errors import DataError, UsageError
from tests.bot.conftest import Run
from tests.bot.kept import spend
from tests.bot.newsroom.newsroom import DAY, HOUR, NOW, FakeWriter, made


@pytest.fixture
def state(address: str, state_file: Path) -> Iterator[State]:
    with closing(open_state(address)) as opened:
        yield opened


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    folder = tmp_path / "copies"
    folder.mkdir()
    return folder


@pytest.fixture
def copy(state: State, address: str, copies: Path) -> Path:
    """A copy with a schedule that is due tomorrow, a brief on its way, and a note that was changed since."""
    keep_note(state, "name", "before")
    with state.begin() as connection:
        schedules.add(connection, schedules.NewSchedule("0 9 * * *", "UTC"), NOW)
        brief_id = briefs.add(connection, made(), at=NOW, guild_id=None, by=None, status="posted")
        outbox.enqueue(connection, brief_id, 1, "post", ["discord:1"], NOW)
    make_backup(address, copies / "copy.db")
    keep_note(state, "name", "after")
    return copies / "copy.db"


def kept_note(file: Path) -> str | None:
    """Open a state and read its note."""
    with closing(open_state(f"sqlite:///{file}")) as opened:
        return read_note(opened, "name")


def raw_note(file: Path) -> str:
    """Read the note of a state that gapbrief itself may refuse."""
    with closing(sqlite3.connect(file)) as database:
        return str(database.execute("SELECT value FROM notes WHERE name = 'name'").fetchone()[0])


def set_version(file: Path, version: str) -> None:
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = ?", (version,))


def kept_aside(file: Path) -> list[Path]:
    return list(file.parent.glob("*before*"))


def test_a_copy_holds_what_the_state_held_and_comes_back(
    state: State, address: str, copy: Path, file: Path, tmp_path: Path
) -> None:
    state.close()
    before = restore_backup(address, copy, NOW + DAY)
    with closing(open_state(address)) as opened:
        assert read_note(opened, "name") == "before"
        kept = briefs.by_id(opened, 1)
        assert kept.brief == made().brief
        assert briefs.search_archive(opened, words="private") == [kept]
        (item,) = outbox.claim(opened, "worker", NOW + DAY, 10)
        assert item.may_be_sent, "it may have been sent since, so it is looked up"
        (schedule,) = schedules.list_schedules(opened)
        assert schedule.checked_until == NOW + DAY, "what was due is left out"
    assert before == tmp_path / f"state.db.before-{NOW + DAY:%Y%m%d-%H%M%S}"
    assert kept_note(before) == "after"
    assert list(tmp_path.glob(".gapbrief*")) == []


def test_what_was_used_comes_back_and_what_was_said_does_not(state: State, address: str, copies: Path) -> None:
    used = usage.Usage(NOW.date(), "answer", "fake", "answered", 1, 1, 90, 10, 1.0)
    with state.begin() as connection:
        spend(connection, used, "all", "user:1")
    key, memory = ConversationKey("c", user="1"), conversations.Memory(state)
    memory.remember(key, {"question": "gap"}, NOW)
    make_backup(address, copies / "copy.db")
    with state.begin() as connection:
        spend(connection, used, "all")
    memory.forget(key)
    state.close()
    restore_backup(address, copies / "copy.db", NOW + HOUR)
    with closing(open_state(address)) as opened:
        assert conversations.Memory(opened).recall(key, NOW + HOUR) == ()
        with opened.reading() as connection:
            assert usage.list_since(connection) == [used]
            assert usage.list_spent(connection, NOW.date()) == {"all": 100, "user:1": 100}


def test_a_milestone_that_was_told_since_is_not_told_again(state: State, address: str, copies: Path) -> None:
    keep_note(state, milestone_posts._NOTE, '{"revision": "r0", "news.open": ["Kimi/ARC/50", "2026-10-01"]}')
    make_backup(address, copies / "copy.db")
    state.close()
    restore_backup(address, copies / "copy.db", NOW)
    with closing(open_state(address)) as opened:
        assert read_note(opened, milestone_posts._NOTE) is None
        assert milestone_posts.post_milestones(opened, NOW, FakeWriter()) == 0


def test_a_copy_can_be_made_while_others_write(state: State, address: str, copies: Path) -> None:
    stop = Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            with state.begin() as connection:
                notes.keep(connection, "a", str(number))
                notes.keep(connection, "b", str(number))
            number += 1

    writing = Thread(target=write)
    writing.start()
    made_ = [copies / f"{number}.db" for number in range(5)]
    try:
        for path in made_:
            make_backup(address, path)
    finally:
        stop.set()
        writing.join()
    for path in made_:
        with closing(sqlite3.connect(path)) as database:
            values = [value for (value,) in database.execute("SELECT value FROM notes")]
        assert len(set(values)) <= 1, "a copy holds half of a transaction"


def test_a_copy_takes_an_older_ones_place_and_is_one_file(state: State, address: str, copies: Path) -> None:
    copy = copies / "copy.db"
    copy.write_text("older")
    with pytest.raises(UsageError, match="exists already; give another name, or --force"):
        make_backup(address, copy)
    assert copy.read_text() == "older"
    make_backup(address, copy, overwrite=True)
    assert list(copies.iterdir()) == [copy]
    assert copy.read_bytes().startswith(b"SQLite format 3")
    assert copy.read_bytes()[18:20] == bytes([1, 1]), "it needs no second file beside it to be read"


def test_a_copy_comes_back_from_where_nothing_can_be_written(state: State, copy: Path, file: Path) -> None:
    state.close()
    with closing(sqlite3.connect(copy)) as database:
        database.execute("PRAGMA journal_mode = WAL")  # as copies of earlier versions are
    copy.parent.chmod(0o500)
    try:
        if os.access(copy.parent, os.W_OK):
            pytest.skip("root may write anywhere")
        restore_backup(f"sqlite:///{file}", copy, NOW)
    finally:
        copy.parent.chmod(0o700)
    assert kept_note(file) == "before"


def test_a_copy_may_be_moved_and_put_where_there_is_no_state(copy: Path, tmp_path: Path) -> None:
    moved, new = copy.rename(tmp_path / "a name with # and ?.db"), tmp_path / "new" / "state.db"
    assert restore_backup(f"sqlite:///{new}", moved, NOW) is None
    assert kept_note(new) == "before"


# ---- a state that is in use


@pytest.mark.parametrize("lease", ["newsroom", "newsroom.discord"])
@pytest.mark.parametrize("version", [None, "s999"], ids=["this version's", "a later version's"])
def test_while_somebody_is_at_work_nothing_is_put_back(
    lease: str, version: str | None, state: State, address: str, copy: Path, file: Path
) -> None:
    notes.hold_lease(state, lease, "who is at work", NOW, timedelta(seconds=30))
    if version:
        set_version(file, version)
    with pytest.raises(DataError, match="gapbrief is using this state"):
        restore_backup(address, copy, NOW)
    assert read_note(state, "name") == "after"
    assert not kept_aside(file)
    restore_backup(address, copy, NOW + HOUR)
    state.close()
    assert kept_note(file) == "before"


def test_while_it_is_migrated_nothing_is_put_back(
    state: State, address: str, copy: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_BUSY_SECONDS", 0.01)
    with FileLock(f"{file}.lock"), pytest.raises(DataError, match="is being migrated by another"):
        restore_backup(address, copy, NOW)
    assert read_note(state, "name") == "after"
    assert not kept_aside(file)


def test_what_was_just_written_is_kept_too_whatever_the_version(address: str, copy: Path, file: Path) -> None:
    set_version(file, "s999")
    # while another program has it open, which lets what is new be in the -wal
    before = restore_backup(address, copy, NOW)
    assert raw_note(before) == "after"


# ---- what is damaged, of another version, or no copy


def test_a_state_that_can_not_be_read_for_another_reason_than_damage_is_left_alone(
    state: State, address: str, copy: Path, file: Path
) -> None:
    state.close()
    with closing(sqlite3.connect(file)) as database:
        database.execute("ALTER TABLE leases RENAME COLUMN until TO ends")
    held = file.read_bytes()
    with pytest.raises(DataError, match="no such column: until"):
        restore_backup(address, copy, NOW)
    assert file.read_bytes() == held
    assert not kept_aside(file)


def test_a_damaged_state_is_replaced_and_kept_as_it_is(state: State, address: str, copy: Path, file: Path) -> None:
    state.close()
    for path in file.parent.glob("state.db*"):
        path.unlink()
    file.write_bytes(b"not a database" * 100)
    before = restore_backup(address, copy, NOW)
    assert before.read_bytes().startswith(b"not a database")
    assert kept_note(file) == "before"


def test_a_damaged_page_is_no_obstacle_and_what_belongs_to_the_damaged_file_is_kept(
    state: State, address: str, copy: Path, file: Path
) -> None:
    notes.hold_lease(state, "newsroom", "who was at work", NOW - DAY, timedelta(seconds=30))
    with state.begin() as connection:
        root, size = [
            connection.execute(text(query)).scalar_one()
            for query in ("SELECT rootpage FROM sqlite_master WHERE name = 'leases'", "PRAGMA page_size")
        ]
    state.close()  # all of it is in the file now
    with file.open("r+b") as damaged:
        damaged.seek((root - 1) * size)
        damaged.write(b"\xff" * size)
    keep_note(state, "name", "later")  # in the -wal, while the state is open
    with pytest.raises(DataError, match="is damaged; `gapbrief state restore` restores a backup"):
        make_backup(address, copy.with_name("other.db"))
    assert list(copy.parent.iterdir()) == [copy]
    before = restore_backup(address, copy, NOW)
    state.close()
    assert kept_note(file) == "before"
    assert before.with_name(f"{before.name}-wal").exists()
    assert raw_note(before) == "later"


def test_files_that_are_no_copies_or_of_a_later_version_are_refused(
    state: State, address: str, copy: Path, tmp_path: Path
) -> None:
    cut, words, other = tmp_path / "cut.db", tmp_path / "words.txt", tmp_path / "other.db"
    cut.write_bytes(copy.read_bytes()[:9000])
    words.write_text("words")
    with closing(sqlite3.connect(other)) as database:
        database.execute("CREATE TABLE x (y)")
    for path in (cut, words, other, tmp_path / "missing.db", tmp_path):
        with pytest.raises(UsageError):
            restore_backup(address, path, NOW)
    set_version(copy, "s999")
    with pytest.raises(DataError, match="newer gapbrief"):
        restore_backup(address, copy, NOW)
    assert read_note(state, "name") == "after"


def test_places_that_can_not_be_written(state: State, address: str, tmp_path: Path) -> None:
    for path in (tmp_path / "no" / "folder" / "copy.db", tmp_path / "state.db", tmp_path):
        with pytest.raises(UsageError):
            make_backup(address, path)
    with pytest.raises(DataError, match="no state at"):
        make_backup(f"sqlite:///{tmp_path / 'other.db'}", tmp_path / "copy.db")
    with pytest.raises(DataError, match="pg_dump"):
        make_backup("postgresql+psycopg://somebody@example.org/state", tmp_path / "copy.db")


def test_from_the_command_line(run: Run, state: State, address: str) -> None:
    keep_note(state, "name", "before")
    state.close()
    variables = {"GAPBRIEF_STATE_URL": address}
    made_ = run("state", "backup", "copy.db", **variables)
    assert (made_.exit_code, made_.output) == (0, "The state is copied to copy.db.\n")
    assert run("state", "backup", "copy.db", **variables).exit_code == 2
    assert run("state", "backup", "copy.db", "--force", **variables).exit_code == 0
    put_back = run("state", "restore", "copy.db", **variables)
    assert put_back.exit_code == 0
    assert "The old state is kept as" in put_back.output
    assert "Restart what still runs, such as `gapbrief serve`" in put_back.output
    for words in (("backup", "state.db"), ("restore", "missing.db")):
        refused = run("state", *words, **variables)
        assert (refused.exit_code, refused.output.count("\n")) == (2, 1)
