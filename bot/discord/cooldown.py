"""How often one person may ask, send a form, and be offered what to type."""

from collections import deque

from core.errors import UsageError
from core.words import count

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
