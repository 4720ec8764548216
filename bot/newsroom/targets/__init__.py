"""Targets of briefs: the interface of all kinds, and what a delivery can result in.

Each kind of address is a file in this folder, with a registered class that has its label, recognises and checks its
addresses, and delivers to them.
"""

import importlib
import pkgutil
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import ClassVar, Protocol

from bot.settings import Settings
from bot.state import target_rows
from bot.state.briefs import StoredBrief
from bot.state.outbox import Item
from bot.state.watches import Watch


@dataclass(frozen=True)
class DeliveryOrder:
    """An outbox item with its brief, and the id of its message or draft at the target if there is one.

    `watches` are the target's watches that match the brief.
    """

    item: Item
    stored: StoredBrief
    message_id: int | None = None
    draft_id: str | None = None
    watches: tuple[Watch, ...] = ()


@dataclass(frozen=True)
class Delivered:
    """The result of a delivery: a message or a draft; `crosspost` if the channel's followers should get it too."""

    message_id: int | None = None
    crosspost: bool = False
    draft_id: str | None = None


class NotDoneError(Exception):
    """Nothing was sent, and a retry may succeed: after `wait` seconds, if the target asked for that."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class UnsureError(Exception):
    """It may have been sent: there was no valid answer."""


class RefusedError(Exception):
    """It can't be done, even by a retry: the sentence says why, and what a moderator can do.

    With `is_gone`, the brief or its message no longer exists, and nobody needs to be told.
    """

    def __init__(self, reason: str, *, is_gone: bool = False) -> None:
        super().__init__(reason)
        self.is_gone = is_gone


class CannotLookError(Exception):
    """Whether it was sent can't be determined: a person has to look."""


class Target(Protocol):
    """A kind of target."""

    @abstractmethod
    async def deliver(self, order: DeliveryOrder, now: datetime) -> Delivered:
        """Carry out an order; raises NotDoneError, UnsureError or RefusedError."""

    @abstractmethod
    async def look_up(self, order: DeliveryOrder, now: datetime) -> Delivered | None:
        """Return what was already delivered, None if it should be delivered (again).

        Raises CannotLookError, and as `deliver`.
        """


@dataclass(frozen=True)
class CheckedAddress:
    """A valid address with its key or signing secret, and a note for a secret that is to be shown."""

    address: str
    secret: str | None = None
    secret_note: str = ""


class AddressTarget(Target):
    """A kind of target outside Discord; `find` looks up a target's row by its id."""

    label: ClassVar[str]
    """The kind's name for people, as in "webhook 3"."""
    home: ClassVar[str] = ""
    """The address that all targets of the kind share, so that only their keys differ; "" if each has its own."""

    def __init__(self, find: Callable[[int], target_rows.TargetRow | None], settings: Settings) -> None:
        self.find, self.settings = find, settings

    @staticmethod
    @abstractmethod
    def matches(address: str) -> bool:
        """Whether an address is of this kind, valid or not."""

    @staticmethod
    @abstractmethod
    def check(address: str) -> CheckedAddress:
        """Check an address; raises UsageError if it is invalid."""

    @abstractmethod
    async def test(self, target: target_rows.TargetRow, now: datetime) -> str:
        """Send a target something marked as a test, and return the result; raises as `deliver`."""

    def row(self, item: Item) -> target_rows.TargetRow:
        """Return an item's target; raises RefusedError if it was removed, NotDoneError if its key is missing."""
        target = self.find(item.address)
        if target is None:
            raise RefusedError(f"the {self.label} was removed", is_gone=True)
        return with_address(target)


def with_address(target: target_rows.TargetRow) -> target_rows.TargetRow:
    """Return a target, after checking that its address could be decrypted; raises NotDoneError if not."""
    if not target.address:
        raise NotDoneError(target_rows.UNREADABLE)
    return target


ADDRESSES: dict[str, type[AddressTarget]] = {}
"""The kinds registered so far; `address_kinds` returns all."""
_FALLBACK = "apprise"
"""The kind for addresses that no other kind matches."""


def register(kind: str) -> Callable[[type[AddressTarget]], type[AddressTarget]]:
    """Register a class for a kind of target, as named in the state."""

    def add(cls: type[AddressTarget]) -> type[AddressTarget]:
        ADDRESSES[kind] = cls
        return cls

    return add


@cache
def address_kinds() -> dict[str, type[AddressTarget]]:
    """Return all kinds of addresses, after importing the modules of this folder."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return ADDRESSES


def find_kind(address: str) -> str:
    """Return the kind of an address."""
    return next((kind for kind, cls in address_kinds().items() if cls.matches(address)), _FALLBACK)


def name_target(item: Item) -> str:
    """Return the name of an item's target, or its kind and number if it was removed, as in "webhook 3"."""
    if item.name:
        return item.name
    kinds = address_kinds()
    return f"{kinds[item.kind].label if item.kind in kinds else item.kind} {item.address}"
