"""Who may use the newsroom: the same at every command, autocompletion, button, selection and form."""

from typing import Any

import discord
import pytest
from discord import app_commands

from bot.discord import components
from bot.discord.newsroom import handlers
from bot.discord.newsroom.handlers import HANDLERS, button
from bot.state import briefs, schedules
from tests.bot.discord.conftest import words
from tests.bot.discord.newsroom.conftest import Room

REFUSED = "The newsroom is for this server's moderators; an administrator can give you the permission Manage Messages."
OR_ROLE = REFUSED.replace("Manage Messages.", "Manage Messages, or the role Editors.")
OPTIONS: dict[str, dict[str, Any]] = {
    "correct": {"brief": 1},
    "withdraw": {"brief": 1},
    "story": {"url": "https://example.org/article"},
    **{f"schedule {name}": {"schedule": 1} for name in ("pause", "resume", "remove", "run-now")},
}


def commands(room: Room) -> list[str]:
    """Return every command of the newsroom, as it is typed behind /newsroom."""
    group = room.world.bot.tree.get_command("newsroom")
    assert isinstance(group, app_commands.Group)
    subcommands = [command for command in group.walk_commands() if isinstance(command, app_commands.Command)]
    return [command.qualified_name.removeprefix("newsroom ") for command in subcommands]


async def use(room: Room, name: str, who: Any) -> Any:
    options = OPTIONS.get(name, {})
    if name == "schedule add":
        options = {"when": "every day at 9", "zone": "UTC", "channel": room.news}
    return await room.answer(name, who, **options)


async def test_commands_are_for_who_manages_messages_on_servers_and_each_refuses_another_member(
    room: Room,
) -> None:
    bot = room.world.bot
    payload = next(command.to_dict(bot.tree) for command in bot.tree.get_commands() if command.name == "newsroom")
    assert payload["default_member_permissions"] == discord.Permissions(manage_messages=True).value
    assert (payload["contexts"], payload["integration_types"]) == ([0], [0])
    names = commands(room)
    assert len(names) == 13
    for name in names:
        refused = await use(room, name, room.dave)
        assert words(refused) == REFUSED, name
        assert refused.ephemeral
    assert not briefs.list_briefs(room.state)
    assert not schedules.list_schedules(room.state)


@pytest.mark.slow
async def test_every_act_of_a_button_selection_or_form_refuses_a_member(room: Room) -> None:
    for name, (takes, _) in HANDLERS.items():
        message = await room.world.show(components.make_view([button("Press", name, *[1] * takes)]))
        refused = (await room.press(message, "Press", room.dave)).response
        assert words(refused) == REFUSED, name
        assert refused.ephemeral


async def test_every_autocompletion_offers_a_member_nothing(room: Room) -> None:
    await room.press(await room.new(), "Post")
    await use(room, "schedule add", room.alice)
    completed = {"withdraw": "brief", "correct": "brief", "schedule pause": "schedule", "schedule resume": "schedule",
                 "schedule remove": "schedule", "schedule run-now": "schedule"}  # fmt: skip
    asked = [(f"newsroom {name}", option) for name, option in completed.items()]
    asked += [("newsroom schedule add", "when"), ("newsroom schedule add", "zone")]
    for name, option in asked:
        assert await room.alice.autocomplete(room.world.channel, name, option, ""), name
        assert await room.dave.autocomplete(room.world.channel, name, option, "") == [], name


async def test_who_has_the_role_of_the_settings_may_do_all(room: Room) -> None:
    assert words(await use(room, "new", room.carol)) == REFUSED
    room.set(moderator_role_id=room.editors.id)
    card = await use(room, "new", room.carol)
    await room.press(card, "Post", room.carol)
    assert room.kept().status == "posted"
    assert words(await use(room, "history", room.dave)) == OR_ROLE


async def test_who_lost_the_role_since_the_preview_can_press_nothing_any_more(room: Room) -> None:
    room.set(moderator_role_id=room.editors.id)
    card = await use(room, "new", room.carol)
    room.lose(room.carol, room.editors)
    for label in ("Post", "Edit", "Discard", "Schedule"):
        refused = await room.press(card, label, room.carol)
        assert refused.modal is None
        assert words(refused.response) == OR_ROLE
    assert room.kept().status == "draft"
    room.set(moderator_role_id=1)  # which is gone
    assert words(await use(room, "new", room.dave)) == REFUSED


async def test_who_lost_the_permission_while_filling_in_a_form_can_not_send_it(room: Room) -> None:
    form = await room.press(await room.new(), "Edit")
    room.lose(room.alice, room.mods)
    refused = (await room.alice.submit_modal(form, {"text": "Another title\n- Another bullet"})).response
    assert words(refused) == REFUSED
    assert room.kept().version == 1


async def test_the_permission_in_one_channel_is_not_that_of_the_server(room: Room) -> None:
    own = room.world.guild.create_text_channel(
        "daves", overwrites={room.dave: discord.PermissionOverwrite(manage_messages=True)}
    )
    assert words((await room.dave.slash(own, "newsroom new")).response) == REFUSED


async def test_an_administrator_may_do_all(room: Room) -> None:
    backend, guild = room.world.env.backend, room.world.guild
    chief = guild.create_role("Chief", permissions=discord.Permissions(administrator=True))
    backend.add_member_role(guild.id, room.dave.id, chief.id)
    assert words(await use(room, "history", room.dave)).startswith("Briefs")


async def test_a_card_is_shown_to_who_asked_alone(room: Room) -> None:
    for name in ("new", "history", "audit", "settings", "schedule add", "schedule list", "schedule pause"):
        assert (await use(room, name, room.alice)).ephemeral, name
    assert room.world.channel.last_message is None


async def test_a_server_of_which_nothing_is_known_yet_asks_for_patience(room: Room) -> None:
    class Unknown:
        guild = type("Guild", (), {"default_role": None})()
        user = discord.Member.__new__(discord.Member)

    with pytest.raises(Exception, match="please try again in a few seconds"):
        await handlers.check_moderator(Unknown())  # type: ignore[arg-type]
