"""What a person's text says that no fact has: told beside the text, never a reason to refuse it.

Nothing is made of sense: figures, dates and names are looked up, and the words open, closed, private and public are
held against those that stand with the same figures in the facts and in the draft.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import compress
from typing import Literal

from core.answer import Fact
from core.names.name_index import Mention, NameIndex, mentions
from core.text.classes import CLASS, SIDES, runs
from core.text.numbers import MONTHS_OF, Day, Number, figures, namelike
from core.text.sentences import clauses, spans
from core.words import CLASSES, MONTHS, and_list

_HALF = 0.5 + 1e-6
_ALIKE = 0.75
"""Share of their words from which on a clause is one of the draft with a few words changed."""
_NOT_NAMES = frozenset(
    "ai ais llm llms api i h1 h2 q1 q2 q3 q4 monday tuesday wednesday thursday friday saturday sunday discord english"
    f" {' '.join(MONTHS).lower()}".split()
)
_CAPITAL = re.compile(r"(?<=[\w,;)%’”] )[A-Z][\w-]*[a-z][\w-]*|\b[A-Z][a-z]+[A-Z]\w*")
"""A word with a capital that begins no sentence, or with one inside."""
_TITLE_CASE = 0.5
"""From this share of long words with capitals on, a sentence is a headline in capitals."""
_OF_ONE_SIDE = ("score", "share")
"""Kinds of facts whose side a text can only name: other figures lie between open and closed models."""
_AHEAD = re.compile(r"\b(?:ahead|lead|leads|leading|led)\b", re.I)
"""Words that turn round who is named first: open models trail closed ones, closed ones lead."""
_RANGE = re.compile(
    r"\b[\d.]+(?: months)? ahead to [\d.]+(?: months)? behind\b|[,(] ?likely [\d.]+ to [\d.]+(?: months)? ahead\b", re.I
)
"""A range of months that reaches to where open models lead: its "ahead" turns nothing round."""
_LISTED = re.compile(r"\b(?:open|closed)[\w-]*(?: models)? (?:and|or|to|versus|vs) (?:open|closed)\b", re.I)
"""Both sides without an order: "between closed and open models"."""


@dataclass(frozen=True)
class Finding:
    """Something in a text that no fact has: where it stands, what stands there, and what the facts have."""

    start: int
    said: str
    kind: Literal["number", "date", "name", "class"]
    why: str

    @property
    def text(self) -> str:
        """Return it as a sentence."""
        return f"“{self.said}”: {self.why}."


def findings(text: str, facts: Iterable[Fact], *, own: Iterable[str] = (), names: NameIndex) -> tuple[Finding, ...]:
    """Return what a person's text says that no fact has, in order: figures, units, dates, names, classes changed over.

    `own` are the texts of the machine: what stands in them is never a finding.
    """
    known = _Known(tuple(facts), "\n".join(own), names)
    parts = _clauses(text, names)
    found = list(_strange_names(text, [(day.start, day.end) for each in parts for day in each.days], known))
    for clause in parts:
        is_own = known.has_clause(clause)
        draft = None if is_own else known.most_alike(clause)
        found += _strange_figures(clause, draft, known)
        found += [] if is_own else _changed_over(clause, draft, known)
    return tuple(sorted(found, key=lambda each: each.start))


@dataclass(frozen=True)
class _Clause:
    """A part of a text with its figures, its dates, and its words for classes."""

    start: int
    text: str
    numbers: tuple[Number, ...]
    days: tuple[Day, ...]
    classes: tuple[str, ...]

    def runs(self, of: Sequence[str]) -> list[str]:
        """Return the words of some classes, in order, without those that repeat the one before."""
        return runs(name for name in self.classes if name in of)

    @property
    def form(self) -> tuple[list[str], int]:
        """Return the units of its figures, and how many words for classes it has."""
        return [each.unit for each in self.numbers], len(self.classes)


def _clauses(text: str, names: NameIndex) -> list[_Clause]:
    numbers, days = figures(text, [(each.start, each.end) for each in _mentions(text, names)])
    return [
        _Clause(
            start,
            " ".join(text[start:end].split()),
            tuple(each for each in numbers if start <= each.start < end),
            tuple(each for each in days if start <= each.start < end),
            tuple(each.lastgroup or "" for each in CLASS.finditer(text, start, end)),
        )
        for start, end in clauses(text)
    ]


class _Known:
    """What the facts and the machine's own words have, read once for a text."""

    def __init__(self, facts: Sequence[Fact], own: str, names: NameIndex) -> None:
        self.index = names
        self.facts = facts
        self.clauses = _clauses(own, names)
        self.own = " ".join(own.lower().split())
        self.numbers = [(number, fact) for fact in facts for number in _numbers_of(fact)]
        self.days = [(day, fact) for fact in facts for day in _days_of(fact)]
        self.called = list(dict.fromkeys(each for fact in facts for each in (fact.model, fact.benchmark) if each))
        told = "\n".join([own, *self.called, *(part for fact in facts for part in (fact.shown, fact.subject))])
        self.names = {name for mention in _mentions(told, names) for name in (*_meant(mention), mention.lab)}
        self.words = f" {_plain(told)} "

    def has_clause(self, clause: _Clause) -> bool:
        """Whether a clause stands in the machine's own words."""
        return clause.text.strip(" .,;:").lower() in self.own

    def most_alike(self, clause: _Clause) -> _Clause | None:
        """Return the machine's clause with nearly the same words, and as many figures and classes; None for none."""
        alike = [
            (SequenceMatcher(None, each.text.split(), clause.text.split(), autojunk=False).ratio(), each)
            for each in self.clauses
            if each.form == clause.form
        ]
        share, found = max(alike, key=lambda each: each[0], default=(0.0, None))
        return found if share >= _ALIKE else None

    def has_words(self, said: str) -> bool:
        """Whether these words stand in a fact or in the machine's words, whatever stands between them."""
        return f" {_plain(said)} " in self.words

    def has_number(self, number: Number) -> bool:
        """Whether a number is a figure of a fact or of the machine's words."""
        own = (each for clause in self.clauses for each in clause.numbers if each.value == number.value)
        is_own = any(number.unit in ("", each.unit) for each in own)
        return is_own or bool(self.facts_of(number))

    def facts_of(self, number: Number) -> list[Fact]:
        """Return the facts whose figure a number is."""
        return [fact for good, fact in self.numbers if _is_same(good, number)]

    def is_one_figure(self, here: Number, number: Number) -> bool:
        """Whether two numbers are one figure, each as it is rounded."""
        return _is_same(here, number) or any(
            _is_same(each, here) and _is_same(each, number) for each, _ in self.numbers
        )

    def has_day(self, day: Day) -> bool:
        """Whether a date is one of a fact or of the machine's words."""
        own = [each for clause in self.clauses for each in clause.days]
        return any(_is_day(good, day) for good in (*own, *(each for each, _ in self.days)))


def _plain(text: str) -> str:
    return " ".join(each.lower() for each in re.findall(r"[^\W_]+", text))


def _shown(fact: Fact) -> str:
    return f"“{fact.shown}” ({fact.subject})"


# ---- figures and dates


def _numbers_of(fact: Fact) -> Iterator[Number]:
    unit, times = ("percent", 100.0) if fact.unit == "share" else (fact.unit, 1.0)
    for value in (fact.value, fact.low, fact.high):
        if isinstance(value, int | float):
            yield Number(0, 0, "", abs(value) * times, unit)
    if fact.level is not None:
        yield Number(0, 0, "", abs(fact.level), "")  # in the unit of its test


def _days_of(fact: Fact) -> Iterator[Day]:
    if fact.day:
        day = date.fromisoformat(fact.day)
        yield Day(0, 0, "", day.year, day.month, day.day)


def _strange_figures(clause: _Clause, draft: _Clause | None, known: _Known) -> Iterator[Finding]:
    """Find figures and dates that nothing has, and figures that stand where the draft has another."""
    for place, number in enumerate(clause.numbers):
        here = draft.numbers[place] if draft else number
        if not known.has_number(number):
            why = f"no fact has this figure{_nearest(here, known)}"
            yield Finding(number.start, number.with_unit, "number", why)
        elif not known.is_one_figure(here, number):
            yield Finding(number.start, number.with_unit, "number", f"the draft has “{here.with_unit}” here")
    for day in clause.days:
        if not known.has_day(day):
            yield Finding(day.start, day.text, "date", f"no fact has this date{_nearest_day(day, known)}")


def _is_same(good: Number, said: Number) -> bool:
    """Whether a number is a figure when it is rounded as it is told, and counts the same where both say what."""
    if good.unit == said.unit or not (good.unit and said.unit):
        return abs(good.value - said.value) <= _HALF * said.step
    if good.unit in MONTHS_OF and said.unit in MONTHS_OF:
        return abs(good.value - said.value * MONTHS_OF[said.unit] / MONTHS_OF[good.unit]) <= 1
    return False


def _is_day(good: Day, said: Day) -> bool:
    """Whether a date is one of a fact, as far as both say it."""
    pairs = ((good.year, said.year), (good.month, said.month), (good.day, said.day))
    return all(not told or one == told for one, told in pairs)


def _nearest(number: Number, known: _Known) -> str:
    """Return what the fact says whose figure is nearest, of the same unit where one is."""
    if not known.numbers:
        return ""
    _, fact = min(known.numbers, key=lambda each: (each[0].unit != number.unit, abs(each[0].value - number.value)))
    return f"; the facts have {_shown(fact)}"


def _nearest_day(day: Day, known: _Known) -> str:
    if not known.days:
        return ""

    def months_from(good: Day) -> float:
        return abs(12 * (good.year - day.year) + good.month - day.month + (good.day - day.day) / 31)

    return f"; the facts have {_shown(min(known.days, key=lambda each: months_from(each[0]))[1])}"


# ---- names


@lru_cache(maxsize=8)
def _mentions(text: str, names: NameIndex) -> tuple[Mention, ...]:
    """Return the names of the data in a text as they are written, and versions of them that there are not."""
    found = mentions(text, names, is_word=lambda _: True)
    is_name = (not each.typed.islower() and not (each.ordinary and _begins(text, each.start)) for each in found)
    return tuple(compress(found, is_name))


def _begins(text: str, start: int) -> bool:
    """Whether a sentence begins at a place."""
    before = text[:start].rstrip(' "“(-')
    return not before or before.endswith((".", "!", "?", ":", "\n"))


def _meant(mention: Mention) -> set[str]:
    """Return the names that a mention may stand for; none for a version that there is not."""
    return {*mention.choices, *([mention.value] if mention.value else [])}


def _strange_names(text: str, dates: Iterable[tuple[int, int]], known: _Known) -> Iterator[Finding]:
    """Find names that no fact has: of the data, words of letters and digits, and words with a capital."""
    named = {(each.start, each.end): _meant(each) for each in _mentions(text, known.index)}
    strange = [span for span, meant in named.items() if not meant & known.names]
    seen = [*named, *dates]
    for start, end in (*namelike(text), *_capitals(text)):
        if not any(first < end and start < last for first, last in seen):
            seen.append((start, end))
            strange.append((start, end))
    for start, end in strange:
        said = text[start:end]
        if not known.has_words(said) and said.lower() not in _NOT_NAMES:
            yield Finding(start, said, "name", f"no fact names it{_nearest_names(said, known)}")


def _capitals(text: str) -> Iterator[tuple[int, int]]:
    """Yield words with a capital where they are names: not in a headline that has one in most words."""
    for start, end in spans(text):
        long = re.findall(r"[^\W\d_]{4,}", text[start:end])[1:]
        if sum(word[0].isupper() for word in long) <= _TITLE_CASE * len(long):
            for found in _CAPITAL.finditer(text, start, end):
                yield found.span()


def _nearest_names(said: str, known: _Known) -> str:
    """Return the names of the facts, those most like it first."""
    if not known.called:
        return ""
    near = sorted(known.called, key=lambda each: -SequenceMatcher(None, said.lower(), each.lower()).ratio())
    return f"; the facts have {and_list(near)}"


# ---- classes


def _changed_over(clause: _Clause, draft: _Clause | None, known: _Known) -> Iterator[Finding]:
    """Find open and closed, private and public, where the facts or the draft have the other one."""
    lag = _lag_of(clause, known)
    why = (
        _other_class(clause, CLASSES, lambda fact: fact.access, known)
        or _other_class(clause, SIDES, lambda fact: fact.side if fact.kind in _OF_ONE_SIDE else "", known)
    )  # fmt: skip
    if lag and not why:
        first, last = SIDES if (float(lag.value or 0) >= 0) != _says_ahead(clause.text) else SIDES[::-1]
        if clause.runs(SIDES) == [last, first]:
            why = f"the facts have {_shown(lag)}: here open and closed are the other way round"
    of = CLASSES if lag else (*CLASSES, *SIDES)
    if draft and draft.runs(of) != clause.runs(of) and not why:
        why = f"the draft has “{draft.text}”"
    if why:
        yield Finding(clause.start, clause.text, "class", why)


def _says_ahead(text: str) -> bool:
    """Whether a clause names first who leads, whatever its range reaches to."""
    return bool(_AHEAD.search(_RANGE.sub("", text)))


def _other_class(clause: _Clause, of: Sequence[str], class_of: Callable[[Fact], str], known: _Known) -> str:
    """Return what the facts have where a clause has its figures with the other class's word only; else ""."""
    words = clause.runs(of)
    told = [(facts[0], {class_of(fact) for fact in facts}) for facts in map(known.facts_of, clause.numbers) if facts]
    in_facts = runs(name for _, classes in told for name in classes)
    is_plain = all(len(classes) == 1 and all(classes) for _, classes in told)
    if not is_plain or len(words) != len(in_facts) or words == in_facts:
        return ""
    wrong = next(fact for fact, _ in told if class_of(fact) != words[0])
    return f"the facts have {_shown(wrong)} for {class_of(wrong)} {'tests' if of is CLASSES else 'models'}"


def _lag_of(clause: _Clause, known: _Known) -> Fact | None:
    """Return the fact of how far open models trail that a clause with months and both sides is held against."""
    told = [fact for number in clause.numbers if number.unit == "months" for fact in known.facts_of(number)]
    if set(clause.classes) >= set(SIDES) and not _LISTED.search(clause.text) and any(f.kind != "change" for f in told):
        lags = (each for each in (*told, *known.facts) if each.kind == "lag" and not each.side)
        return next((each for each in lags if isinstance(each.value, int | float)), None)
    return None
