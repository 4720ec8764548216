"""Three processes, each with a third of Discord's shards, on one PostgreSQL; kills, and what readers then find."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from unittest.mock import patch

from sqlalchemy import func, select

from bot.newsroom.newsroom_worker import DISCORD_LEASE, LEASE, LEASE_TIME
from bot.state import outbox
from bot.state.database import State, open_state
from bot.state.state_tables import OUTBOX, RUNS, SCHEDULES
from tests.bot.kept import holder
from tests.bot.newsroom.kills import add_due, start_process, wait_until_it_posts
from tests.bot.newsroom.newsroom import unsettled
from tests.conftest import ROOT
from tests.fakes.discord import FakeDiscord, World, messages
from tests.forked import Forked

NUMBER = 3
LEASES = (LEASE, DISCORD_LEASE)
_START_SECONDS = 120.0
_LOOK_SECONDS = 0.1


@dataclass
class Fleet:
    """The processes, by their shard; their state, and their Discord, which holds its limits."""

    fake: FakeDiscord
    state: State
    options: dict[str, Any]
    log: IO[bytes]
    processes: dict[int, Forked]
    kills: Counter[str] = field(default_factory=Counter)
    handed_over: list[float] = field(default_factory=list)
    """Seconds from a kill until another process held what the killed one had held."""

    async def start(self, *shards: int) -> None:
        """Start the processes of some shards, all at the same time, and wait until each posts."""
        self.processes |= {shard: _started(self.options, shard, self.log) for shard in shards}
        await self.ready(*shards)

    async def ready(self, *shards: int) -> None:
        """Wait until the processes of some shards post."""
        for shard in shards:
            await wait_until_it_posts(self.processes[shard], self.log, _START_SECONDS)

    def schedule(self) -> None:
        """Make a brief due now in every server."""
        with self.state.begin() as connection:
            for guild in self.fake.world.guilds.values():
                add_due(connection, guild.channel("general").id, guild.id)

    async def holder(self, lease: str) -> int:
        """Return the shard of the process that holds a lease, as soon as one does."""
        async with asyncio.timeout(_START_SECONDS):
            while True:
                owner = await asyncio.to_thread(holder, self.state, lease, datetime.now(UTC))
                for shard, process in self.processes.items():
                    if owner is not None and owner.split(":")[1] == str(process.pid):
                        return shard
                await asyncio.sleep(_LOOK_SECONDS)

    async def kill(self, shard: int, what: str) -> None:
        """Kill a process at once, and wait until others hold what it held."""
        held = [lease for lease in LEASES if await self.holder(lease) == shard]
        killed = self.processes.pop(shard)
        killed.kill()
        await killed.wait()
        began = time.monotonic()
        self.kills[what] += 1
        for lease in held:
            await self.holder(lease)
        if held:
            self.handed_over.append(time.monotonic() - began)

    def posted(self) -> int:
        """Return how many briefs readers see."""
        return sum(len(self.fake.sent(guild.channel("general"))) for guild in self.fake.world.guilds.values())

    def made(self) -> int:
        """Return how many due times were dealt with."""
        with self.state.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(RUNS)).scalar_one())

    async def until(self, number: int, what: str, seconds: float = 600) -> None:
        """Wait until so many are `posted`, or `made`."""
        async with asyncio.timeout(seconds):
            while await asyncio.to_thread(getattr(self, what)) < number:
                await asyncio.sleep(_LOOK_SECONDS)

    async def finish(self, seconds: float = 600) -> None:
        """Wait until nothing is left to do, and end all processes as an operator does."""
        async with asyncio.timeout(seconds):
            while await asyncio.to_thread(self._is_left):
                await asyncio.sleep(0.5)
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            assert await asyncio.wait_for(process.wait(), _START_SECONDS) == 0

    def _is_left(self) -> bool:
        with self.state.reading() as connection:
            due = connection.execute(select(func.count()).select_from(SCHEDULES)).scalar_one()
        return bool(self.made() < due or unsettled(self.state))

    def check(self) -> int:
        """See that each due time became one brief, and that each is in its channel once; return how many."""
        with self.state.reading() as connection:
            statuses = Counter(connection.execute(select(RUNS.c.status)).scalars())
            runs = connection.execute(
                select(SCHEDULES.c.channel_id, RUNS.c.brief_id).join(RUNS, RUNS.c.schedule_id == SCHEDULES.c.id)
            ).all()
            rows = connection.execute(select(OUTBOX.c.status, OUTBOX.c.message_id)).all()
        assert statuses == {"made": len(runs)}
        assert Counter(row.status for row in rows) == {"sent": len(runs)}
        seen = [
            message for guild in self.fake.world.guilds.values() for message in self.fake.sent(guild.channel("general"))
        ]
        assert len({message.nonce for message in seen}) == len(seen) == len(runs)
        assert {message.id for message in seen} == {row.message_id for row in rows}
        where = Counter(
            (message.channel.id, str(message.embeds[-1]["footer"]["text"]).rsplit(" ", 1)[-1]) for message in seen
        )
        assert where == Counter((run.channel_id, str(run.brief_id)) for run in runs)
        assert self.fake.gateway.too_early == 0
        return len(runs)


@asynccontextmanager
async def fleet(
    evidence: Path, folder: Path, address: str, servers: int, *, row_lease: float | None = None
) -> AsyncIterator[Fleet]:
    """Start three processes at once, with the leases of real ones, on a PostgreSQL that has no state yet.

    Discord knows no nonce: what was posted must be found.

    `row_lease` is for how long (seconds) a row of the outbox is its process's, None: as in a real one.
    """
    world = World()
    for number in range(servers):
        world.add_guild(f"server {number}")
    seconds = row_lease or outbox.LEASE.total_seconds()
    async with FakeDiscord(world, point_client=False, global_limit=50) as fake:
        fake.gateway.apart = 5.0
        options = {
            "url": fake.url, "gateway": fake.gateway_url, "token": fake.token, "db": str(evidence),
            "data": str(ROOT / "data"), "state": address, "held": LEASE_TIME.total_seconds(), "lease": seconds,
        }  # fmt: skip
        with patch.object(messages, "NONCE_LIFETIME", 0.0), (folder / "processes.log").open("ab") as log:
            processes = {shard: _started(options, shard, log) for shard in range(NUMBER)}
            try:
                with closing(await asyncio.to_thread(open_state, address)) as state:
                    running_fleet = Fleet(fake, state, options, log, processes)
                    await running_fleet.ready(*processes)
                    yield running_fleet
            finally:
                for process in processes.values():
                    if process.returncode is None:
                        process.kill()
                        await process.wait()


def _started(options: dict[str, Any], shard: int, log: IO[bytes]) -> Forked:
    return start_process({**options, "shards": f"{shard}/{NUMBER}"}, log)
