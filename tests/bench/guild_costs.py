"""What servers cost the bot, in memory and processor time: `pytest -m bench -s -n 0 tests/bench/guild_costs.py`.

Two minutes. A server is large: 50 channels and 30 roles; of the members it has only the bot, as our intents have it.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.bench.discord_bots import cpu_of, memory_of
from tests.bot.newsroom.kills import SCRIPT
from tests.conftest import ROOT
from tests.fakes.discord import FakeDiscord, World

CHANNELS, ROLES, MESSAGES = 50, 30, 3000
MOST_KB, MOST_MS = 250, 2.0
"""For a server in memory, and for a message that is none of ours in processor time."""


def world(servers: int) -> World:
    world = World()
    for number in range(servers):
        guild = world.add_guild(f"server {number}", channels=[f"channel {index}" for index in range(CHANNELS)])
        for index in range(ROLES):
            guild.add_role(f"role {index}")
    return world


@asynccontextmanager
async def started(servers: int, evidence: Path, folder: Path) -> AsyncIterator[tuple[FakeDiscord, int]]:
    """Run a bot with a number of servers in its memory."""
    async with FakeDiscord(world(servers), point_client=False, keep=100) as fake:
        config = {
            "url": fake.url, "gateway": fake.gateway_url, "token": fake.token, "db": str(evidence), "wait": True,
            "data": str(ROOT / "data"), "state": f"sqlite:///{folder / f'{servers}.db'}",
        }  # fmt: skip
        running = await asyncio.create_subprocess_exec(
            sys.executable,
            SCRIPT,
            json.dumps(config),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            assert running.stdout is not None
            assert await asyncio.wait_for(running.stdout.readline(), 300) == b"waiting\n"
            await idle(fake, running.pid)
            yield fake, running.pid
        finally:
            running.kill()
            await running.wait()


async def idle(fake: FakeDiscord, process: int) -> None:
    """Wait until the bot has handled all events."""
    await fake.settled(timeout=300)
    while True:
        before = cpu_of(process)
        await asyncio.sleep(2)
        if cpu_of(process) - before < 0.1:
            return


@pytest.mark.bench
async def test_a_server_costs_little_memory_and_a_message_little_time(evidence_file: Path, tmp_path: Path) -> None:
    few, many = 50, 1050
    async with started(few, evidence_file, tmp_path) as (_, process):
        first, began = memory_of(process), cpu_of(process)
    async with started(many, evidence_file, tmp_path) as (fake, process):
        last, start = memory_of(process), cpu_of(process)
        guild = fake.world.guild("server 0")
        ada = fake.world.add_user("ada")
        guild.join(ada)
        for number in range(MESSAGES):
            await fake.say(ada, guild.channel("channel 0"), f"message {number}")
        await idle(fake, process)
        message = 1000 * (cpu_of(process) - start) / MESSAGES
    server, arrival = 1024 * (last - first) / (many - few), 1000 * (start - began) / (many - few)
    print(
        f"\n{few} servers {first:.0f} MB, {many} {last:.0f} MB: {server:.0f} KB a server;"
        f"\nprocessor time: {arrival:.1f} ms a server at the start, {message:.2f} ms a message that is none of ours"
    )
    assert server < MOST_KB
    assert message < MOST_MS
