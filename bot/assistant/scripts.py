"""Texts in a script that is not read: each gets one sentence in its own language, from `words/scripts.txt`."""

import re

from bot.assistant import patterns

_LEAST, _SHARE = 2, 0.2
"""A text is in scripts that are not read if so many letters are, and this share of all its letters."""


def unread_script_sentence(text: str) -> str | None:
    """Return what is said, in its language, to a cleaned text whose script is not read; None for another text."""
    scripts = [line.split(" ", 1) for line in patterns.lines("scripts.txt")]
    unread = re.findall(f"[{''.join(letters for letters, _ in scripts)}]", text)
    if len(unread) < max(_LEAST, _SHARE * sum(map(str.isalpha, text))):
        return None
    return next(sentence for letters, sentence in scripts if re.search(f"[{letters}]", text))
