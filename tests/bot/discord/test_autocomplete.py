"""Autocompletion: at most 25 names, the best first, whatever is typed."""

import pytest

from tests.bot.discord.conftest import World, words


async def choices(world: World, command: str, option: str, typed: str) -> list[str]:
    found = await world.alice.autocomplete(world.channel, command, option, typed)
    assert len(found) <= 25
    assert all(0 < len(each["name"]) <= 100 and 0 < len(each["value"]) <= 100 for each in found)
    return [each["name"] for each in found]


@pytest.mark.parametrize(
    ("command", "option", "typed", "first"),
    [
        ("gap", "benchmark", "gpqa", "GPQA Diamond"),
        ("gap", "benchmark", "weridml", "WeirdML"),
        ("gap", "country", "chin", "China"),
        ("timeline", "model", "deepseek r1", "DeepSeek-R1"),
        ("compare", "left", "priv", "private"),
        ("compare", "left", "deepseek", "DeepSeek"),
        ("terms", "term", "open w", "Open weights"),
    ],
)
async def test_every_name_is_completed(world: World, command: str, option: str, typed: str, first: str) -> None:
    assert (await choices(world, command, option, typed))[0].startswith(first)


async def test_models_begin_with_the_newest(world: World) -> None:
    newest = max(name.since for name in world.bot.services.answers.names.kinds["model"])
    first = (await choices(world, "model", "model", ""))[0]
    assert next(each for each in world.bot.services.answers.names.kinds["model"] if each.shown == first).since == newest


@pytest.mark.parametrize(
    ("command", "option", "typed"),
    [
        ("sources", "benchmark", "Berkeley"),
        ("terms", "term", "Kaplan"),
        ("gap", "country", "United"),
        ("model", "model", "K2"),
    ],
)
async def test_what_is_chosen_is_what_is_asked(world: World, command: str, option: str, typed: str) -> None:
    choice, *_ = await world.alice.autocomplete(world.channel, command, option, typed)
    assert not words(await world.slash(command, **{option: choice["value"]})).startswith(("No ", "Several "))


@pytest.mark.parametrize("typed", ["zzzzqqqq", "\u202e", "'; --", "x" * 2000, "💥"])
async def test_nonsense_is_no_error(world: World, typed: str) -> None:
    await choices(world, "model", "model", typed)


async def test_what_is_offered_to_who_types_is_not_counted_among_their_questions(world: World) -> None:
    for _ in range(15):
        assert await choices(world, "gap", "benchmark", "g")
    assert (await world.slash("gap")).embeds
