"""A copy of the state, made while it is in use; and a state put back from its copy."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.state import conversations, leases, outbox, schedules
from bot.state.state import open_state, schemas
from core.errors import DataError, UsageError
from core.words import quoted

NEWSROOM = "newsroom"
"""The lease of who is at work on the state."""
_OTHER = "The state is in a database server; copy it with that server's own tools, such as pg_dump and pg_restore."


def backup(address: str, file: Path, *, overwrite: bool = False) -> None:
    """Copy the state at an address into a file, whole or not at all; it may be in use.

    Raises UsageError where the file can't be written, or is there already and may not be overwritten, and DataError
    where there is no state that can be copied.
    """
    source = _file(address)
    if not source.exists():
        raise DataError(f"There is no state at {source} yet; `gapbrief run` makes it.")
    if file.exists() and file.resolve() == source.resolve():
        raise UsageError(f"{quoted(str(file))} is the state itself; give the copy another name.")
    if file.exists() and not overwrite:
        raise UsageError(f"{quoted(str(file), 80)} is there already; give another name, or --force to overwrite it.")
    with _in_its_place(file) as aside:
        _copy(source, aside)
        _check(aside)


def restore(address: str, file: Path, now: datetime) -> Path | None:
    """Put a copy in the state's place, and return where the state of before is now, None where there was none.

    What the copy was about to send may have been sent since, and what was due since may have been posted: the first is
    looked up before it is sent, the second is left out. Conversations are not put back. Raises UsageError for a file
    that is no copy of a state, and DataError while the newsroom is at work on the state.
    """
    target = _file(address)
    if not file.is_file():
        raise UsageError(f"There is no file {quoted(str(file))}; give one that `gapbrief state backup` wrote.")
    _check(file)
    with _in_its_place(target) as aside:
        _copy(file, aside)
        _make_wary(aside, now)
        before = _set_aside(address, target, now)
    return before


def _make_wary(copy: Path, now: datetime) -> None:
    """Bring a copy to the newest schema, and let it take nothing for granted that may have happened since."""
    state = open_state(_address(copy))
    try:
        with state.begin() as connection:
            outbox.distrust(connection)
            schedules.set_all_checked(connection, now)
            leases.release_all(connection)
            conversations.delete_all(connection)  # some were forgotten since, as people asked for
    finally:
        state.close()
    with closing(sqlite3.connect(copy)) as database:
        database.execute("PRAGMA journal_mode = DELETE")


def _set_aside(address: str, target: Path, now: datetime) -> Path | None:
    """Keep a copy of the state of before under another name; one that is damaged is kept as it is."""
    if not target.exists():
        return None
    before = target.with_name(f"{target.name}.before-{now:%Y%m%d-%H%M%S}")
    try:
        state = open_state(address)
    except DataError:
        shutil.copyfile(target, before)
        return before
    try:
        if leases.holder(state, NEWSROOM, now):
            raise DataError("gapbrief is at work on this state; stop it, wait half a minute, and try again.")
        _copy(target, before)
    finally:
        state.close()
    return before


def _copy(source: Path, target: Path) -> None:
    """Copy a database as it is at one moment, though others write to it."""
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)
            new.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
    except sqlite3.Error as error:
        raise DataError(f"The state at {source} can't be copied ({error}).") from error


def _check(file: Path) -> None:
    """Raise UsageError for a file that is no whole state, DataError for one of a newer gapbrief."""
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as database:
            is_whole = database.execute("PRAGMA quick_check").fetchall() == [("ok",)]
            names = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.Error:
        is_whole, names = False, set()
    if not is_whole or not {"alembic_version", "notes", "guilds"} <= names:
        raise UsageError(
            f"{quoted(str(file))} is no whole copy of a state; give one that `gapbrief state backup` wrote."
        )
    found, newest = schemas(_address(file))
    if found is None or found > newest:
        raise DataError(f"The copy was written by a newer gapbrief (schema {found}); install that version.")


@contextmanager
def _in_its_place(file: Path) -> Iterator[Path]:
    """Yield a file to write, beside another one whose place it takes at the end; on an error nothing is changed."""
    try:
        folder = Path(tempfile.mkdtemp(prefix=".gapbrief-", dir=file.resolve().parent))
    except OSError as error:
        raise UsageError(f"{quoted(str(file))} can't be written ({error.strerror}); give another file.") from None
    try:
        aside = folder / "state.db"
        yield aside
        with aside.open("rb") as whole:
            os.fsync(whole.fileno())
        for ending in ("-wal", "-shm"):  # what belongs to the file of before
            with suppress(FileNotFoundError):
                Path(f"{file}{ending}").unlink()
        aside.replace(file)
    except OSError as error:
        raise UsageError(f"{quoted(str(file))} can't be written ({error.strerror}); give another file.") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _file(address: str) -> Path:
    """Return the file of a state; raises DataError where it is in none."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:
        raise DataError("GAPBRIEF_STATE_URL is no database address; write it as sqlite:////folder/state.db.") from error
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        raise DataError(_OTHER)
    return Path(url.database)


def _address(file: Path) -> str:
    return URL.create("sqlite", database=str(file)).render_as_string(hide_password=False)
