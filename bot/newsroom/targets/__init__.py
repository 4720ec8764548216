"""Where briefs go: what a target is asked to do, and what can come of it.

A kind of addresses is one file of this folder: a class, registered by its kind, that says its label, which addresses
it takes, and how it checks and delivers.
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
    """What is to be done with a brief; `message_id` or `draft_id` is what it is at the target, where it is there.

    `watches` are what the target watches of it.
    """

    item: Item
    stored: StoredBrief
    message_id: int | None = None
    draft_id: str | None = None
    watches: tuple[Watch, ...] = ()


@dataclass(frozen=True)
class Delivered:
    """It was done: as a message, or a draft; `crosspost` says that the channel's followers should get it too."""

    message_id: int | None = None
    crosspost: bool = False
    draft_id: str | None = None


class NotDoneError(Exception):
    """It was not done, and may be tried again: not before `wait` seconds, where the target said so."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class UnsureError(Exception):
    """It may have been done: the answer did not come, or was none."""


class RefusedError(Exception):
    """It can't be done, however often it is tried: the sentence says why, and what a moderator can do.

    `is_gone` says that what was to be changed is not there any more: nobody needs to be told.
    """

    def __init__(self, reason: str, *, is_gone: bool = False) -> None:
        super().__init__(reason)
        self.is_gone = is_gone


class CannotLookError(Exception):
    """Whether it was done can't be seen: a person has to look."""


class Target(Protocol):
    """A kind of targets."""

    @abstractmethod
    async def deliver(self, order: DeliveryOrder, now: datetime) -> Delivered:
        """Do what is asked; raises NotDoneError, UnsureError or RefusedError."""

    @abstractmethod
    async def look_up(self, order: DeliveryOrder, now: datetime) -> Delivered | None:
        """Return what was done already, None where doing it (again) is right; raises CannotLookError and the others."""


@dataclass(frozen=True)
class CheckedAddress:
    """An address that can be added; its key or the secret to sign with, and what is said of one that is shown."""

    address: str
    secret: str | None = None
    secret_note: str = ""


class AddressTarget(Target):
    """A kind of addresses that briefs are sent to, beside Discord; `find` looks one up by the id of its row."""

    label: ClassVar[str]
    """What one of them is called, as in "webhook 3"."""
    home: ClassVar[str] = ""
    """The one address of all of a kind, which tells them apart by their keys; "" where each has its own."""

    def __init__(self, find: Callable[[int], target_rows.TargetRow | None], settings: Settings) -> None:
        self.find, self.settings = find, settings

    @staticmethod
    @abstractmethod
    def matches(address: str) -> bool:
        """Whether this kind takes an address, however wrong the rest of it is."""

    @staticmethod
    @abstractmethod
    def check(address: str) -> CheckedAddress:
        """Return an address that can be sent to; raises UsageError for another."""

    @abstractmethod
    async def test(self, target: target_rows.TargetRow, now: datetime) -> str:
        """Send a target what is marked as a test, and return what that shows; raises as `deliver`."""

    def row(self, item: Item) -> target_rows.TargetRow:
        """Return the target of an item; raises RefusedError for one that was removed, NotDoneError without its key."""
        target = self.find(item.address)
        if target is None:
            raise RefusedError(f"the {self.label} was removed", is_gone=True)
        return with_address(target)


def with_address(target: target_rows.TargetRow) -> target_rows.TargetRow:
    """Return a target that can be sent to; raises NotDoneError for one without its key."""
    if not target.address:
        raise NotDoneError(target_rows.UNREADABLE)
    return target


ADDRESSES: dict[str, type[AddressTarget]] = {}
"""The kinds of addresses that are registered; `address_kinds` returns all."""
_TAKES_THE_REST = "apprise"
"""The kind that takes, or refuses, what no other kind matches."""


def register(kind: str) -> Callable[[type[AddressTarget]], type[AddressTarget]]:
    """Let a class be what sends to targets of a kind, as the state names it."""

    def keep(cls: type[AddressTarget]) -> type[AddressTarget]:
        ADDRESSES[kind] = cls
        return cls

    return keep


def address_kinds() -> dict[str, type[AddressTarget]]:
    """Return every kind of addresses, those of this folder among them."""
    _import_all()
    return ADDRESSES


@cache
def _import_all() -> None:
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")


def find_kind(address: str) -> str:
    """Return the kind that takes an address."""
    return next((kind for kind, cls in address_kinds().items() if cls.matches(address)), _TAKES_THE_REST)


def name_target(item: Item) -> str:
    """Return what the target of an item is called: by its name, or once it was removed as in "webhook 3"."""
    if item.name:
        return item.name
    kinds = address_kinds()
    return f"{kinds[item.kind].label if item.kind in kinds else item.kind} {item.address}"
