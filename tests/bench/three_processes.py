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


async def round_of_kills(found: Fleet, chance: random.Random) -> None:
    """Let a brief be due in every server, and kill: who makes them, who posts them, and anybody, meanwhile."""
    made, posted = found.made(), found.posted()
    found.schedule()
    await found.until(made + SERVERS // 4, "made")
    shard = await found.holder(LEASE)
    await found.kill(shard, "makes")
    await found.start(shard)
    for share in (0.25, 0.5):
        await found.until(posted + int(share * SERVERS), "posted")
        shard = await found.holder(DISCORD_LEASE)
        await found.kill(shard, "posts")
        await found.start(shard)
    await found.until(posted + int(0.75 * SERVERS), "posted")
    shard = chance.randrange(NUMBER)
    await found.kill(shard, "any")
    await found.start(shard)
    await found.until(posted + SERVERS, "posted")


@pytest.mark.bench
async def test_killed_whichever_it_is_each_brief_is_there_once(
    evidence_file: Path, tmp_path: Path, postgres: URL
) -> None:
    chance, began = random.Random(1), time.monotonic()  # noqa: S311 (no secret)
    with server.database(postgres) as url:
        async with fleet(evidence_file, tmp_path, server.address(url), SERVERS) as found:
            for _ in range(ROUNDS):
                await round_of_kills(found, chance)
            await found.finish()
            number = found.check()
    refused = sum(each.status == 429 for each in found.fake.requests)
    print(
        f"\n{NUMBER} processes, {SERVERS} servers, {number} briefs, each there once; {found.kills.total()} kills"
        f" ({', '.join(f'{kind}: {count}' for kind, count in found.kills.items())});"
        f"\nhanded over within {max(found.handed_over):.1f} s (median"
        f" {sorted(found.handed_over)[len(found.handed_over) // 2]:.1f}); {refused} requests refused;"
        f" {time.monotonic() - began:.0f} s"
    )
    assert number == SERVERS * ROUNDS
    assert max(found.handed_over) < 15
