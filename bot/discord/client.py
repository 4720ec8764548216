"""The client: what it listens to, what it loads, how it starts and stops; the checks that hold for every command."""

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
from bot.discord.newsroom.cards import review_buttons
from bot.discord.request_limit import RequestLimit
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


# ---- beginning a session


_APART = timedelta(seconds=5.5)
"""A little longer, as what is said later may arrive sooner."""
_LOOK_SECONDS = 0.25


async def wait_to_identify(bot: Client, shard_id: int) -> None:
    """Wait until a shard may identify; where it can't be known when, as long as Discord's own limit."""
    owner = secrets.token_hex(8)  # each turn is somebody else's

    def hold(lease: str) -> bool:
        return notes.hold_lease(bot.services.state, lease, owner, discord.utils.utcnow(), _APART)

    try:
        limits = await bot.fetch_session_start_limits()
        while not await asyncio.to_thread(hold, f"identify {shard_id % limits.max_concurrency}"):
            await asyncio.sleep(_LOOK_SECONDS)
    except (GapbriefError, discord.DiscordException, aiohttp.ClientError) as error:
        log.warning("a shard waits for no other process's", shard=shard_id, reason=str(error))
        await asyncio.sleep(_APART.total_seconds())


# ---- the servers


async def forget_removed(bot: Client) -> None:
    """Note the servers that the bot is in by now, and forget what those set that it was in before and is not any more.

    Only what this application was in counts, and what is in this process's shards: another's servers, and those that an
    operator set up for, stay.
    """
    async with bot.noting_guilds:  # one that began before a removal would note that server again
        name = f"servers of {bot.application_id}"
        noted = await asyncio.to_thread(notes.read_note, bot.services.state, name)
        before, here = _read_ids(noted), {guild.id for guild in bot.guilds}
        gone = {each for each in before - here if bot.held is None or bot.held.has(each)}
        if gone:  # Discord's list is asked too, as what it tells at a start may be short in an outage
            gone -= {guild.id async for guild in bot.fetch_guilds(limit=None, with_counts=False)}
        for guild_id in gone:
            log.info("a server removed us; what it set is forgotten", guild=guild_id)
            await bot.channels.forget(guild_id)
            await forget_ids(bot, guild_id)
        if gone or here - before:
            await asyncio.to_thread(
                notes.change_note,
                bot.services.state,
                name,
                lambda note: json.dumps(sorted(_read_ids(note) - gone | here)),
            )


def _read_ids(noted: str | None) -> set[int]:
    return set(json.loads(noted or "[]"))


# ---- every command


_ANYWHERE = ("about", "help", "forget", "newsroom", "watch", "watching", "Explain the terms")
"""Commands that only their user sees the answers of; a server's list of channels does not hold for them."""
_OPTION_TYPES = {
    discord.AppCommandOptionType.string: str,
    discord.AppCommandOptionType.integer: int,
    discord.AppCommandOptionType.boolean: bool,
}
CHANNELS_PATIENCE = 1.0
"""Seconds that a look at that list may take before Discord is told to wait; the answer may take a while too."""


class Tree(app_commands.CommandTree[Client]):
    """Checks how often and where somebody asks, and says what went wrong in the one way."""

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Whether a command may be answered; where not, its user has been told why."""
        bot = interaction.client
        bot.track_answer()
        now = interaction.created_at.timestamp()
        if interaction.type is discord.InteractionType.autocomplete:
            if not bot.completions.wait(interaction.user.id, now):
                return True
            with suppress(*error_messages.NOT_TAKEN):
                await interaction.response.autocomplete([])
            return False
        try:
            bot.cooldown.check(interaction.user.id, now)
            _check_options(interaction)
            command = _root(interaction.command)
            if command == "newsroom":
                await handlers.check_moderator(interaction)
            if command not in _ANYWHERE:
                look = bot.channels.check(interaction.guild_id, interaction.channel)
                if bot.channels.knows(interaction.guild_id):
                    await look
                else:
                    private = bool(getattr(interaction.namespace, "private", False))
                    await in_time(interaction, look, private=private, patience=CHANNELS_PATIENCE)
        except Exception as error:
            await self.on_error(interaction, error)
            return False
        return True

    async def on_error(self, interaction: Interaction, error: Exception, /) -> None:
        """Tell the person what went wrong."""
        await error_messages.tell_error(interaction, error)


def _check_options(interaction: Interaction) -> None:
    """Raise UsageError for an option that is not what Discord was told to let in: the library does not look."""
    if not isinstance(interaction.command, app_commands.Command):
        return
    for option in interaction.command.parameters:
        value = getattr(interaction.namespace, option.display_name, None)
        kind = _OPTION_TYPES.get(option.type)
        if value is None or kind is None:
            continue
        size = len(value) if isinstance(value, str) else value
        offered = [choice.value for choice in option.choices]
        least = -inf if option.min_value is None else option.min_value
        most = inf if option.max_value is None else option.max_value
        if type(value) is not kind or (offered and value not in offered) or not least <= size <= most:
            raise UsageError(f"{quote(str(value))} does not work as {option.display_name}; choose what Discord offers.")


def _root(command: app_commands.Command[Any, ..., Any] | app_commands.ContextMenu | None) -> str | None:
    """Return the first word of a command: "newsroom" of `/newsroom schedule add`."""
    if isinstance(command, app_commands.Command):
        return command.qualified_name.split()[0]
    return None if command is None else command.name


# ---- the client


_FORGET_SECONDS = 3600.0
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # we never speak
_LONGEST_WAIT_SECONDS = 30.0
"""How long the client itself waits where Discord asks to; for longer it raises RateLimited, and the asker decides."""
_LEAVE_SECONDS, _FINISH_SECONDS = 1.0, 7.0
"""How long a gateway may take to let us go, and answers that were begun to end."""
_PER_SECOND = 45
"""Requests to Discord, of its 50: another process of ours makes the rest."""
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
        self._told_commands = False

    async def setup_hook(self) -> None:
        """Load what is needed before the first event: names, commands, buttons of before."""
        await self.renew()
        await self.load_cogs()
        self.add_dynamic_items(Component)
        await self._tell_commands()
        self.services.scheduler.add(DATA, self.look_for_data, DATA_SECONDS)
        daily.start(self.services)
        self.services.scheduler.add("conversations", self.forget_old_talk, _FORGET_SECONDS)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait until Discord lets a session begin: one in some seconds, however many processes wait."""
        if self.held is None:
            await super().before_identify_hook(shard_id, initial=initial)
        else:
            await wait_to_identify(self, shard_id or 0)

    async def load_cogs(self) -> None:
        """Load all commands, and what translates them."""
        await self.tree.set_translator(CatalogueTranslator())
        for question in QUESTIONS.values():
            self.tree.add_command(command_of(question))
        for cog in (Brief(), Ask(self), Watching(), Newsroom(), Data(), About()):
            await self.add_cog(cog)

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
        await forget_removed(self)

    async def on_guild_join(self, _guild: discord.Guild) -> None:
        """Note a server that we are in from now on."""
        await forget_removed(self)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget what a server set when it removes us."""
        await self.channels.forget(guild.id)
        await forget_removed(self)

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
        chart = choose_chart(answer)
        if chart:
            await self.services.pictures.picture(chart)

    async def renew(self) -> None:
        """Read the names anew where the data changed, for questions and for what buttons stand for."""
        if await self.services.answers.refresh(self._draw):
            self.tokens = await asyncio.to_thread(Tokens, self.services.answers.names.forms())

    def publish(self) -> None:
        """Post what is due from now on, to Discord as soon as it is there; again it does nothing."""
        if self.newsroom_worker is not None:
            return
        self.newsroom_worker = newsroom_worker.start(self.services, self.targets(), self.wait_until_ready)

    def targets(self) -> dict[str, Target]:
        """Return what sends to Discord, by the kinds of targets that are there."""
        return dict.fromkeys(IN_DISCORD, DiscordTarget(self, review_buttons))

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
        publishing, self.newsroom_worker = self.newsroom_worker, None
        if publishing is not None:
            await publishing.stop()
        await self.services.scheduler.stop()

    async def close(self) -> None:
        """Stop; discord.py calls this too, where Discord ends the connection for good."""
        await self.stop()
        await super().close()
