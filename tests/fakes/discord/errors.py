"""Discord's refusals: a status and a JSON body with a code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

KNOWN: Mapping[int, tuple[int, str]] = {
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10008: (404, "Unknown Message"),
    10013: (404, "Unknown User"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    40033: (400, "This message has already been crossposted"),
    40060: (400, "Interaction has already been acknowledged."),
    40067: (400, "A tag is required to create a forum post in this channel"),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50013: (403, "Missing Permissions"),
    50024: (400, "Cannot execute action on this channel type"),
    50035: (400, "Invalid Form Body"),
    50083: (400, "Thread is archived"),
    160002: (400, "Cannot reply without permission to read message history"),
}
"""The refusals by Discord's code: status and message."""


class RefusedError(Exception):
    """A request that Discord refuses."""

    def __init__(self, code: int) -> None:
        self.code = code
        self.status, self.message = KNOWN[code]
        self.body: dict[str, Any] = {"message": self.message, "code": code}
        super().__init__(f"{self.status} {code}: {self.message}")
