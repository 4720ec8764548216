"""Whether a brief can be posted in a channel, and a role mentioned there: said when it is set, not when it fails."""

import discord

from bot.discord import permissions
from core.errors import UsageError

POSTS = ("view_channel", "send_messages", "embed_links", "attach_files")
"""What a brief with its chart needs."""
_MENTION_ALL = "Mention @everyone, @here, and All Roles"


def check(guild: discord.Guild, channel_id: int) -> discord.TextChannel:
    """Return a channel in which briefs can be posted; raises UsageError that names what is missing there."""
    channel = guild.get_channel(channel_id)
    if not isinstance(channel, discord.TextChannel):
        raise UsageError(f"Channel {channel_id} is gone from this server, or takes no messages; choose another.")
    lacking = permissions.missing(channel, guild.me, POSTS)
    if lacking:
        raise UsageError(
            f"I can't post in #{channel.name}: I need {permissions.named(lacking)} there; grant it under"
            " Channel settings › Permissions, then try again."
        )
    return channel


def check_role(channel: discord.TextChannel, role: discord.Role) -> None:
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


def notes(channel: discord.TextChannel) -> list[str]:
    """Say what else is good to know of a channel: who gets its messages too, and what I could not see there."""
    said = []
    if channel.is_news():
        said.append("Followers of the channel get it too; Discord allows about 10 an hour.")
    if permissions.missing(channel, channel.guild.me, ("read_message_history",)):
        said.append(
            "Without Read Message History there I can't see, after an interruption, if a brief was posted; I'd ask you."
        )
    return said


def is_public(channel: discord.TextChannel) -> bool:
    """Whether everybody on the server can read a channel."""
    return channel.permissions_for(channel.guild.default_role).view_channel
