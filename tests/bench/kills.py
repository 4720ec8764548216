"""Kills of the process that posts, at every step and at random instants: `pytest -m bench -s tests/bench/kills.py`.

KILLS says how many, 200 unless given; SEED where and when. Some ten minutes.
"""

import os
import time
from pathlib import Path

import pytest

from tests.bot.newsroom.kills import SERVER, STEPS, newsdesk

KILLS, SEED = int(os.environ.get("KILLS", "200")), int(os.environ.get("SEED", "1"))
KINDS = [*(f"{step} {when}" for step, when in STEPS), *SERVER, "two"]
AT_RANDOM = 0.5
"""Share of the kills that come at a random instant."""


@pytest.mark.bench
async def test_killed_at_any_instant_each_brief_is_there_once(evidence_file: Path, tmp_path: Path) -> None:
    began = time.monotonic()
    async with newsdesk(evidence_file, tmp_path, f"sqlite:///{tmp_path / 'state.db'}", SEED) as desk:
        while sum(desk.kills.values()) < KILLS:
            at_random = desk.chance.random() < AT_RANDOM
            await desk.kill("random" if at_random else desk.chance.choice(KINDS))
        await desk.finish(600)
        number = desk.check()
    kills, took = sum(desk.kills.values()), time.monotonic() - began
    watched = f"{desk.milestones} milestones, each told {len(desk.watchers)} watchers once"
    print(f"\n{kills} kills, {number} briefs, each in every target once; {watched}; {took:.0f} s")
    print(", ".join(f"{kind}: {count}" for kind, count in sorted(desk.kills.items())))
