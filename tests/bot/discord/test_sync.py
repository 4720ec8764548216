"""Commands are told to Discord when they changed, and only then."""

import discord
import pytest

from bot.discord.client import Gapbrief
from bot.discord.sync import commands_hash, sync
from bot.settings import Settings
from bot.state.notes import note
from bot.state.state import State
from tests.bot.discord.conftest import World, words


def told(world: World) -> int:
    return len([each for each in world.env.http_requests if each.method == "PUT" and each.path.endswith("/commands")])


async def test_the_first_start_tells_the_commands_and_notes_their_hash(world: World) -> None:
    assert told(world) == 1
    assert note(world.bot.state, f"commands:{world.bot.application_id}") == commands_hash(world.bot)


async def test_a_restart_tells_nothing_new(world: World, settings: Settings, state: State) -> None:
    await world.env.restart_bot(Gapbrief(settings, state, shard_count=1))
    assert told(world) == 1
    assert words(await world.slash("gap")).startswith("Open models trail")


async def test_a_changed_command_is_told(
    world: World, settings: Settings, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.discord.client.COGS", ("gap", "about"))
    await world.env.restart_bot(Gapbrief(settings, state, shard_count=1))
    assert told(world) == 2
    assert world.alice.available_commands(world.channel) == ("about", "gap", "help")


async def test_what_discord_did_not_take_is_told_at_the_next_start(
    world: World, settings: Settings, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.discord.client.COGS", ("gap", "about"))
    world.env.inject_error("PUT", "/applications/*/commands", status=500)
    await world.env.restart_bot(Gapbrief(settings, state, shard_count=1))
    assert words(await world.slash("gap")).startswith("Open models trail")
    await world.env.restart_bot(Gapbrief(settings, state, shard_count=1))
    assert note(state, f"commands:{world.bot.application_id}") == commands_hash(world.bot)


async def test_one_server_can_be_told_at_once(world: World) -> None:
    before = note(world.bot.state, f"commands:{world.bot.application_id}")
    number = await sync(world.bot, discord.Object(world.guild.id))
    assert number == len(world.bot.tree.get_commands(guild=discord.Object(world.guild.id)))
    assert note(world.bot.state, f"commands:{world.bot.application_id}") == before


def test_the_hash_is_the_same_in_every_process_and_order(settings: Settings, state: State) -> None:
    first, second = Gapbrief(settings, state), Gapbrief(settings, state)
    assert commands_hash(first) == commands_hash(second)
