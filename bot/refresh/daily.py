"""New data once a day, while the service runs."""

from concurrent.futures import BrokenExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from bot.own_process import Worker
from bot.refresh.last_refresh import last_refresh
from bot.scheduler import DATA
from bot.services import Services
from core.errors import DataError

if TYPE_CHECKING:
    from bot.refresh.refreshing import Refreshed

log = structlog.get_logger("gapbrief.refresh")

REFRESH, LOOK_SECONDS = "refresh", 3600.0
"""The job, and how often it looks whether a day is over."""
_BETWEEN = timedelta(hours=23)


def start(services: Services) -> None:
    """Let the service ask publishers once a day, unless the operator turned that off."""
    if services.settings.refresh:
        services.scheduler.add(REFRESH, lambda: refresh_when_due(services), LOOK_SECONDS)


async def refresh_when_due(services: Services) -> None:
    """Ask publishers where a day is over since the last time."""
    now, last = datetime.now(UTC), last_refresh(services.settings.data)
    if last is None or now - last.at >= _BETWEEN:
        await refresh_now(services, now)


async def refresh_now(services: Services, now: datetime) -> "Refreshed":
    """Ask all publishers; answers and milestones see what is new at once.

    New data are compiled in a process of their own, which gives way: whoever asks meanwhile is answered as ever.
    Raises DataError where that process ends without a word.
    """
    from bot.refresh import refreshing

    publishers, worker = refreshing.chosen((), refreshing.declared()), Worker(gives_way=True)
    try:
        done = await refreshing.refresh(services.settings, publishers, now, aside=worker.do)
    except BrokenExecutor as error:
        raise DataError("New data could not be compiled: the process that does so has ended; try again.") from error
    finally:
        worker.close()
    for each in done.outcomes:
        if each.why:
            log.warning("a publisher's data are as they were", publisher=each.series, state=each.state, why=each.why)
    log.info("publishers were asked for new data", changes=len(done.changes), revision=done.number)
    if done.changes:
        services.scheduler.run_now(DATA, "milestones")
    return done
