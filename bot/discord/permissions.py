"""What gapbrief may do in a channel, and what it needs there."""

from collections.abc import Sequence

import discord

from core.words import and_list

ANSWERS = ("view_channel", "send_messages", "embed_links", "read_message_history")
"""What an answer to a message needs. A command's answer needs none: Discord lets it through anyway."""
NEEDED = (*ANSWERS, "send_messages_in_threads", "attach_files")
"""What the invitation asks for: answers in threads, and pictures, too."""

_GO_WITH_WRITING = ("embed_links", "attach_files")

ChannelOrThread = discord.abc.GuildChannel | discord.Thread


def missing(channel: ChannelOrThread, me: discord.Member, needed: Sequence[str]) -> list[str]:
    """Return which of the permissions are missing in a channel, without those that go with one that is named."""
    has = channel.permissions_for(me)
    write = "send_messages_in_threads" if isinstance(channel, discord.Thread) else "send_messages"
    if "view_channel" in needed and not has.view_channel:
        return ["view_channel"]
    lacking = [
        each for each in (write if each == "send_messages" else each for each in needed) if not getattr(has, each)
    ]
    return [each for each in lacking if each not in _GO_WITH_WRITING] if write in lacking else lacking


def named(names: list[str]) -> str:
    """Write permissions as Discord's settings name them: "Send Messages and Embed Links"."""
    return and_list([name.replace("_", " ").title() for name in names], most=len(names))


def sentence(channel: str, names: list[str]) -> str:
    """Say what is missing in a channel of a name, and who can grant it."""
    return (
        f"I can't answer in #{channel}: I need {named(names)} there."
        " A moderator can grant it under Channel settings › Permissions."
    )
