"""All names of the data in one index, and the names in a text: by any spelling, with small slips, with their places."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from core.errors import UsageError
from core.names import names
from core.names.names import LETTERS_PER_SLIP, OFFERED, Name, digits, plain, without_version
from core.store import queries
from core.store.store import Store

_MANY = 0.8
"""The share of a family's models, or of a lab's, that stands for all."""
_LONGEST = 8
"""A name has at most so many words."""
_LONGEST_SLIPPED, _MOST_TRIED = 4, 60
"""A misspelt name has at most so many words; so many runs of words are looked up."""
_LONGEST_TYPED = 40
_WORD = re.compile(r"[^\W_]+(?:\.\d+)*")
_NUMBERS = {word: str(number) for number, word in enumerate("one two three four five six seven eight nine".split(), 1)}
_NUMBER = re.compile(rf"\b(?:{'|'.join(_NUMBERS)})\b| point(?= )", re.IGNORECASE)
"""A version as it is spoken: "k three", "opus four point six"."""
_NUMBERS[" point"] = ""
_BEHIND_AN_APOSTROPHE = re.compile(r"(?<=\w['’])(?:s|m|t|d|re|ve|ll)\b", re.IGNORECASE)
"""What English has behind an apostrophe: the "m" of "I'm 3 months behind" is no M3."""
_GOES_ON = re.compile(r"(?:[-.][^\W\d_]+)*[-.][^\W_]*\d")
"""How a version goes on behind a name: the "-3" of "AGI-3"."""
_FIGURE = r"(?:(?:19|20)\d\d(?!\w)|\d+(?:\.\d+)? ?(?:%|pct|per|point|min|hour|day|week|month|year))"
_PART = r"(?=[-.\w]*\d)[-.]?[^\W_]+(?:[-.][^\W_]+)*"
_SERIES = re.compile(r" ([^\W\d_]+)")
_VERSION = {
    "model": re.compile(rf"(?:{_PART}| (?!{_FIGURE})(?=[^\W_]*\d){_PART})+"),
    "benchmark": re.compile(rf"(?:{_PART})+| (?!{_FIGURE})\d(?![\w.]*\w)"),
}
"""A version behind a family of models, or behind a benchmark: "-9", " 9 mini"."""
_BESIDE = frozenset("on at in from by of vs versus and or gap lag the than ai models model open labs lab".split())
"""What stands behind a name that begins a text."""
_BEFORE, _BEFORE_A_CODE = frozenset("on at vs".split()), frozenset("vs versus the from than compare do are of".split())
"""What stands before a name, or a country's code, that is written without a capital."""


@dataclass(frozen=True)
class Mention:
    """A name in a text, `typed` there from `start` to `end`.

    `value` is its shown form; None where it fits several, `choices`, or nothing that is known. `since` is the release
    day (ISO) of a model, `is_open` its openness where known, `lab` its lab. An `ordinary` name is also a word, and
    shows little of what a text is about.
    """

    kind: str
    value: str | None
    typed: str
    choices: tuple[str, ...] = ()
    since: str = ""
    is_open: bool | None = None
    lab: str = ""
    ordinary: bool = False
    start: int = 0
    end: int = 0


@dataclass(frozen=True, eq=False, repr=False)
class NameIndex:
    """All names of a revision of the data.

    `spellings` are by plain form, with their kind; `of_domains` the benchmarks of each domain, those of the headline
    first; `begun` what begins several models' names; `families` the lab of a family of models; `openness` a model's
    openness and lab by id; `series` the words in models' names; `closed_labs` the labs whose models are closed; `terms`
    the glossary's; `units` the benchmarks' units by shown name; `newest` the last day of the data.
    """

    spellings: dict[str, tuple[str, Name]]
    of_domains: dict[str, tuple[str, ...]]
    begun: dict[str, tuple[Name, ...]]
    families: dict[str, str]
    models: tuple[Name, ...]
    benchmarks: tuple[Name, ...]
    openness: dict[str, tuple[bool, str]]
    terms: dict[str, Name]
    series: frozenset[str]
    closed_labs: frozenset[str]
    units: dict[str, str]
    newest: date

    @cached_property
    def by_digits(self) -> dict[str, list[str]]:
        """Return the spellings by the digits in them: a slip of typing never changes one."""
        found: dict[str, list[str]] = defaultdict(list)
        for spelling in self.spellings:
            if spelling not in _nicknames()["written"]:
                found[digits(spelling)].append(spelling)
        return found

    @cached_property
    def of_terms(self) -> "NameIndex":
        """Return an index of the glossary's terms alone: a term may be a name, too."""
        terms = {spelling: ("term", name) for spelling, name in self.terms.items()}
        return replace(self, spellings=terms, of_domains={}, begun={}, families={}, series=frozenset())

    def kind(self, spelling: str) -> str | None:
        """Return of what kind a plain spelling is, None if it is no name."""
        return self.spellings[spelling][0] if spelling in self.spellings else None

    def mention(self, typed: str) -> Mention | None:
        """Return what a text is the name of, None if of nothing."""
        if " " in typed:
            typed = _NUMBER.sub(lambda word: _NUMBERS[word[0].lower()], typed)
        spelling = plain(typed)
        known = spelling if spelling in self.spellings else _places().get(spelling, spelling)
        is_ordinary = spelling in _nicknames()["ordinary"]
        if known in self.spellings:
            kind, name = self.spellings[known]
            if kind == "model":
                return self._model(typed, ordinary=is_ordinary)
            return Mention(kind, name.shown, typed, ordinary=is_ordinary)
        if spelling in self.begun:
            return self._choice(typed, self.begun[spelling])
        if spelling in self.families:
            return Mention("lab", self.families[spelling], typed, ordinary=is_ordinary)
        return Mention("country", None, typed) if spelling in _nicknames()["regions"] else None

    def _model(self, typed: str, *, ordinary: bool = False) -> Mention:
        try:
            name = names.find("model", typed, self.models)
        except UsageError as error:
            return Mention("model", None, typed, error.suggestions[:OFFERED])
        is_open, lab = self.openness.get(name.key[0], (None, ""))
        return Mention("model", name.shown, typed, (), name.since, is_open, lab, ordinary)

    def _choice(self, typed: str, fitting: tuple[Name, ...]) -> Mention:
        fitting = tuple(name for name in fitting if name.has_headline) or fitting  # others have no gap to tell
        if len({without_version(name.shown) for name in fitting}) == 1:  # versions of one name: the first is meant
            return self._model(min(fitting, key=lambda name: (name.since, name.key)).shown)
        if digits(typed):
            ordered = sorted(fitting, key=lambda name: (len(name.shown), name.shown))
        else:  # of a series the newest are meant
            ordered = sorted(fitting, key=lambda name: name.since, reverse=True)
        return Mention("model", None, typed, tuple(name.shown for name in ordered[:OFFERED]))

    def nearest(self, typed: str) -> Mention | None:
        """Return the name of which a text is a small slip: one letter in six, never a digit."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        wanted = plain(typed)
        slips = len(wanted) // LETTERS_PER_SLIP
        near = self.by_digits.get(digits(wanted), []) if slips else []
        found = process.extractOne(wanted, near, scorer=OSA.distance, score_cutoff=slips)
        if found is None or (found[0].startswith(wanted) and self.kind(found[0]) == "model"):
            return None  # "command" is not "Command A" misspelt
        return self.mention(found[0])


@names.read_once
def name_index(store: Store) -> NameIndex:
    """Return the names of the store's revision; those of the last one that was read are kept."""
    models, rows = names.models(store), queries.models(store)
    spellings = _spellings(store)
    return NameIndex(
        spellings,
        _of_domains(store),
        _begun(models, spellings),
        _families(rows, spellings),
        tuple(models),
        tuple(names.benchmarks(store)),
        {row[0]: (bool(row[7]), row[5]) for row in rows},
        _terms(store),
        frozenset(word for name in models for word in re.findall(r"[^\W\d_]{3,}", name.shown.lower())),
        _closed_labs(rows),
        {row[2]: row[5] for row in queries.boards(store)},
        queries.known_days(store)[1],
    )


@cache
def _nicknames() -> dict[str, frozenset[str]]:
    """Return the words of `nicknames.txt` by their heading; of the ordinary ones those that are names as `written`."""
    found: dict[str, list[str]] = defaultdict(list)
    heading = ""
    lines = Path(__file__).with_name("nicknames.txt").read_text(encoding="utf-8").splitlines()
    for line in (each for each in lines if each[0] != "#"):
        if line[0] != " ":
            heading, _, line = line.partition(":")
        found[heading] += line.split()
    found["written"] = [word[1:] for word in found["ordinary"] if word[0] == "!"]
    return {heading: frozenset(word.lstrip("!") for word in words) for heading, words in found.items()}


@cache
def _places() -> dict[str, str]:
    return {word: place for place, words in _nicknames().items() for word in words if place.islower()}


def _spellings(store: Store) -> dict[str, tuple[str, Name]]:
    """Return every plain spelling with the kind and name that it stands for; a benchmark goes before a model."""
    publishers = dict.fromkeys(each for row in queries.published(store) for each in row[1].split(" and "))
    kinds = (
        *((kind, names.KINDS[kind](store)) for kind in ("benchmark", "model", "lab", "country")),
        ("publisher", [Name((source,), source, tuple(re.findall(r"[\w-]{3,}", source))) for source in publishers]),
    )
    found: dict[str, tuple[str, Name]] = {}
    for kind, known in kinds:
        for name in known:
            for spelling in (name.plain, *name.plain_aliases):
                if len(spelling) > 1 and not spelling.isdigit():
                    found.setdefault(spelling, (kind, name))
    return found


def _of_domains(store: Store) -> dict[str, tuple[str, ...]]:
    """Return the shown names of each domain's benchmarks, those of the headline first."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in sorted(queries.boards(store), key=lambda row: not row[4]):
        found[row[13]].append(row[2])
    return {domain: tuple(shown) for domain, shown in found.items() if domain}


def _terms(store: Store) -> dict[str, Name]:
    """Return the terms of the glossary by every plain spelling, that without its brackets too."""
    return {
        spelling: name
        for name in names.terms(store)
        for spelling in (name.plain, *name.plain_aliases, plain(without_version(name.shown)))
    }


def _begun(models: list[Name], spellings: dict[str, tuple[str, Name]]) -> dict[str, tuple[Name, ...]]:
    """Return what begins several models' names, with a version in it ("DeepSeek V4", "V4") or without any."""
    found: dict[str, dict[str, Name]] = defaultdict(dict)
    for name in models:
        if not name.since:
            continue  # a model without a release date can't be asked about
        for beginning in _beginnings(without_version(name.shown).lower()):
            if beginning not in spellings:
                found[beginning][name.shown] = name
    return {beginning: tuple(fitting.values()) for beginning, fitting in found.items()}


def _beginnings(shown: str) -> Iterator[str]:
    """Yield the plain beginnings of a model's name that hold a version, with and without the maker's word.

    Those of its family and series too: "Claude Haiku" of Claude 3.5 Haiku.
    """
    words = [plain(word) for word in _WORD.findall(shown)]
    for first in (0, 1):
        for last in range(first + 1, len(words)):
            beginning = "".join(words[first:last])
            if digits(beginning) and not beginning.isdigit():
                yield beginning
    series = [word for word in words if len(word) > 2 and word.isalpha()]
    if len(series) > 1 and " + " not in shown and series[0] != "open":  # "open llama" says which side
        yield "".join(series[:2])


def _families(rows: list[Any], spellings: dict[str, tuple[str, Name]]) -> dict[str, str]:
    """Return the lab of each family of models by its name: "Llama" is Meta's, most of the models called so being."""
    labs: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        family = re.match(r"[a-z]{3,}", row[1].lower())
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


# ---- the names in a text


def mentions(text: str, known: NameIndex, is_word: Callable[[str], bool]) -> list[Mention]:
    """Return the names in a text, in order: the longest at each place, and then small slips of typing.

    What looks like a version of something known, and is none ("GPT-9", "ARC-AGI-3"), has no value and no choices.
    `is_word` says of a word in lower case that it is one by itself, and so no misspelt name.
    """
    words = list(_WORD.finditer(text))
    found: dict[int, Mention] = {}
    taken: set[int] = set()

    def take(first: int, end: int, mention: Mention) -> None:
        start = words[first].start()
        found[first] = replace(mention, typed=text[start:end][:_LONGEST_TYPED], start=start, end=end)
        taken.update(place for place in range(first, len(words)) if words[place].start() < end)

    for first in range(len(words)):
        exact = next(_exact(text, words, first, known), None) if first not in taken else None
        if exact:
            take(first, *exact)
    for first, end, mention in _slipped(text, words, found, taken, known, is_word):
        take(first, end, mention)
    for first in range(len(words)):
        ahead = min((each.start for place, each in found.items() if place > first), default=len(text))
        unknown = _unknown_version(text[:ahead], words[first], found.get(first), known)
        if unknown and (first in found or first not in taken):
            take(first, *unknown)
    whole = sorted(found.values(), key=lambda each: each.start)
    return [each for place, each in enumerate(whole) if not place or each.start >= whole[place - 1].end]


def _exact(text: str, words: list[re.Match[str]], first: int, known: NameIndex) -> Iterator[tuple[int, Mention]]:
    """Yield where names end that begin at a word and are spelled as they are known, longest first, and the names."""
    start = words[first].start()
    is_inside = start > 1 and text[start - 1] in "-." and text[start - 2].isalnum() and text[start].isdigit()
    if is_inside or _BEHIND_AN_APOSTROPHE.match(text, start):
        return
    for last in range(min(len(words), first + _LONGEST), first, -1):
        end = words[last - 1].end()
        mention = None if _GOES_ON.match(text, end) else known.mention(text[start:end])
        if mention and _is_written_as_name(text, start, end, known):
            yield end, mention


def _is_written_as_name(text: str, start: int, end: int, known: NameIndex) -> bool:
    """Whether a name that is a word too stands as a name: with a capital within the text, or beside what shows it."""
    typed, before, after = text[start:end], text[:start].lower().split(), text[end:].lower().split()
    previous, following = before[-1] if before else "", after[0].strip("?!.,:;") if after else ""
    if plain(typed) == "openai" and " " in typed:
        return not following.startswith("model")  # "open AI models"
    if plain(typed) not in _nicknames()["written"]:
        return True
    if len(typed) == 2 and typed.isalpha():  # a country's code
        is_listed = previous in ("and", "or") and len(before) > 1
        return typed.isupper() or previous in _BEFORE_A_CODE or known.kind(plain(previous)) == "country" or is_listed
    if typed[0].isupper():
        return bool(before) or following in _BESIDE
    return previous in _BEFORE or text[end : end + 1] == "'"


def _slipped(
    text: str, words: list[re.Match[str]], found: dict[int, Mention], taken: set[int], known: NameIndex,
    is_word: Callable[[str], bool],
) -> Iterator[tuple[int, int, Mention]]:  # fmt: skip
    """Yield the misspelt names: runs of words that are no names, or begin with a family; neither end is a word."""
    odd = {place for place, word in enumerate(words) if place not in taken and not is_word(word[0].lower())}
    tried = 0
    first = 0
    while first < len(words) and tried < _MOST_TRIED:
        is_family = first in found and found[first].kind == "lab" and first + 1 in odd
        after = first + 1
        for last in range(min(len(words), first + _LONGEST_SLIPPED), first + is_family, -1):
            own = set(range(first + is_family, last))
            if not (first in odd or is_family) or own & taken or not (last - 1 in odd or digits(words[last - 1][0])):
                continue
            tried += 1
            mention = known.nearest(text[words[first].start() : words[last - 1].end()])
            if mention:
                yield first, words[last - 1].end(), mention
                after = last
                break
        first = after


def _unknown_version(
    text: str, word: re.Match[str], span: Mention | None, known: NameIndex
) -> tuple[int, Mention] | None:
    """Return where a version ends that is none of what it seems to be of, and its mention; None where none stands."""
    letters = re.match(r"[a-z]*", word[0].lower())
    family = letters[0] if letters and len(letters[0]) > 2 else ""
    named = span or (known.mention(family) if family else None)
    is_series = named is not None and named.kind == "model" and not digits(named.typed)  # "Claude Opus", before a 9
    if named and named.kind == "lab" and " " not in named.typed:
        is_series = True
    elif named is None or not (is_series or named.kind == "benchmark"):
        return None
    end = span.end if span else word.end()
    while is_series and (series := _SERIES.match(text, end)) and series[1].lower() in known.series:
        end = series.end()
    kind = "model" if is_series else "benchmark"
    version = _VERSION[kind].match(text, end)
    if version is None and (span or not digits(word[0])):
        return None
    lab = named.value if named.kind == "lab" else known.families.get(family)
    return version.end() if version else word.end(), Mention(kind, None, "", lab=lab or "")
