"""A server's newsroom: moderators of both kinds, a member, channels for readers and for drafts, and a postman."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import discord
import pytest

from bot.discord.asking import Cooldown
from bot.discord.discord_target import DiscordTarget
from bot.newsroom import scheduling, workflow
from bot.newsroom.delivery import Delivery
from bot.settings import Settings
from bot.state import briefs, guilds, schedules
from bot.state.briefs import StoredBrief
from bot.state.database import State
from tests.bot.discord.conftest import BUTTON, World, components_of, words
from tests.bot.discord.wire import online
from tests.bot.kept import set_newsroom
from tests.bot.newsroom.newsroom import NO_NAMES, FakeWriter
from tests.fakes.discord import FakeDiscord

MANAGES = discord.Permissions(manage_messages=True)


@dataclass
class Room:
    """A server with its newsroom. Alice and Bob manage messages; Carol has a role; Dave is a member."""

    world: World
    mods: Any
    editors: Any
    carol: Any
    dave: Any
    news: Any
    drafts: Any
    writer: FakeWriter

    @property
    def state(self) -> State:
        return self.world.bot.services.state

    @property
    def alice(self) -> Any:
        return self.world.alice

    @property
    def bob(self) -> Any:
        return self.world.bob

    async def slash(self, name: str, who: Any = None, **options: Any) -> Any:
        """Let somebody (Alice) use a command of the newsroom, and return what came of it."""
        return await (who or self.alice).slash(self.world.channel, f"newsroom {name}", **options)

    async def answer(self, name: str, who: Any = None, **options: Any) -> Any:
        """Let somebody use a command, and return the message that answers it."""
        return (await self.slash(name, who, **options)).response

    async def read_answer(self, name: str, who: Any = None, **options: Any) -> str:
        """Let somebody use a command, and return what the answer says."""
        return words(await self.answer(name, who, **options))

    async def new(self, who: Any = None, **options: Any) -> Any:
        """Let somebody write a draft, and return its card."""
        return await self.answer("new", who, **options)

    async def posted(self) -> Any:
        """Have a brief posted, and return its card."""
        card = await self.new()
        await self.press(card, "Post")
        await self.deliver()
        return card

    async def edit(self, message: Any, old: str, new: str, who: Any = None, label: str = "Edit") -> Any:
        """Let somebody change a brief's text in its form, and return what came of it."""
        form = await self.press(message, label, who)
        return await (who or self.alice).submit_modal(form, {"text": text_of(form).replace(old, new, 1)})

    def edit_meanwhile(self, text: str) -> None:
        """Have Bob edit the first brief elsewhere."""
        workflow.edit(self.state, 1, text, self.actor(self.bob), self.now(), names=NO_NAMES)

    async def press(self, message: Any, label: str, who: Any = None) -> Any:
        """Let somebody press a button, and return what came of it."""
        return await (who or self.alice).click(message, label=label)

    async def read_private_reply(self, message: Any, label: str, who: Any = None) -> Any:
        """Let somebody press a button, and return what they are told in private."""
        [reply] = (await self.press(message, label, who)).followups
        assert reply.ephemeral
        return reply

    async def deliver(self) -> None:
        """Send all that is in the outbox."""
        channels = DiscordTarget(self.world.bot)
        postman = Delivery(self.state, {"discord": channels, "user": channels}, "test", self.now)
        await postman.work()
        await postman.stop(1)

    def actor(self, who: Any = None) -> workflow.Actor:
        return workflow.Actor((who or self.alice).id, self.world.guild.id)

    def quiet(self, **denied: bool) -> Any:
        """Return a channel in which the bot lacks some permissions."""
        denial = discord.PermissionOverwrite(**dict.fromkeys(denied, False))
        return self.world.guild.create_text_channel("quiet", overwrites={self.world.env.guild.me: denial})

    def now(self) -> datetime:
        return self.world.env.now()

    def kept(self, brief_id: int = 1) -> StoredBrief:
        brief = briefs.by_id(self.state, brief_id)
        assert brief is not None
        return brief

    def set(self, **settings: Any) -> None:
        guild_id = self.world.guild.id
        set_newsroom(self.state, guild_id, replace(guilds.get_newsroom(self.state, guild_id), **settings))

    def lose(self, who: Any, role: Any) -> None:
        """Take a role from somebody."""
        self.world.env.backend.remove_member_role(self.world.guild.id, who.id, role.id)

    async def draft_for_approval(self, **wish: Any) -> Any:
        """Have a schedule make a draft, and return it as the moderators see it in their channel."""
        self.set(review_channel_id=self.drafts.id)
        person = self.actor()
        wanted = schedules.NewSchedule("every day at 9", "UTC", self.news.id, ask_first=True, **wish)
        schedule = scheduling.add(self.state, wanted, person, self.now())
        scheduling.run_now(self.state, schedule.id, person, self.now(), self.writer)
        await self.deliver()
        return self.drafts.last_message


@pytest.fixture
async def room(world: World) -> Room:
    guild, backend = world.guild, world.env.backend
    mods, editors = guild.create_role("Mods", permissions=MANAGES), guild.create_role("Editors")
    for moderator in (world.alice, world.bob):
        backend.add_member_role(guild.id, moderator.id, mods.id)
    carol = guild.add_member(world.env.create_user("carol"), roles=[editors])
    dave = guild.add_member(world.env.create_user("dave"))
    [command] = [candidate for candidate in await world.bot.tree.fetch_commands() if candidate.name == "newsroom"]
    guild.set_command_permissions(command, {editors: True, dave: True})
    writer = FakeWriter()
    vars(world.bot.services)["writer"] = writer
    world.bot.cooldown = world.bot.forms = Cooldown(limit=1000)  # its clock stands still here
    news, drafts = guild.create_news_channel("news"), guild.create_text_channel("drafts")
    return Room(world, mods, editors, carol, dave, news, drafts, writer)


@pytest.fixture
async def fake(settings: Settings, state: State) -> AsyncIterator[FakeDiscord]:
    """A server whose moderators are mo and ada, and the bot as `gapbrief run` has it."""
    async with online(settings, state) as (server, bot):
        lab = server.world.guild("Lab")
        lab.join(server.world.user("ada"), lab.role("moderators"))
        vars(bot.services)["writer"] = FakeWriter()
        bot.cooldown = bot.forms = Cooldown(limit=1000)
        bot.publish()
        yield server
        await bot.stop()


def text_of(form: Any) -> str:
    """Return the text that a form of a brief opens with."""
    [field] = [
        component["component"]
        for component in form.modal["components"]
        if component["component"]["custom_id"] == "text"
    ]
    return str(field["value"])


def defaults(message: Any, custom_id: str) -> list[int]:
    """Return what is chosen in a selection."""
    [select] = [part for part in components_of(message) if part["custom_id"] == custom_id]
    return [int(value["id"]) for value in select.get("default_values", [])]


def styles(message: Any) -> list[int]:
    """Return the colours of a card's buttons, as Discord numbers them: 2 is grey, 3 green, 4 red."""
    return [part["style"] for part in components_of(message) if part["type"] == BUTTON]


async def opened(room: Room, who: Any = None) -> Any:
    """Return the first brief's card as the history opens it."""
    history = await room.answer("history", who)
    return (await (who or room.alice).select(history, ["1"], custom_id="news:open")).response


async def sent(room: Room, view: discord.ui.View) -> Any:
    """Return a message with some buttons, as a client that is slow still shows them."""
    channel: Any = room.world.bot.get_channel(room.drafts.id)
    await channel.send("…", view=view)
    return room.drafts.last_message
