"""Discord's limits, and texts fitted into them: outside text never acts as markup, link or mention."""

import re
import textwrap

from discord.utils import escape_mentions

TITLE, DESCRIPTION, FIELD_NAME, FIELD_VALUE = 256, 4096, 256, 1024
EMBED_TOTAL, EMBED_FIELDS = 6000, 25
CUSTOM_ID, LABEL, CHOICES, CHOICE_NAME, ALT = 100, 80, 25, 100, 1024
BUTTONS = 25

_MARK = re.compile(r"[\\*_~|`<\[]|(?<=:)//")
"""Characters that begin markup, a link or a mention anywhere in a line."""
_BEGIN = re.compile(r"^\s*(?=[>#-])")
"""The place before a quotation, heading or list mark."""
_LINK = re.compile(r"(https://[\w./?=&%#~+:-]*[\w/])")
_BEFORE_PERCENT = re.compile(r"(?<=\d) (?=%)")
_FENCE = re.compile("`(?=``)")


def fit(text: str, most: int) -> str:
    """Cut a text at a word to at most so many characters, with "…" if cut."""
    if len(text) <= most:
        return text
    start = text[: most - 1]
    return (start.rsplit(" ", 1)[0] if " " in start else start).rstrip(",;:· ") + "…"


def clean(text: str) -> str:
    """Remove characters that are invisible, change direction or break the line."""
    return "".join(letter if letter.isprintable() else " " if letter.isspace() else "" for letter in text)


def clean_lines(text: str) -> str:
    """Clean each line of a text."""
    return "\n".join(map(clean, text.split("\n")))


def escape(text: str) -> str:
    """Escape outside text, with "%" kept beside its figure; the result is at most twice as long."""
    marked = _MARK.sub(r"\\\g<0>", _BEFORE_PERCENT.sub("\N{NO-BREAK SPACE}", clean(text)))
    return escape_mentions(_BEGIN.sub(r"\g<0>\\", marked))


def shorten(text: str, most: int) -> str:
    """Escape outside text, cut to at most so many characters."""
    escaped = escape(text)
    return escaped if len(escaped) <= most else escape(fit(text, most // 2))


def keep_links(text: str, typed: str = "") -> str:
    """Escape our own text except for its links; links in `typed`, a person's input, are escaped too."""
    return "".join(
        part if number % 2 and part not in typed else escape(part) for number, part in enumerate(_LINK.split(text))
    )


def split(text: str, most: int, typed: str = "") -> list[str]:
    """Escape our own text, split into parts of at most so many characters."""
    escaped = keep_links(text, typed)
    if len(escaped) <= most:
        return [escaped]
    return [keep_links(part, typed) for part in textwrap.wrap(text, most // 2)]


def escape_code(text: str) -> str:
    """Escape an outside line for a code block, which it must not end."""
    return _FENCE.sub("'", clean(text))
