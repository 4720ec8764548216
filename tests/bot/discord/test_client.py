"""The client: what it forgets of servers that removed it, and how it ends."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord
import pytest
from sqlalchemy import select

from bot.discord.asking import RequestLimit
from bot.discord.client import Gapbrief
from bot.discord.client_base import Shards
from bot.services import Services
from bot.settings import Settings
from bot.state import guilds, notes
from bot.state.database import State
from bot.state.state_tables import NOTES
from tests.bot.discord.wire import answered, gap, online
from tests.bot.kept import allow_channels
from tests.fakes.discord import FakeDiscord, World, faults, running, small_world
from tests.fakes.discord.sessions import Session

ELSEWHERE = 404


def remembers(state: State, *servers: int) -> None:
    for server in servers:
        allow_channels(state, server, [server + 1])


@asynccontextmanager
async def started(settings: Settings, state: State, world: World) -> AsyncIterator[tuple[FakeDiscord, Gapbrief]]:
    """The bot once it looked which servers it is still on."""
    async with online(settings, state, world=world) as (fake, bot):
        await bot.on_ready()
        await events_handled()
        yield fake, bot


async def events_handled() -> None:
    """Wait until the bot did all that belongs to the events that came."""
    await asyncio.gather(*(task for task in asyncio.all_tasks() if task.get_name().startswith("discord.py: on_")))


def set_up_for(state: State, *servers: int) -> set[int]:
    """Return those of some servers of which it is still known what they set."""
    return {server for server in servers if guilds.allowed_channels(state, server)}


def noted(state: State, server: int) -> bool:
    """Return whether the state notes a server as one that the bot is in."""
    with state.reading() as connection:
        notes = connection.scalars(select(NOTES.c.value).where(NOTES.c.name.startswith("servers of "))).all()
    return any(server in json.loads(note) for note in notes)


async def test_a_server_that_removes_us_is_forgotten_and_can_be_set_up_for_anew(
    settings: Settings, state: State
) -> None:
    world = small_world()
    lab = world.guild("Lab")
    remembers(state, lab.id)
    async with started(settings, state, world) as (fake, bot):
        assert set_up_for(state, lab.id)
        lab.lose_bot()
        await fake.until(lambda: not bot.guilds)
        await events_handled()
        assert not noted(state, lab.id)
        assert not set_up_for(state, lab.id)
    remembers(state, lab.id)
    async with started(settings, state, world):
        assert set_up_for(state, lab.id)


async def test_a_server_that_removes_us_while_all_are_noted_is_noted_no_more(
    settings: Settings, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = small_world()
    lab = world.guild("Lab")
    remembers(state, lab.id)
    change, begun, go_on = notes.change_note, threading.Event(), threading.Event()

    def change_late(*words: Any) -> None:
        begun.set()
        go_on.wait()
        change(*words)

    async with online(settings, state, world=world) as (fake, bot):
        await events_handled()
        notes.keep_note(state, f"servers of {bot.application_id}", "[]")
        monkeypatch.setattr(notes, "change_note", change_late)
        ready = asyncio.create_task(bot.on_ready())
        await asyncio.to_thread(begun.wait)
        lab.lose_bot()
        await fake.until(lambda: not set_up_for(state, lab.id))
        go_on.set()
        await ready
        await events_handled()
        assert not noted(state, lab.id)


async def test_a_server_that_removed_us_while_we_were_away_is_forgotten_at_the_start(
    settings: Settings, state: State
) -> None:
    world = small_world()
    lab, other = world.guild("Lab").id, world.add_guild("Other")
    remembers(state, lab, other.id)
    async with started(settings, state, world):
        assert set_up_for(state, lab, other.id) == {lab, other.id}
    other.lose_bot()
    async with started(settings, state, world):
        assert set_up_for(state, lab, other.id) == {lab}


async def test_a_server_that_we_joined_while_running_is_noted_too(settings: Settings, state: State) -> None:
    world = small_world()
    async with started(settings, state, world) as (fake, bot):
        late = world.add_guild("Late")
        await fake.until(lambda: late.id in {guild.id for guild in bot.guilds})
        await fake.settled()
    remembers(state, late.id)
    late.lose_bot()
    async with started(settings, state, world):
        assert not set_up_for(state, late.id)


async def test_what_was_set_up_before_a_server_invites_us_stays(settings: Settings, state: State) -> None:
    remembers(state, ELSEWHERE)
    for _ in range(2):
        async with started(settings, state, small_world()):
            assert set_up_for(state, ELSEWHERE)


async def test_another_application_on_the_same_state_forgets_nothing_of_the_first(
    settings: Settings, state: State
) -> None:
    first, second = small_world(), World()
    second.bot.id += 1
    second.add_guild("Elsewhere")
    remembers(state, first.guild("Lab").id)
    async with started(settings, state, first):
        pass
    async with started(settings, state, second):
        assert set_up_for(state, first.guild("Lab").id)


async def test_a_server_that_is_down_is_none_that_removed_us(settings: Settings, state: State) -> None:
    world = small_world()
    lab = world.guild("Lab")
    remembers(state, lab.id)
    async with started(settings, state, world):
        pass
    lab.available = False
    async with started(settings, state, world) as (fake, _):
        assert set_up_for(state, lab.id)
        assert not fake.called("GET /users/@me/guilds")


async def test_a_ready_that_names_no_server_is_not_believed_alone(
    settings: Settings, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = small_world()
    lab = world.guild("Lab").id
    remembers(state, lab)
    async with started(settings, state, world):
        pass
    monkeypatch.setattr(Session, "covers", lambda _session, _guild: False)
    async with started(settings, state, world) as (_, bot):
        assert not bot.guilds
        assert set_up_for(state, lab)


async def test_where_discord_does_not_say_nothing_is_forgotten(settings: Settings, state: State) -> None:
    world = small_world()
    other = world.add_guild("Other")
    remembers(state, other.id)
    async with started(settings, state, world):
        pass
    other.lose_bot()
    async with FakeDiscord(world) as fake:
        fake.disturb("GET /users/@me/guilds", faults.cut_off(), None)
        async with running(Gapbrief(Services(settings, state), guild_ready_timeout=0.1), fake.token):
            await fake.until(lambda: fake.called("GET /users/@me/guilds"))
            await fake.settled()
            assert set_up_for(state, other.id)


async def test_it_keeps_discords_limit_and_closing_finishes_the_answers_that_were_begun(
    settings: Settings, state: State
) -> None:
    async with online(settings, state) as (fake, bot):
        assert isinstance(bot.http.http_trace, RequestLimit)
        fake.disturb("POST */callback", faults.slow(0.5), None)
        begun = await gap(fake)
        await fake.until(lambda: bot._answering)
        await bot.close()
        await answered(begun)
        assert bot.is_closed()
        assert bot.services.scheduler.jobs() == {}


@pytest.mark.slow
async def test_a_gateway_that_does_not_let_us_go_does_not_hold_up_the_end(
    settings: Settings, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with online(settings, state) as (_, bot):
        monkeypatch.setattr(discord.ShardInfo, "disconnect", lambda _shard: asyncio.sleep(3600))
        async with asyncio.timeout(60):
            await bot.close()


@pytest.mark.slow
async def test_what_other_processes_shards_hold_is_not_taken_for_gone(settings: Settings, state: State) -> None:
    """Each process knows the servers of its own shards alone."""
    world = World()
    here, there = world.add_guild("even"), world.add_guild("odd")
    while (here.id >> 22) % 2 == (there.id >> 22) % 2:
        there = world.add_guild("another")
    remembers(state, here.id, there.id)
    shards = [Shards((guild.id >> 22) % 2, (guild.id >> 22) % 2, 2) for guild in (here, there)]
    async with FakeDiscord(world) as fake:

        async def start(held: Shards) -> None:
            bot = Gapbrief(Services(settings, state), held, guild_ready_timeout=0.1)
            async with running(bot, fake.token):
                await bot.on_ready()

        for held in [*shards, shards[0]]:
            await start(held)
        assert not fake.called("GET /users/@me/guilds")
        assert set_up_for(state, here.id, there.id) == {here.id, there.id}
        there.lose_bot()
        for held in shards:
            await start(held)
        assert set_up_for(state, here.id, there.id) == {here.id}
