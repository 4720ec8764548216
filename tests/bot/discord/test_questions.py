"""The commands: one for every question, each a few options away from its answer."""

from typing import Any

import discord
import pytest
from discord import app_commands

from bot.discord.asking import Cooldown
from core.questions import QUESTIONS
from tests.bot.discord.conftest import World, checked, labels, needed, words

COMMANDS = {name.replace("_", ""): question for name, question in QUESTIONS.items()}


@pytest.mark.slow
async def test_every_question_has_its_command_which_answers_in_public_or_in_private(world: World) -> None:
    world.bot.cooldown = Cooldown(limit=100)
    for command, question in COMMANDS.items():
        message = await world.slash(command, **needed(question))
        assert message.embeds[0].title, command
        assert "ref" not in labels(message)
        assert not message.ephemeral, words(message)
        checked(message.embeds)
        assert (await world.slash(command, private=True, **needed(question))).ephemeral
    assert (await world.slash("ask", private=True, question="How far behind are open models?")).ephemeral
    assert (await world.slash("brief", private=True)).ephemeral


@pytest.mark.slow
async def test_options_become_the_questions_fields(world: World) -> None:
    world.bot.cooldown = Cooldown(limit=100)
    for command, options, shown in (
        ("timeline", {"benchmark": "gpqa", "level": "80"}, "GPQA Diamond, 80 %: first closed"),
        ("gap", {"benchmark": "WeirdML", "country": "China", "as_of": "2026-05-22"}, "on WeirdML"),
        ("compare", {"left": "China", "right": "others"}, "China"),
        ("compare", {"left": "2025-05-01", "right": "now"}, "1 May 2025"),
        ("whatif", {"benchmark": "FrontierMath", "score": "45 %", "day": "2026-12-01"}, "45 %"),
        ("whatif", {"benchmark": "FrontierMath", "score": "45", "side": "closed"}, "closed"),
        ("trust", {"access": "private"}, "private tests"),
        ("terms", {"term": "open weights"}, "anyone can download and run"),
        ("changes", {"since": "2026-06-01"}, "June 2026"),
        ("timeline", {"benchmark": "gpqa", "level": "high"}, 'The level "high" is no number; write it as 45 or 45.5.'),
    ):
        message = await world.slash(command, **options)
        text = words(message)
        if "Table" in labels(message):
            text += words(await world.press(message, "Table"))
        assert shown in text


async def test_every_command_says_what_it_is_for_and_is_there_on_servers_and_in_direct_messages(world: World) -> None:
    for command in commands_of(world):
        assert 10 < len(command.description) <= 100, command.name
        for option in command.parameters:
            assert len(option.description) > 5, (command.name, option.name)
        payload = command.to_dict(world.bot.tree)
        assert payload["integration_types"] == [0, 1], command.name
        assert payload["contexts"] == [0, 1, 2], command.name


async def test_nothing_privileged_is_asked_of_discord_and_nobody_is_ever_mentioned(world: World) -> None:
    assert {name for name, on in world.bot.intents if on} == {"guilds", "guild_messages", "dm_messages"}
    assert world.bot.allowed_mentions is not None
    assert world.bot.allowed_mentions.to_dict() == discord.AllowedMentions.none().to_dict()


def commands_of(world: World) -> list[app_commands.Command[Any, ..., Any]]:
    return [command for command in world.bot.tree.get_commands() if isinstance(command, app_commands.Command)]
