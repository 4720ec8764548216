"""Buttons and forms of before: they work after a restart, are kept nowhere, and say so if they can't be read."""

from bot.discord import components
from bot.discord.newsroom.handlers import button
from bot.settings import Settings
from bot.state.database import State
from tests.bot.discord.conftest import started_anew, words
from tests.bot.discord.newsroom.conftest import Room, sent, text_of


async def test_every_button_and_open_form_works_after_a_restart(room: Room, settings: Settings, state: State) -> None:
    card = await room.new()
    form = await room.press(card, "Edit")
    text = text_of(form).replace("still wait", "wait, still")
    fresh = started_anew(settings, state)
    await room.world.env.restart_bot(fresh)
    vars(fresh.services)["writer"] = room.writer
    await room.alice.submit_modal(form, {"text": text})
    assert "29 of 162 levels wait, still." in words(card)
    await room.press(card, "Post")
    assert room.kept().status == "posted"


async def test_nothing_is_kept_in_memory_for_a_button_or_a_form(room: Room) -> None:
    await room.press(await room.new(), "Edit")
    store = room.world.bot._connection._view_store
    assert not store._views
    assert not store._modals


async def test_a_button_of_another_version_says_so(room: Room) -> None:
    message = await sent(room, components.make_view([button("A", "post", 1), button("B", "juggle", 1)]))
    for label in ("A", "B"):
        response = (await room.press(message, label)).response
        assert words(response).startswith("This button is from an earlier version of me.")


async def test_custom_ids_are_short_enough_whatever_the_numbers(room: Room) -> None:
    assert len(button("x", "withdrawn", 2**63 - 1, 2**63 - 1, 2**63 - 1).custom_id) <= 100
