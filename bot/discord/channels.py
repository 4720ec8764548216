"""The channels: where a server lets gapbrief answer, what that needs there, and where briefs can be posted."""

import asyncio
import time
from collections.abc import Collection, Sequence
from typing import Any

import discord
import structlog

from bot.state import guilds
from bot.state.database import State
from core.errors import UsageError
from core.words import and_list

log = structlog.get_logger("gapbrief.discord")


# ---- what is needed


ANSWERS = ("view_channel", "send_messages", "embed_links", "read_message_history")
"""What an answer to a message needs. A command's answer needs none: Discord lets it through anyway."""
NEEDED = (*ANSWERS, "send_messages_in_threads", "attach_files")
"""What the invitation asks for: answers in threads, and pictures, too."""

_GO_WITH_WRITING = ("embed_links", "attach_files")

ChannelOrThread = discord.abc.GuildChannel | discord.Thread


def missing_permissions(channel: ChannelOrThread, me: discord.Member, needed: Sequence[str]) -> list[str]:
    """Return which of the permissions are missing in a channel, without those that go with one that is named."""
    has = channel.permissions_for(me)
    write = "send_messages_in_threads" if isinstance(channel, discord.Thread) else "send_messages"
    if "view_channel" in needed and not has.view_channel:
        return ["view_channel"]
    lacking = [
        each for each in (write if each == "send_messages" else each for each in needed) if not getattr(has, each)
    ]
    return [each for each in lacking if each not in _GO_WITH_WRITING] if write in lacking else lacking


def name_permissions(names: list[str]) -> str:
    """Write permissions as Discord's settings name them: "Send Messages and Embed Links"."""
    return and_list([name.replace("_", " ").title() for name in names], most=len(names))


def say_missing(channel: str, names: list[str]) -> str:
    """Say what is missing in a channel of a name, and who can grant it."""
    return (
        f"I can't answer in #{channel}: I need {name_permissions(names)} there."
        " A moderator can grant it under Channel settings › Permissions."
    )


# ---- where a server lets gapbrief answer


_REMEMBERED_SECONDS = 60.0


class Channels:
    """What each server allows; another process may change it, so it is read anew after a minute, beside the asking."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._known: dict[int, tuple[float, frozenset[int]]] = {}
        self._reading: dict[int, asyncio.Task[frozenset[int]]] = {}

    def knows(self, guild_id: int | None) -> bool:
        """Whether `check` needs no look at the state."""
        return guild_id is None or guild_id in self._known

    async def allowed(self, guild_id: int) -> frozenset[int]:
        """Return the channels that a server allows; none means all."""
        when, known = self._known.get(guild_id, (-_REMEMBERED_SECONDS, None))
        if time.monotonic() - when >= _REMEMBERED_SECONDS and guild_id not in self._reading:
            self._reading[guild_id] = task = asyncio.create_task(self._read(guild_id))
            task.add_done_callback(_log_failure)
        return await asyncio.shield(self._reading[guild_id]) if known is None else known

    async def _read(self, guild_id: int) -> frozenset[int]:
        try:
            allowed = await asyncio.to_thread(guilds.allowed_channels, self.state, guild_id)
            if self._is_mine(guild_id):  # else it was changed meanwhile
                self._known[guild_id] = (time.monotonic(), allowed)
            return allowed
        finally:
            if self._is_mine(guild_id):
                del self._reading[guild_id]

    def _is_mine(self, guild_id: int) -> bool:
        return self._reading.get(guild_id) is asyncio.current_task()

    def changed(self, guild_id: int) -> None:
        """Read what a server allows anew when it is asked for next."""
        self._known.pop(guild_id, None)
        self._reading.pop(guild_id, None)

    async def check(self, guild_id: int | None, channel: object) -> None:
        """Raise UsageError in a channel that its server does not allow; a thread is where its channel is."""
        allowed = frozenset() if guild_id is None else await self.allowed(guild_id)
        if not allowed:
            return
        here = {getattr(channel, "id", None)}
        if isinstance(channel, discord.Thread):
            here.add(channel.parent_id)
        if not here & allowed:
            raise ElsewhereError(allowed)

    async def forget(self, guild_id: int) -> None:
        """Forget all that a server set."""
        await asyncio.to_thread(guilds.forget, self.state, guild_id)
        self.changed(guild_id)


def _log_failure(reading: "asyncio.Task[frozenset[int]]") -> None:
    """Log why a server's channels could not be read, which nobody may have waited for."""
    if not reading.cancelled() and reading.exception() is not None:
        log.warning("what channels a server allows could not be read", reason=str(reading.exception()))


class ElsewhereError(UsageError):
    """A question in a channel that its server does not allow; `channels` are those that it does."""

    def __init__(self, channels: Collection[int]) -> None:
        super().__init__("On this server I only answer in other channels; ask me there, or in a direct message:")
        self.channels = sorted(channels)


# ---- where briefs can be posted


POSTS = ("view_channel", "send_messages", "embed_links", "attach_files")
"""What a brief with its chart needs."""
_MENTION_ALL = "Mention @everyone, @here, and All Roles"


Writable = discord.TextChannel | discord.Thread
"""Where drafts can be sent, and briefs."""
Postable = Writable | discord.ForumChannel
"""Where briefs can be posted: in a forum each is a post."""
WRITABLE = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.public_thread,
    discord.ChannelType.private_thread,
    discord.ChannelType.news_thread,
]
POSTABLE = [*WRITABLE, discord.ChannelType.forum, discord.ChannelType.media]
_RESEARCH = "Research"
"""The category of a brief that no article is behind."""
_MOST_TAGS = 5
_TAGS = ("brief", "briefs", "gapbrief")
NO_TAG = "the forum requires a tag, and has none called Brief, Research or gapbrief that I may use"


async def check_postable(guild: discord.Guild, channel_id: int, kinds: Any = Postable) -> Postable:
    """Return a channel in which briefs can be posted; raises UsageError that names what is missing there."""
    channel = await _find_channel(guild, channel_id)
    if not isinstance(channel, kinds):
        raise UsageError(f"Channel {channel_id} is gone from this server, or takes no messages; choose another.")
    postable: Postable = channel
    needed = (*POSTS, "send_messages_in_threads") if isinstance(postable, discord.ForumChannel) else POSTS
    lacking = missing_permissions(postable, guild.me, needed)
    if lacking:
        raise UsageError(
            f"I can't post in #{postable.name}: I need {name_permissions(lacking)} there; grant it under"
            " Channel settings › Permissions, then try again."
        )
    if isinstance(postable, discord.Thread) and postable.locked:
        raise UsageError(f"#{postable.name} is locked; unlock it, or choose another.")
    if isinstance(postable, discord.ForumChannel) and postable.flags.require_tag:
        if not choose_tags(postable, _RESEARCH):
            raise UsageError(f"I can't post in #{postable.name}: {NO_TAG}; add one, then try again.")
    return postable


async def _find_channel(guild: discord.Guild, channel_id: int) -> object:
    """Return a channel or thread of the server, an archived one too; None where it has none of this number."""
    try:
        return guild.get_channel_or_thread(channel_id) or await guild.fetch_channel(channel_id)
    except (discord.NotFound, discord.Forbidden, discord.InvalidData):
        return None


def check_role(channel: Postable, role: discord.Role) -> None:
    """Raise UsageError for a role that can't be mentioned in a channel; what Discord sent of it need not be so."""
    role = find_role(channel.guild, role.id)
    if role.is_default():
        raise UsageError("I never mention everyone; choose a role that people can join or leave.")
    if not role.mentionable and not channel.permissions_for(channel.guild.me).mention_everyone:
        raise UsageError(
            f"I can't mention {role.name} in #{channel.name}: allow anyone to mention it under Server settings › Roles,"
            f" or grant me {_MENTION_ALL} there."
        )


def find_role(guild: discord.Guild, role_id: int) -> discord.Role:
    """Return a role of the server; raises UsageError for any other, as another server's."""
    role = guild.get_role(role_id)
    if role is None:
        raise UsageError(f"Role {role_id} is not on this server; choose another.")
    return role


def choose_tags(forum: discord.ForumChannel, category: str) -> list[discord.ForumTag]:
    """Return a forum's tags that a brief of a category gets, by their names; moderators' own are left to them."""
    usable = [tag for tag in forum.available_tags if not tag.moderated]
    return [tag for tag in usable if tag.name.casefold() in (*_TAGS, category.casefold())][:_MOST_TAGS]


def channel_notes(channel: Postable) -> list[str]:
    """Say what else is good to know of a channel: who gets its messages too, and what I could not see there."""
    sentences = []
    if isinstance(channel, discord.TextChannel) and channel.is_news():
        sentences.append("Followers of the channel get it too; Discord allows about 10 an hour.")
    if missing_permissions(channel, channel.guild.me, ("read_message_history",)):
        sentences.append(
            "Without Read Message History there I can't see, after an interruption, if a brief was posted; I'd ask you."
        )
    return sentences


def is_public(channel: Writable) -> bool:
    """Whether everybody on the server can read a channel."""
    if isinstance(channel, discord.Thread) and channel.is_private():
        return False
    return channel.permissions_for(channel.guild.default_role).view_channel
