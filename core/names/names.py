"""Forgiving names: what a person typed, and which benchmark, model, lab or country they meant."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import TypeVar

from core.errors import UsageError
from core.store import queries
from core.store.store import Store
from core.words import quote

T = TypeVar("T")
_APART = re.compile(r"[^a-z0-9]+")
_SIZE = re.compile(r"\d+[bm]")
"""How many parameters a model has, such as 8B or 350M, names many models and so none."""
_NEAREST = 3
OFFERED = 6
"""At most so many names are offered to choose from."""
_SHORT = 3
LETTERS_PER_SLIP = 6
"""A name may have one slip of typing in so many letters."""
_FAMILY = re.compile(r"([a-z]{3,})\d+")
"""A plain name of a family with a number alone: "llama5"."""
_ALIKE = 61
"""The least of rapidfuzz's WRatio for a name that is offered: two letters in common may give 60."""
_ALIKE_SHORT = 75
"""The same for a short text, of which a part of any name may hold most letters."""
_LISTS = {
    "test": "frontier and sources list the tests",
    "model": "data/models.csv lists the models",
    "lab": "data/labs.csv lists the labs",
    "country": "give one such as China, France or South Korea",
    "term": "terms lists them all",
    "side": "give a test, a lab or a country",
}
"""Where all names of a kind are to be seen, the kind as people call it."""


@dataclass(frozen=True)
class Name:
    """Something that can be asked for: its key, the name to show, and other ways to call it.

    `since` orders versions of one name, as models have them: who says the name alone means the first. A model that
    `has_headline` has a score on a headline test.
    """

    key: tuple[str, ...]
    shown: str
    aliases: tuple[str, ...]
    since: str = ""
    has_headline: bool = True

    @cached_property
    def plain(self) -> str:
        """Return the shown name in its plain form."""
        return plain(self.shown)

    @cached_property
    def plain_aliases(self) -> frozenset[str]:
        """Return the other names in their plain form."""
        return frozenset(plain(alias) for alias in self.aliases)


def plain(text: str) -> str:
    """Reduce a name to what people agree on: no case, accents or punctuation."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _APART.sub("", letters.lower())


def read_once(read: Callable[[Store], T]) -> Callable[[Store], T]:
    """Keep what was read of the last revision."""
    kept: dict[str, T] = {}

    @wraps(read)
    def names_of(store: Store) -> T:
        found = kept.get(store.revision)
        if found is None:
            found = read(store)
            kept.clear()
            kept[store.revision] = found
        return found

    return names_of


@read_once
def benchmarks(store: Store) -> list[Name]:
    """List the benchmarks that can be asked for; the key is (benchmark_id, version)."""
    return [Name((row[0], row[1]), row[2], (f"{row[0]} {row[1]}", *_split(row[7]))) for row in queries.boards(store)]


@read_once
def models(store: Store) -> list[Name]:
    """List the models, those that no gap can count too; the key is (model_id,)."""
    return [
        Name(
            (model_id,), name, tuple({model_id, *_split(spellings, "\n"), *_short(name)}), released, bool(has_headline)
        )
        for model_id, name, released, spellings, has_headline in queries.model_names(store)
    ]


@read_once
def labs(store: Store) -> list[Name]:
    """List the labs; the key is (lab_id,)."""
    return [Name((row[0],), row[1], (row[0], *_split(row[3]))) for row in queries.labs(store)]


@read_once
def countries(store: Store) -> list[Name]:
    """List the countries; the key is (country,)."""
    return [Name((row[0],), row[0], _split(row[1])) for row in queries.countries(store)]


@read_once
def terms(store: Store) -> list[Name]:
    """List the terms of the glossary; the key is (term_id,)."""
    return [Name((row[0],), row[1], _split(row[2])) for row in queries.glossary(store)]


KINDS: dict[str, Callable[[Store], list[Name]]] = {
    "benchmark": benchmarks, "model": models, "lab": labs, "country": countries, "term": terms,
}  # fmt: skip
"""What can be asked for by name, and how the names of each kind are listed."""


def _short(name: str) -> set[str]:
    """Return what people call a model for short: "Kimi K2 (0905)" is "Kimi K2", and "K2" without its maker's word."""
    whole = without_version(name)
    _, _, rest = whole.replace("-", " ", 1).partition(" ")
    has_both = any(letter.isdigit() for letter in rest) and any(letter.isalpha() for letter in rest)
    return {whole, rest} if has_both and not _SIZE.fullmatch(plain(rest)) else {whole}


def without_version(name: str) -> str:
    """Return a name without what stands in brackets behind it: a model's version."""
    return name.split(" (")[0]


def _split(aliases: str, mark: str = ";") -> tuple[str, ...]:
    return tuple(alias for alias in (part.strip(",") for part in aliases.split(mark)) if alias)


def find(kind: str, text: str, names: Iterable[Name]) -> Name:
    """Return the name that is meant.

    A key goes before a shown name, that before an alias, a whole name before the beginning of a single one, and
    that before a small slip of typing: one letter in six, never a digit. Raises UsageError that offers the names
    which fit where several do, the newest first, and where none does the nearest, or says where all are listed.
    """
    known, wanted = list(names), plain(text)
    called = "test" if kind == "benchmark" else kind
    for name in known:
        if text == " ".join(name.key):
            return name
    fitting = _fitting(wanted, known) if wanted else []
    if len(fitting) == 1 or _are_versions(fitting):
        return min(fitting, key=lambda name: (name.since, name.key))
    if fitting:
        offered = tuple(name.shown for name in _newest_first(fitting))
        kinds = f"{called[:-1]}ies" if called.endswith("y") else f"{called}s"
        raise UsageError(f"Several {kinds} are called {quote(text)}: is it {_listed(offered[:OFFERED])}?", offered)
    nearest = _nearest(text, known)
    said = f"Did you mean {_listed(nearest)}?" if nearest else f"None is near; {_LISTS[called]}."
    raise UsageError(f"No {called} is called {quote(text)}. {said}", nearest)


def _newest_first(names: Iterable[Name]) -> list[Name]:
    """Return names with the newest first; those without a day by their length."""
    by_length = sorted(names, key=lambda name: (len(name.shown), name.shown))
    return sorted(by_length, key=lambda name: name.since, reverse=True)


def fits(text: str, names: Iterable[Name]) -> bool:
    """Whether a text is the name of one or several of these, or the beginning or a small slip of it."""
    return bool(plain(text)) and bool(_fitting(plain(text), list(names)))


def _fitting(wanted: str, known: list[Name]) -> list[Name]:
    """Return the names that a plain text may stand for, by the closest way in which any fits."""
    begun = [name for name in known if len(wanted) > _SHORT and name.plain.startswith(wanted)]
    return (
        _called(wanted, known)
        or begun
        or list(dict.fromkeys(name for spelling in misspelt(wanted, known) for name in _called(spelling, known)))
    )


def _called(spelling: str, known: list[Name]) -> list[Name]:
    """Return the names of exactly this plain form; those of which it is an alias where there is none."""
    return [name for name in known if spelling == name.plain] or [
        name for name in known if spelling in name.plain_aliases
    ]


def _are_versions(names: list[Name]) -> bool:
    """Whether these are versions of one name: "Kimi K2" and "Kimi K2 (0905)", each with its day."""
    return all(name.since for name in names) and len({plain(without_version(name.shown)) for name in names}) == 1


def misspelt(wanted: str, names: Iterable[Name]) -> list[str]:
    """Return the plain spellings of which a plain text is a small slip: the nearest, within one letter in six."""
    from rapidfuzz.distance import OSA

    best, wanted_digits = len(wanted) // LETTERS_PER_SLIP, digits(wanted)
    found: set[str] = set()
    for name in names if best else ():
        for spelling in (name.plain, *name.plain_aliases):
            distance = OSA.distance(wanted, spelling, score_cutoff=best)
            if distance > best or digits(spelling) != wanted_digits:
                continue
            if distance < best:
                best = distance
                found.clear()
            found.add(spelling)
    return sorted(found)


def digits(text: str) -> str:
    """Return the digits of a text, which no slip of typing changes."""
    return "".join(letter for letter in text if letter.isdigit())


def _nearest(text: str, names: list[Name]) -> tuple[str, ...]:
    """Return the names that come nearest; of a family with a number that there isn't the newest."""
    from rapidfuzz import fuzz, process

    wanted = plain(text)
    newest = _newest_kin(wanted, names)
    if newest:
        return tuple(dict.fromkeys(name.shown for name in newest))[:_NEAREST]
    begun = [name for name in names if len(wanted) >= _SHORT and name.plain.startswith(wanted)]
    if begun:
        return tuple(name.shown for name in _newest_first(begun))[:_NEAREST]
    least = min(len(wanted), _SHORT + 1)  # a code such as "ch" is in half of all words
    spellings = {
        spelling: name.shown
        for name in names
        for spelling in (name.shown, *name.aliases)
        if len(plain(spelling)) >= least
    }
    ranked = process.extract(text, spellings.keys(), scorer=fuzz.WRatio, processor=plain, limit=None)
    alike = _ALIKE_SHORT if len(wanted) <= LETTERS_PER_SLIP else _ALIKE
    near = (spellings[spelling] for spelling, score, _ in ranked if score >= alike)
    return tuple(dict.fromkeys(near))[:_NEAREST]


def nearest(text: str, names: Iterable[Name]) -> str | None:
    """Return the one name that looks most like a text, None where none looks like it."""
    from rapidfuzz import fuzz, process

    shown = {spelling: name.shown for name in names for spelling in (name.plain, *sorted(name.plain_aliases))}
    best = process.extractOne(plain(text), list(shown), scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return shown[best[0]] if best else None


def _newest_kin(wanted: str, names: list[Name]) -> list[Name]:
    """Return the family of a name with a number that there isn't, the newest first; none where it is a slip of one."""
    family = _FAMILY.fullmatch(wanted)
    if family is None:
        return []
    kin = [name for name in names if name.since and name.plain.startswith(family[1])]
    spellings = (spelling for name in kin for spelling in (name.plain, *name.plain_aliases))
    if any(len(family[1]) < len(spelling) and wanted.startswith(spelling) for spelling in spellings):
        return []  # "gpt44" is a slip of "gpt4", "llama5" of nothing
    return sorted(kin, key=lambda name: name.since, reverse=True)


def _listed(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
