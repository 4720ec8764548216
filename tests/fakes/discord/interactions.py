"""Interactions: what a person did with the bot, and everything the bot answered, with times."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import deque
from enum import IntEnum
from typing import Any

from tests.fakes.discord import wire
from tests.fakes.discord.errors import RefusedError
from tests.fakes.discord.messages import (
    COMMAND_ANSWER,
    DEFAULT,
    EPHEMERAL,
    LOADING,
    REPLY,
    Chat,
    Draft,
    Message,
)
from tests.fakes.discord.pulse import PATIENCE, until
from tests.fakes.discord.world import Channel, Json, User

UNANSWERED = "The application did not respond"
"""What Discord shows a person whose interaction got no answer in time."""


class Kind(IntEnum):
    """The kinds of interactions, with Discord's numbers."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class Answer(IntEnum):
    """The kinds of first answers, with Discord's numbers."""

    MESSAGE = 4
    DEFERRED = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8


class Interaction:
    """One thing that a person did with the bot.

    Attributes:
        user: Who.
        channel: Where.
        kind: What kind.
        data: The command with its options, or the component, as on the wire.
        message: The message whose component was used.
        created_at: When it was sent to the bot (monotonic); `answered_at`: when the first answer was accepted.
        answer: The kind of the first answer.
        original: The message that answers; for a component that updates its message, that message.
        followups: The further messages.
        choices: What was offered to a person who types.
    """

    def __init__(
        self,
        id: int,
        user: User,
        channel: Channel,
        kind: Kind,
        data: Json,
        *,
        message: Message | None,
    ) -> None:
        self.id = id
        self.token = secrets.token_urlsafe(24)
        self.user, self.channel, self.kind, self.data, self.message = user, channel, kind, data, message
        self.guild = channel.guild
        self.created_at = time.monotonic()
        self.answered_at: float | None = None
        self.answer: Answer | None = None
        self.original: Message | None = None
        self.followups: list[Message] = []
        self.choices: list[Json] = []
        self.expired = False

    def __repr__(self) -> str:
        answer = self.answer.name.lower() if self.answer else self.error or "not answered yet"
        return f"<{self.kind.name.lower()} of {self.user.name}: {answer}>"

    @property
    def deferred(self) -> bool:
        """Whether the first answer was a promise only."""
        return self.answer in (Answer.DEFERRED, Answer.DEFERRED_UPDATE)

    @property
    def thinking(self) -> bool:
        """Whether the person still sees "is thinking..."."""
        return self.original is not None and self.original.thinking

    @property
    def messages(self) -> list[Message]:
        """The messages that the person has seen because of it: the original and the followups, less the deleted."""
        touched = self.original is not None and not (self.answer is Answer.DEFERRED_UPDATE and not self._updated)
        all_of_them = [*([self.original] if self.original and touched else []), *self.followups]
        return [each for each in all_of_them if not each.thinking and not each.deleted]

    @property
    def error(self) -> str | None:
        """What Discord shows the person if the bot failed to answer in time."""
        return UNANSWERED if self.expired else None

    @property
    def latency(self) -> float:
        """How long (seconds) the first answer took."""
        if self.answered_at is None:
            raise AssertionError(f"{self} has no answer")
        return self.answered_at - self.created_at

    async def first_answer(self, timeout: float = PATIENCE) -> Interaction:
        """Wait for the first answer, and return the interaction; raises TimeoutError where none came."""
        await until(lambda: self.answered_at or self.expired, timeout, f"the first answer to {self}")
        if self.expired:
            raise TimeoutError(f"{self}")
        return self

    async def answered(self, timeout: float = PATIENCE) -> Message:
        """Wait for a message to read ("thinking" is none), and return the last."""
        await until(lambda: self.messages, timeout, f"a message for {self}")
        return self.messages[-1]

    async def edited(self, timeout: float = PATIENCE) -> Message:
        """Wait until the original has had a second version, and return it."""
        await until(lambda: self.original and len(self.original.versions) > 1, timeout, f"an edit of {self}")
        assert self.original
        return self.original

    @property
    def _updated(self) -> bool:
        return self.original is not None and self.original.now.at > self.created_at


class Desk:
    """Where the bot's answers to interactions come in."""

    def __init__(self, chat: Chat, *, answer_within: float, keep: int | None) -> None:
        self.chat = chat
        self.world = chat.world
        self.answer_within = answer_within
        self.interactions: deque[Interaction] = deque(maxlen=keep)
        self._by_token: dict[str, Interaction] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._keep = keep

    def open(
        self,
        user: User,
        channel: Channel,
        kind: Kind,
        data: Json,
        *,
        message: Message | None = None,
    ) -> Interaction:
        """Send the bot an interaction; the time to answer runs from now."""
        new = Interaction(self.world.new_id(), user, channel, kind, data, message=message)
        self.interactions.append(new)
        self._by_token[new.token] = new
        if self._keep is not None and len(self._by_token) > self._keep:
            del self._by_token[next(iter(self._by_token))]
        self._timers[new.token] = asyncio.get_running_loop().call_later(self.answer_within, self._expire, new)
        self.world.tell("INTERACTION_CREATE", new)
        return new

    @property
    def waiting(self) -> int:
        """How many interactions are neither answered nor given up."""
        return len(self._timers)

    def close(self) -> None:
        """Stop the clocks."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    def by_id(self, id: str, token: str) -> Interaction:
        """Return the interaction of an id and token.

        Raises:
            RefusedError: 10062.
        """
        found = self._by_token.get(token)
        if found is None or str(found.id) != id:
            raise RefusedError(10062)
        return found

    def by_webhook(self, app: str, token: str) -> Interaction:
        """Return the interaction whose token is used as a webhook.

        Raises:
            RefusedError: 10015.
        """
        found = self._by_token.get(token)
        if found is None or app != str(self.world.bot.id) or found.answered_at is None:
            raise RefusedError(10015)
        return found

    def respond(self, it: Interaction, draft: Draft) -> Json:
        """Take the first answer, and return what the request is answered if it asks for it.

        Raises:
            RefusedError: Too late (10062), or answered already (40060).
        """
        if it.expired:
            raise RefusedError(10062)
        if it.answered_at is not None:
            raise RefusedError(40060)
        kind, body = draft.fields.get("type", 0), draft.fields.get("data") or {}
        self._take(it, Answer(kind), Draft(body, draft.files))
        it.answer, it.answered_at = Answer(kind), time.monotonic()
        if timer := self._timers.pop(it.token, None):
            timer.cancel()
        return self._receipt(it)

    def message(self, it: Interaction, id: str) -> Message:
        """Return a message of an interaction, "@original" or by id.

        Raises:
            RefusedError: 10008.
        """
        if id == "@original":
            found = [it.original] if it.original else []
        else:
            found = [each for each in (it.original, *it.followups) if each and str(each.id) == id]
        if not found or found[0].deleted:
            raise RefusedError(10008)
        return found[0]

    def follow_up(self, it: Interaction, draft: Draft) -> Message:
        """Write a further message; the first one after a promise takes the place of "thinking"."""
        if it.original and it.original.thinking:
            self.chat.edit(it.original, draft)
            message = it.original
        else:
            message = self._post(it, draft, kind=REPLY if it.original else DEFAULT, reply_to=it.original)
            it.followups.append(message)
        return message

    def _take(self, it: Interaction, answer: Answer, draft: Draft) -> None:
        kind = COMMAND_ANSWER if it.kind is Kind.COMMAND else DEFAULT
        if answer is Answer.MESSAGE:
            it.original = self._post(it, draft, kind=kind)
        elif answer is Answer.DEFERRED:
            it.original = self._post(it, draft, kind=kind, flags=LOADING)
        elif answer is Answer.CHOICES:
            it.choices = draft.fields["choices"]
        else:
            assert it.message
            it.original = it.message
            if answer is Answer.UPDATE:
                self.chat.edit(it.message, draft)

    def _post(
        self,
        it: Interaction,
        draft: Draft,
        *,
        kind: int,
        flags: int = 0,
        reply_to: Message | None = None,
    ) -> Message:
        flags |= int(draft.fields.get("flags") or 0) & EPHEMERAL
        return self.chat.post(
            it.channel,
            self.world.bot,
            draft,
            kind=kind,
            flags=flags,
            reply_to=reply_to,
            audience=it.user if flags & EPHEMERAL else None,
        )

    def _receipt(self, it: Interaction) -> Json:
        about: Json = {"id": str(it.id), "type": int(it.kind)}
        if it.original:
            about |= {
                "response_message_id": str(it.original.id),
                "response_message_loading": it.original.thinking,
                "response_message_ephemeral": it.original.private,
            }
        resource: dict[str, Any] = {"type": int(it.answer or 0)}
        if it.original and it.answer in (Answer.MESSAGE, Answer.UPDATE):
            resource["message"] = wire.message(it.original, reads=True)
        return {"interaction": about, "resource": resource}

    def _expire(self, it: Interaction) -> None:
        del self._timers[it.token]
        it.expired = True
