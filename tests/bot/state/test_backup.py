"""A copy of the state, made while it is in use, and the way back."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from click.testing import Result
from sqlalchemy import text

from bot.state import briefs, conversations, leases, outbox, schedules, usage
from bot.state.backup import NEWSROOM, backup, restore
from bot.state.notes import keep_note, note
from bot.state.state import State, open_state
from core.errors import DataError, UsageError
from tests.bot.publish.newsroom import DAY, HOUR, NOW, made

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


def test_while_the_newsroom_is_at_work_nothing_is_put_back(
    state: State, address: str, copy: Path, tmp_path: Path
) -> None:
    fill(state)
    backup(address, copy)
    keep_note(state, "name", "after")
    leases.hold(state, NEWSROOM, "who is at work", NOW, timedelta(seconds=30))
    with pytest.raises(DataError, match="gapbrief is at work on this state"):
        restore(address, copy, NOW)
    assert note(state, "name") == "after"
    assert not list(tmp_path.glob("*before*"))
    restore(address, copy, NOW + HOUR)
    state.close()
    opened = open_state(address)
    assert note(opened, "name") == "before"
    opened.close()


def test_a_copy_of_an_earlier_version_is_migrated_and_one_of_a_later_is_refused(
    state: State, address: str, copy: Path
) -> None:
    fill(state)
    backup(address, copy)
    state.close()
    with closing(sqlite3.connect(copy)) as database:
        database.execute("UPDATE alembic_version SET version_num = 's999'")
        database.commit()
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
    assert "The one of before is kept as" in put_back.output
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
