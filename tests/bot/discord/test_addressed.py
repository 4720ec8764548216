"""Messages on the wire that are hard to answer: to our role, or where Discord takes none for a while."""

from tests.bot.discord.wire import title
from tests.fakes.discord import FakeDiscord


async def test_who_mentions_our_role_is_told_to_mention_us(wire: FakeDiscord) -> None:
    ada, general, role = wire.world.user("ada"), wire.world.channel("general"), wire.world.guild("Lab").bot_role
    answer = await wire.reply(await wire.say(ada, general, f"<@&{role.id}> what is the gap?"))
    assert title(answer) == (
        "You mentioned my role, and Discord does not show me what such a message says. Please pick me under Members,"
        " not under Roles, when you type @, or use /ask."
    )


async def test_who_mentions_both_is_answered(wire: FakeDiscord) -> None:
    ada, general, role = wire.world.user("ada"), wire.world.channel("general"), wire.world.guild("Lab").bot_role
    answer = await wire.reply(await wire.say(ada, general, f"<@&{role.id}> {wire.world.bot.mention} what is the gap?"))
    assert title(answer).startswith("Open models trail")


async def test_another_role_is_no_matter_of_ours(wire: FakeDiscord) -> None:
    ada, general, role = (
        wire.world.user("ada"),
        wire.world.channel("general"),
        wire.world.guild("Lab").role("moderators"),
    )
    await wire.say(ada, general, f"<@&{role.id}> what is the gap?")
    await wire.settled()
    assert wire.sent(general) == []
