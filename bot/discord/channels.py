"""The channels in which a server lets gapbrief answer, remembered for a minute."""

import asyncio
import time
from collections.abc import Collection

import discord
import structlog

from bot.state import guilds
from bot.state.database import State
from core.errors import UsageError

log = structlog.get_logger("gapbrief.discord")

_REMEMBERED_SECONDS = 60.0


class Channels:
    """What each server allows; another process may change it, so it is read anew after a minute, beside the asking."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._known: dict[int, tuple[float, frozenset[int]]] = {}
        self._reading: dict[int, asyncio.Task[frozenset[int]]] = {}

    def knows(self, guild_id: int | None) -> bool:
        """Whether `check` needs no look at the state."""
        return guild_id is None or guild_id in self._known

    async def allowed(self, guild_id: int) -> frozenset[int]:
        """Return the channels that a server allows; none means all."""
        when, known = self._known.get(guild_id, (-_REMEMBERED_SECONDS, None))
        if time.monotonic() - when >= _REMEMBERED_SECONDS and guild_id not in self._reading:
            self._reading[guild_id] = task = asyncio.create_task(self._read(guild_id))
            task.add_done_callback(_noted)
        return await asyncio.shield(self._reading[guild_id]) if known is None else known

    async def _read(self, guild_id: int) -> frozenset[int]:
        try:
            found = await asyncio.to_thread(guilds.allowed_channels, self.state, guild_id)
            if self._is_mine(guild_id):  # else it was changed meanwhile
                self._known[guild_id] = (time.monotonic(), found)
            return found
        finally:
            if self._is_mine(guild_id):
                del self._reading[guild_id]

    def _is_mine(self, guild_id: int) -> bool:
        return self._reading.get(guild_id) is asyncio.current_task()

    def changed(self, guild_id: int) -> None:
        """Read what a server allows anew when it is asked for next."""
        self._known.pop(guild_id, None)
        self._reading.pop(guild_id, None)

    async def check(self, guild_id: int | None, channel: object) -> None:
        """Raise UsageError in a channel that its server does not allow; a thread is where its channel is."""
        allowed = frozenset() if guild_id is None else await self.allowed(guild_id)
        if not allowed:
            return
        here = {getattr(channel, "id", None)}
        if isinstance(channel, discord.Thread):
            here.add(channel.parent_id)
        if not here & allowed:
            raise ElsewhereError(allowed)

    async def forget(self, guild_id: int) -> None:
        """Forget all that a server set."""
        await asyncio.to_thread(guilds.forget, self.state, guild_id)
        self.changed(guild_id)


def _noted(reading: "asyncio.Task[frozenset[int]]") -> None:
    """Log why a server's channels could not be read, which nobody may have waited for."""
    if not reading.cancelled() and reading.exception() is not None:
        log.warning("what channels a server allows could not be read", reason=str(reading.exception()))


class ElsewhereError(UsageError):
    """A question in a channel that its server does not allow; `channels` are those that it does."""

    def __init__(self, channels: Collection[int]) -> None:
        super().__init__("On this server I only answer in other channels; ask me there, or in a direct message:")
        self.channels = sorted(channels)
