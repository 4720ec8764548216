"""Discord's limits, and texts fitted into them: nothing of a text from outside is taken for markup, link or mention."""

import re
import textwrap

from discord.utils import escape_mentions

TITLE, DESCRIPTION, FIELD_NAME, FIELD_VALUE, FOOTER = 256, 4096, 256, 1024, 2048
EMBED_TOTAL, EMBED_FIELDS = 6000, 25
CUSTOM_ID, LABEL, CHOICES, CHOICE_NAME, ALT = 100, 80, 25, 100, 1024
BUTTONS = 25

_MARK = re.compile(r"[\\*_~|`<\[]|(?<=:)//")
"""What Discord would read as markup, the beginning of a link or of a mention, wherever it stands."""
_BEGIN = re.compile(r"^\s*(?=[>#-])")
"""What stands before a quotation, a heading or a list."""
_LINK = re.compile(r"(https://[\w./?=&%#~+:-]*[\w/])")
_BEFORE_PERCENT = re.compile(r"(?<=\d) (?=%)")
_FENCE = re.compile("`(?=``)")


def fit(text: str, most: int) -> str:
    """Return a text of at most so many letters, cut at a word and marked with "…" where it is longer."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    return (kept.rsplit(" ", 1)[0] if " " in kept else kept).rstrip(",;:· ") + "…"


def clean(text: str) -> str:
    """Return a text without letters that hide, turn or break a line."""
    return "".join(letter if letter.isprintable() else " " if letter.isspace() else "" for letter in text)


def clean_lines(text: str) -> str:
    """Return lines without letters that hide or turn them."""
    return "\n".join(map(clean, text.split("\n")))


def escape(text: str) -> str:
    """Return a text from outside such that Discord shows it as it is, "%" beside its figure; at most twice as long."""
    marked = _MARK.sub(r"\\\g<0>", _BEFORE_PERCENT.sub("\N{NO-BREAK SPACE}", clean(text)))
    return escape_mentions(_BEGIN.sub(r"\g<0>\\", marked))


def shorten(text: str, most: int) -> str:
    """Return a text from outside, escaped, in at most so many letters: a longer one ends in "…"."""
    shown = escape(text)
    return shown if len(shown) <= most else escape(fit(text, most // 2))


def keep_links(text: str, typed: str = "") -> str:
    """Return one of our own texts, escaped but for its links; `typed` is what a person gave, whose links are none."""
    return "".join(
        part if number % 2 and part not in typed else escape(part) for number, part in enumerate(_LINK.split(text))
    )


def split(text: str, most: int, typed: str = "") -> list[str]:
    """Return one of our own texts, escaped and whole, in parts of at most so many letters."""
    shown = keep_links(text, typed)
    if len(shown) <= most:
        return [shown]
    return [keep_links(part, typed) for part in textwrap.wrap(text, most // 2)]


def escape_code(text: str) -> str:
    """Return one line from outside for a block of code: nothing in it can end the block."""
    return _FENCE.sub("'", clean(text))
