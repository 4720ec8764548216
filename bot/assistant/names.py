"""The names that a text may hold, by their plain spellings: benchmarks, models, labs, countries, publishers, terms."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from bot.assistant import cues
from bot.assistant.languages import places
from bot.assistant.text import folded
from core.errors import UsageError
from core.evidence import names
from core.evidence.names import Name
from core.store import queries
from core.store.store import Store

_OFFERED = 6
"""At most so many names are offered to choose from."""
_MANY = 0.8
"""The share of a family's models, or of a lab's, that stands for all."""


@dataclass(frozen=True)
class Mention:
    """A name in a text. `value` is its shown form; None where it fits several, `choices`, or nothing that is known.

    `typed` is what stands in the text; `since` the release day (ISO) of a model, `is_open` its openness where known,
    `lab` its lab. An `ordinary` name is also a word, and shows little of what a text is about.
    """

    kind: str
    value: str | None
    typed: str
    choices: tuple[str, ...] = ()
    since: str = ""
    is_open: bool | None = None
    lab: str = ""
    ordinary: bool = False


@dataclass(frozen=True)
class Index:
    """All names of a revision of the data.

    `spellings` are by plain form, with their kind; `topics` what several benchmarks are called; `begun` what begins
    several models' names; `families` the lab of a family of models; `openness` a model's openness and lab by id;
    `units` the benchmarks' units by shown name; `series` the words in models' names; `closed_labs` the labs whose
    models are closed; `newest` the last day of the data. `phrasings` keeps the questions' own phrasings as the reader
    has understood them.
    """

    spellings: dict[str, tuple[str, Name]]
    topics: dict[str, tuple[str, ...]]
    begun: dict[str, tuple[Name, ...]]
    families: dict[str, str]
    models: tuple[Name, ...]
    benchmarks: tuple[Name, ...]
    openness: dict[str, tuple[bool, str]]
    units: dict[str, str]
    terms: dict[str, Name]
    series: frozenset[str]
    closed_labs: frozenset[str]
    newest: date
    phrasings: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def by_digits(self) -> dict[str, list[str]]:
        """Return the spellings by the digits in them: a slip of typing never changes one."""
        found: dict[str, list[str]] = defaultdict(list)
        for spelling in self.spellings:
            found[digits(spelling)].append(spelling)
        return found

    @cached_property
    def inflected(self) -> dict[str, Name]:
        """Return the terms of one word by their roots, so that other forms of the word are found."""
        return {root(spelling): name for spelling, name in self.terms.items() if root(spelling)}

    def kind(self, spelling: str) -> str | None:
        """Return of what kind a plain spelling is, None if it is no name."""
        return self.spellings[spelling][0] if spelling in self.spellings else None

    def mention(self, spelling: str, typed: str) -> Mention | None:
        """Return what a plain spelling names, None if nothing."""
        known = spelling if spelling in self.spellings else places().get(spelling, spelling)
        if known in self.spellings:
            kind, name = self.spellings[known]
            if kind == "model":
                return self._model(typed)
            if known in self.topics:
                return Mention(kind, None, typed, self.topics[known], ordinary=True)
            return Mention(kind, name.shown, typed, ordinary=_is_ordinary(spelling))
        if spelling in self.begun:
            return self._choice(typed, self.begun[spelling])
        if spelling in self.families:
            return Mention("lab", self.families[spelling], typed, ordinary=_is_ordinary(spelling))
        return Mention("country", None, typed) if spelling in cues.listed("regions.txt") else None

    def _model(self, typed: str) -> Mention:
        try:
            return self._one(names.find("model", typed, self.models), typed)
        except UsageError as error:
            return Mention("model", None, typed, error.suggestions[:_OFFERED])

    def _choice(self, typed: str, fitting: tuple[Name, ...]) -> Mention:
        if len({name.shown.split(" (")[0] for name in fitting}) == 1:  # versions of one name: the first is meant
            return self._one(min(fitting, key=lambda name: (name.since, name.key)), typed)
        if digits(typed):
            ordered = sorted(fitting, key=lambda name: (len(name.shown), name.shown))
        else:  # of a series the newest are meant
            ordered = sorted(fitting, key=lambda name: name.since, reverse=True)
        return Mention("model", None, typed, tuple(name.shown for name in ordered[:_OFFERED]))

    def _one(self, name: Name, typed: str) -> Mention:
        is_open, lab = self.openness.get(name.key[0], (None, ""))
        ordinary = _is_ordinary(names.plain(typed))
        return Mention("model", name.shown, typed, since=name.since, is_open=is_open, lab=lab, ordinary=ordinary)


def _is_ordinary(spelling: str) -> bool:
    return spelling in cues.listed("ordinary.txt")


_kept: dict[str, Index] = {}


def index(store: Store) -> Index:
    """Return the names of the store's revision; those of the last one that was read are kept."""
    found = _kept.get(store.revision)
    if found is None:
        found = _index(store)
        _kept.clear()
        _kept[store.revision] = found
    return found


def _index(store: Store) -> Index:
    models, rows = names.models(store), queries.models(store)
    spellings = _spellings(store)
    return Index(
        spellings,
        _topics(store),
        _begun(models, spellings),
        _families(rows, spellings),
        tuple(models),
        tuple(names.benchmarks(store)),
        {row[0]: (bool(row[7]), row[5]) for row in rows},
        {row[2]: row[5] for row in queries.boards(store)},
        _terms(store),
        frozenset(word for name in models for word in re.findall(r"[^\W\d_]{3,}", folded(name.shown))),
        _closed_labs(rows),
        queries.known_days(store)[1],
    )


def _spellings(store: Store) -> dict[str, tuple[str, Name]]:
    """Return every plain spelling with the kind and name that it stands for; a benchmark goes before a model."""
    publishers = dict.fromkeys(row[1] for row in queries.published(store))
    kinds = (
        ("benchmark", names.benchmarks(store)),
        ("model", names.models(store)),
        ("lab", names.labs(store)),
        ("country", names.countries(store)),
        ("publisher", [Name((source,), source, tuple(re.findall(r"[\w-]{3,}", source))) for source in publishers]),
    )
    found: dict[str, tuple[str, Name]] = {}
    for kind, known in kinds:
        for name in known:
            for spelling in (name.plain, *name.plain_aliases):
                if len(spelling) > 1 and not spelling.isdigit():
                    found.setdefault(spelling, (kind, name))
    return found


def _topics(store: Store) -> dict[str, tuple[str, ...]]:
    """Return what several benchmarks are called, with their shown names: "coding"."""
    called: dict[str, list[str]] = defaultdict(list)
    for name in names.benchmarks(store):
        for alias in name.plain_aliases:
            called[alias].append(name.shown)
    return {alias: tuple(shown) for alias, shown in called.items() if len(shown) > 1}


def _terms(store: Store) -> dict[str, Name]:
    """Return the terms of the glossary by every plain spelling, that without its brackets too."""
    return {
        spelling: name
        for name in names.terms(store)
        for spelling in (name.plain, *name.plain_aliases, names.plain(name.shown.split(" (")[0]))
    }


def _begun(models: list[Name], spellings: dict[str, tuple[str, Name]]) -> dict[str, tuple[Name, ...]]:
    """Return what begins several models' names, with a version in it ("DeepSeek V4", "V4") or without any."""
    found: dict[str, dict[str, Name]] = defaultdict(dict)
    for name in models:
        for beginning in (*_beginnings(name.shown), *_series(name.shown)):
            if beginning not in spellings:
                found[beginning][name.shown] = name
    return {beginning: tuple(fitting.values()) for beginning, fitting in found.items()}


def _beginnings(shown: str) -> Iterator[str]:
    """Yield the plain beginnings of a model's name that hold a version, with and without the maker's word."""
    words = re.findall(r"[^\W_]+(?:\.\d+)*", folded(shown.split(" (")[0]))
    for first in (0, 1):
        for last in range(first + 1, len(words)):
            beginning = "".join(words[first:last]).replace(".", "")
            if digits(beginning) and not beginning.isdigit():
                yield beginning


def _series(shown: str) -> list[str]:
    """Return the family and series that a model's name begins with, plain: "Claude Haiku" of Claude 3.5 Haiku."""
    words = re.findall(r"(?<![^\W_.])[^\W\d_]{3,}(?![^\W_])", folded(shown.split(" (")[0]))
    is_pair = " + " in shown or words[:1] == ["open"]  # "open llama" says which side
    return ["".join(words[:2])] if len(words) > 1 and not is_pair else []


def _families(rows: list[Any], spellings: dict[str, tuple[str, Name]]) -> dict[str, str]:
    """Return the lab of each family of models by its name: "Llama" is Meta's, most of the models called so being."""
    labs: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        family = re.match(r"[^\W\d_]{3,}", folded(row[1]))
        if family and row[5]:
            labs[family[0]][row[5]] += 1
    most = {family: (*counts.most_common(1)[0], counts.total()) for family, counts in labs.items()}
    return {
        family: lab
        for family, (lab, number, of_all) in most.items()
        if family not in spellings and of_all > 1 and number >= _MANY * of_all
    }


def _closed_labs(rows: list[Any]) -> frozenset[str]:
    """Return the labs whose models are closed, nearly all of them."""
    closed: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        closed[row[5]].append(not row[7])
    return frozenset(lab for lab, each in closed.items() if lab and sum(each) >= _MANY * len(each))


def root(word: str) -> str:
    """Return what the forms of a noun in -ation and its verb have in common; "" for a word that has no such form."""
    found = re.fullmatch(r"([a-z]{5,}?)(?:ation|at(?:ed?|es|ing)|ed|ing|s)", word)
    return found[1] if found else ""


def digits(text: str) -> str:
    """Return the digits of a text."""
    return "".join(letter for letter in text if letter.isdigit())
