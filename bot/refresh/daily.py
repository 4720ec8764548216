"""New data once a day while the service runs; and what came of the last time, which is kept beside the data."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from bot.scheduler import DATA

if TYPE_CHECKING:
    from bot.refresh.refreshing import Outcome
    from bot.services import Services
    from bot.settings import Settings

log = structlog.get_logger("gapbrief.refresh")

REFRESH, LOOK_SECONDS = "refresh", 3600.0
"""The job, and how often it looks whether a day is over."""
_BETWEEN = timedelta(hours=23)
_FILE = "last_refresh.json"


@dataclass(frozen=True)
class LastRefresh:
    """When publishers were asked last, and why some gave nothing: by series, `failed` and `held_back`."""

    at: datetime
    failed: dict[str, str]
    held_back: dict[str, str]


def note(data: Path, at: datetime, outcomes: Sequence["Outcome"]) -> None:
    """Keep what came of asking publishers; of those that were not asked, what came of it before stays."""
    before = last_refresh(data)
    whys = {"failed": before.failed if before else {}, "held_back": before.held_back if before else {}}
    asked = {each.series for each in outcomes}
    told = {
        state: {
            **{series: why for series, why in whys[state].items() if series not in asked},
            **{each.series: each.why for each in outcomes if each.state.replace(" ", "_") == state},
        }
        for state in whys
    }
    aside = data / f".{_FILE}"
    aside.write_text(json.dumps({"at": at.isoformat(), **told}, indent=1), encoding="utf-8")
    os.replace(aside, data / _FILE)


def last_refresh(data: Path) -> LastRefresh | None:
    """Return what came of the last time; None where there was none, or that can't be read."""
    try:
        told = json.loads((data / _FILE).read_text(encoding="utf-8"))
        return LastRefresh(datetime.fromisoformat(told["at"]), dict(told["failed"]), dict(told["held_back"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def start(services: "Services") -> None:
    """Let the service ask publishers once a day, unless the operator turned that off."""
    if services.settings.refresh:
        services.scheduler.add(REFRESH, lambda: refresh_when_due(services), LOOK_SECONDS)


async def refresh_when_due(services: "Services") -> None:
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


def doubts(settings: "Settings", now: datetime) -> list[str]:
    """Say, a sentence each, what keeps the data from being fresh; none where all is well."""
    last = last_refresh(settings.data)
    if last is None:
        return []
    age = now - last.at
    late = [f"publishers were asked last {age.days} days ago; see why `gapbrief run` does not"] if age.days > 2 else []
    failed = [f"{series} can't be had: {why}" for series, why in sorted(last.failed.items())]
    held = [
        f"{series} is held back: {why}; `gapbrief data refresh {series} --accept` takes it"
        for series, why in sorted(last.held_back.items())
    ]
    return [*late, *failed, *held]
