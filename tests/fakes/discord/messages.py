"""Messages: how they are written, edited and deleted, with all their versions and the bytes of their attachments."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.discord.errors import RefusedError
from tests.fakes.discord.world import Channel, Json, User, World

CROSSPOSTED, EPHEMERAL, LOADING = 1 << 0, 1 << 6, 1 << 7
DEFAULT, REPLY, COMMAND_ANSWER = 0, 19, 20

NONCE_LIFETIME = 300.0
"""How long (seconds) a nonce is remembered."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file, with its bytes and its alt text."""

    id: int
    filename: str
    content: bytes = field(repr=False)
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """The body of a request that writes a message: its fields, and its files by number."""

    fields: Mapping[str, Any]
    files: Mapping[int, tuple[str, bytes]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Version:
    """What a message held from a time (monotonic) on."""

    at: float
    content: str = ""
    embeds: tuple[Json, ...] = ()
    components: tuple[Json, ...] = ()
    attachments: tuple[Attachment, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.content or self.embeds or self.components or self.attachments)


@dataclass(eq=False, slots=True, repr=False)
class Message:
    """A message in a channel, or one that only one person sees."""

    id: int
    channel: Channel
    author: User
    kind: int
    flags: int
    created_at: float
    """When it appeared (monotonic), be it as "thinking"."""
    versions: list[Version]
    """All it has held, newest last; none while it is "thinking"."""
    nonce: str | None = None
    reply_to: Message | None = None
    pings: frozenset[int | str] = frozenset()
    """The ids of people and roles that it notifies, and "everyone"."""
    audience: User | None = None
    """Who alone sees it, if it is private."""
    deleted_at: float | None = None

    def __repr__(self) -> str:
        return f"<message of {self.author.name} in #{self.channel.name}: {self.content!r}>"

    @property
    def now(self) -> Version:
        """What it holds."""
        return self.versions[-1] if self.versions else Version(self.created_at)

    @property
    def content(self) -> str:
        """Its text."""
        return self.now.content

    @property
    def embeds(self) -> tuple[Json, ...]:
        """Its embeds, as on the wire."""
        return self.now.embeds

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """Its files, those shown inside an embed too."""
        return self.now.attachments

    @property
    def private(self) -> bool:
        """Whether only one person sees it."""
        return bool(self.flags & EPHEMERAL)

    @property
    def thinking(self) -> bool:
        """Whether it is the placeholder of an answer that is still to come."""
        return bool(self.flags & LOADING) and not self.deleted

    @property
    def published(self) -> bool:
        """Whether it was crossposted."""
        return bool(self.flags & CROSSPOSTED)

    @property
    def deleted(self) -> bool:
        """Whether it is gone."""
        return self.deleted_at is not None

    @property
    def controls(self) -> list[Json]:
        """Its buttons and selects, in order."""
        return [component for row in self.now.components for component in row["components"]]


class Chat:
    """Writes, edits and deletes messages, and tells the bot."""

    def __init__(self, world: World, *, keep: int | None) -> None:
        self.world = world
        self._keep = keep
        self._nonces: dict[tuple[int, int, str], Message] = {}

    def post(
        self,
        channel: Channel,
        author: User,
        draft: Draft,
        *,
        kind: int = DEFAULT,
        flags: int = 0,
        reply_to: Message | None = None,
        audience: User | None = None,
        message_id: int | None = None,
    ) -> Message:
        """Write a message; with flag LOADING it is empty and "thinking".

        Args:
            channel: Where.
            author: Who writes.
            draft: The body.
            kind: Discord's message type.
            flags: Discord's flags.
            reply_to: The message that it answers.
            audience: Who alone sees it, if it is private.
            message_id: Its id, that of the post which it begins in a forum.

        Raises:
            RefusedError: It is empty.
        """
        fields = draft.fields
        nonce = None if fields.get("nonce") is None else str(fields["nonce"])
        earlier = self._nonces.get((channel.id, author.id, nonce or ""))
        if nonce and fields.get("enforce_nonce") and earlier and time.monotonic() - earlier.created_at < NONCE_LIFETIME:
            return earlier
        thinking = bool(flags & LOADING)
        versions = [] if thinking else [self._version(draft, None)]
        message = Message(
            message_id or self.world.new_id(),
            channel,
            author,
            kind,
            flags,
            time.monotonic(),
            versions,
            nonce,
            reply_to,
            frozenset() if thinking else _pings(fields, author, reply_to),
            audience,
        )
        if nonce:
            self._nonces[channel.id, author.id, nonce] = message
            _forget(self._nonces, self._keep)
        if audience is None:
            channel.messages[message.id] = message
            _forget(channel.messages, self._keep)
            self.world.tell("MESSAGE_CREATE", message)
        return message

    def edit(self, message: Message, draft: Draft) -> None:
        """Change a message's fields; those not given stay. A "thinking" message gets its first version.

        Raises:
            RefusedError: Nothing would be left.
        """
        before = message.versions[-1] if message.versions else None
        message.versions.append(self._version(draft, before))
        message.flags &= ~LOADING
        if not message.private:
            self.world.tell("MESSAGE_UPDATE", message)

    def delete(self, message: Message) -> None:
        """Delete a message."""
        message.deleted_at = time.monotonic()
        message.channel.messages.pop(message.id, None)
        if not message.private:
            self.world.tell("MESSAGE_DELETE", message)

    def _version(self, draft: Draft, before: Version | None) -> Version:
        fields = draft.fields
        before = before or Version(0)
        version = Version(
            time.monotonic(),
            str(fields.get("content") or "") if "content" in fields else before.content,
            tuple(fields.get("embeds") or ()) if "embeds" in fields else before.embeds,
            tuple(fields.get("components") or ()) if "components" in fields else before.components,
            self._attachments(draft, before.attachments),
        )
        if version.empty:
            raise RefusedError(50006)
        return version

    def _attachments(self, draft: Draft, before: Sequence[Attachment]) -> tuple[Attachment, ...]:
        listed = draft.fields.get("attachments")
        described = {str(attachment["id"]): attachment for attachment in listed or []}
        remaining = [attachment for attachment in before if listed is None or str(attachment.id) in described]
        new = [
            Attachment(self.world.new_id(), name, content, described.get(str(number), {}).get("description"))
            for number, (name, content) in sorted(draft.files.items())
        ]
        return (*remaining, *new)


def _forget(things: dict[Any, Any], keep: int | None) -> None:
    """Drop the oldest things beyond a number."""
    while keep is not None and len(things) > keep:
        del things[next(iter(things))]


def _pings(fields: Mapping[str, Any], author: User, reply_to: Message | None) -> frozenset[int | str]:
    """Return whom a message notifies, by its text and `allowed_mentions`."""
    content = str(fields.get("content") or "")
    people = {int(user_id) for user_id in re.findall(r"<@!?(\d+)>", content)}
    roles = {int(role_id) for role_id in re.findall(r"<@&(\d+)>", content)}
    everyone = bool(re.search(r"@(everyone|here)\b", content))
    allowed = fields.get("allowed_mentions")
    if allowed is not None:
        parse = allowed.get("parse") or []
        people &= people if "users" in parse else set(map(int, allowed.get("users") or []))
        roles &= roles if "roles" in parse else set(map(int, allowed.get("roles") or []))
        everyone = everyone and "everyone" in parse
    if reply_to and reply_to.author is not author and (allowed is None or allowed.get("replied_user")):
        people.add(reply_to.author.id)
    return frozenset({*people, *roles, *(["everyone"] if everyone else [])})
