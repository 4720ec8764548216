"""New data once a day, while the service runs."""

import asyncio
from concurrent.futures import BrokenExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from bot.processes import Worker
from bot.refresh.last_refresh import asked_at, unfinished_attempt
from bot.scheduler import DATA
from bot.services import Services
from core.errors import DataError

if TYPE_CHECKING:
    from bot.refresh.refreshing import Refreshed

log = structlog.get_logger("gapbrief.refresh")

REFRESH, LOOK_SECONDS = "refresh", 3600.0
"""The job, and how often it looks whether a day is over."""
_BETWEEN = timedelta(hours=23)
_FIRST_WAIT = timedelta(minutes=50)
"""After a try that did not end, twice as long after each further one: less than the time from one look to the next."""
_MOST_MEMORY = 200 * 2**20
"""Bytes for reading and compiling, which take 150 MB today."""
_MOST_LOGGED = 20
"""Findings of one publisher: a file may be odd in every row; `gapbrief data status` lists more."""
_MOST_SECONDS = 1800.0
"""For the whole: 17 addresses, four at once, of five minutes at most, and what is made of them."""


def start(services: Services) -> None:
    """Let the service ask publishers once a day, unless the operator turned that off."""
    if services.settings.refresh:
        services.scheduler.add(REFRESH, lambda: refresh_when_due(services), LOOK_SECONDS)


async def refresh_when_due(services: Services) -> None:
    """Ask publishers where a day is over since the last time; where that did not end, after a wait of its own."""
    now, data = datetime.now(UTC), services.settings.data
    last, attempt = asked_at(data), unfinished_attempt(data)
    wait = min(_BETWEEN, _FIRST_WAIT * 2 ** min(attempt.number - 1, 9)) if attempt else _BETWEEN
    if last is None or abs(now - last) >= wait:  # a clock that was put back does not stop it for ever
        await refresh_now(services, now)


async def refresh_now(services: Services, now: datetime) -> "Refreshed":
    """Ask all publishers; answers and milestones see what is new at once.

    New data are compiled in a process of their own, which gives way: whoever asks meanwhile is answered as ever.
    Raises DataError where that process ends without a word, or takes too much memory or time.
    """
    from bot.refresh import refreshing

    publishers, worker = (
        refreshing.choose_publishers((), refreshing.declared()),
        Worker(gives_way=True, memory=_MOST_MEMORY),
    )
    try:
        async with asyncio.timeout(_MOST_SECONDS):
            done = await refreshing.refresh(services.settings, publishers, now, aside=worker.do)
    except BrokenExecutor as error:
        raise DataError("New data could not be compiled: the process that does so has ended; try again.") from error
    except (MemoryError, TimeoutError) as error:
        what = "memory" if isinstance(error, MemoryError) else "time"
        raise DataError(f"New data could not be compiled: that took too much {what}; try again later.") from error
    finally:
        worker.close()
    for outcome in done.outcomes:
        name, n_findings = outcome.series, len(outcome.findings)
        if outcome.why:
            log.warning("a publisher's data are as they were", publisher=name, state=outcome.state, why=outcome.why)
        for finding in outcome.findings[:_MOST_LOGGED]:
            log.warning("a publisher's data are odd", publisher=name, what=finding.what)
        if n_findings > _MOST_LOGGED:
            log.warning("more of a publisher's data are odd", publisher=name, number=n_findings)
    log.info("publishers were asked for new data", changes=len(done.changes), revision=done.number)
    if done.changes:
        services.scheduler.run_now(DATA, "milestones")
    return done
