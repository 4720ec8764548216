"""The numbers and dates of a text: in digits and in words, with what each counts."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from core.words import MONTHS

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
NUMBER_WORD = re.compile(
    rf"\d|\b(?:(?:{_CARDINALS})s?|thirds?|{'|'.join(_SIZES)})\b(?<!\bones)(?<!\btens)", re.IGNORECASE
)
"""A digit, or a word that is a number; ordinals but "third" are none: "second" is a time too."""

_MONTH = rf"(?P<month>{'|'.join(f'{name[:3]}(?:{name[3:]})?' for name in MONTHS)}|Sept)\b\.?"
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
_MONTH_ALONE = re.compile(
    r"\b(?:in|since|until|by|from|to|of|late|early|mid|and|end of|start of)[ -]"
    rf"(?P<name>{'|'.join(MONTHS)})\b(?! \d)"
)
"""A month without a year, behind a word that makes it one: "in May", but not "they may"."""
_LONE_YEAR = re.compile(rf"(?<![\w.,]){_YEAR}(?![.,]?\d)")
_NAMELIKE = re.compile(r"(?<![\w.])[^\W\d_][\w.+-]*\d[\w.+-]*")
"""A word of letters and digits: GPT-4o, R1, Qwen2.5-72B, ARC-AGI-2."""
_NO_NAME = re.compile(
    r"(?i:(?:mid|pre|post|sub|top|non|over|under|up|since|by|about|around|near|plus|to|below|above)-)"
    r"|[a-z]{4,}-\d|[a-z]{7,}\d"
)
"""How a word of letters and digits begins that is no name: mid-2025, top-5."""
_ABOUT = re.compile(
    r"(?:\b(?P<above>more than|over|above|at least|upwards of|beyond|better than|tops|topped|clears"
    r"|cleared|crosse[sd]|north of|pass(?:es|ed)|longer than|past|exceed(?:s|ed|ing)?|a (?:bit|little"
    r"|touch|shade) (?:over|more than|above)"
    r"|(?:just|slightly|well|a little) (?:over|above|more than))"
    r"|\b(?P<below>less than|under|below|almost|nearly|not quite|fewer than|at most|shorter than|just shy of|short of"
    r"|(?:just|slightly|a little|a bit|well) (?:under|below|less than))"
    r"|\b(?P<about>about|around|roughly|approximately|approx\.?|some|close to|approaching|up to|circa"
    r"|nearer|near|more or less|or so|in the region of|on the order of)|(?P<tilde>[~≈]))"
    r" ?(?:an? )?$",
    re.IGNORECASE,
)
_OR_SO = re.compile(
    r"[\s-]*(?:%|\w+)?(?: of (?:the )?\w+ \w+)?,? (?:roughly|or so|or thereabouts|give or take"
    r"|and a bit|and change|odd)\b|[\s-]*(?:odd|ish)\b",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"(?<![\w.])(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<part>\d+))?|\.(?P<only>\d+))(?:st|nd|rd|th)?")
_MIXED = re.compile(r"(?<![\w.])(\d+) ?([¼½¾⅓⅔])")
"""A whole number with a part: 7½."""
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
_DOZENS = re.compile(r"\b(?:(?P<many>two|three|four|five|six|eight|ten|half a|a couple of|\d)) dozen\b", re.IGNORECASE)
_ONE_IN = re.compile(
    r"\b(?:one|1) (?:in|out of)(?: every)? (?P<many>[2-9]|1\d|20|two|three|four|five|six|seven|eight"
    r"|nine|ten|twelve|twenty)\b(?! months)",
    re.IGNORECASE,
)
_IN_TEN = re.compile(
    r"\b(?P<few>\d|one|two|three|four|five|six|seven|eight|nine)(?: times)? (?:in|out of)(?: every)? (?P<many>10"
    r"|ten|100|a hundred)\b(?! (?:months|tests)\b)",
    re.IGNORECASE,
)
"""A share as people tell it: "nine in ten"."""
_FEW_IN = re.compile(
    r"\b(?P<few>two|three|four|five) in(?: every)? (?P<many>three|four|five|six|seven|eight)\b"
    r"(?! (?:months?|weeks?|years?|days?|minutes?)\b)",
    re.IGNORECASE,
)
_PART = {"half": 1 / 2, "third": 1 / 3, "quarter": 1 / 4, "fifth": 1 / 5, "tenth": 1 / 10}
_MANY = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "nine": 9}
_YEAR_AND_HALF = re.compile(r"\b(?P<whole>a|an|one|\w+) (?P<unit>year|month)s? and a half\b", re.IGNORECASE)
_ONE = re.compile(
    r"(?:(?<=within )|(?<=by )|(?<=about )|(?<=almost )|(?<=nearly )|(?<=over )|(?<=under )|(?<=than )|(?<=least )"
    r"|(?<=most )|(?<=roughly )|(?<=around )|(?<=just )|(?<=only )|(?<=full )|(?<=took ))an? (?=(?:year|month|week)\b)"
    r"|\ban? (?=(?:full |whole )?(?:year|month|week) (?:later|after|before|behind|ahead|earlier"
    r"|old|older|longer)\b)",
    re.IGNORECASE,
)
"""An article that counts: "a year later", "within a month", but not "results of a month"."""
_UNIT_WORDS = (
    r"%|pct|per\s?cent(?:age\s+points?)?|percentage[ -]points?|pp|data[ -]points?|months?|days?|weeks?"
    r"|years?|decades?|minutes?|hours?"
    r"|seconds?|results?|tests?|benchmarks?|evaluations?|levels?|marks?|thresholds?|models?|systems?|scores?|points?"
    r"|labs?|companies|company|countries|country|dollars?|euros?|people|users?|experts?|researchers?|questions?|tasks?"
    r"|problems?|parameters?|tokens?|times|x(?= )|fold|generations?|releases?|publications?|papers?|studies|study"
    r"|estimates?|bias(?:es)?|sources?|publishers?|leaders?|records?|places?|ranks?|steps?|versions?"
)
_UNIT = re.compile(
    r"[\s-]*(?:(?:private|public|such|open|closed|new|newer|more|other|whole|full|different|recent|further|calendar"
    r"|known|single|separate|independent|unreached|waiting|unmatched)\s+){0,2}"
    rf"(?P<unit>{_UNIT_WORDS})(?!\w)",
    re.IGNORECASE,
)
_OF_YEAR = re.compile(r"(?: of)? an? (?P<unit>year|month|week|day)\b", re.IGNORECASE)
"""What a part is of: "half a year", "a quarter of a year"."""
_OF_UNIT = re.compile(
    r" of (?:(?:the|such|these|those|its|their|all|our) )?(?:(?:private|public|such|open|closed"
    r"|newest) )?(?P<unit>tests|benchmarks|results|levels|models|scores)\b",
    re.IGNORECASE,
)
"""What a number is of: "half of such levels"."""
_SAME = {
    "benchmarks": "tests", "evaluations": "tests", "percentagepoints": "points", "percentage points": "points",
    "pp": "points", "datapoints": "results", "marks": "levels", "thresholds": "levels", "systems": "models",
    "company": "companies", "country": "countries", "study": "publications", "studies": "publications",
    "papers": "publications", "estimates": "publications", "bias": "biases", "x": "times", "fold": "times",
}  # fmt: skip
_BETWEEN = re.compile(
    r"\s*(?:to|and|or|–|-|—|against|versus|vs\.?|rather than)\s*(?:about |almost |nearly |by |roughly )?"
)
_SHARES = ("share", "fraction")


@dataclass(frozen=True)
class Number:
    """A number as it stands in a text: where, its value, its decimals, and what it counts (empty where not said)."""

    start: int
    text: str
    value: float
    decimals: int
    unit: str = ""
    about: str = ""
    """How it is approximated: about, above, below, just above, just below; empty where it is said plainly."""

    @property
    def end(self) -> int:
        """Return where it ends in the text."""
        return self.start + len(self.text)


@dataclass(frozen=True)
class Day:
    """A date as it stands in a text; 0 for what it leaves open."""

    start: int
    text: str
    year: int
    month: int = 0
    day: int = 0

    @property
    def end(self) -> int:
        """Return where it ends in the text."""
        return self.start + len(self.text)


def said(text: str, names: Iterable[tuple[int, int]]) -> tuple[list[Number], list[Day]]:
    """Find the numbers and the dates of a text outside its names, in order.

    Each is blanked out before the next kind is looked for.
    """
    rest = blanked(text, namelike(text, names))
    days = list(_days(rest))
    rest = blanked(rest, ((day.start, day.end) for day in days))
    numbers: list[Number] = []
    for find in (_halves, _parts, _digits, _sizes, _words, _articles):
        found = list(find(rest))
        numbers += found
        rest = blanked(rest, ((number.start, number.end) for number in found))
    numbers.sort(key=lambda number: number.start)
    return _with_units(numbers, text), days


def blanked(text: str, spans: Iterable[tuple[int, int]], letter: str = "_") -> str:
    """Return the text with the spans as so many blanks, so that places stay as they are."""
    for start, end in spans:
        text = f"{text[:start]}{letter * (end - start)}{text[end:]}"
    return text


def namelike(text: str, names: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the spans of the names, and of every word of letters and digits beside them."""
    spans = sorted(names)
    starts = [start for start, _ in spans]
    for found in _NAMELIKE.finditer(text):
        name = found[0].rstrip(".-+")
        place = bisect_left(starts, found.end())
        is_inside = place > 0 and spans[place - 1][1] > found.start()
        if not is_inside and not _NO_NAME.match(name) and any(letter.isdecimal() for letter in name):
            spans.insert(place, (found.start(), found.start() + len(name)))
            starts.insert(place, found.start())
    return spans


def _days(text: str) -> Iterator[Day]:
    """Find dates, then months and years alone: a number like a year that counts nothing."""
    for pattern in _DATES:
        for found in list(pattern.finditer(text)):
            parts = found.groupdict()
            month = int(parts.get("number") or 0) or _month(parts.get("month") or "")
            yield Day(found.start(), found[0], int(parts.get("year") or 0), month, int(parts.get("day") or 0))
            text = blanked(text, [found.span()])
    for found in _LONE_YEAR.finditer(text):
        if not _UNIT.match(text, found.end()):
            yield Day(found.start(), found[0], int(found[0]))
    for found in _MONTH_ALONE.finditer(text):
        yield Day(found.start("name"), found["name"], 0, _month(found["name"]))


def _month(name: str) -> int:
    return next((number for number, month in enumerate(MONTHS, 1) if name and month.startswith(name[:3])), 0)


def _halves(text: str) -> Iterator[Number]:
    """Find "a year and a half", which counts in its own middle: its value is that in the unit."""
    for found in _YEAR_AND_HALF.finditer(text):
        whole = 1.0 if found["whole"].lower() in ("a", "an") else _value(found["whole"])
        if whole >= 0:
            yield Number(found.start(), found[0], whole + 0.5, 1, unit_name(found["unit"]))


def _parts(text: str) -> Iterator[Number]:
    """Find parts: "two thirds", "a quarter", "two and a half"."""
    few_in = [*_IN_TEN.finditer(text), *_FEW_IN.finditer(text)]
    for found in few_in:
        few, many = (float(each) if each.isdecimal() else _value(each.removeprefix("a ")) for each in found.groups())
        yield Number(found.start(), found[0], 100 * few / many, -1, "percent")
    text = blanked(text, (found.span() for found in few_in))
    for found in _ONE_IN.finditer(text):
        many = float(found["many"]) if found["many"].isdecimal() else _value(found["many"])
        yield Number(found.start(), found[0], 100 / many, -1, "percent")
    text = blanked(text, (found.span() for found in _ONE_IN.finditer(text)))
    for found in _DOZENS.finditer(text):
        times = {"half a": 0.5, "a couple of": 2.0}.get(found["many"].lower())
        times = times or (float(found["many"]) if found["many"].isdecimal() else _value(found["many"]))
        yield Number(found.start(), found[0], 12 * times, 0)
    text = blanked(text, (found.span() for found in _DOZENS.finditer(text)))
    for found in _PARTS.finditer(text):
        value = _MANY[found["many"].lower()] * _PART[found["part"].lower()]
        whole = found["whole"]
        if whole:
            value += float(whole) if whole.isdecimal() else _value(whole)
        yield Number(found.start(), found[0], value, 1 if whole else 2)


def _digits(text: str) -> Iterator[Number]:
    for found in _MIXED.finditer(text):
        yield Number(found.start(), found[0], float(found[1]) + unicodedata.numeric(found[2]), 1)
    text = blanked(text, (found.span() for found in _MIXED.finditer(text)))
    for found in _DIGITS.finditer(text):
        figure = found[0].rstrip("stndrh").replace(",", "")
        yield Number(found.start(), found[0], float(figure), len(found["part"] or found["only"] or ""))
    for place, letter in enumerate(text):
        if unicodedata.category(letter) in ("No", "Nl"):
            yield Number(place, letter, unicodedata.numeric(letter), 2)


def _sizes(text: str) -> Iterator[Number]:
    for found in _SIZE.finditer(text):
        value = _SIZES[found[0].lower()]
        yield Number(found.start(), found[0], value, 0 if value >= 1 else 2)


def _words(text: str) -> Iterator[Number]:
    """Find numbers in words, "twenty-one", "third"; what is no single number is read word by word."""
    for found in _WORDS.finditer(text):
        value = _value(found[0])
        if value >= 0:
            yield Number(found.start(), found[0], value, 0)
            continue
        for word in re.finditer(r"[^\W\d_]+", found[0]):
            if word[0].lower() != "and":
                yield Number(found.start() + word.start(), word[0], _value(word[0]), 0)


def _articles(text: str) -> Iterator[Number]:
    for found in _ONE.finditer(text):
        if not text[: found.start()].endswith("_ "):  # the year of "half a year"
            yield Number(found.start(), found[0].rstrip(), 1.0, 0)


def _value(words: str) -> float:
    """Return the value of a number in words, −1 where it is none, or several."""
    from text_to_num import alpha2digit  # type: ignore[import-untyped]  # it ships no types

    figure = re.fullmatch(r"(\d+)(?:st|nd|rd|th)?s?", alpha2digit(words, "en", threshold=0).strip())
    return float(figure[1]) if figure else -1.0


def _with_units(numbers: list[Number], text: str) -> list[Number]:
    """Give each number what it counts; in a range the unit stands at its end: "8–10 months"."""
    with_units: list[Number] = []
    for number in reversed(numbers):
        unit = number.unit
        if not unit:
            found = (_OF_YEAR.match(text, number.end) if number.value < 1 else None) or _UNIT.match(text, number.end)
            found = found or _OF_UNIT.match(text, number.end)
            unit = unit_name(found["unit"]) if found else ""
        if not unit and number.start and text[number.start - 1] in "$€£":
            unit = "dollars"
        if not unit and with_units:
            follows = with_units[-1]
            unit = follows.unit if _BETWEEN.fullmatch(text, number.end, follows.start) else ""
        with_units.append(replace(number, unit=unit, about=_about(text, number)))
    return with_units[::-1]


def _about(text: str, number: Number) -> str:
    found = _ABOUT.search(text[max(0, number.start - 28) : number.start])
    if found:
        just = "just " if re.match(r"just|slightly|a (?:bit|little|touch|shade)", found[0], re.IGNORECASE) else ""
        return "about" if found.lastgroup == "tilde" else f"{just}{found.lastgroup}"
    return "about" if _OR_SO.match(text, number.end) else ""


def unit_name(name: str) -> str:
    """Return a unit's one name: months for month, percent for %."""
    plain = re.sub(r"[\s-]", "", name.lower())
    if plain in ("%", "percent", "pct"):
        return "percent"
    if plain.startswith("percentage"):
        return "points"
    plain = plain if plain.endswith("s") or not plain or plain in ("date", "people", *_SHARES, *_SAME) else f"{plain}s"
    return _SAME.get(plain, plain)


def unit_after(text: str, place: int | None) -> str:
    """Return the unit word that stands right behind a place, or anywhere in a text; empty where none does."""
    if place is not None:
        found = _UNIT.match(text, place)
        return found["unit"] if found else ""
    anywhere = re.search(rf"(?:\s|^){_UNIT.pattern}", text, re.IGNORECASE)
    return anywhere["unit"] if anywhere else ""
