"""Sessions begin one after another, however many processes begin them; other rate limit keys are others."""

import asyncio
from datetime import timedelta

import pytest

from bot.discord import identifying
from bot.discord.client import Gapbrief
from bot.discord.shards import Shards
from bot.services import Services
from bot.settings import Settings
from bot.state.database import State
from tests.fakes.discord import FakeDiscord, faults, running

APART = 1.0


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identifying, "_APART", timedelta(seconds=APART))


def bot(settings: Settings, state: State, shards: str) -> Gapbrief:
    return Gapbrief(Services(settings, state), Shards.read(shards), guild_ready_timeout=0.1)


async def test_two_processes_that_start_at_once_begin_one_after_another(settings: Settings, state: State) -> None:
    async with FakeDiscord() as fake:
        fake.gateway.apart = APART / 2  # a machine that is busy may keep the earlier one waiting for longer
        async with running(bot(settings, state, "0-1/3"), fake.token), running(bot(settings, state, "2/3"), fake.token):
            assert len(fake.gateway.live) == 3
        assert fake.gateway.too_early == 0


async def test_where_discord_lets_more_begin_each_key_has_a_turn_of_its_own(settings: Settings, state: State) -> None:
    async with FakeDiscord() as fake:
        fake.gateway.max_concurrency = 2
        async with running(bot(settings, state, "0/4"), fake.token) as client:
            await identifying.turn(client, 0)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(identifying.turn(client, 2), APART / 2)
            await identifying.turn(client, 1)


async def test_where_discord_does_not_say_how_many_it_waits_and_begins(settings: Settings, state: State) -> None:
    async with FakeDiscord() as fake:
        fake.disturb("GET /gateway/bot", faults.refused(50001), times=None)
        async with running(bot(settings, state, "0/2"), fake.token) as client:
            assert list(client.shards) == [0]
