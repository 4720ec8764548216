"""Protects the state: its files are private to their owner and never swapped unnoticed, and secrets are encrypted."""

import base64
import glob
import hashlib
import os
import sqlite3
import stat
import tempfile
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import DataError
from core.store.file import explain_write_error

if TYPE_CHECKING:
    from cryptography.fernet import Fernet


SIDE_FILES = ("-wal", "-shm", "-journal")
"""The endings of the files that SQLite keeps beside a database in use, or leaves after a crash."""
PARTIAL_PREFIX = ".gapbrief-"
"""The prefix of folders for unfinished copies."""
_FILE_MODE, _FOLDER_MODE = 0o600, 0o700
_OTHERS_MODE = 0o077


class StateGoneError(DataError):
    """The state's file is gone; anyone may see this message, so it doesn't name the path."""

    def __init__(self) -> None:
        super().__init__(
            "The state's file was deleted or replaced while gapbrief runs, so nothing new starts until the operator"
            " has put it back."
        )


class OpenedFile:
    """A state's file in use, with SQLite's side files.

    It is kept open so that SQLite never recreates the side files: if another file, or none, is under one of the names,
    all further changes would be lost at the next start.
    """

    def __init__(self, file: Path) -> None:
        self._file = file.resolve()
        self._connection = sqlite3.connect(f"{self._file.as_uri()}?mode=rw", uri=True, check_same_thread=False)
        self._connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        self._opened_ids = self._read_ids()

    def check(self) -> None:
        """Raise StateGoneError unless the file and its side files are the ones that were opened."""
        if self._read_ids() != self._opened_ids:
            raise StateGoneError

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _read_ids(self) -> list[tuple[int, int] | None]:
        side_files = [_identity(f"{self._file}{ending}") for ending in ("-wal", "-shm")]
        return [_identity(str(self._file), least=1), *side_files]


def has_content(file: Path) -> bool:
    """Whether a file exists and is not empty; raises DataError if that can't be determined."""
    try:
        return os.stat(file).st_size > 0
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise DataError(
            f"The state at {file} can't be seen ({error.strerror}); start gapbrief as its owner."
        ) from error


def make_folder(folder: Path) -> None:
    """Create a private folder with its missing parents; raises OSError if that fails."""
    for missing in reversed(list(takewhile(lambda path: not path.exists(), (folder, *folder.parents)))):
        missing.mkdir(_FOLDER_MODE, exist_ok=True)


def find_nearest(folder: Path) -> Path:
    """Return a folder, or the nearest one above it that exists."""
    return next(path for path in (folder, *folder.absolute().parents) if path.exists())


def explain_unwritable(folder: Path) -> str | None:
    """Try whether a folder, which need not exist yet, can be written to; if not, say why and what to do about it."""
    try:
        with tempfile.TemporaryDirectory(prefix=PARTIAL_PREFIX, dir=find_nearest(folder)):
            return None
    except OSError as error:
        return explain_write_error(error)


def make_private(file: Path) -> None:
    """Create an empty private file; SQLite gives its side files the same permissions.

    An existing file is not touched, as closing it would release this process's locks on it. Raises OSError if the file
    can't be created.
    """
    if not file.exists():
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, _FILE_MODE))


def restrict_files(file: Path) -> None:
    """Make a state's files private, as older versions did not; other users' files are left alone."""
    for path in list_exposed(file):
        if path.stat().st_uid == os.getuid():
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~_OTHERS_MODE)


def list_exposed(file: Path) -> list[Path]:
    """Return those of a state's file, side files, lock and copies that others can access."""
    name = glob.escape(file.name)
    return [path for pattern in (name, f"{name}[-.]*") for path in file.parent.glob(pattern) if is_exposed(path)]


def is_exposed(file: Path) -> bool:
    """Whether others on this machine can read or change a file; always False on Windows."""
    return os.name == "posix" and file.is_file() and bool(file.stat().st_mode & _OTHERS_MODE)


def _identity(path: str, *, least: int = 0) -> tuple[int, int] | None:
    """Return the identity of the file at a path; None if it is missing or has fewer than `least` bytes."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return (status.st_dev, status.st_ino) if status.st_size >= least else None


_ID_LETTERS = 16


class Keys:
    """The keys of GAPBRIEF_SECRET_KEY, by the ids that the state has for them; without keys, nothing is encrypted.

    Each is a Fernet key: 32 bytes in URL-safe base64.
    """

    def __init__(self, keys: Sequence[str] = ()) -> None:
        self._by_id = {hashlib.sha256(base64.urlsafe_b64decode(key)).hexdigest()[:_ID_LETTERS]: key for key in keys}
        self.first = next(iter(self._by_id), None)
        self.ids = frozenset(self._by_id)

    def encrypt(self, text: str) -> str:
        """Encrypt a text with the first key; raises KeyError if there is none."""
        return self._fernet(self.first).encrypt(text.encode()).decode()

    def decrypt(self, text: str, key_id: str) -> str | None:
        """Decrypt a text; None if the key is unknown or the text was tampered with."""
        from cryptography.fernet import InvalidToken

        try:
            return self._fernet(key_id).decrypt(text).decode()
        except (KeyError, InvalidToken):
            return None

    def _fernet(self, key_id: str | None) -> "Fernet":
        from cryptography.fernet import Fernet  # loading it takes longer than most commands

        return Fernet(self._by_id[key_id or ""])


def new_key() -> str:
    """Generate a key."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


NO_KEYS = Keys()
