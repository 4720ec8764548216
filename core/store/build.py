"""Making the evidence file from the tables of `data/`, so that no half-made file is ever seen."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from core.errors import DataError
from core.store.tables import TABLES, fingerprint, read_tables, revision

SCHEMA = "1"
"""Number of the newest migration; a file of another schema is made anew."""

_BUSY_SECONDS = 30


def make(path: Path, data: Path) -> None:
    """Make or renew the evidence file at `path` from the tables in `data`.

    The new file is built and checked aside. A first file is renamed into place; an existing one is
    overwritten in one transaction, so that readers go on undisturbed. One process makes it at a time; a
    second one finds it made. Raises DataError; whatever file was there stays as it was.
    """
    from filelock import FileLock, Timeout

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{path}.lock", timeout=_BUSY_SECONDS):
            if is_current(path, data):
                return
            with _aside(path) as new:
                fill(new, data)
                _publish(new, path)
    except Timeout:
        raise DataError(
            f"The evidence file {path} is being made by another process; try again in a few seconds."
        ) from None
    except OSError as error:
        raise DataError(
            f"The evidence file {path} can't be written ({error.strerror}); "
            "make room there, or set GAPBRIEF_DB to another place."
        ) from error
    except sqlite3.Error as error:
        raise DataError(
            f"The evidence file {path} can't be written ({error}); "
            "make room there, or set GAPBRIEF_DB to another place."
        ) from error


def is_current(path: Path, data: Path) -> bool:
    """Whether a whole file of this schema and of these very tables is at `path`."""
    if not path.exists():
        return False
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            meta = dict(connection.execute("SELECT key, value FROM meta"))
    except sqlite3.OperationalError:
        return False
    return meta.get("schema") == SCHEMA and meta.get("revision") == revision(data)


@contextmanager
def _aside(path: Path) -> Iterator[Path]:
    """Yield a new file's name beside `path`; whatever becomes of it, nothing of it is left behind."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-", suffix=".new")
    os.close(handle)
    try:
        yield Path(name)
    finally:
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(name + suffix).unlink(missing_ok=True)


def fill(path: Path, data: Path) -> None:
    """Fill an empty file from the tables; raises TableError for a table that breaks its contract."""
    from sqlite_utils import Database

    from core.store.migrations import evidence

    tables = read_tables(data)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA foreign_keys = ON")
        database = Database(connection)
        evidence.apply(database)
        try:
            with database.atomic():
                for table in TABLES:
                    columns = [column.name for column in table.columns]
                    values = ", ".join(
                        "?" if name != "lab_id" or table.name == "labs" else "nullif(?, '')" for name in columns
                    )
                    connection.executemany(
                        f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({values})",  # noqa: S608 (own names)
                        tables[table.name],
                    )
                connection.executemany(
                    "INSERT INTO meta VALUES (?, ?)",
                    [("schema", SCHEMA), ("revision", revision(data)), ("fingerprint", fingerprint(data))],
                )
        except sqlite3.IntegrityError as error:
            raise DataError(
                f"The tables in {data} don't fit together ({error}); the last good data stays in use."
            ) from error
        connection.execute("PRAGMA journal_mode = WAL")


def _publish(new: Path, path: Path) -> None:
    if not path.exists():
        for suffix in ("-wal", "-shm"):  # left by a file that somebody removed: they belong to no file now
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        os.replace(new, path)
        return
    with (
        closing(sqlite3.connect(new)) as source,
        closing(sqlite3.connect(path, timeout=_BUSY_SECONDS)) as target,
    ):
        source.backup(target)
