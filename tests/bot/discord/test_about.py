"""`/about` and `/help`: what it is, what it stores, how to remove it, what can be asked."""

from dataclasses import replace

import core
from bot.state.notes import drop_note
from tests.bot.discord.conftest import World, checked, words


async def test_about_says_what_it_stores_and_how_to_remove_it(world: World) -> None:
    message = await world.slash("about")
    text = words(message)
    assert message.ephemeral
    assert "No message and no name." in text
    assert "for an hour" in text
    assert "budget" not in text
    assert "Server settings › Integrations › gapbrief › Remove" in text
    assert "Authorized apps › gapbrief › Deauthorize" in text
    assert f"Version {core.__version__} · newest complete data 28 September 2026" in text
    checked(message.embeds)


async def test_about_links_what_the_operator_set_and_nothing_else(world: World) -> None:
    assert (await world.slash("about")).components == []
    services = world.bot.services
    vars(services)["settings"] = replace(
        services.settings,
        public_url="https://gap.example.org",
        source_url="https://code.example.org/gapbrief",
        privacy_url="https://gap.example.org/privacy",
        terms_url="https://gap.example.org/terms",
        support_url="https://discord.gg/example",
    )
    [row] = (await world.slash("about")).components
    assert {each["label"]: each["url"] for each in row["components"]} == {
        "Website": "https://gap.example.org",
        "Source": "https://code.example.org/gapbrief",
        "Privacy": "https://gap.example.org/privacy",
        "Terms of service": "https://gap.example.org/terms",
        "Support": "https://discord.gg/example",
    }


async def test_help_names_every_command_and_what_cant_be_read(world: World) -> None:
    message = await world.slash("help")
    text = words(message)
    assert message.ephemeral
    ids = {each.name: each.id for each in await world.bot.tree.fetch_commands()}
    for command in world.alice.available_commands(world.channel):
        assert f"</{command}:{ids[command]}> " in text
    assert "It can't read a reply whose ping is off" in text
    assert "Pick an open model for your work and your machine: `/best domain:coding size:32`" in text
    checked(message.embeds)


async def test_help_names_the_commands_plainly_while_their_ids_are_not_known(world: World) -> None:
    drop_note(world.bot.services.state, f"command ids:{world.bot.application_id}")
    assert "**/gap** How many months" in words(await world.slash("help"))


async def test_both_work_in_a_direct_message(world: World) -> None:
    for command in ("about", "help"):
        assert (await world.alice.user.slash(command)).response.embeds
