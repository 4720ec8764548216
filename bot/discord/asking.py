"""How often, in what order and after what a person asks: what the client remembers of those who ask it."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

import discord

from bot.assistant.reading import NEW, Context
from bot.state.conversation_key import ConversationKey
from core.errors import UsageError
from core.words import count

# ---- how often


ASKS, SECONDS = 10, 20.0
COMPLETIONS = 80
"""What may be offered in that time: Discord asks at about each letter that a person types."""
_REMEMBERED = 10_000


class Cooldown:
    """Lets each person ask a few times in a while, whatever they ask."""

    def __init__(self, asks: int = ASKS, seconds: float = SECONDS) -> None:
        self.asks, self.seconds = asks, seconds
        self._asked: dict[int, deque[float]] = {}
        self._told: dict[int, float] = {}
        self._most = _REMEMBERED

    def wait(self, person: int, now: float) -> float:
        """Return 0 and count the question, or the seconds after which the person may ask again."""
        asked = self._asked.setdefault(person, deque(maxlen=self.asks))
        if len(asked) == self.asks and now - asked[0] < self.seconds:
            return self.seconds - (now - asked[0])
        asked.append(now)
        if len(self._asked) > self._most:
            self._asked = {who: when for who, when in self._asked.items() if now - when[-1] < self.seconds}
            self._most = max(_REMEMBERED, 2 * len(self._asked))
        return 0.0

    def check(self, person: int, now: float) -> None:
        """Count a question; raises TooQuickError where the person has to wait."""
        left = self.wait(person, now)
        if left:
            raise TooQuickError(f"That was quick. Please ask again in {count(max(round(left), 1), 'second')}.")

    def tells(self, person: int, now: float) -> bool:
        """Whether to say in public that a person has to wait: once in a while, so that haste makes no flood of it."""
        if now - self._told.get(person, -self.seconds) < self.seconds:
            return False
        self._told[person] = now
        if len(self._told) > _REMEMBERED:
            self._told = {who: when for who, when in self._told.items() if now - when < self.seconds}
        return True


class TooQuickError(UsageError):
    """A question of somebody who has to wait."""


# ---- in what order


_PICTURES = 16
"""How many pictures go at a time."""
_PICTURE_PATIENCE_SECONDS = 2.0
"""How long a picture lets answers go first."""


class SendPriority:
    """Lets pictures wait, a while at most, until no answer is on its way."""

    def __init__(self) -> None:
        self._answers = 0
        self._none = asyncio.Event()
        self._none.set()
        self._few = asyncio.Semaphore(_PICTURES)

    @contextmanager
    def answer(self) -> Iterator[None]:
        """Send a first answer within this."""
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
        """Wait for one's turn, then send a picture within this."""
        async with self._few:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._none.wait(), _PICTURE_PATIENCE_SECONDS)
            yield


# ---- after what


_MOST_ASKERS, _FORGOTTEN_SECONDS = 5000, 3600.0

Asker = tuple[int, int]
"""A channel's id and a person's id."""


class LastQuestions:
    """What was said before to each person in each channel. Times are seconds, in any one clock."""

    def __init__(self) -> None:
        self._last: OrderedDict[Asker, tuple[float, Context]] = OrderedDict()

    def context(self, asker: Asker, now: float) -> Context:
        """Return what was said before, if that is not long ago."""
        when, context = self._last.get(asker, (0.0, NEW))
        return context if now - when < _FORGOTTEN_SECONDS else NEW

    def remember(self, asker: Asker, context: Context, now: float) -> None:
        """Remember what was said by now, in place of what was said before."""
        self._last[asker] = (now, context)
        self._last.move_to_end(asker)
        while len(self._last) > _MOST_ASKERS:
            self._last.popitem(last=False)

    def forget(self, asker: Asker) -> None:
        """Forget what was asked last."""
        self._last.pop(asker, None)


def conversation_key(channel: Any, user: int, guild: int | None, *, private: bool = False) -> ConversationKey:
    """Return the key of a person's words: a thread's own, else that of the person in the channel.

    What is asked in private stays the person's own in a thread too.
    """
    is_shared = isinstance(channel, discord.Thread) and not private
    number = getattr(channel, "id", 0)
    conversation = f"thread:{number}" if is_shared else f"channel:{number}:{user}"
    return ConversationKey(conversation, str(user), None if guild is None else str(guild))
