"""The forms in which people write days and periods in English, and what each means on a day."""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from core import words

MONTHS = tuple(name.lower() for name in words.MONTHS)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_YEAR = r"(?:(?:19|20)\d\d)\b"
_OF_YEAR = rf"(?: (?:of )?({_YEAR}))?"
_DAY = r"(?:[12]?\d|3[01])(?:st|nd|rd|th)?\b\.?"
_UNIT = r"(day|week|fortnight|month|quarter|year)s?\b"
_COUNT = r"(\d{1,3}|an?|one|two|few|couple of|half an?)"
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "couple of": 2, "few": 3}
_ORDINALS = ("first", "second", "third", "fourth")
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_BEFORE_A_MONTH = (
    "in since until by before after from of between and to vs than about during through at the your our".split()
)
_STEPS = {"last": -1, "previous": -1, "past": -1, "this": 0, "current": 0, "next": 1, "coming": 1}
_CENTURY = 2000
_MOST_MONTHS = 12


@dataclass(frozen=True)
class Period:
    """A time that a text names, from its first to its last day.

    `role` says how it bounds: since, until, to, before, known; "" where it is just named. `recurs` is "year" or "week"
    where a time is named that comes again in each.
    """

    first: date
    last: date
    role: str = ""
    recurs: str = field(default="", compare=False)

    @property
    def as_of(self) -> date:
        """The day whose world is meant: the period's last, or the one before it."""
        return self.first - timedelta(1) if self.role == "before" else self.last

    def still_to_come(self, today: date) -> date:
        """Return the last day; where it is over and comes again, the next time that it does."""
        if self.last >= today or not self.recurs:
            return self.last
        return months_back(self.last, -12) if self.recurs == "year" else self.last + timedelta(7)


Read = Callable[[re.Match[str], date], Period]


def months_back(day: date, number: int) -> date:
    """Return the same day so many months earlier, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - number, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def whole_month(year: int, month: int) -> Period:
    """Return a month."""
    return Period(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


def day_of(number: str, month: int, year: str | None, today: date) -> Period:
    """Return a day of a month; without a year, the last one that has come. Raises ValueError where there is none."""
    found = date(_year(year) if year else today.year, month, int(number))
    if year:
        return _one(found)
    return replace(_one(found if found <= today else date(today.year - 1, month, int(number))), recurs="year")


def _one(day: date) -> Period:
    return Period(day, day)


def _year(text: str) -> int:
    number = int(text)
    return number if number > 99 else _CENTURY + number


def _month_number(word: str) -> int:
    return next(number for number, name in enumerate(MONTHS, 1) if name.startswith(word.strip(".")[:3]))


# ---- days


def _iso(match: re.Match[str], today: date) -> Period:
    return _one(date(int(match[1]), int(match[2]), int(match[3])))


def _figures(match: re.Match[str], today: date) -> Period:
    """Read 12/05/2026 as 12 May; the month stands first only where it must."""
    first, second, year = int(match[1]), int(match[2]), _year(match[3])
    return _one(date(year, first, second) if second > _MOST_MONTHS else date(year, second, first))


def _day_month(match: re.Match[str], today: date) -> Period:
    return day_of(re.sub(r"\D", "", match[1]), _month_number(match[2]), match[3], today)


def _month_day(match: re.Match[str], today: date) -> Period:
    return day_of(re.sub(r"\D", "", match[2]), _month_number(match[1]), match[3], today)


def _feast(match: re.Match[str], today: date) -> Period:
    number, month = {"christmas": ("25", 12), "christmas eve": ("24", 12), "new year eve": ("31", 12)}.get(
        f"{match[1]}{match[2] or ''}", ("1", 1)
    )
    return day_of(number, month, match[3], today)


def _weekday(match: re.Match[str], today: date) -> Period:
    """Read "Monday" as the last one, "next Monday" as the next."""
    back = (today.weekday() - _WEEKDAYS.index(match[2]) - 1) % 7 + 1
    if match[1] == "next ":
        return _one(today + timedelta(7 - back % 7))
    return replace(_one(today - timedelta(back)), recurs="week")


def _weekend(match: re.Match[str], today: date) -> Period:
    saturday = today - timedelta((today.weekday() - 5) % 7)
    return Period(saturday, saturday + timedelta(1), "since")


def _named_day(match: re.Match[str], today: date) -> Period:
    steps = {"yesterday": -1, "tomorrow": 1}
    return _one(today + timedelta(steps.get(match[0], -2)))


def _ago(match: re.Match[str], today: date) -> Period:
    return _one(_moved(today, match[1], match[2], -1))


def _ahead(match: re.Match[str], today: date) -> Period:
    return _one(_moved(today, match[1], match[2], 1))


def _moved(today: date, count: str, unit: str, step: int) -> date:
    """Return the day that lies so many units back (step -1) or ahead (step 1)."""
    if count.startswith("half"):
        days = {"month": 15, "week": 3}.get(unit, 0)
        return months_back(today, -6 * step) if unit == "year" else today + timedelta(step * days)
    number = step * (int(count) if count.isdigit() else _COUNTS[count])
    if unit in ("day", "week", "fortnight"):
        return today + timedelta(number * {"day": 1, "week": 7, "fortnight": 14}[unit])
    return months_back(today, -number * {"month": 1, "quarter": 3, "year": 12}[unit])


# ---- periods


def _iso_month(match: re.Match[str], today: date) -> Period:
    return whole_month(int(match[1]), int(match[2]))


def _month_year(match: re.Match[str], today: date) -> Period:
    return whole_month(_year(match[2]), _month_number(match[1]))


def _month_alone(match: re.Match[str], today: date) -> Period:
    """Read "March" as the last one that has begun, "last March" as the last that is over, "next March" as the next."""
    month, which = _month_number(match[2]), (match[1] or "").strip()
    if which == "next":
        return whole_month(today.year + (month <= today.month), month)
    is_over = month < today.month or (month == today.month and which != "last")
    return replace(whole_month(today.year - (not is_over), month), recurs="" if which else "year")


def _quarter(match: re.Match[str], today: date) -> Period:
    return _part(match[1], 3, match[2], today)


def _half(match: re.Match[str], today: date) -> Period:
    return _part(match[1], 6, match[2], today)


def _part(which: str, months: int, year: str | None, today: date) -> Period:
    number = int(which) if which.isdigit() else _ORDINALS.index(which) + 1
    first = (number - 1) * months + 1
    return _from_month(first, months, year, today)


def _from_month(first: int, months: int, year: str | None, today: date) -> Period:
    """Return so many months from one on; without a year, the last that have begun."""
    start = date(_year(year) if year else today.year - (first > today.month), first, 1)
    last = months_back(start, 1 - months)
    return Period(start, whole_month(last.year, last.month).last, recurs="" if year else "year")


def _season(match: re.Match[str], today: date) -> Period:
    return _from_month(_SEASONS[match[1]], 3, match[2], today)


def _whole_year(match: re.Match[str], today: date) -> Period:
    return _of_year(int(match[1]))


def _of_year(year: int) -> Period:
    return Period(date(year, 1, 1), date(year, 12, 31))


def _lasting(match: re.Match[str], today: date) -> Period:
    return Period(_moved(today, match[1], match[2], -1), today, "since")


def _relative(match: re.Match[str], today: date) -> Period:
    """Read "last month", "this year", "next quarter" as that whole calendar period."""
    step, unit = _STEPS[match[1]], match[2]
    if unit == "year":
        return _of_year(today.year + step)
    if unit == "week":
        monday = today + timedelta(7 * step - today.weekday())
        return Period(monday, monday + timedelta(6))
    months = 3 if unit == "quarter" else 1
    start = months_back(today.replace(day=1), (today.month - 1) % months - step * months)
    return _from_month(start.month, months, str(start.year), today)


def _edge(match: re.Match[str], today: date) -> Period:
    """Read "end of 2025", "mid 2025", "early March 2026" as one day of the period."""
    edge, rest = match[1], match[2].strip()
    rest = f"this {rest}" if rest in ("month", "year") else rest
    whole = next(read(inner, today) for form, read in _INNER if (inner := form.fullmatch(rest)))
    if edge.startswith(("end", "late")):
        return _one(whole.last)
    if not edge.startswith("mid"):
        return _one(whole.first)
    if whole == _of_year(whole.first.year):
        return _one(date(whole.first.year, 6, 30))
    return _one(whole.first + (whole.last - whole.first) // 2)


def _form(written: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w<:.-]){written}(?!\w|>|:\d)")


_MONTH_YEAR = (_form(rf"({_MONTH}),? (?:of )?({_YEAR})"), _month_year)
_RELATIVE = (_form(r"(?:the )?(last|previous|past|this|current|next|coming) (month|quarter|year|week)"), _relative)
_QUARTER = (_form(rf"(?:the )?q([1-4]){_OF_YEAR}"), _quarter)
_YEAR_ALONE = (
    _form(rf"(?:the year )?({_YEAR})(?! ?(?:%|percent|pct|points?|pts|min(?:ute)?s?|hours?|hrs?)(?!\w))"),
    _whole_year,
)
_INNER: tuple[tuple[re.Pattern[str], Read], ...] = (
    _MONTH_YEAR, (_form(rf"(last |this |next )?({_MONTH})"), _month_alone), _RELATIVE, _QUARTER, _YEAR_ALONE,
)  # fmt: skip
_BEFORE_FALL = "|".join(rf"(?<={word} )" for word in ("in", "in the", "by", "since", "last", "this"))
_FALL = rf"(?:{_BEFORE_FALL})fall|fall(?= {_YEAR})"
"""The season, which is a verb too."""
_BEFORE_A_WEEKDAY = "|".join(rf"(?<=\b{word} )" for word in ("since", "until", "after", "before"))
_AFTER_A_WORD = "|".join(rf"(?<=\b{word} )" for word in _BEFORE_A_MONTH)

_MOMENT = rf"(?:{_DAY} (?:of )?)?{_MONTH}(?: {_DAY})?|q[1-4]|h[12]"
_TWO = re.compile(
    rf"(?<![\w<:.-])({_MOMENT})"
    r"( ?[-–] ?| (?:and|to|until|till|through|vs\.?|versus|or|against|than)(?: in| on| the| of)* )"
    rf"({_MOMENT})(,? (?:of )?)({_YEAR})"
)
"""Two times of which the second alone has its year: "between January and June 2025"."""
_IN_ORDER = re.compile(r"\b(?:and|to|until|till|through)\b|[-–]")


def with_both_years(line: str) -> str:
    """Return a line in which the first of two times has the second's year; in order, it lies before the second."""

    def one(match: re.Match[str]) -> str:
        first, between, second, joined, year = match.groups()
        turns = _IN_ORDER.search(between) and _place(first) > _place(second)
        return f"{first} {int(year) - 1 if turns else year}{between}{second}{joined}{year}"

    return _TWO.sub(one, line)


def _place(moment: str) -> int:
    """Return where in its year a time begins, in months."""
    month = re.search(_MONTH, moment)
    return _month_number(month[0]) if month else int(moment[1]) * (3 if moment[0] == "q" else 6)


DAYS: tuple[tuple[re.Pattern[str], Read], ...] = (
    (_form(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"), _iso),
    (_form(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d\d)"), _figures),
    (_form(rf"(?:the )?({_DAY}) (?:of )?({_MONTH}),?(?: ({_YEAR}))?"), _day_month),
    (_form(rf"({_MONTH}) (?:the )?({_DAY}),?(?: ({_YEAR}))?"), _month_day),
)
"""Forms of one day with its number: what has one and is no day, as "31 June", is a slip."""
PERIODS: tuple[tuple[re.Pattern[str], Read], ...] = (
    (_form(r"(\d{4})-(\d\d)"), _iso_month),
    (_form(rf"(?:the )?(end|late|mid|middle|early|start|beginning)(?: of)?(?: the)?[ -]((?:{_MONTH} (?:of )?)?{_YEAR}"
           rf"|(?:last |this )?{_MONTH}|(?:last|previous|this) (?:month|quarter|year)|(?:month|year)\b"
           rf"|q[1-4](?: {_YEAR})?)"), _edge),
    _MONTH_YEAR,
    (_form(rf"({_MONTH}) '(\d\d)"), _month_year),
    _QUARTER,
    (_form(rf"(?:the )?(first|second|third|fourth) quarter{_OF_YEAR}"), _quarter),
    (_form(rf"(?:the )?h([12]){_OF_YEAR}"), _half),
    (_form(rf"(?:the )?(first|second) half (?:of )?({_YEAR})"), _half),
    (_form(rf"(?:the )?(?:last )?(spring|summer|autumn|winter|{_FALL}){_OF_YEAR}"), _season),
    (_form(rf"(?:last )?(christmas|new year)(?:'?s)?(?: day|( eve))?{_OF_YEAR}"), _feast),
    (_form(r"(?:the )?day before yesterday|yesterday|tomorrow"), _named_day),
    (_form(rf"(?:about |around )?{_COUNT} {_UNIT} (?:ago|back|earlier)"), _ago),
    (_form(rf"(?:in |over |during |within )?(?:the )?(?:last|past|previous) {_COUNT} {_UNIT}"), _lasting),
    (_form(rf"(?:in|within) {_COUNT} {_UNIT}(?: from now)?"), _ahead),
    _RELATIVE,
    (_form(rf"(last |this |next )({_MONTH})"), _month_alone),
    (_form(rf"(?:{_BEFORE_A_WEEKDAY}|(?=last |next ))(last |next )?({'|'.join(_WEEKDAYS)})"), _weekday),
    (_form(r"(?:over |during )?(?:the |last |this )weekend"), _weekend),
    (re.compile(rf"(?:{_AFTER_A_WORD})()({_MONTH})(?!\w|>|:\d)"), _month_alone),
)  # fmt: skip
"""Forms of other times, in the order in which they are looked for."""
YEAR: tuple[re.Pattern[str], Read] = _YEAR_ALONE
"""A year alone: looked for last, since it stands within most other forms."""
