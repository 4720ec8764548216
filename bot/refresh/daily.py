"""New data once a day, while the service runs."""

from datetime import UTC, datetime, timedelta

import structlog

from bot.refresh.last_refresh import last_refresh
from bot.scheduler import DATA
from bot.services import Services

log = structlog.get_logger("gapbrief.refresh")

REFRESH, LOOK_SECONDS = "refresh", 3600.0
"""The job, and how often it looks whether a day is over."""
_BETWEEN = timedelta(hours=23)


def start(services: Services) -> None:
    """Let the service ask publishers once a day, unless the operator turned that off."""
    if services.settings.refresh:
        services.scheduler.add(REFRESH, lambda: refresh_when_due(services), LOOK_SECONDS)


async def refresh_when_due(services: Services) -> None:
    """Ask publishers where a day is over since the last time; answers and milestones see what is new at once."""
    from bot.refresh import refreshing

    now = datetime.now(UTC)
    last = last_refresh(services.settings.data)
    publishers = refreshing.chosen((), refreshing.declared())
    if not publishers or (last and now - last.at < _BETWEEN):
        return
    done = await refreshing.refresh(services.settings, publishers, now)
    for each in done.outcomes:
        if each.why:
            log.warning("a publisher's data are as they were", publisher=each.series, state=each.state, why=each.why)
    log.info("publishers were asked for new data", changes=len(done.changes), revision=done.number)
    if done.changes:
        services.scheduler.run_now(DATA, "milestones")
