"""An index of all names in the data. It finds the names in a text and their places, in any spelling and with typos."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache, cached_property
from itertools import accumulate
from typing import Any

from core.dataclass import dataclass
from core.errors import UsageError
from core.names import names
from core.names.names import LETTERS_PER_TYPO, OFFERED, SIZE, Name, digits, nicknames, plain, without_version
from core.store import queries
from core.store.store import Store

_MANY = 0.8
"""What holds for this share of a family's or lab's models counts for all."""
_HALF = 0.5
_LONGEST = 8
"""The maximum number of words in a name."""
_LONGEST_TYPO, _MOST_TRIED = 4, 60
"""The maximum number of words in a misspelt name, and of word sequences that are looked up."""
_LONGEST_TYPED = 40
_SHORTEST_WITH_TYPO = 5
"""A name of so many letters may have a typo in a text; what stands in a field alone needs more."""
_WORD = re.compile(r"[^\W_]+(?:\.\d+)*")
_NUMBERS = {word: str(number) for number, word in enumerate("one two three four five six seven eight nine".split(), 1)}
_NUMBER = re.compile(rf"\b(?:{'|'.join(_NUMBERS)})\b| point(?= )", re.IGNORECASE)
"""A version as people say it: "k three", "opus four point six"."""
_NUMBERS[" point"] = ""
_HEADINGS = ("ordinary", "regions", "written")
_OF_A_MAKER = re.compile(r"(?:['’]s)? (?:\w+ )?(?:models?|labs?|family|families|team|series|llms?)\b", re.IGNORECASE)
"""What stands behind a family that is named for all of its models."""
_AFTER_APOSTROPHE = re.compile(r"(?<=\w['’])(?:s|m|t|d|re|ve|ll)\b", re.IGNORECASE)
"""Endings after an apostrophe: the "m" in "I'm 3 months behind" is not the model M3."""
_VERSION_SUFFIX = re.compile(r"(?:[-.][^\W\d_]+)*[-.][^\W_]*\d")
"""The rest of a version after a name: the "-3" of "AGI-3"."""
_UNIT = r" ?(?:%|(?:pct|per|percent|point|min|minute|hour|day|week|month|year)s?\b)"
_FIGURE = rf"(?:(?:19|20)\d\d(?!\w)|\d+(?:\.\d+)?{_UNIT})"
_PART = r"(?=[-.\w]*\d)[-.]?[^\W_]+(?:[-.][^\W_]+)*"
_SERIES = re.compile(r" ([^\W\d_]+)")
_VERSION = {
    "model": re.compile(rf"(?:{_PART}| (?!{_FIGURE})(?=[^\W_]*\d){_PART})+"),
    "benchmark": re.compile(rf"(?:{_PART})+| (?!{_FIGURE})\d(?![\w.]*\w)"),
}
"""A version after a model family or a benchmark: "-9", " 9 mini"."""
_BESIDE = frozenset("on at in from by of vs versus and or gap lag the than ai models model open labs lab".split())
"""Words that may follow a name at the beginning of a text."""
_BEFORE, _BEFORE_A_CODE = frozenset("on at vs".split()), frozenset("vs versus the from than compare do are of".split())
"""Words that may precede a lower-case name, or a lower-case country code."""


@dataclass(frozen=True)
class Mention:
    """A name in a text, written as `typed` from `start` to `end`.

    `value` is the shown name; None if several names match (`choices`), or none. A model has its release day `since`
    (ISO), `is_open` (None if unknown) and `lab`. A family of closed models is its lab, with its newest flagship as the
    one choice. An `ordinary` name is also a common word, so it says little about a text's subject.
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


@dataclass(frozen=True, eq=False)
class NameIndex:
    """All names in a revision of the data.

    `spellings`: kind and name by plain form. `of_domains`: each domain's benchmarks, headline benchmarks first.
    `beginnings`: models by a beginning that several names share. `families`: the lab of a model family. `openness`:
    whether a model is open, and its lab, by id. `series`: words in models' names. `closed_labs`: labs whose models are
    closed. `terms`: the glossary's terms. `units`: benchmarks' units by shown name. `newest`: the last day of the data.
    `flagships`: the ids of models that were their lab's best on a headline test at their release. `countries`: the
    country of each lab.
    """

    spellings: dict[str, tuple[str, Name]]
    of_domains: dict[str, tuple[str, ...]]
    beginnings: dict[str, tuple[Name, ...]]
    families: dict[str, str]
    models: tuple[Name, ...]
    benchmarks: tuple[Name, ...]
    openness: dict[str, tuple[bool, str]]
    terms: dict[str, Name]
    series: frozenset[str]
    closed_labs: frozenset[str]
    units: dict[str, str]
    newest: date
    flagships: frozenset[str]
    countries: dict[str, str]

    @cached_property
    def by_digits(self) -> dict[str, list[str]]:
        """Return the spellings by their digits, which no typo changes."""
        spellings: dict[str, list[str]] = defaultdict(list)
        for spelling in {**self.spellings, **self.beginnings, **self.families}:
            if spelling not in nicknames()["written"]:
                spellings[digits(spelling)].append(spelling)
        return spellings

    @cached_property
    def of_terms(self) -> "NameIndex":
        """Return an index of the glossary's terms alone; a term may also be a name."""
        terms = {spelling: ("term", name) for spelling, name in self.terms.items()}
        return replace(self, spellings=terms, of_domains={}, beginnings={}, families={}, series=frozenset())

    def kind(self, spelling: str) -> str | None:
        """Return the kind of a plain spelling; None if it is not a name."""
        return self.spellings[spelling][0] if spelling in self.spellings else None

    def mention(self, text: str) -> Mention | None:
        """Parse a whole text as a mention; None if it is not a name."""
        spelling = plain(text)
        if " " in text and spelling not in self.spellings and _NUMBER.search(text):
            text = _NUMBER.sub(lambda word: _NUMBERS[word[0].lower()], text)
            spelling = plain(text)
        letters = spelling.rstrip("0123456789")
        meant = letters if spelling in self.spellings else _other_words().get(letters, letters)
        name_form = spelling.replace(letters, meant, 1)
        is_ordinary = spelling in nicknames()["ordinary"]
        if name_form in self.spellings:
            kind, name = self.spellings[name_form]
            if kind == "model":
                return self._mention_model(text if name_form == spelling else name_form, ordinary=is_ordinary)
            is_of_family = kind == "lab" and not name.plain.startswith(spelling)  # "Qwen" names models of Alibaba's
            is_open = self._is_open(spelling) if is_of_family else None
            return Mention(kind, name.shown, text, is_open=is_open, ordinary=is_ordinary)
        if name_form in self.beginnings:
            return replace(self._mention_choice(text, self.beginnings[name_form]), ordinary=is_ordinary)
        if name_form in self.families:
            is_open = self._is_open(name_form)
            product = () if is_ordinary or is_open is not False else self._product(name_form)
            return Mention("lab", self.families[name_form], text, product, is_open=is_open, ordinary=is_ordinary)
        return Mention("country", None, text) if spelling in nicknames()["regions"] else None

    def _mention_model(self, text: str, *, ordinary: bool = False) -> Mention:
        try:
            name = names.find("model", text, self.models)
        except UsageError as error:
            return Mention("model", None, text, error.suggestions[:OFFERED])
        is_open, lab = self.openness.get(name.key[0], (None, ""))
        return Mention("model", name.shown, text, (), name.since, is_open, lab, ordinary)

    def _mention_choice(self, text: str, matches: tuple[Name, ...]) -> Mention:
        matches = tuple(name for name in matches if name.has_headline) or matches  # other models have no gap
        if len({without_version(name.shown) for name in matches}) == 1:  # versions of one name: the first is meant
            return self._mention_model(min(matches, key=lambda name: (name.since, name.key)).shown)
        if not digits(text):  # a series: its newest model is meant
            return self._mention_model(max(matches, key=lambda name: name.since).shown)
        ordered = sorted(matches, key=lambda name: (name.key[0] in self.flagships, name.since, -len(name.shown)))[::-1]
        return Mention("model", None, text, tuple(name.shown for name in ordered[:OFFERED]))

    def _of_family(self, family: str) -> list[Name]:
        return [name for name in self.models if name.since and name.plain.startswith(family)]

    def _is_open(self, family: str) -> bool | None:
        """Whether most models of a family are open; False if nearly all are closed, None in between or without any."""
        are_open = [self.openness.get(name.key[0], (True, ""))[0] for name in self._of_family(family)]
        share = sum(are_open) / len(are_open) if are_open else _HALF
        return True if share > _HALF else False if share <= 1 - _MANY else None

    def _product(self, family: str) -> tuple[str, ...]:
        """Return the newest flagship of a family."""
        flagships = [name for name in self._of_family(family) if name.key[0] in self.flagships]
        return (max(flagships, key=lambda name: name.since).shown,) if flagships else ()

    def nearest(self, text: str) -> Mention | None:
        """Return the name that a text misspells: one typo in five letters, two in twelve, never in a digit."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        target = plain(text)
        most = max(len(target) // LETTERS_PER_TYPO, int(len(target) >= _SHORTEST_WITH_TYPO))
        candidates = self.by_digits.get(digits(target), []) if most else []
        best = process.extractOne(target, candidates, scorer=OSA.distance, score_cutoff=most)
        if best is None or best[0] == target or (best[0].startswith(target) and self.kind(best[0]) == "model"):
            return None  # "command" is not a typo of "Command A"
        is_another = best[0][0] != target[0] or (len(best[0]) == len(target) and sorted(best[0]) != sorted(target))
        if len(target) <= LETTERS_PER_TYPO and (is_another or len(best[0]) < _SHORTEST_WITH_TYPO):
            return None  # "clause" is another word than "Claude", and "meter" than "METR"
        return self.mention(best[0])


@names.cache_revision
def name_index(store: Store) -> NameIndex:
    """Return the index of the store's revision; the last revision's index is cached."""
    models, rows = names.models(store), queries.models(store)
    spellings = _spellings(store)
    return NameIndex(
        spellings,
        _of_domains(store),
        _shared_beginnings(models, spellings),
        _families(rows, spellings),
        tuple(models),
        tuple(names.benchmarks(store)),
        {row[0]: (bool(row[7]), row[5]) for row in rows},
        _terms(store),
        frozenset(word for name in models for word in re.findall(r"[^\W\d_]{3,}", name.shown.lower())),
        _closed_labs(rows),
        {row[2]: row[5] for row in queries.boards(store)},
        queries.known_days(store)[1],
        frozenset(row[0] for row in queries.flagships(store)),
        {row[5]: row[3] for row in rows},
    )


@cache
def _other_words() -> dict[str, str]:
    """Return the plain spelling that each nickname, and word of another language, stands for."""
    headings = {meant for meant in nicknames() if meant not in _HEADINGS and not meant.startswith("in_")}
    return {word: meant for meant in headings for word in nicknames()[meant]}


def _spellings(store: Store) -> dict[str, tuple[str, Name]]:
    """Return kind and name by plain spelling; if a benchmark and a model share a spelling, it means the benchmark."""
    kinds = ((kind, names.KINDS[kind](store)) for kind in ("benchmark", "model", "lab", "country", "publisher"))
    spellings: dict[str, tuple[str, Name]] = {}
    for kind, of_kind in kinds:
        for name in of_kind:
            for spelling in (name.plain, *name.plain_aliases):
                if len(spelling) > 1 and not spelling.isdigit():
                    spellings.setdefault(spelling, (kind, name))
    return spellings


def _of_domains(store: Store) -> dict[str, tuple[str, ...]]:
    """Return the shown names of each domain's benchmarks, headline benchmarks first."""
    names_by_domain: dict[str, list[str]] = defaultdict(list)
    for row in sorted(queries.boards(store), key=lambda row: not row[4]):
        names_by_domain[row[13]].append(row[2])
    return {domain: tuple(names) for domain, names in names_by_domain.items() if domain}


def _terms(store: Store) -> dict[str, Name]:
    """Return the glossary's terms by plain spelling, with and without their brackets."""
    return {
        spelling: name
        for name in names.terms(store)
        for spelling in (name.plain, *name.plain_aliases, plain(without_version(name.shown)))
    }


def _shared_beginnings(models: list[Name], spellings: dict[str, tuple[str, Name]]) -> dict[str, tuple[Name, ...]]:
    """Return models by the beginnings of their names: "DeepSeek V4", "V4", "Claude Haiku"."""
    matches: dict[str, dict[str, Name]] = defaultdict(dict)
    for name in models:
        if not name.since:
            continue  # a model without a release date can't be asked about
        for beginning in _beginnings(without_version(name.shown).lower()):
            if beginning not in spellings:
                matches[beginning][name.shown] = name
    return {beginning: tuple(by_name.values()) for beginning, by_name in matches.items()}


def _beginnings(name: str) -> Iterator[str]:
    """Yield the plain beginnings of a model's name that contain a version, with and without the first word.

    Also yields the family with a size ("Llama 405B"), with series and version in either order, and with the series.
    """
    words = [plain(word) for word in _WORD.findall(name)]
    for first in (0, 1):
        for last in range(first + 1, len(words)):
            beginning = "".join(words[first:last])
            if digits(beginning) and not beginning.isdigit() and not SIZE.fullmatch(beginning):
                yield beginning
    family = words[0].rstrip("0123456789")
    sizes = [word for word in words if SIZE.fullmatch(word)]
    yield from (f"{family}{size}" for size in sizes)
    versions, others = [word for word in words if word.isdigit()], [word for word in words[1:] if word.isalpha()]
    if len(versions) == 1 and not sizes:
        for series in accumulate(others):
            yield from (f"{family}{series}{versions[0]}", f"{family}{versions[0]}{series}")
    named = [word for word in words if len(word) > 2 and word.isalpha()]
    if len(named) > 1 and " + " not in name and named[0] != "open":  # "open llama" names a side
        yield "".join(named[:2])


def _families(rows: list[Any], spellings: dict[str, tuple[str, Name]]) -> dict[str, str]:
    """Return the lab of each model family (the names' first word): nearly all "Llama" models are Meta's."""
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
    """Return the labs with nearly all models closed."""
    closed: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        closed[row[5]].append(not row[7])
    return frozenset(lab for lab, models in closed.items() if lab and sum(models) >= _MANY * len(models))


# ---- the names in a text


def mentions(text: str, index: NameIndex, is_word: Callable[[str], bool]) -> list[Mention]:
    """Return the names in a text, in order: the longest match at each place, then misspelt names.

    An unknown version of a known name ("GPT-9", "ARC-AGI-3") has no value and no choices. `is_word` says whether a
    lower-case word is a common word; a common word is not a misspelt name.
    """
    words = list(_WORD.finditer(text))
    by_place: dict[int, Mention] = {}
    used_places: set[int] = set()

    def take(first: int, end: int, mention: Mention) -> None:
        start = words[first].start()
        by_place[first] = replace(mention, typed=text[start:end][:_LONGEST_TYPED], start=start, end=end)
        used_places.update(place for place in range(first, len(words)) if words[place].start() < end)

    for first in range(len(words)):
        exact_mention = next(_exact_mentions(text, words, first, index), None) if first not in used_places else None
        if exact_mention:
            take(first, *exact_mention)
    for first, end, mention in _misspelt_mentions(text, words, by_place, used_places, index, is_word):
        take(first, end, mention)
    for first in range(len(words)):
        next_start = min((mention.start for place, mention in by_place.items() if place > first), default=len(text))
        unknown = _unknown_version(text[:next_start], words[first], by_place.get(first), index)
        if unknown and (first in by_place or first not in used_places):
            take(first, *unknown)
    ordered = sorted(by_place.values(), key=lambda mention: mention.start)
    apart = [mention for n, mention in enumerate(ordered) if not n or mention.start >= ordered[n - 1].end]
    if any(mention.kind in ("lab", "country") and not mention.choices for mention in apart):
        return apart  # like is compared with like
    makers = {mention.lab for mention in apart if mention.kind == "model"}
    return [mention if mention.value in makers else _as_product(mention, text, index) for mention in apart]


def _as_product(mention: Mention, text: str, index: NameIndex) -> Mention:
    """Return the newest flagship if a name is a product's ("Claude"), else the mention unchanged."""
    if mention.kind != "lab" or not mention.choices or _OF_A_MAKER.match(text, mention.end):
        return mention
    flagship = index.mention(mention.choices[0]) or mention
    return replace(flagship, typed=mention.typed, start=mention.start, end=mention.end, ordinary=True)


def _exact_mentions(
    text: str, words: list[re.Match[str]], first: int, index: NameIndex
) -> Iterator[tuple[int, Mention]]:
    """Yield the correctly spelt names that begin at a word, longest first: (end, mention)."""
    start = words[first].start()
    is_inside = start > 1 and text[start - 1] in "-." and text[start - 2].isalnum() and text[start].isdigit()
    if is_inside or _AFTER_APOSTROPHE.match(text, start):
        return
    for last in range(min(len(words), first + _LONGEST), first, -1):
        end = words[last - 1].end()
        is_measured = last > first + 1 and words[last - 1][0].isdigit() and re.match(_UNIT, text[end:])
        mention = None if is_measured or _VERSION_SUFFIX.match(text, end) else index.mention(text[start:end])
        if mention and _is_written_as_name(text, start, end, index):
            yield end, mention


def _is_written_as_name(text: str, start: int, end: int, index: NameIndex) -> bool:
    """Whether a name that is also a common word is written as a name: capitalised, or beside a word that shows it."""
    typed, before, after = text[start:end], text[:start].lower().split(), text[end:].lower().split()
    previous, following = before[-1] if before else "", after[0].strip("?!.,:;") if after else ""
    if plain(typed) == "openai" and " " in typed:
        return not following.startswith("model")  # "open AI models"
    if plain(typed) not in nicknames()["written"]:
        return True
    if len(typed) == 2 and typed.isalpha():  # a country's code
        is_listed = previous in ("and", "or") and len(before) > 1
        return typed.isupper() or previous in _BEFORE_A_CODE or index.kind(plain(previous)) == "country" or is_listed
    if typed[0].isupper():
        return bool(before) or following in _BESIDE
    return previous in _BEFORE or text[end : end + 1] == "'"


def _misspelt_mentions(
    text: str, words: list[re.Match[str]], by_place: dict[int, Mention], used_places: set[int], index: NameIndex,
    is_word: Callable[[str], bool],
) -> Iterator[tuple[int, int, Mention]]:  # fmt: skip
    """Yield misspelt names: sequences of words that are not names, or that follow a family.

    Neither end is a common word.
    """
    odd = {place for place, word in enumerate(words) if place not in used_places and not is_word(word[0].lower())}
    n_tried = 0
    first = 0
    while first < len(words) and n_tried < _MOST_TRIED:
        is_family = first in by_place and by_place[first].kind == "lab" and first + 1 in odd
        after = first + 1
        for last in range(min(len(words), first + _LONGEST_TYPO), first + is_family, -1):
            own = set(range(first + is_family, last))
            if (
                not (first in odd or is_family)
                or own & used_places
                or not (last - 1 in odd or digits(words[last - 1][0]))
            ):
                continue
            n_tried += 1
            mention = index.nearest(text[words[first].start() : words[last - 1].end()])
            if mention:
                yield first, words[last - 1].end(), mention
                after = last
                break
        first = after


def _unknown_version(
    text: str, word: re.Match[str], span: Mention | None, index: NameIndex
) -> tuple[int, Mention] | None:
    """Return the end and the mention of an unknown version of a family or benchmark; None if there is none."""
    letters = re.match(r"[a-z]*", word[0].lower())
    family = letters[0] if letters and len(letters[0]) > 2 else ""
    mention = span or (index.mention(family) if family else None)
    # such as "Claude Opus" before a 9
    is_series = mention is not None and mention.kind == "model" and not digits(mention.typed)
    if mention and mention.kind == "lab" and " " not in mention.typed:
        is_series = True
    elif mention is None or not (is_series or mention.kind == "benchmark"):
        return None
    end = span.end if span else word.end()
    while is_series and (series := _SERIES.match(text, end)) and series[1].lower() in index.series:
        end = series.end()
    kind = "model" if is_series else "benchmark"
    version = _VERSION[kind].match(text, end)
    if version is None and (span or not digits(word[0])):
        return None
    lab = mention.value if mention.kind == "lab" else index.families.get(family)
    return version.end() if version else word.end(), Mention(kind, None, "", lab=lab or "")
