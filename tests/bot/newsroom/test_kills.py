"""Killed at any step, also beside another process, it posts nothing twice. More of it: tests/bench/kills.py."""

from pathlib import Path

import pytest

from tests.bot.newsroom.kills import SERVER, STEPS, newsdesk

KINDS = [*(f"{step} {when}" for step, when in STEPS), *SERVER, *["random"] * 5, *["two"] * 2]


@pytest.mark.slow
async def test_twenty_kills_post_nothing_twice_and_lose_nothing(
    evidence_file: Path, tmp_path: Path, state_address: str
) -> None:
    async with newsdesk(evidence_file, tmp_path, state_address, seed=1) as desk:
        for kind in KINDS:
            await desk.kill(kind) or await desk.kill(kind)  # a busy machine may not come to it in its minute
        await desk.finish()
        assert desk.check() >= len(KINDS) == 20
        assert sum(desk.kills.values()) == 20, desk.kills
