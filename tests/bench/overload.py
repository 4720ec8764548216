"""The pages at once, twice and four times what they can serve, and `/gap` meanwhile:
`pytest -m bench -s -n 0 tests/bench/overload.py`. Some two minutes.

The service runs as its operator runs it, behind a pretended proxy and Discord; visitors are a process of their own.
"""

import asyncio
import json
import sys
from pathlib import Path

import pytest

from tests.bench.discord_bots import Side, Times, gapbrief
from tests.bench.discord_load import quantile
from tests.bench.web_load import SERVED, Came
from tests.conftest import ROOT

pytestmark = pytest.mark.bench

SECONDS, WARM_SECONDS = 15.0, 8.0
FAR_TOO_MANY = 600.0
"""Requests a second, more than any machine of today serves: what is served of them is the capacity."""
GAPS_PER_SECOND = 10.0
TIMES = (1, 2, 4)
MOST_SECONDS = 1.5
MOST_TIMES = 3.0
"""What `/gap` may take, beside what it takes when nobody looks at a page; and a tenth of a second at the least."""


async def visited(side: Side, rate: float, seconds: float) -> Came:
    """Let visitors ask for pages, from a process of their own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.web_load", str(side.port), str(rate), str(seconds),
        cwd=ROOT, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await process.communicate()
    return Came(**json.loads(out))


def report(name: str, came: Came, gaps: Times) -> str:
    served, shed = len(came.served), came.statuses.get("503", 0)
    times = [1000 * quantile(waits, share) for waits in (came.served or [0], gaps.first) for share in (0.5, 0.99)]
    total = sum(came.statuses.values())
    return (
        f"{name:10} asked {total / SECONDS:6.0f}/s  served {served / SECONDS:6.0f}/s  shed {shed / SECONDS:6.0f}/s "
        f" p50 {times[0]:5.0f}  p99 {times[1]:5.0f} ms   /gap p50 {times[2]:4.0f}  p99 {times[3]:4.0f} ms"
    )


async def test_what_is_served_is_served_soon_and_gap_is_answered_as_ever(tmp_path: Path) -> None:
    async with gapbrief(tmp_path, 500) as side:
        await visited(side, 0, WARM_SECONDS)
        most = await visited(side, FAR_TOO_MANY, WARM_SECONDS)
        capacity = len(most.served) / WARM_SECONDS
        quiet = await side.steady(GAPS_PER_SECOND, SECONDS)
        print(f"\ncapacity {capacity:.0f} requests a second; of {FAR_TOO_MANY:.0f} came {most.statuses}")
        print(report("nobody", Came(), quiet))
        for times in TIMES:
            came, gaps = await asyncio.gather(
                visited(side, times * capacity, SECONDS), side.steady(GAPS_PER_SECOND, SECONDS)
            )
            print(report(f"{times} times", came, gaps))
            assert set(came.statuses) <= {*SERVED, "503"}
            assert quantile(came.served, 0.99) <= MOST_SECONDS
            assert gaps.missed == gaps.unpictured == 0
            assert quantile(gaps.first, 0.99) <= max(0.1, MOST_TIMES * quantile(quiet.first, 0.99))
