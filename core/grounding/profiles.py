"""What each fact is about: how it may be said follows from its key, its unit, its subject and the words it shows."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from core.answer import Fact
from core.grounding.backing import TIMES, Backing, backing_from, is_name
from core.grounding.lexicon import MOVES, themes_of
from core.grounding.names import Names, canonical, fact_index, known_index
from core.grounding.numbers import Number, unit_name
from core.grounding.reading import Reading, read

STANDING = (Fact("interval", 0.9, "share", "what “likely” stands for", "90 %"),)
"""What is true of every answer: its ranges are meant to hold in nine cases of ten."""
_COUNTS = ("results", "tests", "levels", "scores", "leaders", "names", "citations", "publishers")
_SCORE = frozenset(("level", "score"))
_CHANGE = frozenset(("change", "clear", "long", "went", "move", "stayed"))
_MOVED = re.compile(r"\b(?P<up>wider|worse|longer)\b|\b(?P<down>narrower|better|shorter)\b")
_CANT = re.compile(r"\bcan't tell\b|\bno figure\b")
_EITHER = re.compile(r"\bprivate minus public\b|\bleft minus right\b")
_LONGER = re.compile(r"\d (?:longer|shorter)$")
_OTHERS = re.compile(r"\band (?P<rest>\w+) (?:others?|more)\b")
_FIGURE = re.compile(r"\d")
_LISTED = re.compile(
    r"; (?:and )?|(?<=\w): |(?<=\))(?:, (?:and )?| and )(?=\S)|(?:, "
    r"| and )(?=[\d.,]+(?: to [\d.,]+)? (?:%|minutes|points) on )"
    r"|, (?=[\d.]+(?: to [\d.]+)? on (?:private|public))"
)
"""Where a fact's words go on to another thing."""
_WENT = re.compile(r"\bfrom [\d.]+ months")
_WENT_KEY = re.compile(r"\b(?:went|move|stayed)\b")
_BEHIND_ON = re.compile(r"\bon(?: the)? $")
_OF_BOARD = re.compile(r"^(?:gap|about|basis|leans|oldest_board|where|waiting)\b|\.(?:level|until|lag)$")


@dataclass(frozen=True)
class Profile:
    """A fact, or one clause of it, with what it backs and what a sentence must be about that says it.

    `access` and `names` are of its own subject; `event` holds the names of the facts beside it too, as of one model's
    match of another's score. `themes` are what its sentence must speak of, empty where it is a plain figure of the
    gap; `ranges` are the pairs of numbers that it gives as a range; `side` is open or closed where it is of one alone.
    """

    fact: Fact
    kind: str
    backing: Backing
    access: frozenset[str]
    names: frozenset[str]
    event: frozenset[str]
    without: frozenset[str]
    themes: frozenset[str]
    ranges: tuple[tuple[Number, Number], ...]
    side: str

    @property
    def sign(self) -> int:
        """Return the sign of the value, 0 where it has none."""
        value = self.fact.value
        return 0 if not isinstance(value, int | float) else (value > 0) - (value < 0)

    @property
    def moved(self) -> int:
        """Return which way a change went, 1 for wider; 0 where its words leave that open."""
        if self.kind != "change" or _CANT.search(self.fact.shown):
            return 0
        ways = {found.lastgroup for found in _MOVED.finditer(self.fact.shown)}
        return 0 if len(ways) != 1 else (1 if ways == {"up"} else -1)

    def themes_for(self, number: Number) -> frozenset[str]:
        """Return what the sentence must speak of for one of the numbers: a count or points are told by their unit."""
        if number.unit == "points":
            return frozenset()
        is_counted = self.kind == "count" and number.unit == unit_name(self.fact.unit)
        return self.themes & MOVES if is_counted and number.unit in _COUNTS else self.themes

    def is_bound(self, number: Number) -> bool:
        """Whether a number of the backing is an end of a range, and no figure by itself."""
        return any(number.text and number.text == end.text for pair in self.ranges for end in pair)


@dataclass(frozen=True)
class Known:
    """All facts of an answer as profiles, with the names of these and of everything that exists.

    `scope` is what the whole answer is about, where that is one thing: an access class, a test, a country.
    """

    profiles: tuple[Profile, ...]
    own: Names
    all: Names
    boards: frozenset[str]
    sides: Mapping[str, str]
    scope: frozenset[str]
    words: frozenset[str]
    """Every word of the facts, in small letters."""

    @cached_property
    def has_figures(self) -> bool:
        """Whether there are figures over many tests beside those of single matches."""
        return any(each.kind == "lag" and each.access and not each.names for each in self.profiles)

    @cached_property
    def open_led(self) -> frozenset[str]:
        """Return the tests on which an open model leads, where the facts list them."""
        listed = (each for each in self.profiles if each.fact.key == "open" and unit_name(each.fact.unit) == "tests")
        return frozenset(name for each in listed for name in each.names & self.boards)

    @cached_property
    def has_halves(self) -> bool:
        """Whether a fact says how long half of the levels took."""
        return any("half" in each.themes for each in self.profiles)

    def read(self, text: str) -> Reading:
        """Read a text with these names."""
        return read(text, self.own, self.all)


@lru_cache(maxsize=64)
def known_of(facts: tuple[Fact, ...], names: frozenset[str]) -> Known:
    """Read facts once: they are kept, as texts about them are checked again and again."""
    facts = (*facts, *_totals(facts), *(each for each in STANDING if each.key not in {fact.key for fact in facts}))
    index = _Facts(facts, names)
    profiles = tuple(profile for fact in facts for profile in index.profiles(fact))
    boards = index.boards()
    return Known(profiles, index.own, index.all, boards, index.sides(), _scope(facts, profiles, boards), _words(facts))


def _totals(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """Return how many biases there are, which make the gap look larger and smaller."""
    biases = [each.value for each in facts if each.key in ("biases.larger", "biases.smaller")]
    total = sum(each for each in biases if isinstance(each, int | float))
    return (Fact("biases", total, "biases", "all biases", f"{total} biases"),) if total else ()


class _Facts:
    """The facts of an answer while they are read: each one's subject and the clauses of what it shows."""

    def __init__(self, facts: tuple[Fact, ...], names: frozenset[str]) -> None:
        self.facts = facts
        self.own, self.all = fact_index(facts, names), known_index(names)
        self.subjects = {fact.key: self._read(fact.subject) for fact in facts}
        self.clauses = {fact.key: [self._read(each) for each in _clauses(fact)] for fact in facts}
        self.named = [fact for fact in facts if is_name(fact)]
        self.by_parent: defaultdict[str, list[str]] = defaultdict(list)
        for fact in facts:
            if "." in fact.key:
                self.by_parent[_parent(fact.key)].append(fact.key)

    def _read(self, text: str) -> Reading:
        return read(text, self.own, self.all)

    def _said(self, key: str) -> frozenset[str]:
        return frozenset(name for clause in self.clauses[key] for name in _names(clause))

    def profiles(self, fact: Fact) -> list[Profile]:
        """Return a profile for each clause of a fact; the first has its value."""
        subject = self.subjects[fact.key]
        above = [each for each in self.named if fact.key.startswith(f"{each.key}.")]
        access = _access(fact, subject, above)
        owners = _names(subject).union(*(self._said(each.key) for each in above if each.key != "model"))
        beside = [*self.by_parent.get(_parent(fact.key), ()), *self.by_parent.get(_parent(_parent(fact.key)), ())]
        beside += [each.key for each in above]
        beside += [each.key for each in self.named if each.key == "model"]
        event = frozenset(name for key in beside for name in self._said(key))
        found = []
        for number, clause in enumerate(self.clauses[fact.key]):
            own = owners | _names(clause) if number == 0 else _names(clause) or owners
            value = self._read(fact.value if isinstance(fact.value, str) and not number and not is_name(fact) else "")
            found.append(
                Profile(
                    fact=fact,
                    kind=_kind(fact),
                    backing=_backing(fact, clause, value, is_first=not number),
                    access=_in_clause(clause) or access,
                    names=own,
                    event=(event if number == 0 else frozenset()) | own,
                    without=_without(subject) | _without(clause),
                    themes=_themes(fact, subject, clause),
                    ranges=(*clause.ranges, *value.ranges) if not _WENT.search(clause.text) else _likely(clause),
                    side=_side(fact, subject),
                )
            )
        return found

    def boards(self) -> frozenset[str]:
        """Return the names that are tests: called so, the subjects of figures, or standing behind "on"."""
        found = {canonical(each.shown) for each in self.named if _is_board(each)}
        for reading in (*self.subjects.values(), *(clause for each in self.clauses.values() for clause in each)):
            for mark in reading.marks:
                if mark.kind == "without" or (mark.kind == "name" and _BEHIND_ON.search(reading.bare[: mark.start])):
                    found |= mark.values
        for fact in self.facts:
            if _OF_BOARD.search(fact.key) and not re.search(r" (?:on|after|before) ", fact.subject):
                found |= _names(self.subjects[fact.key])
            if unit_name(fact.unit) == "tests" and not fact.subject.startswith(
                ("best open models", "best closed models")
            ):
                found |= self._said(fact.key)
        return frozenset(found - set(_sides(self.facts)))

    def sides(self) -> dict[str, str]:
        """Return which models are open and which closed; of the models that lead most tests too."""
        tops = ((name, side) for side in ("open", "closed") for key in (f"top.{side}",) if key in self.clauses
                for name in self._said(key))  # fmt: skip
        return {**dict(tops), **_sides(self.facts)}


def _clauses(fact: Fact) -> list[str]:
    """Split what a fact shows where it lists several things, each with figures of its own."""
    if is_name(fact) and not _FIGURE.search(fact.shown):
        return [fact.shown]
    return [each for each in _LISTED.split(fact.shown) if each.strip()] or [fact.shown]


def _backing(fact: Fact, clause: Reading, value: Reading, *, is_first: bool) -> Backing:
    of_value = replace(fact, value=fact.value if is_first else None)
    numbers = [*clause.numbers, *_listed_in_all(clause)]
    found = backing_from(of_value, numbers, list(clause.days), list(value.numbers), list(value.days))
    if isinstance(fact.value, int | float) and _CANT.search(fact.shown):  # what can't be told is no figure
        return Backing(tuple(each for each in found.numbers if each.text), found.days)
    return found


def _listed_in_all(clause: Reading) -> list[Number]:
    """Return how many "A, B, C and 3 others" are, all told."""
    found = _OTHERS.search(clause.text)
    rest = [each for each in clause.numbers if found and found.start("rest") <= each.start < found.end("rest")]
    names = [mark for mark in clause.marks if mark.kind == "name" and found and mark.end <= found.start("rest")]
    return [Number(-1, "", each.value + len(names), 0) for each in rest if names]


def _parent(key: str) -> str:
    return key.rpartition(".")[0]


def _names(reading: Reading) -> frozenset[str]:
    return frozenset(name for mark in reading.marks if mark.kind == "name" for name in mark.values)


def _without(reading: Reading) -> frozenset[str]:
    return frozenset(name for mark in reading.marks if mark.kind == "without" for name in mark.values)


def _in_clause(clause: Reading) -> frozenset[str]:
    return frozenset(value for mark in clause.marks if mark.kind == "access" for value in mark.values)


def _likely(clause: Reading) -> tuple[tuple[Number, Number], ...]:
    """Return the ranges of a clause that says from where to where a figure went: only what is likely is one."""
    return tuple(pair for pair in clause.ranges if re.search(r"\blikely $", clause.text[: pair[0].start]))


def _is_board(fact: Fact) -> bool:
    return fact.key.split(".")[-1] in ("board", "test") or fact.subject in ("benchmark", "a test")


def _kind(fact: Fact) -> str:
    """Return what kind of thing a fact says: lag, change, difference, count, score, share, date or name."""
    unit, parts = unit_name(fact.unit), set(fact.key.split("."))
    if is_name(fact):
        return "name"
    if unit.startswith("date"):
        return "date"
    if unit in TIMES:
        if _EITHER.search(fact.subject) or _LONGER.search(fact.shown):
            return "difference"
        return "change" if parts & _CHANGE else "lag"
    if unit in ("percent", "minutes"):
        if "minus" in fact.subject:
            return "difference"
        return "score" if parts & _SCORE or " on " in fact.subject else "share"
    return "share" if unit in ("share", "fraction", "fractions") else "count"


def _access(fact: Fact, subject: Reading, above: list[Fact]) -> frozenset[str]:
    """Return the access classes that a fact is of: by its key, its subject, or the side that its key begins with."""
    found = set(re.findall(r"private|public(?!ation)", fact.key)) | _in_clause(subject)
    return frozenset(found.union(*(re.findall(r"\b(?:private|public)\b", each.shown) for each in above)))


def _side(fact: Fact, subject: Reading) -> str:
    found = {part for part in fact.key.split(".") if part in ("open", "closed")}
    if not found and fact.unit:
        found = {value for mark in subject.marks if mark.kind == "side" for value in mark.values}
    return found.pop() if len(found) == 1 else ""


def _themes(fact: Fact, subject: Reading, clause: Reading) -> frozenset[str]:
    """Return what a sentence must speak of to say a fact; plain counts and scores are told by their units."""
    if is_name(fact) or _kind(fact) in ("score", "date"):
        return frozenset()
    found = themes_of(f"{subject.bare.lower()} · {clause.bare.lower()}", fact.key)
    return found | {"change"} if _kind(fact) == "change" and not _WENT_KEY.search(fact.key) else found


def _sides(facts: tuple[Fact, ...]) -> dict[str, str]:
    """Return which models are open and which closed: by the key of a name, or by its subject."""
    found: dict[str, str] = {}
    for fact in facts:
        sides = {part for part in fact.key.split(".") if part in ("open", "closed")}
        sides = sides or set(re.findall(r"\b(open|closed)\b(?= (?:model|weights)|$)", fact.subject))
        if is_name(fact) and len(sides) == 1:
            found[canonical(fact.shown)] = sides.pop()
    return found


def _words(facts: tuple[Fact, ...]) -> frozenset[str]:
    texts = (f"{fact.subject} {fact.shown} {fact.value if is_name(fact) else ''}" for fact in facts)
    return frozenset(word.lower() for text in texts for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text))


def _scope(facts: tuple[Fact, ...], profiles: tuple[Profile, ...], boards: frozenset[str]) -> frozenset[str]:
    """Return what every figure of the gap is of: one access class or test, and the open models that are counted."""
    main = [each for each in profiles if re.match(r"(?:gap|where|waiting|middle)\.", each.fact.key)]
    access = frozenset(value for each in main for value in each.access)
    names = frozenset(name for each in main for name in each.names & boards)
    names = names if len(boards) > 1 else boards
    side = frozenset(canonical(fact.shown) for fact in facts if fact.key in ("side", "model", "board"))
    return side.union(*(each for each in (access, names) if len(each) == 1))
