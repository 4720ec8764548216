"""Making the evidence file from the tables of `data/`, so that no half-made file is ever seen."""

import os
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from core.errors import DamagedError, DataError, UnusableTablesError
from core.store.file import BUSY_SECONDS, OWN, SCHEMA, connect, is_absent, real, refusal
from core.store.tables import TABLES, Value, fingerprint, read_tables, revision, shipped, table_folder

LOCK_SECONDS = 20.0
"""How long to wait for another process that is making the same file."""


Finish = Callable[[Path, Path], None]
"""Adds to a new file, at the first path, what is worked out once of the tables in the folder."""


def make(path: Path, data: Path, finish: Finish | None = None) -> None:
    """Make or renew the evidence file at `path` from the tables in `data`, and let `finish` add to it.

    The new file is built and checked aside. A first file is renamed into place, as is one for a damaged one; an
    existing one is overwritten in one transaction, so that readers go on undisturbed. One process makes it at a
    time; a second one finds it made. Raises DataError; whatever file was there stays as it was.
    """
    path = real(path)
    with _alone(path):
        try:
            if is_current(path, data):
                return
            is_first = is_absent(path)
        except DamagedError:
            is_first = True
        _make(path, data, finish, is_first=is_first)


def publish(new: Path, path: Path, switch: Callable[[], None]) -> None:
    """Put a file that was made aside in the place of the one at `path`, once `switch` put its tables in use.

    Whoever asks meanwhile waits, or reads on in the old one. Answers that the new file keeps come with it.
    """
    path = real(path)
    with _alone(path):
        try:
            is_first = is_absent(path)
            if not is_first:
                connect(path)[0].close()
        except DamagedError:
            is_first = True
        switch()
        _publish(new, path, is_first=is_first)


def mend(path: Path, data: Path, finish: Finish | None = None) -> bool:
    """Make the evidence file anew where it is damaged or not what its tables say, and return whether it was.

    A file of other tables is looked at for damage alone. Raises DataError as `make` does.
    """
    path = real(path)
    if is_absent(path) or _is_whole(path, data):
        return False
    with _alone(path):
        if _is_whole(path, data):
            return False
        _make(path, data, finish, is_first=True)
    return True


def _is_whole(path: Path, data: Path) -> bool:
    try:
        connection, meta, _ = connect(path)
        with closing(connection):
            if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:  # of indexes too
                return False
            if meta.get("schema") == SCHEMA and meta.get("objects") != _objects(connection):
                return False
            with suppress(UnusableTablesError):
                if meta.get("schema") == SCHEMA and meta.get("revision") == revision(data):
                    return not differences(connection, read_tables(data))
    except DamagedError:
        return False
    except (sqlite3.Error, UnicodeDecodeError) as error:
        if isinstance(refusal(path, error), DamagedError):
            return False
        raise
    return True


def _objects(connection: sqlite3.Connection) -> str:
    """Return a hash over how tables, indexes and views are defined: another letter in a view is another answer."""
    found = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name").fetchall()
    return sha256(repr(found).encode()).hexdigest()


def differences(connection: sqlite3.Connection, tables: Mapping[str, list[tuple[Value, ...]]]) -> list[str]:
    """Compare every row of a file with the tables that it was made from; return the names of those that differ."""
    found = []
    for table in TABLES:
        columns = ", ".join(each.name for each in table.columns)
        held = connection.execute(f"SELECT {columns} FROM {table.name}").fetchall()  # noqa: S608 (own names)
        if Counter(held) != Counter(tables[table.name]):
            found.append(table.name)
    return found


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Let one process at a time make a file; one that is not ours is refused before anything is left beside it."""
    from filelock import FileLock, Timeout

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not is_absent(path):
            with suppress(DamagedError):
                connect(path)[0].close()
        Path(f"{path}.lock").touch()  # where that can't be, FileLock would wait for it
        with FileLock(f"{path}.lock", timeout=LOCK_SECONDS):
            yield
    except Timeout:
        raise DataError(
            f"The evidence file {path} is being made by another process; try again in a few seconds."
        ) from None
    except (OSError, sqlite3.Error) as error:
        raise refusal(path, error) from error


def _make(path: Path, data: Path, finish: Finish | None, *, is_first: bool) -> None:
    with _aside(path) as new:
        fill(new, data)
        if finish is not None:
            finish(new, data)
        _publish(new, path, is_first=is_first)


def is_current(path: Path, data: Path) -> bool:
    """Whether a file of this schema and of these very tables is at `path`; DataError when it isn't gapbrief's."""
    if is_absent(path):
        return False
    connection, meta, _ = connect(path)
    connection.close()
    return meta.get("schema") == SCHEMA and meta.get("revision") == revision(data)


@contextmanager
def _aside(path: Path) -> Iterator[Path]:
    """Yield a new, empty file beside `path`; whatever becomes of it, nothing of it is left behind.

    The name is always the same, so that what a killed process left is cleared by the next one.
    """
    new = Path(f"{path}.new")
    _remove(new)
    try:
        new.touch()  # so that a place that can't be written says why, which SQLite does not
        yield new
    finally:
        _remove(new)


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def fill(path: Path, data: Path) -> None:
    """Fill an empty file from the tables; raises TableError for a table that breaks its contract."""
    with _without_pandas():
        from sqlite_utils import Database

        from core.store.migrations import evidence

    seen, noted = fingerprint(data), revision(data)
    tables = read_tables(data)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = MEMORY")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA foreign_keys = ON")
        database = Database(connection)
        evidence.apply(database)
        try:
            with database.atomic():
                for table in TABLES:
                    values = ", ".join("?" for _ in table.columns)
                    names = ", ".join(column.name for column in table.columns)
                    connection.executemany(
                        f"INSERT INTO {table.name} ({names}) VALUES ({values})",  # noqa: S608 (own names)
                        tables[table.name],
                    )
                made = [
                    ("schema", SCHEMA),
                    ("revision", noted),
                    ("fingerprint", seen),
                    ("objects", _objects(connection)),
                    ("made_of", OWN if table_folder(data) != shipped() else "shipped tables"),
                ]
                connection.executemany("INSERT INTO meta VALUES (?, ?)", made)
        except sqlite3.IntegrityError as error:
            raise UnusableTablesError(
                f"The tables in {data} don't fit together ({error}); the last good data stays in use."
            ) from error
        connection.execute("PRAGMA journal_mode = WAL")
    if revision(data) != noted:
        raise UnusableTablesError(
            f"The tables in {data} are being rewritten. Try again in a few seconds; nothing was changed."
        )


@contextmanager
def _without_pandas() -> Iterator[None]:
    """Hide pandas while sqlite_utils is imported: it would load it where installed, for 0.6 s and no use here."""
    if "pandas" in sys.modules:
        yield
        return
    sys.modules["pandas"] = None  # type: ignore[assignment]  # Python's own way to say "not to be imported"
    try:
        yield
    finally:
        if sys.modules.get("pandas") is None:
            sys.modules.pop("pandas", None)


def _publish(new: Path, path: Path, *, is_first: bool) -> None:
    if is_first:
        with new.open("rb") as file:
            os.fsync(file)
        for suffix in ("-wal", "-shm"):  # of a file that is damaged or that somebody removed: they belong to none now
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        os.replace(new, path)
        return
    with closing(sqlite3.connect(new)) as source, closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as target:
        source.backup(target, progress=_give_up_when_locked)


def _give_up_when_locked(status: int, remaining: int, total: int) -> None:
    """Stop a backup whose target stayed locked: Python would try again for ever."""
    if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        error = sqlite3.OperationalError("database is locked")
        error.sqlite_errorcode = status
        raise error
