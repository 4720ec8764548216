"""What a conversation and a budget belong to; apart from the tables, which take longer to load than an answer."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ConversationKey:
    """A conversation, and the person and the Discord server that it is with, where there are such.

    `conversation` is one text for a thread, or for a person in a channel; `user` and `guild` are ids, as texts.
    """

    conversation: str
    user: str | None = None
    guild: str | None = None
