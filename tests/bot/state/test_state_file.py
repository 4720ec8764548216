"""The state's file: its owner's alone from its first byte on; and nothing is written once it is another one."""

import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.state.backup import backup, restore
from bot.state.database import State, open_state
from bot.state.notes import keep_note, note
from bot.state.state_file import StateGoneError
from core.errors import DataError
from tests.bot.newsroom.newsroom import NOW


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "made" / "below"


@pytest.fixture
def file(folder: Path) -> Path:
    return folder / "state.db"


@pytest.fixture
def opened(file: Path) -> Iterator[State]:
    with closing(open_state(f"sqlite:///{file}")) as found:
        keep_note(found, "name", "kept")
        yield found


@pytest.fixture
def permissive() -> Iterator[None]:
    """A process whose files are everybody's, unless it asks for less."""
    before = os.umask(0)
    yield
    os.umask(before)


def rights(folder: Path) -> dict[str, int]:
    return {each.name: stat.S_IMODE(each.stat().st_mode) for each in (folder, *folder.iterdir())}


# ---- its owner's alone


@pytest.mark.usefixtures("permissive")
def test_the_state_and_all_beside_it_are_made_for_their_owner_alone(folder: Path, file: Path, opened: State) -> None:
    assert rights(folder.parent) == {"made": 0o700, "below": 0o700}
    found = rights(folder)
    assert found.keys() >= {"state.db", "state.db-wal", "state.db-shm"}
    assert {found.pop("below"), *found.values()} == {0o700, 0o600}


@pytest.mark.usefixtures("permissive")
def test_it_is_so_from_the_first_byte_on(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    connect = sqlite3.dbapi2.connect

    def spy(*words: object, **options: object) -> sqlite3.Connection:
        seen.append(stat.S_IMODE(file.stat().st_mode))
        return connect(*words, **options)  # type: ignore[no-any-return, call-overload]

    monkeypatch.setattr(sqlite3.dbapi2, "connect", spy)
    open_state(f"sqlite:///{file}").close()
    assert set(seen) == {0o600}


@pytest.mark.usefixtures("permissive")
def test_copies_are_too_also_where_they_take_the_place_of_an_open_one(
    opened: State, file: Path, folder: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(b"")
    copy.chmod(0o644)
    backup(f"sqlite:///{file}", copy, overwrite=True)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    opened.close()
    restore(f"sqlite:///{file}", copy, NOW)
    found = rights(folder)
    assert {"state.db", f"state.db.before-{NOW:%Y%m%d-%H%M%S}"} <= found.keys()
    assert {found.pop("below"), *found.values()} == {0o700, 0o600}


@pytest.mark.usefixtures("permissive")
def test_a_copy_that_is_kept_before_a_migration_is_too(file: Path, folder: Path, opened: State) -> None:
    opened.close()
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = 's006'")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.state.database.migrations", lambda: ["s006", "s999"])
        patch.setattr("alembic.command.upgrade", lambda *_: None)
        open_state(f"sqlite:///{file}").close()
    assert rights(folder)["state.db.s006"] == 0o600


@pytest.mark.usefixtures("permissive")
def test_what_an_older_edition_left_open_is_closed_at_the_next_start(file: Path, folder: Path, opened: State) -> None:
    opened.close()
    (folder / "other.db").write_bytes(b"")
    names = ("state.db", "state.db.lock", "state.db.s003", "state.db.before-20261101-090000")
    for name in names:
        (folder / name).touch()
        (folder / name).chmod(0o644)
    open_state(f"sqlite:///{file}").close()
    found = rights(folder)
    assert {found[name] for name in names} == {0o600}
    assert found["other.db"] == 0o666, "it is not ours"


# ---- deleted, or another one


def unlink(file: Path) -> None:
    file.unlink()


def unlink_log(file: Path) -> None:
    Path(f"{file}-wal").unlink()


def unlink_all(file: Path) -> None:
    for each in file.parent.glob("state.db*"):
        each.unlink()


def empty(file: Path) -> None:
    os.truncate(file, 0)


def replace(file: Path) -> None:
    other = file.with_name("other.db")
    open_state(f"sqlite:///{other}").close()
    other.replace(file)


def move_folder(file: Path) -> None:
    file.parent.rename(file.parent.with_name("elsewhere"))


@pytest.mark.parametrize("attack", [unlink, unlink_log, unlink_all, empty, replace, move_folder])
def test_nothing_is_written_or_read_once_the_file_is_another_one_or_gone(
    opened: State, file: Path, attack: Callable[[Path], None]
) -> None:
    attack(file)
    before = sorted(file.parent.glob("*")) if file.parent.exists() else None
    for work in (lambda: keep_note(opened, "name", "lost"), lambda: note(opened, "name"), opened.check):
        with pytest.raises(DataError) as refused:
            work()
        assert str(refused.value) == str(StateGoneError())
        assert str(file.parent) not in str(StateGoneError())
    assert before == (sorted(file.parent.glob("*")) if file.parent.exists() else None), "none is made in its place"


def test_what_was_under_way_is_not_written_either(opened: State, file: Path) -> None:
    kept = file.with_name("kept.db")

    def write_and_lose() -> None:
        with opened.begin() as connection:
            connection.exec_driver_sql("UPDATE notes SET value = 'lost'")
            file.rename(kept)

    with pytest.raises(DataError, match="was deleted or replaced"):
        write_and_lose()
    kept.rename(file)
    assert note(opened, "name") == "kept"


def test_work_goes_on_when_the_same_file_is_back(opened: State, file: Path) -> None:
    move_folder(file)
    with pytest.raises(DataError):
        keep_note(opened, "name", "lost")
    file.parent.with_name("elsewhere").rename(file.parent)
    opened.check()
    keep_note(opened, "name", "later")
    assert note(opened, "name") == "later"


def test_who_leaves_last_and_who_comes_back_take_nothing_from_those_who_stay(opened: State, file: Path) -> None:
    for number in range(3):
        with closing(open_state(f"sqlite:///{file}")) as other:
            keep_note(other, "name", str(number))
        opened.check()
        assert note(opened, "name") == str(number)
        opened.engine.dispose()
