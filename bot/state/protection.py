"""What protects the state: its file is its owner's alone, and still the one that was opened; secrets are encrypted."""

import base64
import glob
import hashlib
import os
import sqlite3
import stat
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import DataError

if TYPE_CHECKING:
    from cryptography.fernet import Fernet


SIDE_FILES = ("-wal", "-shm", "-journal")
"""The endings of what SQLite keeps beside a file while it is in use, or was left there by a sudden end."""
_FILE_MODE, _FOLDER_MODE = 0o600, 0o700
_OTHERS_MODE = 0o077


class StateGoneError(DataError):
    """The state's file is not there any more: whoever asks may know it, and where it lay is not said."""

    def __init__(self) -> None:
        super().__init__(
            "The state's file was deleted or replaced while gapbrief runs, so nothing new starts until the operator"
            " has put it back."
        )


class OpenedFile:
    """A state's file in use, with what SQLite keeps beside it.

    It stays open, so that SQLite never has a reason to make one of them anew: where another one lies under a name, or
    none, what is written now would be lost at the next start.
    """

    def __init__(self, file: Path) -> None:
        self._file = file.resolve()
        self._connection = sqlite3.connect(f"{self._file.as_uri()}?mode=rw", uri=True, check_same_thread=False)
        self._connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        self._opened_ids = self._read_ids()

    def check(self) -> None:
        """Raise StateGoneError unless the file, and what is beside it, are those that were opened."""
        if self._read_ids() != self._opened_ids:
            raise StateGoneError

    def close(self) -> None:
        """Let it go."""
        self._connection.close()

    def _read_ids(self) -> list[tuple[int, int] | None]:
        side_files = [_identity(f"{self._file}{ending}") for ending in ("-wal", "-shm")]
        return [_identity(str(self._file), least=1), *side_files]


def has_content(file: Path) -> bool:
    """Whether there is a file that was not emptied; raises DataError where that can't be seen."""
    try:
        return os.stat(file).st_size > 0
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise DataError(
            f"The state at {file} can't be seen ({error.strerror}); start gapbrief as its owner."
        ) from error


def make_folder(folder: Path) -> None:
    """Make a folder, and those that it is in, for their owner alone; raises OSError where that can't be."""
    for missing in reversed(list(takewhile(lambda path: not path.exists(), (folder, *folder.parents)))):
        missing.mkdir(_FOLDER_MODE, exist_ok=True)


def make_private(file: Path) -> None:
    """Make an empty file for its owner alone; SQLite gives what it puts beside it the same rights.

    One that is there is not touched: to close it would end the locks that this process has on it. Raises OSError where
    it can't be made.
    """
    if not file.exists():
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, _FILE_MODE))


def restrict_files(file: Path) -> None:
    """Take a state's files from all but their owner, as an older gapbrief made them; those of others stay."""
    for path in list_exposed(file):
        if path.stat().st_uid == os.getuid():
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~_OTHERS_MODE)


def list_exposed(file: Path) -> list[Path]:
    """Return which of a state's file, what SQLite keeps beside it, its lock and its copies others may use."""
    name = glob.escape(file.name)
    return [path for pattern in (name, f"{name}[-.]*") for path in file.parent.glob(pattern) if is_exposed(path)]


def is_exposed(file: Path) -> bool:
    """Whether others on this machine may read or change a file; on Windows, whose files have other rights, never."""
    return os.name == "posix" and file.is_file() and bool(file.stat().st_mode & _OTHERS_MODE)


def _identity(path: str, *, least: int = 0) -> tuple[int, int] | None:
    """Return which file lies at a path; None where there is none, or one of fewer bytes, which was emptied."""
    try:
        status = os.stat(path)
    except OSError:
        return None  # deleted, or its folder is not there any more
    return (status.st_dev, status.st_ino) if status.st_size >= least else None


_ID_LETTERS = 16


class Keys:
    """The keys of GAPBRIEF_SECRET_KEY, by the ids under which the state names them; without any, nothing is encrypted.

    Each is 32 bytes in URL-safe base64, as Fernet has them.
    """

    def __init__(self, keys: Sequence[str] = ()) -> None:
        self._by_id = {hashlib.sha256(base64.urlsafe_b64decode(key)).hexdigest()[:_ID_LETTERS]: key for key in keys}
        self.first = next(iter(self._by_id), None)
        self.ids = frozenset(self._by_id)

    def encrypt(self, text: str) -> str:
        """Return a text that the first key opens; raises KeyError without any key."""
        return self._fernet(self.first).encrypt(text.encode()).decode()

    def decrypt(self, text: str, key_id: str) -> str | None:
        """Return what was encrypted with a key; None where that key is not here, or the text was changed since."""
        from cryptography.fernet import InvalidToken

        try:
            return self._fernet(key_id).decrypt(text).decode()
        except (KeyError, InvalidToken):
            return None

    def _fernet(self, key_id: str | None) -> "Fernet":
        from cryptography.fernet import Fernet  # which takes longer to load than most commands

        return Fernet(self._by_id[key_id or ""])


def new_key() -> str:
    """Return a new key."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


NO_KEYS = Keys()
"""What holds where none is set."""
