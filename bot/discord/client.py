"""The client: what it listens to, what it loads, how it starts and stops."""

import asyncio
import gc
import time
from contextlib import suppress
from functools import cache
from typing import Any

import discord
import structlog
from discord import app_commands
from discord.ext import commands

from bot.discord import buttons, error_messages, guild_cleanup, identifying
from bot.discord.channels import Channels
from bot.discord.client_base import Client
from bot.discord.cooldown import COMPLETIONS, Cooldown
from bot.discord.custom_ids import Tokens
from bot.discord.discord_target import DiscordTarget
from bot.discord.last_questions import LastQuestions
from bot.discord.locales import CatalogueTranslator
from bot.discord.newsroom.cards import review
from bot.discord.send_priority import SendPriority
from bot.discord.shards import Shards
from bot.discord.sync import sync_if_changed
from bot.discord.tree import Tree
from bot.newsroom import publisher
from bot.newsroom.delivery import Pace
from bot.newsroom.targets import Target
from bot.pictures import chart_of
from bot.refresh import daily
from bot.scheduler import DATA, DATA_SECONDS
from bot.services import Services
from bot.state.outbox import IN_DISCORD
from core.answer import Answer
from core.questions import GapQuestion

log = structlog.get_logger("gapbrief.discord")

COGS = ("questions", "ask", "brief", "watch", "newsroom", "data", "about")
_FORGET_SECONDS = 3600.0
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # we never speak
_LONGEST_WAIT_SECONDS = 30.0
"""How long the client itself waits where Discord asks to; for longer it raises RateLimited, and the asker decides."""
_LEAVE_SECONDS, _FINISH_SECONDS = 1.0, 7.0
"""How long a gateway may take to let us go, and answers that were begun to end."""
PER_SECOND = 40.0
"""Requests to Discord that delivery begins: the rest of its 50 is for everything else."""
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


class Gapbrief(Client):
    """gapbrief in Discord."""

    def __init__(self, services: Services, shards: Shards | None = None, **options: Any) -> None:
        if shards is not None:
            options |= {"shard_ids": shards.ids, "shard_count": shards.count}
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
        self.services, self.held = services, shards
        self.channels = Channels(services.state)
        self.cooldown, self.completions, self.forms = Cooldown(), Cooldown(COMPLETIONS), Cooldown()
        self.memory, self.send_priority = LastQuestions(), SendPriority()
        self.publisher = None
        self.last_event = time.monotonic()
        self.tokens, self.shown = Tokens(), {}
        self._answering = set()
        self._told_commands = False

    async def setup_hook(self) -> None:
        """Load what is needed before the first event: names, commands, buttons of before."""
        await self.renew()
        await self.load_cogs()
        self.add_dynamic_items(*buttons.DYNAMIC)
        await self._tell_commands()
        self.services.scheduler.add(DATA, self.look_for_data, DATA_SECONDS)
        daily.start(self.services)
        self.services.scheduler.add("conversations", self.forget_old_talk, _FORGET_SECONDS)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait until Discord lets a session begin: one in some seconds, however many processes wait."""
        if self.held is None:
            await super().before_identify_hook(shard_id, initial=initial)
        else:
            await identifying.turn(self, shard_id or 0)

    async def load_cogs(self) -> None:
        """Load all commands that are not loaded yet, and what translates them."""
        await self.tree.set_translator(CatalogueTranslator())
        for name in (f"bot.discord.cogs.{cog}" for cog in COGS):
            if name not in self.extensions:
                await self.load_extension(name)

    async def _tell_commands(self) -> None:
        """Tell Discord the commands where they changed; where it does not take them, a later look for data does."""
        if self._told_commands:
            return
        try:
            await sync_if_changed(self)
            self._told_commands = True
        except error_messages.NOT_TAKEN as error:
            log.warning("commands not told to Discord; tried again in some minutes", reason=repr(error))

    def dispatch(self, event_name: str, /, *args: Any, **kwargs: Any) -> None:
        """Note that Discord is talking to us, and pass the event on; a listener would be a task for each event."""
        self.last_event = time.monotonic()
        super().dispatch(event_name, *args, **kwargs)

    async def on_ready(self) -> None:
        """Forget what those servers set that removed us while we were away."""
        await guild_cleanup.forget_removed(self)

    async def on_guild_join(self, _guild: discord.Guild) -> None:
        """Note a server that we are in from now on."""
        await guild_cleanup.forget_removed(self)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget what a server set when it removes us."""
        await self.channels.forget(guild.id)
        await guild_cleanup.forget_removed(self)

    async def on_message(self, _message: discord.Message, /) -> None:
        """Leave messages to the cog that answers questions; there are no commands by prefix."""

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        """Log what went wrong in an event that nobody waits for."""
        log.exception("event failed", event_name=event_method)

    async def look_for_data(self) -> None:
        """See if the data changed; then work out what most people ask for before they do."""
        await self._tell_commands()
        await self.renew()
        await self._draw(await self.services.answers.answer(GapQuestion()))
        _spare_the_collector()

    async def forget_old_talk(self) -> None:
        """Delete what was said a day ago, though nobody goes on with it."""
        from bot.state.conversations import Memory

        await asyncio.to_thread(Memory(self.services.state).forget_old, discord.utils.utcnow())

    async def _draw(self, answer: Answer) -> None:
        chart = chart_of(answer)
        if chart:
            await self.services.pictures.picture(chart)

    async def renew(self) -> None:
        """Read the names anew where the data changed, for questions and for what buttons stand for."""
        if await self.services.answers.refresh(self._draw):
            self.tokens = await asyncio.to_thread(Tokens, self.services.answers.names.written())

    def publish(self) -> None:
        """Post what is due from now on, to Discord as soon as it is there; again it does nothing."""
        if self.publisher is not None:
            return
        self.publisher = publisher.start(self.services, self.targets(), self.wait_until_ready)

    def targets(self) -> dict[str, Target]:
        """Return what sends to Discord, by the kinds of targets that are there."""
        return dict.fromkeys(IN_DISCORD, DiscordTarget(self, Pace(PER_SECOND).turn, review))

    async def stop(self) -> None:
        """Take no new questions, and finish the answers and posts that were begun; again it does nothing."""
        self.services.stop()
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
        publishing, self.publisher = self.publisher, None
        if publishing is not None:
            await publishing.stop()
        await self.services.scheduler.stop()

    async def close(self) -> None:
        """Stop; discord.py calls this too, where Discord ends the connection for good."""
        await self.stop()
        await super().close()
