"""The evidence file, opened: the one place to read scores, models and sources from."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from core.store.file import BUSY_SECONDS, SCHEMA, connect, is_absent, real, refusal
from core.store.tables import fingerprint, revision

_WRITE_SECONDS = 0.1
_KEPT_RESULTS = 2000


class Store:
    """An open evidence file; use as a context manager. Not shared between threads."""

    def __init__(self, connection: sqlite3.Connection, path: Path, revision: str, writable: bool) -> None:
        self.connection, self.path, self.revision, self.writable = connection, path, revision, writable

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    def rows(self, query: str, parameters: Sequence[object] = ()) -> list[Any]:
        """Run one reading query; raises DataError when the file is locked or damaged."""
        try:
            return self.connection.execute(query, parameters).fetchall()
        except sqlite3.Error as error:
            raise refusal(self.path, error) from error

    @contextmanager
    def snapshot(self) -> Iterator[str]:
        """Let several queries read one state of the file, though it be renewed meanwhile; yields its revision."""
        self.rows("BEGIN")
        try:
            self.revision = self.rows("SELECT value FROM meta WHERE key = 'revision'")[0][0]
            yield self.revision
        finally:
            self.connection.rollback()

    def kept_result(self, key: str) -> dict[str, Any] | None:
        """Return the answer that is kept for a question of this revision, if any."""
        rows = self.rows("SELECT answer FROM results WHERE key = ?", (f"{self.revision}:{key}",))
        try:
            answer = json.loads(rows[0][0]) if rows else None
        except ValueError:
            return None
        return answer if isinstance(answer, dict) else None

    def keep_result(self, key: str, answer: dict[str, Any]) -> None:
        """Keep an answer, of plain values and dataclasses, for later, unless the file was renewed since it was opened.

        Not within a snapshot.
        """
        self._write(
            (
                "INSERT OR REPLACE INTO results (key, answer)"
                " SELECT ?, ? FROM meta WHERE key = 'revision' AND value = ?",
                (f"{self.revision}:{key}", json.dumps(answer, separators=(",", ":"), default=vars), self.revision),
            ),
            ("DELETE FROM results WHERE asked <= (SELECT max(asked) FROM results) - ?", (_KEPT_RESULTS,)),
        )

    def note_fingerprint(self, seen: str) -> None:
        """Note that tables of other times have the same content, so that they need not be read again."""
        self._write(("UPDATE meta SET value = ? WHERE key = 'fingerprint'", (seen,)))

    def _write(self, *statements: tuple[str, tuple[object, ...]]) -> None:
        """Write what only saves time: a file that is read-only, locked, full or damaged is left as it is."""
        if not self.writable:
            return
        with suppress(sqlite3.Error):
            self.connection.execute(f"PRAGMA busy_timeout = {_WRITE_SECONDS * 1000:.0f}")
            with self.connection:
                for statement, parameters in statements:
                    self.connection.execute(statement, parameters)
        with suppress(sqlite3.Error):
            self.connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000:.0f}")


def open_store(path: Path, data: Path) -> Store:
    """Open the evidence file at `path`, made from the tables in `data` when absent or older than they are.

    Raises DataError when the file is damaged, locked, not gapbrief's or can't be written; it is left as it is.
    """
    path = real(path)
    seen = fingerprint(data)  # asked before the content: what is written from here on will look new next time
    if not is_absent(path):
        store, meta = _open(path)
        try:
            if meta.get("schema") == SCHEMA:
                if meta.get("fingerprint") == seen:
                    return store
                if store.revision == revision(data):
                    store.note_fingerprint(seen)
                    return store
        except BaseException:
            store.close()
            raise
        store.close()
    from core.store.making import make

    make(path, data)
    return _open(path)[0]


def _open(path: Path) -> tuple[Store, dict[str, str]]:
    connection, meta, writable = connect(path)
    return Store(connection, path, meta.get("revision", ""), writable), meta
