"""The newsroom's background jobs in `gapbrief run`: schedules, milestones and the outbox, in one process at a time.

They run without Discord too: webhooks and other services are served, and rows for channels wait for a process that is
connected to Discord. Hence two leases: one for the newsroom, one for deliveries to Discord.
"""

import asyncio
import os
import secrets
import socket
from collections.abc import Awaitable, Callable, Iterable, Mapping, Set
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from apscheduler.triggers.base import BaseTrigger

from bot.newsroom import milestone_posts, monthly_archive, scheduling
from bot.newsroom.delivery import Delivery
from bot.newsroom.recurrence import next_due
from bot.newsroom.targets import Target, address_kinds
from bot.newsroom.writing import Writer
from bot.scheduler import Scheduler
from bot.services import Services
from bot.state import backups, notes, schedules, target_rows
from bot.state.database import State
from bot.state.outbox import IN_DISCORD

T = TypeVar("T")

LEASE, DISCORD_LEASE = "newsroom", "newsroom.discord"
LEASE_TIME = timedelta(seconds=10)
"""How long another process waits before it takes over from a silent one."""
LEASES, DUE, MILESTONES, OUTBOX, BACKUP = "leases", "due briefs", "milestones", "outbox", "backup"
ARCHIVE = "monthly archive"
"""The names of the jobs."""
_LOOK_SECONDS, _POLL_SECONDS, _MILESTONES_SECONDS, _BACKUP_SECONDS = 2.0, 30.0, 60.0, 600.0
_ARCHIVE_SECONDS = 10.0
"""Each run writes one month of the archive, so that no other job waits long."""
_STOP_SECONDS = 6.0


def start(
    services: Services,
    in_discord: Mapping[str, Target] | None = None,
    ready: Callable[[], Awaitable[None]] | None = None,
    *,
    lease_time: timedelta = LEASE_TIME,
) -> "NewsroomWorker":
    """Start the newsroom's jobs on the running loop; `stop` ends them.

    Rows for Discord go to the targets `in_discord` once `ready` has returned; without these targets they wait for a
    process that has them.
    """

    def find_target(target_id: int) -> target_rows.TargetRow | None:
        return target_rows.by_id(services.state, target_id)

    kinds: dict[str, Target] = {
        **{kind: sender(find_target, services.settings) for kind, sender in address_kinds().items()},
        **(in_discord or {}),
    }
    worker = NewsroomWorker(services.state, services.writer, kinds, services.scheduler, lease_time=lease_time)
    worker.begin(ready)
    folder = backups.backup_folder(services.settings.state_url, services.settings.backup_dir)
    if folder is not None:
        worker.back_up_to(services.settings.state_url, folder)
    return worker


class DueTrigger(BaseTrigger):  # type: ignore[misc]  # it has no types
    """Fires when a schedule is due, and at a regular interval to notice schedules set by other processes."""

    def __init__(self, poll: timedelta) -> None:
        self._poll = poll
        self._times: dict[tuple[str, str], datetime | None] = {}

    def follow(self, rules: Iterable[tuple[str, str]], now: datetime) -> None:
        """Fire at the next time of each rule in its zone; times still to come are not computed again."""
        self._times = {
            rule: due if (due := self._times.get(rule)) and due > now else next(iter(next_due(*rule, now, 1)), None)
            for rule in set(rules)
        }

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime:
        """Return when to fire next."""
        return min([now + self._poll, *(due for due in self._times.values() if due and due > now)])


class NewsroomWorker:
    """The newsroom's jobs."""

    def __init__(
        self,
        state: State,
        writer: Writer,
        kinds: dict[str, Target],
        scheduler: Scheduler,
        *,
        clock: Callable[[], datetime] | None = None,
        lease_time: timedelta = LEASE_TIME,
        look_seconds: float | None = None,
    ) -> None:
        self.state, self.writer, self.scheduler, self.lease_time = state, writer, scheduler, lease_time
        self.clock = clock or _now
        self.owner = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
        self.delivery = Delivery(state, kinds, self.owner, self.clock, self._closed_kinds)
        self._look_seconds, self._poll_seconds = look_seconds or _LOOK_SECONDS, look_seconds or _POLL_SECONDS
        self._trigger = DueTrigger(timedelta(seconds=self._poll_seconds))
        self._held_until = {LEASE: 0.0}
        self._opening: asyncio.Task[None] | None = None
        self._archived_on: date | None = None
        self._threads = ThreadPoolExecutor(3, thread_name_prefix="newsroom")  # one for the lease, while others wait

    @property
    def is_active(self) -> bool:
        """Whether this process holds the newsroom's lease."""
        return self._holds(LEASE)

    def begin(self, ready: Callable[[], Awaitable[None]] | None = None) -> None:
        """Start the jobs; rows for Discord wait for `ready`, or for a process that can deliver them."""
        if ready is not None:
            self._opening = asyncio.create_task(self._open_discord(ready))
        elif IN_DISCORD & self.delivery.targets.keys():
            self._held_until[DISCORD_LEASE] = 0.0
        self.scheduler.add(LEASES, self._renew_leases, min(self._look_seconds, self.lease_time.total_seconds() / 3))
        self.scheduler.add(DUE, self._make_due, self._poll_seconds, self._trigger)
        self.scheduler.add(MILESTONES, self._make_milestones, _MILESTONES_SECONDS)
        self.scheduler.add(OUTBOX, self._send, self._look_seconds)
        self.scheduler.add(ARCHIVE, self._fill_archive, _ARCHIVE_SECONDS)

    def back_up_to(self, address: str, folder: Path) -> None:
        """Back up the state into a folder once a day, while this process is active."""

        async def back_up() -> None:
            if self.is_active:
                await self._in_thread(backups.make_daily_backup, self.state, address, folder, self.clock())

        self.scheduler.add(BACKUP, back_up, _BACKUP_SECONDS)

    def nudge(self) -> None:
        """Deliver the outbox now, as after somebody pressed "Post"."""
        self.scheduler.run_now(OUTBOX)

    async def stop(self) -> None:
        """Finish running work, and release the leases so that another process can take over at once."""
        self.writer.stop()
        self.scheduler.pause()
        await self.delivery.stop(_STOP_SECONDS)
        if self._opening is not None:
            self._opening.cancel()
        await self.scheduler.stop()
        await asyncio.to_thread(self._threads.shutdown)
        for lease in filter(self._holds, self._held_until):
            with suppress(Exception):
                await asyncio.to_thread(notes.release_lease, self.state, lease, self.owner)

    def _holds(self, lease: str) -> bool:
        return asyncio.get_running_loop().time() < self._held_until.get(lease, 0.0)

    async def _renew_leases(self) -> None:
        """Renew each lease once a third of its time is over, or try to take it."""
        for lease, until in list(self._held_until.items()):
            if until - asyncio.get_running_loop().time() < self.lease_time.total_seconds() * 2 / 3:
                await self._renew(lease)

    async def _renew(self, lease: str) -> None:
        asked_at, is_new = asyncio.get_running_loop().time(), not self._holds(lease)
        if await self._in_thread(notes.hold_lease, self.state, lease, self.owner, self.clock(), self.lease_time):
            self._held_until[lease] = asked_at + self.lease_time.total_seconds()
            if is_new:
                self.scheduler.run_now(DUE, MILESTONES, OUTBOX, BACKUP)

    async def _make_due(self) -> None:
        """Write the due briefs if this process is active, and schedule the next run."""
        if self.is_active:
            await self._run_step(scheduling.run_due)
            await self._in_thread(self._update_trigger)
            self.scheduler.reschedule(DUE)

    def _update_trigger(self) -> None:
        rules = [(schedule.rule, schedule.timezone) for schedule in schedules.list_active(self.state)]
        self._trigger.follow(rules, self.clock())

    async def _make_milestones(self) -> None:
        if self.is_active:
            await self._run_step(milestone_posts.post_milestones)

    async def _fill_archive(self) -> None:
        """Write the next missing month of the archive; once none is missing, wait until tomorrow."""
        today = self.clock().date()
        if self.is_active and self._archived_on != today:
            if not await self._in_thread(monthly_archive.write_next, self.state, self.clock(), self.writer):
                self._archived_on = today

    async def _run_step(self, step: Callable[[State, datetime, Writer], int]) -> None:
        """Run a step that writes briefs, and deliver them at once."""
        if await self._in_thread(step, self.state, self.clock(), self.writer):
            self.nudge()

    async def _open_discord(self, ready: Callable[[], Awaitable[None]]) -> None:
        """Start deliveries to Discord once it is ready."""
        await ready()
        self._held_until[DISCORD_LEASE] = 0.0
        self.scheduler.run_now(LEASES)

    async def _send(self) -> None:
        if self.delivery.targets.keys() - self._closed_kinds():
            await self.delivery.work()

    def _closed_kinds(self) -> Set[str]:
        """Return the kinds of targets that this process may not send to now."""
        closed = frozenset() if self._holds(LEASE) else self.delivery.targets.keys() - IN_DISCORD
        return closed | (frozenset() if self._holds(DISCORD_LEASE) else IN_DISCORD)

    async def _in_thread(self, work: Callable[..., T], *arguments: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)


def _now() -> datetime:
    return datetime.now(UTC)
