"""Interactions: what a person did with the bot, and everything the bot answered, with times."""

from __future__ import annotations

import asyncio
import secrets
import time
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
        return [followup for followup in all_of_them if not followup.thinking and not followup.deleted]

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

    def __init__(self, chat: Chat, *, keep: int | None) -> None:
        self.chat = chat
        self.world = chat.world
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
        self._by_token[new.token] = new
        if self._keep is not None and len(self._by_token) > self._keep:
            del self._by_token[next(iter(self._by_token))]
        # longer than Discord's 3 s: a busy machine is to fail no test
        self._timers[new.token] = asyncio.get_running_loop().call_later(PATIENCE, self._expire, new)
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
        interaction = self._by_token.get(token)
        if interaction is None or str(interaction.id) != id:
            raise RefusedError(10062)
        return interaction

    def by_webhook(self, app: str, token: str) -> Interaction:
        """Return the interaction whose token is used as a webhook.

        Raises:
            RefusedError: 10015.
        """
        interaction = self._by_token.get(token)
        if interaction is None or app != str(self.world.bot.id) or interaction.answered_at is None:
            raise RefusedError(10015)
        return interaction

    def respond(self, interaction: Interaction, draft: Draft) -> Json:
        """Take the first answer, and return what the request is answered if it asks for it.

        Raises:
            RefusedError: Too late (10062), or answered already (40060).
        """
        if interaction.expired:
            raise RefusedError(10062)
        if interaction.answered_at is not None:
            raise RefusedError(40060)
        kind, body = draft.fields.get("type", 0), draft.fields.get("data") or {}
        self._take(interaction, Answer(kind), Draft(body, draft.files))
        interaction.answer, interaction.answered_at = Answer(kind), time.monotonic()
        if timer := self._timers.pop(interaction.token, None):
            timer.cancel()
        return self._receipt(interaction)

    def message(self, interaction: Interaction, id: str) -> Message:
        """Return a message of an interaction, "@original" or by id.

        Raises:
            RefusedError: 10008.
        """
        if id == "@original":
            messages = [interaction.original] if interaction.original else []
        else:
            messages = [
                message
                for message in (interaction.original, *interaction.followups)
                if message and str(message.id) == id
            ]
        if not messages or messages[0].deleted:
            raise RefusedError(10008)
        return messages[0]

    def follow_up(self, interaction: Interaction, draft: Draft) -> Message:
        """Write a further message; the first one after a promise takes the place of "thinking"."""
        if interaction.original and interaction.original.thinking:
            self.chat.edit(interaction.original, draft)
            message = interaction.original
        else:
            message = self._post(
                interaction, draft, kind=REPLY if interaction.original else DEFAULT, reply_to=interaction.original
            )
            interaction.followups.append(message)
        return message

    def _take(self, interaction: Interaction, answer: Answer, draft: Draft) -> None:
        kind = COMMAND_ANSWER if interaction.kind is Kind.COMMAND else DEFAULT
        if answer is Answer.MESSAGE:
            interaction.original = self._post(interaction, draft, kind=kind)
        elif answer is Answer.DEFERRED:
            interaction.original = self._post(interaction, draft, kind=kind, flags=LOADING)
        elif answer is Answer.CHOICES:
            interaction.choices = draft.fields["choices"]
        else:
            assert interaction.message
            interaction.original = interaction.message
            if answer is Answer.UPDATE:
                self.chat.edit(interaction.message, draft)

    def _post(
        self,
        interaction: Interaction,
        draft: Draft,
        *,
        kind: int,
        flags: int = 0,
        reply_to: Message | None = None,
    ) -> Message:
        flags |= int(draft.fields.get("flags") or 0) & EPHEMERAL
        return self.chat.post(
            interaction.channel,
            self.world.bot,
            draft,
            kind=kind,
            flags=flags,
            reply_to=reply_to,
            audience=interaction.user if flags & EPHEMERAL else None,
        )

    def _receipt(self, interaction: Interaction) -> Json:
        about: Json = {"id": str(interaction.id), "type": int(interaction.kind)}
        if interaction.original:
            about |= {
                "response_message_id": str(interaction.original.id),
                "response_message_loading": interaction.original.thinking,
                "response_message_ephemeral": interaction.original.private,
            }
        resource: dict[str, Any] = {"type": int(interaction.answer or 0)}
        if interaction.original and interaction.answer in (Answer.MESSAGE, Answer.UPDATE):
            resource["message"] = wire.message(interaction.original, reads=True)
        return {"interaction": about, "resource": resource}

    def _expire(self, interaction: Interaction) -> None:
        del self._timers[interaction.token]
        interaction.expired = True
