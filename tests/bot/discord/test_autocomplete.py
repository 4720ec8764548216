"""Autocompletion: at most 25 names, the best first, whatever is typed."""

from tests.bot.discord.conftest import World, words


async def choices(world: World, command: str, option: str, typed: str) -> list[str]:
    offered = await world.alice.autocomplete(world.channel, command, option, typed)
    assert len(offered) <= 25
    assert all(0 < len(choice["name"]) <= 100 and 0 < len(choice["value"]) <= 100 for choice in offered)
    return [choice["name"] for choice in offered]


async def test_every_name_is_completed_and_nonsense_is_no_error(world: World) -> None:
    for command, option, typed, first in (
        ("gap", "benchmark", "gpqa", "GPQA Diamond"),
        ("gap", "benchmark", "weridml", "WeirdML"),
        ("gap", "country", "chin", "China"),
        ("timeline", "model", "deepseek r1", "DeepSeek-R1"),
        ("compare", "left", "priv", "private"),
        ("compare", "left", "deepseek", "DeepSeek"),
        ("terms", "term", "open w", "Open weights"),
    ):
        assert (await choices(world, command, option, typed))[0].startswith(first)
    for typed in ("zzzzqqqq", "\u202e", "'; --", "x" * 2000, "💥"):
        await choices(world, "model", "model", typed)


async def test_models_begin_with_the_newest(world: World) -> None:
    since = {name.shown: name.since for name in world.bot.services.answers.names.kinds["model"]}
    first = (await choices(world, "model", "model", ""))[0]
    assert since[first] == max(since.values())


async def test_what_is_chosen_is_what_is_asked(world: World) -> None:
    for command, option, typed in (
        ("sources", "benchmark", "Berkeley"),
        ("terms", "term", "Kaplan"),
        ("gap", "country", "United"),
        ("model", "model", "K2"),
    ):
        choice, *_ = await world.alice.autocomplete(world.channel, command, option, typed)
        assert not words(await world.slash(command, **{option: choice["value"]})).startswith(("No ", "Several "))
