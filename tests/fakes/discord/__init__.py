"""A Discord for tests: gateway and REST on one loopback port, for the real, unpatched discord.py client.

The client is led to it by its two address constants only. A test makes people act, and looks at what they would see::

    async with FakeDiscord() as discord:
        ada, general = discord.world.user("ada"), discord.world.channel("general")
        ...start the bot...
        it = await discord.slash(ada, general, "gap", {"benchmark": "gpqa"})
        await it.first_answer()
        it.messages[0].embeds, it.messages[0].attachments[0].content, it.deferred, it.latency, it.error
        more = await discord.press(it.original, "By test", ada)
        question = await discord.say(ada, general, f"{discord.world.bot.mention} how far behind is open?")
        answer = await discord.reply(question)

`discord.world` is who and what is there, and may be changed at any time. `discord.gateway` can lose, close, silence
and invalidate connections. `discord.disturb("PATCH */@original", faults.failing(503))` lets requests meet a fault.
`discord.requests`, `discord.called("PUT */commands")` and `discord.commands` tell what the bot asked for.

It is there for acknowledgement, the outbox, faults and crashes; for what people see, the tests in one process (simcord)
are, which also know how long a message may be. A second answer, a late one, a missing permission are refused with
Discord's status and code; a command not registered or a disabled button raises `NotOfferedError` in the test.

Modules: `world` (model), `wire` (its JSON), `messages`, `interactions`, `commands` (what happens to them), `errors`,
`gateway`, `sessions`, `rest`, `faults`, `server` (the whole), `client`.
"""

from tests.fakes.discord import faults
from tests.fakes.discord.client import running
from tests.fakes.discord.commands import NotOfferedError
from tests.fakes.discord.interactions import Interaction, Kind
from tests.fakes.discord.messages import Message
from tests.fakes.discord.server import TOKEN, FakeDiscord
from tests.fakes.discord.world import Channel, ChannelKind, Guild, Permission, Role, User, World, small_world

__all__ = [
    "TOKEN",
    "Channel",
    "ChannelKind",
    "FakeDiscord",
    "Guild",
    "Interaction",
    "Kind",
    "Message",
    "NotOfferedError",
    "Permission",
    "Role",
    "User",
    "World",
    "faults",
    "running",
    "small_world",
]
