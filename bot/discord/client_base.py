"""What the helpers of Discord's face know of the client: the services that it carries."""

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import discord
from discord.ext import commands

from bot.assistant.assistant import count_misread
from bot.discord.channels import Channels
from bot.discord.cooldown import Cooldown
from bot.discord.custom_ids import Tokens
from bot.discord.last_questions import Asker, LastQuestions
from bot.discord.render import MessageParts
from bot.discord.send_priority import SendPriority
from bot.discord.shards import Shards
from bot.links import chart_url
from bot.newsroom.publisher import Publisher
from bot.services import Services
from core.answer import Answer
from core.questions import Question

if TYPE_CHECKING:
    from bot.assistant.reading import Reply
    from bot.state.conversation_key import ConversationKey


class Client(commands.AutoShardedBot):
    """A client of Discord with what an answer or a brief needs."""

    services: Services
    held: Shards | None
    """The shards of this process; None where it holds them all."""
    publisher: Publisher | None
    channels: Channels
    cooldown: Cooldown
    """Commands, buttons, selections and messages; `completions` and `forms` have each their own."""
    completions: Cooldown
    forms: Cooldown
    memory: LastQuestions
    send_priority: SendPriority
    tokens: Tokens
    shown: dict[Question, tuple[Answer, MessageParts]]
    """The answers that were shown last, by their questions, with the messages that show them."""
    _answering: set[asyncio.Task[Any]]

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

    def picture_address(self, question: Question) -> str | None:
        """Return the address of an answer's picture, where a public one is set."""
        public_url = self.services.settings.public_url
        return public_url and chart_url(public_url, question, self.services.answers.names.revision, dark=True)


Interaction = discord.Interaction[Client]
"""What a person does: a command, a press of a button, a form."""
