"""The real client on the wire: real gateway and REST traffic with a Discord on loopback, in good times and bad."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot import service
from bot.discord import show
from bot.discord.client import Gapbrief
from bot.run import health
from bot.settings import Settings
from bot.state.state import State
from tests.bot.discord.conftest import PNG, TODAY
from tests.fakes.discord import ChannelKind, FakeDiscord, Interaction, Message, Permission, faults, running, small_world


@asynccontextmanager
async def online(settings: Settings, state: State, **options: Any) -> AsyncIterator[tuple[FakeDiscord, Gapbrief]]:
    bot = Gapbrief(settings, state, guild_ready_timeout=0.1)
    async with FakeDiscord(**options) as fake, running(bot, fake.token):
        await fake.settled()
        yield fake, bot


@pytest.fixture
async def wire(settings: Settings, state: State) -> AsyncIterator[FakeDiscord]:
    """A Discord with the bot logged in; #general of "Lab", with ada and mo."""
    async with online(settings, state) as (fake, _):
        yield fake


async def gap(fake: FakeDiscord, **options: Any) -> Interaction:
    return await fake.slash(fake.world.user("ada"), fake.world.channel("general"), "gap", options)


def title(message: Message) -> str:
    found: str = message.embeds[0].get("title") or message.embeds[0]["description"]
    return found


async def answered(interaction: Interaction) -> Message:
    """Wait for the figures and the picture, and see that each came once."""
    await interaction.first_answer()
    message = await interaction.edited(timeout=20)
    assert title(message).startswith("Open models trail")
    assert [file.content for file in message.attachments] == [PNG]
    assert len(interaction.messages) == 1
    return message


# ---- in good times


async def test_figures_then_picture(wire: FakeDiscord) -> None:
    interaction = await gap(wire)
    message = await answered(interaction)
    assert not interaction.deferred
    assert [len(version.attachments) for version in message.versions] == [0, 1]
    assert message.attachments[0].description.startswith("Line chart")


async def test_buttons_and_pages(wire: FakeDiscord) -> None:
    message = await answered(await gap(wire))
    mo = wire.world.user("mo")
    pages = await (await wire.press(message, "By benchmark", mo)).answered()
    assert pages.audience
    turned = await (await wire.press(pages, "Next", mo)).first_answer()
    assert turned.messages[0].embeds[0]["footer"]["text"] == "Page 2 of 4"
    files = await (await wire.press(pages, "CSV", mo)).answered()
    assert files.attachments[0].filename == "gapbrief-1.csv"


async def test_a_mention_a_reply_and_a_direct_message(wire: FakeDiscord) -> None:
    ada, general = wire.world.user("ada"), wire.world.channel("general")
    first = await wire.reply(await wire.say(ada, general, f"{wire.world.bot.mention} what is the gap?"))
    assert title(first).startswith("Open models trail")
    second = await wire.reply(await wire.say(ada, general, "and on GPQA?", reply_to=first))
    assert "GPQA Diamond" in title(second)
    direct = await wire.reply(await wire.say(ada, wire.world.dm(ada), "how far behind is China?"))
    assert "China" in title(direct)


async def test_a_reply_whose_ping_is_off_cant_be_read_and_is_left_alone(wire: FakeDiscord) -> None:
    ada, general = wire.world.user("ada"), wire.world.channel("general")
    first = await wire.reply(await wire.say(ada, general, f"{wire.world.bot.mention} what is the gap?"))
    await wire.say(ada, general, "and on GPQA?", reply_to=first, ping=False)
    await wire.settled()
    assert wire.sent(general) == [first]


async def test_who_installed_it_for_themselves_asks_anywhere(settings: Settings, state: State) -> None:
    world = small_world()
    elsewhere = world.add_guild("Elsewhere", has_bot=False)
    eve = world.add_user("eve", installed_app=True)
    elsewhere.join(eve)
    private = world.conversation(eve, world.user("ada"))
    async with online(settings, state, world=world) as (fake, _):
        for channel in (elsewhere.channel("general"), private, world.dm(eve)):
            interaction = await fake.slash(eve, channel, "gap")
            message = await answered(interaction)
            pages = await (await fake.press(message, "By benchmark", eve)).answered()
            assert pages.audience


async def test_a_thread(wire: FakeDiscord) -> None:
    ada, general = wire.world.user("ada"), wire.world.channel("general")
    thread = wire.world.guild("Lab").add_channel("More", ChannelKind.PUBLIC_THREAD, parent=general)
    await wire.settled()
    answer = await wire.reply(await wire.say(ada, thread, f"{wire.world.bot.mention} what is the gap?"))
    assert title(answer).startswith("Open models trail")


async def test_where_it_may_not_write_the_person_is_told_in_private(wire: FakeDiscord) -> None:
    ada, general = wire.world.user("ada"), wire.world.channel("general")
    general.overwrite(wire.world.bot, deny=Permission.SEND_MESSAGES)
    await wire.settled()
    await wire.say(ada, general, f"{wire.world.bot.mention} what is the gap?")
    dm = wire.world.dm(ada)
    await wire.until(lambda: wire.sent(dm))
    assert "I can't answer in #general: I need Send Messages there." in title(wire.sent(dm)[0])
    command = await gap(wire)
    assert title(await answered(command)).startswith("Open models trail")


async def test_a_person_who_takes_no_direct_messages_is_only_noted(wire: FakeDiscord, logged: list[Any]) -> None:
    ada, general = wire.world.user("ada"), wire.world.channel("general")
    general.overwrite(wire.world.bot, deny=Permission.SEND_MESSAGES)
    wire.disturb("POST /users/@me/channels", faults.refused(50007))
    await wire.settled()
    await wire.say(ada, general, f"{wire.world.bot.mention} what is the gap?")
    await wire.until(lambda: [each for each in logged if each["event"] == "could not say so"])


async def test_an_answer_that_takes_long_is_announced_and_then_given(
    wire: FakeDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, work = threading.Event(), service.answer

    def slow(*args: Any) -> Any:
        go.wait(10)
        return work(*args)

    monkeypatch.setattr(service, "answer", slow)
    monkeypatch.setattr(show, "PATIENCE", 0.02)
    interaction = await (await gap(wire, access="private")).first_answer()
    assert interaction.deferred
    assert interaction.thinking
    go.set()
    message = await interaction.answered()
    assert title(message).startswith("Open models trail")
    await wire.until(lambda: message.attachments)


async def test_what_turns_out_wrong_after_a_while_is_said_in_place_of_thinking(
    wire: FakeDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, work = threading.Event(), service.answer

    def slow(*args: Any) -> Any:
        go.wait(10)
        return work(*args)

    monkeypatch.setattr(service, "answer", slow)
    monkeypatch.setattr(show, "PATIENCE", 0.02)
    interaction = await (await gap(wire, benchmark="nothing of this name")).first_answer()
    go.set()
    assert title(await interaction.answered()).startswith('No benchmark is called "nothing of this name".')
    assert not interaction.thinking


async def test_a_slow_answer_to_a_message_shows_typing(wire: FakeDiscord, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(show, "PATIENCE", 0.0)
    ada, general = wire.world.user("ada"), wire.world.channel("general")
    await wire.reply(await wire.say(ada, general, f"{wire.world.bot.mention} what is the gap on WeirdML?"))
    assert wire.called("POST /channels/*/typing")


async def test_health_says_how_the_gateway_and_the_data_are(settings: Settings, state: State) -> None:
    async with online(settings, state) as (_, bot):
        found = health(bot, TODAY)
        assert found["ok"] is True
        assert found["discord"]["guilds"] == 1
        assert found["discord"]["shards"] == 1
        assert 0 <= found["discord"]["last_event_seconds"] < 60
        assert found["data"] == {"newest": "2026-08-22", "age_days": 101, "revision": bot.answers.names.revision}
        await bot.shards[0].disconnect()
        assert health(bot, TODAY)["ok"] is False
    assert health(bot, TODAY)["ok"] is False


async def test_a_stop_finishes_the_answers_that_were_begun(
    settings: Settings, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, work = threading.Event(), service.answer

    def slow(*args: Any) -> Any:
        go.wait(10)
        return work(*args)

    async with online(settings, state) as (fake, bot):
        monkeypatch.setattr(service, "answer", slow)
        begun = [await gap(fake, access="private"), await gap(fake, benchmark="WeirdML")]
        await fake.until(lambda: len(bot._answering) == len(begun))
        stopping = asyncio.create_task(bot.stop())
        await fake.gateway.disconnected()
        assert not stopping.done()
        go.set()
        await stopping
        for each in begun:
            assert title(each.messages[0])
            assert not each.error


# ---- in bad times


@pytest.mark.parametrize(
    "fault",
    [
        faults.cut_off(), faults.cut_off(handled=True), faults.cut_off(reset=False), faults.truncated(),
        faults.rate_limited(0.1), faults.slow(0.5), faults.slow_answer(0.5),
    ],
    ids=["reset", "reset-handled", "ended", "truncated", "429", "slow", "slow-answer"],
)  # fmt: skip
async def test_a_first_answer_that_meets_a_fault_comes_once_all_the_same(
    wire: FakeDiscord, fault: faults.Fault
) -> None:
    wire.disturb("POST */callback", fault)
    await answered(await gap(wire))
    await answered(await gap(wire))


@pytest.mark.parametrize(
    "fault",
    [faults.cut_off(), faults.rate_limited(0.1), faults.slow(0.3), faults.html(), faults.refused(50013)],
    ids=["reset", "429", "slow", "html", "50013"],
)
async def test_the_figures_stand_whatever_happens_to_the_picture(wire: FakeDiscord, fault: faults.Fault) -> None:
    wire.disturb("PATCH */@original", fault)
    interaction = await gap(wire)
    await interaction.first_answer()
    await wire.settled()
    assert title(interaction.messages[0]).startswith("Open models trail")
    assert len(interaction.messages) == 1
    await answered(await gap(wire))


async def test_an_interaction_that_discord_no_longer_knows_is_left(wire: FakeDiscord, logged: list[Any]) -> None:
    wire.disturb("POST */callback", faults.refused(10062))
    await gap(wire)
    await wire.until(lambda: [each for each in logged if each["event"] == "nobody left to answer"])
    await answered(await gap(wire))


@pytest.mark.slow
@pytest.mark.parametrize("handled", [False, True])
async def test_a_servers_error_at_the_first_answer(wire: FakeDiscord, handled: bool) -> None:
    wire.disturb("POST */callback", faults.failing(503, handled=handled))
    await answered(await gap(wire))


@pytest.mark.slow
@pytest.mark.parametrize("handled", [False, True])
async def test_a_servers_error_at_a_reply_gives_one_reply(wire: FakeDiscord, handled: bool) -> None:
    wire.disturb("POST /channels/*/messages", faults.failing(502, handled=handled))
    ada, general = wire.world.user("ada"), wire.world.channel("general")
    await wire.reply(await wire.say(ada, general, f"{wire.world.bot.mention} what is the gap?"), 10)
    await wire.settled()
    assert len(wire.sent(general)) == 1


@pytest.mark.parametrize("trouble", ["drop", "reset", "reconnect", "half-close"])
async def test_a_gateway_that_is_lost_in_the_middle_of_answers(wire: FakeDiscord, trouble: str) -> None:
    wire.disturb("PATCH */@original", faults.slow(0.2), None)
    begun = [await gap(wire) for _ in range(5)]
    await asyncio.gather(*(each.first_answer() for each in begun))
    {
        "drop": wire.gateway.drop,
        "reset": lambda: wire.gateway.drop(reset=True),
        "reconnect": wire.gateway.ask_reconnect,
        "half-close": wire.gateway.half_close,
    }[trouble]()
    for each in begun:
        await answered(each)
    await wire.gateway.connected(timeout=15)
    await answered(await gap(wire))


@pytest.mark.slow
async def test_a_session_that_cant_be_resumed(wire: FakeDiscord) -> None:
    wire.gateway.invalidate()
    await wire.until(lambda: not wire.gateway.live, 10)
    await wire.gateway.connected(timeout=15)
    await answered(await gap(wire))


async def test_a_server_that_goes_down_and_comes_back(wire: FakeDiscord) -> None:
    lab = wire.world.guild("Lab")
    lab.go_down()
    await wire.settled()
    lab.come_back()
    await wire.settled()
    await answered(await gap(wire))


async def test_a_start_on_a_hundred_servers(settings: Settings, state: State) -> None:
    world = small_world()
    for number in range(99):
        world.add_guild(f"Server {number}")
    async with online(settings, state, world=world) as (fake, bot):
        await fake.until(lambda: len(bot.guilds) == 100)
        await answered(await gap(fake))
        assert len(fake.called("PUT /applications/*/commands")) == 1
