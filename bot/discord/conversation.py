"""Where somebody talks with us in Discord: what a conversation, and a budget, belong to."""

from typing import Any

import discord

from bot.assistant.place import Place


def place_of(channel: Any, user: int, guild: int | None, *, private: bool = False) -> Place:
    """Return the place of a person's words: a thread's own, else that of the person in the channel.

    What is asked in private stays the person's own in a thread too.
    """
    is_shared = isinstance(channel, discord.Thread) and not private
    number = getattr(channel, "id", 0)
    conversation = f"thread:{number}" if is_shared else f"channel:{number}:{user}"
    return Place(conversation, str(user), None if guild is None else str(guild))
