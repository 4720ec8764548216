"""A question in a button's custom_id, so that the button works after a restart.

Each set field is the first two letters of its name and its value: a day in base 36, a short name as it is, any other
name as a token of eight letters, which `Tokens` resolves. So the length is bounded whatever the names, and an old
button still finds its fields after others were added.
"""

import re
import struct
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from hashlib import sha256
from typing import Any

import numpy as np

from bot.discord.limits import CUSTOM_ID
from core.errors import UsageError
from core.questions import QUESTIONS, Question, current
from core.questions.question import hints_of

PREFIX = 20
"""Characters reserved for a button's action and owner."""
_SEPARATOR, _TOKEN = "~", "#"
_PLAIN = re.compile(r"[A-Za-z0-9.:@+ -]{1,24}")
_SHORT = 9
_OF_BEFORE = "This button is from an earlier version of me, or of my data. Please ask again."


class Tokens:
    """All names that a question can hold, by token."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = {make_token(name): name for name in names}

    def __contains__(self, name: str) -> bool:
        return make_token(name) in self._names

    def name(self, token: str) -> str:
        """Return a token's name; raises KeyError for an unknown one."""
        return self._names[token]


def make_token(name: str) -> str:
    """Return a name's token of eight letters."""
    return urlsafe_b64encode(sha256(name.encode()).digest()[:6]).decode()


def pack(question: Question, tokens: Tokens) -> str | None:
    """Write a question's name and set fields; None if a value is no known name, such as a made-up model."""
    parts = [question.name]
    for field in fields(question):
        value = getattr(question, field.name)
        if value is None or value == field.default:
            continue
        text = _write_value(value, tokens)
        if text is None:
            return None
        parts.append(field.name[:2] + text)
    packed = _SEPARATOR.join(parts)
    return packed if len(packed) <= CUSTOM_ID - PREFIX else None


def unpack(packed: str, tokens: Tokens) -> Question:
    """Parse what `pack` wrote; raises UsageError for a button of another version."""
    name, *parts = packed.split(_SEPARATOR)
    try:
        kind = QUESTIONS[current(name)]
        hints, values = hints_of(kind), {}
        field_names = {field.name[:2]: field.name for field in fields(kind)}
        for part in parts:
            field_name = field_names[part[:2]]
            values[field_name] = _read_value(part[2:], str(hints[field_name]), tokens)
        return kind(**values)
    except (KeyError, ValueError, TypeError, OverflowError) as error:
        raise UsageError(_OF_BEFORE) from error


def number36(number: int) -> str:
    """Write a non-negative number in base 36; `int(text, 36)` parses it."""
    return np.base_repr(number, 36).lower()


def _write_value(value: Any, tokens: Tokens) -> str | None:
    if isinstance(value, date):
        return number36(value.toordinal())
    if isinstance(value, float):
        return number36(int.from_bytes(struct.pack(">d", value), "big"))
    if value in tokens and len(value) > _SHORT:
        return _TOKEN + make_token(value)
    return str(value) if _PLAIN.fullmatch(value) else None


def _read_value(text: str, hint: str, tokens: Tokens) -> Any:
    if "date" in hint:
        return date.fromordinal(int(text, 36))
    if "float" in hint:
        return struct.unpack(">d", int(text, 36).to_bytes(8, "big"))[0]
    return tokens.name(text[1:]) if text.startswith(_TOKEN) else text
