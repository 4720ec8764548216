"""What is kept in the state, set and read by hand."""

from collections.abc import Collection
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, select

from bot.newsroom.delivery import Delivery
from bot.newsroom.targets import Target, address_kinds
from bot.settings import Settings
from bot.state import guilds, target_rows, usage
from bot.state.database import State
from bot.state.guilds import NewsroomSettings
from bot.state.state_tables import LEASES
from bot.state.usage import Usage


def allow_channels(state: State, guild_id: int, channels: Collection[int]) -> None:
    """Let a server allow some channels alone, with none all."""
    with state.begin() as connection:
        guilds.set_channels(connection, guild_id, channels)


def set_newsroom(state: State, guild_id: int, wanted: NewsroomSettings) -> None:
    """Let a server set how its newsroom works."""
    with state.begin() as connection:
        guilds.set_newsroom(connection, guild_id, wanted)


def spend(connection: Connection, used: Usage, *spenders: str) -> None:
    """Count what was used, and let these have spent it, whatever they may."""
    usage.add(connection, used)
    usage.reserve(connection, used.day, dict.fromkeys(spenders, 10**15), used.tokens_in + used.tokens_out)


async def send_due(state: State, folder: Path, at: datetime | None = None, **targets: Target) -> None:
    """Send what is due, as the service does, with these targets in the place of its own."""
    find, settings = partial(target_rows.by_id, state), Settings(folder, folder)
    senders = {kind: cls(find, settings) for kind, cls in address_kinds().items()} | targets
    delivery = Delivery(state, senders, "test", lambda: at or datetime.now(UTC))
    await delivery.work()
    await delivery.stop(1)


def holder(state: State, name: str, now: datetime) -> str | None:
    """Return who holds a lease at a moment."""
    with state.reading() as connection:
        return connection.execute(select(LEASES.c.owner).where(LEASES.c.name == name, LEASES.c.until >= now)).scalar()


def used(
    now: datetime,
    purpose: str,
    model: str,
    tokens_in: int,
    tokens_out: int,
    seconds: float,
    outcome: str,
    calls: int = 1,
) -> Usage:
    """Return what one text used of a model at a moment."""
    return Usage(now.astimezone(UTC).date(), purpose, model, outcome, 1, calls, tokens_in, tokens_out, seconds)
