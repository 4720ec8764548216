"""Whose conversation and budget it is; kept apart from the tables, which take longer to load than an answer."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ConversationKey:
    """A conversation, with its Discord user and server if there are any.

    `conversation` identifies a thread, or a person in a channel; `user` and `guild` are ids, as strings.
    """

    conversation: str
    user: str | None = None
    guild: str | None = None
