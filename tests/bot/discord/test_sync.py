"""Commands are told to Discord when they changed, and only then."""

from pathlib import Path
from typing import Any

import discord
import pytest
from discord import app_commands

from bot.discord.client import Gapbrief
from bot.discord.locales import CATALOGUE
from bot.discord.sync import clear, command_ids, commands_hash, mention, sync, sync_if_changed
from bot.services import Services
from bot.settings import Settings
from bot.state.database import State
from bot.state.notes import note
from tests.bot.discord.conftest import World, started_anew, words
from tests.bot.discord.wire import online

SLASH = discord.AppCommandType.chat_input


def told(world: World) -> int:
    return len([each for each in world.env.http_requests if each.method == "PUT" and each.path.endswith("/commands")])


async def test_the_first_start_tells_the_commands_and_notes_their_hash(world: World) -> None:
    assert told(world) == 1
    assert note(world.bot.services.state, f"commands:{world.bot.application_id}") == commands_hash(world.bot)


async def test_a_restart_tells_nothing_new(world: World, settings: Settings, state: State) -> None:
    await world.env.restart_bot(started_anew(settings, state))
    assert told(world) == 1
    assert words(await world.slash("gap")).startswith("Open models trail")


async def test_a_changed_command_is_told(
    world: World, settings: Settings, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.discord.client.COGS", ("ask", "about"))
    await world.env.restart_bot(started_anew(settings, state))
    assert told(world) == 2
    assert world.alice.available_commands(world.channel) == ("about", "ask", "forget", "help")


def trial(
    description: str = "A trial.",
    name: str = "benchmark",
    says: str = "The test.",
    choice: str = "gpqa",
    manages: bool = True,
    dms: bool = False,
    users: bool = False,
) -> app_commands.Command[Any, ..., Any]:
    @app_commands.command(name="trial", description=description)
    @app_commands.rename(benchmark=name)
    @app_commands.describe(benchmark=says)
    @app_commands.choices(benchmark=[app_commands.Choice(name="GPQA", value=choice)])
    @app_commands.default_permissions(manage_messages=manages)
    @app_commands.allowed_contexts(guilds=True, dms=dms)
    @app_commands.allowed_installs(guilds=True, users=users)
    async def command(_interaction: discord.Interaction, benchmark: str) -> None: ...

    return command


@pytest.mark.parametrize(
    "changed",
    [
        {"description": "Another."}, {"name": "test"}, {"says": "Which test."}, {"choice": "arc"}, {"manages": False},
        {"dms": True}, {"users": True},
    ],
    ids=lambda changed: next(iter(changed)),
)  # fmt: skip
async def test_whatever_changes_of_a_command_is_told(world: World, changed: dict[str, Any]) -> None:
    world.bot.tree.add_command(trial())
    assert await sync_if_changed(world.bot)
    world.bot.tree.add_command(trial(), override=True)
    assert not await sync_if_changed(world.bot)
    world.bot.tree.add_command(trial(**changed), override=True)
    assert await sync_if_changed(world.bot)


async def test_one_server_can_be_told_at_once(world: World) -> None:
    before = note(world.bot.services.state, f"commands:{world.bot.application_id}")
    number = await sync(world.bot, discord.Object(world.guild.id))
    assert number == len(world.bot.tree.get_commands(guild=discord.Object(world.guild.id)))
    assert note(world.bot.services.state, f"commands:{world.bot.application_id}") == before


async def test_the_hash_is_the_same_in_every_process_and_order(settings: Settings, state: State) -> None:
    first, second = Gapbrief(Services(settings, state)), Gapbrief(Services(settings, state))
    await first.load_cogs()
    await second.load_cogs()
    slash = discord.AppCommandType.chat_input
    commands = second.tree.get_commands(type=slash)
    second.tree.clear_commands(guild=None, type=slash)
    for command in reversed(commands):
        second.tree.add_command(command)
    assert commands
    assert commands_hash(first) == commands_hash(second)


# ---- the ids by which Discord knows the commands


async def test_the_ids_that_discord_gives_the_commands_survive_a_restart(
    world: World, settings: Settings, state: State
) -> None:
    known = {each.name: each.id for each in await world.bot.tree.fetch_commands() if each.type is SLASH}
    assert await command_ids(world.bot, None) == known
    await world.env.restart_bot(started_anew(settings, state))
    assert await command_ids(world.bot, world.guild.id) == known
    assert mention("gap", known) == f"</gap:{known['gap']}>"
    assert mention("newsroom schedule add", known) == f"</newsroom schedule add:{known['newsroom']}>"
    assert mention("gap", {}) == "**/gap**"


async def test_a_server_that_was_told_the_commands_for_itself_knows_them_by_ids_of_its_own(world: World) -> None:
    guild = discord.Object(world.guild.id)
    everywhere = await command_ids(world.bot, None)
    await sync(world.bot, guild)
    own = {each.name: each.id for each in await world.bot.tree.fetch_commands(guild=guild) if each.type is SLASH}
    assert await command_ids(world.bot, world.guild.id) == own
    assert not set(own.values()) & set(everywhere.values())
    assert await command_ids(world.bot, None) == everywhere
    await clear(world.bot, guild)
    assert await command_ids(world.bot, world.guild.id) == everywhere


async def test_a_server_that_removes_us_takes_its_own_ids_with_it(settings: Settings, state: State) -> None:
    async with online(settings, state) as (fake, bot):
        lab = fake.world.guild("Lab")
        await sync(bot, discord.Object(lab.id))
        assert await command_ids(bot, lab.id) != await command_ids(bot, None)
        lab.lose_bot()
        name = f"command ids:{bot.application_id}:{lab.id}"
        await fake.until(lambda: note(state, name) is None, "the ids to be forgotten")


async def test_a_changed_translation_is_told(
    world: World, settings: Settings, state: State, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = tmp_path / "locales.yml"
    other.write_bytes(CATALOGUE.read_bytes() + b"# another\n")
    monkeypatch.setattr("bot.discord.sync.CATALOGUE", other)
    await world.env.restart_bot(started_anew(settings, state))
    assert told(world) == 2
