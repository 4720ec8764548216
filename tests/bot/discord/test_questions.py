"""The commands: one for every question, each a few options away from its answer."""

from dataclasses import MISSING, fields
from typing import Any

import discord
import pytest
from discord import app_commands

from core.questions import QUESTIONS, Question
from tests.bot.discord.conftest import World, checked, labels, words

COMMANDS = {name.replace("_", ""): question for name, question in QUESTIONS.items()}


def needed(question: type[Question]) -> dict[str, str]:
    """Return what a question can't be asked without: the first example of each."""
    given = {each.name: str(each.metadata["examples"][0]) for each in fields(question) if each.default is MISSING}
    return given | ({"benchmark": "GPQA Diamond"} if question.name == "timeline" else {})


@pytest.mark.parametrize(("command", "question"), COMMANDS.items(), ids=COMMANDS)
async def test_every_question_has_its_command(world: World, command: str, question: type[Question]) -> None:
    message = await world.slash(command, **needed(question))
    assert message.embeds[0].title
    assert "ref" not in labels(message)
    assert not message.ephemeral
    checked(message.embeds)
    assert (await world.slash(command, private=True, **needed(question))).ephemeral


@pytest.mark.parametrize(
    ("command", "options", "said"),
    [
        ("timeline", {"benchmark": "gpqa", "level": "80"}, "GPQA Diamond, 80 %: first closed"),
        ("compare", {"left": "China", "right": "others"}, "China"),
        ("compare", {"left": "2025-05-01", "right": "now"}, "1 May 2025"),
        ("whatif", {"benchmark": "FrontierMath", "score": "45 %", "day": "2026-12-01"}, "45 %"),
        ("whatif", {"benchmark": "FrontierMath", "score": "45", "side": "closed"}, "closed"),
        ("trust", {"access": "private"}, "private tests"),
        ("terms", {"term": "open weights"}, "anyone can download and run"),
        ("changes", {"since": "2026-06-01"}, "June 2026"),
    ],
)
async def test_options_become_the_questions_fields(
    world: World, command: str, options: dict[str, str], said: str
) -> None:
    message = await world.slash(command, **options)
    text = words(message)
    if "Table" in labels(message):
        text += words(await world.press(message, "Table"))
    assert said in text


async def test_free_text_and_briefs_can_be_answered_in_private_too(world: World) -> None:
    assert (await world.slash("ask", private=True, question="How far behind are open models?")).ephemeral
    assert (await world.slash("brief", private=True)).ephemeral


async def test_a_level_that_is_no_number_is_said(world: World) -> None:
    assert words(await world.slash("timeline", benchmark="gpqa", level="high")) == (
        'The level "high" is no number; write it as 45 or 45.5.'
    )


async def test_every_command_says_what_it_is_for_and_every_option_too(world: World) -> None:
    for command in commands_of(world):
        assert 10 < len(command.description) <= 100, command.name
        for option in command.parameters:
            assert len(option.description) > 5, (command.name, option.name)


async def test_commands_are_there_for_servers_and_for_people_in_direct_messages_too(world: World) -> None:
    for told in (command.to_dict(world.bot.tree) for command in commands_of(world)):
        assert told["integration_types"] == [0, 1], told["name"]
        assert told["contexts"] == [0, 1, 2], told["name"]


async def test_nothing_privileged_is_asked_of_discord(world: World) -> None:
    assert {name for name, on in world.bot.intents if on} == {"guilds", "guild_messages", "dm_messages"}


async def test_nobody_is_ever_mentioned(world: World) -> None:
    assert world.bot.allowed_mentions is not None
    assert world.bot.allowed_mentions.to_dict() == discord.AllowedMentions.none().to_dict()


async def test_another_language_of_the_client_changes_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from simcord import interactions

    written = interactions.base_payload

    def in_german(*args: Any, **extra: Any) -> Any:
        record, payload = written(*args, **extra)
        return record, {**payload, "locale": "de", "guild_locale": "ja"}

    english = words(await world.slash("gap"))
    monkeypatch.setattr(interactions, "base_payload", in_german)
    assert words(await world.slash("gap")) == english


def commands_of(world: World) -> list[app_commands.Command[Any, ..., Any]]:
    return [each for each in world.bot.tree.get_commands() if isinstance(each, app_commands.Command)]
