"""`/about` and `/help`: what it is, what it stores, how to remove it, what can be asked."""

from dataclasses import replace

import core
from bot.state.notes import drop_note
from tests.bot.discord.conftest import World, checked, components_of, words


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
    links = {
        "Website": ("public_url", "https://gap.example.org"), "Support": ("support_url", "https://discord.gg/example"),
        "Source": ("source_url", "https://code.example.org/gapbrief"),
        "Privacy": ("privacy_url", "https://gap.example.org/privacy"),
        "Terms of service": ("terms_url", "https://gap.example.org/terms"),
    }  # fmt: skip
    services = world.bot.services
    vars(services)["settings"] = replace(services.settings, **dict(links.values()))
    shown = {link["label"]: link["url"] for link in components_of(await world.slash("about"))}
    assert shown == {label: address for label, (_, address) in links.items()}


async def test_help_names_every_command_with_its_id_if_known_and_what_cant_be_read(world: World) -> None:
    message = await world.slash("help")
    text = words(message)
    assert message.ephemeral
    ids = {app_command.name: app_command.id for app_command in await world.bot.tree.fetch_commands()}
    for command in world.alice.available_commands(world.channel):
        assert f"</{command}:{ids[command]}> " in text
    assert "It can't read a reply whose ping is off" in text
    assert "Pick an open model for your work and your machine: `/best domain:coding size:32`" in text
    checked(message.embeds)
    drop_note(world.bot.services.state, f"command ids:{world.bot.application_id}")
    assert "**/gap** How many months" in words(await world.slash("help"))


async def test_both_work_in_a_direct_message(world: World) -> None:
    for command in ("about", "help"):
        assert (await world.alice.user.slash(command)).response.embeds
