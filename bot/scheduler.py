"""The scheduler of background jobs in a process: regular runs, and their results."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, EVENT_JOB_MAX_INSTANCES, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from core.errors import GapbriefError

log = structlog.get_logger("gapbrief")

DATA, DATA_SECONDS = "data", 300.0
"""The job that reloads changed data, in every process that answers; and its interval."""
CARDS, CARDS_SECONDS = "cards", 3600.0
"""The job that draws missing cards, in the process that serves pages; and its interval."""

Work = Callable[[], Awaitable[object]]

_CLOCK_SECONDS = 2.0
"""How often to check whether the machine's clock was set back."""


class Interval(BaseTrigger):  # type: ignore[misc]  # it has no types
    """Fires at an interval from now on, skipping runs missed while the machine slept or its clock was wrong.

    The library's own trigger steps through every missed run on the event loop: hours if a clock jumps by decades.
    """

    def __init__(self, seconds: float) -> None:
        self._length = timedelta(seconds=seconds)

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime:
        """Return the next time to run."""
        return now + self._length


class Scheduler:
    """Runs jobs on the running loop, each at once and then at an interval; one run of a job at a time.

    A job's error is logged once and shown by `jobs`; the job runs again at its next time. Only the state records what
    was done.
    """

    def __init__(self) -> None:
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # errors are logged here instead
        self._clock = AsyncIOScheduler(timezone=UTC, job_defaults={"coalesce": True, "misfire_grace_time": None})
        self._clock.add_listener(self._note, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR)
        self._clock.add_listener(lambda event: self._again.add(event.job_id), EVENT_JOB_MAX_INSTANCES)
        self._longest: dict[str, timedelta] = {}
        self._ran: dict[str, tuple[datetime, str | None]] = {}
        self._again: set[str] = set()
        self._running: set[asyncio.Task[Any]] = set()
        self._clock_watch: asyncio.Task[None] | None = None

    def add(self, name: str, work: Work, seconds: float, trigger: BaseTrigger | None = None) -> None:
        """Run a job every `seconds`, or by a trigger that fires within these seconds."""
        if not self._clock.running:
            self._clock.start()
            self._clock_watch = asyncio.create_task(self._watch_clock())
        self._longest[name] = timedelta(seconds=seconds)
        trigger = trigger or Interval(seconds)
        self._clock.add_job(self._run, trigger, [work], id=name, next_run_time=_now(), replace_existing=True)

    def run_now(self, *names: str) -> None:
        """Run jobs at once; a running one runs again afterwards."""
        for name in names:
            if self._clock.get_job(name):
                self._clock.modify_job(name, next_run_time=_now())

    def reschedule(self, name: str) -> None:
        """Ask a job's trigger again for its next time."""
        job = self._clock.get_job(name)
        if job:
            job.reschedule(job.trigger)

    def jobs(self) -> dict[str, dict[str, Any]]:
        """Return each job's last run, its last error (None if it succeeded), and its next run."""
        return {
            job.id: {
                "last_run": ran.isoformat() if ran else None,
                "last_error": error,
                "next_run": job.next_run_time.isoformat(),
            }
            for job in self._clock.get_jobs()
            for ran, error in [self._ran.get(job.id, (None, None))]
        }

    def pause(self) -> None:
        """Start no more jobs; running ones go on."""
        if self._clock.running:
            self._clock.pause()

    async def stop(self) -> None:
        """Start no more jobs, and cancel running ones."""
        if self._clock_watch is not None:
            self._clock_watch.cancel()
        if self._clock.running:
            self._clock.shutdown(wait=False)
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _run(self, work: Work) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        await work()

    def _note(self, event: JobExecutionEvent) -> None:
        if isinstance(event.exception, asyncio.CancelledError):
            return
        kind = "" if isinstance(event.exception, GapbriefError) else f"{type(event.exception).__name__}: "
        error = f"{kind}{event.exception}" if event.exception else None
        last_error = self._ran.get(event.job_id, (None, None))[1]
        self._ran[event.job_id] = (_now(), error)
        if error and error != last_error:
            log.error("a job failed", job=event.job_id, exc_info=event.exception)
        if event.job_id in self._again:
            self._again.discard(event.job_id)
            self.run_now(event.job_id)

    async def _watch_clock(self) -> None:
        """Run jobs at once that would otherwise wait for a clock that was set back."""
        while True:
            await asyncio.sleep(_CLOCK_SECONDS)
            now = _now()
            self.run_now(*(job.id for job in self._clock.get_jobs() if job.next_run_time > now + self._longest[job.id]))


def _now() -> datetime:
    return datetime.now(UTC)
