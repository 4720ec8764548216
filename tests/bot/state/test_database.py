"""The state, opened: made from nothing, migrated, refused in one sentence, shared by many."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bot.state import database
from bot.state.database import State, list_migrations, open_state, password_of, read_schemas
from bot.state.notes import keep_note, read_note
from bot.state.state_tables import NOTES
from core.errors import DataError
from tests import postgres as server

NEWEST = list_migrations()[-1]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "below" / "state.db"


@pytest.fixture
def address(path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a state that is not there yet: a file, or a database in PostgreSQL where a test asks for it."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield f"sqlite:///{path}"
    else:
        with server.database(request.getfixturevalue("postgres")) as url:
            yield server.address(url)


@pytest.fixture
def opened(address: str) -> Iterator[State]:
    with closing(open_state(address)) as state:
        yield state


@pytest.fixture
def other(opened: State, address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[State]:
    """The same state as another process has it, which waits for nobody."""
    monkeypatch.setattr(database, "_BUSY_SECONDS", 0.05)
    with closing(open_state(address)) as state:
        yield state


# ---- opened


def test_it_is_made_where_there_is_none_looking_makes_nothing_and_opening_again_changes_nothing(
    path: Path, address: str
) -> None:
    assert read_schemas(address) == (None, NEWEST)
    assert not path.exists()
    with closing(open_state(address)) as state:
        keep_note(state, "a", "1")
    assert read_schemas(address) == (NEWEST, NEWEST)
    with closing(open_state(address)) as again:
        assert read_note(again, "a") == "1"
    assert not list(path.parent.glob("state.db.s*"))


def test_a_state_of_a_newer_version_is_refused_and_left_alone(opened: State, address: str) -> None:
    with opened.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 's999'"))
    newer = r"was written by a newer gapbrief \(schema s999\); install that version, or restore a backup with"
    with pytest.raises(DataError, match=newer):
        open_state(address)
    assert read_schemas(address) == ("s999", NEWEST)


@pytest.mark.parametrize("address", ["sqlite", pytest.param("postgres", marks=pytest.mark.slow)], indirect=True)
def test_many_may_open_it_at_the_same_time(address: str) -> None:
    def work(number: int) -> None:
        with closing(open_state(address)) as state:
            keep_note(state, f"note {number}", str(number))

    with ThreadPoolExecutor(8) as threads:
        assert [*threads.map(work, range(8))] == [None] * 8
    with closing(open_state(address)) as state, state.reading() as connection:
        assert len(connection.execute(select(NOTES)).all()) == 8


# ---- refused


@pytest.mark.parametrize("address", ["what?", "sqlite:/x", "", "nothing://x", "postgresql+nothing://x"])
def test_what_is_no_address_is_refused(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError) as caught:
        open_state(address)
    assert str(caught.value).startswith("GAPBRIEF_STATE_URL is not a database address; write it as sqlite:////")


def test_without_postgresqls_driver_it_is_said_how_to_add_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(DataError, match=r"whose driver is not installed; `uv sync --extra postgres`"):
        open_state("postgresql://somebody@example.org/state")


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    path.write_bytes(b"rubbish " * 1000)
    for look in (open_state, read_schemas):
        with pytest.raises(DataError, match=r"is damaged; stop gapbrief, and restore a backup with"):
            look(f"sqlite:///{path}")
    assert path.read_bytes() == b"rubbish " * 1000


def test_a_place_that_cant_be_written_is_said() -> None:
    with pytest.raises(DataError) as caught:
        open_state("sqlite:////proc/nowhere/state.db")
    assert str(caught.value) == (
        "The state can't be written to /proc/nowhere/state.db: No such file or directory; let gapbrief's user write"
        " there, or name another place in GAPBRIEF_STATE_URL."
    )


def test_who_writes_meanwhile_is_told_what_to_do_and_who_reads_waits_for_nobody(opened: State, other: State) -> None:
    keep_note(opened, "a", "before")
    with opened.begin() as connection:
        connection.execute(text("UPDATE notes SET value = 'after'"))
        with pytest.raises(DataError, match=r"is in use by another program\. Try again in a few seconds\.$"):
            keep_note(other, "a", "1")
        assert read_note(other, "a") == "before"
    assert read_note(other, "a") == "after"


def test_an_error_undoes_the_whole_transaction(opened: State) -> None:
    keep_note(opened, "a", "1")

    def fail() -> None:
        with opened.begin() as connection:
            connection.execute(text("DELETE FROM notes"))
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert read_note(opened, "a") == "1"


def test_a_write_that_the_disk_has_no_room_for_is_told_until_one_succeeds(opened: State) -> None:
    opened.check_writing()
    with opened.begin() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")  # of this connection: it is not given to another thread
    with pytest.raises(DataError, match="is full; free some space"):
        keep_note(opened, "long", "x" * 1_000_000)
    assert read_note(opened, "long") is None  # what only reads goes on
    opened.check()
    with pytest.raises(DataError, match="is full; free some space"):
        opened.check_writing()
    with opened.begin() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    opened.check_writing()
    keep_note(opened, "long", "x" * 1_000_000)


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
