"""Texts that a language model reads, in Discord: what is shown of them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import discord
import pytest

from bot.discord.asking import conversation_key
from bot.services import Services
from bot.settings import Settings
from bot.state.conversation_key import ConversationKey
from tests.bot.discord.conftest import World, checked, labels, words
from tests.conftest import ROOT
from tests.fakes.openai import FakeOpenAI, always, declines, reads

UNSURE = "how far behind are open models, is the moat gone?"


class Model(FakeOpenAI):
    """A model that reads all as `reading`."""

    def __init__(self) -> None:
        super().__init__(always(lambda _: self.reading))
        self.reading = reads(("gap", {}))


@pytest.fixture
def model() -> Iterator[Model]:
    with Model() as running:
        yield running


@pytest.fixture
def settings(evidence_file: Path, state_file: Path, model: Model) -> Settings:
    settings = Settings(evidence_file, ROOT / "data", f"sqlite:///{state_file}", discord_token="t")  # noqa: S106
    return replace(settings, llm_model="fake", llm_base_url=model.url)


async def test_what_a_model_read_is_shown_as_any_answer(world: World, model: Model) -> None:
    model.reading = reads(("trust", {"access": "private"}))
    message = await world.slash("ask", question=UNSURE)
    assert message.content == "-# Understood as trust · private tests"
    checked(message.embeds)


async def test_the_first_lines_of_several_are_shown_and_behind_a_mention_a_picture_too(
    world: World, model: Model
) -> None:
    model.reading = reads(("gap", {}), ("frontier", {"benchmark": "weirdml"}))
    message = await world.slash("ask", question=UNSURE)
    assert message.content == "-# Understood as gap + frontier · WeirdML"
    [embed] = message.embeds
    lines = embed.description.splitlines()
    assert [line.partition("** ")[0] for line in lines] == ["**gap", "**frontier · WeirdML", "**Data"]
    assert lines[0].startswith("**gap** Open models trail closed ones by ")
    assert labels(message) == ["All of gap", "All of frontier · WeirdML", "Terms", "Not what I asked"]
    checked(message.embeds)
    assert "Unmatched" in words(await world.press(message, "All of gap"))
    reply = await world.mention(UNSURE)
    assert "Open models trail closed ones by " in words(reply)
    assert reply.attachments


async def test_a_reason_against_an_answer_has_a_button_for_what_is_near(world: World, model: Model) -> None:
    model.reading = declines("forecast", ("gap", {"country": "China"}))
    message = await world.slash("ask", question=UNSURE)
    assert message.ephemeral
    assert words(message) == "Nothing is forecast here."
    assert labels(message) == ["gap · China"]
    assert "private · likely" in words(await world.press(message, "gap · China"))


async def test_when_the_budget_is_spent_a_line_says_so(world: World, model: Model) -> None:
    budgets = replace(world.bot.services.settings, llm_guild_tokens=5600)  # for one call
    world.bot.services = Services(budgets, world.bot.services.state)
    await world.slash("ask", question=UNSURE)
    message = await world.slash("ask", question=f"{UNSURE} or not?")
    understood, notice = message.content.split("\n")
    assert understood == "-# Understood as gap"
    assert notice.startswith("-# This server's share of the language model is used up for today")
    assert "Unmatched" in words(message)


async def test_forget_clears_what_was_asked_here(world: World, model: Model) -> None:
    await world.slash("ask", question="How far behind is China?")
    place = ConversationKey(
        f"channel:{world.channel.id}:{world.alice.user.id}", str(world.alice.user.id), str(world.guild.id)
    )
    memory = world.bot.services.assistant._memory
    assert memory is not None
    assert len(memory.recall(place, datetime.now(UTC))) == 1
    message = await world.slash("forget")
    assert message.ephemeral
    assert words(message) == "Forgotten: 1 question. Your next question stands on its own."
    assert memory.recall(place, datetime.now(UTC)) == ()
    assert "China" not in words(await world.slash("ask", question="and on GPQA?"))


async def test_about_says_what_a_model_is_given(world: World) -> None:
    text = words(await world.slash("about"))
    assert "with your id, for up to 24 hours" in text
    assert "/forget deletes it" in text
    assert "today's budget your questions used, by your id, until the next day's first answer" in text


def test_a_thread_is_one_conversation_and_what_is_private_is_ones_own() -> None:
    class Channel:
        id = 5

    thread = object.__new__(discord.Thread)
    thread.id = 7
    assert conversation_key(Channel(), 1, 9) == ConversationKey("channel:5:1", "1", "9")
    assert conversation_key(thread, 1, 9) == ConversationKey("thread:7", "1", "9")
    assert conversation_key(thread, 1, 9, private=True) == ConversationKey("channel:7:1", "1", "9")
    assert conversation_key(None, 1, None) == ConversationKey("channel:0:1", "1", None)
