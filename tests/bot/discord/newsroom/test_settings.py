"""The settings: one private message whose selections are kept as they are made, and noted."""

from typing import Any

import discord
import pytest

from bot.state import audit, guilds
from bot.state.guilds import NewsroomSettings
from core.errors import DataError
from tests.bot.discord.conftest import checked, components_of, custom_ids, words
from tests.bot.discord.newsroom.conftest import Room, defaults

SELECTIONS = ["news:set_channels", "news:set_role", "news:set_review", "news:set_milestones", "news:set_place"]


async def panel(room: Room) -> Any:
    return await room.answer("settings")


async def refusal(room: Room, shown: Any, custom_id: str, chosen: list[Any]) -> Any:
    """Return what answers a choice in private, beside the settings."""
    [message] = (await room.alice.select(shown, chosen, custom_id=custom_id)).followups
    assert message.ephemeral
    return message


def kept(room: Room) -> NewsroomSettings:
    return guilds.get_newsroom(room.state, room.world.guild.id)


async def test_what_nobody_set(room: Room) -> None:
    shown = await panel(room)
    assert words(shown).splitlines() == [
        "Newsroom settings",
        "Questions are answered in", "every channel",
        "Moderators", "Members with Manage Messages on this server",
        "Drafts and warnings go to", "nowhere yet; choose a channel below",
        "Milestones", "None; choose below how many short briefs a day may be posted as new data arrive",
    ]  # fmt: skip
    assert custom_ids(shown) == SELECTIONS


async def test_every_selection_is_kept_shown_and_noted(room: Room) -> None:
    shown = await panel(room)
    for custom_id, chosen in {
        "news:set_channels": [room.world.channel, room.news],
        "news:set_role": [room.editors],
        "news:set_review": [room.drafts],
        "news:set_milestones": ["3"],
        "news:set_place": [room.news],
    }.items():
        await room.alice.select(shown, chosen, custom_id=custom_id)
        if custom_id != "news:set_milestones":
            assert sorted(defaults(shown, custom_id)) == sorted(choice.id for choice in chosen)
    assert kept(room) == NewsroomSettings(room.editors.id, room.drafts.id, 3, room.news.id)
    allowed = {room.world.channel.id, room.news.id}
    assert guilds.allowed_channels(room.state, room.world.guild.id) == allowed
    assert await room.world.bot.channels.allowed(room.world.guild.id) == allowed
    text = words(shown)
    assert f"Members with Manage Messages on this server, and <@&{room.editors.id}>" in text
    assert "allow them under Server settings › Integrations › gapbrief" in text
    assert f"At most 3 a day in <#{room.news.id}>" in text
    checked(shown.embeds)
    assert [line.split("> ", 2)[2] for line in (await room.read_answer("audit")).splitlines()[1:]] == [
        "set channel for milestones: #news",
        "set milestones a day: 3",
        "set moderators' channel: #drafts",
        "set moderator role: Editors",
        "set questions are answered in #general, #news",
    ]


async def test_what_was_chosen_can_be_taken_back(room: Room) -> None:
    room.set(moderator_role_id=room.editors.id, review_channel_id=room.drafts.id, milestones_per_day=2)
    room.world.allow([room.news.id])
    shown = await panel(room)
    assert defaults(shown, "news:set_role") == [room.editors.id]
    for custom_id in ("news:set_channels", "news:set_role", "news:set_review"):
        await room.alice.select(shown, [], custom_id=custom_id)
    await room.alice.select(shown, ["0"], custom_id="news:set_milestones")
    assert kept(room) == NewsroomSettings()
    assert await room.world.bot.channels.allowed(room.world.guild.id) == frozenset()


async def test_a_channel_that_takes_nothing_or_everybodys_role_is_refused_and_what_is_kept_is_shown(
    room: Room,
) -> None:
    quiet = room.quiet(send_messages=True)
    room.set(review_channel_id=room.drafts.id)
    shown = await panel(room)
    refused = await refusal(room, shown, "news:set_review", [quiet])
    assert words(refused).startswith("I can't post in #quiet: I need Send Messages there")
    assert kept(room).review_channel_id == room.drafts.id
    assert defaults(shown, "news:set_review") == [room.drafts.id]
    refused = await refusal(room, shown, "news:set_role", [room.world.guild.default_role])
    assert words(refused) == "Everybody has that role; choose one that only moderators have."
    assert kept(room).moderator_role_id is None


async def test_what_can_not_be_noted_is_not_set(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: Any, **_named: Any) -> None:
        raise DataError("The disk is full.")

    monkeypatch.setattr(audit, "add_entry", full)
    shown = await panel(room)
    await room.alice.select(shown, ["3"], custom_id="news:set_milestones")
    await room.alice.select(shown, [room.news], custom_id="news:set_channels")
    assert kept(room) == NewsroomSettings()
    assert guilds.allowed_channels(room.state, room.world.guild.id) == frozenset()


async def test_a_channel_for_drafts_that_all_can_read_is_said(room: Room) -> None:
    room.set(review_channel_id=room.drafts.id)
    assert "Everybody on this server can read there." in words(await panel(room))
    hidden = room.world.guild.create_text_channel(
        "hidden", overwrites={room.world.guild.default_role: discord.PermissionOverwrite(view_channel=False)}
    )
    room.set(review_channel_id=hidden.id)
    assert "Everybody on this server" not in words(await panel(room))


async def test_a_private_thread_is_not_read_by_everybody_and_an_open_one_is(room: Room) -> None:
    channel: Any = room.world.bot.get_channel(room.world.channel.id)
    for kind, is_open in ((discord.ChannelType.public_thread, True), (discord.ChannelType.private_thread, False)):
        thread = await channel.create_thread(name="drafts", type=kind)
        room.set(review_channel_id=thread.id)
        assert ("Everybody on this server can read there." in words(await panel(room))) == is_open


async def test_milestones_wait_for_their_channel(room: Room) -> None:
    room.set(milestones_per_day=7)
    room.world.allow([room.news.id])  # which does not hold for the newsroom
    shown = await panel(room)
    assert "At most 7 a day, once you choose a channel for them below" in words(shown)
    [select] = [part for part in components_of(shown) if part["custom_id"] == "news:set_milestones"]
    assert [option["label"] for option in select["options"] if option.get("default")] == ["7 milestones a day at most"]
