"""Find what a person's text states that no fact has. Findings are shown beside the text, and never refuse it.

The text is not understood: its figures, dates and names are looked up.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any, Literal

from core.answer import Fact
from core.dataclass import dataclass
from core.names.name_index import NameIndex
from core.text.numbers import MINUTES_PER_UNIT, MONTHS_PER_UNIT, Day, Number
from core.text.sentences import sentence_spans
from core.text.tokens import Token, days_of, is_same, is_same_day, is_same_number, keeps_limit, numbers_of, parse_tokens
from core.words import MONTHS, and_list

_NOT_NAMES = frozenset(
    "ai ais llm llms api i h1 h2 q1 q2 q3 q4 monday tuesday wednesday thursday friday saturday sunday discord english"
    f" {' '.join(MONTHS).lower()}".split()
)
_CAPITAL = re.compile(r"(?<=[\w,;)%’”] )[A-Z][\w-]*[a-z][\w-]*|\b[A-Z][a-z]+[A-Z]\w*")
"""A capitalised word within a sentence, or a word with a capital inside."""
_WORKED_OUT = ("percent", "minutes", "tests")
"""Units whose figures a person may add up, or take from each other."""
_TITLE_CASE = 0.5
"""A sentence with capitals in more than this share of its long words is a headline in title case."""


@dataclass(frozen=True)
class Finding:
    """A piece of a text that no fact has: its place, its words, why it is a finding."""

    start: int
    words: str
    kind: Literal["number", "date", "name"]
    why: str

    @property
    def text(self) -> str:
        """Return the finding as a sentence."""
        return f"“{self.words}”: {self.why}."


def findings(text: str, facts: Iterable[Fact], *, own: Iterable[str] = (), names: NameIndex) -> tuple[Finding, ...]:
    """Return what a person's text states that no fact has, in order: figures, units, dates, names.

    `own` are the machine's own texts: nothing they state is a finding.
    """
    return KnownFacts(tuple(facts), tuple(own), names).find_unknown(text)


class KnownFacts:
    """What the facts and the machine's own words state."""

    def __init__(self, facts: Sequence[Fact], own: Sequence[str], names: NameIndex) -> None:
        self.names = names
        self.numbers = [(number, fact) for fact in facts for number in numbers_of(fact)]
        self.days = [(day, fact) for fact in facts for day in days_of(fact)]
        self.fact_names = list(dict.fromkeys(name for fact in facts for name in (fact.model, fact.benchmark) if name))
        whole = "\n".join([*own, *self.fact_names, *(part for fact in facts for part in (fact.shown, fact.subject))])
        self.tokens = [token for token in parse_tokens(whole, (), names) if token.is_anchor]
        self.makers = {token.maker for token in self.tokens}
        self.words = f" {_plain(whole)} "

    def find_unknown(self, text: str) -> tuple[Finding, ...]:
        """Return what a text states that neither has, in order."""
        anchors = [token for token in parse_tokens(text, (), self.names) if token.is_anchor]
        results = [
            finding
            for token in anchors
            if not text.startswith(" ago", token.start + len(token.text))  # a date, by the day of reading
            for finding in self._unknown_anchor(token)
        ]
        for start, end in _capitalised_spans(text):
            if not any(token.start < end and start < token.start + len(token.text) for token in anchors):
                results += self._unknown_name(start, text[start:end])
        return tuple(sorted(results, key=lambda finding: finding.start))

    def _unknown_anchor(self, token: Token) -> Iterator[Finding]:
        if any(is_same(own, token) and _is_as_exact(own, token) for own in self.tokens):
            return
        if token.kind == "number":
            number = token.values[0]
            is_one = number.text == "1" and number.unit in ("", "tests", "models") and " one " in self.words
            is_known = is_one or self._facts_of(number) or any(keeps_limit(one, number) for one, _ in self.numbers)
            if not is_known and not is_worked_out(token, self.tokens):
                why = f"no fact has this figure{_nearest(self.numbers, number, _number_distance)}"
                yield Finding(token.start, token.text, "number", why)
        elif token.kind == "day":
            if not any(is_same_day(day, token.values[0]) for day, _ in self.days):
                why = f"no fact has this date{_nearest(self.days, token.values[0], _day_distance)}"
                yield Finding(token.start, token.text, "date", why)
        elif token.kind not in ("access", "side") and not self.makers & {*token.values}:
            yield from self._unknown_name(token.start, token.text)

    def _unknown_name(self, start: int, words: str) -> Iterator[Finding]:
        """Yield a name that neither has, with the names in the facts, most similar first."""
        if f" {_plain(words)} " not in self.words and words.lower() not in _NOT_NAMES:
            near = sorted(self.fact_names, key=lambda name: -SequenceMatcher(None, words.lower(), name.lower()).ratio())
            why = f"no fact names it; the facts have {and_list(near)}" if near else "no fact names it"
            yield Finding(start, words, "name", why)

    def _facts_of(self, number: Number) -> list[Fact]:
        return [fact for figure, fact in self.numbers if is_same_number(figure, number)]


def _is_as_exact(own: Token, token: Token) -> bool:
    """Whether two tokens of one kind may be one figure: only lengths in a unit are rounded or told in another."""
    if own.kind != "number":
        return True
    figure, number = own.values[0], token.values[0]
    units = {figure.unit or "months", number.unit}
    is_time = units <= {*MONTHS_PER_UNIT} or units <= {*MINUTES_PER_UNIT}
    return is_time or figure.value == number.value or figure.unit == number.unit != ""


def is_worked_out(token: Token, tokens: Iterable[Token]) -> bool:
    """Whether a number is the sum, or the difference, of two figures that stand side by side."""
    figures = [own for own in tokens if own.kind == "number"]
    for first, last in pairwise(figures):
        one, other = first.values[0], last.values[0]
        units = ("percent", "points") if other.unit == "percent" else (other.unit,)
        if last.sentence - first.sentence <= 1 and one.unit in ("", other.unit) and other.unit in _WORKED_OUT:
            for value in (one.value + other.value, abs(one.value - other.value)):
                if any(is_same_number(replace(other, value=value, unit=unit), token.values[0]) for unit in units):
                    return True
    return False


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


def _fact_text(fact: Fact) -> str:
    return f"“{fact.shown}” ({fact.subject})"


def _nearest(known: Sequence[tuple[Any, Fact]], figure: Any, distance: Callable[[Any, Any], tuple[float, ...]]) -> str:
    """Return a remark with the fact whose figure or date is nearest."""
    nearest = min(known, key=lambda pair: distance(pair[0], figure), default=None)
    return f"; the facts have {_fact_text(nearest[1])}" if nearest else ""


def _number_distance(known: Number, number: Number) -> tuple[float, ...]:
    return known.unit != number.unit, abs(known.value - number.value)


def _day_distance(known: Day, day: Day) -> tuple[float, ...]:
    return (abs(12 * (known.year - day.year) + known.month - day.month + (known.day - day.day) / 31),)


def _capitalised_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the places of capitalised words, except in a headline in title case."""
    for start, end in sentence_spans(text):
        long = re.findall(r"[^\W\d_]{4,}", text[start:end])[1:]
        if sum(word[0].isupper() for word in long) <= _TITLE_CASE * len(long):
            for word in _CAPITAL.finditer(text, start, end):
                yield word.span()
