"""The open evidence file: the one place to read scores, models and sources from."""

import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

from core.errors import DamagedError, DataError, UnusableTablesError
from core.store.file import BUSY_SECONDS, OWN, SCHEMA, access_error, connect, endless_error, is_absent, real_path
from core.store.tables import fingerprint, hash_tables, shipped_folder, table_folder

if TYPE_CHECKING:
    from core.store.making import Finish

_WRITE_SECONDS = 0.1
_KEPT_RESULTS = 2000
_MOST_SECONDS, _MOST_ROWS = 20.0, 1_000_000
"""Far above gapbrief's own queries, which take milliseconds and return some thousand rows of the shipped data."""
_STEPS = 100_000
"""SQLite steps (some milliseconds) between two checks of the time limit."""


class Store:
    """An open evidence file; use as a context manager. Not shared between threads.

    `warning` says why the last good data are in use instead of the tables; "" if the tables are in use.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path, data: Path, revision: str, can_write: bool) -> None:
        self.connection, self.path, self.revision, self.can_write = connection, path, revision, can_write
        self.warning, self._data = "", data

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    def rows(self, query: str, parameters: Sequence[object] = ()) -> list[Any]:
        """Run a read query. Raises DataError if the file is locked or damaged; a damaged file is rebuilt.

        Time and rows are limited, because a view in a file that was tampered with may never end.
        """
        until = time.monotonic() + _MOST_SECONDS
        self.connection.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
        try:
            rows = self.connection.execute(query, parameters).fetchmany(_MOST_ROWS + 1)
            if len(rows) > _MOST_ROWS:
                raise endless_error(self.path)
            return rows
        except (sqlite3.Error, UnicodeDecodeError) as error:
            problem = access_error(self.path, error)
            if isinstance(problem, DamagedError) and self._mend():
                problem = DataError(f"The evidence file {self.path} was damaged and has been made anew; ask again.")
            raise problem from error
        finally:
            self.connection.set_progress_handler(None, 0)

    def _mend(self) -> bool:
        from core.store.making import mend_file

        with suppress(DataError):
            return self.can_write and mend_file(self.path, self._data)
        return False

    @contextmanager
    def snapshot(self) -> Iterator[str]:
        """Let several queries read one state of the file, even if it is rebuilt meanwhile; yields the revision."""
        self.rows("BEGIN")
        try:
            self.revision = self.rows("SELECT value FROM meta WHERE key = 'revision'")[0][0]
            yield self.revision
        finally:
            self.connection.rollback()

    def kept_result(self, key: str) -> dict[str, Any] | None:
        """Return the cached answer to a question for this revision; None if there is none."""
        rows = self.rows("SELECT answer FROM results WHERE key = ?", (f"{self.revision}:{key}",))
        checksum, _, text = str(rows[0][0]).partition(" ") if rows else ("", "", "")
        try:
            answer = json.loads(text) if checksum == _checksum(text) else None
        except ValueError:
            return None
        return answer if isinstance(answer, dict) else None

    def keep_result(self, key: str, answer: dict[str, Any]) -> None:
        """Cache an answer (plain values and dataclasses), unless the file was rebuilt since it was opened.

        Not within a snapshot.
        """
        text = json.dumps(answer, separators=(",", ":"), default=vars)
        self._write(
            (
                "INSERT OR REPLACE INTO results (key, answer)"
                " SELECT ?, ? FROM meta WHERE key = 'revision' AND value = ?",
                (f"{self.revision}:{key}", f"{_checksum(text)} {text}", self.revision),
            ),
            ("DELETE FROM results WHERE asked <= (SELECT max(asked) FROM results) - ?", (_KEPT_RESULTS,)),
        )

    def note_fingerprint(self, stamp: str) -> None:
        """Store a new fingerprint for tables with the same content, so that they need not be read again."""
        self._write(("UPDATE meta SET value = ? WHERE key = 'fingerprint'", (stamp,)))

    def note_refusal(self, stamp: str, why: str) -> None:
        """Store that tables with this fingerprint are unusable, and why, so that they need not be read again."""
        self._write(("INSERT OR REPLACE INTO meta VALUES ('refused', ?), ('refusal', ?)", (stamp, why)))

    def _write(self, *statements: tuple[str, tuple[object, ...]]) -> None:
        """Write to a cache: a file that is read-only, locked, full or damaged stays unchanged."""
        if not self.can_write:
            return
        with suppress(sqlite3.Error):
            self.connection.execute(f"PRAGMA busy_timeout = {_WRITE_SECONDS * 1000:.0f}")
            with self.connection:
                for statement, parameters in statements:
                    self.connection.execute(statement, parameters)
        with suppress(sqlite3.Error):
            self.connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000:.0f}")


def open_store(path: Path, data: Path, finish: "Finish | None" = None) -> Store:
    """Open the evidence file at `path`; build it from the tables in `data` if it is missing, damaged or outdated.

    `finish` adds to a newly built file. If the tables are unusable, the last good data are used, with a warning. Raises
    DataError if the file is locked, not gapbrief's or not writable; the file is left unchanged.
    """
    path = real_path(path)
    stamp = ""
    try:
        stamp = fingerprint(data)  # before the tables are read, so that later changes to them are noticed next time
        store = _open_current(path, data, stamp)
        if store is not None:
            return store
        from core.store.making import make_file

        make_file(path, data, finish)
        return open_made(path, data)
    except UnusableTablesError as error:
        store = _open_last_good(path, data)
        if store is None:
            raise
        store.warning = str(error)
        if stamp:
            store.note_refusal(stamp, store.warning)
        return store


def open_made(path: Path, data: Path) -> Store:
    """Open a file that was just built from the tables in `data`."""
    return _open(path, data)[0]


def _open_current(path: Path, data: Path, stamp: str) -> Store | None:
    """Open a file built from tables with this fingerprint or content, or one that has already refused these tables."""
    opened = _open_undamaged(path, data)
    if opened is None:
        return None
    store, meta = opened
    try:
        if meta.get("made_of") == OWN and table_folder(data) == shipped_folder():
            raise UnusableTablesError(
                f"The data in {data} are gone; restore them, or delete {path} to use the data that came with gapbrief."
            )
        if meta.get("schema") == SCHEMA:
            if meta.get("fingerprint") == stamp:
                return store
            if meta.get("refused") == stamp:
                store.warning = meta["refusal"]
                return store
            if store.revision == hash_tables(data):
                store.note_fingerprint(stamp)
                return store
    except BaseException:
        store.close()
        raise
    store.close()
    return None


def _open_last_good(path: Path, data: Path) -> Store | None:
    """Open the file built from earlier tables; None if there is none that is undamaged and has this schema."""
    opened = _open_undamaged(path, data)
    if opened is None:
        return None
    store, meta = opened
    if meta.get("schema") == SCHEMA:
        return store
    store.close()
    return None


def _open_undamaged(path: Path, data: Path) -> tuple[Store, dict[str, str]] | None:
    """Open a file and read its `meta`; None if the file is missing or damaged."""
    if is_absent(path):
        return None
    try:
        return _open(path, data)
    except DamagedError:
        return None


def _open(path: Path, data: Path) -> tuple[Store, dict[str, str]]:
    connection, meta, can_write = connect(path)
    return Store(connection, path, data, meta.get("revision", ""), can_write), meta


def _checksum(text: str) -> str:
    """Return a checksum that shows whether a cached answer was altered: people see its numbers."""
    return f"{crc32(text.encode()):08x}"
