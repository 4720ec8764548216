"""Text from facts alone: templates with slots and no number outside of one, and a check of any text by value."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from core.answer import Fact

_SLOT = re.compile(r"\{([^{}]*)\}")
_CARDINALS = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    "|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion"
)
_ORDINALS = (
    "second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth"
    "|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth|fortieth|fiftieth|hundredth|thousandth"
)
_SIZES = {
    "half": 0.5, "halves": 0.5, "halve": 0.5, "halved": 0.5, "halving": 0.5, "quarter": 0.25, "quarters": 0.25,
    "once": 1.0, "twice": 2.0, "double": 2.0, "doubles": 2.0, "doubled": 2.0, "doubling": 2.0, "couple": 2.0,
    "twofold": 2.0, "thrice": 3.0, "triple": 3.0, "triples": 3.0, "tripled": 3.0, "tripling": 3.0, "threefold": 3.0,
    "quadruple": 4.0, "quadrupled": 4.0, "fourfold": 4.0, "fivefold": 5.0, "tenfold": 10.0, "dozen": 12.0,
    "dozens": 12.0,
}  # fmt: skip
"""Words that are numbers without being counted with; text2num knows the others."""
_NUMBER = re.compile(rf"\d|\b(?:(?:{_CARDINALS})s?|thirds?|{'|'.join(_SIZES)})\b(?<!\bones)(?<!\btens)", re.IGNORECASE)


class GroundingError(ValueError):
    """A text that says something which no fact backs: it is not shown."""


def render(template: str, facts: Iterable[Fact]) -> str:
    """Fill a template's slots, `{gap.private}`, with the facts of these keys as they are shown.

    Raises GroundingError for a slot without a fact, for a digit or number word outside a slot, and for a
    stray brace.
    """
    shown = {fact.key: fact.shown for fact in facts}
    outside = _SLOT.sub("", template)
    number = _NUMBER.search(outside)
    if number:
        raise GroundingError(f'"{number[0]}" stands outside a slot in: {template}')
    if "{" in outside or "}" in outside:
        raise GroundingError(f"a brace is open or empty in: {template}")
    missing = [slot for slot in _SLOT.findall(template) if slot not in shown]
    if missing:
        raise GroundingError(f"no fact is called {', '.join(missing)}")
    return _SLOT.sub(lambda slot: shown[slot[1]], template)


def slots(template: str) -> tuple[str, ...]:
    """Return the keys of the facts that a template says, in order."""
    return tuple(_SLOT.findall(template))


# ---- the check by value

_MONTHS = "January February March April May June July August September October November December".split()
_MONTH = rf"(?P<month>{'|'.join(f'{name[:3]}(?:{name[3:]})?' for name in _MONTHS)}|Sept)\b\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)\b"
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?P<year>\d{4})-(?P<number>\d\d)-(?P<day>\d\d)\b",
        rf"\b(?P<day>\d\d?)(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? {_YEAR})?",
        rf"\b{_MONTH} (?P<day>\d\d?)(?:st|nd|rd|th)?\b(?:,? {_YEAR})?",
        rf"\b{_MONTH},? {_YEAR}",
    )
)
_NAMELIKE = re.compile(r"(?<![\w.])[^\W\d_][\w.+-]*\d[\w.+-]*")
"""A word of letters and digits: GPT-4o, R1, Qwen2.5-72B, ARC-AGI-2."""
_NO_NAME = re.compile(
    r"(?i:(?:mid|pre|post|sub|top|non|over|under|up|since|by|about|around|near|plus|to|below|above)-)"
    r"|[a-z]{4,}-\d|[a-z]{7,}\d"
)
"""How a word of letters and digits begins that is no name: mid-2025, top-5."""
_DIGITS = re.compile(r"(?<![\w.])(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<part>\d+))?|\.(?P<only>\d+))(?:st|nd|rd|th)?")
_JOINED = r"(?:[\s-]+|(?:(?<=hundred)|(?<=thousand))\s+and\s+)"
_WORDS = re.compile(
    rf"\b(?<!no )(?:(?:{_CARDINALS}|{_ORDINALS})s?)(?:{_JOINED}(?:{_CARDINALS}|{_ORDINALS})s?)*\b(?! another)"
    rf"(?<!\bones)(?<!\btens)",
    re.IGNORECASE,
)
_SIZE = re.compile(rf"\b(?:{'|'.join(sorted(_SIZES, key=len, reverse=True))})\b", re.IGNORECASE)
_PARTS = re.compile(
    rf"\b(?:(?P<whole>\d+|{_CARDINALS}) and )?(?P<many>an?|one|two|three|four|nine)[ -]"
    r"(?P<part>half|third|quarter|fifth|tenth)s?\b",
    re.IGNORECASE,
)
_PART = {"half": 1 / 2, "third": 1 / 3, "quarter": 1 / 4, "fifth": 1 / 5, "tenth": 1 / 10}
_MANY = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "nine": 9}
_UNIT = re.compile(
    r"[\s-]*(?:(?:private|public|such|open|closed|new|more|other|whole|full|different|recent)\s+)?"
    r"(?P<unit>%|per\s?cent|months?|days?|weeks?|years?|minutes?|hours?|results?|tests?|benchmarks?|levels?|models?|scores?)(?!\w)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:to|and|or|–|-|—)\s*")
_HALF_STEP = 0.5 + 1e-6
_SHARES = ("share", "fraction")


@dataclass(frozen=True)
class _Number:
    """A number as it stands in a text: where, its value, its decimals, and what it counts (empty where not said)."""

    start: int
    text: str
    value: float
    decimals: int
    unit: str = ""

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True)
class _Day:
    """A date as it stands in a text; 0 for what it leaves open."""

    start: int
    text: str
    year: int
    month: int = 0
    day: int = 0


def ungrounded(text: str, facts: Iterable[Fact]) -> list[str]:
    """Return the numbers of a text, as they stand in it, that no fact backs; empty for a text that is grounded.

    A number is one in digits or in words, a percentage, a date, a range's end, an ordinal (but "first"), a part
    or a multiple ("half", "twice"). A fact backs it by its value or by what it shows, if that rounds to what the
    text says and counts the same thing where both say what. Names are no numbers: those of the facts, and words
    of letters and digits (GPT-4o, R1).
    """
    known = tuple(facts)
    names = _names(known)
    numbers, days = _said(text, names)
    backing = [_backing(fact, names) for fact in known]
    good_numbers = [number for backed, _ in backing for number in backed]
    good_days = [day for _, backed in backing for day in backed]
    wrong: list[_Number | _Day] = [
        number for number in numbers if not any(_backs(good, number) for good in good_numbers)
    ]
    for day in days:
        is_backed = any(
            day.year in (0, good.year) and day.month in (0, good.month) and day.day in (0, good.day)
            for good in good_days
        )
        if not is_backed:
            wrong.append(day)
    return [each.text for each in sorted(wrong, key=lambda each: each.start)]


def _names(facts: tuple[Fact, ...]) -> re.Pattern[str] | None:
    """Return a pattern of the facts' names, the longest first, None where there are none."""
    known = {
        name
        for fact in facts
        if not fact.unit and isinstance(fact.value, str)
        for name in (" ".join(fact.value.split()), " ".join(fact.shown.split()))
        if any(letter.isalpha() for letter in name)
    }
    if not known:
        return None
    longest_first = "|".join(re.escape(name) for name in sorted(known, key=lambda name: (-len(name), name)))
    return re.compile(rf"(?<![\w.])(?:{longest_first})(?!\w|[.,]\d|-\w)", re.IGNORECASE)


def _backing(fact: Fact, names: re.Pattern[str] | None) -> tuple[list[_Number], list[_Day]]:
    """Return what a fact backs: the numbers and dates that it shows, and its value."""
    unit = _unit(fact.unit)
    numbers, days = _said(fact.shown, names)
    if isinstance(fact.value, str) and unit:
        more_numbers, more_days = _said(fact.value, names)
        numbers, days = numbers + more_numbers, days + more_days
    elif isinstance(fact.value, int | float):
        numbers.append(_Number(0, "", abs(float(fact.value)), 0, unit))
    numbers = [number if number.unit else replace(number, unit=unit) for number in numbers]
    for number in list(numbers):
        if number.unit == "percent":
            numbers.append(replace(number, value=number.value / 100, unit="share"))
        elif number.unit in _SHARES:
            numbers.append(replace(number, value=number.value * 100, unit="percent"))
    return numbers, days


def _backs(good: _Number, said: _Number) -> bool:
    """Whether one number is what another says when it is rounded; one below 1 is never rounded to a whole one."""
    if said.unit and good.unit and said.unit != good.unit:
        return False
    step = 10.0**-said.decimals if good.value >= 1 else min(0.1, 10.0**-said.decimals)
    return abs(good.value - said.value) <= _HALF_STEP * step


def _said(text: str, names: re.Pattern[str] | None) -> tuple[list[_Number], list[_Day]]:
    """Find the numbers and the dates of a text, in order; each is blanked out before the next kind is looked for."""
    text = " ".join(text.split())
    rest = _blanked(text, _name_spans(text, names))
    days = list(_days(rest))
    rest = _blanked(rest, ((day.start, day.start + len(day.text)) for day in days))
    numbers: list[_Number] = []
    for find in (_parts, _digits, _sizes, _words):
        found = list(find(rest))
        numbers += found
        rest = _blanked(rest, ((number.start, number.end) for number in found))
    numbers.sort(key=lambda number: number.start)
    return _with_units(numbers, text), days


def _blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    for start, end in spans:
        text = f"{text[:start]}{'_' * (end - start)}{text[end:]}"
    return text


def _name_spans(text: str, names: re.Pattern[str] | None) -> list[tuple[int, int]]:
    spans = [found.span() for found in names.finditer(text)] if names else []
    starts = [start for start, _ in spans]
    for found in _NAMELIKE.finditer(text):
        name = found[0].rstrip(".-+")
        place = bisect_left(starts, found.end())
        is_inside = place > 0 and spans[place - 1][1] > found.start()
        if not is_inside and not _NO_NAME.match(name) and any(letter.isdecimal() for letter in name):
            spans.append((found.start(), found.start() + len(name)))
            starts.append(found.start())
    return spans


def _days(text: str) -> Iterator[_Day]:
    """Find dates, then years alone: a number like a year that counts nothing."""
    for pattern in _DATES:
        for found in list(pattern.finditer(text)):
            parts = found.groupdict()
            month = int(parts.get("number") or 0) or _month(parts.get("month") or "")
            yield _Day(found.start(), found[0], int(parts.get("year") or 0), month, int(parts.get("day") or 0))
            text = _blanked(text, [found.span()])
    for found in re.finditer(rf"(?<![\w.,]){_YEAR}(?![.,]?\d)", text):
        if not _UNIT.match(text, found.end()):
            yield _Day(found.start(), found[0], int(found[0]))


def _month(name: str) -> int:
    return next((number for number, month in enumerate(_MONTHS, 1) if name and month.startswith(name[:3])), 0)


def _parts(text: str) -> Iterator[_Number]:
    """Find parts: "two thirds", "a quarter", "two and a half"."""
    for found in _PARTS.finditer(text):
        value = _MANY[found["many"].lower()] * _PART[found["part"].lower()]
        whole = found["whole"]
        if whole:
            value += float(whole) if whole.isdecimal() else _value(whole)
        yield _Number(found.start(), found[0], value, 2)


def _digits(text: str) -> Iterator[_Number]:
    for found in _DIGITS.finditer(text):
        figure = found[0].rstrip("stndrh").replace(",", "")
        yield _Number(found.start(), found[0], float(figure), len(found["part"] or found["only"] or ""))
    for place, letter in enumerate(text):
        if unicodedata.category(letter) in ("No", "Nl"):
            yield _Number(place, letter, unicodedata.numeric(letter), 2)


def _sizes(text: str) -> Iterator[_Number]:
    for found in _SIZE.finditer(text):
        value = _SIZES[found[0].lower()]
        yield _Number(found.start(), found[0], value, 0 if value >= 1 else 2)


def _words(text: str) -> Iterator[_Number]:
    """Find numbers in words, "twenty-one", "third"; what is no single number is read word by word."""
    for found in _WORDS.finditer(text):
        value = _value(found[0])
        if value >= 0:
            yield _Number(found.start(), found[0], value, 0)
            continue
        for word in re.finditer(r"[^\W\d_]+", found[0]):
            if word[0].lower() != "and":
                yield _Number(found.start() + word.start(), word[0], _value(word[0]), 0)


def _value(words: str) -> float:
    """Return the value of a number in words, −1 where it is none, or several."""
    from text_to_num import alpha2digit  # type: ignore[import-untyped]  # it ships no types

    figure = re.fullmatch(r"(\d+)(?:st|nd|rd|th)?s?", alpha2digit(words, "en", threshold=0).strip())
    return float(figure[1]) if figure else -1.0


def _with_units(numbers: list[_Number], text: str) -> list[_Number]:
    """Give each number what it counts; in a range the unit stands at its end: "8–10 months"."""
    with_units: list[_Number] = []
    for number in reversed(numbers):
        found = _UNIT.match(text, number.end)
        unit = _unit(found["unit"]) if found else ""
        if not unit and with_units:
            follows = with_units[-1]
            unit = follows.unit if _BETWEEN.fullmatch(text, number.end, follows.start) else ""
        with_units.append(replace(number, unit=unit))
    return with_units[::-1]


def _unit(name: str) -> str:
    """Return a unit's one name: months for month, percent for %."""
    plain = name.lower().replace(" ", "")
    if plain in ("%", "percent"):
        return "percent"
    plain = plain if plain.endswith("s") or not plain or plain in ("date", *_SHARES) else f"{plain}s"
    return "tests" if plain == "benchmarks" else plain
