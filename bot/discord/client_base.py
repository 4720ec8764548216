"""The client as its helpers see it: the services and memories that it carries."""

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
from bot.memo import Memo
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


# ---- shards


_SHARDS = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?/([0-9]{1,5})")
_SHIFT = 22
"""Low bits of an id, which Discord ignores when it assigns a shard."""


@dataclass(frozen=True)
class Shards:
    """The range of shards that this process runs, out of `count`, counted from 0."""

    first: int
    last: int
    count: int

    @classmethod
    def read(cls, text: str) -> "Shards":
        """Parse text such as "0-3/16" or "5/16"; raises UsageError for anything else."""
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
        """The ids of this process's shards."""
        return list(range(self.first, self.last + 1))

    def has(self, guild_id: int) -> bool:
        """Whether a server belongs to these shards."""
        return self.first <= (guild_id >> _SHIFT) % self.count <= self.last

    def check(self, settings: Settings) -> None:
        """Raise UsageError if several processes would need to share a state that is a file."""
        if len(self.ids) < self.count and file_of(settings.state_url) is not None:
            raise UsageError(
                f"--shards {self} leaves shards to other processes, and these can't share a state that is a file; set"
                " GAPBRIEF_STATE_URL to a PostgreSQL database."
            )


# ---- the client


_MOST_SHOWN = 200


class Client(commands.AutoShardedBot):
    """A Discord client with what answers and briefs need."""

    def __init__(self, services: Services, shards: Shards | None, **options: Any) -> None:
        super().__init__(**options)
        self.services = services
        self.held_shards = shards
        """This process's shards; None for all."""
        self.newsroom_worker: NewsroomWorker | None = None
        self.channels = Channels(services.state)
        self.cooldown, self.completions, self.forms = Cooldown(), Cooldown(COMPLETIONS), Cooldown()
        """`cooldown` covers commands, buttons, selections and messages."""
        self.warnings = Cooldown(limit=1)
        """Warnings in public: one a period, so that they don't flood the channel."""
        self.memory, self.send_priority = LastQuestions(), SendPriority()
        self.tokens = Tokens()
        self.shown_messages: Memo[Question, tuple[Answer, MessageParts]] = Memo(_MOST_SHOWN)
        """The last answers by question, with their messages."""
        self.noting_guilds = asyncio.Lock()
        """Serializes `forget_removed`."""
        self._answering: set[asyncio.Task[Any]] = set()

    def track_answer(self) -> None:
        """Track the current task, so that a stop waits for its answer."""
        task = asyncio.current_task()
        if task is not None:
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)

    async def reply(self, text: str, asker: Asker, now: float, key: "ConversationKey") -> "Reply":
        """Read and answer a person's text, as a follow-up to their last question in that channel."""
        context = self.memory.context(asker, now)
        reply = await self.services.assistant.reply(text, key, datetime.now(UTC), context)
        self.memory.remember(asker, context.after_reply(reply), now)
        if reply.reading.misread:
            await count_misread(self.services.state, reply.reading.misread, datetime.now(UTC))
        return reply


Interaction = discord.Interaction[Client]
"""A command, a button press or a form."""
