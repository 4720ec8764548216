"""`/watch` and `/watching`: what is watched, for a person and for a server's channel, and how it ends."""

from dataclasses import replace
from typing import Any

from bot.discord.asking import Cooldown
from bot.discord.components import end_watch_button, make_view
from bot.state import watches
from bot.state.database import State
from tests.bot.discord.conftest import World, checked, custom_ids, labels, words
from tests.bot.discord.newsroom.conftest import Room
from tests.bot.newsroom.newsroom import made

TITLE = "Kimi K3 matches GPT-5.2 Pro at 90 % on ARC-AGI"


def watched(state: State, who: Any) -> list[tuple[str, str]]:
    return [(watch.subject, watch.name) for watch in watches.list_watches(state, f"user:{who.id}")]


def milestone(state: State, *subjects: str, at: Any) -> None:
    with state.begin() as connection:
        brief_id = watches.store_milestone(connection, replace(made(TITLE), subjects=subjects), at)
        assert watches.notify_watchers(connection, brief_id or 0, at) == 1


async def test_a_model_a_lab_a_test_or_a_field_is_watched(world: World, state: State) -> None:
    world.bot.cooldown = Cooldown(limit=100)
    for typed, subject, name in (
        ("kimi k3", "model:kimi-k3", "Kimi K3"), ("DeepSeek", "lab:deepseek", "DeepSeek"),
        ("WeirdML", "benchmark:weirdml 2", "WeirdML"), ("coding", "domain:coding", "Coding"),
        ("model:kimi-k3", "model:kimi-k3", "Kimi K3"),
    ):  # fmt: skip
        for suffix in ("", ", as before"):
            message = await world.slash("watch", what=typed)
            assert message.ephemeral
            sentence = f"You get a private message as soon as {name} has a milestone{suffix}. /watching ends it."
            assert words(message) == sentence
        assert watched(state, world.alice) == [(subject, name)]
        watches.forget(state, f"user:{world.alice.id}")


async def test_what_is_none_is_said_with_what_was_meant(world: World, state: State) -> None:
    none = '"{}" is no single model, lab, test or field of work; '
    hints = {"xyzzy": "choose from what Discord offers as you type.", "weirdmll9": "did you mean WeirdML"}
    for typed, hint in hints.items():
        assert words(await world.slash("watch", what=typed)).startswith(none.format(typed) + hint)
    assert watched(state, world.alice) == []


async def test_what_can_be_watched_is_offered_with_what_it_is(world: World) -> None:
    offered = await world.alice.autocomplete(world.channel, "watch", "what", "kimi k3")
    assert ("Kimi K3 · model", "model:kimi-k3") in [(choice["name"], choice["value"]) for choice in offered]
    first = await world.alice.autocomplete(world.channel, "watch", "what", "")
    assert [choice["name"] for choice in first][:2] == ["Coding · field of work", "Maths · field of work"]
    assert len(first) == 25


async def test_the_list_has_a_button_for_each_and_shows_what_is_left(world: World, state: State) -> None:
    assert words(await world.slash("watching")).startswith("Watched\nNothing is watched yet. /watch follows a model")
    for name in ("Kimi K3", "WeirdML"):
        await world.slash("watch", what=name)
    message = await world.slash("watching")
    assert (message.ephemeral, words(message)) == (True, "Watched\n- Kimi K3\n- WeirdML")
    assert labels(message) == ["Stop watching Kimi K3", "Stop watching WeirdML"]
    checked(message.embeds)
    left = await world.press(message, "Stop watching Kimi K3")
    assert (words(left), labels(left)) == ("Watched\n- WeirdML", ["Stop watching WeirdML"])
    assert [name for _, name in watched(state, world.alice)] == ["WeirdML"]


async def test_twenty_fit_in_the_list_and_no_more(world: World, state: State) -> None:
    for number in range(20):
        watches.add(state, f"user:{world.alice.id}", f"model:{number}", f"Model {number} {'long ' * 30}")
    message = await world.slash("watching")
    assert len(labels(message)) == 20
    checked(message.embeds)
    assert words(await world.slash("watch", what="Kimi K3")).startswith("You watch 20 names already")


async def test_forget_forgets_what_is_watched(world: World, state: State) -> None:
    await world.slash("watch", what="Kimi K3")
    await world.slash("watch", what="coding")
    watches.add(state, f"user:{world.bob.id}", "model:kimi-k3", "Kimi K3")
    message = await world.slash("forget")
    assert words(message) == "Forgotten: 2 watched names. Your next question stands on its own."
    assert (watched(state, world.alice), len(watched(state, world.bob))) == ([], 1)


async def test_watching_and_ending_it_in_turns_is_held_back_like_any_question(world: World, state: State) -> None:
    await world.slash("watch", what="coding")
    message = await world.slash("watching")
    for _ in range(7):
        await world.slash("watch", what="Kimi K3")
    await world.press(message, "Stop watching Coding")
    assert words(await world.slash("watch", what="WeirdML")).startswith("That was quick. Please ask again in")
    assert [name for _, name in watched(state, world.alice)] == ["Kimi K3"]


# ---- what is told


async def test_a_person_is_told_in_private_with_a_button_that_ends_it(room: Room) -> None:
    world = room.world
    await world.slash("watch", what="Kimi K3")
    await world.slash("watch", what="ARC-AGI")
    milestone(room.state, "model:kimi-k3", "benchmark:arc-agi 1", "lab:moonshot", at=room.now())
    await room.deliver()
    message = world.alice.user.dm_channel.last_message
    assert words(message) == f"{TITLE}\nMilestone 1"
    assert labels(message) == ["Stop watching Kimi K3", "Stop watching ARC-AGI"]
    response = (await world.alice.user.click(message, label="Stop watching Kimi K3")).response
    assert words(response) == "Kimi K3 is watched no more."
    assert [name for _, name in watched(room.state, world.alice)] == ["ARC-AGI"]


async def test_nobody_ends_what_another_watches(world: World, state: State) -> None:
    await world.slash("watch", what="Kimi K3")
    [mine] = watches.list_watches(state, f"user:{world.alice.id}")
    forged = await world.show(make_view([end_watch_button(mine)]))
    response = await world.press(forged, "Stop watching Kimi K3", who=world.bob)
    assert words(response) == "That is not watched any more; /watching lists what is."
    assert len(watched(state, world.alice)) == 1


# ---- a channel


async def test_a_channel_that_a_moderator_chose_gets_a_line(room: Room) -> None:
    message = await room.world.slash("watch", what="Kimi K3", channel=room.news)
    assert words(message) == f"<#{room.news.id}> gets a line as soon as Kimi K3 has a milestone. /watching ends it."
    milestone(room.state, "model:kimi-k3", at=room.now())
    await room.deliver()
    line = room.news.last_message
    assert words(line) == f"{TITLE}\nMilestone 1"
    for who, beginning in (
        (room.dave, "The newsroom is for this server's moderators"),
        (room.bob, "Kimi K3 is watched no more."),
    ):
        assert words((await who.click(line, label="Stop watching Kimi K3")).response).startswith(beginning)
    assert watches.list_watches(room.state, f"discord:{room.news.id}") == []


async def test_a_channel_is_a_moderators_and_one_that_takes_lines(room: Room) -> None:
    for command in ("watch", "watching"):
        options = {"what": "Kimi K3"} if command == "watch" else {}
        refused = (await room.dave.slash(room.world.channel, command, channel=room.news, **options)).response
        assert words(refused).startswith("The newsroom is for this server's moderators")
    quiet = room.quiet(send_messages=True)
    assert words(await room.world.slash("watch", what="Kimi K3", channel=quiet)).startswith("I can't post in #quiet")
    await room.world.slash("watch", what="Kimi K3", channel=room.news)
    listed = await room.world.slash("watching", channel=room.news)
    assert words(listed) == "Watched\n- Kimi K3"
    assert custom_ids(await room.world.slash("watching")) == []


async def test_the_removal_of_a_server_ends_what_its_channels_watch(room: Room) -> None:
    await room.world.slash("watch", what="Kimi K3", channel=room.news)
    await room.world.slash("watch", what="Kimi K3")
    await room.world.bot.channels.forget(room.world.guild.id)
    assert watches.list_watches(room.state, f"discord:{room.news.id}") == []
    assert len(watched(room.state, room.alice)) == 1
