"""The client: what it listens to, what it loads, how it starts and stops."""

import asyncio
import gc
import time
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any

import discord
import structlog
from discord import app_commands
from discord.ext import commands, tasks

from bot.answers import Answers
from bot.discord import errors, membership, views
from bot.discord.channels import Channels
from bot.discord.cooldown import Cooldown
from bot.discord.memory import Memory, Place
from bot.discord.packing import Tokens
from bot.discord.precedence import Precedence
from bot.discord.show import Shown
from bot.discord.sync import sync_if_changed
from bot.discord.tree import Tree
from bot.links import chart_url
from bot.pictures import Pictures, chart_of
from bot.publish.writing import writer_of
from bot.settings import Settings
from bot.state.state import State
from core.questions import GapQuestion, Question

if TYPE_CHECKING:
    from bot.assistant.place import Place as Spoken
    from bot.assistant.reply import Reply
    from bot.publish.service import Newsroom

log = structlog.get_logger("gapbrief.discord")

COGS = ("gap", "questions", "ask", "brief", "newsroom", "about")
_LOOK_FOR_DATA_MINUTES = 5
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # we never speak
_LONGEST_WAIT_SECONDS = 30.0
"""How long the client itself waits where Discord asks to; for longer it raises RateLimited, and the asker decides."""
_LEAVE_SECONDS, _FINISH_SECONDS = 1.0, 7.0
"""How long a gateway may take to let us go, and answers that were begun to end."""
_OBJECTS = 10_000
"""After so many new objects the garbage collector looks for those that nothing holds."""


@cache
def _spare_the_collector() -> None:
    """Keep the garbage collector from what stays for good, 0.1 s each time, and from looking after every 700 objects.

    Where hundreds ask at once, what it finds is in use: it took a fifth of the time to the last first answer.
    """
    gc.freeze()
    gc.set_threshold(_OBJECTS, 10, 10)


def intents() -> discord.Intents:
    """Return the intents that are needed, none of them privileged."""
    return discord.Intents(guilds=True, guild_messages=True, dm_messages=True)


class Gapbrief(commands.AutoShardedBot):
    """gapbrief in Discord."""

    def __init__(self, settings: Settings, state: State, **options: Any) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=Tree,
            intents=intents(),
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            max_ratelimit_timeout=_LONGEST_WAIT_SECONDS,
            **options,
        )
        self.settings, self.state = settings, state
        self.answers, self.pictures = Answers(settings, state=state), Pictures()
        self.channels, self.cooldown = Channels(state), Cooldown()
        self.memory, self.precedence = Memory(), Precedence()
        self.writer = writer_of(settings, state)
        self.newsroom: Newsroom | None = None
        self.last_event = time.monotonic()
        self.tokens, self.shown = Tokens(), Shown()
        self._answering: set[asyncio.Task[Any]] = set()
        self._told_commands = False

    async def setup_hook(self) -> None:
        """Load what is needed before the first event: names, commands, buttons of before."""
        await self.renew()
        await self.load_cogs()
        self.add_dynamic_items(*views.DYNAMIC)
        await self._tell_commands()
        self.look_for_data.start()
        self.forget_old_talk.start()

    async def load_cogs(self) -> None:
        """Load all commands that are not loaded yet."""
        for name in (f"bot.discord.cogs.{cog}" for cog in COGS):
            if name not in self.extensions:
                await self.load_extension(name)

    async def _tell_commands(self) -> None:
        """Tell Discord the commands where they changed; where it does not take them, a later look for data does."""
        if self._told_commands:
            return
        try:
            await sync_if_changed(self, self.state)
            self._told_commands = True
        except errors.NOT_TAKEN as error:
            log.warning("commands not told to Discord; tried again in some minutes", reason=repr(error))

    def dispatch(self, event_name: str, /, *args: Any, **kwargs: Any) -> None:
        """Note that Discord is talking to us, and pass the event on; a listener would be a task for each event."""
        self.last_event = time.monotonic()
        super().dispatch(event_name, *args, **kwargs)

    async def on_ready(self) -> None:
        """Forget what those servers set that removed us while we were away."""
        await membership.look(self)

    async def on_guild_join(self, _guild: discord.Guild) -> None:
        """Note a server that we are in from now on."""
        await membership.look(self)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget what a server set when it removes us."""
        await self.channels.forget(guild.id)
        await membership.look(self)

    async def on_message(self, _message: discord.Message, /) -> None:
        """Leave messages to the cog that answers questions; there are no commands by prefix."""

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        """Log what went wrong in an event that nobody waits for."""
        log.exception("event failed", event_name=event_method)

    @tasks.loop(minutes=_LOOK_FOR_DATA_MINUTES)
    async def look_for_data(self) -> None:
        """See if the data changed; then work out what most people ask for before they do."""
        try:
            await self._tell_commands()
            await self.renew()
            question = GapQuestion()
            answer = self.answers.at_hand(question) or await self.answers.answer(question)
            chart = chart_of(answer)
            if chart:
                await self.pictures.picture(chart)
        except Exception:
            log.exception("the data could not be looked at")
        _spare_the_collector()

    @tasks.loop(hours=1)
    async def forget_old_talk(self) -> None:
        """Delete what was said a day ago, though nobody goes on with it."""
        from bot.assistant.memory import Memory as Talk

        try:
            await asyncio.to_thread(Talk(self.state).forget_old, discord.utils.utcnow())
        except Exception:
            log.exception("old talk could not be deleted")

    async def renew(self) -> None:
        """Read the names anew where the data changed, for questions and for what buttons stand for."""
        if await self.answers.refresh():
            self.tokens = await asyncio.to_thread(Tokens, self.answers.names.written())

    def publish(self) -> None:
        """Post what is due from now on, to Discord as soon as it is there; again it does nothing."""
        if self.newsroom is not None:
            return
        from bot.discord.newsroom.cards import review
        from bot.publish import service

        self.newsroom = service.start(self, self.state, self.settings, review=review)

    def begun(self) -> None:
        """Note that the current task answers somebody, so that a stop waits for it."""
        task = asyncio.current_task()
        if task is not None:
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)

    async def stop(self) -> None:
        """Take no new questions, and finish the answers and posts that were begun; again it does nothing."""
        self.look_for_data.cancel()
        self.forget_old_talk.cancel()
        self.answers.stop()
        with suppress(TimeoutError):
            async with asyncio.timeout(_LEAVE_SECONDS):
                await asyncio.gather(*(shard.disconnect() for shard in self.shards.values()), return_exceptions=True)
        await asyncio.gather(self._finish(), self._stop_publishing())

    async def _finish(self) -> None:
        if self._answering:
            _, late = await asyncio.wait(self._answering, timeout=_FINISH_SECONDS)
            if late:
                log.warning("stopped with answers unfinished", answers=len(late))
                self._answering -= late

    async def _stop_publishing(self) -> None:
        newsroom, self.newsroom = self.newsroom, None
        if newsroom is not None:
            await newsroom.stop()

    async def close(self) -> None:
        """Stop, and end the worker; discord.py calls this too, where Discord ends the connection for good."""
        await self.stop()
        self.pictures.close()
        await super().close()

    async def reply(self, text: str, place: Place, now: float, spoken: "Spoken") -> "Reply":
        """Read and answer what a person wrote somewhere, as it continues what the person asked there before."""
        reply = await self.answers.reply(text, self.memory.question(place, now), spoken)
        if reply.reading.question:
            self.memory.remember(place, reply.reading.question, now)
        return reply

    def picture_address(self, question: Question) -> str | None:
        """Return the address of an answer's picture, where a public one is set."""
        if self.settings.public_url is None:
            return None
        return chart_url(self.settings.public_url, question, self.answers.names.revision, dark=True)
