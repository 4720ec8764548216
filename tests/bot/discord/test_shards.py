"""Which shards a process holds: read from what a person wrote, and refused in one sentence."""

import asyncio
import os
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from bot.discord import client
from bot.discord.client import Gapbrief
from bot.discord.client_base import Shards
from bot.services import Services
from bot.settings import Settings
from bot.state.database import State
from core.errors import UsageError
from tests.bot.conftest import Run, free_port
from tests.conftest import ROOT
from tests.fakes.discord import TOKEN, FakeDiscord, World, faults, running


@pytest.mark.parametrize(
    ("written", "ids", "count", "shown"),
    [
        ("0-3/16", [0, 1, 2, 3], 16, "0-3/16"),
        ("5/16", [5], 16, "5/16"),
        (" 2-2/3 ", [2], 3, "2/3"),
        ("0/1", [0], 1, "0/1"),
    ],
)
def test_they_are_the_first_and_the_last_of_how_many(written: str, ids: list[int], count: int, shown: str) -> None:
    shards = Shards.read(written)
    assert (shards.ids, shards.count, str(shards)) == (ids, count, shown)


@pytest.mark.parametrize(
    "written",
    ["", "3", "0-3", "/16", "0-/16", "-1/16", "3-0/16", "0-16/16", "16/16", "0/0", "0,1/2", "\u0660/\u0663", "a-b/c"],
)
def test_what_names_no_shards_is_refused(written: str) -> None:
    with pytest.raises(UsageError) as caught:
        Shards.read(written)
    assert str(caught.value).endswith(" does not name shards; give first-last/total, counted from 0, such as 0-3/16.")


def test_each_server_is_in_one_shard_by_its_id() -> None:
    held = [Shards.read(f"{number}/3") for number in range(3)]
    for guild_id in (number << 22 for number in range(30)):
        assert [shards.has(guild_id) for shards in held].count(True) == 1
    assert held[1].has(4 << 22)


# ---- gapbrief run --shards


def test_a_state_that_is_a_file_is_one_process_s(settings: Settings) -> None:
    Shards.read("0-2/3").check(settings)  # which holds them all
    with pytest.raises(UsageError) as caught:
        Shards.read("0-1/3").check(settings)
    assert str(caught.value) == (
        "--shards 0-1/3 leaves shards to other processes, and these can't share a state that is a file;"
        " set GAPBRIEF_STATE_URL to a PostgreSQL database."
    )


@pytest.mark.parametrize(
    ("shards", "token", "sentence"),
    [
        ("0-3", "x", '"0-3" does not name shards; give first-last/total'),
        ("0-3/16", None, "DISCORD_TOKEN is not set"),
        ("0-3/16", "x", "--shards 0-3/16 leaves shards to other processes"),
    ],
)
def test_what_run_can_not_do_with_them_is_one_sentence(run: Run, shards: str, token: str | None, sentence: str) -> None:
    result = run("run", "--shards", shards, DISCORD_TOKEN=token)
    assert result.exit_code != 0
    assert result.stderr.startswith(sentence)
    assert result.stderr.count("\n") == 1


# ---- for real


@pytest.mark.slow
async def test_two_processes_answer_each_for_the_servers_of_its_shards(
    evidence_file: Path, tmp_path: Path, postgres_address: str
) -> None:
    world = World()
    guilds = [world.add_guild(name) for name in ("one", "two")]
    ada = world.add_user("ada")
    for guild in guilds:
        guild.join(ada)
    asked = {(guild.id >> 22) % 2: guild.channel("general") for guild in guilds}
    async with FakeDiscord(world, point_client=False) as fake:
        fake.gateway.apart = 5.0
        code = f"{fake.prelude}from bot.cli import main\nimport sys\nmain(['run', '--shards', sys.argv[1]])\n"
        running = [
            await asyncio.create_subprocess_exec(
                sys.executable, "-c", code, f"{shard}/2", cwd=tmp_path, stderr=asyncio.subprocess.PIPE,
                env={
                    **os.environ, "PYTHONPATH": str(ROOT), "GAPBRIEF_DB": str(evidence_file), "DISCORD_TOKEN": TOKEN,
                    "GAPBRIEF_STATE_URL": postgres_address, "GAPBRIEF_PORT": str(free_port()),
                },
            )
            for shard in asked
        ]  # fmt: skip
        try:
            await fake.until(lambda: len(fake.gateway.live) == 2, timeout=120)
            for channel in asked.values():
                it = await fake.slash(ada, channel, "gap")
                await it.first_answer(timeout=60)
            assert fake.gateway.too_early == 0
            for process in running:
                process.terminate()
                _, errors = await asyncio.wait_for(process.communicate(), 60)
                assert process.returncode == 0, errors.decode()
        finally:
            for process in running:
                if process.returncode is None:
                    process.kill()
                    await process.wait()


APART = 1.0


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "_IDENTIFY_INTERVAL", timedelta(seconds=APART))


def bot(settings: Settings, state: State, shards: str) -> Gapbrief:
    return Gapbrief(Services(settings, state), Shards.read(shards), guild_ready_timeout=0.1)


@pytest.mark.slow
async def test_two_processes_that_start_at_once_begin_one_after_another(settings: Settings, state: State) -> None:
    async with FakeDiscord() as fake:
        fake.gateway.apart = APART / 2  # a machine that is busy may keep the earlier one waiting for longer
        async with running(bot(settings, state, "0-1/3"), fake.token), running(bot(settings, state, "2/3"), fake.token):
            assert len(fake.gateway.live) == 3
        assert fake.gateway.too_early == 0


@pytest.mark.slow
async def test_where_discord_lets_more_begin_each_key_has_a_turn_of_its_own(settings: Settings, state: State) -> None:
    async with FakeDiscord() as fake:
        fake.gateway.max_concurrency = 2
        async with running(bot(settings, state, "0/4"), fake.token) as started:
            await client.wait_to_identify(started, 0)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(client.wait_to_identify(started, 2), APART / 2)
            await client.wait_to_identify(started, 1)


@pytest.mark.slow
async def test_where_discord_does_not_say_how_many_it_waits_and_begins(settings: Settings, state: State) -> None:
    async with FakeDiscord() as fake:
        fake.disturb("GET /gateway/bot", faults.refused(50001), times=None)
        async with running(bot(settings, state, "0/2"), fake.token) as started:
            assert list(started.shards) == [0]
