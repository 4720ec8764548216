"""The daily token budgets of persons, Discord servers and everybody, and the cost of tokens.

A call is charged in advance with the most tokens that it can take, and afterwards settled with those that it took. So
concurrent calls can't exceed a budget. If a call's result is unknown, or the process was killed, the charge stays for
that day.
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
"""Outcomes: the model's reading or words were used; they were unusable; there were none."""


@dataclass(frozen=True)
class _Share:
    """A daily share: who spends it, its tokens, and its owner and place in sentences."""

    spender: str
    tokens: int
    owner: str
    place: str


@dataclass(frozen=True)
class Reservation:
    """Tokens that a call was charged in advance."""

    state: State
    day: date
    spenders: tuple[str, ...]
    tokens: int

    def settle(self, tokens: int) -> None:
        """Replace the charge by the tokens used; raises DataError, and keeps it, if the state can't be used."""
        with self.state.begin() as connection:
            usage.settle(connection, self.day, self.spenders, self.tokens, tokens)


class Budget:
    """The daily budgets and their use; all methods raise DataError if the state can't be used."""

    def __init__(self, state: State, settings: Settings) -> None:
        self._state, self._settings = state, settings

    def reserve(self, key: ConversationKey, now: datetime, tokens: int) -> Reservation:
        """Charge a call's most tokens to all budgets that it belongs to.

        Raises SpentError, which says whose budget is too small and when it is renewed.
        """
        shares = {share.spender: share for share in _list_shares(key, self._settings)}
        with self._state.begin() as connection:
            limits = {spender: share.tokens for spender, share in shares.items()}
            spender_over_limit = usage.reserve(connection, _utc_day(now), limits, tokens)
            if spender_over_limit is not None:
                raise SpentError(_write_refusal(shares[spender_over_limit], tokens, now))
        return Reservation(self._state, _utc_day(now), tuple(shares), tokens)

    def count_usage(self, spending: usage.Usage) -> None:
        """Count a use of the model anonymously."""
        with self._state.begin() as connection:
            usage.add(connection, spending)


def _write_refusal(share: _Share, tokens: int, now: datetime) -> str:
    if share.tokens < tokens:
        return f"The language model is not used {share.place}; answers come by rules."
    return (
        f"{share.owner} share of the language model is used up for today; it is renewed at 00:00 UTC,"
        f" {_until_midnight(now)}. Until then answers come by rules."
    )


def _list_shares(key: ConversationKey, settings: Settings) -> list[_Share]:
    """Return the shares that a conversation is charged to, the widest first."""
    shares = [_Share(usage.ALL, settings.llm_tokens, "Everybody's", "here")]
    if key.guild is not None:
        shares.append(_Share(f"guild:{key.guild}", settings.llm_guild_tokens, "This server's", "in servers here"))
    if key.user is not None:
        shares.append(_Share(f"user:{key.user}", settings.llm_user_tokens, "Your", "for single persons here"))
    return shares


def _utc_day(now: datetime) -> date:
    return now.astimezone(UTC).date()


def _until_midnight(now: datetime) -> str:
    """Return the time until the next day (UTC), in words."""
    moment = now.astimezone(UTC)
    left = datetime.combine(moment.date() + timedelta(days=1), time(), UTC) - moment
    hours, minutes = divmod(-(-left // timedelta(minutes=1)), 60)
    return f"in {hours} h {minutes} min" if hours else f"in {minutes} min"


# ---- list prices: `prices.csv` in the data folder, which an operator may edit


SHIPPED_TABLE = Path(core.__file__).parents[1] / "data" / "prices.csv"
"""The table in the package."""
_TOKENS_PER_PRICE = 1e6
_MOST_PRICE = 10_000.0
"""The most plausible price, in US dollars per million tokens; a higher one is an error."""
_VERSION_SUFFIX = re.compile(r"[-@](\d{4}-\d\d-\d\d|\d{8}|latest)")
"""A model's version after a name of the table, in the makers' notation."""


def token_cost(model: str, tokens_in: int, tokens_out: int, table: Path = SHIPPED_TABLE) -> float | None:
    """Return the cost of tokens in US dollars, None if the model's price is unknown.

    The price is that of the model's exact name, or of the longest name in the table that it extends by a date.
    Raises DataError for a table that can't be read.
    """
    names = [name for name in _read_prices(table) if _is_version_of(model, name)]
    if not names:
        return None
    price_in, price_out = _read_prices(table)[max(names, key=len)]
    return (tokens_in * price_in + tokens_out * price_out) / _TOKENS_PER_PRICE


def find_price_table(folder: Path) -> Path:
    """Return a data folder's table, or else the shipped one."""
    own = folder / SHIPPED_TABLE.name
    return own if own.is_file() else SHIPPED_TABLE


def _is_version_of(model: str, name: str) -> bool:
    return model == name or (model.startswith(name) and _VERSION_SUFFIX.fullmatch(model[len(name) :]) is not None)


@cache
def _read_prices(table: Path) -> dict[str, tuple[float, float]]:
    """Return the prices of each model in US dollars per million tokens, read and written."""
    rows = read_csv(table, ("model", "input", "output", "read_on", "url"))
    return {row.text("model"): (_parse_price(row, "input"), _parse_price(row, "output")) for row in rows}


def _parse_price(row: Row, column: str) -> float:
    price = row.number(column)
    if price is None or not 0 <= price <= _MOST_PRICE:
        fault = "the price is missing" if price is None else f"a price is from 0 to {_MOST_PRICE:,.0f} dollars"
        raise TableError(row.path, fault, row.line, column)
    return price
