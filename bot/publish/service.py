"""The newsroom at work inside of `gapbrief run`: schedules, milestones and the outbox, in one process at a time.

It works without Discord too: webhooks and other services get theirs, and what is for channels waits for a process that
is in Discord. So there are two leases: for the newsroom, and for what it sends to Discord.
"""

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import Awaitable, Callable, Mapping, Set
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.publish import milestones, timetable
from bot.publish.delivery import Delivery
from bot.publish.targets import Target, address_kinds
from bot.publish.writing import Writer
from bot.services import Services
from bot.state import leases, targets
from bot.state.state import State

log = structlog.get_logger("gapbrief.publish")

LEASE, DISCORD_LEASE = "newsroom", "newsroom.discord"
DISCORD = frozenset({"discord", "user"})
"""The kinds of targets that are in Discord."""
HELD = timedelta(seconds=30)
"""How long another process waits for one that went silent."""
_LOOK_SECONDS, _REFRESH_SECONDS = 2.0, 60.0
_STOP_SECONDS = 6.0


def start(
    services: Services,
    in_discord: Mapping[str, Target] | None = None,
    ready: Callable[[], Awaitable[None]] | None = None,
    *,
    held: timedelta = HELD,
) -> "Newsroom":
    """Start the newsroom's tasks on the running loop; `stop` ends them.

    What is for Discord goes to the targets `in_discord` once `ready` was awaited; without them it waits for a process
    that has them.
    """

    def find(target_id: int) -> targets.Target | None:
        return targets.by_id(services.state, target_id)

    kinds: dict[str, Target] = {
        **{kind: sender(find, services.settings) for kind, sender in address_kinds().items()},
        **(in_discord or {}),
    }
    newsroom = Newsroom(services.state, services.writer, kinds, held=held)
    newsroom.begin(ready)
    return newsroom


class Newsroom:
    """The newsroom's tasks. `nudge` lets the outbox be looked at now; `stop` finishes what is under way."""

    def __init__(
        self,
        state: State,
        writer: Writer,
        kinds: dict[str, Target],
        *,
        clock: Callable[[], datetime] | None = None,
        held: timedelta = HELD,
        look_seconds: float = _LOOK_SECONDS,
    ) -> None:
        self.state, self.writer, self.held, self.look_seconds = state, writer, held, look_seconds
        self.clock = clock or _now
        self.owner = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
        self.delivery = Delivery(state, kinds, self.owner, self.clock, self._not_ours)
        self.tasks: list[asyncio.Task[None]] = []
        self._jobs = AsyncIOScheduler(timezone=UTC, job_defaults={"coalesce": True, "misfire_grace_time": None})
        self._held_until = {LEASE: 0.0}
        self._wake = asyncio.Event()
        self._desk = ThreadPoolExecutor(3, thread_name_prefix="newsroom")  # one for the lease, while others wait

    @property
    def holds(self) -> bool:
        """Whether this process is the one that makes what is due."""
        return self._has(LEASE)

    def begin(self, ready: Callable[[], Awaitable[None]] | None = None) -> None:
        """Start the tasks; what is for Discord waits until `ready` was awaited, or for a process that sends there."""
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # that a job still runs at its next time is no news
        self._add_job("due", self.look_seconds, timetable.tick)
        self._add_job("milestones", _REFRESH_SECONDS, milestones.look)
        self._jobs.start()
        work = [self._keep(), self._send()]
        if ready is not None:
            work.append(self._open(ready))
        elif DISCORD & self.delivery.targets.keys():
            self._held_until[DISCORD_LEASE] = 0.0
        self.tasks = [asyncio.create_task(each) for each in work]

    def nudge(self) -> None:
        """Look at the outbox now, as after a person's "Post"."""
        self._wake.set()

    async def stop(self) -> None:
        """Finish what is under way, and let another process take over at once."""
        self.writer.stop()
        if self._jobs.running:
            self._jobs.shutdown(wait=False)
        await self.delivery.stop(_STOP_SECONDS)
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await asyncio.to_thread(self._desk.shutdown)
        for lease in filter(self._has, self._held_until):
            with suppress(Exception):
                await asyncio.to_thread(leases.release, self.state, lease, self.owner)

    def _has(self, lease: str) -> bool:
        return asyncio.get_running_loop().time() < self._held_until.get(lease, 0.0)

    async def _keep(self) -> None:
        """Hold the leases, or wait for them."""
        while True:
            for lease in list(self._held_until):
                await self._hold(lease)
            self._mind_the_clock()
            has_all = all(map(self._has, self._held_until))
            await asyncio.sleep(self.held.total_seconds() / 3 if has_all else self.look_seconds)

    async def _hold(self, lease: str) -> None:
        asked, is_new = asyncio.get_running_loop().time(), not self._has(lease)
        try:
            if await self._at_desk(lambda: leases.hold(self.state, lease, self.owner, self.clock(), self.held)):
                self._held_until[lease] = asked + self.held.total_seconds()
                if is_new and lease == LEASE:
                    self._run_jobs_now()
        except Exception as error:
            log.warning("a lease could not be had", lease=lease, reason=str(error))

    def _add_job(self, name: str, seconds: float, look: Callable[[State, datetime, Writer], int]) -> None:
        """Look every so often at what is to be made. The truth of what was made is in the state, not in the job."""
        self._jobs.add_job(self._look, "interval", [name, look], id=name, seconds=seconds)

    def _run_jobs_now(self) -> None:
        for job in self._jobs.get_jobs():
            job.modify(next_run_time=_now())

    def _mind_the_clock(self) -> None:
        """Look now where the machine's clock was put back: the scheduler would wait until it comes round again."""
        latest = _now() + timedelta(seconds=_REFRESH_SECONDS)
        if any(job.next_run_time > latest for job in self._jobs.get_jobs()):
            self._run_jobs_now()

    async def _look(self, name: str, look: Callable[[State, datetime, Writer], int]) -> None:
        """Make what is due while this process is the one; what it made is sent at once."""
        if not self.holds:
            return
        try:
            if await self._at_desk(lambda: look(self.state, self.clock(), self.writer)):
                self.nudge()
        except Exception:
            log.exception("the newsroom could not look at what is due")
            self._jobs.modify_job(name, next_run_time=_now() + timedelta(seconds=_REFRESH_SECONDS))

    async def _open(self, ready: Callable[[], Awaitable[None]]) -> None:
        """Let what is for Discord go there once it is ready."""
        await ready()
        self._held_until[DISCORD_LEASE] = 0.0
        await self._hold(DISCORD_LEASE)
        self.nudge()

    async def _send(self) -> None:
        """Send what is due, at once where somebody said so, else every few seconds."""
        while True:
            if self.delivery.targets.keys() - self._not_ours():
                try:
                    await self.delivery.work()
                except Exception:
                    log.exception("the outbox could not be worked on")
            with suppress(TimeoutError):
                async with asyncio.timeout(self.look_seconds):
                    await self._wake.wait()
            self._wake.clear()

    def _not_ours(self) -> Set[str]:
        """Return the kinds of targets that another process sends to, or nobody yet."""
        others = frozenset() if self._has(LEASE) else self.delivery.targets.keys() - DISCORD
        return others | (frozenset() if self._has(DISCORD_LEASE) else DISCORD)

    async def _at_desk(self, work: Callable[[], bool | int]) -> bool | int:
        return await asyncio.get_running_loop().run_in_executor(self._desk, work)


def _now() -> datetime:
    return datetime.now(UTC)
