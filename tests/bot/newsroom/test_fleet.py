"""Of three processes on one PostgreSQL one is killed, and others go on. More: tests/bench/three_processes.py."""

from pathlib import Path

import pytest
from sqlalchemy import URL

from bot.newsroom.newsroom_worker import DISCORD_LEASE
from tests import postgres as server
from tests.bot.newsroom.fleet import fleet

SERVERS = 30


@pytest.mark.slow
async def test_when_the_one_that_posts_is_killed_another_goes_on_and_each_brief_is_there_once(
    evidence_file: Path, tmp_path: Path, postgres: URL
) -> None:
    with server.database(postgres) as url:
        async with fleet(evidence_file, tmp_path, server.address(url), SERVERS, row_lease=10) as running_fleet:
            shard = await running_fleet.holder(DISCORD_LEASE)
            running_fleet.schedule()
            await running_fleet.until(3, "posted")
            await running_fleet.kill(shard, "posts")
            await running_fleet.start(shard)
            await running_fleet.finish()
            assert running_fleet.check() == SERVERS
            assert max(running_fleet.handed_over) < 15
