"""Find the numbers in a text, with their units, and its dates: in digits and in words, with their places."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace

from core.dataclass import dataclass
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
    "results": r"results?|catch-ups?",
    "scores": r"scores?",
    "models": r"models?|systems?",
    "labs": r"labs?|companies|company",
    "questions": r"questions?|problems?|tasks?",
    "dollars": r"dollars?|euros?",
}
"""The units of numbers, and how they are written after a number."""
MONTHS_PER_UNIT = {"years": 12.0, "months": 1.0, "weeks": 12 / 52.18, "days": 12 / 365.25}
"""The number of months in each unit that can state a gap."""
MINUTES_PER_UNIT = {"hours": 60.0, "minutes": 1.0}
_UNIT = re.compile(
    r"[\s-]*(?:(?:private|public|open|closed|new|newer|more|other|such|whole|full|different|unmatched)[\s-]+){0,2}"
    rf"(?:of )?(?:an? )?(?:{'|'.join(f'(?P<{unit}>{words})' for unit, words in _UNITS.items())})(?!\w)",
    re.IGNORECASE,
)
_MONTH = rf"(?P<month>{'|'.join(f'{name[:3]}(?:{name[3:]})?' for name in MONTHS)}|Sept)\b\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)\b"
_THIRD = r"(?:(?P<third>early|mid|late)[ -])?"
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?P<year>\d{4})-(?P<number>\d\d)(?:-(?P<day>\d\d))?\b",
        rf"\b(?P<day>\d\d?)(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? {_YEAR})?",
        rf"\b{_MONTH} (?P<day>\d\d?)(?:st|nd|rd|th)?\b(?:,? {_YEAR})?",
        rf"\b(?i:{_THIRD}){_MONTH},? {_YEAR}",
        rf"(?<![.!?] )\b(?!^)(?i:{_THIRD})(?P<alone>{'|'.join(MONTHS)})\b",
        rf"(?<![\w.,$]){_YEAR}(?![.,]?\d| ?(?:%|percent|points?|min|hour))",
    )
)
"""Dates as people write them. dateparser's search takes "may" for a date, and misses "On 22 May 2026"."""
_CODE = re.compile(r"(?<![\w.])(?!(?:mid|top|pre|post|sub|since|by|up|to)-)[^\W\d_][\w.+-]*\d(?:[\w.+-]*\w)?", re.I)
"""A word of letters and digits: GPT-4o, R1, Qwen2.5-72B, ARC-AGI-2."""
_DIGITS = re.compile(r"(?<![\w.])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|(?<!\w)\.\d+|[¼½¾⅓⅔]")
_TOKEN = re.compile(r"[^\W\d_]+|\S")
_FRACTION = re.compile(
    rf"\b(?:(?P<few>an?|one|two|three|four)[ -])?(?P<part>half|(?<=[ -])(?:{'|'.join(_PARTS)})s?)\b"
    r"(?![ -]part| of (?:them|these|those)\b|(?<=half) (?:of (?:that|it)|as)\b)",
    re.I,
)
_MORE = re.compile(
    r"(?:\s(?P<unit>year|month|week)s?)?\s(?P<part>and a (?:half|quarter))\b|\s?(?P<sign>½)"
    rf"|[\s-](?P<large>{'|'.join(_LARGE)})\b",
    re.I,
)
"""Words that change the number before them: "seven and a half", "2 million"."""
_RANGE_WORD = re.compile(r"\s*(?:to|and|or|–|-|—|versus)\s*(?:about |almost |nearly )?", re.I)
_COUNTING_ARTICLE = re.compile(
    r"(?:(?<=within )|(?<=about )|(?<=almost )|(?<=nearly )|(?<=over )|(?<=under )|(?<=than )|(?<=by ))an?"
    r"(?= (?:year|month|week)\b)"
    r"|(?<!_ )(?<!of )\ban?(?= (?:year|month|week) (?:later|after|before|behind|ahead|earlier|and))",
    re.I,
)
"""An article that means one: "a year later", "within a month"."""
_FEW = {"half a dozen": 6, "a dozen": 12, "a couple of": 2}
_NEAR = re.compile(
    r"\b(?:(?P<under>(?:just|slightly|a little) (?:under|below|less than)|nearly|almost|close to)"
    r"|(?:just|slightly|a little) (?:over|above|more than)) (?:an? )?$",
    re.I,
)
"""Words before a number that say on which side of it the figure is."""
_LIMIT = re.compile(
    r"\b(?:(?P<least>more than|over|above|at least)|less than|fewer than|under|below|at most|up to) (?:about |an? )?$",
    re.I,
)
"""Words before a number that say only that the figure is above it, or below."""
_AFTER_ONE = re.compile(r"[ -](?:year|month|week|day|hour|minute)\b", re.I)
"""What follows "one" if it is a number."""


@dataclass(frozen=True)
class Number:
    """A number in a text: its place, value, unit ("" if none is written) and precision.

    `step` is one unit of its last digit; `with_unit` is its text including the unit; `bound` is -1 for "just under",
    1 for "just over"; `limit` is -1 for "less than", 1 for "more than".
    """

    start: int
    end: int
    text: str
    value: float
    unit: str = ""
    step: float = 1.0
    with_unit: str = ""
    bound: int = 0
    limit: int = 0

    @property
    def unit_end(self) -> int:
        """Return the end of the unit."""
        return self.start + len(self.with_unit)


@dataclass(frozen=True)
class Day:
    """A date in a text; omitted parts are 0. `third` is 1 for "early", 2 for "mid", 3 for "late" in a month."""

    start: int
    end: int
    text: str
    year: int = 0
    month: int = 0
    day: int = 0
    third: int = 0


def find_figures(text: str, names: Iterable[tuple[int, int]] = ()) -> tuple[list[Number], list[Day]]:
    """Return the numbers and dates of a text, in order, outside the spans of names; GPT-5.5 is not a number.

    "One" counts only before a unit of time, as in "one month"; "the two" never counts; ordinals count from "fourth" on.
    """
    rest = blank_out(text, (*names, *code_spans(text)))
    days = sorted(_find_days(rest), key=lambda day: day.start)
    rest = blank_out(rest, ((day.start, day.end) for day in days))
    numbers: list[Number] = []
    for find in (_find_fractions, _find_digits, _find_words):
        more = list(find(rest))
        numbers += more
        rest = blank_out(rest, ((number.start, number.end) for number in more))
    numbers = _join_parts(sorted(numbers, key=lambda number: number.start), text)
    return _add_units(numbers, text), days


def code_spans(text: str) -> list[tuple[int, int]]:
    """Return the spans of words with letters and digits, such as GPT-4o."""
    return [match.span() for match in _CODE.finditer(text)]


def blank_out(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return a text with the spans replaced by underscores, so that all places stay the same."""
    for start, end in spans:
        text = f"{text[:start]}{'_' * (end - start)}{text[end:]}"
    return text


def _find_days(text: str) -> Iterator[Day]:
    for pattern in _DATES:
        for match in list(pattern.finditer(text)):
            part = match.groupdict()
            name = part.get("month") or part.get("alone") or ""
            month = next((number for number, full in enumerate(MONTHS, 1) if name and full.startswith(name[:3])), 0)
            start, end = match.span()
            year, day = int(part.get("year") or 0), int(part.get("day") or 0)
            third = ("", "early", "mid", "late").index((part.get("third") or "").lower())
            yield Day(start, end, text[start:end], year, month or int(part.get("number") or 0), day, third)
            text = blank_out(text, [(start, end)])


def _find_fractions(text: str) -> Iterator[Number]:
    """Find "half" and "two thirds", which are percentages before "of", and the article in "a year later"."""
    few = [*re.finditer(rf"\b(?:{'|'.join(_FEW)})(?!\w)", text, re.I)]
    for match in few:
        yield Number(match.start(), match.end(), match[0], _FEW[match[0].lower()])
    text = blank_out(text, (match.span() for match in few))
    for match in _FRACTION.finditer(text):
        is_more = text[: match.start()].endswith(" and ") and not text.startswith(" of ", match.end())
        if is_more and match["part"].lower() in ("half", "quarter"):
            continue  # it belongs to "seven and a half"
        times = {"two": 2, "three": 3, "four": 4}.get((match["few"] or "").lower(), 1)
        if match["few"] or match["part"].lower() == "half":
            value = times * _PARTS[match["part"].lower().removesuffix("s")]
            is_share = text.startswith(" of ", match.end()) and not text.startswith((" of a ", " of an "), match.end())
            value, unit, step = (100 * value, "percent", 10.0) if is_share else (value, "", 0.1)
            yield Number(match.start(), match.end(), match[0], value, unit, step)
    text = blank_out(text, (match.span() for match in _FRACTION.finditer(text)))
    for match in _COUNTING_ARTICLE.finditer(text):
        yield Number(match.start(), match.end(), match[0], 1)


def _find_digits(text: str) -> Iterator[Number]:
    for match in _DIGITS.finditer(text):
        is_sign = match[0] in "¼½¾⅓⅔"
        value = unicodedata.numeric(match[0]) if is_sign else float(match[0].replace(",", ""))
        decimals = 1 if is_sign else len(match[0].partition(".")[2])
        yield Number(match.start(), match.end(), match[0], value, "", 10.0**-decimals)


def _find_words(text: str) -> Iterator[Number]:
    """Find numbers in words, using text2num."""
    from text_to_num import find_numbers  # type: ignore[import-untyped]  # it ships no types

    tokens = [_Token(match[0], match.start(), match.end()) for match in _TOKEN.finditer(text)]
    for number in find_numbers(tokens, "en", 0):
        first, last = tokens[number.start], tokens[number.end - 1]
        words = text[first.start : last.end]
        is_one = words.lower() == "one" and not _AFTER_ONE.match(text, last.end)
        is_both = words.lower() == "two" and text[: first.start].lower().endswith("the ")
        if not (is_one or is_both) and words.lower() != "ones" and not (number.is_ordinal and number.value <= 3):
            yield Number(first.start, last.end, words, number.value)


@dataclass(frozen=True)
class _Token:
    """A word in the form that text2num expects."""

    word: str
    start: int
    end: int

    def text(self) -> str:
        return self.word

    def nt_separated(self, _previous: "_Token") -> bool:
        return False

    def not_a_number_part(self) -> bool:
        return not self.word.isalpha() and self.word != "-"


def _join_parts(numbers: list[Number], text: str) -> list[Number]:
    """Join numbers with the words after them that change their value: "seven and a half", "2 million"."""
    joined: list[Number] = []
    for number in numbers:
        if joined and number.start < joined[-1].end:
            continue
        more = _MORE.match(text, number.end)
        if more:
            value = (
                number.value * _LARGE[more["large"].lower()]
                if more["large"]
                else number.value + _PARTS[(more["part"] or "half").split()[-1].lower()]
            )
            unit = f"{more['unit'].lower()}s" if more["unit"] else ""
            number = Number(number.start, more.end(), text[number.start : more.end()], value, unit, 0.1)
        joined.append(number)
    return joined


def _add_units(numbers: list[Number], text: str) -> list[Number]:
    """Add units to numbers; in a range only the last number has a unit: "8 to 10 months"."""
    with_units: list[Number] = []
    for number in reversed(numbers):
        match = _UNIT.match(text, number.end)
        unit = number.unit or (match.lastgroup if match else "") or ""
        if not unit and text[: number.start].endswith(("$", "€", "£")):
            unit = "dollars"
        if not unit and with_units and _RANGE_WORD.fullmatch(text, number.end, with_units[-1].start):
            unit = with_units[-1].unit
        if near := _NEAR.search(text, max(number.start - 30, 0), number.start):
            number = replace(number, start=near.start(), bound=-1 if near["under"] else 1)
            number = replace(number, text=text[number.start : number.end])
        elif limit := _LIMIT.search(text, max(number.start - 30, 0), number.start):
            number = replace(number, limit=1 if limit["least"] else -1)
        with_unit = text[number.start : match.end() if match else number.end]
        if unit in ("", "levels") and 0 < number.value < 1 and number.text[0].isalpha():  # "half" alone is a share
            number, unit = replace(number, value=100 * number.value, step=10.0), "percent"
        with_units.append(replace(number, unit=unit, with_unit=with_unit))
        if len(with_units) > 1 and (whole := _join_units(with_units[-1], with_units[-2], text)):
            with_units[-2:] = [whole]
    return with_units[::-1]


def _join_units(large: Number, small: Number, text: str) -> Number | None:
    """Return a length that is written in two units, as one number: "three hours and twenty minutes"."""
    for units in (MINUTES_PER_UNIT, MONTHS_PER_UNIT):
        is_one = units.get(large.unit, 0) > units.get(small.unit, 0) > 0
        if is_one and text[large.unit_end : small.start].strip(" ,") in ("", "and"):
            value = large.value * units[large.unit] / units[small.unit] + small.value
            words, with_unit = text[large.start : small.end], text[large.start : small.unit_end]
            return replace(small, start=large.start, text=words, value=value, with_unit=with_unit)
    return None
