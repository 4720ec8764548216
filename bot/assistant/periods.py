"""Days and periods in a text: absolute English ones by their forms, relative and other languages' ones by dateparser.

It is imported when the first of those stands in a text.
"""

import calendar
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice

from core.words import MONTHS

_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_YEAR = r"((?:19|20)\d\d\b|'\d\d\b)"
_OF_YEAR = rf"(?:,? (?:of )?{_YEAR})?"
_DAY = r"([12]?\d|3[01])(?:st|nd|rd|th)?\b\.?"
_UNIT = r"(day|week|fortnight|month|quarter|year)s?\b"
_NUMBERS = "one two three four five six seven eight nine ten eleven twelve".split()
_COUNT = rf"(\d{{1,3}}|an?|{'|'.join(_NUMBERS)}|few|couple of|half an?)"
_COUNTS = {"a": 1, "an": 1, "couple of": 2, "few": 3} | {word: number for number, word in enumerate(_NUMBERS, 1)}
_UNITS = {"day": (1, "day"), "week": (7, "day"), "fortnight": (14, "day"), "month": (1, "month")}
_UNITS |= {"quarter": (3, "month"), "year": (12, "month")}
_HALVES = {"year": (6, "month"), "month": (15, "day"), "week": (3, "day")}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_STEPS = {"last": -1, "previous": -1, "past": -1, "this": 0, "current": 0, "next": 1, "coming": 1}
_BEFORE = re.compile(
    r"\b(?:in|since|until|by|before|after|from|of|between|and|to|vs|than|about|during|through|at|the|your|our) $"
)
_ANOTHER = re.compile(rf"–| (?:vs|versus|to|and|or) {_MONTH}")
_MOST_MONTHS = 12
_MOST_LOOKED_UP = 4
"""In one text so many words are looked up in other languages."""
_LANGUAGES = ["de", "fr", "es", "it", "pt", "nl", "pl", "sv", "da", "cs", "tr", "ru", "uk", "ja", "zh"]
_ROLES = tuple(
    (role, re.compile(rf"\b(?:{written})(?: about| around| the| then)* $"))
    for role, written in (
        ("known", "known (?:by|on|at|in|until)"),
        ("since", "since|after|from|(?:starting|beginning)(?: from| in| on)?"),
        ("until", "until|up to|through|thru"),
        ("to", "to"),
        ("before", "before|prior to"),
    )
)
"""What stands before a time, by how it bounds it."""


@dataclass(frozen=True)
class Period:
    """A time that a text names from `start` to `end`, by its first and its last day.

    `role` says how it bounds: since, until, to, before, known; "" where it is just named. `recurs` is "year" or "week"
    where a time is named that comes again in each.
    """

    first: date
    last: date
    role: str = ""
    recurs: str = field(default="", compare=False)
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)

    @property
    def as_of(self) -> date:
        """The day whose world is meant: the period's last, or the one before it."""
        return self.first - timedelta(1) if self.role == "before" else self.last

    def still_to_come(self, today: date) -> date:
        """Return the last day; where it is over and comes again, the next time that it does."""
        if self.last >= today or not self.recurs:
            return self.last
        return months_back(self.last, -12) if self.recurs == "year" else self.last + timedelta(7)


def months_back(day: date, number: int) -> date:
    """Return the same day so many months earlier, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - number, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


Read = Callable[[re.Match[str], date], Period]


def _year(written: str) -> int:
    number = int(written.strip("'"))
    return number if number > 99 else 2000 + number


def _month_number(word: str) -> int:
    return next(number for number, name in enumerate(MONTHS, 1) if name.lower().startswith(word[:3]))


def _months(first: int, number: int, year: str | int | None, today: date) -> Period:
    """Return so many months from one on; without a year, the last that have begun."""
    start = date(_year(str(year)) if year else today.year - (first > today.month), first, 1)
    return Period(start, months_back(start, -number) - timedelta(1), recurs="" if year else "year")


def _day(number: str, month: str | int, year: str | None, today: date) -> Period:
    """Return a day of a month; without a year, the last one that has come. Raises ValueError where there is none."""
    in_month = month if isinstance(month, int) else _month_number(month)
    found = date(_year(year) if year else today.year, in_month, int(number))
    if not year and found > today:
        found = date(today.year - 1, in_month, int(number))
    return Period(found, found, recurs="" if year else "year")


# ---- the forms


def _figures(match: re.Match[str], today: date) -> Period:
    """Read 12/05/2026 as 12 May; the month stands first only where it must."""
    first, second, third = match.groups()
    if len(first) > 2:
        return _day(third, int(second), first, today)
    is_american = int(second) > _MOST_MONTHS
    return _day(second if is_american else first, int(first if is_american else second), third, today)


def _is_named_alone(match: re.Match[str]) -> bool:
    """Whether a month or season without a year stands as one: "may", "march" and "fall" are verbs too."""
    line = match.string
    is_beside = _BEFORE.search(line[: match.start()]) or _ANOTHER.match(line[match.end() :])
    return match[0] == line or is_beside is not None


def _month(match: re.Match[str], today: date) -> Period:
    """Read "March" as the last one that has begun, "last March" as the last that is over, "next March" as the next."""
    which, month, year = match[1], _month_number(match[2]), match[3]
    if not (which or year or _is_named_alone(match)):
        raise ValueError(match[0])  # "they march on"
    if which and not year:
        is_over = month < today.month or (month == today.month and which == "this")
        year = str(today.year + (month <= today.month) if which == "next" else today.year - (not is_over))
    return _months(month, 1, year, today)


def _part(match: re.Match[str], today: date) -> Period:
    letter, number, ordinal, part, year = match.groups()
    if part == "half" and not year:
        raise ValueError(match[0])  # "the first half of the levels"
    months = 3 if "q" in (letter, (part or "")[:1]) else 6
    return _months(((int(number) if number else _ORDINALS[ordinal]) - 1) * months + 1, months, year, today)


def _season(match: re.Match[str], today: date) -> Period:
    if match[1] == "fall" and not (match[2] or _is_named_alone(match)):
        raise ValueError(match[0])  # "did it fall"
    return _months(_SEASONS[match[1]], 3, match[2], today)


def _whole(match: re.Match[str], today: date) -> Period:
    """Read "last month", "this year", "next quarter" as that whole calendar period."""
    step, unit = _STEPS[match[1]], match[2]
    if unit == "week":
        monday = today + timedelta(7 * step - today.weekday())
        return Period(monday, monday + timedelta(6))
    months = _UNITS[unit][0]
    start = months_back(today.replace(day=1), (today.month - 1) % months - step * months)
    return _months(start.month, months, start.year, today)


def _counted(match: re.Match[str], today: date) -> Period:
    """Read "3 months ago" and "in two weeks" as a day, "the last 3 months" as what has passed since."""
    leading, count, unit, behind = match.groups()
    number, single = _HALVES.get(unit, (0, "day")) if count.startswith("half") else _UNITS[unit]
    number *= 1 if count.startswith("half") else _COUNTS.get(count) or int(count)
    if not behind and leading.endswith("in "):
        return _relative(f"in {number} {single}s", today)
    found = _relative(f"{number} {single}s ago", today)
    return found if behind else Period(found.first, today, "since")


def _relative(written: str, today: date) -> Period:
    """Read a day that is counted from today; raises ValueError for what is none."""
    import dateparser

    settings = {"RELATIVE_BASE": datetime.combine(today, time.min), "PREFER_DATES_FROM": "past"}
    found = dateparser.parse(written, languages=["en"], settings=settings)
    if found is None:
        raise ValueError(written)
    return Period(found.date(), found.date())


def _weekday(match: re.Match[str], today: date) -> Period:
    """Read "Monday" as the last one, "next Monday" as the next."""
    return replace(_relative(match[0], today), recurs="" if match[1] else "week")


def _edge(match: re.Match[str], today: date) -> Period:
    """Read "end of 2025", "mid 2025", "early March 2026" as one day of the period."""
    edge, rest = match[1], f"this {match[2]}" if match[2] in ("month", "year") else match[2]
    whole = next(
        read(inner, today) for form, read in (_PERIODS | _YEAR_ALONE).items() if (inner := form.fullmatch(rest))
    )
    middle = date(whole.first.year, 6, 30) if whole.last.month - whole.first.month == 11 else None
    middle = middle or whole.first + (whole.last - whole.first) // 2
    day = whole.last if edge in ("end", "late") else middle if edge.startswith("mid") else whole.first
    return Period(day, day)


def _form(written: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w<:.-]){written}(?!\w|>|:\d)")


_ONE = rf"(?:(?:last|this|previous) )?(?:month|year|{_MONTH})(?: (?:of )?{_YEAR})?|q[1-4](?: {_YEAR})?|{_YEAR}"
_LASTING = r"(?:(?:in|over|during|within) )?(?:the )?(?:last|past|previous) "
_BESIDE_A_WEEKDAY = "(?<=since )|(?<=until )|(?<=after )|(?<=before )|(?=last |next )"
_DAYS: dict[re.Pattern[str], Read] = {
    _form(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"): _figures,
    _form(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d\d)"): _figures,
    _form(rf"(?:the )?{_DAY} (?:of )?{_MONTH}{_OF_YEAR}"): lambda match, on: _day(match[1], match[2], match[3], on),
    _form(rf"{_MONTH} (?:the )?{_DAY}{_OF_YEAR}"): lambda match, on: _day(match[2], match[1], match[3], on),
}
"""Forms of one day with its number: what has one and is no day, as "31 June", is a slip."""
_PERIODS: dict[re.Pattern[str], Read] = {
    _form(rf"(?:(last|this|next) )?{_MONTH}{_OF_YEAR}"): _month,
    _form(rf"(?:the )?(?:([qh])([1-4])|(first|second|third|fourth) (quarter|half)){_OF_YEAR}"): _part,
    _form(r"(?:the )?(last|previous|past|this|current|next|coming) (month|quarter|year|week)"): _whole,
    _form(rf"(?:the )?(?:last |this )?(spring|summer|autumn|fall|winter){_OF_YEAR}"): _season,
}
_YEAR_ALONE: dict[re.Pattern[str], Read] = {
    _form(r"(?:the year )?((?:19|20)\d\d)(?! ?(?:%|percent|pct|points?|pts|min(?:ute)?s?|hours?|hrs?)(?!\w))"):
        lambda match, on: _months(1, 12, match[1], on)
}  # fmt: skip
"""Looked for last, since it stands within most other forms."""
_FORMS: dict[re.Pattern[str], Read] = {
    **_DAYS,
    _form(r"(\d{4})-(\d\d)"): lambda match, on: _months(int(match[2]), 1, match[1], on),
    _form(rf"(?:the )?(end|late|mid|middle|early|start|beginning)(?: of)?(?: the)?[ -]({_ONE})"): _edge,
    _form(r"(?:the )?(day before yesterday|yesterday|tomorrow)"): lambda match, on: _relative(match[1], on),
    _form(rf"()(?:about |around )?{_COUNT} {_UNIT} (ago|back|earlier)"): _counted,
    _form(rf"({_LASTING}|(?:with)?in ){_COUNT} {_UNIT}()?"): _counted,
    **_PERIODS,
    _form(rf"(?:{_BESIDE_A_WEEKDAY})(last |next )?(?:mon|tues|wednes|thurs|fri|satur|sun)day"): _weekday,
}
"""The forms, in the order in which they are looked for."""
_MODEL = r"(?:the )?<model:\d+>"
_OUT = r"(?:release[ds]?|launch(?:ed)?|came out|comes? out|dropped|appeared|arriv(?:ed|al)|landed|debut(?:ed)?)"
_RELEASE = re.compile(
    rf"(?:the )?{_OUT} of {_MODEL}|{_MODEL}(?: was| got|'s)? {_OUT}\b"
    rf"|(?:(?<=since )|(?<=before )|(?<=after )(?<!long after )(?<!later after )){_MODEL}"
    rf"(?:(?: was| has| got| been)* {_OUT})?"
)
"""A model that stands for the day of its release: "since R1", "when GPT-5 came out"."""
_ELSEWHERE = _form(
    r"(?:(\d{1,2})(?:\.|er|e|º|°)? (?:de |di )?)?([^\W\d_]{3,10})\.?(?: (?:de |del |di )?((?:19|20)\d\d))?"
)
"""The form of a day or a month with a name that is not English: "3. mai 2026", "mars 2026"."""
_NEAR = re.compile(
    r"\b(?:since|from|between|and|to|by|in|im|am|en|le|el|on|until|before|au|w|i)(?: le| el| dem| der)? $"
)
_BOTH = re.compile(r" ?[-–] ?| (?:and|to|until|till|through|vs\.?|versus|or|against|than)(?: in| on| the| of)* ")
_IN_ORDER = re.compile(r"\b(?:and|to|until|till|through)\b|[-–]")


def periods(
    line: str, today: date, releases: dict[str, date], is_word: Callable[[str], bool], *, is_foreign: bool
) -> tuple[list[Period], list[str]]:
    """Return the times that a line in lower case names, in order, and what has a day's form and is none ("31 june").

    A time without a year is the last one that has begun; the first of two takes the year of the second. `releases` are
    the days of models' releases by tag, `is_word` says what is no month of another language; in an `is_foreign` line
    such a month needs no year.
    """
    line = re.sub(rf"-(?=(?:{_MONTH}|q[1-4]))", "–", line)
    found: list[Period] = []
    wrong: list[str] = []

    def take(matches: Iterable[re.Match[str]], read: Read) -> None:
        nonlocal line
        for match in matches:
            try:
                period = read(match, today)
            except (ValueError, OverflowError):
                wrong.extend([match[0].strip()] if match.re in _DAYS else [])
                continue
            role = next((role for role, form in _ROLES if form.search(line[: match.start()])), period.role)
            found.append(replace(period, role=role, start=match.start(), end=match.end()))
        for each in found:
            line = line[: each.start] + "\0" * (each.end - each.start) + line[each.end :]

    take(_RELEASE.finditer(line), lambda match, _: _release(match, releases))
    for form, read in _FORMS.items():
        take(form.finditer(line), read)
    elsewhere = (each for each in _ELSEWHERE.finditer(line) if not is_word(each[2]))
    near = (each for each in elsewhere if each[3] or (is_foreign and (each[1] or _NEAR.search(line[: each.start()]))))
    take(list(islice(near, _MOST_LOOKED_UP)), _elsewhere)
    for form, read in _YEAR_ALONE.items():
        take(form.finditer(line), read)
    return _with_both_years(line, sorted(found, key=lambda each: each.start)), wrong


def _with_both_years(line: str, found: list[Period]) -> list[Period]:
    """Give the first of two times the year of the second, where it has none: "between January and June 2025"."""
    for number in range(len(found) - 1, 0, -1):
        first, second = found[number - 1 : number + 1]
        between = line[first.end : second.start]
        if first.recurs == "year" and not second.recurs and _BOTH.fullmatch(between):
            is_before = _IN_ORDER.search(between) and first.first.month > second.first.month
            back = (first.first.year - second.first.year + bool(is_before)) * 12
            days = months_back(first.first, back), months_back(first.last + timedelta(1), back) - timedelta(1)
            found[number - 1] = replace(first, first=days[0], last=days[1], recurs="")
    return found


def _release(match: re.Match[str], releases: dict[str, date]) -> Period:
    day = releases.get(match[0][match[0].index("<") : match[0].index(">") + 1])
    if day is None:
        raise ValueError(match[0])
    return Period(day, day)


def _elsewhere(match: re.Match[str], today: date) -> Period:
    """Read the day or month of another language."""
    number, word, year = match.groups()
    month = _month_of(word)
    return _day(number, month, year, today) if number else _months(month, 1, year, today)


@lru_cache(maxsize=1024)
def _month_of(word: str) -> int:
    """Return the month that a word of another language names; raises ValueError for any other word."""
    import dateparser

    parts = {"REQUIRE_PARTS": ["day", "month", "year"], "DATE_ORDER": "DMY"}
    found = dateparser.parse(f"15 {word} 2024", languages=_LANGUAGES, settings=parts)
    if found is None or (found.day, found.year) != (15, 2024) or MONTHS[found.month - 1].lower() == word:
        raise ValueError(word)
    return found.month
