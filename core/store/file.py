"""The evidence file itself: recognise it as gapbrief's, open it, and explain in one sentence what is wrong with it."""

import errno
import os
import re
import shutil
import sqlite3
import stat
from pathlib import Path

from core.errors import DamagedError, DataError

SCHEMA = "14"
"""The number of the newest migration. A file with another schema is rebuilt."""

OWN = "tables of its own"
"""The value of `made_of` in `meta` if the file was not built from the shipped tables."""

APPLICATION_ID = 0x67617062
"""SQLite's application id ("gapb"): marks the file as gapbrief's, so that no other program's file is overwritten."""

_LEAST_BYTES = 512
"""SQLite takes a file shorter than this (one page) for an empty database."""

BUSY_SECONDS = 2.0
"""How long to wait for a file that another process has locked."""

_NO_TEXT_OR_TABLE = re.compile("no such|decode|unsupported file format")
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
LEAST_ROOM = 64 * 1024
"""Bytes that SQLite needs for its side files, even to read."""


def real_path(path: Path) -> Path:
    """Resolve links, so that every process that opens the file uses the same lock and log."""
    return Path(os.path.realpath(path))


def is_absent(path: Path) -> bool:
    """Whether there is nothing to lose at `path`: no file, or an empty one."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return True
    except OSError as error:
        raise access_error(path, error) from error
    if not stat.S_ISREG(status.st_mode):
        raise DataError(f"{path} is not a file; set GAPBRIEF_DB to a file's name, such as {path / 'evidence.db'}.")
    return status.st_size == 0


def is_disk_full(error: BaseException, folder: Path) -> bool:
    """Whether an error of SQLite or the file system is for lack of room, which SQLite may call an I/O error."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF
    if code != sqlite3.SQLITE_IOERR:
        return code == sqlite3.SQLITE_FULL or (isinstance(error, OSError) and error.errno in _FULL)
    return shutil.disk_usage(folder).free < LEAST_ROOM


def explain_write_error(error: OSError) -> str:
    """Say why a place can't be written to, and what to do about it."""
    if error.errno in _FULL:
        return "the disk is full; free some space"
    return f"{error.strerror}; let gapbrief's user write there"


def connect(path: Path, *, may_write: bool = True) -> tuple[sqlite3.Connection, dict[str, str], bool]:
    """Open an existing file; return the connection, the contents of `meta`, and whether the file is writable.

    On a full disk, a file without a log can still be read. Raises DamagedError for a damaged gapbrief file, DataError
    for a locked file or another program's. The file is left unchanged.
    """
    is_ours = Path(f"{path}.lock").exists()  # gapbrief leaves this file beside every evidence file
    is_writable = may_write and os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    if is_writable:
        query = "mode=rw"
    elif may_write and Path(f"{path}-wal").exists():  # another process may be writing: its log must be read too
        query = "mode=ro"
    else:  # SQLite can't create a log here, and nobody is writing
        query = "mode=ro&immutable=1"
    connection = None
    try:
        connection = sqlite3.connect(f"{path.as_uri()}?{query}", uri=True, timeout=BUSY_SECONDS)
        if connection.execute("PRAGMA application_id").fetchone() != (APPLICATION_ID,):
            if is_ours and path.stat().st_size < _LEAST_BYTES:
                raise _damaged_error(path)
            raise DataError(f"{path} is another program's file; set GAPBRIEF_DB to another place.")
        is_ours = True
        meta = dict(connection.execute("SELECT key, value FROM meta"))
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = NORMAL")
    except BaseException as error:
        if connection is not None:
            connection.close()
        if is_writable and is_disk_full(error, path.parent) and is_absent(Path(f"{path}-wal")):
            return connect(path, may_write=False)
        if isinstance(error, sqlite3.Error | UnicodeDecodeError):
            problem = access_error(path, error)
            raise (problem if is_ours else DataError(str(problem))) from error
        raise
    return connection, meta, is_writable


def _damaged_error(path: Path) -> DamagedError:
    return DamagedError(
        f"The evidence file {path} is damaged or not gapbrief's; move it away, and gapbrief makes a new one."
    )


def endless_error(path: Path) -> DataError:
    """Return the error for a file that was tampered with so that a query never ends."""
    return DataError(f"The evidence file {path} never stops returning rows; delete it, and gapbrief makes a new one.")


def access_error(path: Path, error: sqlite3.Error | OSError | UnicodeDecodeError) -> DataError:
    """Turn an error from SQLite or the file system, or about bytes that are not text, into one for people."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return DataError(
            "The scores are being refreshed and the file is locked. Try again in a few seconds; nothing was changed."
        )
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or _NO_TEXT_OR_TABLE.search(str(error)):
        return _damaged_error(path)
    if is_disk_full(error, path.parent):
        return DataError(
            f"The evidence file {path} can't be written, because the disk is full; "
            "make room, or set GAPBRIEF_DB to another place."
        )
    if code == sqlite3.SQLITE_INTERRUPT:
        return endless_error(path)
    reason = (isinstance(error, OSError) and error.strerror) or str(error)
    if isinstance(error, FileExistsError | NotADirectoryError):
        reason = "a file is where its folder should be"
    elif isinstance(error, FileNotFoundError):
        reason = "its folder can't be written"
    return DataError(
        f"The evidence file {path} can't be used ({reason}); "
        "make room and allow writing there, or set GAPBRIEF_DB to another place."
    )
