"""Numbers with their units, and dates, in a text: in digits and in words, each with where it stands."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from core.words import MONTHS

_PARTS = {"half": 1 / 2, "third": 1 / 3, "quarter": 1 / 4, "fifth": 1 / 5, "tenth": 1 / 10}
_LARGE = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_UNITS = {
    "percent": r"%|per ?cent|pct",
    "points": r"(?:percentage[ -])?points?|pts|pp",
    "months": r"months?",
    "years": r"years?",
    "weeks": r"weeks?",
    "days": r"days?",
    "hours": r"hours?|hrs?|h",
    "minutes": r"min(?:ute)?s?",
    "tests": r"tests?|benchmarks?",
    "levels": r"levels?|marks?|thresholds?",
    "results": r"results?",
    "scores": r"scores?",
    "models": r"models?|systems?",
    "labs": r"labs?|companies|company",
    "questions": r"questions?|problems?|tasks?",
    "dollars": r"dollars?|euros?",
}
"""What a number counts, and how that is written behind it."""
MONTHS_OF = {"years": 12.0, "months": 1.0, "weeks": 12 / 52.18, "days": 12 / 365.25}
"""Units in which a gap is told, in months."""
_UNIT = re.compile(
    r"[\s-]*(?:(?:private|public|open|closed|new|newer|more|other|such|whole|full|different|unmatched)[\s-]+){0,2}"
    rf"(?:of )?(?:an? )?(?:{'|'.join(f'(?P<{unit}>{words})' for unit, words in _UNITS.items())})(?!\w)",
    re.IGNORECASE,
)
_MONTH = rf"(?P<month>{'|'.join(f'{name[:3]}(?:{name[3:]})?' for name in MONTHS)}|Sept)\b\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)\b"
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?P<year>\d{4})-(?P<number>\d\d)(?:-(?P<day>\d\d))?\b",
        rf"\b(?P<day>\d\d?)(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? {_YEAR})?",
        rf"\b{_MONTH} (?P<day>\d\d?)(?:st|nd|rd|th)?\b(?:,? {_YEAR})?",
        rf"\b{_MONTH},? {_YEAR}",
        rf"(?i:\b(?:in|since|until|by|from|to|of|late|early|mid|and)[ -])(?P<alone>{'|'.join(MONTHS)})\b",
        rf"(?<![\w.,$]){_YEAR}(?![.,]?\d| ?(?:%|percent|points?|min|hour))",
    )
)
"""Dates as people write them; dateparser's search takes "may" for one, and none of "On 22 May 2026"."""
_NAMELIKE = re.compile(r"(?<![\w.])(?!(?:mid|top|pre|post|sub|since|by|up|to)-)[^\W\d_][\w.+-]*\d(?:[\w.+-]*\w)?", re.I)
"""A word of letters and digits: GPT-4o, R1, Qwen2.5-72B, ARC-AGI-2."""
_DIGITS = re.compile(r"(?<![\w.])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|(?<!\w)\.\d+|[¼½¾⅓⅔]")
_TOKEN = re.compile(r"[^\W\d_]+|\S")
_FRACTION = re.compile(
    rf"\b(?:(?P<few>an?|one|two|three|four)[ -])?(?P<part>half|(?<=[ -])(?:{'|'.join(_PARTS)})s?)\b(?![ -]part)", re.I
)
_MORE = re.compile(
    rf"(?:\s(?P<unit>year|month|week)s?)?\s(?P<half>and a half)\b|\s?(?P<sign>½)|[\s-](?P<large>{'|'.join(_LARGE)})\b",
    re.I,
)
"""What makes a number another one from behind: "seven and a half", "2 million"."""
_BETWEEN = re.compile(r"\s*(?:to|and|or|–|-|—|versus)\s*(?:about |almost |nearly )?", re.I)
_A_TIME = re.compile(
    r"(?:(?<=within )|(?<=about )|(?<=almost )|(?<=nearly )|(?<=over )|(?<=under )|(?<=than )|(?<=by ))an?"
    r"(?= (?:year|month|week)\b)|(?<!_ )\ban?(?= (?:year|month|week) (?:later|after|before|behind|ahead|earlier|and))",
    re.I,
)
"""An article that counts: "a year later", "within a month"."""
_ONE = re.compile(r"[ -](?:year|month|week|day|hour|minute)\b", re.I)
"""What follows a one that counts."""


@dataclass(frozen=True)
class Number:
    """A number as it stands in a text: where, its value, what it counts ("" where not said), and how exact it is.

    `step` is one of its last digit; `with_unit` is all of it.
    """

    start: int
    end: int
    text: str
    value: float
    unit: str = ""
    step: float = 1.0
    with_unit: str = ""

    @property
    def unit_end(self) -> int:
        """Where its unit ends."""
        return self.start + len(self.with_unit)


@dataclass(frozen=True)
class Day:
    """A date as it stands in a text; 0 for what it leaves open."""

    start: int
    end: int
    text: str
    year: int = 0
    month: int = 0
    day: int = 0


def figures(text: str, names: Iterable[tuple[int, int]] = ()) -> tuple[list[Number], list[Day]]:
    """Find the numbers and the dates of a text outside the spans of its names, in order; GPT-5.5 is no number.

    "One" is a number in "one month" alone, elsewhere mostly somebody; of ordinals those from "fourth" on. "The two"
    counts nothing new.
    """
    rest = blanked(text, (*names, *namelike(text)))
    days = sorted(_days(rest), key=lambda each: each.start)
    rest = blanked(rest, ((each.start, each.end) for each in days))
    numbers: list[Number] = []
    for find in (_fractions, _digits, _words):
        found = list(find(rest))
        numbers += found
        rest = blanked(rest, ((each.start, each.end) for each in found))
    numbers = _joined(sorted(numbers, key=lambda each: each.start), text)
    return _with_units(numbers, text), days


def namelike(text: str) -> list[tuple[int, int]]:
    """Return the spans of words of letters and digits, such as GPT-4o."""
    return [found.span() for found in _NAMELIKE.finditer(text)]


def blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return a text with the spans as so many letters that are no word, so that places stay as they are."""
    for start, end in spans:
        text = f"{text[:start]}{'_' * (end - start)}{text[end:]}"
    return text


def _days(text: str) -> Iterator[Day]:
    for pattern in _DATES:
        for found in list(pattern.finditer(text)):
            part = found.groupdict()
            name = part.get("month") or part.get("alone") or ""
            month = next((number for number, each in enumerate(MONTHS, 1) if name and each.startswith(name[:3])), 0)
            start, end = found.span("alone") if part.get("alone") else found.span()
            year, day = int(part.get("year") or 0), int(part.get("day") or 0)
            yield Day(start, end, text[start:end], year, month or int(part.get("number") or 0), day)
            text = blanked(text, [(start, end)])


def _fractions(text: str) -> Iterator[Number]:
    """Find "half" and "two thirds", which are percent of what follows "of", and the article of "a year later"."""
    for found in _FRACTION.finditer(text):
        if found["part"].lower() == "half" and text[: found.start()].endswith(" and "):
            continue  # of "seven and a half"
        few = {"two": 2, "three": 3, "four": 4}.get((found["few"] or "").lower(), 1)
        if found["few"] or found["part"].lower() == "half":
            value = few * _PARTS[found["part"].lower().removesuffix("s")]
            is_share = text.startswith(" of ", found.end())
            value, unit, step = (100 * value, "percent", 10.0) if is_share else (value, "", 0.1)
            yield Number(found.start(), found.end(), found[0], value, unit, step)
    text = blanked(text, (found.span() for found in _FRACTION.finditer(text)))
    for found in _A_TIME.finditer(text):
        yield Number(found.start(), found.end(), found[0], 1)


def _digits(text: str) -> Iterator[Number]:
    for found in _DIGITS.finditer(text):
        is_sign = found[0] in "¼½¾⅓⅔"
        value = unicodedata.numeric(found[0]) if is_sign else float(found[0].replace(",", ""))
        decimals = 1 if is_sign else len(found[0].partition(".")[2])
        yield Number(found.start(), found.end(), found[0], value, "", 10.0**-decimals)


def _words(text: str) -> Iterator[Number]:
    """Find numbers in words, as text2num reads them."""
    from text_to_num import find_numbers  # type: ignore[import-untyped]  # it ships no types

    tokens = [_Token(found[0], found.start(), found.end()) for found in _TOKEN.finditer(text)]
    for each in find_numbers(tokens, "en", 0):
        first, last = tokens[each.start], tokens[each.end - 1]
        said = text[first.start : last.end]
        is_one = said.lower() == "one" and not _ONE.match(text, last.end)
        is_both = said.lower() == "two" and text[: first.start].lower().endswith("the ")
        if not (is_one or is_both) and said.lower() != "ones" and not (each.is_ordinal and each.value <= 3):
            yield Number(first.start, last.end, said, each.value)


@dataclass(frozen=True)
class _Token:
    """A word, as text2num takes it."""

    word: str
    start: int
    end: int

    def text(self) -> str:
        return self.word

    def nt_separated(self, _previous: "_Token") -> bool:
        return False

    def not_a_number_part(self) -> bool:
        return not self.word.isalpha() and self.word != "-"


def _joined(numbers: list[Number], text: str) -> list[Number]:
    """Return numbers with what follows them and makes them another one: "seven and a half", "2 million"."""
    joined: list[Number] = []
    for each in numbers:
        if joined and each.start < joined[-1].end:
            continue
        more = _MORE.match(text, each.end)
        if more:
            value = each.value * _LARGE[more["large"].lower()] if more["large"] else each.value + 0.5
            unit = f"{more['unit'].lower()}s" if more["unit"] else ""
            each = Number(each.start, more.end(), text[each.start : more.end()], value, unit, 0.1)
        joined.append(each)
    return joined


def _with_units(numbers: list[Number], text: str) -> list[Number]:
    """Give each number what it counts; in a range the unit stands at its end: "8 to 10 months"."""
    told: list[Number] = []
    for each in reversed(numbers):
        found = _UNIT.match(text, each.end)
        unit = each.unit or (found.lastgroup if found else "") or ""
        if not unit and text[: each.start].endswith(("$", "€", "£")):
            unit = "dollars"
        if not unit and told and _BETWEEN.fullmatch(text, each.end, told[-1].start):
            unit = told[-1].unit
        with_unit = text[each.start : found.end() if found else each.end]
        told.append(replace(each, unit=unit, with_unit=with_unit))
    return told[::-1]
