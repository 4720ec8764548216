"""Discord's refusals: a status and a JSON body with a code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

KNOWN: Mapping[int, tuple[int, str]] = {
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10013: (404, "Unknown User"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    30015: (400, "Maximum number of attachments in a message reached (10)"),
    40005: (413, "Request entity too large"),
    40033: (400, "This message has already been crossposted"),
    40060: (400, "Interaction has already been acknowledged."),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50013: (403, "Missing Permissions"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50035: (400, "Invalid Form Body"),
    50109: (400, "The request body contains invalid JSON."),
    160002: (400, "Cannot reply without permission to read message history"),
    160004: (400, "A thread has already been created for this message"),
}
"""The refusals by Discord's code: status and message."""


class RefusedError(Exception):
    """A request that Discord refuses."""

    def __init__(self, code: int, errors: Mapping[str, Any] | None = None) -> None:
        self.code = code
        self.status, self.message = KNOWN[code]
        self.body: dict[str, Any] = {"message": self.message, "code": code}
        if errors:
            self.body["errors"] = errors
        super().__init__(f"{self.status} {code}: {self.message} {errors or ''}".strip())


class Form:
    """Collects what is wrong with a request's body, each complaint at its place, as Discord reports it."""

    def __init__(self, *where: str) -> None:
        self._where = where
        self._errors: dict[str, Any] = {}

    def complain(self, code: str, message: str, *place: str | int) -> None:
        """Note one complaint about the field at a place."""
        node = self._errors
        for step in (*self._where, *map(str, place)):
            node = node.setdefault(step, {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def text(self, value: Any, longest: int, *place: str | int, shortest: int = 0) -> None:
        """Check the length of a text; `shortest` above 0 makes it required."""
        text = "" if value is None else str(value)
        if shortest and not text.strip():
            self.complain("BASE_TYPE_REQUIRED", "This field is required", *place)
        elif shortest > 1 and not shortest <= len(text) <= longest:
            self.complain("BASE_TYPE_BAD_LENGTH", f"Must be between {shortest} and {longest} in length.", *place)
        elif len(text) > longest:
            self.complain("BASE_TYPE_MAX_LENGTH", f"Must be {longest} or fewer in length.", *place)

    def count(self, things: Any, most: int, *place: str | int, least: int = 0) -> None:
        """Check how many things a list holds."""
        if len(things) > most or len(things) < least:
            wanted = f"between {least} and {most}" if least else f"{most} or fewer"
            code = "BASE_TYPE_BAD_LENGTH" if least else "BASE_TYPE_MAX_LENGTH"
            self.complain(code, f"Must be {wanted} in length.", *place)

    def done(self) -> None:
        """Refuse the body if anything was wrong.

        Raises:
            RefusedError: 50035 with all complaints.
        """
        if self._errors:
            raise RefusedError(50035, self._errors)
