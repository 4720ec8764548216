"""Rate limits, ours and Discord's, send order, and conversation context of the people who ask."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

import discord
from aiohttp import ClientSession, TraceConfig

from bot.assistant.reading import NEW, Context
from bot.state.conversation_key import ConversationKey
from core.errors import UsageError
from core.words import count

# ---- rate limits


ASK_LIMIT, SECONDS = 10, 20.0
COMPLETIONS = 80
"""Completions in that time: Discord requests one for about every letter typed."""
_REMEMBERED = 10_000


class Cooldown:
    """Limits how many requests a person may make in a period."""

    def __init__(self, limit: int = ASK_LIMIT, seconds: float = SECONDS) -> None:
        self.limit, self.seconds = limit, seconds
        self._times: dict[int, deque[float]] = {}
        self._most = _REMEMBERED

    def wait(self, person: int, now: float) -> float:
        """Count a request and return 0, or return the seconds until the person may ask again."""
        times = self._times.setdefault(person, deque(maxlen=self.limit))
        if len(times) == self.limit and now - times[0] < self.seconds:
            return self.seconds - (now - times[0])
        times.append(now)
        if len(self._times) > self._most:
            self._times = {asker: asks for asker, asks in self._times.items() if now - asks[-1] < self.seconds}
            self._most = max(_REMEMBERED, 2 * len(self._times))
        return 0.0

    def check(self, person: int, now: float) -> None:
        """Count a request; raises TooQuickError if the person must wait."""
        left = self.wait(person, now)
        if left:
            raise TooQuickError(f"That was quick. Please ask again in {count(max(round(left), 1), 'second')}.")


class TooQuickError(UsageError):
    """A request over the limit."""


# ---- Discord's rate limit


_SECOND = 1.0
_UNLIMITED = ("/interactions/", "/webhooks/")
"""Discord does not count answers to interactions, so they never wait."""


class RequestLimit(TraceConfig):
    """Limits requests a second by Discord's clock, however long each takes to arrive.

    A request keeps its slot until a second after its response. Discord received it before that, so no second of
    Discord's clock has more requests than there are slots.
    """

    def __init__(self, per_second: int) -> None:
        super().__init__()
        self._places = asyncio.Semaphore(per_second)
        self.on_request_start.append(self._take_place)
        self.on_request_end.append(self._give_back)
        self.on_request_exception.append(self._give_back)

    async def _take_place(self, _session: ClientSession, request: Any, parameters: Any) -> None:
        request.is_limited = not any(part in parameters.url.path for part in _UNLIMITED)
        if request.is_limited:
            await self._places.acquire()

    async def _give_back(self, _session: ClientSession, request: Any, _parameters: Any) -> None:
        if request.is_limited:
            asyncio.get_running_loop().call_later(_SECOND, self._places.release)


# ---- send order


_PICTURES = 16
"""Pictures sent at a time."""
_PICTURE_PATIENCE_SECONDS = 2.0
"""Longest time for which a picture yields to answers."""


class SendPriority:
    """Holds pictures back, for a limited time, while answers are being sent."""

    def __init__(self) -> None:
        self._answers = 0
        self._none = asyncio.Event()
        self._none.set()
        self._few = asyncio.Semaphore(_PICTURES)

    @contextmanager
    def answer(self) -> Iterator[None]:
        """Context for sending a first answer."""
        self._answers += 1
        self._none.clear()
        try:
            yield
        finally:
            self._answers -= 1
            if not self._answers:
                self._none.set()

    @asynccontextmanager
    async def picture(self) -> AsyncIterator[None]:
        """Context for sending a picture, entered after its turn."""
        async with self._few:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._none.wait(), _PICTURE_PATIENCE_SECONDS)
            yield


# ---- context


_MOST_ASKERS, _FORGOTTEN_SECONDS = 5000, 3600.0

Asker = tuple[int, int]
"""A channel's id and a person's id."""


class LastQuestions:
    """Each person's last context in each channel. Times are seconds of one clock."""

    def __init__(self) -> None:
        self._last: OrderedDict[Asker, tuple[float, Context]] = OrderedDict()

    def context(self, asker: Asker, now: float) -> Context:
        """Return the context, or a new one if the last is too old."""
        asked_at, context = self._last.get(asker, (0.0, NEW))
        return context if now - asked_at < _FORGOTTEN_SECONDS else NEW

    def remember(self, asker: Asker, context: Context, now: float) -> None:
        """Store a context in place of the last one."""
        self._last[asker] = (now, context)
        self._last.move_to_end(asker)
        while len(self._last) > _MOST_ASKERS:
            self._last.popitem(last=False)

    def forget(self, asker: Asker) -> None:
        """Drop the context."""
        self._last.pop(asker, None)


def conversation_key(channel: Any, user: int, guild: int | None, *, private: bool = False) -> ConversationKey:
    """Return the key of a conversation: shared in a thread, else one per person and channel.

    Private questions are never shared, not even in a thread.
    """
    is_shared = isinstance(channel, discord.Thread) and not private
    number = getattr(channel, "id", 0)
    conversation = f"thread:{number}" if is_shared else f"channel:{number}:{user}"
    return ConversationKey(conversation, str(user), None if guild is None else str(guild))
