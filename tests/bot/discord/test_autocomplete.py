"""Autocompletion: at most 25 names, the best first, whatever is typed."""

import pytest

from bot.completion import best
from core.names.names import Name
from tests.bot.discord.conftest import World, words

NAMES = [
    Name((f"m{number}",), shown, aliases)
    for number, (shown, aliases) in enumerate(
        [("Kimi K2", ("K2",)), ("K2-Think", ()), ("GPT-4", ("gpt4",)), ("o1", ("OpenAI o1",)), ("DeepSeek-R1", ("R1",))]
    )
]


def shown(typed: str) -> list[str]:
    return [name.shown for name in best(typed, NAMES)]


def test_a_whole_name_or_alias_goes_before_a_beginning_and_that_before_what_is_within() -> None:
    assert shown("k2")[:2] == ["Kimi K2", "K2-Think"]
    assert shown("kimi")[0] == "Kimi K2"
    assert shown("seek")[0] == "DeepSeek-R1"
    assert shown("openai")[0] == "o1"


@pytest.mark.parametrize("typed", ["kimmi k2", "Kimi-K2", "KIMI K2", "kimik2", "kimi k"])
def test_a_slip_of_typing_case_and_marks_do_not_matter(typed: str) -> None:
    assert shown(typed)[0] == "Kimi K2"


def test_without_anything_typed_the_first_are_offered() -> None:
    assert shown("") == [name.shown for name in NAMES]
    assert len(best("", NAMES * 20)) == 25


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
