"""Copies of the state, made while it is in use, one a day without asking; and a state put back from its copy."""

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

from sqlalchemy import URL, delete

from bot.state import conversations, notes, outbox, schedules
from bot.state.database import DAMAGE, State, file_of, list_migrations, lock_state, open_state
from bot.state.protection import SIDE_FILES, has_content, make_folder, make_private
from bot.state.state_tables import NOTES
from core.errors import DataError, UsageError
from core.words import quote

_MILESTONES = "milestones"
"""The note of what was told last; without it, the first look tells nothing."""
PARTIAL_PREFIX = ".gapbrief-"
"""How the name of a folder begins in which a copy is made until it is whole."""
_ON_SERVER = "The state is in a database server; copy it with that server's own tools, such as pg_dump and pg_restore."
N_KEPT = 7
_EVERY = timedelta(days=1)
OVERDUE_AFTER = _EVERY * 2
"""The age of the newest one from which on something is wrong."""
_NAME = re.compile(r"state-(\d{8}-\d{6})\.db")
_TIME = "%Y%m%d-%H%M%S"


class _DamagedError(DataError):
    """SQLite takes a file for a malformed database, or for none."""


def make_backup(address: str, file: Path, *, overwrite: bool = False) -> None:
    """Copy the state at an address into a file, whole or not at all; it may be in use.

    Raises UsageError where the file can't be written, or is there already and may not be overwritten, and DataError
    where there is no state that can be copied.
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
    """Put a copy in the state's place, and return where the state of before is now, None where there was none.

    What the copy was about to send may have been sent since, and what was due since may have been posted: the first is
    looked up before it is sent, the second is left out. Conversations are not put back. Raises UsageError for a file
    that is no copy of a state, and DataError while somebody is at work on the state.
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
    """Bring a copy to the newest schema, and let it take nothing for granted that may have happened since."""
    with closing(open_state(_address(copy))) as state, state.begin() as connection:
        outbox.distrust_pending(connection)
        schedules.set_all_checked(connection, now)
        notes.release_leases(connection)
        connection.execute(delete(NOTES).where(NOTES.c.name == _MILESTONES))
        conversations.delete_all(connection)  # some were forgotten since, as people asked for
    with closing(sqlite3.connect(copy)) as database:
        database.execute("PRAGMA journal_mode = DELETE")


def _keep_replaced(target: Path, now: datetime) -> Path | None:
    """Keep a copy of the state of before under another name; one that is damaged is kept as it is."""
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
    """Whether any lease of a state still runs, whatever its version."""
    now_text = f"{now.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"  # as SQLite holds a moment
    with _open_raw(state) as database:
        if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'leases'").fetchone():
            return False
        return database.execute("SELECT 1 FROM leases WHERE until >= ?", (now_text,)).fetchone() is not None


def _copy(source: Path, target: Path, *, at_rest: bool = False) -> None:
    """Copy a database as it is at one moment, though others write to it."""
    with _open_raw(source, at_rest=at_rest) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
        new.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it


def _check(file: Path) -> None:
    """Raise UsageError for a file that is no whole state, DataError for one of a newer gapbrief."""
    schema = _schema(file)
    if schema is None:
        raise UsageError(
            f"{quote(str(file))} is not a complete backup of a state; give one that `gapbrief state backup` wrote."
        )
    if schema > list_migrations()[-1]:
        raise DataError(f"The copy was written by a newer gapbrief (schema {schema}); install that version.")


def _schema(file: Path) -> str | None:
    """Return the schema of the whole state in a file at rest, None where it holds none."""
    schema: str | None = None
    with suppress(DataError), _open_raw(file, at_rest=True) as database:
        names = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        is_whole = database.execute("PRAGMA quick_check").fetchall() == [("ok",)]
        if is_whole and {"alembic_version", "notes", "guilds"} <= names:
            (schema,) = database.execute("SELECT max(version_num) FROM alembic_version").fetchone()
    return schema


@contextmanager
def _open_raw(file: Path, *, at_rest: bool = False) -> Iterator[sqlite3.Connection]:
    """Open a state as it is, whatever its version; one at rest, which nobody writes to, may be on a read-only medium.

    Raises DataError where SQLite can't use it.
    """
    is_alone = not any(Path(f"{file}{ending}").exists() for ending in SIDE_FILES)
    mode = "ro&immutable=1" if at_rest and is_alone else "rw"
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode={mode}", uri=True)) as database:
            yield database
    except sqlite3.Error as error:
        problem = _DamagedError if getattr(error, "sqlite_errorcode", 0) & 0xFF in DAMAGE else DataError
        raise problem(f"The state at {file} can't be copied ({error}).") from error


@contextmanager
def _replace_whole(file: Path) -> Iterator[Path]:
    """Yield a file to write, beside another one whose place it takes at the end; on an error nothing is changed."""
    try:
        folder = Path(tempfile.mkdtemp(prefix=PARTIAL_PREFIX, dir=file.resolve().parent))
    except OSError as error:
        raise UsageError(f"{quote(str(file))} can't be written ({error.strerror}); give another file.") from None
    try:
        partial = folder / "state.db"
        make_private(partial)
        yield partial
        with partial.open("rb") as copy:
            os.fsync(copy.fileno())
        for ending in SIDE_FILES:  # what belongs to the file of before
            with suppress(FileNotFoundError):
                Path(f"{file}{ending}").unlink()
        partial.replace(file)
    except OSError as error:
        raise UsageError(f"{quote(str(file))} can't be written ({error.strerror}); give another file.") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _file(address: str) -> Path:
    """Return the file of a state; raises DataError where it is in none."""
    file = file_of(address)
    if file is None:
        raise DataError(_ON_SERVER)
    return file.resolve()


def _address(file: Path) -> str:
    return URL.create("sqlite", database=str(file)).render_as_string(hide_password=False)


# ---- made without asking: one a day, of which the newest seven are kept


@dataclass(frozen=True)
class DailyBackup:
    """One of the copies, and when it was made."""

    file: Path
    at: datetime


def backup_folder(address: str, folder: Path | None) -> Path | None:
    """Return where the copies of a state go: a folder that is set, else one beside the state.

    None where a database server holds it, whose own tools copy it, or none is set. Raises DataError for no address.
    """
    file = file_of(address) if address else None
    return file and (folder or file.parent / "backups")


def list_daily_backups(folder: Path) -> list[DailyBackup]:
    """Return the copies in a folder, the newest one first; none where the folder can't be read."""
    backups = []
    with suppress(OSError):
        for file in folder.iterdir():
            name = _NAME.fullmatch(file.name)
            if name:
                with suppress(ValueError):  # a name of somebody's own
                    backups.append(DailyBackup(file, datetime.strptime(name[1], _TIME).replace(tzinfo=UTC)))
    return sorted(backups, key=lambda backup: backup.at, reverse=True)


def make_daily_backup(state: State, address: str, folder: Path, now: datetime) -> Path | None:
    """Copy the state where the newest copy is a day old, and remove all but the newest seven; return the new one.

    A clock that was put back counts for nothing: copies of a time to come stay, beside the seven. Raises GapbriefError
    where it can't be done: the copies of before stay then.
    """
    if any(now - _EVERY < backup.at <= now for backup in list_daily_backups(folder)):
        return None
    state.check()  # another file in its place is not what was at work
    try:
        make_folder(folder)
    except OSError as error:
        raise DataError(
            f"The folder {folder} can't be made ({error.strerror}); set GAPBRIEF_BACKUP_DIR to another."
        ) from error
    copy = folder / f"state-{now.astimezone(UTC):{_TIME}}.db"
    make_backup(address, copy, overwrite=True)
    _remove_partial(folder, now)
    for backup in [backup for backup in list_daily_backups(folder) if backup.at <= now][N_KEPT:]:
        backup.file.unlink(missing_ok=True)
    return copy


def _remove_partial(folder: Path, now: datetime) -> None:
    """Remove what a copy that was cut short, as by a loss of power, left behind a day ago or more."""
    for half in folder.glob(f"{PARTIAL_PREFIX}*"):
        if half.stat().st_mtime < (now - _EVERY).timestamp():
            shutil.rmtree(half)


def check_not_lost(address: str, folder: Path | None) -> None:
    """Raise DataError where a state is gone that there are copies of: an empty one would pass for it."""
    file, copies = file_of(address), backup_folder(address, folder)
    if file is None or copies is None or has_content(file):
        return
    newest = next(iter(list_daily_backups(copies)), None)
    if newest is not None:
        raise DataError(
            f"The state {file} is gone, and there is a copy of {newest.at:%Y-%m-%d %H:%M} UTC:"
            f" `gapbrief state restore {newest.file}` puts it back, `gapbrief state new` begins without it."
        )
