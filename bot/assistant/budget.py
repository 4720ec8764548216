"""The day's budgets of tokens, of each person, of each Discord server and of the whole; and what tokens cost.

A call is charged before it is made, with the most that it can take, and settled after it with what it took. So no
budget is passed, however many ask at once. Where it is not known what came of a call, or the process was killed in
between, the charge stays for that day.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path

import core
from bot.assistant.models import SpentError
from bot.settings import Settings
from bot.state import usage
from bot.state.conversation_key import ConversationKey
from bot.state.database import State
from core.errors import TableError
from core.evidence.importers.rows import Row, read_csv

ANSWERED, FALLBACK, FAILED = "answered", "fallback", "failed"
"""What came of it: the model's words were shown; they could not be, or there were none: rules or templates stood in."""


@dataclass(frozen=True)
class _Share:
    """Someone's part of a day: who spends it, its tokens, whose it is said to be, and where there is none."""

    spender: str
    tokens: int
    whose: str
    where: str


@dataclass(frozen=True)
class Reservation:
    """Tokens that a call was charged with before it was made."""

    state: State
    day: date
    spenders: tuple[str, ...]
    tokens: int

    def settle(self, used: int) -> None:
        """Charge what it took instead; raises DataError where the state can't be used: the charge stays then."""
        with self.state.begin() as connection:
            usage.settle(connection, self.day, self.spenders, self.tokens, used)


class Budget:
    """What may be spent in a day, and what was; every method may raise DataError where the state can't be used."""

    def __init__(self, state: State, settings: Settings) -> None:
        self._state, self._settings = state, settings

    def reserve(self, key: ConversationKey, now: datetime, tokens: int) -> Reservation:
        """Charge a call with the most that it can take, against every budget that it belongs to.

        Raises SpentError, which says whose budget has less left and when it is renewed.
        """
        shares = {share.spender: share for share in _shares(key, self._settings)}
        with self._state.begin() as connection:
            limits = {spender: share.tokens for spender, share in shares.items()}
            refused = usage.reserve(connection, _day(now), limits, tokens)
            if refused is not None:
                raise SpentError(_refusal(shares[refused], tokens, now))
        return Reservation(self._state, _day(now), tuple(shares), tokens)

    def count(self, used: usage.Usage) -> None:
        """Count what the model was used for, with nobody's name."""
        with self._state.begin() as connection:
            usage.add(connection, used)


def _refusal(share: _Share, tokens: int, now: datetime) -> str:
    if share.tokens < tokens:
        return f"The language model is not used {share.where}; answers come by rules."
    return (
        f"{share.whose} share of the language model is used up for today; it is renewed at 00:00 UTC,"
        f" {_until_midnight(now)}. Until then answers come by rules."
    )


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


# ---- list prices: `prices.csv` beside the data, which an operator may edit


TABLE = Path(core.__file__).parents[1] / "data" / "prices.csv"
"""The table that came with gapbrief."""
_PER = 1e6
_MOST = 10_000.0
"""US dollars per million tokens that no model costs: a slip."""
_DATED = re.compile(r"[-@](\d{4}-\d\d-\d\d|\d{8}|latest)")
"""What may follow a name of the table: the day of a version, as makers write it."""


def cost(model: str, tokens_in: int, tokens_out: int, table: Path = TABLE) -> float | None:
    """Return what tokens cost in US dollars, None where the model's price is not known.

    A price is that of the model's own name, else of the longest name in the table that only a date follows.
    Raises DataError for a table that can't be read.
    """
    names = [name for name in _prices(table) if _is_of(model, name)]
    if not names:
        return None
    price_in, price_out = _prices(table)[max(names, key=len)]
    return (tokens_in * price_in + tokens_out * price_out) / _PER


def table_in(folder: Path) -> Path:
    """Return the table of a data folder, the one that came with gapbrief where it has none."""
    own = folder / TABLE.name
    return own if own.is_file() else TABLE


def _is_of(model: str, name: str) -> bool:
    return model == name or (model.startswith(name) and _DATED.fullmatch(model[len(name) :]) is not None)


@cache
def _prices(table: Path) -> dict[str, tuple[float, float]]:
    """Return the US dollars per million tokens, read and written, of each model."""
    rows = read_csv(table, ("model", "input", "output", "read_on", "url"))
    return {row.text("model"): (_number(row, "input"), _number(row, "output")) for row in rows}


def _number(row: Row, column: str) -> float:
    found = row.number(column)
    if found is None or not 0 <= found <= _MOST:
        why = "the price is missing" if found is None else f"a price is from 0 to {_MOST:,.0f} dollars"
        raise TableError(row.path, why, row.line, column)
    return found
