"""The people, servers and channels of the pretended Discord, and who may do what in them.

A `World` is made by hand (`add_guild`, `add_user`, `add_channel`, `join`...) and may be changed at any time: a bot
that is connected is told of guilds and channels as Discord would tell it (`World.tell` is set by the server).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from tests.fakes.discord.messages import Message

DISCORD_EPOCH = 1_420_070_400_000
"""The first millisecond of 2015, from which ids count."""

FIRST_GUILD = 5040 * 10_000_000
"""The time part of the first guild's id: a multiple of small shard counts, so guild n is on shard n % count."""

Json = dict[str, Any]

Thing = TypeVar("Thing", "User", "Role", "Channel", "Guild")

Overwrites = dict[int, tuple["Permission", "Permission"]]
"""What a channel allows and denies a role or a person, by id."""


class Permission(IntFlag):
    """The permissions that tests give or take, with Discord's bits."""

    ADMINISTRATOR = 1 << 3
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    SEND_MESSAGES_IN_THREADS = 1 << 38

    @classmethod
    def every(cls) -> Permission:
        """All that this world knows."""
        return cls(sum(cls))


NONE = Permission(0)

USUAL = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.SEND_MESSAGES_IN_THREADS
)
"""What @everyone and the bot's own role allow."""


class ChannelKind(IntEnum):
    """The kinds of channels, with Discord's numbers."""

    TEXT = 0
    DM = 1
    VOICE = 2
    ANNOUNCEMENT = 5
    THREAD = 11
    STAGE = 13
    FORUM = 15


VOICES = frozenset({ChannelKind.VOICE, ChannelKind.STAGE})


@dataclass(eq=False, slots=True)
class User:
    """A person or a bot."""

    id: int
    name: str
    bot: bool = field(default=False, repr=False)
    installed_app: bool = field(default=False, repr=False)
    """Whether the person installed the app for themselves, so that its commands follow them everywhere."""
    accepts_messages: bool = field(default=True, repr=False)
    """Whether direct messages reach the person."""

    @property
    def mention(self) -> str:
        """What is typed to mention the person."""
        return f"<@{self.id}>"


@dataclass(eq=False, slots=True)
class Role:
    """A role in a guild."""

    id: int
    name: str
    guild: Guild = field(repr=False)
    permissions: Permission
    position: int


@dataclass(eq=False, slots=True)
class Member:
    """A person in a guild."""

    user: User
    guild: Guild = field(repr=False)
    roles: list[Role] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Channel:
    """A channel, or a direct conversation (its `guild` is None)."""

    id: int
    name: str
    kind: ChannelKind
    world: World = field(repr=False)
    guild: Guild | None = field(default=None, repr=False)
    recipients: list[User] = field(default_factory=list, repr=False)
    overwrites: Overwrites = field(default_factory=dict, repr=False)
    messages: dict[int, Message] = field(default_factory=dict, repr=False)
    """What everyone who may see the channel sees, oldest first; deleted messages are gone from it."""
    parent: Channel | None = field(default=None, repr=False)
    """Of a thread or a forum's post, where it is; its `owner` opened it."""
    owner: User | None = field(default=None, repr=False)
    archived: bool = field(default=False, repr=False)
    locked: bool = field(default=False, repr=False)
    tags: list[Json] = field(default_factory=list, repr=False)
    """The tags that a forum offers, or those that its post has."""
    requires_tag: bool = field(default=False, repr=False)

    def change(self, **values: Any) -> None:
        """Change something of it, as a moderator does, and tell the bot."""
        for name, value in values.items():
            setattr(self, name, value)
        self.world.tell("THREAD_UPDATE" if self.parent else "CHANNEL_UPDATE", self)

    def add_tag(self, name: str, *, moderated: bool = False) -> None:
        """Let a forum offer a tag."""
        tag = {"id": str(self.world.new_id()), "name": name, "moderated": moderated, "emoji_id": None}
        self.change(tags=[*self.tags, {**tag, "emoji_name": None}])

    def add_thread(self, name: str, owner: User) -> Channel:
        """Open a thread, or a post in a forum."""
        thread = Channel(
            self.world.new_id(), name, ChannelKind.THREAD, self.world, self.guild, parent=self, owner=owner
        )
        self.world.channels[thread.id] = thread
        self.world.tell("THREAD_CREATE", thread)
        return thread

    def overwrite(self, who: Role | User, *, allow: Permission = NONE, deny: Permission = NONE) -> None:
        """Allow or deny something in this channel only."""
        self.overwrites[who.id] = (allow, deny)
        self.world.tell("CHANNEL_UPDATE", self)

    def permissions(self, user: User) -> Permission:
        """Return what a person may do here: guild, then @everyone, roles and person as the channel overwrites them."""
        if self.guild is None:
            return Permission.every() if user in self.recipients else NONE
        if self.parent is not None:
            base = self.parent.permissions(user)
            may_write = Permission.SEND_MESSAGES_IN_THREADS in base
            return base | Permission.SEND_MESSAGES if may_write else base & ~Permission.SEND_MESSAGES
        member = self.guild.members.get(user.id)
        base = self.guild.permissions(user)
        if member is None or base == Permission.every():
            return base
        nothing = (NONE, NONE)
        for step in ([self.guild.id], [role.id for role in member.roles], [user.id]):
            overwrites = [self.overwrites.get(subject, nothing) for subject in step]
            for _, denied in overwrites:
                base &= ~denied
            for allowed, _ in overwrites:
                base |= allowed
        return base if Permission.VIEW_CHANNEL in base else NONE


@dataclass(eq=False, slots=True)
class Guild:
    """A server."""

    id: int
    name: str
    world: World = field(repr=False)
    owner: User
    available: bool = True
    has_bot: bool = True
    """Whether the bot was added to it (if not, only people who installed the app use it here)."""
    roles: list[Role] = field(default_factory=list, repr=False)
    members: dict[int, Member] = field(default_factory=dict, repr=False)
    channels: list[Channel] = field(default_factory=list, repr=False)

    @property
    def everyone(self) -> Role:
        """The role that everyone has."""
        return self.roles[0]

    def channel(self, name: str) -> Channel:
        """Return the channel of a name."""
        return _named(name, self.channels)

    def role(self, name: str) -> Role:
        """Return the role of a name."""
        return _named(name, self.roles)

    def add_channel(self, name: str, kind: ChannelKind = ChannelKind.TEXT) -> Channel:
        """Add a channel."""
        channel = Channel(self.world.new_id(), name, kind, self.world, self)
        self.channels.append(channel)
        self.world.channels[channel.id] = channel
        if self.id in self.world.guilds:
            self.world.tell("CHANNEL_CREATE", channel)
        return channel

    def add_role(self, name: str, permissions: Permission = NONE) -> Role:
        """Add a role above all others."""
        role = Role(self.world.new_id(), name, self, permissions, len(self.roles))
        self.roles.append(role)
        return role

    def join(self, user: User, *roles: Role) -> None:
        """Let a person join with the roles given, or give a member more roles."""
        self.members.setdefault(user.id, Member(user, self)).roles.extend(roles)

    def permissions(self, user: User) -> Permission:
        """Return what a person may do in the guild where no channel says otherwise."""
        member = self.members.get(user.id)
        if member is None:
            return NONE
        permissions = self.everyone.permissions
        for role in member.roles:
            permissions |= role.permissions
        return Permission.every() if user is self.owner or Permission.ADMINISTRATOR in permissions else permissions

    def lose_bot(self) -> None:
        """Remove the bot from the guild."""
        self.world.tell("GUILD_DELETE", self)
        self.has_bot = False
        del self.members[self.world.bot.id]

    def go_down(self) -> None:
        """Make the guild unavailable, as in an outage."""
        self.available = False
        self.world.tell("GUILD_DELETE", self)

    def come_back(self) -> None:
        """Make it available again."""
        self.available = True
        self.world.tell("GUILD_CREATE", self)


class World:
    """All there is: guilds, users and channels by id, and the bot."""

    def __init__(self) -> None:
        self.tell: Callable[[str, Any], None] = lambda _event, _subject: None
        self.guilds: dict[int, Guild] = {}
        self.users: dict[int, User] = {}
        self.channels: dict[int, Channel] = {}
        self._dms: dict[int, Channel] = {}
        self._ids = 0
        self.bot = self.add_user("gapbrief", bot=True)

    def new_id(self) -> int:
        """Return an id of now: unique, and larger than all before."""
        self._ids += 1
        return (int(time.time() * 1000) - DISCORD_EPOCH) << 22 | self._ids

    def guild(self, name: str) -> Guild:
        """Return the guild of a name."""
        return _named(name, self.guilds.values())

    def user(self, name: str) -> User:
        """Return the person of a name."""
        return _named(name, self.users.values())

    def channel(self, name: str) -> Channel:
        """Return the first channel of a name in any guild."""
        return _named(name, (channel for guild in self.guilds.values() for channel in guild.channels))

    def add_user(self, name: str, *, bot: bool = False, installed_app: bool = False) -> User:
        """Add a person, in no guild yet."""
        user = User(self.new_id(), name, bot, installed_app)
        self.users[user.id] = user
        return user

    def add_guild(self, name: str, *, has_bot: bool = True, channels: Iterable[str] = ("general",)) -> Guild:
        """Add a guild with its owner, text channels and, unless `has_bot` is False, the bot with its own role."""
        owner = self.add_user(f"owner of {name}")
        number = FIRST_GUILD + len(self.guilds)
        guild = Guild(number << 22, name, self, owner, has_bot=has_bot)
        guild.roles.append(Role(guild.id, "@everyone", guild, USUAL, 0))
        guild.join(owner)
        for channel in channels:
            guild.add_channel(channel)
        if has_bot:
            guild.join(self.bot, guild.add_role(self.bot.name, USUAL))
        self.guilds[guild.id] = guild
        self.tell("GUILD_CREATE", guild)
        return guild

    def dm(self, user: User) -> Channel:
        """Return the direct conversation of a person and the bot."""
        if user.id not in self._dms:
            channel = Channel(self.new_id(), user.name, ChannelKind.DM, self, recipients=[user, self.bot])
            self._dms[user.id] = self.channels[channel.id] = channel
        return self._dms[user.id]

    def conversation(self, *users: User) -> Channel:
        """Add a direct conversation of people without the bot, where only an app of their own reaches."""
        channel = Channel(self.new_id(), "private", ChannelKind.DM, self, recipients=list(users))
        self.channels[channel.id] = channel
        return channel

    def bot_guilds(self) -> Iterator[Guild]:
        """Yield the guilds that the bot is in."""
        return (guild for guild in self.guilds.values() if guild.has_bot)


def small_world() -> World:
    """Return a world of one guild.

    It is "Lab", with #general and #news (announcements), "ada" (a member) and "mo" (its role "moderators" may manage
    messages).
    """
    world = World()
    lab = world.add_guild("Lab")
    lab.add_channel("news", ChannelKind.ANNOUNCEMENT)
    lab.join(world.add_user("ada"))
    lab.join(world.add_user("mo"), lab.add_role("moderators", Permission.MANAGE_MESSAGES))
    return world


def _named(name: str, things: Iterable[Thing]) -> Thing:
    candidates = list(things)
    for thing in candidates:
        if thing.name == name:
            return thing
    raise LookupError(f"nothing here is called {name!r}, but {', '.join(repr(thing.name) for thing in candidates)}")
