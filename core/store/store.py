"""The evidence file, opened: the one place to read scores, models and sources from."""

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.errors import DataError
from core.store.build import SCHEMA, make
from core.store.tables import fingerprint, revision

_BUSY_SECONDS = 5.0
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
            raise _sentence(self.path, error) from error

    def kept_result(self, key: str) -> dict[str, Any] | None:
        """Return the answer that is kept for a question of this revision, if any."""
        found = self.rows("SELECT answer FROM results WHERE key = ?", (f"{self.revision}:{key}",))
        return json.loads(found[0][0]) if found else None

    def keep_result(self, key: str, answer: dict[str, Any]) -> None:
        """Keep an answer for later; a file that can't be written right now keeps nothing, which costs only time."""
        if not self.writable:
            return
        try:
            with self.connection:
                self.connection.execute(
                    "INSERT OR REPLACE INTO results VALUES (?, ?, coalesce((SELECT max(asked) FROM results), 0) + 1)",
                    (f"{self.revision}:{key}", json.dumps(answer, separators=(",", ":"))),
                )
                self.connection.execute(
                    "DELETE FROM results WHERE asked <= (SELECT max(asked) FROM results) - ?",
                    (_KEPT_RESULTS,),
                )
        except sqlite3.OperationalError:
            self.connection.rollback()


def open_store(path: Path, data: Path) -> Store:
    """Open the evidence file at `path`, made from the tables in `data` when absent or older than they are.

    Raises DataError when the file is damaged, locked or can't be written; it is left as it is.
    """
    try:
        if not path.exists():
            make(path, data)
        store = _open(path)
        known = dict(store.rows("SELECT key, value FROM meta"))
        if known.get("schema") == SCHEMA and known.get("fingerprint") == fingerprint(data):
            store.revision = known["revision"]
            return store
        if known.get("schema") != SCHEMA or known.get("revision") != revision(data):
            store.close()
            make(path, data)
            store = _open(path)
        _note_fingerprint(store, fingerprint(data))
        store.revision = store.rows("SELECT value FROM meta WHERE key = 'revision'")[0][0]
        return store
    except sqlite3.Error as error:
        raise _sentence(path, error) from error
    except OSError as error:
        raise DataError(f"The evidence file {path} can't be read ({error.strerror}).") from error


def _open(path: Path) -> Store:
    uri = path.absolute().as_uri()
    writable = _can_write(path)
    # A file in a folder that can't be written has no companions: nobody else changes it either.
    query = "mode=rw" if writable else "mode=ro&immutable=1"
    connection = sqlite3.connect(f"{uri}?{query}", uri=True, timeout=_BUSY_SECONDS)
    connection.execute("PRAGMA foreign_keys = ON")
    return Store(connection, path, "", writable)


def _can_write(path: Path) -> bool:
    import os

    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def _note_fingerprint(store: Store, seen: str) -> None:
    """Note that tables of other times have the same content, so that they need not be read again."""
    if store.writable:
        with store.connection:
            store.connection.execute("UPDATE meta SET value = ? WHERE key = 'fingerprint'", (seen,))


def _sentence(path: Path, error: sqlite3.Error) -> DataError:
    text = str(error)
    if "locked" in text or "busy" in text:
        return DataError(
            "The scores are being refreshed and the file is locked. Try again in a few seconds; nothing was changed."
        )
    if "no such table" in text or "not a database" in text or "malformed" in text or "disk image" in text:
        return DataError(
            f"The evidence file {path} is damaged or not gapbrief's; move it away, and gapbrief makes a new one."
        )
    return DataError(f"The evidence file {path} can't be used ({text}).")
