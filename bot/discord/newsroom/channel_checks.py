"""Whether a brief can be posted in a channel, and a role mentioned there: said when it is set, not when it fails."""

from typing import Any

import discord

from bot.discord import forum_posts, permissions
from core.errors import UsageError

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


async def check(guild: discord.Guild, channel_id: int, kinds: Any = Postable) -> Postable:
    """Return a channel in which briefs can be posted; raises UsageError that names what is missing there."""
    channel = await _find(guild, channel_id)
    if not isinstance(channel, kinds):
        raise UsageError(f"Channel {channel_id} is gone from this server, or takes no messages; choose another.")
    postable: Postable = channel
    needed = (*POSTS, "send_messages_in_threads") if isinstance(postable, discord.ForumChannel) else POSTS
    lacking = permissions.missing(postable, guild.me, needed)
    if lacking:
        raise UsageError(
            f"I can't post in #{postable.name}: I need {permissions.named(lacking)} there; grant it under"
            " Channel settings › Permissions, then try again."
        )
    if isinstance(postable, discord.Thread) and postable.locked:
        raise UsageError(f"#{postable.name} is locked; unlock it, or choose another.")
    if isinstance(postable, discord.ForumChannel) and postable.flags.require_tag:
        if not forum_posts.choose_tags(postable, _RESEARCH):
            raise UsageError(f"I can't post in #{postable.name}: {forum_posts.NO_TAG}; add one, then try again.")
    return postable


async def _find(guild: discord.Guild, channel_id: int) -> object:
    """Return a channel or thread of the server, an archived one too; None where it has none of this number."""
    try:
        return guild.get_channel_or_thread(channel_id) or await guild.fetch_channel(channel_id)
    except (discord.NotFound, discord.Forbidden, discord.InvalidData):
        return None


def check_role(channel: Postable, role: discord.Role) -> None:
    """Raise UsageError for a role that can't be mentioned in a channel; what Discord sent of it need not be so."""
    role = known_role(channel.guild, role.id)
    if role.is_default():
        raise UsageError("I never mention everyone; choose a role that people can join or leave.")
    if not role.mentionable and not channel.permissions_for(channel.guild.me).mention_everyone:
        raise UsageError(
            f"I can't mention {role.name} in #{channel.name}: allow anyone to mention it under Server settings › Roles,"
            f" or grant me {_MENTION_ALL} there."
        )


def known_role(guild: discord.Guild, role_id: int) -> discord.Role:
    """Return a role of the server; raises UsageError for any other, as another server's."""
    role = guild.get_role(role_id)
    if role is None:
        raise UsageError(f"Role {role_id} is not on this server; choose another.")
    return role


def notes(channel: Postable) -> list[str]:
    """Say what else is good to know of a channel: who gets its messages too, and what I could not see there."""
    said = []
    if isinstance(channel, discord.TextChannel) and channel.is_news():
        said.append("Followers of the channel get it too; Discord allows about 10 an hour.")
    if permissions.missing(channel, channel.guild.me, ("read_message_history",)):
        said.append(
            "Without Read Message History there I can't see, after an interruption, if a brief was posted; I'd ask you."
        )
    return said


def is_public(channel: Writable) -> bool:
    """Whether everybody on the server can read a channel."""
    if isinstance(channel, discord.Thread) and channel.is_private():
        return False
    return channel.permissions_for(channel.guild.default_role).view_channel
