"""The pretended Discord when things go wrong: at the login, on the gateway, in a request's answer; and under load."""

import asyncio
import time

import aiohttp
import discord
import pytest

from tests.fakes.discord import FakeDiscord, Intent, Interaction, Limit, World, faults, running, small_world
from tests.fakes.example_bot import INTENTS, ExampleBot
from tests.fakes.test_discord import online

pytestmark = pytest.mark.asyncio


async def ask(fake: FakeDiscord, command: str = "figure") -> Interaction:
    """Let ada use a command."""
    return await fake.slash(fake.world.user("ada"), fake.world.channel("general"), command)


# Logging in


async def test_a_wrong_token_is_refused_at_the_login() -> None:
    async with FakeDiscord() as fake:
        with pytest.raises(discord.LoginFailure, match="Improper token"):
            async with running(ExampleBot(), "wrong"):
                raise AssertionError
        assert [(each.path, each.status) for each in fake.requests] == [("/users/@me", 401)]


async def test_intents_that_were_not_granted_close_the_gateway() -> None:
    async with FakeDiscord(privileged=Intent.GUILD_MEMBERS) as fake:
        with pytest.raises(discord.PrivilegedIntentsRequired):
            async with running(ExampleBot(intents=INTENTS | discord.Intents(message_content=True)), fake.token):
                raise AssertionError


async def test_intents_that_do_not_exist_close_the_gateway() -> None:
    async with FakeDiscord() as fake:
        with pytest.raises(discord.ConnectionClosed) as closed:
            async with running(ExampleBot(intents=discord.Intents._from_value(1 << 30)), fake.token):
                raise AssertionError
        assert closed.value.code == 4013


async def test_a_start_with_a_hundred_guilds() -> None:
    world = small_world()
    for number in range(99):
        world.add_guild(f"Guild {number}")
    async with online(world=world) as (fake, bot):
        assert len(bot.guilds) == 100
        assert bot.events.count("GUILD_CREATE") == 100
        assert fake.gateway.identifies[0]["intents"] == INTENTS.value
        assert fake.gateway.identifies[0]["shard"] == [0, 1]
        await (await ask(fake)).first_answer()


async def test_a_start_with_so_many_guilds_that_it_must_shard() -> None:
    world = World()
    ada = world.add_user("ada")
    for number in range(2500):
        world.add_guild(f"Guild {number}")
    async with online(world=world) as (fake, bot):
        assert bot.shard_count == 3
        assert len(bot.guilds) == 2500
        await fake.gateway.connected(shards=3)
        for number in (7, 8, 9):
            guild = world.guild(f"Guild {number}")
            guild.join(ada)
            it = await fake.slash(ada, guild.channel("general"), "figure")
            await it.first_answer()
            assert bot.get_guild(guild.id).shard_id == number % 3
        direct = await fake.say(ada, world.dm(ada), "hello")
        assert (await fake.reply(direct)).content == "heard hello"
    async with FakeDiscord(world) as fake:
        with pytest.raises(discord.ConnectionClosed) as closed:
            async with running(ExampleBot(shard_count=1), fake.token):
                raise AssertionError
        assert closed.value.code == 4011


# The gateway


@pytest.mark.parametrize("trouble", ["drop", "reset", "close", "half-close", "reconnect", "invalid", "silence"])
async def test_a_session_is_resumed_and_misses_nothing(trouble: str) -> None:
    async with online(ExampleBot(heartbeat_timeout=0.3)) as (fake, bot):
        gateway = fake.gateway
        if trouble == "silence":
            gateway.heartbeat_interval = 0.1
            gateway.ask_reconnect()
            await fake.until(lambda: gateway.resumes == 1)
        before = gateway.resumes
        {
            "drop": gateway.drop,
            "reset": lambda: gateway.drop(reset=True),
            "close": lambda: gateway.close(4000),
            "half-close": gateway.half_close,
            "reconnect": gateway.ask_reconnect,
            "invalid": lambda: gateway.invalidate(resumable=True),
            "silence": gateway.fall_silent,
        }[trouble]()
        missed = [await ask(fake) for _ in range(3)]
        for it in missed:
            await it.first_answer()
            assert len(it.messages) == 1
            assert not it.refusals
        assert gateway.resumes > before
        assert len(gateway.identifies) == 1
        assert bot.events.count("READY") == 1


@pytest.mark.parametrize("trouble", ["invalid", "refused"])
async def test_a_session_that_is_gone_begins_anew(trouble: str) -> None:
    async with online() as (fake, bot):
        if trouble == "refused":
            fake.gateway.refuse_resumes = 1
            fake.gateway.drop()
        else:
            fake.gateway.invalidate()
        lost = await ask(fake)
        await fake.until(lambda: bot.events.count("READY") == 2)
        await (await ask(fake)).first_answer()
        assert fake.gateway.resumes == 0
        assert len(fake.gateway.identifies) == 2
        assert lost.answer is None


async def test_a_gateway_that_does_not_let_in_is_tried_again() -> None:
    async with online() as (fake, _):
        fake.gateway.refuse_connections = 1
        fake.gateway.drop()
        await fake.until(lambda: len(fake.gateway.identifies) == 2)
        await (await ask(fake)).first_answer()
        assert fake.gateway.resumes == 0  # a sharded client doesn't try to resume once a connection has failed


async def test_a_close_code_without_return_ends_the_client() -> None:
    async with FakeDiscord() as fake:
        client = running(ExampleBot(), fake.token)
        bot = await client.__aenter__()
        fake.gateway.close(4004)
        await fake.until(bot.is_closed)
        with pytest.raises(discord.ConnectionClosed, match="4004"):
            await client.__aexit__(None, None, None)


async def test_zombies_are_closed() -> None:
    async with online() as (fake, _):
        fake.gateway.closes_zombies = True
        fake.gateway.heartbeat_interval = 0.05
        fake.gateway.ask_reconnect()
        await fake.until(lambda: fake.gateway.heartbeats >= 4)
        assert fake.gateway.resumes == 1
        async with aiohttp.ClientSession() as session, session.ws_connect(fake.gateway_url) as socket:
            assert (await socket.receive_json())["op"] == 10
            assert (await socket.receive()).data == 4009


@pytest.mark.parametrize(
    ("frame", "code"),
    [("no json", 4002), ('{"op": 99, "d": null}', 4001), ('{"op": 3, "d": {}}', 4003), ('{"op": 2, "d": {}}', 4004)],
)
async def test_frames_out_of_order_are_refused(frame: str, code: int) -> None:
    async with (
        FakeDiscord() as fake,
        aiohttp.ClientSession() as session,
        session.ws_connect(fake.gateway_url) as socket,
    ):
        assert (await socket.receive_json())["op"] == 10
        await socket.send_str(frame)
        assert (await socket.receive()).data == code


async def test_a_guild_goes_down_and_comes_back() -> None:
    world = small_world()
    world.guild("Lab").available = False
    async with online(world=world) as (fake, bot):
        assert bot.guilds[0].unavailable
        world.guild("Lab").come_back()
        await fake.settled()
        assert not bot.guilds[0].unavailable
        world.guild("Lab").go_down()
        await fake.settled()
        assert bot.guilds[0].unavailable
        assert bot.events[-2:] == ["GUILD_CREATE", "GUILD_DELETE"]


# Answers to requests


@pytest.mark.parametrize(
    "fault",
    [
        faults.rate_limited(0.1),
        faults.rate_limited(0.1, everywhere=True),
        faults.slow(0.1),
        faults.slow_answer(0.1),
    ],
    ids=["rate limit", "global rate limit", "slow", "slow answer"],
)
async def test_what_the_client_rides_out(fault: faults.Fault) -> None:
    async with online() as (fake, _):
        trouble = fake.disturb("POST */messages", fault)
        said = await fake.say(fake.world.user("ada"), fake.world.dm(fake.world.user("ada")), "hello")
        begin = time.monotonic()
        await fake.reply(said)
        await fake.settled()
        assert trouble.hits == 1
        assert time.monotonic() - begin >= 0.1
        assert len(fake.sent(said.channel)) == 1


async def test_a_servers_error_is_tried_again_and_a_nonce_prevents_a_double() -> None:
    async with online() as (fake, bot):
        general = bot.get_channel(fake.world.channel("general").id)
        fake.disturb("POST */messages", faults.failing(502, handled=True))
        await general.send("hello", nonce="1")
        assert [each.status for each in fake.called("POST */messages")] == [502, 200]
        assert len(fake.sent(fake.world.channel("general"))) == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (faults.rate_limited(0.1, via=False), discord.HTTPException),
        (faults.rate_limited(None), KeyError),
        (faults.failing(503), discord.DiscordServerError),
        (faults.html(), TypeError),
        (faults.html(403), discord.Forbidden),
        (faults.refused(50001), discord.Forbidden),
        (faults.cut_off(), aiohttp.ClientOSError),
        (faults.cut_off(reset=False), aiohttp.ServerDisconnectedError),
        (faults.truncated(), aiohttp.ClientPayloadError),
    ],
    ids=["429 not of Discord", "429 without a time", "503", "html", "html 403", "50001", "reset", "end", "truncated"],
)
async def test_what_the_client_gives_up(fault: faults.Fault, error: type[Exception]) -> None:
    async with online() as (fake, bot):
        general = bot.get_channel(fake.world.channel("general").id)
        fake.disturb("POST */messages", fault)
        with pytest.raises(error):
            await general.send("hello")
        await general.send("again")
        assert fake.sent(fake.world.channel("general"))[-1].content == "again"


async def test_an_interaction_can_be_unknown_at_once() -> None:
    async with online() as (fake, bot):
        fake.disturb("POST */callback", faults.refused(10062))
        it = await ask(fake)
        await fake.until(lambda: bot.problems)
        assert isinstance(bot.problems[0], discord.NotFound)
        assert bot.problems[0].code == 10062
        assert it.answer is None
        await (await ask(fake)).first_answer()


async def test_a_late_answer_is_refused() -> None:
    async with online(answer_within=0.1) as (fake, bot):
        bot.pause = 0.15
        it = await ask(fake)
        await fake.until(lambda: it.refusals)
        assert it.refusals[0].code == 10062
        assert it.error
        assert not it.messages


async def test_an_answer_whose_receipt_was_lost_is_refused_the_second_time() -> None:
    async with online() as (fake, bot):
        fake.disturb("POST */callback", faults.failing(500, handled=True))
        it = await ask(fake)
        await it.first_answer()
        await fake.until(lambda: bot.problems)
        assert [each.code for each in it.refusals] == [40060]
        assert len(it.messages) == 1


async def test_a_token_that_is_too_old_takes_no_more_edits() -> None:
    async with online(token_lifetime=0.1) as (fake, bot):
        bot.pause = 0.15
        it = await ask(fake, "picture")
        await fake.until(lambda: bot.problems)
        assert bot.problems[0].code == 50027
        assert it.thinking


async def test_a_fault_meets_so_many_requests_and_can_be_stopped() -> None:
    async with online() as (fake, bot):
        twice = fake.disturb("GET /users/*", faults.refused(10013), times=2)
        always = fake.disturb("GET /users/*", faults.refused(50001), times=None)
        codes = []
        for number in range(5):
            if number == 4:
                always.stop()
            try:
                codes.append((await bot.fetch_user(fake.world.user("ada").id)).name)
            except discord.HTTPException as error:
                codes.append(error.code)
        assert codes == [10013, 10013, 50001, 50001, "ada"]
        assert (twice.hits, always.hits) == (2, 2)


async def test_rate_limits_are_stated_and_kept() -> None:
    async with online(limits={"POST /channels/*/messages": Limit(2, 0.2)}) as (fake, bot):
        general = bot.get_channel(fake.world.channel("general").id)
        begin = time.monotonic()
        for number in range(5):
            await general.send(str(number))
        assert time.monotonic() - begin >= 0.4
        assert {each.status for each in fake.called("POST */messages")} == {200}


async def test_the_global_rate_limit_does_not_count_interactions() -> None:
    async with online(ExampleBot(sync=False), global_limit=Limit(10, 0.3)) as (fake, bot):
        fake.commands.put(None, [each.to_dict(bot.tree) for each in bot.tree.get_commands()])
        asked = [await ask(fake) for _ in range(20)]
        await asyncio.gather(*(it.first_answer() for it in asked))
        assert not [each for each in fake.requests if each.status == 429]
        await asyncio.gather(*(bot.fetch_user(fake.world.bot.id) for _ in range(12)))
        assert [each for each in fake.requests if each.status == 429]


# Load


async def test_five_hundred_at_once() -> None:
    async with online(keep=600, answer_within=60) as (fake, _):
        asked = [await ask(fake) for _ in range(500)]
        await asyncio.gather(*(it.first_answer() for it in asked))
        assert all(len(it.messages) == 1 for it in asked)
        for _ in range(200):
            await (await ask(fake)).first_answer()
        assert len(fake.interactions) == len(fake.requests) == len(fake.world.channel("general").messages) == 600


async def test_what_the_pretended_discord_can_not_do_is_seen() -> None:
    fake = FakeDiscord()
    await fake.__aenter__()
    async with running(ExampleBot(), fake.token) as bot:
        with pytest.raises(discord.HTTPException, match="418"):
            await bot.http.request(discord.http.Route("POST", "/users/@me/channels"), json={})
    with pytest.raises(ExceptionGroup, match="the pretended Discord itself failed"):
        await fake.__aexit__()
