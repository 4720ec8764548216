"""The key of a conversation in Discord."""

from typing import Any

import discord

from bot.state.conversation_key import ConversationKey


def conversation_key(channel: Any, user: int, guild: int | None, *, private: bool = False) -> ConversationKey:
    """Return the key of a person's words: a thread's own, else that of the person in the channel.

    What is asked in private stays the person's own in a thread too.
    """
    is_shared = isinstance(channel, discord.Thread) and not private
    number = getattr(channel, "id", 0)
    conversation = f"thread:{number}" if is_shared else f"channel:{number}:{user}"
    return ConversationKey(conversation, str(user), None if guild is None else str(guild))
