"""The client: its events, cogs, start and stop, and the checks before every command."""

import asyncio
import gc
import json
import secrets
import time
from contextlib import suppress
from datetime import timedelta
from functools import cache
from math import inf
from typing import Any

import aiohttp
import discord
import structlog
from discord import app_commands
from discord.ext import commands

from bot.discord import error_messages
from bot.discord.asking import RequestLimit
from bot.discord.client_base import Client, Interaction, Shards
from bot.discord.cogs.about import About
from bot.discord.cogs.ask import Ask
from bot.discord.cogs.newsroom import Data, Newsroom
from bot.discord.cogs.questions import Brief, command_of
from bot.discord.cogs.watch import Watching
from bot.discord.components import Component
from bot.discord.custom_ids import Tokens
from bot.discord.discord_target import DiscordTarget
from bot.discord.newsroom import handlers
from bot.discord.responses import in_time
from bot.discord.sync import CatalogueTranslator, forget_ids, sync_if_changed
from bot.newsroom import newsroom_worker
from bot.newsroom.targets import Target
from bot.pictures import choose_chart
from bot.refresh import daily
from bot.scheduler import DATA, DATA_SECONDS
from bot.services import Services
from bot.state import notes
from bot.state.outbox import IN_DISCORD
from core.answer import Answer
from core.errors import GapbriefError, UsageError
from core.questions import QUESTIONS, GapQuestion
from core.words import quote

log = structlog.get_logger("gapbrief.discord")


# ---- sessions


_IDENTIFY_INTERVAL = timedelta(seconds=5.5)
"""Slightly more than Discord's 5 s, as requests may overtake each other."""
_LOOK_SECONDS = 0.25


async def wait_to_identify(bot: Client, shard_id: int) -> None:
    """Wait for a shard's turn to identify, or for Discord's interval if the turn can't be determined."""
    owner = secrets.token_hex(8)  # every call is another holder

    def hold(lease: str) -> bool:
        return notes.hold_lease(bot.services.state, lease, owner, discord.utils.utcnow(), _IDENTIFY_INTERVAL)

    try:
        limits = await bot.fetch_session_start_limits()
        while not await asyncio.to_thread(hold, f"identify {shard_id % limits.max_concurrency}"):
            await asyncio.sleep(_LOOK_SECONDS)
    except (GapbriefError, discord.DiscordException, aiohttp.ClientError) as error:
        log.warning("a shard waits for no other process's", shard=shard_id, reason=str(error))
        await asyncio.sleep(_IDENTIFY_INTERVAL.total_seconds())


# ---- servers


async def forget_removed(bot: Client) -> None:
    """Record the bot's current servers, and forget the settings of servers that removed it.

    Only this application's servers in this process's shards are forgotten, so other processes' servers stay, and so do
    servers that an operator set up in advance.
    """
    async with bot.noting_guilds:  # a call from before a removal would record that server again
        name = f"servers of {bot.application_id}"
        noted = await asyncio.to_thread(notes.read_note, bot.services.state, name)
        former, current = _read_ids(noted), {guild.id for guild in bot.guilds}
        removed = {guild for guild in former - current if bot.held_shards is None or bot.held_shards.has(guild)}
        if removed:  # confirm with Discord: the list at a start may be short in an outage
            removed -= {guild.id async for guild in bot.fetch_guilds(limit=None, with_counts=False)}
        for guild_id in removed:
            log.info("a server removed us; what it set is forgotten", guild=guild_id)
            await bot.channels.forget(guild_id)
            await forget_ids(bot, guild_id)
        if removed or current - former:
            await asyncio.to_thread(
                notes.change_note,
                bot.services.state,
                name,
                lambda note: json.dumps(sorted(_read_ids(note) - removed | current)),
            )


def _read_ids(note: str | None) -> set[int]:
    return set(json.loads(note or "[]"))


# ---- checks before every command


_ANYWHERE = ("about", "help", "forget", "newsroom", "watch", "watching", "Explain the terms")
"""Commands with private answers, which a server's list of channels does not restrict."""
_OPTION_TYPES = {
    discord.AppCommandOptionType.string: str,
    discord.AppCommandOptionType.integer: int,
    discord.AppCommandOptionType.boolean: bool,
}
CHANNELS_PATIENCE = 1.0
"""Seconds to read that list before deferring; the answer needs time too."""


class Tree(app_commands.CommandTree[Client]):
    """Checks the rate and the place of commands, and reports their errors."""

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Whether a command may run; if not, its user has been told why."""
        bot = interaction.client
        bot.track_answer()
        now = interaction.created_at.timestamp()
        if interaction.type is discord.InteractionType.autocomplete:
            offers = not bot.completions.wait(interaction.user.id, now)
            if offers and _root(interaction.command) == "newsroom":
                offers = await handlers.is_moderator(interaction)
            if not offers:
                with suppress(*error_messages.NOT_TAKEN):
                    await interaction.response.autocomplete([])
            return offers
        try:
            bot.cooldown.check(interaction.user.id, now)
            _check_options(interaction)
            command = _root(interaction.command)
            if command == "newsroom":
                await handlers.check_moderator(interaction)
            if command not in _ANYWHERE:
                look = bot.channels.check(interaction.guild_id, interaction.channel)
                private = bool(getattr(interaction.namespace, "private", False))
                await in_time(interaction, look, private=private, patience=CHANNELS_PATIENCE)
        except Exception as error:
            await self.on_error(interaction, error)
            return False
        return True

    async def on_error(self, interaction: Interaction, error: Exception, /) -> None:
        """Report the error to the user."""
        await error_messages.tell_error(interaction, error)


def _check_options(interaction: Interaction) -> None:
    """Raise UsageError for an option outside its declared type or bounds: the library does not check."""
    if not isinstance(interaction.command, app_commands.Command):
        return
    for option in interaction.command.parameters:
        value = getattr(interaction.namespace, option.display_name, None)
        kind = _OPTION_TYPES.get(option.type)
        if value is None or kind is None:
            continue
        size = len(value) if isinstance(value, str) else value
        choices = [choice.value for choice in option.choices]
        least = -inf if option.min_value is None else option.min_value
        most = inf if option.max_value is None else option.max_value
        if type(value) is not kind or (choices and value not in choices) or not least <= size <= most:
            raise UsageError(f"{quote(str(value))} does not work as {option.display_name}; choose what Discord offers.")


def _root(command: app_commands.Command[Any, ..., Any] | app_commands.ContextMenu | None) -> str | None:
    """Return a command's first word: "newsroom" for `/newsroom schedule add`."""
    if isinstance(command, app_commands.Command):
        return command.qualified_name.split()[0]
    return None if command is None else command.name


# ---- the client


_FORGET_SECONDS = 3600.0
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # we never speak
_LONGEST_WAIT_SECONDS = 30.0
"""Longest rate limit that the client waits out itself; for longer ones it raises RateLimited."""
_LEAVE_SECONDS, _FINISH_SECONDS = 1.0, 7.0
"""Time for gateways to disconnect, and for answers under way to finish."""
_PER_SECOND = 45
"""Requests to Discord, out of its 50: the rest is for another process of ours."""
_OBJECTS = 10_000
"""New objects between two runs of the garbage collector."""


@cache
def _spare_the_collector() -> None:
    """Exclude permanent objects from garbage collection (0.1 s a run), and collect less often.

    Under a burst of hundreds of questions collection frees nothing, and took a fifth of the time to the last answer.
    """
    gc.freeze()
    gc.set_threshold(_OBJECTS, 10, 10)


def intents() -> discord.Intents:
    """Return the required intents; none is privileged."""
    return discord.Intents(guilds=True, guild_messages=True, dm_messages=True)


class Gapbrief(Client):
    """gapbrief in Discord."""

    def __init__(self, services: Services, shards: Shards | None = None, **options: Any) -> None:
        if shards is not None:
            options |= {"shard_ids": shards.ids, "shard_count": shards.count}
        super().__init__(
            services,
            shards,
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
            http_trace=RequestLimit(_PER_SECOND),
            **options,
        )
        self.last_event = time.monotonic()
        self._is_synced = False

    async def setup_hook(self) -> None:
        """Load names, commands and buttons before the first event."""
        await self.renew()
        await self.load_cogs()
        self.add_dynamic_items(Component)
        await self._sync_commands()
        self.services.scheduler.add(DATA, self.look_for_data, DATA_SECONDS)
        daily.start(self.services)
        self.services.scheduler.add("conversations", self.forget_old_talk, _FORGET_SECONDS)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait for this shard's turn to identify, shared among all processes."""
        if self.held_shards is None:
            await super().before_identify_hook(shard_id, initial=initial)
        else:
            await wait_to_identify(self, shard_id or 0)

    async def load_cogs(self) -> None:
        """Load all commands and their translator."""
        await self.tree.set_translator(CatalogueTranslator())
        for question in QUESTIONS.values():
            self.tree.add_command(command_of(question))
        for cog in (Brief(), Ask(self), Watching(), Newsroom(), Data(), About()):
            await self.add_cog(cog)

    async def _sync_commands(self) -> None:
        """Sync the commands if they changed; after a failure the next look for data tries again."""
        if self._is_synced:
            return
        try:
            await sync_if_changed(self)
            self._is_synced = True
        except error_messages.NOT_TAKEN as error:
            log.warning("commands not told to Discord; tried again in some minutes", reason=repr(error))

    def dispatch(self, event_name: str, /, *args: Any, **kwargs: Any) -> None:
        """Record the time of the last event; a listener would cost a task per event."""
        self.last_event = time.monotonic()
        super().dispatch(event_name, *args, **kwargs)

    async def on_ready(self) -> None:
        """Forget servers that removed the bot while it was offline."""
        await forget_removed(self)

    async def on_guild_join(self, _guild: discord.Guild) -> None:
        """Record the new server."""
        await forget_removed(self)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget the settings of a server that removed the bot."""
        await self.channels.forget(guild.id)
        await forget_removed(self)

    async def on_message(self, _message: discord.Message, /) -> None:
        """Ignore messages here: a cog answers them, and there are no prefix commands."""

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        """Log an event handler's error."""
        log.exception("event failed", event_name=event_method)

    async def look_for_data(self) -> None:
        """Reload changed data, and compute the most frequent answer in advance."""
        await self._sync_commands()
        await self.renew()
        await self._draw(await self.services.answers.answer(GapQuestion()))
        _spare_the_collector()

    async def forget_old_talk(self) -> None:
        """Delete conversations that are a day old."""
        from bot.state.conversations import Memory

        await asyncio.to_thread(Memory(self.services.state).forget_old, discord.utils.utcnow())

    async def _draw(self, answer: Answer) -> None:
        chart = choose_chart(answer)
        if chart:
            await self.services.pictures.picture(chart)

    async def renew(self) -> None:
        """Reload names and button tokens if the data changed."""
        if await self.services.answers.refresh(self._draw):
            self.tokens = await asyncio.to_thread(Tokens, self.services.answers.names.forms())

    def publish(self) -> None:
        """Start posting briefs that are due, once Discord is connected; idempotent."""
        if self.newsroom_worker is not None:
            return
        self.newsroom_worker = newsroom_worker.start(self.services, self.targets(), self.wait_until_ready)

    def targets(self) -> dict[str, Target]:
        """Return the delivery target for each kind of place in Discord."""
        return dict.fromkeys(IN_DISCORD, DiscordTarget(self))

    async def stop(self) -> None:
        """Accept no new questions, and finish answers and posts under way; idempotent."""
        self.services.stop()
        with suppress(TimeoutError):
            async with asyncio.timeout(_LEAVE_SECONDS):
                await asyncio.gather(*(shard.disconnect() for shard in self.shards.values()), return_exceptions=True)
        await asyncio.gather(self._finish(), self._stop_publishing())

    async def _finish(self) -> None:
        if self._answering:
            _, unfinished = await asyncio.wait(self._answering, timeout=_FINISH_SECONDS)
            if unfinished:
                log.warning("stopped with answers unfinished", answers=len(unfinished))
                self._answering -= unfinished

    async def _stop_publishing(self) -> None:
        publishing, self.newsroom_worker = self.newsroom_worker, None
        if publishing is not None:
            await publishing.stop()
        await self.services.scheduler.stop()

    async def close(self) -> None:
        """Stop; discord.py also calls this when Discord closes the connection for good."""
        await self.stop()
        await super().close()
