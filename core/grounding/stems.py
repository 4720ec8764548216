"""Words by their beginnings, so that two texts say the same in other forms of a word."""

import re


def stems(text: str, length: int, stop: frozenset[str]) -> frozenset[str]:
    """Return the first letters of the words, of four or more, that carry the meaning of a text: all but `stop`."""
    return frozenset(word[:length] for word in re.findall(r"[a-z]{4,}", text.lower()) if word not in stop)
