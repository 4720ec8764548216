"""Reads patterns of words from `words/` (see its README) and matches them with lines of stems and tags."""

import re
from functools import cache
from pathlib import Path
from typing import cast

from bot.assistant.text import fold_text, stem
from core.answer import Aspect

_WORDS = Path(__file__).parent / "words"
_ANYTHING = {"*": r"(?:\S+ )*?", "~": r"(?:\S+ ){0,3}?", "^": "^", "$": "$"}
"""Regular expressions of the special pieces: any words, up to three words, beginning, end."""


def read_lines(name: str) -> list[str]:
    """Return the lines of a word file."""
    return (_WORDS / name).read_text(encoding="utf-8").splitlines()


@cache
def folded_lines(name: str) -> frozenset[str]:
    """Return the lines of a word file, folded."""
    return frozenset(map(fold_text, read_lines(name)))


@cache
def listed_stems(name: str) -> frozenset[str]:
    """Return the stems of all words of a file."""
    return frozenset(stem(word) for line in read_lines(name) for word in line.split())


@cache
def read_groups(name: str) -> dict[str, list[str]]:
    """Return the words of a file by the key before the colon; a line with a leading space continues the last."""
    groups: dict[str, list[str]] = {}
    key = ""
    for line in read_lines(name):
        if not line.startswith(" "):
            key, _, line = line.partition(":")
        groups.setdefault(key, []).extend(line.split())
    return groups


@cache
def read_sections(name: str) -> tuple[tuple[str, str], ...]:
    """Return (heading, pattern) for each pattern of a file; headings are in brackets."""
    sections: list[tuple[str, str]] = []
    heading = ""
    for line in filter(None, read_lines(name)):
        if line[0] == "[":
            heading = line.strip("[]")
        else:
            sections.append((heading, line))
    return tuple(sections)


@cache
def patterns_under(name: str, heading: str) -> tuple[str, ...]:
    """Return the patterns of a file under a heading."""
    return tuple(pattern for section, pattern in read_sections(name) if section == heading)


def find_heading(name: str, line: str) -> str | None:
    """Return the heading of the first pattern of a file that matches a line, None if none does."""
    return next((heading for heading, pattern in read_sections(name) if matches(pattern, line)), None)


def has_sign(name: str, line: str) -> bool:
    """Whether a line matches a pattern of `signs.txt` under a heading."""
    return any(matches(pattern, line) for pattern in patterns_under("signs.txt", name))


def find_aspect(line: str) -> Aspect | None:
    """Return the aspect that a line asks for, None if it asks for no particular one."""
    fact = find_fact(line)
    return fact[1] if fact else cast("Aspect | None", find_heading("aspects.txt", line))


def find_fact(line: str) -> tuple[str, Aspect] | None:
    """Return the question and the aspect of the fact that a line asks for."""
    heading = find_heading("facts.txt", line)
    return (heading.split()[0], cast("Aspect", heading.split()[1])) if heading else None


@cache
def domain_words() -> frozenset[str]:
    """Return all words that name a domain."""
    return _pattern_words([pattern for _, pattern in read_sections("domains.txt")])


@cache
def reason_stems() -> frozenset[str]:
    """Return the stems of all words of the patterns for what the data can't answer."""
    return frozenset(map(stem, _pattern_words([pattern for _, pattern in read_sections("not_answered.txt")])))


def _pattern_words(patterns: list[str]) -> frozenset[str]:
    choices = (choice for pattern in patterns for piece in pattern.split() for choice in _piece_choices(piece))
    return frozenset(word for choice in choices if choice[:1].isalpha() for word in choice.split("_"))


def _piece_choices(piece: str) -> list[str]:
    """Return the words, phrases and tags that a piece of a pattern means."""
    names, groups = piece.lstrip("!").rstrip("?+").split("|"), read_groups("groups.txt")
    return [choice for name in names for choice in groups.get(name, [name])]


def matches(pattern: str, line: str) -> bool:
    """Whether a pattern matches somewhere in a line of stems and tags."""
    return bool(compile_pattern(pattern).search(line))


@cache
def compile_pattern(pattern: str) -> re.Pattern[str]:
    """Compile a pattern, for lines with a space after each word and tag."""
    expressions = (_ANYTHING.get(piece) or _piece_expression(piece) for piece in pattern.split())
    return re.compile(r"(?<!\S)" + "".join(expressions))


def _piece_expression(piece: str) -> str:
    choices = "|".join(map(_choice_expression, _piece_choices(piece)))
    return f"(?!(?:{choices}) )" if piece[0] == "!" else f"(?:(?:{choices}) ){piece[-1] if piece[-1] in '?+' else ''}"


def _choice_expression(choice: str) -> str:
    if choice[0] == "<":
        return rf"{choice[:-1]}:\d+>"
    return " ".join(re.escape(stem(word)) for word in choice.split("_"))
