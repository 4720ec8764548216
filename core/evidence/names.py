"""Forgiving names: what a person typed, and which benchmark, lab or country they meant."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from core.errors import UsageError
from core.store import queries
from core.store.store import Store
from core.words import quoted

_APART = re.compile(r"[^a-z0-9]+")
_NEAREST = 3


@dataclass(frozen=True)
class Name:
    """Something that can be asked for: its key, the name to show, and other ways to call it."""

    key: tuple[str, ...]
    shown: str
    aliases: tuple[str, ...]


def plain(text: str) -> str:
    """Reduce a name to what people agree on: no case, accents or punctuation."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _APART.sub("", letters.lower())


def benchmarks(store: Store) -> list[Name]:
    """List the benchmarks that can be asked for; the key is (benchmark_id, version)."""
    return [Name((row[0], row[1]), row[2], (f"{row[0]} {row[1]}", *_split(row[7]))) for row in queries.boards(store)]


def labs(store: Store) -> list[Name]:
    """List the labs; the key is (lab_id,)."""
    return [Name((row[0],), row[1], (row[0], *_split(row[3]))) for row in queries.labs(store)]


def countries(store: Store) -> list[Name]:
    """List the countries; the key is (country,)."""
    return [Name((row[0],), row[0], _split(row[1])) for row in queries.countries(store)]


def _split(aliases: str) -> tuple[str, ...]:
    return tuple(alias for alias in aliases.split(";") if alias)


def find(kind: str, text: str, names: Iterable[Name]) -> Name:
    """Return the name that is meant; raise UsageError with the three nearest for one that is not known.

    A key goes before a shown name, that before an alias, and a whole name before the beginning of a single one.
    """
    known, wanted = list(names), plain(text)
    for name in known:
        if text == " ".join(name.key):
            return name
    if wanted:
        for spellings in (lambda name: (name.shown,), lambda name: name.aliases):
            exact = [name for name in known if wanted in {plain(spelling) for spelling in spellings(name)}]
            if len(exact) == 1:
                return exact[0]
        begun = [name for name in known if len(wanted) > 3 and plain(name.shown).startswith(wanted)]
        if len(begun) == 1:
            return begun[0]
    nearest = _nearest(text, known)
    raise UsageError(f"No {kind} is called {quoted(text)}. Did you mean {_listed(nearest)}?", nearest)


def _nearest(text: str, names: list[Name]) -> tuple[str, ...]:
    from rapidfuzz import fuzz, process

    spellings = {spelling: name.shown for name in names for spelling in (name.shown, *name.aliases)}
    ranked = process.extract(text, spellings.keys(), scorer=fuzz.WRatio, processor=plain, limit=None)
    return tuple(dict.fromkeys(spellings[spelling] for spelling, *_ in ranked))[:_NEAREST]


def _listed(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
