"""Where gapbrief answers: in the channels that a server allows, and where it may write."""

import asyncio

import discord
import pytest

from bot.discord.channels import Channels
from bot.state import guilds
from bot.state.database import State
from tests.bot.discord.conftest import World, words
from tests.bot.kept import allow_channels


async def test_a_server_can_allow_some_channels_alone(world: World) -> None:
    other = world.guild.create_text_channel("ai-talk")
    world.allow([other.id])
    refused = await world.slash("gap")
    assert refused.ephemeral
    assert words(refused) == (
        f"On this server I only answer in other channels; ask me there, or in a direct message: <#{other.id}>"
    )
    assert words((await world.alice.slash(other, "gap")).response).startswith("Open models trail")
    world.allow([])
    assert not (await world.slash("gap")).ephemeral


async def test_a_post_in_a_forum_is_where_the_forum_is(world: World) -> None:
    allowed, other = (world.guild.create_forum_channel(name) for name in ("questions", "showcase"))
    world.allow([allowed.id])
    for forum, answered in ((allowed, True), (other, False)):
        channel = world.bot.get_channel(forum.id)
        assert isinstance(channel, discord.ForumChannel)
        await channel.create_thread(name="How far behind?", content="…")
        [post] = forum.threads
        message = (await world.alice.slash(post, "gap")).response
        assert message.ephemeral is not answered
        await world.alice.send(post, f"{world.bot.user.mention} what is the gap?")
        assert ("Open models trail" in words(post.last_message)) is answered
    assert "On this server I only answer in other channels" in words(world.alice.user.dm_channel.last_message)


async def test_beside_voices_it_answers_in_writing(world: World) -> None:
    for voices in (world.guild.create_voice_channel("Talk"), world.guild.create_stage_channel("Stage")):
        world.allow([voices.id])
        assert words((await world.alice.slash(voices, "gap")).response).startswith("Open models trail")
        await world.alice.send(voices, f"{world.bot.user.mention} what is the gap?")
        assert "Open models trail" in words(voices.last_message)
        assert (await world.slash("gap")).ephemeral


async def test_what_only_its_user_sees_works_anywhere(world: World) -> None:
    world.allow([1])
    for command in ("about", "help", "forget"):
        assert "answer in other channels" not in words(await world.slash(command))


@pytest.mark.parametrize(
    ("denied", "named"),
    [
        (["send_messages"], "Send Messages"),
        (["embed_links", "read_message_history"], "Embed Links and Read Message History"),
    ],
)
async def test_who_mentions_us_where_we_may_not_answer_is_told_in_private_what_is_missing(
    world: World, denied: list[str], named: str
) -> None:
    quiet = world.guild.create_text_channel("quiet", overwrites={world.env.guild.me: deny(*denied)})
    sent = await world.alice.send(quiet, f"{world.bot.user.mention} what is the gap?")
    assert quiet.last_message.id == sent.id
    assert words(world.alice.user.dm_channel.last_message) == (
        f"I can't answer in #quiet: I need {named} there."
        " A moderator can grant it under Channel settings › Permissions."
    )


async def test_without_permission_for_files_the_answer_comes_without_its_picture(world: World) -> None:
    quiet = world.guild.create_text_channel("quiet", overwrites={world.env.guild.me: deny("attach_files")})
    await world.alice.send(quiet, f"{world.bot.user.mention} what is the gap?")
    assert words(quiet.last_message).startswith("-# Understood as gap\nOpen models trail")
    assert not quiet.last_message.attachments


def deny(*names: str) -> discord.PermissionOverwrite:
    return discord.PermissionOverwrite(**dict.fromkeys(names, False))


async def test_hundreds_who_ask_at_once_are_one_look(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    looks, look = [], guilds.allowed_channels

    def counted(state: State, guild_id: int) -> frozenset[int]:
        looks.append(guild_id)
        return look(state, guild_id)

    monkeypatch.setattr(guilds, "allowed_channels", counted)
    channels = Channels(world.bot.services.state)
    assert await asyncio.gather(*(channels.allowed(world.guild.id) for _ in range(500))) == [frozenset()] * 500
    assert looks == [world.guild.id]


async def test_nobody_waits_for_a_later_look(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    channels = Channels(world.bot.services.state)
    await channels.allowed(world.guild.id)
    allow_channels(world.bot.services.state, world.guild.id, [5])
    monkeypatch.setattr("bot.discord.channels._REMEMBERED_SECONDS", 0.0)
    assert await channels.allowed(world.guild.id) == frozenset()
    await channels._reading[world.guild.id]
    assert await channels.allowed(world.guild.id) == {5}


async def test_what_is_read_while_it_is_set_is_not_kept(world: World) -> None:
    channels = Channels(world.bot.services.state)
    reading = asyncio.create_task(channels.allowed(world.guild.id))
    await asyncio.sleep(0)
    allow_channels(world.bot.services.state, world.guild.id, [5])
    channels.invalidate(world.guild.id)
    await reading
    assert await channels.allowed(world.guild.id) == {5}


async def test_a_list_that_can_not_be_read_anew_is_the_one_of_before_and_logged(
    world: World, monkeypatch: pytest.MonkeyPatch, logged: list[dict[str, object]]
) -> None:
    channels = Channels(world.bot.services.state)
    world.allow([world.channel.id])
    assert await channels.allowed(world.guild.id) == {world.channel.id}
    monkeypatch.setattr("bot.discord.channels._REMEMBERED_SECONDS", -1.0)
    monkeypatch.setattr(guilds, "allowed_channels", lambda *_: 1 / 0)
    assert await channels.allowed(world.guild.id) == {world.channel.id}
    async with asyncio.timeout(60):
        while not logged:
            await asyncio.sleep(0.01)
    assert logged[0]["event"] == "what channels a server allows could not be read"
