"""Commands in other languages: all that Discord shows of a command is in the catalogue, and within its limits."""

import re
from collections.abc import Iterator
from typing import Any

import discord
import pytest
from discord import app_commands

from bot.discord.client import Gapbrief
from bot.discord.locales import LANGUAGES, read_catalogue
from bot.services import Services
from bot.settings import Settings
from bot.state.database import State
from tests.bot.discord.conftest import World

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


async def test_a_language_without_translations_shows_english(payloads: list[Payload]) -> None:
    assert set(LANGUAGES.values()) == set(TONGUES)
    [gap] = [payload for payload in payloads if payload["name"] == "gap"]
    assert set(gap["name_localizations"]) == set(SHOWN)


async def test_a_command_that_is_not_translated_is_told_in_english(world: World) -> None:
    @app_commands.command(name="trial", description="A trial.")
    async def command(_interaction: discord.Interaction) -> None: ...

    translator = world.bot.tree.translator
    assert translator is not None
    payload = await command.get_translated_payload(world.bot.tree, translator)
    assert (payload["name_localizations"], payload["description_localizations"]) == ({}, {})
