"""Patterns of words, read from `words/` (its README says how), and whether they stand in a line of stems and tags."""

import re
from functools import cache
from pathlib import Path
from typing import cast

from bot.assistant.text import folded, stem
from core.answer import Aspect

_WORDS = Path(__file__).parent / "words"
_ANYTHING = {"*": r"(?:\S+ )*?", "~": r"(?:\S+ ){0,3}?", "^": "^", "$": "$"}
"""What stands for any words, for up to three, for the beginning and the end, as an expression."""


def lines(name: str) -> list[str]:
    """Return the lines of one of the files of words."""
    return (_WORDS / name).read_text(encoding="utf-8").splitlines()


@cache
def folded_lines(name: str) -> frozenset[str]:
    """Return the lines of a file of words as `folded` writes them."""
    return frozenset(map(folded, lines(name)))


@cache
def listed(name: str) -> frozenset[str]:
    """Return the stems of the words of a file that lists them."""
    return frozenset(stem(word) for line in lines(name) for word in line.split())


@cache
def groups(name: str) -> dict[str, list[str]]:
    """Return the words of a file by what stands before the colon; a line that begins with a space goes on."""
    found: dict[str, list[str]] = {}
    key = ""
    for line in lines(name):
        rest = line
        if not line.startswith(" "):
            key, _, rest = line.partition(":")
        found.setdefault(key, []).extend(rest.split())
    return found


@cache
def sections(name: str) -> tuple[tuple[str, str], ...]:
    """Return the patterns of a file, each with the heading in brackets that it stands under."""
    found: list[tuple[str, str]] = []
    heading = ""
    for line in filter(None, lines(name)):
        if line[0] == "[":
            heading = line.strip("[]")
        else:
            found.append((heading, line))
    return tuple(found)


def under(name: str, heading: str) -> list[str]:
    """Return the patterns of a file under a heading."""
    return [pattern for each, pattern in sections(name) if each == heading]


def heading_of(name: str, line: str) -> str | None:
    """Return the heading of the first pattern of a file that stands in a line, None where none does."""
    return next((heading for heading, pattern in sections(name) if matches(pattern, line)), None)


def has_sign(name: str, line: str) -> bool:
    """Whether a line has one of the patterns of `signs.txt` under a heading."""
    return any(matches(pattern, line) for pattern in under("signs.txt", name))


def aspect(line: str) -> Aspect | None:
    """Return what of its subject a line asks for; None where no one thing: then an answer begins as it always does."""
    return cast("Aspect | None", (fact(line) or ("", None))[1] or heading_of("aspects.txt", line))


def fact(line: str) -> tuple[str, str] | None:
    """Return the question that holds the fact of the data that a line asks for, and the aspect that the fact is."""
    heading = heading_of("facts.txt", line)
    return (heading.split()[0], heading.split()[1]) if heading else None


@cache
def domain_words() -> frozenset[str]:
    """Return every word that names a domain."""
    return _words_of([pattern for _, pattern in sections("domains.txt")])


@cache
def reason_stems() -> frozenset[str]:
    """Return the stem of every word of the patterns of what the data can't answer."""
    return frozenset(map(stem, _words_of([pattern for _, pattern in sections("not_answered.txt")])))


def _words_of(patterns: list[str]) -> frozenset[str]:
    choices = (choice for pattern in patterns for piece in pattern.split() for choice in _choices(piece))
    return frozenset(word for choice in choices if choice[:1].isalpha() for word in choice.split("_"))


def _choices(piece: str) -> list[str]:
    """Return the words, phrases and tags that a piece of a pattern stands for."""
    written = piece.lstrip("!").rstrip("?+")
    return [choice for each in written.split("|") for choice in groups("groups.txt").get(each, [each])]


def matches(pattern: str, line: str) -> bool:
    """Whether a pattern is in a line of stems and tags."""
    return bool(compiled(pattern).search(line))


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern as an expression for a line in which a space follows each word and tag."""
    return re.compile(r"(?<!\S)" + "".join(_ANYTHING.get(piece) or _expression(piece) for piece in pattern.split()))


def _expression(piece: str) -> str:
    either = "|".join(map(_written, _choices(piece)))
    return f"(?!(?:{either}) )" if piece[0] == "!" else f"(?:(?:{either}) ){piece[-1] if piece[-1] in '?+' else ''}"


def _written(choice: str) -> str:
    if choice[0] == "<":
        return rf"{choice[:-1]}:\d+>"
    return " ".join(re.escape(stem(word)) for word in choice.split("_"))
