"""2,500 servers whose brief is due at the same minute: `pytest -m bench -s tests/bench/due_at_once.py`. A few minutes.

The server keeps Discord's limit of 50 requests a second, and refuses what is over it. Meanwhile somebody asks /gap.
"""

import asyncio
import json
import signal
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import pytest

from bot.state import schedules
from bot.state.database import State, open_state
from tests.bot.publish.kills import SCRIPT
from tests.bot.publish.newsroom import unsettled
from tests.conftest import ROOT
from tests.fakes.discord import FakeDiscord, World

SERVERS = 2500
NOT_COUNTED = ("/interactions/", "/webhooks/")
"""Answers to interactions are outside of Discord's limit."""


def servers() -> World:
    world = World()
    for number in range(SERVERS):
        world.add_guild(f"server {number}")
    world.guild("server 0").join(world.add_user("ada"))
    return world


def schedule(state: State, world: World) -> None:
    """Make a brief due in every server, a minute ago."""
    now = datetime.now(UTC)
    due = now - timedelta(minutes=1)
    with state.begin() as connection:
        for guild in world.guilds.values():
            rule, channel_id = f"{due.minute} {due.hour} * * *", guild.channel("general").id
            new = schedules.NewSchedule(rule, "UTC", channel_id, only_news=False)
            schedule_id = schedules.add(connection, new, now, guild_id=guild.id)
            schedules.set_checked(connection, schedule_id, due - timedelta(minutes=1))


async def ask(fake: FakeDiscord) -> float:
    """Ask /gap, and return after how many seconds Discord had the first answer."""
    guild = fake.world.guild("server 0")
    it = await fake.slash(fake.world.user("ada"), guild.add_channel("questions"), "gap")
    await it.first_answer()
    return it.latency or 0.0


async def asked_until(fake: FakeDiscord, done: asyncio.Event) -> list[float]:
    found = []
    while not done.is_set():
        found.append(await ask(fake))
        await asyncio.sleep(0.2)
    return found


def most_in_a_second(fake: FakeDiscord, since: float) -> int:
    times = sorted(each.at for each in fake.requests if each.at >= since and not each.path.startswith(NOT_COUNTED))
    first = 0
    most = 0
    for last, at in enumerate(times):
        while at - times[first] >= 1:
            first += 1
        most = max(most, last - first + 1)
    return most


def posted(fake: FakeDiscord) -> Counter[int]:
    return Counter(
        len([message for message in fake.sent(guild.channel("general")) if message.embeds])
        for guild in fake.world.guilds.values()
    )


@pytest.mark.bench
async def test_all_are_posted_within_the_limit_and_gap_stays_quick(evidence_file: Path, tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'state.db'}"
    world, state = servers(), open_state(address)
    schedule(state, world)
    async with FakeDiscord(world, point_client=False, global_limit=50) as fake:
        told = {
            "url": fake.url, "gateway": fake.gateway_url, "token": fake.token, "db": str(evidence_file),
            "data": str(ROOT / "data"), "state": address, "wait": True, "lease": 60,
        }  # fmt: skip
        log = (tmp_path / "process.log").open("wb")
        running = await asyncio.create_subprocess_exec(
            sys.executable, SCRIPT, json.dumps(told), stdout=asyncio.subprocess.PIPE, stderr=log
        )
        assert running.stdout is not None
        assert await asyncio.wait_for(running.stdout.readline(), 120) == b"waiting\n", (
            tmp_path / "process.log"
        ).read_text()
        await ask(fake)
        idle = [await ask(fake) for _ in range(30)]
        loop = asyncio.get_running_loop()
        began, done = loop.time(), asyncio.Event()
        running.send_signal(signal.SIGUSR1)
        asking = asyncio.create_task(asked_until(fake, done))
        await fake.until(lambda: len(fake.called("POST /channels/*/messages")) >= SERVERS, timeout=600)
        took = loop.time() - began
        while await asyncio.to_thread(unsettled, state):
            await asyncio.sleep(0.5)
        done.set()
        busy = await asking
        running.terminate()
        assert await asyncio.wait_for(running.wait(), 20) == 0
        log.close()
        state.close()
        rate, refused = most_in_a_second(fake, began), sum(each.status == 429 for each in fake.requests)
        print(
            f"\n{SERVERS} servers: all posted in {took:.0f} s, at most {rate} requests in a second, {refused} refused;"
            f"\n/gap: {1000 * median(idle):.0f} ms before, {1000 * median(busy):.0f} ms meanwhile"
            f" (the slowest of {len(busy)} {1000 * max(busy):.0f} ms)"
        )
        assert posted(fake) == {1: SERVERS}
        assert rate <= 50
        assert refused == 0
        assert max(busy) < 3
