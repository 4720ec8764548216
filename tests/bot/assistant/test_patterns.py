"""The files of words, and the patterns in them."""

import re
from functools import cache
from pathlib import Path

from bot.assistant import patterns
from core.words import DOMAINS

SECTIONS = ("not_answered.txt", "aspects.txt", "signs.txt", "tags.txt", "courtesies.txt", "domains.txt", "places.txt")
LISTS = ("telling.txt", "little.txt", "no_slips.txt", "mended_too.txt")
"""The files that list words, and nothing besides."""


@cache
def groups() -> dict[str, list[str]]:
    return patterns.read_groups("groups.txt")


def test_every_pattern_is_made_of_known_tags_and_groups() -> None:
    tags = {"open", "closed", "private", "public", "rest", "now", "day", "future", "past", "level", "size", "term"}
    tags |= {"benchmark", "model", "lab", "country", "publisher", "domain", "price"}
    all_patterns = [pattern for name in SECTIONS for _, pattern in patterns.read_sections(name)]
    pieces = (choices.lstrip("!").rstrip("?+") for pattern in all_patterns for choices in pattern.split())
    for piece in (piece for choices in pieces for piece in choices.split("|")):
        assert not piece.isupper() or piece in groups(), piece
        assert not piece.startswith("<") or piece[1:-1] in tags, piece


def test_every_domain_has_its_words() -> None:
    assert {heading for heading, _ in patterns.read_sections("domains.txt")} == set(DOMAINS)


def test_no_word_is_listed_twice_and_lines_fit() -> None:
    for name in LISTS:
        words = [word for line in patterns.read_lines(name) for word in line.split()]
        assert words
        assert len(words) == len(set(words)), name
    for name in (*LISTS, *SECTIONS, "groups.txt"):
        assert all(len(line) <= 120 and line == line.rstrip() for line in patterns.read_lines(name)), name


def test_words_are_in_the_form_in_which_they_are_looked_for() -> None:
    for name in ("little.txt", "no_slips.txt", "mended_too.txt"):
        for line in patterns.read_lines(name):
            assert re.fullmatch(r"[a-z' -]+", line), line


def test_every_file_of_words_is_told_of_in_their_readme() -> None:
    folder = Path(patterns.__file__).parent / "words"
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in folder.glob("*.txt") if f"`{path.name}`" not in readme] == []


def test_a_pattern_is_found_in_every_form_of_its_words() -> None:
    line = "when did <open:1> reach <level:0> on <benchmark:0> "
    assert patterns.matches("when * reached", line)
    assert patterns.matches("reaching ~ <level>", line)
    assert patterns.matches("<benchmark>|<model>", line)
    assert not patterns.matches("reach * when", line)
    assert not patterns.matches("<open> <level>", line)
    assert not patterns.matches("<model>", line)
    assert patterns.matches("reach !<benchmark>", line)
    assert not patterns.matches("reach !<level>", line)
