"""The one clock of background work in a process: what runs every so often, and how that went."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, EVENT_JOB_MAX_INSTANCES, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

log = structlog.get_logger("gapbrief")

DATA, DATA_SECONDS = "data", 300.0
"""The job of every process that answers, which reads the data anew where they changed; and how often."""
CARDS, CARDS_SECONDS = "cards", 3600.0
"""The job of what serves pages, which draws the cards that are not drawn yet; and how often."""

Work = Callable[[], Awaitable[object]]

_CLOCK_SECONDS = 2.0
"""How often it is seen that the machine's clock was not put back."""


class Interval(BaseTrigger):  # type: ignore[misc]  # it has no types
    """Fires every so often from now on, so that runs missed while a machine slept or its clock was wrong are skipped.

    The library's own trigger steps through each of them on the event loop: hours for a clock that jumps by decades.
    """

    def __init__(self, seconds: float) -> None:
        self._length = timedelta(seconds=seconds)

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime:
        """Return when to run next."""
        return now + self._length


class Scheduler:
    """Runs jobs on the running loop, each at once and then every so often; one run of a job at a time.

    What a job raises is logged once and shown by `jobs`; it runs again at its next time. The truth of what was done is
    in the state, not here.
    """

    def __init__(self) -> None:
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # what goes wrong is logged here
        self._clock = AsyncIOScheduler(timezone=UTC, job_defaults={"coalesce": True, "misfire_grace_time": None})
        self._clock.add_listener(self._note, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR)
        self._clock.add_listener(lambda event: self._again.add(event.job_id), EVENT_JOB_MAX_INSTANCES)
        self._longest: dict[str, timedelta] = {}
        self._ran: dict[str, tuple[datetime, str | None]] = {}
        self._again: set[str] = set()
        self._running: set[asyncio.Task[Any]] = set()
        self._minding: asyncio.Task[None] | None = None

    def add(self, name: str, work: Work, seconds: float, trigger: BaseTrigger | None = None) -> None:
        """Run a job every so often, or when a trigger says, which fires within these seconds too."""
        if not self._clock.running:
            self._clock.start()
            self._minding = asyncio.create_task(self._mind_the_clock())
        self._longest[name] = timedelta(seconds=seconds)
        trigger = trigger or Interval(seconds)
        self._clock.add_job(self._run, trigger, [work], id=name, next_run_time=_now(), replace_existing=True)

    def run_now(self, *names: str) -> None:
        """Run jobs at once; one that is running, when that is over."""
        for name in names:
            if self._clock.get_job(name):
                self._clock.modify_job(name, next_run_time=_now())

    def reschedule(self, name: str) -> None:
        """Ask a job's trigger anew when it fires next."""
        job = self._clock.get_job(name)
        if job:
            job.reschedule(job.trigger)

    def jobs(self) -> dict[str, dict[str, Any]]:
        """Return each job's last run, what it last raised (None where it went well), and its next run."""
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
        """Begin nothing more; what is running goes on."""
        if self._clock.running:
            self._clock.pause()

    async def stop(self) -> None:
        """Begin nothing more, and end what is running."""
        if self._minding is not None:
            self._minding.cancel()
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
        error = f"{type(event.exception).__name__}: {event.exception}" if event.exception else None
        before = self._ran.get(event.job_id, (None, None))[1]
        self._ran[event.job_id] = (_now(), error)
        if error and error != before:
            log.error("a job failed", job=event.job_id, exc_info=event.exception)
        if event.job_id in self._again:
            self._again.discard(event.job_id)
            self.run_now(event.job_id)

    async def _mind_the_clock(self) -> None:
        """Run at once what would wait since the machine's clock was put back: until it comes round again."""
        while True:
            await asyncio.sleep(_CLOCK_SECONDS)
            now = _now()
            self.run_now(*(job.id for job in self._clock.get_jobs() if job.next_run_time > now + self._longest[job.id]))


def _now() -> datetime:
    return datetime.now(UTC)
