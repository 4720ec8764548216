"""Language model usage per day, model and purpose; and who spent how much of today's budget."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, case, cast, delete, func, select, update

from bot.state.database import upsert_into
from bot.state.state_tables import SPENT, USAGE

ALL = "all"
"""The spender that stands for everybody together."""
MISREAD = "misread"
"""The purpose that counts answers to the wrong question; the outcome is the question's name."""
_COUNTS = ("texts", "calls", "tokens_in", "tokens_out", "seconds")


@dataclass(frozen=True)
class Usage:
    """A model's usage on a day (UTC) for one purpose and outcome: texts written, calls made and tokens used."""

    day: date
    purpose: str
    model: str
    outcome: str
    texts: int
    calls: int
    tokens_in: int
    tokens_out: int
    seconds: float


def add(connection: Connection, counts: Usage) -> None:
    """Add to a day's counts atomically."""
    row = upsert_into(connection, USAGE).values(vars(counts))
    sums = {name: USAGE.c[name] + row.excluded[name] for name in _COUNTS}
    key = ["day", "purpose", "model", "outcome"]
    connection.execute(row.on_conflict_do_update(index_elements=key, set_=sums))


def reserve(connection: Connection, day: date, limits: Mapping[str, int], tokens: int) -> str | None:
    """Charge tokens to every spender, within each one's daily limit; return the first who can't pay, or None.

    If one can't, the caller must roll back. Concurrent callers wait, so the last tokens are spent only once. Earlier
    days' spending is deleted.
    """
    forget_spenders(connection, day)
    for spender, limit in limits.items():  # always in the same order, to avoid deadlocks
        row = upsert_into(connection, SPENT).values(day=day, spender=spender, tokens=tokens)
        total = SPENT.c.tokens + row.excluded.tokens
        charged = row.on_conflict_do_update(
            index_elements=["day", "spender"], set_={"tokens": total}, where=total <= limit
        ).returning(SPENT.c.tokens)
        if tokens > limit or connection.execute(charged).first() is None:
            return spender
    return None


def settle(connection: Connection, day: date, spenders: Iterable[str], reserved_tokens: int, used_tokens: int) -> None:
    """Replace reserved tokens by those actually used; does nothing for a day already deleted."""
    left = SPENT.c.tokens + (used_tokens - reserved_tokens)
    tokens = case((left > 0, left), else_=0)  # a spender deleted in between gets no credit
    for spender in spenders:
        is_theirs = (SPENT.c.day == day) & (SPENT.c.spender == spender)
        connection.execute(update(SPENT).where(is_theirs).values(tokens=tokens))


def list_spent(connection: Connection, day: date) -> dict[str, int]:
    """Return the tokens that each spender used on a day."""
    query = select(SPENT.c.spender, SPENT.c.tokens).where(SPENT.c.day == day)
    return {spender: tokens for spender, tokens in connection.execute(query)}


def forget_spenders(connection: Connection, today: date) -> None:
    """Delete the spending of earlier days."""
    connection.execute(delete(SPENT).where(SPENT.c.day < today))


def list_since(connection: Connection, first: date | None = None) -> list[Usage]:
    """Return the counts since a day (all by default), newest day first, then by model, purpose and outcome."""
    query = select(USAGE).order_by(USAGE.c.day.desc(), USAGE.c.model, USAGE.c.purpose, USAGE.c.outcome)
    if first is not None:
        query = query.where(USAGE.c.day >= first)
    return [Usage(**row._mapping) for row in connection.execute(query)]


def list_totals(connection: Connection) -> list[Usage]:
    """Return the counts summed over all days, by purpose, model and outcome; `day` is the latest."""
    key = (USAGE.c.purpose, USAGE.c.model, USAGE.c.outcome)
    sums = [cast(func.sum(USAGE.c[name]), USAGE.c[name].type).label(name) for name in _COUNTS]
    query = select(func.max(USAGE.c.day).label("day"), *key, *sums).group_by(*key).order_by(*key)
    return [Usage(**row._mapping) for row in connection.execute(query)]
