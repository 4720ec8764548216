"""Find what a person's text states that no fact has. Findings are shown beside the text, and never refuse it.

The text is not understood: its figures, dates and names are looked up. Its words open, closed, private and public are
compared with the classes of the same figures in the facts and in the draft.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

from core.answer import Fact
from core.names.name_index import Mention, NameIndex, mentions
from core.text.numbers import MONTHS_PER_UNIT, Day, Number, code_spans, find_figures
from core.text.sentences import CLASS_WORD, SIDES, clause_spans, drop_repeats, sentence_spans
from core.words import CLASSES, MONTHS, and_list

_HALF = 0.5 + 1e-6
_ALIKE = 0.75
"""A clause that shares at least this much of its words with a clause of the draft counts as an edit of it."""
_NOT_NAMES = frozenset(
    "ai ais llm llms api i h1 h2 q1 q2 q3 q4 monday tuesday wednesday thursday friday saturday sunday discord english"
    f" {' '.join(MONTHS).lower()}".split()
)
_CAPITAL = re.compile(r"(?<=[\w,;)%’”] )[A-Z][\w-]*[a-z][\w-]*|\b[A-Z][a-z]+[A-Z]\w*")
"""A capitalised word within a sentence, or a word with a capital inside."""
_TITLE_CASE = 0.5
"""A sentence with capitals in more than this share of its long words is a headline in title case."""
_ONE_SIDED = ("score", "share")
"""Kinds of facts about one side's models; other kinds compare open and closed models."""
_AHEAD = re.compile(r"\b(?:ahead|lead|leads|leading|led)\b", re.I)
"""Words that reverse the order of the sides: open models trail closed ones, but closed models lead."""
_RANGE = re.compile(
    r"\b[\d.]+(?: months)? ahead to [\d.]+(?: months)? behind\b|[,(] ?likely [\d.]+ to [\d.]+(?: months)? ahead\b", re.I
)
"""A range of months that reaches into a lead of open models: its "ahead" does not reverse the order."""
_BOTH_SIDES = re.compile(r"\b(?:open|closed)[\w-]*(?: models)? (?:and|or|to|versus|vs) (?:open|closed)\b", re.I)
"""Both sides in no order: "between closed and open models"."""


@dataclass(frozen=True)
class Finding:
    """A piece of a text that no fact has: its place, its words, why it is a finding."""

    start: int
    words: str
    kind: Literal["number", "date", "name", "class"]
    why: str

    @property
    def text(self) -> str:
        """Return the finding as a sentence."""
        return f"“{self.words}”: {self.why}."


def findings(text: str, facts: Iterable[Fact], *, own: Iterable[str] = (), names: NameIndex) -> tuple[Finding, ...]:
    """Return what a person's text states that no fact has, in order: figures, units, dates, names, swapped classes.

    `own` are the machine's own texts: nothing they state is a finding.
    """
    known = _Known(tuple(facts), "\n".join(own), names)
    parts = _parse_clauses(text, names)
    dates = [(day.start, day.end) for clause in parts for day in clause.days]
    results = list(_unknown_names(text, dates, known))
    for clause in parts:
        is_own = known.has_clause(clause)
        draft = None if is_own else known.find_alike(clause)
        results += _unknown_figures(clause, draft, known)
        results += [] if is_own else _exchanged_classes(clause, draft, known)
    return tuple(sorted(results, key=lambda finding: finding.start))


@dataclass(frozen=True)
class _Clause:
    """A clause of a text, with its figures, dates and class words (open, closed, private, public)."""

    start: int
    text: str
    numbers: tuple[Number, ...]
    days: tuple[Day, ...]
    classes: tuple[str, ...]

    def class_words(self, of: Sequence[str]) -> list[str]:
        """Return the words for the given classes in order, without immediate repeats."""
        return drop_repeats(name for name in self.classes if name in of)

    @property
    def form(self) -> tuple[list[str], int]:
        """Return the units of the clause's figures, and its number of class words."""
        return [number.unit for number in self.numbers], len(self.classes)


def _parse_clauses(text: str, names: NameIndex) -> list[_Clause]:
    numbers, days = find_figures(text, [(mention.start, mention.end) for mention in _mentions(text, names)])
    return [
        _Clause(
            start,
            " ".join(text[start:end].split()),
            tuple(number for number in numbers if start <= number.start < end),
            tuple(day for day in days if start <= day.start < end),
            tuple(word.lastgroup or "" for word in CLASS_WORD.finditer(text, start, end)),
        )
        for start, end in clause_spans(text)
    ]


class _Known:
    """What the facts and the machine's own words state, parsed once per text."""

    def __init__(self, facts: Sequence[Fact], own: str, names: NameIndex) -> None:
        self.index = names
        self.facts = facts
        self.clauses = _parse_clauses(own, names)
        self.own = " ".join(own.lower().split())
        self.numbers = [(number, fact) for fact in facts for number in _numbers_of(fact)]
        self.days = [(day, fact) for fact in facts for day in _days_of(fact)]
        self.fact_names = list(dict.fromkeys(name for fact in facts for name in (fact.model, fact.benchmark) if name))
        whole = "\n".join([own, *self.fact_names, *(part for fact in facts for part in (fact.shown, fact.subject))])
        self.names = {name for mention in _mentions(whole, names) for name in (*_meanings(mention), mention.lab)}
        self.words = f" {_plain(whole)} "

    def has_clause(self, clause: _Clause) -> bool:
        """Whether the machine's own words contain a clause."""
        return clause.text.strip(" .,;:").lower() in self.own

    def find_alike(self, clause: _Clause) -> _Clause | None:
        """Return the machine's clause with similar words, the same units and as many class words; None if none has."""
        alike = [
            (SequenceMatcher(None, own.text.split(), clause.text.split(), autojunk=False).ratio(), own)
            for own in self.clauses
            if own.form == clause.form
        ]
        share, nearest = max(alike, key=lambda pair: pair[0], default=(0.0, None))
        return nearest if share >= _ALIKE else None

    def has_words(self, words: str) -> bool:
        """Whether a fact or the machine's text has these words, ignoring what is between them."""
        return f" {_plain(words)} " in self.words

    def has_number(self, number: Number) -> bool:
        """Whether a fact or the machine's text has a figure."""
        own = (own for clause in self.clauses for own in clause.numbers if own.value == number.value)
        is_own = any(number.unit in ("", figure.unit) for figure in own)
        return is_own or bool(self.facts_of(number))

    def facts_of(self, number: Number) -> list[Fact]:
        """Return the facts that have a figure."""
        return [fact for figure, fact in self.numbers if _is_same(figure, number)]

    def is_one_figure(self, first: Number, second: Number) -> bool:
        """Whether two numbers are the same figure, within the rounding of each."""
        return _is_same(first, second) or any(
            _is_same(figure, first) and _is_same(figure, second) for figure, _ in self.numbers
        )

    def has_day(self, day: Day) -> bool:
        """Whether a fact or the machine's text has a date."""
        own = [own for clause in self.clauses for own in clause.days]
        return any(_is_day(known, day) for known in (*own, *(of_fact for of_fact, _ in self.days)))


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


def _fact_text(fact: Fact) -> str:
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


def _unknown_figures(clause: _Clause, draft: _Clause | None, known: _Known) -> Iterator[Finding]:
    """Find unknown figures and dates, and figures that replace another figure of the draft."""
    for place, number in enumerate(clause.numbers):
        in_draft = draft.numbers[place] if draft else number
        if not known.has_number(number):
            why = f"no fact has this figure{_nearest_figure(in_draft, known)}"
            yield Finding(number.start, number.with_unit, "number", why)
        elif not known.is_one_figure(in_draft, number):
            yield Finding(number.start, number.with_unit, "number", f"the draft has “{in_draft.with_unit}” here")
    for day in clause.days:
        if not known.has_day(day):
            yield Finding(day.start, day.text, "date", f"no fact has this date{_nearest_day(day, known)}")


def _is_same(figure: Number, number: Number) -> bool:
    """Whether a number is a figure as rounded in the text; if both have a unit, the units must agree."""
    if figure.unit == number.unit or not (figure.unit and number.unit):
        return abs(figure.value - number.value) <= _HALF * number.step
    if figure.unit in MONTHS_PER_UNIT and number.unit in MONTHS_PER_UNIT:
        value = number.value * MONTHS_PER_UNIT[number.unit] / MONTHS_PER_UNIT[figure.unit]
        return abs(figure.value - value) <= 1
    return False


def _is_day(known: Day, day: Day) -> bool:
    """Whether a known date matches the text's date, which may omit the year or the day."""
    pairs = ((known.year, day.year), (known.month, day.month), (known.day, day.day))
    return all(not part or known_part == part for known_part, part in pairs)


def _nearest_figure(number: Number, known: _Known) -> str:
    """Return a remark with the fact whose figure is nearest, preferably in the same unit."""
    if not known.numbers:
        return ""
    _, fact = min(known.numbers, key=lambda pair: (pair[0].unit != number.unit, abs(pair[0].value - number.value)))
    return f"; the facts have {_fact_text(fact)}"


def _nearest_day(day: Day, known: _Known) -> str:
    if not known.days:
        return ""

    def months_from(other: Day) -> float:
        return abs(12 * (other.year - day.year) + other.month - day.month + (other.day - day.day) / 31)

    _, fact = min(known.days, key=lambda pair: months_from(pair[0]))
    return f"; the facts have {_fact_text(fact)}"


# ---- names


@lru_cache(maxsize=8)
def _mentions(text: str, names: NameIndex) -> tuple[Mention, ...]:
    """Return the names from the data in a text as written there, including unknown versions of them."""
    return tuple(
        mention
        for mention in mentions(text, names, is_word=lambda _: True)
        if not mention.typed.islower() and not (mention.ordinary and _begins_sentence(text, mention.start))
    )


def _begins_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip(' "“(-')
    return not before or before.endswith((".", "!", "?", ":", "\n"))


def _meanings(mention: Mention) -> set[str]:
    """Return the names that a mention may mean; none for an unknown version."""
    return {*mention.choices, *([mention.value] if mention.value else [])}


def _unknown_names(text: str, dates: Iterable[tuple[int, int]], known: _Known) -> Iterator[Finding]:
    """Find names that no fact has: names from the data, words with letters and digits, capitalised words."""
    meanings = {(mention.start, mention.end): _meanings(mention) for mention in _mentions(text, known.index)}
    unknown = [span for span, names in meanings.items() if not names & known.names]
    seen = [*meanings, *dates]
    for start, end in (*code_spans(text), *_capitalised_spans(text)):
        if not any(first < end and start < last for first, last in seen):
            seen.append((start, end))
            unknown.append((start, end))
    for start, end in unknown:
        words = text[start:end]
        if not known.has_words(words) and words.lower() not in _NOT_NAMES:
            yield Finding(start, words, "name", f"no fact names it{_nearest_names(words, known)}")


def _capitalised_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the places of capitalised words, except in a headline in title case."""
    for start, end in sentence_spans(text):
        long = re.findall(r"[^\W\d_]{4,}", text[start:end])[1:]
        if sum(word[0].isupper() for word in long) <= _TITLE_CASE * len(long):
            for word in _CAPITAL.finditer(text, start, end):
                yield word.span()


def _nearest_names(name: str, known: _Known) -> str:
    """Return a remark with the names in the facts, most similar first."""
    if not known.fact_names:
        return ""
    near = sorted(known.fact_names, key=lambda other: -SequenceMatcher(None, name.lower(), other.lower()).ratio())
    return f"; the facts have {and_list(near)}"


# ---- classes


def _exchanged_classes(clause: _Clause, draft: _Clause | None, known: _Known) -> Iterator[Finding]:
    """Find class words where the facts or the draft have the other class."""
    lag = _find_lag(clause, known)
    why = (
        _other_class(clause, CLASSES, lambda fact: fact.access, known)
        or _other_class(clause, SIDES, lambda fact: fact.side if fact.kind in _ONE_SIDED else "", known)
    )  # fmt: skip
    if lag and not why:
        first, last = SIDES if (float(lag.value or 0) >= 0) != _says_ahead(clause.text) else SIDES[::-1]
        if clause.class_words(SIDES) == [last, first]:
            why = f"the facts have {_fact_text(lag)}: here open and closed are the other way round"
    of = CLASSES if lag else (*CLASSES, *SIDES)
    if draft and draft.class_words(of) != clause.class_words(of) and not why:
        why = f"the draft has “{draft.text}”"
    if why:
        yield Finding(clause.start, clause.text, "class", why)


def _says_ahead(text: str) -> bool:
    """Whether a clause names the leader first; its range is ignored."""
    return bool(_AHEAD.search(_RANGE.sub("", text)))


def _other_class(clause: _Clause, of: Sequence[str], class_of: Callable[[Fact], str], known: _Known) -> str:
    """Return a remark if the facts have a clause's figures only for the other class; else ""."""
    words = clause.class_words(of)
    pairs = [(facts[0], {class_of(fact) for fact in facts}) for facts in map(known.facts_of, clause.numbers) if facts]
    in_facts = drop_repeats(name for _, classes in pairs for name in classes)
    is_clear = all(len(classes) == 1 and all(classes) for _, classes in pairs)
    if not is_clear or len(words) != len(in_facts) or words == in_facts:
        return ""
    wrong = next(fact for fact, _ in pairs if class_of(fact) != words[0])
    return f"the facts have {_fact_text(wrong)} for {class_of(wrong)} {'tests' if of is CLASSES else 'models'}"


def _find_lag(clause: _Clause, known: _Known) -> Fact | None:
    """Return the fact on the lag of open models that a clause states, with months and both sides; None if none."""
    facts = [fact for number in clause.numbers if number.unit == "months" for fact in known.facts_of(number)]
    is_lag = any(fact.kind != "change" for fact in facts)
    if not is_lag or not set(clause.classes) >= set(SIDES) or _BOTH_SIDES.search(clause.text):
        return None
    lags = (fact for fact in (*facts, *known.facts) if fact.kind == "lag" and not fact.side)
    return next((fact for fact in lags if isinstance(fact.value, int | float)), None)
