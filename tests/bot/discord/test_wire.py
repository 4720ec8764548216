"""The real client on the wire: real gateway and REST traffic with a Discord on loopback."""

import asyncio
import threading
from typing import Any

import pytest

from bot.answers import Answers
from bot.discord import responses
from bot.run import health
from bot.settings import Settings
from bot.state.state import State
from tests.bot.discord.conftest import TODAY
from tests.bot.discord.wire import answered, gap, online, title
from tests.fakes.discord import ChannelKind, FakeDiscord, Permission, faults, small_world


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
    go, work = threading.Event(), Answers.now

    def slow(*args: Any) -> Any:
        go.wait(10)
        return work(*args)

    monkeypatch.setattr(Answers, "now", slow)
    monkeypatch.setattr(responses, "PATIENCE", 0.02)
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
    go, work = threading.Event(), Answers.now

    def slow(*args: Any) -> Any:
        go.wait(10)
        return work(*args)

    monkeypatch.setattr(Answers, "now", slow)
    monkeypatch.setattr(responses, "PATIENCE", 0.02)
    interaction = await (await gap(wire, benchmark="nothing of this name")).first_answer()
    go.set()
    assert title(await interaction.answered()).startswith('No benchmark is called "nothing of this name".')
    assert not interaction.thinking


async def test_a_slow_answer_to_a_message_shows_typing(wire: FakeDiscord, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(responses, "PATIENCE", 0.0)
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
        assert found["data"] == {
            "newest": "2026-08-22",
            "age_days": 101,
            "revision": bot.services.answers.names.revision,
        }
        await bot.shards[0].disconnect()
        assert health(bot, TODAY)["ok"] is False
    assert health(bot, TODAY)["ok"] is False


async def test_a_stop_finishes_the_answers_that_were_begun(
    settings: Settings, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, work = threading.Event(), Answers.now

    def slow(*args: Any) -> Any:
        go.wait(10)
        return work(*args)

    async with online(settings, state) as (fake, bot):
        monkeypatch.setattr(Answers, "now", slow)
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
