"""Channels: where gapbrief may answer, which permissions it needs, and where briefs can be posted."""

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


# ---- permissions


ANSWERS = ("view_channel", "send_messages", "embed_links", "read_message_history")
"""Permissions to answer a message. A command's answer needs none."""
NEEDED = (*ANSWERS, "send_messages_in_threads", "attach_files")
"""Permissions in the invitation: also for threads and pictures."""

_GO_WITH_WRITING = ("embed_links", "attach_files")

ChannelOrThread = discord.abc.GuildChannel | discord.Thread


def missing_permissions(channel: ChannelOrThread, me: discord.Member, required: Sequence[str]) -> list[str]:
    """Return the permissions missing in a channel, without those implied by another missing one."""
    permissions = channel.permissions_for(me)
    write = "send_messages_in_threads" if isinstance(channel, discord.Thread) else "send_messages"
    if "view_channel" in required and not permissions.view_channel:
        return ["view_channel"]
    names = [write if name == "send_messages" else name for name in required]
    missing = [name for name in names if not getattr(permissions, name)]
    return [name for name in missing if name not in _GO_WITH_WRITING] if write in missing else missing


def name_permissions(names: list[str]) -> str:
    """Name permissions as Discord's settings do: "Send Messages and Embed Links"."""
    return and_list([name.replace("_", " ").title() for name in names], most=len(names))


def say_missing(channel: str, names: list[str]) -> str:
    """Return the sentence about missing permissions, and who can grant them."""
    return (
        f"I can't answer in #{channel}: I need {name_permissions(names)} there."
        " A moderator can grant it under Channel settings › Permissions."
    )


# ---- allowed channels


_REMEMBERED_SECONDS = 60.0


class Channels:
    """Each server's allowed channels, cached; refreshed in the background after a minute."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._allowed: dict[int, tuple[float, frozenset[int]]] = {}
        self._reading: dict[int, asyncio.Task[frozenset[int]]] = {}

    async def allowed(self, guild_id: int) -> frozenset[int]:
        """Return a server's allowed channels; none means all."""
        read_at, allowed = self._allowed.get(guild_id, (-_REMEMBERED_SECONDS, None))
        if time.monotonic() - read_at >= _REMEMBERED_SECONDS and guild_id not in self._reading:
            self._reading[guild_id] = task = asyncio.create_task(self._read(guild_id))
            task.add_done_callback(_log_failure)
        return await asyncio.shield(self._reading[guild_id]) if allowed is None else allowed

    async def _read(self, guild_id: int) -> frozenset[int]:
        try:
            allowed = await asyncio.to_thread(guilds.allowed_channels, self.state, guild_id)
            if self._is_mine(guild_id):  # else the setting changed meanwhile
                self._allowed[guild_id] = (time.monotonic(), allowed)
            return allowed
        finally:
            if self._is_mine(guild_id):
                del self._reading[guild_id]

    def _is_mine(self, guild_id: int) -> bool:
        return self._reading.get(guild_id) is asyncio.current_task()

    def invalidate(self, guild_id: int) -> None:
        """Drop a server from the cache."""
        self._allowed.pop(guild_id, None)
        self._reading.pop(guild_id, None)

    async def check(self, guild_id: int | None, channel: object) -> None:
        """Raise ElsewhereError in a channel that its server does not allow; a thread counts as its channel."""
        allowed = frozenset() if guild_id is None else await self.allowed(guild_id)
        if not allowed:
            return
        channel_ids = {getattr(channel, "id", None)}
        if isinstance(channel, discord.Thread):
            channel_ids.add(channel.parent_id)
        if not channel_ids & allowed:
            raise ElsewhereError(allowed)

    async def forget(self, guild_id: int) -> None:
        """Delete all settings of a server."""
        await asyncio.to_thread(guilds.forget, self.state, guild_id)
        self.invalidate(guild_id)


def _log_failure(reading: "asyncio.Task[frozenset[int]]") -> None:
    """Log a failed read, which may have had no waiter."""
    if not reading.cancelled() and reading.exception() is not None:
        log.warning("what channels a server allows could not be read", reason=str(reading.exception()))


class ElsewhereError(UsageError):
    """A question in a channel that its server does not allow; `channels` are the allowed ones."""

    def __init__(self, channels: Collection[int]) -> None:
        super().__init__("On this server I only answer in other channels; ask me there, or in a direct message:")
        self.channels = sorted(channels)


# ---- places for briefs


POSTS = ("view_channel", "send_messages", "embed_links", "attach_files")
"""Permissions to post a brief with its chart."""
_MENTION_ALL = "Mention @everyone, @here, and All Roles"


Writable = discord.TextChannel | discord.Thread
"""Places for drafts and briefs."""
Postable = Writable | discord.ForumChannel
"""Places for briefs; in a forum each brief is a post."""
WRITABLE = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.public_thread,
    discord.ChannelType.private_thread,
    discord.ChannelType.news_thread,
]
POSTABLE = [*WRITABLE, discord.ChannelType.forum, discord.ChannelType.media]
_RESEARCH = "Research"
"""The category of briefs that are not about an article."""
_MOST_TAGS = 5
_TAGS = ("brief", "briefs", "gapbrief")
NO_TAG = "the forum requires a tag, and has none called Brief, Research or gapbrief that I may use"


async def check_postable(guild: discord.Guild, channel_id: int, kinds: Any = Postable) -> Postable:
    """Return a channel if briefs can be posted there; raises UsageError that names what is missing."""
    channel = await _find_channel(guild, channel_id)
    if not isinstance(channel, kinds):
        raise UsageError(f"Channel {channel_id} is gone from this server, or takes no messages; choose another.")
    postable: Postable = channel
    required = (*POSTS, "send_messages_in_threads") if isinstance(postable, discord.ForumChannel) else POSTS
    missing = missing_permissions(postable, guild.me, required)
    if missing:
        raise UsageError(
            f"I can't post in #{postable.name}: I need {name_permissions(missing)} there; grant it under"
            " Channel settings › Permissions, then try again."
        )
    if isinstance(postable, discord.Thread) and postable.locked:
        raise UsageError(f"#{postable.name} is locked; unlock it, or choose another.")
    if isinstance(postable, discord.ForumChannel) and postable.flags.require_tag:
        if not choose_tags(postable, _RESEARCH):
            raise UsageError(f"I can't post in #{postable.name}: {NO_TAG}; add one, then try again.")
    return postable


async def _find_channel(guild: discord.Guild, channel_id: int) -> object:
    """Return the server's channel or thread, even if archived, or None."""
    try:
        return guild.get_channel_or_thread(channel_id) or await guild.fetch_channel(channel_id)
    except (discord.NotFound, discord.Forbidden, discord.InvalidData):
        return None


def check_role(channel: Postable, role: discord.Role) -> None:
    """Raise UsageError for a role that can't be mentioned in a channel; its payload is not trusted."""
    role = find_role(channel.guild, role.id)
    if role.is_default():
        raise UsageError("I never mention everyone; choose a role that people can join or leave.")
    if not role.mentionable and not channel.permissions_for(channel.guild.me).mention_everyone:
        raise UsageError(
            f"I can't mention {role.name} in #{channel.name}: allow anyone to mention it under Server settings › Roles,"
            f" or grant me {_MENTION_ALL} there."
        )


def find_role(guild: discord.Guild, role_id: int) -> discord.Role:
    """Return a role of the server; raises UsageError for any other."""
    role = guild.get_role(role_id)
    if role is None:
        raise UsageError(f"Role {role_id} is not on this server; choose another.")
    return role


def choose_tags(forum: discord.ForumChannel, category: str) -> list[discord.ForumTag]:
    """Return a forum's tags for a brief of a category, without tags for moderators only."""
    tags = [tag for tag in forum.available_tags if not tag.moderated]
    return [tag for tag in tags if tag.name.casefold() in (*_TAGS, category.casefold())][:_MOST_TAGS]


def channel_notes(channel: Postable) -> list[str]:
    """Return notes on a channel: followers who get its messages, and a missing read permission."""
    sentences = []
    if isinstance(channel, discord.TextChannel) and channel.is_news():
        sentences.append("Followers of the channel get it too; Discord allows about 10 an hour.")
    if missing_permissions(channel, channel.guild.me, ("read_message_history",)):
        sentences.append(
            "Without Read Message History there I can't see, after an interruption, if a brief was posted; I'd ask you."
        )
    return sentences


def is_public(channel: Writable) -> bool:
    """Whether everyone on the server can read a channel."""
    if isinstance(channel, discord.Thread) and channel.is_private():
        return False
    return channel.permissions_for(channel.guild.default_role).view_channel
