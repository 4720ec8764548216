"""The state, opened: made from nothing, migrated, refused in one sentence, shared by many."""

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select, text

from bot.state import database, guilds
from bot.state.database import State, open_state, password_of, schema, schemas
from bot.state.notes import keep_note, note
from bot.state.state_tables import METADATA, NOTES
from core.errors import DataError

FOLDER = Path(database.__file__).parent / "migrations"
NEWEST = ScriptDirectory(str(FOLDER)).get_current_head()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "below" / "state.db"


@pytest.fixture
def opened(path: Path) -> Iterator[State]:
    found = open_state(f"sqlite:///{path}")
    yield found
    found.close()


def migrated(state: State, to: str) -> None:
    """Take a state to another schema, forwards or back."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    here = schema(state.engine) or "base"
    with state.engine.begin() as connection:
        config.attributes["connection"] = connection
        back = to == "base" or (here != "base" and to < here)
        (command.downgrade if back else command.upgrade)(config, to)


# ---- made and migrated


def test_it_is_made_where_there_is_none(opened: State, path: Path) -> None:
    assert path.exists()
    assert schema(opened.engine) == NEWEST


def test_the_migrations_make_what_the_tables_say(opened: State) -> None:
    with opened.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": _is_ours})
        assert compare_metadata(context, METADATA) == []


def _is_ours(_object: object, name: str | None, kind: str, *_: object) -> bool:
    """Leave out the tables of the search, which SQLite makes for itself."""
    return not (kind == "table" and (name or "").startswith("briefs_words"))


def test_every_migration_can_be_taken_back_and_made_again(opened: State) -> None:
    keep_note(opened, "kept", "yes")
    migrated(opened, "s001")
    assert note(opened, "kept") == "yes"
    migrated(opened, "base")
    migrated(opened, "head")
    assert schema(opened.engine) == NEWEST
    assert note(opened, "kept") is None


def test_a_state_of_the_first_schema_is_brought_to_the_newest_and_keeps_what_it_holds(path: Path) -> None:
    first = open_state(f"sqlite:///{path}")
    migrated(first, "s001")
    with first.begin() as connection:
        connection.execute(text("INSERT INTO notes VALUES ('commands:1', 'abc')"))
        connection.execute(text("INSERT INTO guilds (guild_id) VALUES (7)"))
        connection.execute(text("INSERT INTO guild_channels VALUES (7, 9)"))
    first.close()

    state = open_state(f"sqlite:///{path}")
    assert schema(state.engine) == NEWEST
    assert note(state, "commands:1") == "abc"
    assert guilds.allowed_channels(state, 7) == {9}
    state.close()


def test_a_file_is_copied_before_it_is_migrated(path: Path) -> None:
    first = open_state(f"sqlite:///{path}")
    keep_note(first, "kept", "before")
    migrated(first, "s001")
    first.close()
    open_state(f"sqlite:///{path}").close()
    with sqlite3.connect(path.with_name("state.db.s001")) as copy:
        assert copy.execute("SELECT value FROM notes WHERE name = 'kept'").fetchone() == ("before",)
        assert copy.execute("SELECT version_num FROM alembic_version").fetchone() == ("s001",)
    copy.close()


def test_a_copy_that_was_cut_short_is_made_anew(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = open_state(f"sqlite:///{path}")
    keep_note(first, "kept", "before")
    migrated(first, "s001")
    first.close()

    def cut_short(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", cut_short)
        with pytest.raises(KeyboardInterrupt):
            open_state(f"sqlite:///{path}")
    (partial,) = [file for file in path.parent.glob("state.db.s001*") if file.name != "state.db.s001"]
    partial.write_bytes(partial.read_bytes()[:5000])

    state = open_state(f"sqlite:///{path}")
    assert note(state, "kept") == "before"
    state.close()
    assert [file.name for file in path.parent.glob("state.db.s001*")] == ["state.db.s001"]
    with closing(sqlite3.connect(path.with_name("state.db.s001"))) as copy:
        assert copy.execute("SELECT value FROM notes WHERE name = 'kept'").fetchone() == ("before",)


def test_a_state_of_a_newer_version_is_refused_and_left_alone(path: Path) -> None:
    state = open_state(f"sqlite:///{path}")
    with state.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 's999'"))
    state.close()
    with pytest.raises(DataError, match=r"was written by a newer gapbrief \(schema s999\); install that version\.$"):
        open_state(f"sqlite:///{path}")
    assert schemas(f"sqlite:///{path}") == ("s999", NEWEST)


def test_opening_again_changes_nothing(opened: State, path: Path) -> None:
    keep_note(opened, "a", "1")
    again = open_state(f"sqlite:///{path}")
    assert note(again, "a") == "1"
    again.close()
    assert not list(path.parent.glob("state.db.s*"))


def test_many_may_open_it_at_the_same_time(path: Path) -> None:
    failed: list[BaseException] = []

    def work(number: int) -> None:
        try:
            state = open_state(f"sqlite:///{path}")
            keep_note(state, f"note {number}", str(number))
            state.close()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    state = open_state(f"sqlite:///{path}")
    with state.reading() as connection:
        assert len(connection.execute(select(NOTES)).all()) == 8
    state.close()


# ---- looked at without being changed


def test_what_was_not_made_yet_has_no_schema(path: Path) -> None:
    assert schemas(f"sqlite:///{path}") == (None, NEWEST)
    assert not path.exists()


def test_what_is_there_has_one(opened: State, path: Path) -> None:
    assert schemas(f"sqlite:///{path}") == (NEWEST, NEWEST)


# ---- refused


@pytest.mark.parametrize("address", ["what?", "sqlite:/x", "", "nothing://x", "postgresql+nothing://x"])
def test_what_is_no_address_is_refused(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError) as caught:
        open_state(address)
    assert str(caught.value).startswith("GAPBRIEF_STATE_URL is no database address; write it as sqlite:////")


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    path.write_bytes(b"rubbish " * 1000)
    for look in (open_state, schemas):
        with pytest.raises(DataError, match=r"can't be used \(file is not a database\); nothing was changed\.$"):
            look(f"sqlite:///{path}")
    assert path.read_bytes() == b"rubbish " * 1000


def test_a_place_that_cant_be_written_is_said() -> None:
    with pytest.raises(DataError, match=r"^The state can't be written to /proc/nowhere/state\.db \("):
        open_state("sqlite:////proc/nowhere/state.db")


def test_a_locked_file_is_said_with_what_to_do(opened: State, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_BUSY_SECONDS", 0.05)
    state = open_state(f"sqlite:///{path}")
    with (
        opened.begin(),
        pytest.raises(DataError, match=r"is in use by another program\. Try again in a few seconds\.$"),
    ):
        keep_note(state, "a", "1")
    state.close()


def test_reading_waits_for_no_writer(opened: State, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_BUSY_SECONDS", 0.05)
    keep_note(opened, "a", "before")
    state = open_state(f"sqlite:///{path}")
    with opened.begin() as connection:
        connection.execute(text("UPDATE notes SET value = 'after'"))
        assert note(state, "a") == "before"
    assert note(state, "a") == "after"
    state.close()


def test_an_error_undoes_the_whole_transaction(opened: State) -> None:
    keep_note(opened, "a", "1")

    def fail() -> None:
        with opened.begin() as connection:
            connection.execute(text("DELETE FROM notes"))
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert note(opened, "a") == "1"


def test_what_belongs_to_no_server_is_refused(opened: State) -> None:
    with pytest.raises(DataError, match="FOREIGN KEY constraint failed"), opened.begin() as connection:
        connection.execute(text("INSERT INTO guild_channels VALUES (404, 1)"))


@pytest.mark.parametrize(
    ("address", "password"),
    [
        ("postgresql://gap:s3cret@db.example/gap", "s3cret"),
        ("postgresql://gap@db.example/gap", ""),
        ("sqlite:///x.db", ""),
        ("?", ""),
    ],
)
def test_a_password_is_known_so_that_it_can_be_hidden(address: str, password: str) -> None:
    assert password_of(address) == password


def test_a_copy_of_the_file_is_a_state(opened: State, path: Path) -> None:
    keep_note(opened, "a", "1")
    opened.close()
    shutil.copy(path, path.with_name("copy.db"))
    copy = open_state(f"sqlite:///{path.with_name('copy.db')}")
    assert note(copy, "a") == "1"
    copy.close()
