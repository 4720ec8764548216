"""Backups of the state: made while it is in use, on request or daily, and restored."""

import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import URL, delete, update

from bot.state import notes, outbox
from bot.state.database import DAMAGE, State, file_of, list_migrations, lock_state, open_state
from bot.state.protection import (
    PARTIAL_PREFIX,
    SIDE_FILES,
    explain_unwritable,
    has_content,
    make_folder,
    make_private,
)
from bot.state.state_tables import LEASES, SCHEDULES, TURNS
from core.errors import DataError, UsageError
from core.store.file import explain_write_error, is_disk_full
from core.words import quote

_MILESTONES = "milestones"
"""The note of reported milestones; without it, the next run reports nothing."""
_ON_SERVER = "The state is in a database server; copy it with that server's own tools, such as pg_dump and pg_restore."
N_KEPT = 7
_EVERY = timedelta(days=1)
OVERDUE_AFTER = _EVERY * 2
"""The age of the latest backup above which something is wrong."""
_NAME = re.compile(r"state-(\d{8}-\d{6})\.db")
_TIME = "%Y%m%d-%H%M%S"


class _DamagedError(DataError):
    """A file is a damaged database, or none."""


def make_backup(address: str, file: Path, *, overwrite: bool = False) -> None:
    """Copy the state at an address into a file, completely or not at all; the state may be in use.

    Raises UsageError if the file can't be written or exists already, DataError if there is no state to copy.
    """
    source = _file(address)
    if not source.exists():
        raise DataError(f"There is no state at {source} yet; `gapbrief run` makes it.")
    if file.exists() and file.resolve() == source:
        raise UsageError(f"{quote(str(file))} is the state itself; give the copy another name.")
    if file.exists() and not overwrite:
        raise UsageError(f"{quote(str(file), 80)} exists already; give another name, or --force to overwrite it.")
    with _replace_whole(file) as partial:
        _copy(source, partial)
        if _schema(partial) is None:
            raise DataError(f"The state at {source} is damaged; `gapbrief state restore` restores a backup.")


def restore_backup(address: str, file: Path, now: datetime) -> Path | None:
    """Restore the state from a copy; return where the replaced state is now, None if there was none.

    Rows that were pending in the copy may have been sent since, so targets are asked first; briefs due since the copy
    are skipped. Conversations are not restored. Raises UsageError for a file that is no copy of a state, and DataError
    while the state is in use.
    """
    target = _file(address)
    if not file.is_file():
        raise UsageError(f"There is no file {quote(str(file))}; give one that `gapbrief state backup` wrote.")
    _check(file)
    with lock_state(address), _replace_whole(target) as partial:
        _copy(file, partial, at_rest=True)
        _prepare_restored(partial, now)
        replaced = _keep_replaced(target, now)
    return replaced


def _prepare_restored(copy: Path, now: datetime) -> None:
    """Migrate a copy, and prepare it for what may have happened since it was made."""
    address = URL.create("sqlite", database=str(copy)).render_as_string(hide_password=False)
    with closing(open_state(address)) as state, state.begin() as connection:
        outbox.distrust_pending(connection)
        connection.execute(update(SCHEDULES).values(checked_until=now))
        connection.execute(delete(LEASES))
        notes.remove(connection, _MILESTONES)
        connection.execute(delete(TURNS))  # people may have asked to forget some since
    with closing(sqlite3.connect(copy)) as database:
        database.execute("PRAGMA journal_mode = DELETE")


def _keep_replaced(target: Path, now: datetime) -> Path | None:
    """Copy the state that is replaced to another name; a damaged one is copied as it is."""
    if not target.exists():
        return None
    replaced = target.with_name(f"{target.name}.before-{now:%Y%m%d-%H%M%S}")
    try:
        if _is_at_work(target, now):
            raise DataError("gapbrief is using this state; stop it, wait half a minute, and try again.")
        with _replace_whole(replaced) as partial:
            _copy(target, partial)
    except _DamagedError:
        for ending in ("", *SIDE_FILES):
            damaged, copy = Path(f"{target}{ending}"), Path(f"{replaced}{ending}")
            if damaged.exists():
                make_private(copy)
                shutil.copyfile(damaged, copy)
    return replaced


def _is_at_work(state: Path, now: datetime) -> bool:
    """Whether a state of any version has a lease that still runs."""
    now_text = f"{now.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"  # SQLite's form of a moment
    with _open_raw(state) as database:
        if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'leases'").fetchone():
            return False
        return database.execute("SELECT 1 FROM leases WHERE until >= ?", (now_text,)).fetchone() is not None


def _copy(source: Path, target: Path, *, at_rest: bool = False) -> None:
    """Copy a consistent snapshot of a database that may be in use."""
    with _open_raw(source, at_rest=at_rest) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
        new.execute("PRAGMA journal_mode = DELETE")  # one file, without side files


def _check(file: Path) -> None:
    """Raise UsageError for a file that is no complete state, DataError for one by a newer gapbrief."""
    schema = _schema(file)
    if schema is None:
        raise UsageError(
            f"{quote(str(file))} is not a complete backup of a state; give one that `gapbrief state backup` wrote."
        )
    if schema > list_migrations()[-1]:
        raise DataError(f"The copy was written by a newer gapbrief (schema {schema}); install that version.")


def _schema(file: Path) -> str | None:
    """Return the schema of a complete state in a file that is not in use, None if it isn't one."""
    schema: str | None = None
    with suppress(DataError), _open_raw(file, at_rest=True) as database:
        names = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        is_whole = database.execute("PRAGMA quick_check").fetchall() == [("ok",)]
        if is_whole and {"alembic_version", "notes", "guilds"} <= names:
            (schema,) = database.execute("SELECT max(version_num) FROM alembic_version").fetchone()
    return schema


@contextmanager
def _open_raw(file: Path, *, at_rest: bool = False) -> Iterator[sqlite3.Connection]:
    """Open a state of any version; `at_rest`, nobody writes to it, and it may be on a read-only medium.

    Raises DataError if SQLite can't use it.
    """
    is_alone = not any(Path(f"{file}{ending}").exists() for ending in SIDE_FILES)
    mode = "ro&immutable=1" if at_rest and is_alone else "rw"
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode={mode}", uri=True)) as database:
            yield database
    except sqlite3.Error as error:
        problem = _DamagedError if getattr(error, "sqlite_errorcode", 0) & 0xFF in DAMAGE else DataError
        reason = "the disk is full; free some space" if is_disk_full(error, file.parent) else str(error)
        raise problem(f"The state at {file} can't be copied: {reason}.") from error


@contextmanager
def _replace_whole(file: Path) -> Iterator[Path]:
    """Yield a new file to write that finally replaces another; on an error nothing changes."""
    parent = file.resolve().parent
    try:
        with tempfile.TemporaryDirectory(prefix=PARTIAL_PREFIX, dir=parent, ignore_cleanup_errors=True) as folder:
            partial = Path(folder) / "state.db"
            make_private(partial)
            yield partial
            with partial.open("rb") as copy:
                os.fsync(copy.fileno())
            for ending in SIDE_FILES:  # they belong to the replaced file
                with suppress(FileNotFoundError):
                    Path(f"{file}{ending}").unlink()
            partial.replace(file)
    except OSError as error:
        reason = explain_write_error(error)
        raise UsageError(f"{quote(str(file))} can't be written: {reason}, or give another file.") from None


def _file(address: str) -> Path:
    """Return a state's file; raises DataError for a database server."""
    file = file_of(address)
    if file is None:
        raise DataError(_ON_SERVER)
    return file.resolve()


# ---- daily backups, of which the latest seven are kept


@dataclass(frozen=True)
class DailyBackup:
    """A daily backup, and when it was made."""

    file: Path
    at: datetime


def backup_folder(address: str, folder: Path | None) -> Path | None:
    """Return the folder for daily backups: the one that is set, or one beside the state.

    None for a database server, which has tools of its own, or without a state. Raises DataError for an invalid address.
    """
    file = file_of(address) if address else None
    return file and (folder or file.parent / "backups")


def list_daily_backups(folder: Path) -> list[DailyBackup]:
    """Return the daily backups in a folder, newest first; none if the folder can't be read."""
    backups = []
    with suppress(OSError):
        for file in folder.iterdir():
            name = _NAME.fullmatch(file.name)
            if name:
                with suppress(ValueError):  # not one of our names
                    backups.append(DailyBackup(file, datetime.strptime(name[1], _TIME).replace(tzinfo=UTC)))
    return sorted(backups, key=lambda backup: backup.at, reverse=True)


def check_folder(folder: Path) -> None:
    """Raise DataError if backups can't be written to a folder, which need not exist yet."""
    if reason := explain_unwritable(folder):
        raise DataError(f"Backups can't be written to {folder}: {reason}, or set GAPBRIEF_BACKUP_DIR to another.")


def make_daily_backup(state: State, address: str, folder: Path, now: datetime) -> Path | None:
    """Back up the state if the latest backup is a day old, and keep the latest seven; return the new backup.

    Backups from the future, made before the clock was set back, are ignored and kept. Raises GapbriefError if the
    backup fails; older ones stay then.
    """
    check_folder(folder)
    if any(now - _EVERY < backup.at <= now for backup in list_daily_backups(folder)):
        return None
    state.check()  # don't back up a file that replaced the state
    make_folder(folder)
    copy = folder / f"state-{now.astimezone(UTC):{_TIME}}.db"
    make_backup(address, copy, overwrite=True)
    _remove_partial(folder, now)
    for backup in [backup for backup in list_daily_backups(folder) if backup.at <= now][N_KEPT:]:
        backup.file.unlink(missing_ok=True)
    return copy


def _remove_partial(folder: Path, now: datetime) -> None:
    """Remove the remains of backups that were interrupted a day ago or more."""
    for partial in folder.glob(f"{PARTIAL_PREFIX}*"):
        if partial.stat().st_mtime < (now - _EVERY).timestamp():
            shutil.rmtree(partial)


def check_not_lost(address: str, folder: Path | None) -> None:
    """Raise DataError if the state is gone but has backups: an empty one must not pass for it."""
    file, copies = file_of(address), backup_folder(address, folder)
    if file is None or copies is None or has_content(file):
        return
    newest = next(iter(list_daily_backups(copies)), None)
    if newest is not None:
        raise DataError(
            f"The state {file} is gone, and there is a copy of {newest.at:%Y-%m-%d %H:%M} UTC:"
            f" `gapbrief state restore {newest.file}` puts it back, `gapbrief state new` begins without it."
        )
