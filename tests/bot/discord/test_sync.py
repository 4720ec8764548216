"""Commands are told to Discord when they changed, and only then."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import app_commands

from bot.discord.client import Gapbrief
from bot.discord.sync import (
    CATALOGUE,
    clear,
    command_ids,
    commands_hash,
    mention,
    read_catalogue,
    sync,
    sync_if_changed,
)
from bot.services import Services
from bot.settings import Settings
from bot.state.database import State
from bot.state.notes import read_note
from tests.bot.discord.conftest import World, started_anew, words
from tests.bot.discord.wire import online

SLASH = discord.AppCommandType.chat_input


def count_syncs(world: World) -> int:
    return sum(sent.method == "PUT" and sent.path.endswith("/commands") for sent in world.env.http_requests)


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


async def test_whatever_changes_of_a_command_is_told_once(world: World) -> None:
    world.bot.tree.add_command(trial())
    assert await sync_if_changed(world.bot)
    changes: list[dict[str, Any]] = [
        {"description": "Another."}, {"name": "test"}, {"says": "Which test."}, {"choice": "arc"}, {"manages": False},
        {"dms": True}, {"users": True},
    ]  # fmt: skip
    for change in changes:
        world.bot.tree.add_command(trial(**change), override=True)
        assert [await sync_if_changed(world.bot) for _ in range(2)] == [True, False], change


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


async def test_a_restart_tells_nothing_new_and_knows_the_ids_that_discord_gave_the_commands(
    world: World, settings: Settings, state: State
) -> None:
    known = {command.name: command.id for command in await world.bot.tree.fetch_commands() if command.type is SLASH}
    assert await command_ids(world.bot, None) == known
    await world.env.restart_bot(started_anew(settings, state))
    assert count_syncs(world) == 1
    assert words(await world.slash("gap")).startswith("Open models trail")
    assert await command_ids(world.bot, world.guild.id) == known
    assert mention("gap", known) == f"</gap:{known['gap']}>"
    assert mention("newsroom schedule add", known) == f"</newsroom schedule add:{known['newsroom']}>"
    assert mention("gap", {}) == "**/gap**"


async def test_a_server_that_was_told_the_commands_for_itself_knows_them_by_ids_of_its_own(world: World) -> None:
    guild = discord.Object(world.guild.id)
    everywhere = await command_ids(world.bot, None)
    noted = read_note(world.bot.services.state, f"commands:{world.bot.application_id}")
    assert await sync(world.bot, guild) == len(world.bot.tree.get_commands(guild=guild))
    assert read_note(world.bot.services.state, f"commands:{world.bot.application_id}") == noted
    own = {
        command.name: command.id
        for command in await world.bot.tree.fetch_commands(guild=guild)
        if command.type is SLASH
    }
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
        await fake.until(lambda: read_note(state, name) is None, "the ids to be forgotten")


async def test_a_changed_translation_is_told(
    world: World, settings: Settings, state: State, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = tmp_path / "locales.yml"
    other.write_bytes(CATALOGUE.read_bytes() + b"# another\n")
    monkeypatch.setattr("bot.discord.sync.CATALOGUE", other)
    await world.env.restart_bot(started_anew(settings, state))
    assert count_syncs(world) == 2


TONGUES = ("de", "es", "fr", "it", "pt-BR", "ja")
SHOWN = ("de", "es-ES", "es-419", "fr", "it", "pt-BR", "ja")
NAME = re.compile(r"[-_'\w]{1,32}")
"""Discord's `^[-_'\\p{L}\\p{N}\\p{sc=Deva}\\p{sc=Thai}]{1,32}$`."""
MOST_LETTERS = 8000
"""Of a command's names, descriptions and values together, each in the language where it is longest."""

Payload = dict[str, Any]


@pytest.fixture
async def payloads(settings: Settings, state: State) -> list[Payload]:
    """All commands as Discord is told them."""
    bot = Gapbrief(Services(settings, state))
    await bot.load_cogs()
    translator = bot.tree.translator
    assert translator is not None
    kinds = (discord.AppCommandType.chat_input, discord.AppCommandType.message)
    commands = [command for kind in kinds for command in bot.tree.get_commands(type=kind)]
    return [await command.get_translated_payload(bot.tree, translator) for command in commands]


def parts(payload: Payload, kind: str = "command") -> Iterator[tuple[str, Payload]]:
    """Yield a command, its subcommands, options and choices, each with what it is."""
    yield "menu" if payload.get("type") == 3 and kind == "command" else kind, payload
    for option in payload.get("options", ()):
        yield from parts(option, "option")
    for choice in payload.get("choices") or ():
        yield "choice", choice


async def test_every_name_and_description_is_in_every_language(payloads: list[Payload]) -> None:
    missing = {
        (locale, part[field])
        for payload in payloads
        for _, part in parts(payload)
        for field in ("name", "description")
        for locale in SHOWN
        if part.get(field) and not part.get(f"{field}_localizations", {}).get(locale)
    }
    assert not missing, f"add to bot/discord/locales.yml: {missing}"


async def test_each_is_as_long_and_written_as_discord_takes_it(payloads: list[Payload]) -> None:
    for payload in payloads:
        for kind, part in parts(payload):
            names, descriptions = part["name_localizations"], part.get("description_localizations", {})
            for locale, name in names.items():
                if kind in ("command", "option"):
                    assert NAME.fullmatch(name), (locale, name)
                    assert name == name.lower(), (locale, name)
                assert 1 <= len(name) <= (100 if kind == "choice" else 32), (locale, name)
            for locale, description in descriptions.items():
                assert 1 <= len(description) <= 100, (locale, description)


async def test_no_two_options_or_commands_have_one_name(payloads: list[Payload]) -> None:
    menus = {payload["name"] for payload in payloads if payload["type"] == 3}
    siblings = [[payload for payload in payloads if payload["name"] not in menus]]
    siblings += [part["options"] for payload in payloads for _, part in parts(payload) if part.get("options")]
    for group in siblings:
        for locale in SHOWN:
            names = [part["name_localizations"][locale] for part in group]
            assert len(set(names)) == len(names), (locale, names)


async def test_a_command_is_within_all_letters_that_discord_takes(payloads: list[Payload]) -> None:
    for payload in payloads:
        letters = 0
        for _, part in parts(payload):
            for field in ("name", "description"):
                letters += max(map(len, [part.get(field) or "", *part.get(f"{field}_localizations", {}).values()]))
            letters += len(str(part.get("value", "")))
        assert letters <= MOST_LETTERS, payload["name"]


async def test_the_catalogue_has_nothing_that_no_command_shows(payloads: list[Payload]) -> None:
    shown: dict[str, set[str]] = {"names": set(), "choices": set(), "descriptions": set()}
    for payload in payloads:
        for kind, part in parts(payload):
            shown["choices" if kind == "choice" else "names"].add(part["name"])
            shown["descriptions"].add(part.get("description") or "")
    for section, entries in read_catalogue().items():
        assert not entries.keys() - shown[section]
        assert all(tuple(entry) == TONGUES for entry in entries.values())


async def test_a_command_that_is_not_translated_is_told_in_english(world: World) -> None:
    @app_commands.command(name="trial", description="A trial.")
    async def command(_interaction: discord.Interaction) -> None: ...

    translator = world.bot.tree.translator
    assert translator is not None
    payload = await command.get_translated_payload(world.bot.tree, translator)
    assert (payload["name_localizations"], payload["description_localizations"]) == ({}, {})
