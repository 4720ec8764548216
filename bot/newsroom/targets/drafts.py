"""Drafts in editors' systems: created once, updated while they are drafts, and never sent or published by us."""

import asyncio
import json
import re
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar

import aiohttp

from bot.guarded_session import read_address
from bot.newsroom.extras import load_extras, write_withdrawal
from bot.newsroom.formats import Extras
from bot.newsroom.targets import AddressTarget, CheckedAddress, Delivered, DeliveryOrder, RefusedError, UnsureError
from bot.newsroom.targets.target_requests import connect, retry_error
from bot.response_body import BodyError, read_limited
from bot.state.target_rows import TargetRow
from core.brief import Brief
from core.errors import UsageError

DRAFT = "draft"
_MOST_BYTES = 20_000_000
"""The largest answer that is read: a list of drafts may contain a hundred complete mails."""
_ID = re.compile(r"[\w-]{1,64}", re.ASCII)
_TOO_LARGE, _NO_KEY = 413, (401, 403)
_MISSING = (404, 410)
_FOR_NOW = (408, 409, 423, 425, 429)


class MissingError(RefusedError):
    """Nothing was found at a path."""


@dataclass(frozen=True)
class Draft:
    """The content of a draft: a brief, whose title says if it was withdrawn, and its extras.

    The `mark` identifies the draft, however an editor changes its text.
    """

    slug: str
    mark: str
    brief: Brief
    extras: Extras


class DraftTarget(AddressTarget):
    """A kind of editors' system; a target is added by the name of its kind, with a key."""

    key_form: ClassVar[str]
    """The form of a key, as a pattern."""
    key_source: ClassVar[str]
    """Where people find their key."""
    editor_path: ClassVar[str] = ""
    """The paths of a site's editor, as a pattern: its address is as good as the site's."""
    api: ClassVar[str]
    """The path that those of all requests begin with."""
    tested_part: ClassVar[str]
    """What a test reads, in words."""
    id_type: ClassVar[type] = str
    """The type of draft ids in JSON."""

    @staticmethod
    def matches(_address: str) -> bool:
        """Return False: a web address is a webhook's, unless a kind is given."""
        return False

    @classmethod
    def check(cls, address: str, key: str = "") -> CheckedAddress:
        """Check an address and its key; raises UsageError if one is invalid, without repeating the key."""
        site = re.sub(rf"{cls.editor_path}/*$", "", str(read_address(address).with_query(None)))
        key = key.strip()
        if not re.fullmatch(cls.key_form, key, re.ASCII):
            raise UsageError(f"That is no key of {cls.label}; copy it whole from {cls.key_source}.")
        return CheckedAddress(site, key)

    @abstractmethod
    def sign(self, key: str, now: datetime) -> Mapping[str, str]:
        """Return the headers that authenticate with a key."""

    @abstractmethod
    async def find_draft(self, target: TargetRow, order: DeliveryOrder, now: datetime) -> str | None:
        """Return the id of the draft with a brief, or None."""

    @abstractmethod
    async def create(self, target: TargetRow, draft: Draft, now: datetime) -> str:
        """Create a draft, and return its id."""

    @abstractmethod
    async def update(self, target: TargetRow, draft_id: str, draft: Draft, now: datetime) -> None:
        """Update a draft that is still one; raises MissingError if it was deleted."""

    @abstractmethod
    async def check_access(self, target: TargetRow, now: datetime) -> None:
        """Read something that requires the key."""

    async def deliver(self, order: DeliveryOrder, now: datetime) -> Delivered:
        """Create the draft, or update it after a correction or a withdrawal; raises as other targets."""
        target = self.row(order.item)
        if order.item.action == "post":
            draft = await asyncio.to_thread(self._write, order)
            return Delivered(draft_id=await self.create(target, draft, now))
        if order.draft_id is None:
            raise RefusedError("it was never posted there", is_gone=True)
        draft = await asyncio.to_thread(self._write, order)
        try:
            await self.update(target, order.draft_id, draft, now)
        except MissingError as error:
            raise RefusedError("an editor deleted the draft", is_gone=True) from error
        return Delivered()

    async def look_up(self, order: DeliveryOrder, now: datetime) -> Delivered | None:
        """Look for a draft that was created; repeating an update does no harm."""
        if order.item.action != "post":
            return None
        draft_id = await self.find_draft(self.row(order.item), order, now)
        return Delivered(draft_id=draft_id) if draft_id else None

    async def test(self, target: TargetRow, now: datetime) -> str:
        """Read something with the key, without creating anything; raises as `deliver`."""
        await self.check_access(target, now)
        return f"its key opens {self.label}, where a read of {self.tested_part} was tried and nothing was made"

    def _write(self, order: DeliveryOrder) -> Draft:
        stored, action = order.stored, order.item.action
        extras, _ = load_extras(self.settings, stored)
        if action == "delete":
            withdrawal = write_withdrawal(stored.brief, order.item.made_at.date())
            extras = replace(extras, notes=(withdrawal, *extras.notes))
        title = f"Withdrawn: {stored.brief.title}" if action == "delete" else stored.brief.title
        return Draft(stored.slug, order.item.nonce, replace(stored.brief, title=title, more=()), extras)

    async def ask(self, target: TargetRow, method: str, path: str, now: datetime, content: Any = None) -> Any:
        """Send an authenticated request, and return its JSON answer; raises as `deliver`, and MissingError."""
        headers = {"accept-encoding": "identity", **self.sign(target.secret or "", now)}
        address = f"{target.address}{self.api}{path}"
        async with (
            connect(target, self.label, headers) as session,
            session.request(method, address, json=content, allow_redirects=False) as response,
        ):
            if not 200 <= response.status < 300:
                raise self._explain(response, now)
            packing = response.headers.get("Content-Encoding", "")
            try:
                chunks = read_limited(response.content.iter_any(), packing, _MOST_BYTES)
                return json.loads(b"".join([chunk async for chunk in chunks]))
            except (BodyError, ValueError, RecursionError) as error:
                raise self.misread_error() from error

    def misread_error(self) -> UnsureError:
        """Return the error for an answer that the system would not give."""
        return UnsureError(f"what answered is not {self.label}")

    def read_part(self, content: Any, name: str, kind: type) -> Any:
        """Return a part of an answer; raises UnsureError if it isn't of the expected type."""
        part = content.get(name) if isinstance(content, dict) else None
        if not isinstance(part, kind):
            raise self.misread_error()
        return part

    def read_rows(self, content: Any) -> list[dict[str, Any]]:
        """Return an answer's rows; raises UnsureError if they are none."""
        if not isinstance(content, list) or not all(isinstance(row, dict) for row in content):
            raise self.misread_error()
        return content

    def read_id(self, content: Any) -> str:
        """Read a draft's id; raises UnsureError if it has none."""
        draft_id = content.get("id") if isinstance(content, dict) else None
        if type(draft_id) is not self.id_type or not _ID.fullmatch(str(draft_id)):
            raise self.misread_error()
        return str(draft_id)

    def check_is_draft(self, content: Any) -> None:
        """Raise RefusedError if it is no longer a draft."""
        if not isinstance(content, dict) or content.get("status") != DRAFT:
            raise RefusedError("it is no draft any more, and gapbrief changes drafts alone; please change it there")

    def _explain(self, response: aiohttp.ClientResponse, now: datetime) -> Exception:
        """Return the error for an unsuccessful status; the answer's body is not read."""
        status = response.status
        if status in _NO_KEY:
            return RefusedError(f"{self.label} does not take the key (status {status}); add the target with a new one")
        if status in _MISSING:
            return MissingError(f"there is no {self.label} at that address (status {status}); see that it is right")
        if status == _TOO_LARGE:
            return RefusedError(f"{self.label} says that the brief is too large (status {status})")
        if status < 400:
            return RefusedError(f"{self.label}'s address leads to another (status {status}); add the target with that")
        if status >= 500 or status in _FOR_NOW:
            return retry_error(response, now, f"{self.label} did not take it (status {status})")
        return RefusedError(f"{self.label} refuses it (status {status})")
