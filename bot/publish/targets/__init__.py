"""Where briefs go: what a target is asked to do, and what can come of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.state.briefs import Kept
from bot.state.outbox import Item


@dataclass(frozen=True)
class Parcel:
    """What is to be done with a brief; `message_id` is the message that it is at the target, where there is one."""

    item: Item
    kept: Kept
    message_id: int | None = None


@dataclass(frozen=True)
class Done:
    """It was done: as a message; `crosspost` says that the channel's followers should get it too."""

    message_id: int | None = None
    crosspost: bool = False


class NotDoneError(Exception):
    """It was not done, and may be tried again: not before `wait` seconds, where the target said so."""

    def __init__(self, why: str, wait: float | None = None) -> None:
        super().__init__(why)
        self.wait = wait


class UnsureError(Exception):
    """It may have been done: the answer did not come, or was none."""


class RefusedError(Exception):
    """It can't be done, however often it is tried: the sentence says why, and what a moderator can do.

    `is_gone` says that what was to be changed is not there any more: nobody needs to be told.
    """

    def __init__(self, why: str, *, is_gone: bool = False) -> None:
        super().__init__(why)
        self.is_gone = is_gone


class CannotLookError(Exception):
    """Whether it was done can't be seen: a person has to look."""


class Target(Protocol):
    """A kind of targets."""

    async def deliver(self, parcel: Parcel, now: datetime) -> Done:
        """Do what is asked; raises NotDoneError, UnsureError or RefusedError."""
        ...

    async def look(self, parcel: Parcel, now: datetime) -> Done | None:
        """Return what was done already, None where doing it (again) is right; raises CannotLookError and the others."""
        ...
