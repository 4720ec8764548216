"""The glossary: an entry by its name, and which entries a text uses."""

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
"""By its first word: each name's words, and its entry's place; the names of most words first."""


def find_id(known: Iterable[Name], text: str) -> str:
    """Return the id of the entry that is meant, in singular or plural, by the names of all entries.

    Raises UsageError that offers the entries which fit where several do, and the nearest where none does.
    """
    spelt = [Name(name.key, name.shown, _spellings((name.shown, *name.aliases))) for name in known]
    return names.find("term", text, spelt).key[0]


def terms_in(text: str, terms: "Iterable[Term]") -> "tuple[Term, ...]":
    """Return the entries that a text uses, by any of their names in singular or plural, as they first occur.

    Whole words count, in any case; of two names at one place the longer one: "private test" is not "test". Cost
    is linear in the text.
    """
    entries = tuple(terms)
    by_first_word = _by_first_word(entries)
    words = list(_WORD.finditer(text))
    spelt = [word[0].casefold() for word in words]
    found: dict[int, None] = {}
    place = 0
    while place < len(words):
        length = 1
        for name, entry in by_first_word.get(spelt[place], ()):
            end = place + len(name)
            if tuple(spelt[place:end]) == name and all(
                _JOINT.fullmatch(text, words[n].end(), words[n + 1].start()) for n in range(place, end - 1)
            ):
                found.setdefault(entry)
                length = len(name)
                break
        place += length
    return tuple(entries[entry] for entry in found)


@lru_cache(maxsize=4)
def _by_first_word(terms: "tuple[Term, ...]") -> _Names:
    found: dict[tuple[str, ...], int] = {}
    for entry, term in enumerate(terms):
        for spelling in _spellings((term.term, *term.aliases)):
            found.setdefault(tuple(word.casefold() for word in _WORD.findall(spelling)), entry)
    by_first: dict[str, list[tuple[tuple[str, ...], int]]] = {}
    for name, entry in sorted(found.items(), key=lambda named: -len(named[0])):
        if name:
            by_first.setdefault(name[0], []).append((name, entry))
    return {word: tuple(named) for word, named in by_first.items()}


def _spellings(named: Iterable[str]) -> tuple[str, ...]:
    """Return names as people write them: also without what stands in brackets, and in the plural."""
    spelt = dict.fromkeys(spelling for name in named for spelling in (name, names.without_version(name)))
    return tuple(dict.fromkeys((*spelt, *(_plural(name) for name in spelt))))


def _plural(name: str) -> str:
    """Return a name with its last word in the plural; one that ends in "s" is left, being one most often."""
    if name.endswith(("s", ")")) and not name.endswith("ss"):
        return name
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith(("x", "ch", "sh", "ss")) else f"{name}s"
