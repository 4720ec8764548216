"""The short form of a brief, where a message is one among many: its title, one figure with its range, and its link.

How many letters a service takes, and whether it shows a title apart, apprise knows; how a service counts them is here.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

from bot.newsroom.formats import Around
from core.brief import Brief
from core.errors import UsageError
from core.text.sentences import sentences
from core.words import day, one_line, quote, shorten

SHORT, LONG = "short", "long"
_ASKED = re.compile(r"[?&]form=([^&#,]*)", re.IGNORECASE)
_CHATS = frozenset({
    "Cisco Webex Teams", "DingTalk", "Feishu", "Google Chat", "Kook", "Lark (Feishu)", "Line", "Matrix", "Mattermost",
    "Nextcloud Talk", "Nostr", "OneBot", "Signal API", "Slack", "Synology Chat", "Telegram", "Twitter", "Viber", "XMPP",
    "Zoho Cliq", "Zulip",
})  # fmt: skip
"""The services where people talk that have room for a whole brief, and whose readers don't expect one."""
_RANGE = re.compile(r"\blikely (?:between )?\d[\w .]{0,20}? (?:to|and) \d")
_LINK = re.compile(r"https?://\S+")
_LINK_OR_AT = re.compile(rf"({_LINK.pattern})|@")
_LINKS_ARE_23 = ("Mastodon", "Twitter")
_MARKS_ARE_NONE = ("Mastodon", "BlueSky")
_ALT_IS_THE_NAME = ("Mastodon", "BlueSky")
"""Where apprise gives a picture's name as its alt text."""
_LEAST_TITLE, _LONGEST_ALT = 20, 1000


@dataclass(frozen=True)
class Message:
    """A text as a service is given it, and how many letters that is there; without a title where it begins the body."""

    title: str
    body: str
    letters: int


def read_form(address: str) -> str:
    """Return the form that an address asks for, "" where it asks for none; raises UsageError for what is none."""
    asked = _ASKED.search(address)
    if asked and asked[1].lower() not in (SHORT, LONG):
        raise UsageError(f"There is no form {quote(asked[1])} of a brief; write form=short or form=long.")
    return asked[1].lower() if asked else ""


def is_short(service: Any, form: str, text: str) -> bool:
    """Whether a service gets the short form of a brief, which is `text` in its long one."""
    fits = count_letters(service, text) <= service.body_maxlen or service.overflow_mode != "upstream"
    return form == SHORT or not fits or (form != LONG and _name(service) in _CHATS)


def write_short_form(service: Any, brief: Brief, around: Around, before: str = "") -> Message:
    """Write a brief for a service in its short form; `before` stands before the title."""
    figure = next((part for bullet in brief.bullets for part in sentences(bullet.text) if _RANGE.search(part)), "")
    dated = figure and f"{figure} Data to {day(brief.as_of)}."
    return fit(service, f"{before}{brief.title}", *(join_parts(part, around.page) for part in (dated, figure, "")))


def fit(service: Any, title: str, *bodies: str) -> Message:
    """Return a title with the first of some bodies that a service has room for; else a title that is cut."""
    title, texts = _unaddressed(one_line(title)), [_unaddressed(body) for body in bodies]
    apart = shorten(title, service.title_maxlen) if service.title_maxlen > 0 else ""
    for heading, body in _tries(title, texts):
        text = body if apart else join_parts(heading, body)
        letters = count_letters(service, text)
        if letters <= service.body_maxlen:
            break
    return Message(apart, text, letters)


def _unaddressed(text: str) -> str:
    """Return a text in which a name of the data calls nobody who has that name."""
    return _LINK_OR_AT.sub(lambda match: match[1] or "\N{FULLWIDTH COMMERCIAL AT}", text)


def _tries(title: str, bodies: list[str]) -> Iterator[tuple[str, str]]:
    yield from ((title, body) for body in bodies)
    yield from ((shorten(title, most), bodies[-1]) for most in range(len(title), _LEAST_TITLE, -1))
    yield from ((shorten(title, most), "") for most in range(len(title), 0, -1))


def join_parts(*parts: str) -> str:
    """Return the parts of a text with a line between them, without those that are empty."""
    return "\n\n".join(part for part in parts if part)


def count_letters(service: Any, text: str) -> int:
    """Count the letters of a text as a service does."""
    name = _name(service)
    text = _LINK.sub("x" * 23, text) if name in _LINKS_ARE_23 else text
    if name in _MARKS_ARE_NONE:
        return sum(unicodedata.category(letter) not in ("Mn", "Me") for letter in text)
    if name == "Telegram":
        return len(text.encode("utf-16-le")) // 2
    return len(text) + (sum(letter > "\u10ff" for letter in text) if name == "Twitter" else 0)


def takes_picture(service: Any) -> bool:
    """Return whether a service takes a picture beside a text; Slack does from a bot alone."""
    return bool(service.attachment_support) and (_name(service) != "Slack" or str(service.mode) == "bot")


def format_text(service: Any, text: str) -> tuple[str, str]:
    """Return a text, and the format in which apprise leaves its empty lines: Telegram's get lost in plain text."""
    return (escape(text, quote=False), "html") if _name(service) == "Telegram" else (text, "text")


def name_picture(service: Any, alt: str) -> str:
    """Return the name of a picture for a service: its alt text, where apprise makes that of the name."""
    return shorten(one_line(alt), _LONGEST_ALT) if alt and _name(service) in _ALT_IS_THE_NAME else "chart.png"


def _name(service: Any) -> str:
    return str(service.service_name)
