"""New data once a day, while the service runs."""

import asyncio
from concurrent.futures import BrokenExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from bot.processes import Worker
from bot.refresh.last_refresh import last_asked, read_attempt
from bot.scheduler import DATA
from bot.services import Services
from core.errors import DataError, NoNetworkError

if TYPE_CHECKING:
    from bot.refresh.refreshing import RefreshResult

log = structlog.get_logger("gapbrief.refresh")

REFRESH, LOOK_SECONDS = "refresh", 3600.0
"""The job, and how often it checks whether a refresh is due."""
_INTERVAL = timedelta(hours=23)
_FIRST_WAIT = timedelta(minutes=50)
"""After an unfinished try, doubled after each further one; less than the time between two checks."""
_MOST_MEMORY = 200 * 2**20
"""Bytes for reading and compiling, which need 160 MB today."""
_MOST_LOGGED = 20
"""Findings logged of one publisher: a file may be odd in every row; `gapbrief data status` lists more."""
_MOST_SECONDS = 1800.0
"""For a whole refresh: 17 addresses, four at once, of up to five minutes, and the compilation."""


def start(services: Services) -> None:
    """Schedule the daily refresh, unless the operator turned it off."""
    if services.settings.refresh:
        services.scheduler.add(REFRESH, lambda: refresh_when_due(services), LOOK_SECONDS)


async def refresh_when_due(services: Services) -> None:
    """Refresh if the last one was a day ago; after an unfinished one, retry with growing waits.

    Until the next try, raises the NoNetworkError of the last one again.
    """
    now, data = datetime.now(UTC), services.settings.data
    last, attempt = last_asked(data), read_attempt(data)
    wait = min(_INTERVAL, _FIRST_WAIT * 2 ** min(attempt.number - 1, 9)) if attempt else _INTERVAL
    if last is None or abs(now - last) >= wait:  # abs: a clock set back must not block it
        await refresh_now(services, now)
    elif attempt and attempt.no_network:  # a restart does not end the failure
        raise NoNetworkError(attempt.no_network)


async def refresh_now(services: Services, now: datetime) -> "RefreshResult":
    """Ask all publishers for new data, which answers and milestones use at once.

    The data are compiled in a low-priority process, so that answers stay fast meanwhile. Raises DataError if that
    process dies, or takes too much memory or time.
    """
    from bot.refresh import refreshing

    publishers = refreshing.choose_publishers((), refreshing.known_publishers())
    worker = Worker(gives_way=True, memory=_MOST_MEMORY)
    try:
        async with asyncio.timeout(_MOST_SECONDS):
            result = await refreshing.refresh(services.settings, publishers, now, offload=worker.do)
    except BrokenExecutor as error:
        raise DataError("New data could not be compiled: the process that does so has ended; try again.") from error
    except (MemoryError, TimeoutError) as error:
        resource = "memory" if isinstance(error, MemoryError) else "time"
        raise DataError(f"New data could not be compiled: that took too much {resource}; try again later.") from error
    finally:
        worker.close()
    for outcome in result.outcomes:
        name, n_findings = outcome.series, len(outcome.findings)
        if outcome.why:
            log.warning("a publisher's data are as they were", publisher=name, state=outcome.state, why=outcome.why)
        for finding in outcome.findings[:_MOST_LOGGED]:
            log.warning("a publisher's data are odd", publisher=name, what=finding.what)
        if n_findings > _MOST_LOGGED:
            log.warning("more of a publisher's data are odd", publisher=name, number=n_findings)
    log.info("publishers were asked for new data", changes=len(result.changes), revision=result.number)
    if result.changes:
        services.scheduler.run_now(DATA, "milestones")
    return result
