"""Finds days and periods in a text: "22 May 2026", "last March", "Q1 2025", "3 months ago", "since R1"."""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from bot.assistant import patterns

_MONTH_WORDS = patterns.read_groups("months.txt").values()
_MONTHS = {word: number for number, words in enumerate(_MONTH_WORDS, 1) for word in words}
_MONTH = rf"({'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?"
_YEAR = r"((?:19|20)\d\d\b|'\d\d\b|(?:last|this|next) year\b)"
_OF_YEAR = rf"(?:,? (?:of |del? |di )?{_YEAR})?"
_ORDINALS = patterns.read_lines("ordinals.txt")
_DAY = rf"([12]?\d|3[01]|{'|'.join(reversed(_ORDINALS))})(?:st|nd|rd|th|er|º)?\b\.?"
_UNIT = r"(day|week|fortnight|month|quarter|year)s?\b(?: and a half\b)?"
_UNITS = {"day": (0, 1), "week": (0, 7), "fortnight": (0, 14), "month": (1, 0), "quarter": (3, 0), "year": (12, 0)}
"""Months and days of each unit."""
_NUMBERS = "one two three four five six seven eight nine ten eleven twelve".split()
_COUNT = rf"(\d{{1,3}}(?:\.\d)?|an?|{'|'.join(_NUMBERS)}|(?:a )?few|(?:a )?couple of|half a(?= year))(?: and a half)?"
_COUNTS = {"a": 1, "an": 1, "couple of": 2, "few": 3} | {word: number for number, word in enumerate(_NUMBERS, 1)}
_PARTS = {name: (number, 1) for name, number in _MONTHS.items()}
_PARTS |= {"spring": (3, 3), "summer": (6, 3), "autumn": (9, 3), "fall": (9, 3), "winter": (12, 3)}
_PARTS |= {"h1": (1, 6), "h2": (7, 6), "first half": (1, 6), "second half": (7, 6)}
for _number, _ordinal in enumerate(("first", "second", "third", "fourth")):
    _PARTS |= {f"q{_number + 1}": (3 * _number + 1, 3), f"{_ordinal} quarter": (3 * _number + 1, 3)}
"""Parts of a year, each with its first month and its number of months."""
_STEPS = {"last": -1, "previous": -1, "past": -1, "this": 0, "current": 0, "": 0, "next": 1, "coming": 1}
_DISTANCES = {"day before yesterday": -2, "yesterday": -1, "tomorrow": 1}
_WEEKDAYS = ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun")
_PART = "|".join(sorted(_PARTS, key=len, reverse=True))
_AMBIGUOUS = frozenset({"may", "march", "mar", "mars", "spring", "fall", "first half", "second half"})
"""Words that are no part of a year unless they have a year or a word such as "in" before them."""
_PREPOSITION = re.compile(
    r"\b(?:in|since|until|by|before|after|from|of|between|about|during|through|take|meant|rather) $"
)
_BEFORE_A_NAME = re.compile(r"\b(?:and|to|vs|than|for|at|the|your|our) $")
_VERBAL = re.compile(r" (?:it|they|you|i|we|be|have|there|of|in|over|apart|short|behind|back)\b(?! (?:19|20)\d\d)")
"""Words after "may" or "the fall" where they are no part of a year."""
_SECOND_MONTH = re.compile(rf" (?:and|to|vs|or) {_MONTH}")
_LATEST_MONTH, _DAYS_OF_A_MONTH, _DAYS_OF_HALF_A_YEAR = 12, 30, 184
_ROLES = tuple(
    (role, re.compile(rf"\b(?:{written})(?: about| around| the| then)* $"))
    for role, written in (
        ("known", "known (?:by|on|at|in|until)"),
        (
            "since",
            r"since(?: (?:i|we) (?:last )?\w+(?: in| on| at)?)?|after|from|(?:starting|beginning)(?: from| in| on)?",
        ),
        ("until", "until|up to|through|thru|(?:stop|end)(?:ping|ing)? (?:at|on|in|with)"),
        ("to", "to"),
        ("before", "before|prior to"),
    )
)
"""The role of a period, by the words before it."""
_EDGE = re.compile(
    r"(?<![\w<])(?:the )?(?:very )?(end|late|last day|final day|mid|middle|early|start|beginning|first day)"
    r"(?: of)?(?: the)?[ -]$"
)
"""Words before a period that reduce it to one day."""


@dataclass(frozen=True)
class Period:
    """A period with its first and last day, and its place in the text from `start` to `end`.

    `role` is since, until, to, before, known, or "" without a bound. `recurs` is "year" or "week" for a period that
    comes again in each.
    """

    first: date
    last: date
    role: str = ""
    recurs: str = field(default="", compare=False)
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)

    @property
    def as_of(self) -> date:
        """The day whose state is meant: the last one, or the day before the period."""
        return self.first - timedelta(1) if self.role == "before" else self.last

    def still_to_come(self, today: date) -> date:
        """Return the last day, or its next recurrence if it is over and recurs."""
        if self.last >= today or not self.recurs:
            return self.last
        return months_back(self.last, -12) if self.recurs == "year" else self.last + timedelta(7)


def months_back(day: date, number: int) -> date:
    """Return the same day `number` months earlier, or that month's last if it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - number, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


# ---- the forms; their functions raise ValueError if a match is no period


def _make_period(today: date, year: str | int | None, month: str | int, day: str = "", *, months: int = 1) -> Period:
    """Return a day, or some months from a day on; without a year, the last one that has begun."""
    step, _, is_relative = str(year or "this year").partition(" ")
    number_of_year = today.year + _STEPS[step] if is_relative else int(step.strip("'"))
    number = month if isinstance(month, int) else _MONTHS[month]
    number_of_day = _ORDINALS.index(day) + 1 if day in _ORDINALS else int(day or 1)
    start = date(number_of_year if number_of_year > 99 else 2000 + number_of_year, number, number_of_day)
    if not year and start > today:
        start = date(today.year - 1, number, number_of_day)
    last = start if day else months_back(start, -months) - timedelta(1)
    return Period(start, last, recurs="" if year else "year")


def _numeric_day(match: re.Match[str], today: date) -> Period:
    """Read 12/05/2026 as 12 May; the month is first only if it must be."""
    day, month, year = match.groups()
    if int(month) > _LATEST_MONTH:
        day, month = month, day
    return _make_period(today, year, int(month), day)


def _day_before_month(match: re.Match[str], today: date) -> Period:
    return _make_period(today, match[3], match[2], match[1])


def _part_of_year(match: re.Match[str], today: date) -> Period:
    """Read "March" as the last one that has begun, "last March" as the last that is over, "next March" as the next."""
    step, name, year = match.groups()
    first, months = _PARTS[name]
    if not (step or year) and name in _AMBIGUOUS:
        left, right = match.string[: match.start()], match.string[match.end() :]
        prefix = _BEFORE_A_NAME.search(f"{left}the " if match[0].startswith("the ") else left)
        is_a_name = (prefix and not _VERBAL.match(right)) or _SECOND_MONTH.match(right)
        if not (is_a_name or _PREPOSITION.search(left)):
            raise ValueError(name)  # "they march on", "and may it fall", "the fall of"
    if step == "last" and not year:
        year = str(today.year - (first + months > today.month))
    if step == "next" and not year:
        year = str(today.year + (first <= today.month))
    return _make_period(today, year, first, months=months)


def _whole_period(match: re.Match[str], today: date) -> Period:
    """Read "last month", "this year", "next quarter" as a calendar period."""
    step, unit = _STEPS[match[1]], match[2]
    if unit == "week":
        monday = today + timedelta(7 * step - today.weekday())
        return Period(monday, monday + timedelta(6))
    months = _UNITS[unit][0]
    start = months_back(today.replace(day=1), (today.month - 1) % months - step * months)
    return _make_period(today, start.year, start.month, months=months)


def _unit_distance(count: str, unit: str, text: str) -> tuple[int, int]:
    """Return the months and days of a number of units; the text may add "and a half"."""
    months, days = _UNITS[unit]
    number = 0.5 if count.startswith("half") else _COUNTS.get(count.removeprefix("a ")) or float(count)
    number += 0.5 * (" and a half" in text)
    return int(number * months), int(number * days + number * months % 1 * _DAYS_OF_A_MONTH)


def _distance_period(match: re.Match[str], today: date) -> Period:
    """Read "3 months ago" and "in two weeks" as a day, "the last 3 months" as the time since then."""
    prefix, count, unit = match.groups()
    sign = -1 if prefix.endswith("in ") else 1
    months, days = _unit_distance(count, unit, match[0])
    day = months_back(today, sign * months) - timedelta(sign * days)
    is_span = prefix.endswith(("last ", "past ", "previous ", "for "))
    return Period(day, today, "since") if is_span else Period(day, day)


def _relative_day(match: re.Match[str], day: date) -> Period:
    """Read "the month before", "half a year later" and "a year after that" relative to a day."""
    count, unit, direction = match.groups()
    sign = 1 if direction in ("before", "earlier", "prior") else -1
    months, days = _unit_distance(count or "a", unit, match[0])
    is_end = months > 0 and (day + timedelta(1)).day == 1  # a month's last day stays a month's last day
    result = months_back(day + timedelta(is_end), sign * months) - timedelta(sign * days + is_end)
    return Period(result, result)


def _weekday_period(match: re.Match[str], today: date) -> Period:
    """Read "Monday" as the last one, "next Monday" as the next."""
    step, word = match.groups()
    distance = _WEEKDAYS.index(word) - today.weekday()
    day = today + timedelta((distance - 1) % 7 + 1 if step == "next " else -((-distance - 1) % 7 + 1))
    return Period(day, day, recurs="" if step else "week")


def _regex(expression: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w<:.-]){expression}(?!\w|>|:\d)")


_LASTING = r"(?:(?:in|over|during|within) )?(?:the )?(?:last|past|previous) "
_AWAY = "(?:away|gone|off|out|leave|holiday|vacation|offline|absent) for (?:about |the )?"
_BESIDE_A_WEEKDAY = "(?<=since )|(?<=until )|(?<=after )|(?<=before )|(?<=on )|(?=last |next )"
ReadMatch = Callable[[re.Match[str], date], Period]
_DAYS: dict[re.Pattern[str], ReadMatch] = {
    _regex(r"(\d{4})[-/.](\d\d?)[-/.](\d\d?)"): lambda match, on: _make_period(on, match[1], int(match[2]), match[3]),
    _regex(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d\d)"): _numeric_day,
    _regex(rf"{_DAY}(?= (?:and|to|until|-|–) (?:the )?\d\S* (?:of )?{_MONTH}{_OF_YEAR})"): _day_before_month,
    _regex(rf"(?:the )?{_DAY} (?:of |de |di )?{_MONTH}{_OF_YEAR}"): _day_before_month,
    _regex(rf"{_MONTH}(?: |, (?=the ))(?:the )?{_DAY}{_OF_YEAR}"): lambda match, on: _make_period(
        on, match[3], match[1], match[2]
    ),
}
"""Forms of one day with its number; a match that is no day, such as "31 June", is an error."""
_RELATIVE = _regex(
    rf"(?:the )?(?:{_COUNT} )?{_UNIT} (before|earlier|prior|after|later|afterwards)(?: (?:that|this|then|it))?(?=\W*$)"
)
_THEN = _regex(
    r"(?:(?<=since )|(?<=from )|(?<=until )|(?<=before )|(?<=after ))(?:then|that (?:day|date))|(?<=gap )then(?=\W*$)"
)
"""A day relative to the last one in the conversation."""
_FORMS: dict[re.Pattern[str], ReadMatch] = {
    **_DAYS,
    _regex(r"(\d{4})-(\d\d)"): lambda match, on: _make_period(on, match[1], int(match[2])),
    _regex(r"(0?[1-9]|1[0-2])/(20\d\d)"): lambda match, on: _make_period(on, match[2], int(match[1])),
    _regex(r"(?:the )?(day before yesterday|yesterday|tomorrow)"):
        lambda match, on: Period(*2 * (on + timedelta(_DISTANCES[match[1]]),)),
    _regex(rf"()(?:about |around )?{_COUNT} {_UNIT} (?:ago|back|earlier)(?: today)?"): _distance_period,
    _regex(rf"((?:with)?in |ago |before |{_AWAY}|{_LASTING}){_COUNT} {_UNIT}"): _distance_period,
    _regex(rf"(?:the )?(?:months? (?:of )?)?(?:(last|this|next) )?({_PART})\b\.?{_OF_YEAR}"): _part_of_year,
    _regex(r"(?:the )?(last|previous|past|this|current|next|coming) (month|quarter|year|week)"): _whole_period,
    _regex(r"(?:(?<=start of the )|(?<=beginning of the )|(?<=end of the ))()(month|quarter|year|week)"): _whole_period,
    _regex(rf"(?:{_BESIDE_A_WEEKDAY})(last |next )?({'|'.join(_WEEKDAYS)})day"): _weekday_period,
    _regex(r"(?:the year )?((?:19|20)\d\d)(?! ?(?:%|percent|pct|points?|pts|min(?:ute)?s?|hours?|hrs?)(?!\w))"):
        lambda match, on: _make_period(on, match[1], 1, months=12),
}  # fmt: skip
"""All forms, in the order of search."""
_MODEL = r"(?:the )?(<model:\d+>)"
_OUT = r"(?:release[ds]?|launch(?:ed)?|shipped|came out|comes? out|dropped|appeared|arriv(?:ed|al)|landed|debut(?:ed)?)"
_NO_DISTANCE = "".join(f"(?<!{words} after )" for words in ("long", "later", "many months", "passed", "went by"))
_RELEASE = re.compile(
    rf"(?:the )?{_OUT} of {_MODEL}"
    rf"|(?<!was )(?<!did )(?<! is ){_NO_DISTANCE}{_MODEL}(?: was| got|'s)? {_OUT}\b(?! da(?:te|y)\b| when\b)"
    rf"|(?:(?<=since )|(?<=before )|(?<=after ){_NO_DISTANCE}){_MODEL}"
)
"""A model's name that means its release day: "since R1", "when GPT-5 came out"."""
_BOTH = re.compile(r" ?[-–] ?| (?:and|to|until|till|through|vs\.?|versus|or|against|than)(?: in| on| the| of)* ")
_APPOSITION = re.compile(r" ?[,(]? ?(?:(?:so|say|back|i\.e\.|that is),? )?(?:(?:in|on|at|around|about) )?")
_INSTEAD = re.compile(r"\W*(?:but |and )?(?:instead of|rather than)(?: in| on| the)* ")
_DISTANCE = re.compile(r"\b(?:ago|back|earlier|last|previous|past|this)\b")
_NEARLY = timedelta(31)
_IN_ORDER = re.compile(r"\b(?:and|to|until|till|through)\b|[-–]")


def find_periods(
    line: str, today: date, releases: dict[str, date], day: date | None = None
) -> tuple[list[Period], list[str]]:
    """Return the periods in a lower-case line, in order, and the texts that look like days and are none ("31 june").

    A period without a year is the last one that has begun; the first of two takes the year of the second. `releases`
    are models' release days by tag; `day` is the last day of the conversation, for "the month before".
    """
    line = re.sub(rf"-(?={_MONTH}|q[1-4])", "–", line).replace("mid-", "mid ")
    line = re.sub(rf"\b((?:over|during|within) the (?:last|past)) (?=(?:{'|'.join(_UNITS)})\b)", r"\1 1 ", line)
    periods: list[Period] = []
    bad_days: list[str] = []
    full_line = line

    def take(form: re.Pattern[str], read_match: ReadMatch) -> None:
        nonlocal line
        for match in form.finditer(line):
            try:
                period = read_match(match, today)
            except (ValueError, OverflowError):
                bad_days.extend([match[0].strip()] if form in _DAYS else [])
                continue
            periods.append(_bound_period(period, line, match.start(), match.end()))
        for period in periods:
            line = line[: period.start] + "\0" * (period.end - period.start) + line[period.end :]

    take(_RELEASE, lambda match, _: _release_day(next(filter(None, match.groups())), releases))
    if day:
        take(_RELATIVE, lambda match, _: _relative_day(match, day))
        take(_THEN, lambda match, _: Period(day, day))
    for form, read_match in _FORMS.items():
        take(form, read_match)
    return _share_year(line, _join_vaguer(full_line, sorted(periods, key=lambda period: period.start))), bad_days


def _release_day(tag: str, releases: dict[str, date]) -> Period:
    if tag not in releases:
        raise ValueError(tag)
    return Period(releases[tag], releases[tag])


def _bound_period(period: Period, line: str, start: int, end: int) -> Period:
    """Return a period with its place in a line, and with the role and edge that the words before it give."""
    edge = _EDGE.search(line[:start])
    if edge:
        start, day = edge.start(), period.first
        if edge[1] in ("end", "late", "last day", "final day"):
            day = period.last
        elif edge[1].startswith("mid"):
            is_year = (period.last - period.first).days > _DAYS_OF_HALF_A_YEAR
            day = day.replace(month=6, day=30) if is_year else day + (period.last - period.first) // 2
        period = replace(period, first=day, last=day)
    role = next((role for role, form in _ROLES if form.search(line[:start])), period.role)
    return replace(period, role=role, start=start, end=end)


def _join_vaguer(line: str, periods: list[Period]) -> list[Period]:
    """Join a distance or season with an exact period beside it: "a year ago, in September 2025".

    A period that another stands for, "June instead of May", is joined with that one.
    """
    results: list[Period] = []
    for period in periods:
        pair = [*results[-1:], period]
        texts = [line[period.start : period.end] for period in pair]
        is_vaguer = [bool(_DISTANCE.search(text)) for text in texts]
        is_day = [any(form.search(text) for form in _DAYS) for text in texts]
        if sum(is_day) == 1 and _are_near(*pair):
            is_vaguer = [not is_one for is_one in is_day]
        if sum(is_vaguer) == 1 and len(pair) > 1 and _APPOSITION.fullmatch(line[pair[0].end : period.start]):
            results[-1] = replace(pair[is_vaguer.index(False)], start=pair[0].start, end=period.end)
        elif results and period.recurs == "year" and _is_same_day(results[-1], period):  # "new year 2025, so 1 January"
            results[-1] = replace(results[-1], end=period.end)
        elif results and _INSTEAD.fullmatch(line[results[-1].end : period.start]):
            results[-1] = replace(results[-1], end=period.end)
        else:
            results.append(period)
    return results


def _is_same_day(first: Period, second: Period) -> bool:
    """Whether two periods are one day, of whatever years."""
    days = {(day.month, day.day) for period in (first, second) for day in (period.first, period.last)}
    return len(days) == 1


def _are_near(first: Period, second: Period | None = None) -> bool:
    """Whether two periods meet, or nearly do: "early summer" is one day here."""
    return second is not None and max(first.first, second.first) - min(first.last, second.last) <= _NEARLY


def _share_year(line: str, periods: list[Period]) -> list[Period]:
    """Give the first of two periods the year of the second: "between January and June 2025"."""
    for number in range(len(periods) - 1, 0, -1):
        first, second = periods[number - 1 : number + 1]
        separator = line[first.end : second.start]
        if first.recurs == "year" and not second.recurs and _BOTH.fullmatch(separator):
            is_before = _IN_ORDER.search(separator) and first.first.month > second.first.month
            months = (first.first.year - second.first.year + bool(is_before)) * 12
            days = months_back(first.first, months), months_back(first.last + timedelta(1), months) - timedelta(1)
            periods[number - 1] = replace(first, first=days[0], last=days[1], recurs="")
    return periods
