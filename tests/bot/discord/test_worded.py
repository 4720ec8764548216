"""Answers that a language model words, in Discord: what is shown, and that it is shown once it was checked."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import discord
import pytest
import simcord

from bot.assistant.place import Place
from bot.discord import responses
from bot.discord.conversation import place_of
from bot.services import Services
from bot.settings import Settings
from tests.bot.discord.conftest import World, checked, labels, words
from tests.conftest import ROOT
from tests.fakes.discord import FakeDiscord
from tests.fakes.openai import Asked, FakeOpenAI, Reply, always, calls, error, slow

UNSURE = "how far behind are open models, is the moat gone?"
GAP = "Open models trail by {q1.about.private} and {q1.about.public}."


class Model(FakeOpenAI):
    """A model that asks for the gap; `words` are what it then says, after `seconds`."""

    def __init__(self) -> None:
        super().__init__(always(self.step))
        self.words, self.seconds, self.fails = GAP, 0.0, False

    def step(self, asked: Asked) -> Reply:
        if self.fails:
            return error(500)
        return slow(self.words, self.seconds) if asked.slots else calls(gap={})


@pytest.fixture
def model() -> Iterator[Model]:
    with Model() as running:
        yield running


@pytest.fixture
def settings(evidence_file: Path, empty_state: Path, tmp_path: Path, model: Model) -> Settings:
    (tmp_path / "state.db").write_bytes(empty_state.read_bytes())
    settings = Settings(evidence_file, ROOT / "data", f"sqlite:///{tmp_path / 'state.db'}", discord_token="t")  # noqa: S106
    return replace(settings, llm_model="fake", llm_base_url=model.url)


async def test_a_command_shows_the_checked_words_and_what_they_rest_on(world: World) -> None:
    message = await world.slash("ask", question=UNSURE)
    assert message.content == "-# Understood as gap"
    [embed] = message.embeds
    assert embed.description == (
        "Open models trail by about 7.5 months on private tests and about 5 months on public tests (April 2026)."
    )
    assert "60 results on 8 tests, read at 31 July 2026" in embed.footer.text
    assert "as of 22 August 2026" in embed.footer.text
    assert labels(message) == ["All figures", "Terms"]
    checked(message.embeds)
    assert "Unmatched" in words(await world.press(message, "All figures"))


async def test_a_mention_shows_them_too_with_a_picture(world: World) -> None:
    assert world.bot.user is not None
    await world.alice.send(world.channel, f"{world.bot.user.mention} {UNSURE}")
    message = world.channel.last_message
    assert "Open models trail by about 7.5 months on private tests" in words(message)
    assert message.attachments


async def test_words_that_do_not_hold_are_never_shown(world: World, model: Model) -> None:
    model.words = "Open models trail by 99 months, {q1.gap.private}."
    message = await world.slash("ask", question=UNSURE)
    assert "Open models trail by about 7.5 months on private tests" in words(message)
    assert len(model.asked) == 3
    assert "99" not in str([entry.json for entry in world.env.http_requests])


async def test_a_model_that_fails_leaves_the_rules(world: World, model: Model) -> None:
    model.fails = True
    message = await world.slash("ask", question=UNSURE)
    assert message.content == "-# Understood as gap"
    assert "Unmatched" in words(message)


async def test_who_waits_sees_that_we_are_at_it(
    wire: FakeDiscord, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(responses, "PATIENCE", 0.02)
    model.seconds = 0.5
    general, ada = wire.world.channel("general"), wire.world.user("ada")
    interaction = await (await wire.slash(ada, general, "ask", {"question": UNSURE})).first_answer()
    assert interaction.thinking  # within the time that Discord gives, and no word that is not checked
    assert "about 7.5 months on private tests" in (await interaction.answered()).embeds[0]["description"]
    answer = await wire.reply(await wire.say(ada, general, f"{wire.world.bot.mention} {UNSURE} please"))
    assert "about 7.5 months on private tests" in answer.embeds[0]["description"]
    assert wire.called("POST /channels/*/typing")


async def test_when_the_budget_is_spent_a_line_says_so(world: World, model: Model) -> None:
    budgets = replace(world.bot.services.settings, llm_guild_tokens=5)
    world.bot.services = Services(budgets, world.bot.services.state)
    await world.slash("ask", question=UNSURE)
    message = await world.slash("ask", question=f"{UNSURE} or not?")
    understood, notice = message.content.split("\n")
    assert understood == "-# Understood as gap"
    assert notice.startswith("-# This server's share of the language model is used up for today")
    assert "Unmatched" in words(message)


async def test_forget_clears_what_was_asked_here(world: World, model: Model) -> None:
    await world.slash("ask", question="How far behind is China?")
    place = Place(f"channel:{world.channel.id}:{world.alice.user.id}", str(world.alice.user.id), str(world.guild.id))
    memory = world.bot.services.assistant._memory
    assert memory is not None
    assert len(memory.recall(place, datetime.now(UTC))) == 1
    message = await world.slash("forget")
    assert message.ephemeral
    assert words(message) == "Forgotten: 1 question. What you ask next stands on its own."
    assert memory.recall(place, datetime.now(UTC)) == ()
    assert "China" not in words(await world.slash("ask", question="and on GPQA?"))


async def test_about_says_what_a_model_is_given(world: World) -> None:
    text = words(await world.slash("about"))
    assert "with your id, for up to 24 hours" in text
    assert "/forget deletes it" in text
    assert "today's budget your questions used, by your id, until the next day's first answer" in text


def test_a_thread_is_one_conversation_and_what_is_private_is_ones_own(simcord_env: simcord.Env) -> None:
    class Channel:
        id = 5

    thread = object.__new__(discord.Thread)
    thread.id = 7
    assert place_of(Channel(), 1, 9) == Place("channel:5:1", "1", "9")
    assert place_of(thread, 1, 9) == Place("thread:7", "1", "9")
    assert place_of(thread, 1, 9, private=True) == Place("channel:7:1", "1", "9")
    assert place_of(None, 1, None) == Place("channel:0:1", "1", None)
