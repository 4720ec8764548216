"""What a person's text says that no fact has: told beside the text, never a reason to refuse it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from core.answer import Fact
from core.evidence.name_index import Mention, NameIndex, mentions
from core.text.classes import CLASS, SIDES, runs
from core.text.numbers import MONTHS_OF, Day, Number, figures, namelike
from core.text.sentences import clauses, spans
from core.words import CLASSES, MONTHS, listed

_NAME_WORDS = 7
_HALF = 0.5 + 1e-6
_ABOUT = 0.07
"""How far a number that is said to be about may be from a figure, as a share of it."""
_NOT_NAMES = frozenset(
    "ai ais llm llms api i h1 h2 q1 q2 q3 q4 monday tuesday wednesday thursday friday saturday sunday discord english"
    f" {' '.join(MONTHS).lower()}".split()
)
_CAPITAL = re.compile(r"(?<=[\w,;)%’”] )[A-Z][\w-]*[a-z][\w-]*|\b[A-Z][a-z]+[A-Z]\w*")
"""A word with a capital that begins no sentence, or with one inside."""
_TITLE_CASE = 0.5
"""From this share of long words with capitals on, a sentence is a headline in capitals."""
_PLACE = re.compile(
    r"\b(?:(?P<behind>trail\w*|lag(?:s|ged|ging)|behind)|ahead|led|leads?|leading)\b"
    r"(?P<by> by (?=open|closed|proprietary))?",
    re.I,
)
"""Who is behind whom; the other way round in "trailed by"."""
_SUBJECT = re.compile(r"[- ](?:weights?[- ])?(?:models?|ones|systems|labs?)(?: [\w.]+){0,5} ", re.I)
_NOT_SAID = re.compile(r"\b(?:no|not|never|nor|neither|nobody|none|cannot|whether|if|would|will)\b|n[’']t\b|\?", re.I)


@dataclass(frozen=True)
class Finding:
    """Something in a text that no fact has: where it stands, what stands there, and what the facts say instead.

    `facts_say` is empty where they say nothing of the kind.
    """

    start: int
    end: int
    said: str
    kind: Literal["number", "date", "name", "class"]
    facts_say: str

    @property
    def text(self) -> str:
        """Return it as a sentence."""
        if self.kind == "class":
            return f"“{self.said}”: {self.facts_say}."
        what = {"number": "no fact has this figure", "date": "no fact has this date", "name": "no fact names it"}
        return f"“{self.said}”: {what[self.kind]}{f'; the facts have {self.facts_say}' if self.facts_say else ''}."


def findings(text: str, facts: Iterable[Fact], *, own: Iterable[str] = (), names: NameIndex) -> tuple[Finding, ...]:
    """Return what a person's text says that no fact has, in order: figures, units, dates, names, classes changed over.

    `own` are the texts of the machine: what stands word for word in them is never a finding.
    """
    known = _Known(tuple(facts), names)
    machine = " · ".join(" ".join(each.split()) for each in own)
    found = (*_strange_names(text, known), *_strange_figures(text, known), *_changed_over(text, known))
    strange = (each for each in found if not _stands_in(machine, each.said))
    return tuple(sorted(strange, key=lambda each: (each.start, each.end)))


class _Known:
    """What the facts say, read once for a text."""

    def __init__(self, facts: Sequence[Fact], names: NameIndex) -> None:
        self._index = names
        self._mentions: dict[str, list[Mention]] = {}
        self.facts = facts
        called = {
            str(each) for fact in facts for each in (fact.model, fact.benchmark, fact.value) if _is_name(each, fact)
        }
        models = dict.fromkeys(fact.model for fact in facts if fact.model)
        benchmarks = dict.fromkeys(fact.benchmark for fact in facts if fact.benchmark)
        self.called = listed([*models, *benchmarks]) if models or benchmarks else ""
        longest = "|".join(re.escape(each) for each in sorted(called, key=lambda each: (-len(each), each)))
        self._called = re.compile(rf"(?<!\w)(?:{longest})(?!\w|[.,]\d|-\w)", re.I) if called else None
        told = [each for fact in facts for each in (fact.shown, fact.subject, fact.model, fact.benchmark, fact.value)]
        texts = [each for each in told if isinstance(each, str)]
        self.names = {name for each in texts for mention in self.mentions(each) for name in _meant(mention)}
        self._words = f" {_plain(' · '.join(texts))} "
        self.numbers: list[tuple[Number, Fact]] = []
        self.days: list[tuple[Day, Fact]] = []
        for fact in facts:
            self._read(fact)

    def _read(self, fact: Fact) -> None:
        """Read the numbers and days of a fact: its typed ones, and those of the words that it is shown in.

        What its words round or count beside (29 of 162) a person may say too.
        """
        unit, times = ("percent", 100.0) if fact.unit == "share" else (fact.unit, 1.0)
        shown_in = set()
        for part in (fact.shown, fact.subject, fact.day, fact.value):
            if isinstance(part, str):
                numbers, days = figures(part, self.name_spans(part))
                shown_in |= {each.unit for each in numbers}
                self.numbers += [(replace(each, unit=each.unit or unit), fact) for each in numbers]
                self.numbers += [(each, fact) for each in _shares(part, numbers)]
                self.days += [(each, fact) for each in days]
        for value in (fact.value, fact.low, fact.high, fact.level):
            if isinstance(value, int | float):
                points = "points" if "points" in shown_in else unit
                self.numbers.append((Number(0, 0, "", abs(value) * times, points), fact))

    def mentions(self, text: str) -> list[Mention]:
        """Return the names of the data in a text as they are written, and versions of them that there are not."""
        if text not in self._mentions:
            found = mentions(text, self._index, is_word=lambda _: True)
            self._mentions[text] = [
                each for each in found if not each.typed.islower() and not (each.ordinary and _begins(text, each.start))
            ]
        return self._mentions[text]

    def name_spans(self, text: str) -> list[tuple[int, int]]:
        """Return where names stand in a text: those of the data, and those of the facts."""
        spans_ = [(each.start, each.end) for each in self.mentions(text)]
        return spans_ + [each.span() for each in self._called.finditer(text)] if self._called else spans_

    def has_words(self, said: str) -> bool:
        """Whether these words stand in a fact, whatever stands between them."""
        return f" {_plain(said)} " in self._words

    def facts_of(self, number: Number) -> list[Fact]:
        """Return the facts whose figure a number is."""
        return [fact for good, fact in self.numbers if _is_same(good, number)]


def _is_name(value: object, fact: Fact) -> bool:
    """Whether a value is a name, and no figure or sentence."""
    is_short = isinstance(value, str) and 1 < len(value) and len(value.split()) <= _NAME_WORDS
    return is_short and (value is not fact.value or not fact.unit) and any(map(str.isalpha, str(value)))


def _shares(text: str, numbers: Sequence[Number]) -> Iterator[Number]:
    """Yield the share that "29 of 162 levels" says too."""
    for one, other in pairwise(numbers):
        if text[one.end : other.start] == " of " and 0 < one.value <= other.value:
            yield Number(0, 0, "", 100 * one.value / other.value, "percent")


def _meant(mention: Mention) -> set[str]:
    """Return the names that a mention may stand for; none for a version that there is not."""
    return {*mention.choices, *([mention.value] if mention.value else [])}


def _begins(text: str, start: int) -> bool:
    """Whether a sentence begins at a place."""
    return not text[:start].strip(' "“(-') or text[:start].rstrip(' "“(-').endswith((".", "!", "?", ":", "\n"))


def _plain(text: str) -> str:
    return " ".join(each.lower() for each in re.findall(r"[^\W_]+", text))


def _stands_in(text: str, said: str) -> bool:
    words = re.escape(" ".join(said.split()))
    return re.search(rf"(?<![\w.]){words}(?!\w|[.,]\d)", text) is not None


# ---- figures and dates


def _strange_figures(text: str, known: _Known) -> Iterator[Finding]:
    numbers, days = figures(text, known.name_spans(text))
    for number in numbers:
        named = re.search(r"[A-Z][\w-]* $", text[: number.start])
        is_of_name = named is not None and known.has_words(f"{named[0]}{number.text}")
        if not is_of_name and not known.facts_of(number):
            said = text[number.start : number.unit_end]
            yield Finding(number.start, number.unit_end, said, "number", _nearest(number, known))
    for day in days:
        if not any(_is_day(good, day) for good, _ in known.days):
            yield Finding(day.start, day.end, day.text, "date", _nearest_day(day, known))


def _is_same(good: Number, said: Number) -> bool:
    """Whether a number is a figure when it is rounded as it is told, and counts the same where both say what."""
    value = good.value
    if said.unit and good.unit and said.unit != good.unit:
        if said.unit not in MONTHS_OF or good.unit not in MONTHS_OF:
            return False
        value = good.value * MONTHS_OF[good.unit] / MONTHS_OF[said.unit]
        off = (1.0 if said.hedge else 0.5) / MONTHS_OF[said.unit]  # half a month, in the unit of the text
        return abs(value - said.value) <= max(off, _HALF * said.step if said.unit == "months" else 0)
    if not said.unit and said.value < 1 and good.unit == "percent":
        return abs(value / 100 - said.value) <= _HALF * said.step  # "two thirds of them"
    off = _HALF * said.step if value >= 1 else _HALF * min(said.step, 0.1)
    if said.hedge:
        round_step = 10.0 if said.value >= 2 * 10 and said.value % 10 == 0 else said.step
        off = max(off, _ABOUT * said.value, round_step if said.hedge == "way" else 0.0)
    return abs(value - said.value) <= off


def _is_day(good: Day, said: Day) -> bool:
    """Whether a date is one of a fact, as far as both say it."""
    pairs = ((good.year, said.year), (good.month, said.month), (good.day, said.day))
    return all(not told or one == told for one, told in pairs)


def _nearest(number: Number, known: _Known) -> str:
    """Return the fact whose figure is nearest, of the same unit where one is, as it is shown and of what."""
    if not known.numbers:
        return ""
    _, fact = min(known.numbers, key=lambda each: (each[0].unit != number.unit, abs(each[0].value - number.value)))
    return _shown(fact)


def _nearest_day(day: Day, known: _Known) -> str:
    def months(each: Day) -> float:
        return each.year * 12 + each.month + each.day / 31

    alike = [(abs(months(good) - months(day)), fact) for good, fact in known.days if good.year and day.year]
    return _shown(min(alike, key=lambda each: each[0])[1]) if alike else ""


def _shown(fact: Fact) -> str:
    return f"“{fact.shown}” ({fact.subject})"


# ---- names


def _strange_names(text: str, known: _Known) -> Iterator[Finding]:
    """Find names that no fact has: of the data, words of letters and digits, and words with a capital."""
    for each in known.mentions(text):
        said = text[each.start : each.end]
        if not _meant(each) & known.names and not known.has_words(said):
            yield Finding(each.start, each.end, said, "name", known.called)
    seen = known.name_spans(text)
    for start, end in (*namelike(text), *_capitals(text)):
        said = text[start:end]
        is_seen = any(first < end and start < last for first, last in seen)
        if not is_seen and not known.has_words(said) and said.lower() not in _NOT_NAMES:
            seen.append((start, end))
            yield Finding(start, end, said, "name", known.called)


def _capitals(text: str) -> Iterator[tuple[int, int]]:
    """Yield words with a capital where they are names: not in a headline that has one in most words."""
    for start, end in spans(text):
        long = re.findall(r"[^\W\d_]{4,}", text[start:end])[1:]
        if sum(word[0].isupper() for word in long) <= _TITLE_CASE * len(long):
            for found in _CAPITAL.finditer(text, start, end):
                yield found.span()


# ---- classes


def _changed_over(text: str, known: _Known) -> Iterator[Finding]:
    """Find open and closed, private and public, where the facts have the other one."""
    for start, end in clauses(text):
        said = text[start:end].strip()
        why = _wrong_way(said, known) or _wrong_class(said, known)
        if why:
            yield Finding(start, start + len(said), said, "class", why)


def _wrong_way(clause: str, known: _Known) -> str:
    """Return what the facts say where a clause has closed models behind open ones, and they don't; else ""."""
    said = [fact for fact in _facts_in(clause, known) if _is_lag(fact)]
    lags = said or [fact for fact in known.facts if _is_lag(fact)]
    if not lags or any(float(fact.value or 0) < 0 for fact in lags) or _NOT_SAID.search(clause):
        return ""
    sides = [each for each in CLASS.finditer(clause) if each.lastgroup in SIDES]
    for place in _PLACE.finditer(clause):
        before = [each for each in sides if each.end() <= place.start()]
        after = [each for each in sides if each.start() >= place.end()]
        if not before or (not after and not _SUBJECT.fullmatch(clause, before[-1].end(), place.start())):
            continue
        one, other = before[-1].lastgroup, after[0].lastgroup if after else ""
        is_behind = bool(place["behind"]) != bool(place["by"])
        if one != other and one == ("closed" if is_behind else "open"):
            return f"in the facts open models are behind closed ones: {_shown(lags[0])}"
    return ""


def _is_lag(fact: Fact) -> bool:
    return fact.kind == "lag" and isinstance(fact.value, int | float)


def _facts_in(clause: str, known: _Known) -> list[Fact]:
    numbers, _ = figures(clause, known.name_spans(clause))
    return [fact for number in numbers for fact in known.facts_of(number)]


def _wrong_class(clause: str, known: _Known) -> str:
    """Return what the facts say where figures stand with the other class's word only; else ""."""
    numbers, _ = figures(clause, known.name_spans(clause))
    for classes, class_of in ((CLASSES, _access), *([] if _NOT_SAID.search(clause) else [(SIDES, _side)])):
        words = runs(each.lastgroup or "" for each in CLASS.finditer(clause) if each.lastgroup in classes)
        told = [(facts[0], class_of(facts)) for facts in map(known.facts_of, numbers) if facts]
        classes_told = runs(name for _, name in told)
        if all(classes_told) and len(words) == len(classes_told) and words != classes_told:
            wrong = next(fact for fact, name in told if name != words[0])
            return (
                f"the facts have {_shown(wrong)} for {class_of([wrong])} {'tests' if classes is CLASSES else 'models'}"
            )
    return ""


def _access(facts: Sequence[Fact]) -> str:
    """Return the class of tests of all these facts, "" where they are of several or of none."""
    return facts[0].access if len({fact.access for fact in facts}) == 1 else ""


def _side(facts: Sequence[Fact]) -> str:
    """Return whose models all these facts are of; lags are of both sides."""
    sides = {"" if fact.kind in ("lag", "change", "duration") else fact.side for fact in facts}
    return sides.pop() if len(sides) == 1 else ""
