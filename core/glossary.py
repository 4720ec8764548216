"""The glossary: find an entry by its name, and the entries that a text uses."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from core.names import names
from core.names.names import Name

if TYPE_CHECKING:
    from core.evidence.evidence import Term

_WORD = re.compile(r"[^\W_]+")
_JOINT = re.compile(r"[^\w.,;:!?()\[\]]{0,3}")
"""What may stand between two words of a name: "open weights", "open-weights", "90 % interval", "winner's"."""

_Names = dict[str, tuple[tuple[tuple[str, ...], int], ...]]
"""By first word: the names that begin with it, as their words and their entry's index; longest names first."""


def find_id(entries: Iterable[Name], text: str) -> str:
    """Return the id of an entry by one of its names, in singular or plural.

    Raises UsageError with the entries that fit if several do, or with the nearest ones if none does.
    """
    spelt = [Name(name.key, name.shown, _spellings((name.shown, *name.aliases))) for name in entries]
    return names.find("term", text, spelt).key[0]


def terms_in(text: str, terms: "Iterable[Term]") -> "tuple[Term, ...]":
    """Return the entries that a text uses, by any of their names in singular or plural, in order of first use.

    Names match whole words in any case. The longest name wins: "private test" does not count as "test". The cost is
    linear in the text.
    """
    entries = tuple(terms)
    by_first_word = _by_first_word(entries)
    matches = list(_WORD.finditer(text))
    words = [match[0].casefold() for match in matches]
    used: dict[int, None] = {}
    place = 0
    while place < len(words):
        length = 1
        for name, entry in by_first_word.get(words[place], ()):
            end = place + len(name)
            if tuple(words[place:end]) == name and all(
                _JOINT.fullmatch(text, matches[n].end(), matches[n + 1].start()) for n in range(place, end - 1)
            ):
                used.setdefault(entry)
                length = len(name)
                break
        place += length
    return tuple(entries[entry] for entry in used)


@lru_cache(maxsize=4)
def _by_first_word(terms: "tuple[Term, ...]") -> _Names:
    entries: dict[tuple[str, ...], int] = {}
    for entry, term in enumerate(terms):
        for spelling in _spellings((term.term, *term.aliases)):
            entries.setdefault(tuple(word.casefold() for word in _WORD.findall(spelling)), entry)
    by_first: dict[str, list[tuple[tuple[str, ...], int]]] = {}
    for name, entry in sorted(entries.items(), key=lambda item: -len(item[0])):
        if name:
            by_first.setdefault(name[0], []).append((name, entry))
    return {word: tuple(named) for word, named in by_first.items()}


def _spellings(forms: Iterable[str]) -> tuple[str, ...]:
    """Return names as people write them: also without brackets, and in the plural."""
    spelt = dict.fromkeys(spelling for name in forms for spelling in (name, names.without_version(name)))
    return tuple(dict.fromkeys((*spelt, *(_plural(name) for name in spelt))))


def _plural(name: str) -> str:
    """Return a name with its last word in the plural; a name that ends in "s" mostly is in the plural already."""
    if name.endswith(("s", ")")) and not name.endswith("ss"):
        return name
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith(("x", "ch", "sh", "ss")) else f"{name}s"
