"""What goes wrong on the wire: no answer is lost that could be given, none is given twice, and the client lives on."""

import asyncio
from collections.abc import Callable
from typing import Any

import discord
import pytest

from bot.discord.client import Gapbrief
from bot.services import Services
from bot.settings import Settings
from bot.state.database import State
from tests.bot.discord.wire import answered, gap, online, title
from tests.fakes.discord import FakeDiscord, Interaction, Message, faults, running
from tests.fakes.discord.gateway import Gateway


async def begun(wire: FakeDiscord) -> list[Interaction]:
    """Return questions that have their figures, and wait for their pictures."""
    wire.disturb("PATCH */@original", faults.slow(0.2), 5)
    asked = [await gap(wire) for _ in range(5)]
    await asyncio.gather(*(it.first_answer() for it in asked))
    return asked


async def lives(wire: FakeDiscord) -> None:
    """See that the client is there, and answers once."""
    await wire.gateway.connected()
    await answered(await gap(wire))


async def mention(wire: FakeDiscord) -> Message:
    ada, general = wire.world.user("ada"), wire.world.channel("general")
    return await wire.say(ada, general, f"{wire.world.bot.mention} what is the gap?")


REPEATED = {
    "reset": faults.cut_off(),
    "reset-handled": faults.cut_off(handled=True),
    "429": faults.rate_limited(0.1),
    "429-no-time": faults.rate_limited(None),
    "truncated": faults.truncated(),
}
"""Faults after which a request is made again."""
repeated = pytest.mark.parametrize("fault", REPEATED.values(), ids=REPEATED)


# ---- the first answer


@repeated
async def test_a_first_answer_that_meets_a_fault_comes_once_all_the_same(
    wire: FakeDiscord, fault: faults.Fault
) -> None:
    met = wire.disturb("POST */callback", fault)
    await answered(await gap(wire))
    assert met.hits
    await lives(wire)


async def test_what_discord_does_not_take_is_said_with_a_reference(wire: FakeDiscord, logged: list[Any]) -> None:
    wire.disturb("POST */callback", faults.rate_limited(None, via=False))
    message = await (await gap(wire)).answered()
    assert title(message).startswith("Discord did not take my answer. Please ask again in a moment. (ref ")
    assert message.private
    [noted] = [record for record in logged if record["event"] == "failed"]
    assert title(message).endswith(f"(ref {noted['ref']})")
    await lives(wire)


async def test_an_interaction_that_discord_no_longer_knows_is_left(wire: FakeDiscord, logged: list[Any]) -> None:
    wire.disturb("POST */callback", faults.refused(10062))
    lost = await gap(wire)
    await wire.until(lambda: [record for record in logged if record["event"] == "nobody left to answer"])
    assert not lost.messages
    await lives(wire)


async def test_a_slow_rest_keeps_nobody_waiting_for_another(wire: FakeDiscord) -> None:
    nine = asyncio.Barrier(9)

    async def all_at_once(_request: object, proceed: faults.Proceed) -> Any:
        await nine.wait()
        return await proceed()

    wire.disturb("POST */callback", all_at_once, 9)
    for it in [await gap(wire) for _ in range(9)]:
        await answered(it)


# ---- the picture


@repeated
async def test_a_picture_that_meets_a_fault_comes_all_the_same(wire: FakeDiscord, fault: faults.Fault) -> None:
    wire.disturb("PATCH */@original", fault)
    interaction = await gap(wire)
    await interaction.first_answer()
    await wire.settled(0.3)
    [message] = interaction.messages
    assert len(message.attachments) == 1
    await lives(wire)


# ---- replies to messages


@repeated
async def test_a_reply_that_meets_a_fault_comes_once_all_the_same(wire: FakeDiscord, fault: faults.Fault) -> None:
    wire.disturb("POST /channels/*/messages", fault)
    reply = await wire.reply(await mention(wire))
    await wire.until(lambda: reply.attachments)
    assert title(reply).startswith("Open models trail")
    assert wire.sent(wire.world.channel("general")) == [reply]
    await lives(wire)


async def test_a_reply_that_a_channel_takes_only_after_long_is_given_up_and_said_in_private(wire: FakeDiscord) -> None:
    wire.disturb(f"POST /channels/{wire.world.channel('general').id}/messages", faults.rate_limited(120), None)
    await mention(wire)
    private = wire.world.dm(wire.world.user("ada"))
    await wire.until(lambda: wire.sent(private))
    [message] = wire.sent(private)
    assert title(message).startswith("Discord did not take my answer. Please ask again in a moment. (ref ")
    await lives(wire)


# ---- the gateway


@pytest.mark.parametrize("lose", [Gateway.drop, Gateway.ask_reconnect])
async def test_a_gateway_that_is_lost_in_the_middle_of_answers(
    wire: FakeDiscord, lose: Callable[[Gateway], None]
) -> None:
    asked = await begun(wire)
    lose(wire.gateway)
    missed = await gap(wire)
    for it in (*asked, missed):
        await answered(it)
    assert wire.gateway.resumes == 1
    await lives(wire)


@pytest.mark.slow  # discord.py waits 5 s before it identifies anew
async def test_a_resume_that_is_refused_in_the_middle_of_answers(wire: FakeDiscord) -> None:
    asked = await begun(wire)
    wire.gateway.refuse_resumes = 1
    wire.gateway.drop()
    for it in asked:
        await answered(it)
    await wire.until(lambda: len(wire.gateway.identifies) == 2)
    await lives(wire)


async def test_a_gateway_that_falls_silent_is_left_for_a_new_connection(settings: Settings, state: State) -> None:
    bot = Gapbrief(Services(settings, state), guild_ready_timeout=0.1, heartbeat_timeout=0.5)
    async with FakeDiscord() as fake:
        fake.gateway.heartbeat_interval = 0.1
        async with running(bot, fake.token):
            await fake.settled()
            asked = await begun(fake)
            fake.gateway.fall_silent()
            missed = await gap(fake)
            for it in (*asked, missed):
                await answered(it)
            assert fake.gateway.resumes == 1
            assert len(fake.gateway.identifies) == 1
            await lives(fake)


async def test_a_gateway_that_ends_for_good_lets_answers_be_finished(settings: Settings, state: State) -> None:
    here = online(settings, state)
    fake, bot = await here.__aenter__()
    asked = await begun(fake)
    fake.gateway.close(4004)
    await fake.until(bot.is_closed)
    for it in asked:
        await answered(it)
    with pytest.raises(discord.ConnectionClosed, match="4004"):
        await here.__aexit__(None, None, None)


async def test_a_server_that_goes_down_and_comes_back(wire: FakeDiscord) -> None:
    asked, lab = await begun(wire), wire.world.guild("Lab")
    lab.go_down()
    await wire.settled()
    for it in (*asked, await gap(wire)):
        await answered(it)
    lab.come_back()
    await wire.settled()
    await lives(wire)


# ---- the commands


@pytest.mark.parametrize(
    "fault",
    [faults.cut_off(), faults.rate_limited(120), faults.refused(50035)],
    ids=["reset", "429-long", "refused"],
)
async def test_commands_that_discord_does_not_take_are_told_once_it_does(
    settings: Settings, state: State, fault: faults.Fault
) -> None:
    async with FakeDiscord() as fake:
        met = fake.disturb("PUT /applications/*/commands", fault, None)
        async with running(Gapbrief(Services(settings, state), guild_ready_timeout=0.1), fake.token) as bot:
            await fake.settled()
            assert met.hits
            assert not fake.commands.all()
            met.stop()
            await bot.look_for_data()
            await lives(fake)
            call_count = len(fake.called("PUT /applications/*/commands"))
            await bot.look_for_data()
            assert len(fake.called("PUT /applications/*/commands")) == call_count
