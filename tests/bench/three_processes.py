"""1,000 servers, three processes, one PostgreSQL, kills: `pytest -m bench -s -n 0 tests/bench/three_processes.py`.

Some ten minutes. ROUNDS says how often a brief is due in every server, 3 unless given; SERVERS in how many.
"""

import os
import random
import time
from pathlib import Path

import pytest
from sqlalchemy import URL

from bot.newsroom.newsroom_worker import DISCORD_LEASE, LEASE
from tests import postgres as server
from tests.bot.newsroom.fleet import NUMBER, Fleet, fleet

SERVERS, ROUNDS = int(os.environ.get("SERVERS", "1000")), int(os.environ.get("ROUNDS", "3"))


async def round_of_kills(servers: Fleet, chance: random.Random) -> None:
    """Let a brief be due in every server, and kill: who makes them, who posts them, and anybody, meanwhile."""
    briefs, posted = servers.made(), servers.posted()
    servers.schedule()
    await servers.until(briefs + SERVERS // 4, "made")
    shard = await servers.holder(LEASE)
    await servers.kill(shard, "makes")
    await servers.start(shard)
    for share in (0.25, 0.5):
        await servers.until(posted + int(share * SERVERS), "posted")
        shard = await servers.holder(DISCORD_LEASE)
        await servers.kill(shard, "posts")
        await servers.start(shard)
    await servers.until(posted + int(0.75 * SERVERS), "posted")
    shard = chance.randrange(NUMBER)
    await servers.kill(shard, "any")
    await servers.start(shard)
    await servers.until(posted + SERVERS, "posted")


@pytest.mark.bench
async def test_killed_whichever_it_is_each_brief_is_there_once(
    evidence_file: Path, tmp_path: Path, postgres: URL
) -> None:
    chance, began = random.Random(1), time.monotonic()  # noqa: S311 (no secret)
    with server.database(postgres) as url:
        async with fleet(evidence_file, tmp_path, server.address(url), SERVERS) as servers:
            for _ in range(ROUNDS):
                await round_of_kills(servers, chance)
            await servers.finish()
            number = servers.check()
    refused = sum(request.status == 429 for request in servers.fake.requests)
    print(
        f"\n{NUMBER} processes, {SERVERS} servers, {number} briefs, each there once; {servers.kills.total()} kills"
        f" ({', '.join(f'{kind}: {count}' for kind, count in servers.kills.items())});"
        f"\nhanded over within {max(servers.handed_over):.1f} s (median"
        f" {sorted(servers.handed_over)[len(servers.handed_over) // 2]:.1f}); {refused} requests refused;"
        f" {time.monotonic() - began:.0f} s"
    )
    assert number == SERVERS * ROUNDS
    assert max(servers.handed_over) < 15
