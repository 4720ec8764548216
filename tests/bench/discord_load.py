"""The Discord bot under load, beside one empty command: `pytest -m bench -s -n 0 tests/bench/discord_load.py`.

Both are real clients in processes of their own, on the same pretended Discord, in turns, so that noise meets both.
Some six minutes. LOAD_SECONDS says for how long 100 people a second ask (60 unless given), LOAD_ASKED how
many ask while the memory is looked at (20,000).
"""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import reduce
from operator import iadd
from pathlib import Path
from statistics import fmean

import pytest

from tests.bench.discord_bots import Side, Times, empty, gapbrief

pytestmark = pytest.mark.bench

SECONDS, ASKED = int(os.environ.get("LOAD_SECONDS", "60")), int(os.environ.get("LOAD_ASKED", "20000"))
AT_ONCE, PER_SECOND = 500, 100
ROUNDS = 12
PEOPLE = 2000
MOST_TIMES, MOST_TIMES_PICTURE = 1.3, 6.0
MOST_GROWTH = 0.05
"""What memory may grow by after the first tenth of the interactions, when all caches are full, to count as flat."""

STEPS = 10
TYPED = {
    ("gap", "benchmark"): ("", "g", "gpqa", "swe bnech", "weridml", "humanitys last"),
    ("gap", "country"): ("chnia", "un", "fra"),
    ("model", "model"): ("", "k", "kimmi k2", "gpt-5 high", "claude sonet 4.5", "x" * 100),
    ("compare", "left"): ("", "deep", "antrhopic", "not chin"),
    ("terms", "term"): ("", "open", "confidnce interval"),
    ("brief", "which"): ("", "2", "2026"),
}
"""What is typed into each command's option, by which kind of name it takes."""
MOST_TYPED_SECONDS = 0.05

Sides = tuple[Side, Side]


@pytest.fixture
async def sides(tmp_path: Path) -> AsyncIterator[Sides]:
    """The empty bot and gapbrief, both ready."""
    async with empty(tmp_path, PEOPLE) as plain, gapbrief(tmp_path, PEOPLE) as ours:
        yield plain, ours


def quantile(times: list[float], share: float) -> float:
    return sorted(times)[min(int(share * len(times)), len(times) - 1)]


def report(name: str, times: list[float]) -> str:
    shown = (quantile(times, 0.5), quantile(times, 0.99), max(times))
    return f"{name:22} p50 {1000 * shown[0]:6.0f}   p99 {1000 * shown[1]:6.0f}   max {1000 * shown[2]:6.0f} ms"


async def compared(sides: Sides, rounds: int, load: Callable[[Side], Awaitable[Times]]) -> None:
    """Let both bear a load in turns; print what it took, and see that the bars hold.

    What is compared is the p99 of a turn, on average over all turns: the empty bot's garbage collector runs in every
    second one, which makes its turns of two sorts.
    """
    turns: tuple[list[Times], list[Times]] = ([], [])
    for side in sides:
        await load(side)
    for number in range(rounds):
        for which in (0, 1) if number % 2 else (1, 0):
            turns[which].append(await load(sides[which]))
    base, ours = (reduce(iadd, turn, Times()) for turn in turns)
    p99, first, picture = (
        fmean(quantile(time, 0.99) for time in times)
        for times in (
            [turn.first for turn in turns[0]],
            [turn.first for turn in turns[1]],
            [turn.picture for turn in turns[1]],
        )
    )
    print(report("empty, first answer", base.first), report("gapbrief, first answer", ours.first), sep="\n")
    print(report("gapbrief, picture", ours.picture))
    print(
        f"p99 of the first answer {first / p99:.2f} times the empty one's, of the picture {picture / p99:.2f} times; "
        f"over 3 s: {ours.missed} of {len(ours.first)} (empty: {base.missed}); without picture: {ours.unpictured};"
        f"\nprocessor {ours.compute_answer_cost():.1f} ms each (empty: {base.compute_answer_cost():.1f})"
    )
    assert ours.missed == ours.unpictured == 0
    assert first <= MOST_TIMES * p99
    assert picture <= MOST_TIMES_PICTURE * p99


async def test_500_at_once(sides: Sides) -> None:
    print(f"\n{AT_ONCE} at once, {ROUNDS} times")
    await compared(sides, ROUNDS, lambda side: side.at_once(AT_ONCE))


async def test_100_a_second(sides: Sides) -> None:
    seconds = SECONDS / ROUNDS
    print(f"\n{PER_SECOND} a second for {SECONDS} s, in {ROUNDS} turns of {seconds:.0f} s")
    await compared(sides, ROUNDS, lambda side: side.steady(PER_SECOND, seconds))


async def test_completion_while_typing(sides: Sides) -> None:
    plain, ours = sides
    base, typed = Times(), []
    for _ in range(20):
        base += await plain.at_once(1)
        typed += [await ours.typed(*where, text) for where, texts in TYPED.items() for text in texts]
    print(
        "\nCompletion while typing",
        report("empty, first answer", base.first),
        report("gapbrief, choices", typed),
        sep="\n",
    )
    assert quantile(typed, 0.99) < MOST_TYPED_SECONDS


async def test_memory_is_flat(sides: Sides) -> None:
    _, ours = sides
    memory = [ours.memory()]
    for _ in range(STEPS):
        for _ in range(ASKED // STEPS // AT_ONCE):
            times = await ours.at_once(AT_ONCE)
            assert times.missed == times.unpictured == 0
        memory.append(ours.memory())
    print(f"\n{ASKED} interactions, memory before and after each tenth: {' '.join(f'{mb:.0f}' for mb in memory)} MB")
    print(f"grown by {100 * (memory[-1] / memory[1] - 1):.1f} % after the first tenth")
    assert memory[-1] <= (1 + MOST_GROWTH) * memory[1]
