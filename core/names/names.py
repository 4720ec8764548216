"""Find the benchmark, model, lab or country that a person means, however its name is typed."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache, cached_property, wraps
from pathlib import Path
from typing import TypeVar

from core.dataclass import dataclass
from core.errors import UsageError
from core.store import queries
from core.store.store import Store
from core.words import or_list, quote

T = TypeVar("T")
_PUNCTUATION = bytes(code for code in range(128) if not chr(code).isalnum())
SIZE = re.compile(r"\d+[bm]")
"""A number of parameters, such as 8B or 350M: never the name of a model."""
_NEAREST = 3
OFFERED = 6
"""The maximum number of names offered to choose from."""
_SHORT = 3
LETTERS_PER_TYPO = 6
"""A name may have one typo per this many letters."""
_FAMILY = re.compile(r"([a-z]{3,})\d+")
"""The plain form of a family followed by a number: "llama5"."""
_ALIKE = 61
"""The minimum WRatio (rapidfuzz) of a suggested name: two common letters may already give 60."""
_ALIKE_SHORT = 75
"""The minimum for a short text: most of its letters may be in any name."""
_REGIONS = ("Europe", "European Union", "Asia")
_LISTS = {
    "test": "frontier and sources list the tests",
    "model": "data/models.csv lists the models",
    "lab": "data/labs.csv lists the labs",
    "country": "give one such as China, France or South Korea",
    "term": "terms lists them all",
    "publisher": "others lists those who published a figure of the gap",
    "side": "give a test, a lab or a country",
}
"""Where all names of a kind are listed, keyed by the word people see for the kind."""


@dataclass(frozen=True)
class Name:
    """Something that can be asked for: its key, the name to show, and its aliases.

    `since` sorts the versions of a model with the same name: the name alone means the first. `has_headline` says
    whether a model has a score on a headline test.
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
        """Return the aliases in their plain form."""
        return frozenset(plain(alias) for alias in self.aliases)


def plain(text: str) -> str:
    """Return a name's plain form: without case, accents and punctuation."""
    letters = text if text.isascii() else unicodedata.normalize("NFKD", text)
    return letters.encode("ascii", "ignore").lower().translate(None, _PUNCTUATION).decode()


def cache_revision(read: Callable[[Store], T]) -> Callable[[Store], T]:
    """Cache what a function reads from a store, for the last revision requested."""
    cache: dict[str, T] = {}

    @wraps(read)
    def read_cached(store: Store) -> T:
        value = cache.get(store.revision)
        if value is None:
            value = read(store)
            cache.clear()
            cache[store.revision] = value
        return value

    return read_cached


@cache_revision
def benchmarks(store: Store) -> list[Name]:
    """List the benchmarks that can be asked for; the key is (benchmark_id, version)."""
    return [Name((row[0], row[1]), row[2], (f"{row[0]} {row[1]}", *_split(row[7]))) for row in queries.boards(store)]


@cache_revision
def models(store: Store) -> list[Name]:
    """List all models, even those that no gap counts; the key is (model_id,)."""
    return [
        Name(
            (model_id,), name, tuple({model_id, *_split(spellings, "\n"), *_short_names(name)}), day, bool(has_headline)
        )
        for model_id, name, day, spellings, has_headline in queries.model_names(store)
    ]


@cache_revision
def labs(store: Store) -> list[Name]:
    """List the labs; the key is (lab_id,)."""
    return [Name((row[0],), row[1], (row[0], *_split(row[3]))) for row in queries.labs(store)]


@cache_revision
def countries(store: Store) -> list[Name]:
    """List the countries, and the regions that stand for all their countries; the key is (country,)."""
    of_regions = [Name((region,), region, tuple(nicknames()[plain(region)])) for region in _REGIONS]
    return [*(Name((row[0],), row[0], _split(row[1])) for row in queries.countries(store)), *of_regions]


def is_within(country: str, place: str | None) -> bool:
    """Return whether a country is the place asked for, or one of its countries if it is a region; None is anywhere."""
    return place in (None, country) or (place in _REGIONS and plain(country) in nicknames()[f"in_{plain(place)}"])


@cache_revision
def terms(store: Store) -> list[Name]:
    """List the terms of the glossary; the key is (term_id,)."""
    return [Name((row[0],), row[1], _split(row[2])) for row in queries.glossary(store)]


@cache_revision
def publishers(store: Store) -> list[Name]:
    """List those who published a figure of the gap; the key is (source,)."""
    sources = dict.fromkeys(source for row in queries.published_figures(store) for source in row[1].split(" and "))
    return [Name((source,), source, tuple(re.findall(r"[\w-]{3,}", source))) for source in sources]


KINDS: dict[str, Callable[[Store], list[Name]]] = {
    "benchmark": benchmarks, "model": models, "lab": labs, "country": countries, "term": terms, "publisher": publishers,
}  # fmt: skip
"""The kinds that can be asked for by name, with the function that lists each kind's names."""


def _short_names(name: str) -> set[str]:
    """Return a model's short names: "Kimi K2 (0905)" is "Kimi K2", and also "K2"."""
    full_name = without_version(name)
    _, _, rest = full_name.replace("-", " ", 1).partition(" ")
    has_both = any(letter.isdigit() for letter in rest) and any(letter.isalpha() for letter in rest)
    return {full_name, rest} if has_both and not SIZE.fullmatch(plain(rest)) else {full_name}


def without_version(name: str) -> str:
    """Return a name without the brackets at its end (a model's version)."""
    return name.split(" (")[0]


def _split(aliases: str, mark: str = ";") -> tuple[str, ...]:
    return tuple(alias for alias in (part.strip(",") for part in aliases.split(mark)) if alias)


def find(kind: str, text: str, names: Iterable[Name]) -> Name:
    """Return the name that a text means.

    Tried in this order: a key, a shown name, an alias, the beginning of a single name, a name with a typo (one per six
    letters, never in a digit). Raises UsageError: with the matches, newest first, if there are several; with the
    nearest names, or where all names are listed, if there is none.
    """
    candidates, target = list(names), plain(text)
    word = "test" if kind == "benchmark" else kind
    for name in candidates:
        if text == " ".join(name.key):
            return name
    matches = _find_matches(target, candidates) if target else []
    matches = [name for name in matches if name.shown.lower() == text.lower()] or matches  # "Command R+", "Command R"
    if len(matches) == 1 or _are_versions(matches):
        return min(matches, key=lambda name: (name.since, name.key))
    if matches:
        choices = tuple(name.shown for name in _newest_first(matches))
        words = f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"
        raise UsageError(f"Several {words} are called {quote(text)}: is it {or_list(choices[:OFFERED])}?", choices)
    near = _nearest_names(text, candidates)
    hint = f"Did you mean {or_list(near)}?" if near else f"None is near; {_LISTS[word]}."
    raise UsageError(f"No {word} is called {quote(text)}. {hint}", near)


def check_region(store: Store, text: str) -> None:
    """Raise UsageError with the countries of models if a text is a region of unlisted countries, such as Africa."""
    if plain(text).removeprefix("the") in nicknames()["regions"]:
        choices = tuple(sorted({row[3] for row in queries.models(store) if row[3]}))
        raise UsageError(f"{quote(text)} is no single country; give one with models here: {or_list(choices)}.", choices)


def _newest_first(names: Iterable[Name]) -> list[Name]:
    """Return names sorted newest first; names without a day or with the same day are sorted by length."""
    by_length = sorted(names, key=lambda name: (len(name.shown), name.shown))
    return sorted(by_length, key=lambda name: name.since, reverse=True)


def may_mean(text: str, names: Iterable[Name]) -> bool:
    """Whether a text may mean one or more of these names."""
    return bool(plain(text)) and bool(_find_matches(plain(text), list(names)))


def _find_matches(target: str, names: list[Name]) -> list[Name]:
    """Return the names that a plain text may mean: exact matches, else names that begin with it, else typos."""
    beginning = [name for name in names if len(target) > _SHORT and name.plain.startswith(target)]
    return (
        _find_exact(target, names)
        or beginning
        or list(dict.fromkeys(name for near in find_typos(target, names) for name in _find_exact(near, names)))
    )


def _find_exact(spelling: str, names: list[Name]) -> list[Name]:
    """Return the names with exactly this plain form; if there are none, the names with it as an alias."""
    return [name for name in names if spelling == name.plain] or [
        name for name in names if spelling in name.plain_aliases
    ]


def _are_versions(names: list[Name]) -> bool:
    """Whether these are dated versions of one name: "Kimi K2" and "Kimi K2 (0905)"."""
    return all(name.since for name in names) and len({plain(without_version(name.shown)) for name in names}) == 1


def find_typos(target: str, names: Iterable[Name]) -> list[str]:
    """Return the plain spellings that a plain text may misspell: the nearest ones, within one typo per six letters."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    most = len(target) // LETTERS_PER_TYPO
    spellings = {spelling for name in names for spelling in (name.plain, *name.plain_aliases)} if most else set()
    matches = process.extract(target, spellings, scorer=OSA.distance, score_cutoff=most, limit=None)
    near = [(distance, spelling) for spelling, distance, _ in matches if digits(spelling) == digits(target)]
    return sorted(spelling for distance, spelling in near if distance == min(near)[0])


def digits(text: str) -> str:
    """Return the digits of a text, which no typo changes."""
    return "".join(letter for letter in text if letter.isdigit())


def _nearest_names(text: str, names: list[Name]) -> tuple[str, ...]:
    """Return the nearest names; for an unknown version, the family's newest models."""
    from rapidfuzz import fuzz, process

    target = plain(text)
    newest = _newest_kin(target, names)
    if newest:
        return tuple(dict.fromkeys(name.shown for name in newest))[:_NEAREST]
    beginning = [name for name in names if len(target) >= _SHORT and name.plain.startswith(target)]
    if beginning:
        return tuple(name.shown for name in _newest_first(beginning))[:_NEAREST]
    least = min(len(target), _SHORT + 1)  # half of all words contain a code such as "ch"
    spellings = {
        spelling: name.shown
        for name in names
        for spelling in (name.shown, *name.aliases)
        if len(plain(spelling)) >= least
    }
    matches = process.extract(text, spellings.keys(), scorer=fuzz.WRatio, processor=plain, limit=None)
    least_score = _ALIKE_SHORT if len(target) <= LETTERS_PER_TYPO else _ALIKE
    near = (spellings[spelling] for spelling, score, _ in matches if score >= least_score)
    return tuple(dict.fromkeys(near))[:_NEAREST]


def find_nearest(text: str, names: Iterable[Name]) -> str | None:
    """Return the shown name most similar to a text; None if none is similar."""
    from rapidfuzz import fuzz, process

    by_spelling = {spelling: name.shown for name in names for spelling in (name.plain, *sorted(name.plain_aliases))}
    best = process.extractOne(plain(text), list(by_spelling), scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return by_spelling[best[0]] if best else None


def _newest_kin(target: str, names: list[Name]) -> list[Name]:
    """Return the family of an unknown version, newest first; empty if the text is a typo of a known version."""
    family = _FAMILY.fullmatch(target)
    if family is None:
        return []
    kin = [name for name in names if name.since and name.plain.startswith(family[1])]
    spellings = (spelling for name in kin for spelling in (name.plain, *name.plain_aliases))
    if any(len(family[1]) < len(spelling) and target.startswith(spelling) for spelling in spellings):
        return []  # "gpt44" is a typo of "gpt4", "llama5" of nothing
    return sorted(kin, key=lambda name: name.since, reverse=True)


@cache
def nicknames() -> dict[str, frozenset[str]]:
    """Return the words of `nicknames.txt` by heading.

    "written" are common words that count only if they are written as names.
    """
    by_heading: dict[str, list[str]] = defaultdict(list)
    heading = ""
    for line in Path(__file__).with_name("nicknames.txt").read_text(encoding="utf-8").splitlines():
        if line[0] == "#":
            continue
        if line[0] != " ":
            heading, _, line = line.partition(":")
        by_heading[heading] += line.split()
    by_heading["written"] = [word[1:] for word in by_heading["ordinary"] if word[0] == "!"]
    return {heading: frozenset(word.lstrip("!") for word in words) for heading, words in by_heading.items()}
