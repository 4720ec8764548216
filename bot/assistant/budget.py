"""The day's budgets of tokens: of each person, of each Discord server, and of the whole; renewed at midnight UTC."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bot.settings import Settings
from bot.state import usage
from bot.state.conversation_key import ConversationKey
from bot.state.database import State

ANSWERED, FALLBACK, FAILED = "answered", "fallback", "failed"
"""What came of it: the model's words were shown; they could not be, or there were none: rules or templates stood in."""


@dataclass(frozen=True)
class _Share:
    """Someone's part of a day: who spends it, its tokens, whose it is said to be, and where there is none."""

    spender: str
    tokens: int
    whose: str
    where: str


class Budget:
    """What may be spent in a day, and what was; every method may raise DataError where the state can't be used.

    A budget is looked at before an answer and charged after it, so answers at the same moment may pass its end.
    """

    def __init__(self, state: State, settings: Settings) -> None:
        self._state, self._settings = state, settings

    def refusal(self, key: ConversationKey, now: datetime) -> str | None:
        """Return a line that says whose budget is spent and when it is renewed, None while there is some left."""
        shares = _shares(key, self._settings)
        with self._state.reading() as connection:
            found = usage.spent(connection, _day(now), [share.spender for share in shares])
        spent = next((share for share in shares if found[share.spender] >= share.tokens), None)
        if spent is None:
            return None
        if spent.tokens == 0:
            return f"The language model is not used {spent.where}; answers come by rules."
        return (
            f"{spent.whose} share of the language model is used up for today; it is renewed at 00:00 UTC,"
            f" {_until_midnight(now)}. Until then answers come by rules."
        )

    def spend(self, key: ConversationKey, used: usage.Usage) -> None:
        """Count what was used, for the day and against every budget that it belongs to."""
        with self._state.begin() as connection:
            usage.add(connection, used, [share.spender for share in _shares(key, self._settings)])


def _shares(key: ConversationKey, settings: Settings) -> list[_Share]:
    """Return the budgets that a conversation's answers are paid from, the widest first."""
    found = [_Share(usage.ALL, settings.llm_tokens, "Everybody's", "here")]
    if key.guild is not None:
        found.append(_Share(f"guild:{key.guild}", settings.llm_guild_tokens, "This server's", "in servers here"))
    if key.user is not None:
        found.append(_Share(f"user:{key.user}", settings.llm_user_tokens, "Your", "for single persons here"))
    return found


def _day(now: datetime) -> date:
    return now.astimezone(UTC).date()


def _until_midnight(now: datetime) -> str:
    """Say how long it is to the next day (UTC)."""
    moment = now.astimezone(UTC)
    left = datetime.combine(moment.date() + timedelta(days=1), time(), UTC) - moment
    hours, minutes = divmod(-(-left // timedelta(minutes=1)), 60)
    return f"in {hours} h {minutes} min" if hours else f"in {minutes} min"
