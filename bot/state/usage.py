"""What the language model was used for: counts per day, model and purpose; and what each spent of today's budget."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, cast, delete, func, select

from bot.state.database import inserted
from bot.state.state_tables import SPENT, USAGE

ALL = "all"
"""Who spends what everybody spends."""
_COUNTS = ("texts", "calls", "tokens_in", "tokens_out", "seconds")


@dataclass(frozen=True)
class Usage:
    """What a model was used for on a day (UTC), with one outcome: so many texts, the calls and tokens for them."""

    day: date
    purpose: str
    model: str
    outcome: str
    texts: int
    calls: int
    tokens_in: int
    tokens_out: int
    seconds: float


def add(connection: Connection, used: Usage, spenders: Iterable[str]) -> None:
    """Add to a day's counts, and to what each spender spent that day; what others add at the same time is kept.

    What was spent on earlier days is forgotten, with who spent it.
    """
    forget_spenders(connection, used.day)
    key = {"day": used.day, "purpose": used.purpose, "model": used.model, "outcome": used.outcome}
    counts = {name: getattr(used, name) for name in _COUNTS}
    _add(connection, USAGE, key, counts)
    for spender in spenders:
        tokens = used.tokens_in + used.tokens_out
        _add(connection, SPENT, {"day": used.day, "spender": spender}, {"tokens": tokens})


def _add(connection: Connection, table: Table, key: Mapping[str, Any], counts: Mapping[str, float]) -> None:
    """Add to the counts of a row, in one statement; it is made where there is none."""
    made = inserted(connection, table).values({**key, **counts})
    sums = {name: table.c[name] + made.excluded[name] for name in counts}
    connection.execute(made.on_conflict_do_update(index_elements=list(key), set_=sums))


def spent(connection: Connection, day: date, spenders: Iterable[str]) -> dict[str, int]:
    """Return the tokens that each spent on a day, 0 where nothing."""
    wanted = list(spenders)
    found = select(SPENT.c.spender, SPENT.c.tokens).where(SPENT.c.day == day, SPENT.c.spender.in_(wanted))
    return dict.fromkeys(wanted, 0) | {spender: tokens for spender, tokens in connection.execute(found)}


def all_spent(connection: Connection, day: date) -> dict[str, int]:
    """Return the tokens of everybody who spent any on a day."""
    found = select(SPENT.c.spender, SPENT.c.tokens).where(SPENT.c.day == day)
    return {spender: tokens for spender, tokens in connection.execute(found)}


def forget_spenders(connection: Connection, today: date) -> None:
    """Forget who spent what before a day."""
    connection.execute(delete(SPENT).where(SPENT.c.day < today))


def since(connection: Connection, first: date | None = None) -> list[Usage]:
    """Return the counts from a day on (None: all), the newest day first, then by model, purpose and outcome."""
    query = select(USAGE).order_by(USAGE.c.day.desc(), USAGE.c.model, USAGE.c.purpose, USAGE.c.outcome)
    if first is not None:
        query = query.where(USAGE.c.day >= first)
    return [Usage(**row._mapping) for row in connection.execute(query)]


def totals(connection: Connection) -> list[Usage]:
    """Return the counts of all days together, by model, purpose and outcome; their day is the newest."""
    key = (USAGE.c.purpose, USAGE.c.model, USAGE.c.outcome)
    sums = [cast(func.sum(USAGE.c[name]), USAGE.c[name].type).label(name) for name in _COUNTS]
    found = select(func.max(USAGE.c.day).label("day"), *key, *sums).group_by(*key).order_by(*key)
    return [Usage(**row._mapping) for row in connection.execute(found)]
