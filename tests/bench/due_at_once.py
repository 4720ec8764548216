"""2,000 servers whose brief is due at one minute, and 10,000 watches: `pytest -m bench -s tests/bench/due_at_once.py`.

One milestone goes to a channel of each server, and to 8,000 people in private. Some ten minutes; SERVERS and WATCHES
set the numbers.

The server keeps Discord's limit of 50 requests a second, and refuses what is over it. Meanwhile somebody asks /gap.
"""

import asyncio
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from statistics import median

import pytest
from sqlalchemy import insert

from bot.state import schedules, watches
from bot.state.database import State, open_state
from bot.state.state_tables import WATCHES as WATCHES_TABLE
from tests.bot.newsroom.kills import SCRIPT
from tests.bot.newsroom.newsroom import made, unsettled
from tests.conftest import ROOT
from tests.fakes.discord import FakeDiscord, World
from tests.fakes.discord.world import Channel

SERVERS, WATCHES = int(os.environ.get("SERVERS", "2000")), int(os.environ.get("WATCHES", "10000"))
WATCHED = "model:kimi-k3"
ASKERS, TURNS = 60, count()
"""Enough different people that nobody has to wait."""
NOT_COUNTED = ("/interactions/", "/webhooks/")
"""Answers to interactions are outside of Discord's limit."""


def servers() -> World:
    world = World()
    for number in range(SERVERS):
        world.add_guild(f"server {number}").add_channel("watched")
    world.guild("server 0").add_channel("questions")
    for number in range(ASKERS):
        world.guild("server 0").join(world.add_user(f"asker {number}"))
    for number in range(WATCHES - SERVERS):
        world.guild(f"server {number % SERVERS}").join(world.add_user(f"watcher {number}"))
    return world


def watchers(world: World) -> list[Channel]:
    """Return where the milestone is posted: a channel of each server, and people in private."""
    people = [world.dm(world.user(f"watcher {number}")) for number in range(WATCHES - SERVERS)]
    return [*(guild.channel("watched") for guild in world.guilds.values()), *people]


def watch(state: State, world: World) -> None:
    """Let them watch something that reaches a milestone."""
    people = [f"user:{world.user(f'watcher {number}').id}" for number in range(WATCHES - SERVERS)]
    rows = [(f"discord:{guild.channel('watched').id}", guild.id) for guild in world.guilds.values()]
    with state.begin() as connection:
        values = [
            {"target": target, "guild_id": guild_id, "subject": WATCHED, "name": "Kimi K3"}
            for target, guild_id in [*rows, *((target, None) for target in people)]
        ]
        connection.execute(insert(WATCHES_TABLE), values)
        new, now = replace(made("Kimi K3 matches GPT-6"), subjects=(WATCHED,)), datetime.now(UTC)
        assert watches.notify_watchers(connection, watches.store_milestone(connection, new, now) or 0, now) == WATCHES


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
    """Ask /gap, each time another person, and return after how many seconds Discord had the first answer."""
    person = fake.world.user(f"asker {next(TURNS) % ASKERS}")
    interaction = await fake.slash(person, fake.world.guild("server 0").channel("questions"), "gap")
    await interaction.first_answer()
    return interaction.latency or 0.0


async def asked_until(fake: FakeDiscord, done: asyncio.Event) -> list[float]:
    times = []
    while not done.is_set():
        times.append(await ask(fake))
        await asyncio.sleep(0.2)
    return times


def most_in_a_second(fake: FakeDiscord, since: float) -> int:
    times = sorted(
        request.at for request in fake.requests if request.at >= since and not request.path.startswith(NOT_COUNTED)
    )
    first = 0
    most = 0
    for last, at in enumerate(times):
        while at - times[first] >= 1:
            first += 1
        most = max(most, last - first + 1)
    return most


def posted(fake: FakeDiscord, channels: Iterable[Channel]) -> Counter[int]:
    """Count channels by how many messages with something in them each has."""
    return Counter(len([message for message in fake.sent(channel) if message.embeds]) for channel in channels)


def slowest(seconds: list[float], share: float = 0.99) -> float:
    """Return in how many milliseconds all but a hundredth were answered."""
    return 1000 * sorted(seconds)[min(int(share * len(seconds)), len(seconds) - 1)]


@pytest.mark.bench
async def test_all_are_posted_within_the_limit_and_gap_stays_quick(evidence_file: Path, tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'state.db'}"
    world, state = servers(), open_state(address)
    schedule(state, world)
    watch(state, world)
    async with FakeDiscord(world, point_client=False, global_limit=50) as fake:
        config = {
            "url": fake.url, "gateway": fake.gateway_url, "token": fake.token, "db": str(evidence_file),
            "data": str(ROOT / "data"), "state": address, "wait": True, "lease": 60,
        }  # fmt: skip
        log = (tmp_path / "process.log").open("wb")
        running = await asyncio.create_subprocess_exec(
            sys.executable, SCRIPT, json.dumps(config), stdout=asyncio.subprocess.PIPE, stderr=log
        )
        assert running.stdout is not None
        assert await asyncio.wait_for(running.stdout.readline(), 120) == b"waiting\n", (
            tmp_path / "process.log"
        ).read_text()
        await ask(fake)
        idle = [await ask(fake) for _ in range(200)]
        loop = asyncio.get_running_loop()
        began, done = loop.time(), asyncio.Event()
        running.send_signal(signal.SIGUSR1)
        asking = asyncio.create_task(asked_until(fake, done))
        generals = [guild.channel("general") for guild in world.guilds.values()]
        channels = [*generals, *watchers(world)]
        async with asyncio.timeout(3000):
            while not all(channel.messages for channel in channels):
                await asyncio.sleep(2)  # each look through them takes some time from those who ask
        took = max(message.created_at for channel in generals for message in fake.sent(channel)) - began
        while await asyncio.to_thread(unsettled, state):
            await asyncio.sleep(0.5)
        watches_took = loop.time() - began
        done.set()
        busy = await asking
        running.terminate()
        assert await asyncio.wait_for(running.wait(), 20) == 0
        log.close()
        state.close()
        rate, refused = most_in_a_second(fake, began), sum(request.status == 429 for request in fake.requests)
        print(
            f"\n{SERVERS} servers: all posted in {took:.0f} s, {WATCHES} watches told in {watches_took:.0f} s;"
            f" at most {rate} requests in a second, {refused} refused;"
            f"\n/gap: {1000 * median(idle):.0f} ms before (p99 {slowest(idle):.0f}), {1000 * median(busy):.0f} ms"
            f" meanwhile (p99 {slowest(busy):.0f}; the slowest of {len(busy)} {1000 * max(busy):.0f} ms)"
        )
        assert posted(fake, generals) == {1: SERVERS}
        assert posted(fake, watchers(world)) == {1: WATCHES}
        assert rate <= 50
        assert refused == 0
        assert max(busy) < 3
