"""Build the evidence file from the tables in `data/`; no reader ever sees a half-built file."""

import os
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from core.errors import DamagedError, DataError, UnusableTablesError
from core.store.file import BUSY_SECONDS, OWN, SCHEMA, access_error, connect, is_absent, real_path
from core.store.table_files import read_tables
from core.store.tables import TABLES, Tables, fingerprint, hash_tables, shipped_folder, table_folder

LOCK_SECONDS = 20.0
"""How long to wait for another process that is building the same file."""


Finish = Callable[[Path, Path], None]
"""Adds to the new file (first path) what is computed once from the tables in the folder (second path)."""


def make_file(path: Path, data: Path, finish: Finish | None = None, tables: Tables | None = None) -> None:
    """Build or rebuild the evidence file at `path` from the tables in `data`, and let `finish` add to it.

    `tables` are those in `data`, if they have just been read. The new file is built and checked beside `path`. It is
    renamed into place if there is no file yet or only a damaged one; otherwise it overwrites the file in one
    transaction, so that readers are not disturbed. Only one process builds at a time; a second one finds the file
    ready. Raises DataError; the existing file is then unchanged.
    """
    path = real_path(path)
    with _lock_file(path):
        try:
            if is_current(path, data):
                return
            is_first = is_absent(path)
        except DamagedError:
            is_first = True
        _make_aside(path, data, finish, tables, is_first=is_first)


def publish_file(new: Path, path: Path, switch: Callable[[], None]) -> None:
    """Replace the file at `path` with one built elsewhere, after `switch` has put its tables in use.

    Meanwhile readers wait, or read the old file. The new file brings its cached answers along.
    """
    path = real_path(path)
    with _lock_file(path):
        try:
            is_first = is_absent(path)
            if not is_first:
                connect(path)[0].close()
        except DamagedError:
            is_first = True
        switch()
        _replace_file(new, path, is_first=is_first)


def mend_file(path: Path, data: Path, finish: Finish | None = None) -> bool:
    """Rebuild the evidence file if it is damaged or differs from its tables; return whether it was rebuilt.

    A file built from other tables is only checked for damage. Raises DataError as `make_file` does.
    """
    path = real_path(path)
    if is_absent(path) or _is_whole(path, data):
        return False
    with _lock_file(path):
        if _is_whole(path, data):
            return False
        _make_aside(path, data, finish, None, is_first=True)
    return True


def _is_whole(path: Path, data: Path) -> bool:
    try:
        connection, meta, _ = connect(path)
        with closing(connection):
            if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:  # also checks the indexes
                return False
            if meta.get("schema") == SCHEMA and meta.get("objects") != _schema_hash(connection):
                return False
            with suppress(UnusableTablesError):
                if meta.get("schema") == SCHEMA and meta.get("revision") == hash_tables(data):
                    return not changed_tables(connection, read_tables(data))
    except DamagedError:
        return False
    except (sqlite3.Error, UnicodeDecodeError) as error:
        if isinstance(access_error(path, error), DamagedError):
            return False
        raise
    return True


def _schema_hash(connection: sqlite3.Connection) -> str:
    """Hash the definitions of tables, indexes and views: one changed letter may change an answer."""
    definitions = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name")
    return sha256(repr(definitions.fetchall()).encode()).hexdigest()


def changed_tables(connection: sqlite3.Connection, tables: Tables) -> list[str]:
    """Compare every row of a file with the tables it was built from; return the names of the tables that differ."""
    return [
        table.name
        for table in TABLES
        if Counter(connection.execute(table.select_statement())) != Counter(tables[table.name])
    ]


@contextmanager
def _lock_file(path: Path) -> Iterator[None]:
    """Let one process at a time build a file; refuse another program's file before writing anything beside it."""
    from filelock import FileLock, Timeout

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not is_absent(path):
            with suppress(DamagedError):
                connect(path)[0].close()
        Path(f"{path}.lock").touch()  # fail now: FileLock would keep waiting if this is not possible
        with FileLock(f"{path}.lock", timeout=LOCK_SECONDS):
            yield
    except Timeout:
        raise DataError(
            f"The evidence file {path} is being made by another process; try again in a few seconds."
        ) from None
    except (OSError, sqlite3.Error) as error:
        raise access_error(path, error) from error


def _make_aside(path: Path, data: Path, finish: Finish | None, tables: Tables | None, *, is_first: bool) -> None:
    with _new_file(path) as new:
        fill_file(new, data, tables)
        if finish is not None:
            finish(new, data)
        _replace_file(new, path, is_first=is_first)


def is_current(path: Path, data: Path) -> bool:
    """Whether the file at `path` has this schema and these tables; raises DataError if it is not gapbrief's."""
    if is_absent(path):
        return False
    connection, meta, _ = connect(path)
    connection.close()
    return meta.get("schema") == SCHEMA and meta.get("revision") == hash_tables(data)


@contextmanager
def _new_file(path: Path) -> Iterator[Path]:
    """Yield a new, empty file beside `path`, and remove it afterwards.

    Its name is always the same, so that the next process removes what a killed process left.
    """
    new = Path(f"{path}.new")
    _remove(new)
    try:
        new.touch()  # unlike SQLite, says why the place can't be written
        yield new
    finally:
        _remove(new)


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def fill_file(path: Path, data: Path, tables: Tables | None = None) -> None:
    """Fill an empty file from the tables, which may have been read; raises TableError for one of another form."""
    with _without_pandas():
        from sqlite_utils import Database

        from core.store.migrations import evidence

    stamp, content = fingerprint(data), hash_tables(data)
    tables = tables or read_tables(data)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = MEMORY")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA foreign_keys = ON")
        database = Database(connection, execute_plugins=False)
        evidence.apply(database)
        try:
            with database.atomic():
                for table in TABLES:
                    connection.executemany(table.insert_statement(), tables[table.name])
                meta = [
                    ("schema", SCHEMA),
                    ("revision", content),
                    ("fingerprint", stamp),
                    ("objects", _schema_hash(connection)),
                    ("made_of", OWN if table_folder(data) != shipped_folder() else "shipped tables"),
                ]
                connection.executemany("INSERT INTO meta VALUES (?, ?)", meta)
        except sqlite3.IntegrityError as error:
            raise UnusableTablesError(
                f"The tables in {data} don't fit together ({error}); the last good data stays in use."
            ) from error
        connection.execute("PRAGMA journal_mode = WAL")
    if hash_tables(data) != content:
        raise UnusableTablesError(
            f"The tables in {data} are being rewritten. Try again in a few seconds; nothing was changed."
        )


@contextmanager
def _without_pandas() -> Iterator[None]:
    """Hide pandas while sqlite_utils is imported: if installed, it would be loaded, which takes 0.6 s for nothing."""
    if "pandas" in sys.modules:
        yield
        return
    sys.modules["pandas"] = None  # type: ignore[assignment]  # Python's own way to forbid an import
    try:
        yield
    finally:
        if sys.modules.get("pandas") is None:
            sys.modules.pop("pandas", None)


def _replace_file(new: Path, path: Path, *, is_first: bool) -> None:
    if is_first:
        with new.open("rb") as file:
            os.fsync(file)
        for suffix in ("-wal", "-shm"):  # left over from a damaged or deleted file
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        os.replace(new, path)
        return
    with closing(sqlite3.connect(new)) as source, closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as target:
        source.backup(target, progress=_give_up_when_locked)


def _give_up_when_locked(status: int, remaining: int, total: int) -> None:
    """Stop a backup if its target stays locked: Python would retry for ever."""
    if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        error = sqlite3.OperationalError("database is locked")
        error.sqlite_errorcode = status
        raise error
