"""Daily copies: one a day, seven kept, each can be put back; and no empty state takes the place of one that is gone."""

import errno
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.commands.shared import now
from bot.services import open_state_of
from bot.settings import Settings
from bot.state.backups import (
    N_KEPT,
    PARTIAL_PREFIX,
    backup_folder,
    list_daily_backups,
    make_daily_backup,
    restore_backup,
)
from bot.state.database import State, open_state
from bot.state.notes import keep_note, read_note
from core.errors import DataError
from tests.bot.conftest import Run
from tests.bot.newsroom.newsroom import DAY, HOUR, MINUTE, NOW


@pytest.fixture
def settings(tmp_path: Path, address: str) -> Settings:
    return Settings(tmp_path / "evidence.db", tmp_path, address)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


@pytest.fixture
def state(address: str, state_file: Path) -> Iterator[State]:
    with closing(open_state(address)) as opened:
        yield opened


def make_for_days(state: State, address: str, folder: Path, days: int) -> None:
    """Look each hour of some days, as the clock does."""
    for hour in range(24 * days):
        if hour % 24 == 0:
            keep_note(state, "hour", str(hour))
        make_daily_backup(state, address, folder, NOW + hour * HOUR)


def test_one_is_made_a_day_the_newest_seven_stay_and_so_does_what_is_no_copy_of_ours(
    state: State, address: str, folder: Path
) -> None:
    folder.mkdir()
    others = {folder / name for name in ("mine.db", "state-20269999-000000.db", "state.db")}
    for file in others:
        file.write_bytes(b"")
    make_for_days(state, address, folder, 10)
    copies = {copy.file: copy.at - NOW for copy in list_daily_backups(folder)}
    assert [*copies.values()] == [timedelta(days=9 - number) for number in range(7)]
    assert {*folder.iterdir()} == {*copies, *others}


def test_each_is_its_owners_alone_and_can_be_put_back(state: State, address: str, folder: Path) -> None:
    make_for_days(state, address, folder, 3)
    state.close()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(copy.file.stat().st_mode) for copy in list_daily_backups(folder)} == {0o600}
    for number, backup in enumerate(list_daily_backups(folder)):
        restore_backup(address, backup.file, NOW + 9 * DAY + number * MINUTE)
        with closing(open_state(address)) as opened:
            assert read_note(opened, "hour") == str(24 * (2 - number))


def test_a_clock_that_was_ahead_for_weeks_takes_no_copy_away(state: State, address: str, folder: Path) -> None:
    ahead = NOW + 400 * DAY
    for number in range(N_KEPT):
        make_daily_backup(state, address, folder, ahead + number * DAY)
    made = [make_daily_backup(state, address, folder, NOW + number * HOUR) for number in range(25)]
    assert [path is not None for path in made] == [True, *[False] * 23, True]
    assert {made[0], made[24]} <= {backup.file for backup in list_daily_backups(folder)}


def test_another_file_in_the_states_place_is_not_copied_over_good_copies(
    state: State, address: str, folder: Path, file: Path
) -> None:
    make_for_days(state, address, folder, 1)
    file.unlink()
    open_state(address).close()
    with pytest.raises(DataError, match="was deleted or replaced"):
        make_daily_backup(state, address, folder, NOW + 2 * DAY)
    assert len(list_daily_backups(folder)) == 1


def test_what_a_copy_that_was_cut_short_left_is_removed_a_day_later(state: State, address: str, folder: Path) -> None:
    halves = folder / f"{PARTIAL_PREFIX}old", folder / f"{PARTIAL_PREFIX}new"
    for half, age in zip(halves, (2 * DAY, HOUR), strict=True):
        half.mkdir(parents=True)
        (half / "state.db").write_bytes(b"half")
        os.utime(half, times=((NOW - age).timestamp(),) * 2)
    make_daily_backup(state, address, folder, NOW)
    assert [half.exists() for half in halves] == [False, True]


def test_a_folder_that_cant_be_written_is_one_sentence_also_before_a_backup_is_due(
    state: State, address: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_daily_backup(state, address, folder, NOW)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("bot.state.protection.tempfile.TemporaryDirectory", refuse)
    with pytest.raises(DataError) as refused:
        make_daily_backup(state, address, folder, NOW + HOUR)
    assert str(refused.value) == (
        f"Backups can't be written to {folder}: Permission denied; let gapbrief's user write there,"
        " or set GAPBRIEF_BACKUP_DIR to another."
    )


def test_a_folder_where_a_file_is_in_the_way_is_one_sentence(state: State, address: str, file: Path) -> None:
    with pytest.raises(DataError, match=r"Not a directory; .* or set GAPBRIEF_BACKUP_DIR to another\.$"):
        make_daily_backup(state, address, file / "below", NOW)


def test_a_database_server_has_copies_of_its_own() -> None:
    assert backup_folder("postgresql+psycopg://somebody@example.org/state", Path("copies")) is None


# ---- a state that is gone


@pytest.mark.parametrize("attack", [os.unlink, partial(os.truncate, length=0)], ids=["deleted", "emptied"])
def test_no_empty_state_takes_the_place_of_one_that_is_gone(
    state: State, settings: Settings, address: str, folder: Path, file: Path, attack: Callable[[Path], None]
) -> None:
    make_for_days(state, address, folder, 1)
    state.close()
    attack(file)
    (copy,) = list_daily_backups(folder)
    with pytest.raises(DataError) as refused:
        open_state_of(settings)
    assert str(refused.value) == (
        f"The state {file} is gone, and there is a copy of 2026-11-25 09:00 UTC: `gapbrief state restore {copy.file}`"
        " puts it back, `gapbrief state new` begins without it."
    )
    assert not file.exists() or file.stat().st_size == 0
    restore_backup(address, copy.file, NOW)
    with closing(open_state_of(settings)) as opened:
        assert read_note(opened, "hour") == "0"


def test_a_folder_that_is_gone_with_the_state_is_made_anew_by_a_copy_from_elsewhere(
    tmp_path: Path, folder: Path
) -> None:
    inside = tmp_path / "volume" / "state.db"
    address = f"sqlite:///{inside}"
    settings = Settings(tmp_path / "evidence.db", tmp_path, address, backup_dir=folder)
    with closing(open_state_of(settings)) as opened:
        make_for_days(opened, address, folder, 1)
    shutil.rmtree(inside.parent)
    with pytest.raises(DataError, match="is gone, and there is a copy"):
        open_state_of(settings)
    assert not inside.parent.exists()
    restore_backup(address, list_daily_backups(folder)[0].file, NOW)
    assert stat.S_IMODE(inside.parent.stat().st_mode) == 0o700
    with closing(open_state_of(settings)) as opened:
        assert read_note(opened, "hour") == "0"


def test_a_state_that_cant_be_seen_is_none_that_is_gone(run: Run, tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / ('x' * 300)}"
    for words in (("newsroom", "list"), ("state", "new")):
        refused = run(*words, GAPBRIEF_STATE_URL=address)
        assert (refused.exit_code, refused.output.count("\n")) == (1, 1)
        assert "can't be seen (File name too long); start gapbrief as its owner." in refused.output
    assert "wrong  state            The state at " in run("doctor", GAPBRIEF_STATE_URL=address).stdout


def test_a_first_start_makes_it_and_so_does_who_asks_for_a_new_one(
    run: Run, state: State, settings: Settings, address: str, folder: Path, file: Path
) -> None:
    make_for_days(state, address, folder, 1)
    state.close()
    taken = run("state", "new", GAPBRIEF_STATE_URL=address)
    assert (taken.exit_code, taken.output.count("\n")) == (2, 1)
    file.unlink()
    assert run("newsroom", "list", GAPBRIEF_STATE_URL=address).exit_code == 1
    assert "wrong  state            The state " in run("doctor", GAPBRIEF_STATE_URL=address).stdout
    assert run("state", "new", GAPBRIEF_STATE_URL=address).exit_code == 0
    assert run("newsroom", "list", GAPBRIEF_STATE_URL=address).exit_code == 0
    file.unlink()
    shutil.rmtree(folder)
    open_state_of(settings).close()


@pytest.mark.slow
def test_doctor_says_how_old_the_newest_is(run: Run, state: State, address: str, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"

    def line(name: str = "backups") -> str:
        rows = run("doctor", GAPBRIEF_STATE_URL=address, GAPBRIEF_BACKUP_DIR=str(elsewhere)).stdout
        return next(row for row in rows.splitlines() if f" {name} " in row)

    assert line() == f"–      backups          none yet; `gapbrief run` makes one a day in {elsewhere}"
    make_daily_backup(state, address, elsewhere, NOW - 400 * DAY)
    assert line().startswith("wrong  backups          the newest is ")
    make_daily_backup(state, address, elsewhere, now() - 3 * HOUR)
    assert line() == f"ok     backups          the newest is 3 hours old, in {elsewhere}"
    next(iter(list_daily_backups(elsewhere))).file.chmod(0o644)
    assert line("state's rights").startswith("wrong  state's rights   others on this machine may read state-")
