"""What the helpers of Discord's face know of the client: the services that it carries."""

import asyncio
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import discord
from discord.ext import commands

from bot.assistant.assistant import count_misread
from bot.discord.asking import COMPLETIONS, Asker, Cooldown, LastQuestions, SendPriority
from bot.discord.channels import Channels
from bot.discord.custom_ids import Tokens
from bot.discord.render import MessageParts
from bot.newsroom.newsroom_worker import NewsroomWorker
from bot.services import Services
from bot.settings import Settings
from bot.state.database import file_of
from core.answer import Answer
from core.errors import UsageError
from core.questions import Question
from core.words import quote

if TYPE_CHECKING:
    from bot.assistant.reading import Reply
    from bot.state.conversation_key import ConversationKey


# ---- which servers a process holds


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
        match = _SHARDS.fullmatch(text.strip())
        if match is not None:
            first, count = int(match[1]), int(match[3])
            last = first if match[2] is None else int(match[2])
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


# ---- the client


class Client(commands.AutoShardedBot):
    """A client of Discord with what an answer or a brief needs."""

    def __init__(self, services: Services, shards: Shards | None, **options: Any) -> None:
        super().__init__(**options)
        self.services = services
        self.held = shards
        """The shards of this process; None where it holds them all."""
        self.newsroom_worker: NewsroomWorker | None = None
        self.channels = Channels(services.state)
        self.cooldown, self.completions, self.forms = Cooldown(), Cooldown(COMPLETIONS), Cooldown()
        """The first is for commands, buttons, selections and messages."""
        self.memory, self.send_priority = LastQuestions(), SendPriority()
        self.tokens = Tokens()
        self.shown: dict[Question, tuple[Answer, MessageParts]] = {}
        """The answers that were shown last, by their questions, with the messages that show them."""
        self.noting_guilds = asyncio.Lock()
        """Held while it is noted which servers the bot is in."""
        self._answering: set[asyncio.Task[Any]] = set()

    def track_answer(self) -> None:
        """Note that the current task answers somebody, so that a stop waits for it."""
        task = asyncio.current_task()
        if task is not None:
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)

    async def reply(self, text: str, asker: Asker, now: float, key: "ConversationKey") -> "Reply":
        """Read and answer what a person wrote somewhere, as it continues what the person asked there before."""
        context = self.memory.context(asker, now)
        reply = await self.services.assistant.reply(text, key, datetime.now(UTC), context)
        self.memory.remember(asker, context.after(reply), now)
        if reply.reading.misread:
            await count_misread(self.services.state, reply.reading.misread, datetime.now(UTC))
        return reply


Interaction = discord.Interaction[Client]
"""What a person does: a command, a press of a button, a form."""
