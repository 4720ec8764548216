"""The real client on the wire: real gateway and REST traffic with a Discord on loopback."""

import asyncio
import threading
from typing import Any

import pytest

from bot.answers import Answers
from bot.discord import responses
from bot.run import health
from bot.settings import Settings
from bot.state.database import State
from tests.bot.discord.conftest import TODAY
from tests.bot.discord.wire import answered, gap, online, title
from tests.fakes.discord import FakeDiscord, Permission, faults, small_world


async def test_a_reply_whose_ping_is_off_cant_be_read_and_is_left_alone(wire: FakeDiscord) -> None:
    ada, general = wire.world.user("ada"), wire.world.channel("general")
    first = await wire.reply(await wire.say(ada, general, f"{wire.world.bot.mention} what is the gap?"))
    await wire.say(ada, general, "and on GPQA?", reply_to=first, ping=False)
    await wire.settled()
    assert wire.sent(general) == [first]


@pytest.mark.parametrize(
    ("mentioned", "reply"),
    [
        ("{role}", "You mentioned my role, and Discord does not show me the text of such messages. Please pick me"),
        ("{role} {bot}", "Open models trail"),
        ("{moderators}", None),
    ],
)
async def test_who_mentions_our_role_is_told_to_mention_us(
    wire: FakeDiscord, mentioned: str, reply: str | None
) -> None:
    lab, general, bot = wire.world.guild("Lab"), wire.world.channel("general"), wire.world.bot
    ours, moderators = (f"<@&{lab.role(name).id}>" for name in (bot.name, "moderators"))
    text = mentioned.format(role=ours, bot=bot.mention, moderators=moderators)
    await wire.say(wire.world.user("ada"), general, f"{text} what is the gap?")
    await (wire.until(lambda: wire.sent(general)) if reply else wire.settled())
    assert [title(message)[: len(reply or "")] for message in wire.sent(general)] == ([reply] if reply else [])


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
            pages = await (await fake.press(message, "By test", eve)).answered()
            assert pages.audience


async def test_a_person_who_takes_no_direct_messages_is_only_noted(wire: FakeDiscord, logged: list[Any]) -> None:
    ada, general = wire.world.user("ada"), wire.world.channel("general")
    general.overwrite(wire.world.bot, deny=Permission.SEND_MESSAGES)
    wire.disturb("POST /users/@me/channels", faults.refused(50007))
    await wire.settled()
    await wire.say(ada, general, f"{wire.world.bot.mention} what is the gap?")
    await wire.until(lambda: [record for record in logged if record["event"] == "could not say so"])


async def test_a_slow_answer_to_a_message_shows_typing(wire: FakeDiscord, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(responses, "PATIENCE", 0.0)
    ada, general = wire.world.user("ada"), wire.world.channel("general")
    await wire.reply(await wire.say(ada, general, f"{wire.world.bot.mention} what is the gap on WeirdML?"))
    assert wire.called("POST /channels/*/typing")


async def test_health_says_how_the_gateway_and_the_data_are(settings: Settings, state: State) -> None:
    async with online(settings, state) as (_, bot):
        report = health(bot, TODAY)
        assert (report["ok"], report["discord"]["guilds"], report["discord"]["shards"]) == (True, 1, 1)
        assert 0 <= report["discord"]["last_event_seconds"] < 60
        tests = report["data"].pop("tests")
        assert tests["gpqa-diamond 1"] == {
            "newest_score": "2026-09-02", "age_days": 90, "newest_model": "2026-09-03", "stands_still": False,
        }  # fmt: skip
        assert report["data"] == {
            "newest": "2026-09-28", "age_days": 64, "revision": bot.services.answers.names.revision,
            "problem": None, "refresh": None,
        }  # fmt: skip
        await bot.shards[0].disconnect()
        assert health(bot, TODAY)["ok"] is False
    assert health(bot, TODAY)["ok"] is False


async def test_a_stop_finishes_the_answers_that_were_begun(
    settings: Settings, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, work = threading.Event(), Answers.compute

    def slow(*args: Any) -> Any:
        go.wait(60)
        return work(*args)

    async with online(settings, state) as (fake, bot):
        monkeypatch.setattr(Answers, "compute", slow)
        begun = [await gap(fake, access="private"), await gap(fake, benchmark="WeirdML")]
        await fake.until(lambda: len(bot._answering) == len(begun))
        stopping = asyncio.create_task(bot.stop())
        await fake.gateway.disconnected()
        assert not stopping.done()
        go.set()
        await stopping
        for interaction in begun:
            assert title(interaction.messages[0])
            assert not interaction.error
