"""What takes longer than Discord waits: it is told to wait, and what then comes is seen by who alone may see it."""

import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from bot import answers
from bot.answers import Answers
from bot.discord import client, responses
from bot.discord.client import Gapbrief
from bot.discord.components import make_view
from bot.discord.newsroom.handlers import button
from bot.settings import Settings
from bot.state import guilds
from bot.state.database import State
from tests.bot.discord.wire import answered, gap, online, title
from tests.bot.kept import allow_channels
from tests.fakes.discord import FakeDiscord, Interaction, Message, faults

SECONDS = 60


@dataclass
class Here:
    """The bot on the wire, and the moment in which what is held up goes on."""

    fake: FakeDiscord
    bot: Gapbrief
    go: threading.Event

    async def press(self, message: Message, label: str) -> Interaction:
        return await self.fake.press(message, label, self.fake.world.user("ada"))

    async def slash(self, command: str, **options: Any) -> Interaction:
        return await self.fake.slash(self.fake.world.user("ada"), self.fake.world.channel("general"), command, options)

    async def waits(self, interaction: Interaction) -> None:
        """See that Discord is told to wait, and let what is held up go on."""
        assert (await interaction.first_answer()).deferred
        self.go.set()

    def public(self) -> list[Message]:
        return self.fake.sent(self.fake.world.channel("general"))


@pytest.fixture
async def here(settings: Settings, state: State) -> AsyncIterator[Here]:
    async with online(settings, state) as (fake, bot):
        go = threading.Event()
        yield Here(fake, bot, go)
        go.set()


@pytest.fixture
def hold(here: Here, monkeypatch: pytest.MonkeyPatch) -> Callable[[Any, str], None]:
    """Hold a function up, and be impatient."""

    def held(module: Any, name: str) -> None:
        work = getattr(module, name)

        def slow(*args: Any, **named: Any) -> Any:
            here.go.wait(SECONDS)
            return work(*args, **named)

        monkeypatch.setattr(module, name, slow)
        monkeypatch.setattr(responses, "PATIENCE", 0.02)
        monkeypatch.setattr(client, "CHANNELS_PATIENCE", 0.02)
        here.bot.services.answers._answers.values.clear()  # as after a restart

    return held


Hold = Callable[[Any, str], None]


async def alone(here: Here, interaction: Interaction) -> str:
    """Return what the person alone reads; see that nobody sees anything else."""
    message = await interaction.answered()
    assert message.private
    assert interaction.messages == [message]
    assert not interaction.thinking
    assert message not in here.public()
    return title(message)


# ---- questions


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("What was the gap on 1 January 2019?", "The data begins with"),
        ("What is the capital of France?", "I can't answer that. Ask how far behind"),
    ],
)
async def test_free_text_that_cant_be_answered_is_said_once_and_in_private(
    here: Here, monkeypatch: pytest.MonkeyPatch, question: str, sentence: str
) -> None:
    reply = here.bot.reply

    async def slow(*args: Any) -> Any:
        answer = await reply(*args)
        await here.fake.until(here.go.is_set)
        return answer

    monkeypatch.setattr(here.bot, "reply", slow)
    monkeypatch.setattr(responses, "PATIENCE", 0.02)
    interaction = await here.slash("ask", question=question)
    await here.waits(interaction)
    assert sentence in await alone(here, interaction)
    assert "(ref" not in title(interaction.messages[0])
    assert here.public() == []


async def test_an_answer_that_takes_a_while_is_seen_by_all(here: Here, hold: Hold) -> None:
    hold(Answers, "compute")
    interaction = await gap(here.fake)
    await here.waits(interaction)
    assert not (await answered(interaction)).private


@pytest.mark.parametrize("taken_back", [True, False])
async def test_a_question_that_cant_be_answered_is_told_in_private_or_where_we_were_seen_thinking(
    here: Here, hold: Hold, taken_back: bool
) -> None:
    hold(Answers, "compute")
    interaction = await gap(here.fake, benchmark="GPQAA")
    if not taken_back:
        here.fake.disturb("DELETE */@original", faults.refused(50001))
    await here.waits(interaction)
    sentence = await alone(here, interaction) if taken_back else title(await interaction.answered())
    assert sentence.startswith('No test is called "GPQAA".')
    assert interaction.messages[-1].controls[0]["label"] == "GPQA Diamond"


# ---- the channels that a server allows


@pytest.mark.parametrize("private", [False, True])
async def test_a_first_command_while_the_state_is_slow_is_answered_as_it_is_wanted(
    here: Here, hold: Hold, private: bool
) -> None:
    hold(guilds, "allowed_channels")
    interaction = await gap(here.fake, private=private)
    await here.waits(interaction)
    assert (await answered(interaction)).private is private


@pytest.mark.parametrize("command", ["gap", "brief"])
async def test_a_first_command_elsewhere_is_refused_in_private(here: Here, hold: Hold, command: str) -> None:
    allow_channels(here.bot.services.state, here.fake.world.guild("Lab").id, [5])
    hold(guilds, "allowed_channels")
    interaction = await here.slash(command)
    await here.waits(interaction)
    assert (await alone(here, interaction)).startswith("On this server I only answer in other channels")


async def test_a_newsroom_whose_state_is_slow_says_so(here: Here, hold: Hold, monkeypatch: pytest.MonkeyPatch) -> None:
    channel = here.bot.get_partial_messageable(here.fake.world.channel("general").id)
    await channel.send(view=make_view([button("Earlier", "history", 1)]))
    monkeypatch.setattr("bot.discord.newsroom.handlers._SETTINGS_PATIENCE", 0.02)
    hold(guilds, "get_newsroom")
    message = await (await here.press(here.public()[0], "Earlier")).answered()
    assert title(message).startswith("I can't read this server's settings right now. Please try again")
    assert message.private


# ---- buttons


async def test_the_pages_and_files_of_an_answer_that_is_worked_out_anew(here: Here, hold: Hold) -> None:
    message = await answered(await gap(here.fake))
    hold(Answers, "compute")
    opened = await here.press(message, "By test")
    await here.waits(opened)
    assert (await alone(here, opened)).startswith("By test")
    here.go.clear()
    here.bot.services.answers._answers.values.clear()
    turned = await here.press(opened.messages[0], "Next")
    await here.waits(turned)
    page = await turned.answered()
    assert page is opened.messages[0]
    assert page.embeds[0]["footer"]["text"].endswith(" · Page 2 of 10")
    here.go.clear()
    here.bot.services.answers._answers.values.clear()
    asked = await here.press(page, "CSV")
    await here.waits(asked)
    sent = await asked.answered()
    assert sent.private
    assert sent.attachments[0].filename == "gapbrief-1.csv"
    assert sent.attachments[0].content


async def test_terms_that_take_a_while(here: Here, hold: Hold) -> None:
    message = await answered(await gap(here.fake))
    hold(answers, "_terms_in")
    asked = await here.fake.select(message, "More", ["Terms"], here.fake.world.user("ada"))
    await here.waits(asked)
    assert await alone(here, asked) == "Terms"


async def test_what_takes_a_while_to_forget(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    async def forget(*_: Any) -> int:
        await here.fake.until(here.go.is_set)
        return 1

    monkeypatch.setattr(here.bot.services.assistant, "forget", forget)
    monkeypatch.setattr(responses, "PATIENCE", 0.02)
    asked = await here.slash("forget")
    await here.waits(asked)
    message = await asked.answered()
    assert message.private
    assert message.content == "Forgotten: 1 question. Your next question stands on its own."
