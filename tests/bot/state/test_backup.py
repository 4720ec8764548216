"""A copy of the state, made while it is in use, and the way back."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from click.testing import Result
from filelock import FileLock
from sqlalchemy import text

from bot.publish import milestone_posts
from bot.state import briefs, conversations, database, leases, outbox, schedules, usage
from bot.state.backup import backup, restore
from bot.state.database import State, open_state
from bot.state.notes import keep_note, note
from core.errors import DataError, UsageError
from tests.bot.publish.newsroom import DAY, HOUR, NOW, FakeWriter, made

Run = Callable[..., Result]


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'state.db'}"


@pytest.fixture
def state(address: str) -> Iterator[State]:
    opened = open_state(address)
    yield opened
    opened.close()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "copies" / "copy.db"


@pytest.fixture(autouse=True)
def _folder(copy: Path) -> None:
    copy.parent.mkdir()


def fill(state: State) -> int:
    """Keep a schedule that is due tomorrow, a brief that is on its way, and a note."""
    keep_note(state, "name", "before")
    with state.begin() as connection:
        schedules.add(connection, rule="0 9 * * *", timezone="UTC", at=NOW)
        brief_id = briefs.add(connection, made(), at=NOW, guild_id=None, by=None, status="posted")
        outbox.put(connection, brief_id, 1, "post", ["discord:1"], NOW)
    return brief_id


def test_a_copy_holds_what_the_state_held_and_comes_back(
    state: State, address: str, copy: Path, tmp_path: Path
) -> None:
    brief_id = fill(state)
    backup(address, copy)
    keep_note(state, "name", "after")
    state.close()
    before = restore(address, copy, NOW + DAY)
    opened = open_state(address)
    try:
        assert note(opened, "name") == "before"
        kept = briefs.by_id(opened, brief_id)
        assert kept is not None
        assert kept.brief == made().brief
        assert briefs.archive(opened, words="private") == [kept]
    finally:
        opened.close()
    assert before == tmp_path / f"state.db.before-{NOW + DAY:%Y%m%d-%H%M%S}"
    kept_aside = open_state(f"sqlite:///{before}")
    assert note(kept_aside, "name") == "after"
    kept_aside.close()
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".gapbrief")] == []


def test_what_was_on_its_way_is_looked_up_and_what_was_due_is_left_out(state: State, address: str, copy: Path) -> None:
    fill(state)
    backup(address, copy)
    state.close()
    restore(address, copy, NOW + DAY)
    opened = open_state(address)
    try:
        (item,) = outbox.claim(opened, "worker", NOW + DAY, 10)
        assert item.begun
        assert [each.checked_until for each in schedules.listed(opened)] == [NOW + DAY]
    finally:
        opened.close()


def test_a_copy_can_be_made_while_others_write(state: State, address: str, copy: Path) -> None:
    stop = Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            with state.begin() as connection:
                connection.execute(text("DELETE FROM notes"))
                for name in ("a", "b"):
                    connection.execute(
                        text("INSERT INTO notes VALUES (:name, :value)"), {"name": name, "value": str(number)}
                    )
            number += 1

    writing = Thread(target=write)
    writing.start()
    try:
        for number in range(5):
            backup(address, copy.with_name(f"{number}.db"))
    finally:
        stop.set()
        writing.join()
    for number in range(5):
        with closing(sqlite3.connect(copy.with_name(f"{number}.db"))) as database:
            values = [value for (value,) in database.execute("SELECT value FROM notes")]
        assert len(set(values)) <= 1, "a copy holds half of a transaction"


def test_a_copy_takes_an_older_ones_place_and_is_one_file(state: State, address: str, copy: Path) -> None:
    copy.write_text("older")
    with pytest.raises(UsageError, match="is there already; give another name, or --force"):
        backup(address, copy)
    assert copy.read_text() == "older"
    backup(address, copy, overwrite=True)
    assert [file.name for file in copy.parent.iterdir()] == ["copy.db"]
    assert copy.read_bytes().startswith(b"SQLite format 3")
    assert copy.read_bytes()[18:20] == bytes([1, 1]), "it needs no second file beside it to be read"


def test_a_copy_comes_back_from_where_nothing_can_be_written(state: State, address: str, copy: Path) -> None:
    fill(state)
    backup(address, copy)
    state.close()
    with closing(sqlite3.connect(copy)) as database:
        database.execute("PRAGMA journal_mode = WAL")  # as copies of earlier versions are
    copy.parent.chmod(0o500)
    try:
        if os.access(copy.parent, os.W_OK):
            pytest.skip("root may write anywhere")
        restore(address, copy, NOW)
    finally:
        copy.parent.chmod(0o700)
    assert open_and_read(address) == "before"


def test_a_milestone_that_was_told_since_is_not_told_again(state: State, address: str, copy: Path) -> None:
    keep_note(state, milestone_posts._NOTE, '{"revision": "r0", "news.open": ["Kimi/ARC/50", "2026-10-01"]}')
    backup(address, copy)
    state.close()
    restore(address, copy, NOW)
    opened = open_state(address)
    try:
        assert note(opened, milestone_posts._NOTE) is None
        assert milestone_posts.look(opened, NOW, FakeWriter()) == 0
    finally:
        opened.close()


# ---- a state that is in use


@pytest.mark.parametrize("lease", ["newsroom", "newsroom.discord"])
@pytest.mark.parametrize("version", [None, "s999"], ids=["this version's", "a later version's"])
def test_while_somebody_is_at_work_nothing_is_put_back(
    lease: str, version: str | None, state: State, address: str, copy: Path, tmp_path: Path
) -> None:
    fill(state)
    backup(address, copy)
    keep_note(state, "name", "after")
    leases.hold(state, lease, "who is at work", NOW, timedelta(seconds=30))
    if version:
        _set_version(tmp_path / "state.db", version)
    with pytest.raises(DataError, match="gapbrief is at work on this state"):
        restore(address, copy, NOW)
    assert note(state, "name") == "after"
    assert not list(tmp_path.glob("*before*"))
    restore(address, copy, NOW + HOUR)
    state.close()
    assert open_and_read(address) == "before"


def test_while_it_is_migrated_nothing_is_put_back(
    state: State, address: str, copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_BUSY_SECONDS", 0.01)
    fill(state)
    backup(address, copy)
    keep_note(state, "name", "after")
    with FileLock(f"{tmp_path / 'state.db'}.lock"), pytest.raises(DataError, match="is being migrated by another"):
        restore(address, copy, NOW)
    assert note(state, "name") == "after"
    assert not list(tmp_path.glob("*before*"))


def test_what_was_just_written_is_kept_too_whatever_the_version(
    state: State, address: str, copy: Path, tmp_path: Path
) -> None:
    fill(state)
    backup(address, copy)
    keep_note(state, "name", "after")
    _set_version(tmp_path / "state.db", "s999")
    before = restore(address, copy, NOW)  # while another program has it open, which lets what is new be in the -wal
    assert before is not None
    assert _note_in(before) == "after"


def test_a_state_that_can_not_be_read_for_another_reason_than_damage_is_left_alone(
    state: State, address: str, copy: Path, tmp_path: Path
) -> None:
    fill(state)
    backup(address, copy)
    state.close()
    file = tmp_path / "state.db"
    with closing(sqlite3.connect(file)) as database:
        database.execute("ALTER TABLE leases RENAME COLUMN until TO ends")
    held = file.read_bytes()
    with pytest.raises(DataError, match="no such column: until"):
        restore(address, copy, NOW)
    assert file.read_bytes() == held
    assert not list(tmp_path.glob("*before*"))


def _set_version(file: Path, version: str) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.execute("UPDATE alembic_version SET version_num = ?", (version,))
        database.commit()


def _note_in(file: Path) -> str:
    with closing(sqlite3.connect(file)) as database:
        return str(database.execute("SELECT value FROM notes WHERE name = 'name'").fetchone()[0])


def test_a_copy_of_an_earlier_version_is_migrated_and_one_of_a_later_is_refused(
    state: State, address: str, copy: Path
) -> None:
    fill(state)
    backup(address, copy)
    state.close()
    _set_version(copy, "s999")
    with pytest.raises(DataError, match="newer gapbrief"):
        restore(address, copy, NOW)
    assert open_and_read(address) == "before"


def test_a_damaged_state_is_replaced_and_kept_as_it_is(state: State, address: str, copy: Path, tmp_path: Path) -> None:
    fill(state)
    backup(address, copy)
    state.close()
    for file in tmp_path.glob("state.db*"):
        file.unlink()
    (tmp_path / "state.db").write_bytes(b"not a database" * 100)
    before = restore(address, copy, NOW)
    assert before is not None
    assert before.read_bytes().startswith(b"not a database")
    assert open_and_read(address) == "before"


def test_a_damaged_page_is_no_obstacle_and_what_belongs_to_the_damaged_file_is_kept(
    state: State, address: str, copy: Path, tmp_path: Path
) -> None:
    fill(state)
    leases.hold(state, "newsroom", "who was at work", NOW - DAY, timedelta(seconds=30))
    backup(address, copy)
    with state.begin() as connection:
        root, size = [
            connection.execute(text(query)).scalar_one()
            for query in ("SELECT rootpage FROM sqlite_master WHERE name = 'leases'", "PRAGMA page_size")
        ]
    state.close()  # all of it is in the file now
    with (tmp_path / "state.db").open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)
    keep_note(state, "name", "after")  # in the -wal, while the state is open
    with pytest.raises(DataError, match="is not whole; `gapbrief state restore` puts a copy in its place"):
        backup(address, copy.with_name("other.db"))
    assert [file.name for file in copy.parent.iterdir()] == ["copy.db"]
    before = restore(address, copy, NOW)
    state.close()
    assert open_and_read(address) == "before"
    assert before is not None
    assert before.with_name(f"{before.name}-wal").exists()
    assert _note_in(before) == "after"


def test_there_need_be_no_state_to_put_one_back(state: State, address: str, copy: Path, tmp_path: Path) -> None:
    fill(state)
    backup(address, copy)
    elsewhere = f"sqlite:///{tmp_path / 'new' / 'state.db'}"
    (tmp_path / "new").mkdir()
    assert restore(elsewhere, copy, NOW) is None
    assert open_and_read(elsewhere) == "before"


def test_files_that_are_no_copies(state: State, address: str, copy: Path, tmp_path: Path) -> None:
    fill(state)
    backup(address, copy)
    cut = tmp_path / "cut.db"
    cut.write_bytes(copy.read_bytes()[:9000])
    words = tmp_path / "words.txt"
    words.write_text("words")
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as database:
        database.execute("CREATE TABLE x (y)")
    for file in (cut, words, other, tmp_path / "missing.db", tmp_path):
        with pytest.raises(UsageError):
            restore(address, file, NOW)
    assert note(state, "name") == "before"


def test_places_that_can_not_be_written(state: State, address: str, tmp_path: Path) -> None:
    for file in (tmp_path / "no" / "folder" / "copy.db", tmp_path / "state.db", tmp_path):
        with pytest.raises(UsageError):
            backup(address, file)
    with pytest.raises(DataError, match="no state at"):
        backup(f"sqlite:///{tmp_path / 'other.db'}", tmp_path / "copy.db")
    with pytest.raises(DataError, match="pg_dump"):
        backup("postgresql+psycopg://somebody@example.org/state", tmp_path / "copy.db")


def test_from_the_command_line(run: Run, tmp_path: Path) -> None:
    opened = open_state(f"sqlite:///{tmp_path / 'state.db'}")
    keep_note(opened, "name", "before")
    opened.close()
    variables = {"GAPBRIEF_STATE_URL": f"sqlite:///{tmp_path / 'state.db'}"}
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


def open_and_read(address: str) -> str | None:
    opened = open_state(address)
    try:
        return note(opened, "name")
    finally:
        opened.close()


def test_a_copy_moved_elsewhere_is_as_good(state: State, address: str, copy: Path, tmp_path: Path) -> None:
    fill(state)
    backup(address, copy)
    moved = tmp_path / "a name with # and ?.db"
    shutil.move(copy, moved)
    state.close()
    restore(address, moved, NOW)
    assert open_and_read(address) == "before"


# ---- what the assistant keeps


def test_what_was_used_comes_back_and_what_was_said_does_not(state: State, address: str, copy: Path) -> None:
    used = usage.Usage(NOW.date(), "answer", "fake", "answered", 1, 1, 90, 10, 1.0)
    with state.begin() as connection:
        usage.add(connection, used, ["all", "user:1"])
        conversations.add(connection, "c", at=NOW, user="1", guild=None, asked="?", said="!", question=None)
    backup(address, copy)
    with state.begin() as connection:
        usage.add(connection, used, ["all"])
        conversations.delete_of_user(connection, "1")
    state.close()
    restore(address, copy, NOW + HOUR)
    opened = open_state(address)
    try:
        with opened.reading() as connection:
            assert usage.since(connection) == [used]
            assert usage.all_spent(connection, NOW.date()) == {"all": 100, "user:1": 100}
            assert conversations.turns(connection, "c") == []
    finally:
        opened.close()
