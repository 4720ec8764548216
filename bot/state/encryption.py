"""Secrets in the state, encrypted with the operator's own keys: the first of them encrypts, all of them decrypt."""

import base64
import hashlib
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

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
