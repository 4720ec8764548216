"""Which of Discord's shards a process holds; a server is in one, by its id."""

import re
from dataclasses import dataclass

from bot.settings import Settings
from bot.state.database import file_of
from core.errors import UsageError
from core.words import quote

_SHARDS = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?/([0-9]{1,5})")
_SHIFT = 22
"""Bits of an id that Discord does not divide servers by."""


@dataclass(frozen=True)
class Shards:
    """Shards from the first to the last one of so many, counted from 0; others are other processes'."""

    first: int
    last: int
    count: int

    @classmethod
    def read(cls, text: str) -> "Shards":
        """Read what a person wrote, such as "0-3/16" or "5/16"; raises UsageError for what names no shards."""
        found = _SHARDS.fullmatch(text.strip())
        if found is not None:
            first, count = int(found[1]), int(found[3])
            last = first if found[2] is None else int(found[2])
            if first <= last < count:
                return cls(first, last, count)
        raise UsageError(f"{quote(text)} does not name shards; give first-last/total, counted from 0, such as 0-3/16.")

    def __str__(self) -> str:
        return f"{self.first}{f'-{self.last}' * (self.last > self.first)}/{self.count}"

    @property
    def ids(self) -> list[int]:
        """The shards that this process holds."""
        return list(range(self.first, self.last + 1))

    def has(self, guild_id: int) -> bool:
        """Whether a server is in one of these shards."""
        return self.first <= (guild_id >> _SHIFT) % self.count <= self.last

    def check(self, settings: Settings) -> None:
        """Raise UsageError where other processes hold the other shards, and these can't share the state."""
        if len(self.ids) < self.count and file_of(settings.state_url) is not None:
            raise UsageError(
                f"--shards {self} leaves shards to other processes, and these can't share a state that is a file; set"
                " GAPBRIEF_STATE_URL to a PostgreSQL database."
            )
