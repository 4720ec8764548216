"""A question in a button's custom_id: how a button still knows, after a restart, what it stands under.

Each set field is two letters of its name and its value: a day as a number in base 36, a name that is short as it
is, any other name as a token of eight letters, which `Tokens` finds again. So a question's length has a bound that
no name can break, and a button of last year finds its field though others were added since.
"""

import re
import struct
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from hashlib import sha256
from typing import Any

from bot.discord.limits import CUSTOM_ID
from core.errors import UsageError
from core.questions import QUESTIONS, Question, current
from core.questions.question import hints_of

PREFIX = 20
"""Letters that a button keeps for what it does and whose it is."""
_BETWEEN, _TOKEN = "~", "#"
_PLAIN = re.compile(r"[A-Za-z0-9.:@+ -]{1,24}")
_SHORT = 9
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_OF_BEFORE = "This button is from an earlier version of me, or of my data. Please ask again."


class Tokens:
    """All names that a question can hold, by their tokens."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._known = {make_token(name): name for name in known}

    def __contains__(self, name: str) -> bool:
        return make_token(name) in self._known

    def name(self, of: str) -> str:
        """Return the name of a token; raises KeyError for one that is not known."""
        return self._known[of]


def make_token(name: str) -> str:
    """Return eight letters that stand for a name."""
    return urlsafe_b64encode(sha256(name.encode()).digest()[:6]).decode()


def pack(question: Question, known: Tokens) -> str | None:
    """Write a question's name and set fields; None where a field holds what is no name, such as a made-up model."""
    written = [question.name]
    for each in fields(question):
        value = getattr(question, each.name)
        if value is None or value == each.default:
            continue
        text = _write_value(value, known)
        if text is None:
            return None
        written.append(each.name[:2] + text)
    packed = _BETWEEN.join(written)
    return packed if len(packed) <= CUSTOM_ID - PREFIX else None


def unpack(packed: str, known: Tokens) -> Question:
    """Read what `pack` wrote; raises UsageError for a button of another version."""
    name, *written = packed.split(_BETWEEN)
    try:
        kind = QUESTIONS[current(name)]
        hints, values = hints_of(kind), {}
        named = {each.name[:2]: each.name for each in fields(kind)}
        for part in written:
            field = named[part[:2]]
            values[field] = _read_value(part[2:], str(hints[field]), known)
        return kind(**values)
    except (KeyError, ValueError, TypeError, OverflowError) as error:
        raise UsageError(_OF_BEFORE) from error


def number36(number: int) -> str:
    """Write a number from 0 on in base 36; `int(text, 36)` reads it."""
    written = ""
    while number or not written:
        number, digit = divmod(number, 36)
        written = _DIGITS[digit] + written
    return written


def _write_value(value: Any, known: Tokens) -> str | None:
    if isinstance(value, date):
        return number36(value.toordinal())
    if isinstance(value, float):
        return number36(int.from_bytes(struct.pack(">d", value), "big"))
    if value in known and len(value) > _SHORT:
        return _TOKEN + make_token(value)
    return str(value) if _PLAIN.fullmatch(value) else None


def _read_value(text: str, hint: str, known: Tokens) -> Any:
    if "date" in hint:
        return date.fromordinal(int(text, 36))
    if "float" in hint:
        return struct.unpack(">d", int(text, 36).to_bytes(8, "big"))[0]
    return known.name(text[1:]) if text.startswith(_TOKEN) else text
