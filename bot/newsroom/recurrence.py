"""When briefs are due: rules in people's words are stored as cron's five fields, and evaluated in a time zone.

A single time is stored as "once" with its local day and time, which cron can't express.

Times come from cronsim, which follows Debian's cron when clocks change: a skipped time comes right after the gap, and a
repeated one counts once.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError

from core.errors import UsageError
from core.words import MONTHS, and_list, day, quote

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = f"(?:{'|'.join(f'{name[:3]}(?:{name[3:]})?' for name in _DAYS)}|tues|thurs)"
_NTH = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
_OF_MONTH = r"(?:\s+of (?:the|every|each) month)?"
_EVERY_MONTH = r"(?:monthly|(?:every|each) month)"
_WEEKLY = re.compile(rf"(?:(?:every|each|on|weekly|weekly on)\s+)?(?P<days>{_DAY}s?(?:(?:\s*,\s*|\s+and\s+){_DAY}s?)*)")
_NTH_DAY = re.compile(
    rf"(?:(?:every|each|on the|the|{_EVERY_MONTH}(?: on)?(?: the)?)\s+)?"
    rf"(?P<nth>last|{'|'.join(_NTH)})\s+(?P<day>{_DAY}){_OF_MONTH}"
)
_NUMBERED = r"\d\d?(?:st|nd|rd|th)?"
_MONTHLY = re.compile(
    rf"{_EVERY_MONTH}|(?:{_EVERY_MONTH}(?: on)?(?: the)?|on the|the) (?:(?P<last>last(?: day)?)"
    rf"|(?P<days>(?:first|{_NUMBERED})(?:(?:, ?|,? and )(?:the )?{_NUMBERED})*)(?: day)?){_OF_MONTH}"
)
_EVERY_OTHER = re.compile(
    r"(?P<said>(?:every|each) (?:other|two|three|four|\d+) (?:days?|weeks?|months?|\w+days?)|bi-?weekly|fortnightly).*"
)
_TIME = re.compile(r"(?P<hour>\d\d?)(?:[:.](?P<minute>\d\d))?\s*(?P<half>am|pm)?|(?P<word>noon|midnight)")
_TIME_SEPARATOR = re.compile(r"(?:\s*,\s*(?:and\s+)?|\s+and\s+)(?:at\s+)?")
_ONE_TIME = r"(?:\d[\d:.]*(?: ?[ap]m)?|noon|midnight)"
_TIMES = rf"(?P<times>{_ONE_TIME}(?:(?:{_TIME_SEPARATOR.pattern}){_ONE_TIME})*)"
_TIMES_FIRST = re.compile(rf"(?:at )?{_TIMES},? (?P<days>.+)")
_TIMES_LAST = re.compile(rf"(?P<days>.+?),? {_TIMES}")
_EVERY_DAY = ("every day", "each day", "daily")
_WEEKDAYS = ("every weekday", "each weekday", "on weekdays", "weekdays")
_EXAMPLES = (
    "“every day at 9”, “every Monday at 09:00”, “monthly on the last day”, “tomorrow at 17:00”, or cron's five fields"
)

_ONCE = "once "
_MONTHS = tuple(name.lower() for name in MONTHS)
_MONTH = rf"(?P<month>{'|'.join(f'{name[:3]}(?:{name[3:]})?' if name[3:] else name for name in _MONTHS)}|sept)"
_YEAR = r"(?:,? (?P<year>\d{4}))?"
_NUMBER = r"(?P<day>\d\d?)(?:st|nd|rd|th)?"
_DATES = tuple(
    re.compile(rf"(?:on )?(?:the )?{form}")
    for form in (
        rf"{_NUMBER}(?: of)? {_MONTH}{_YEAR}",
        rf"{_MONTH} (?:the )?{_NUMBER}{_YEAR}",
        r"(?P<year>\d{4})-(?P<month>\d\d?)-(?P<day>\d\d?)",
    )
)
_RELATIVE_DAY = re.compile(rf"(?P<word>today|tomorrow|(?:the )?day after tomorrow)|next (?P<weekday>{_DAY})")

_LONGEST_MONTH = 31
_SHORTEST_MONTH = 28
_DAY_NAMES = tuple(name.capitalize() for name in ("sunday", *_DAYS))
_MONTH_NAMES = ("", *MONTHS)
_DAY_FIELDS, _MONTH_FIELDS = (tuple(name[:3].upper() for name in names) for names in (_DAY_NAMES, _MONTH_NAMES))
"""Names in the order of cron's numbers, in full and as cron abbreviates them; Sunday is 0 and 7."""
_SHIFT = timedelta(hours=3)
"""More than any clock change."""
_SHORTEST_GAP = timedelta(hours=1)
"""The shortest time allowed between two briefs of one schedule."""
_LONGEST = 100
_LONGEST_TEXT = 500
"""Matching takes seconds on thousands of letters; the longest sensible rule has 200."""
_CHECKED_TIMES = 50
"""How many times of a rule are checked for the shortest gap."""
_HORIZON = timedelta(days=366 * 9)
"""A rule must have a time within this: any nine years contain a 29 February."""


@dataclass(frozen=True)
class Due:
    """A due time: in the schedule's own time zone, as text, and in UTC."""

    local: str
    at: datetime


@dataclass(frozen=True)
class Span:
    """A range in one of cron's fields: every `step`-th value from `first` to `last`, or of all.

    `nth` is a weekday's number within its month. For days and `nth`, -1 means the last, -2 the last working day.
    """

    first: int | None
    last: int | None
    step: int = 1
    nth: int = 0

    @classmethod
    def parse(cls, field: str, least: int, most: int, names: Sequence[str] = ()) -> "tuple[Span, ...]":
        """Parse a field that cronsim accepts."""

        def number(text: str) -> int:
            return {"L": -1, "LW": -2}.get(text) or (names.index(text) if text in names else int(text))

        spans = list[Span]()
        for term in field.split(","):
            values, _, step = term.partition("/")
            values, _, nth = values.partition("#")
            if names and values.endswith("L"):  # the last such weekday, unless it is JUL
                values, nth = (values, "") if values in names else (values[:-1], "-1")
            first, _, last = values.partition("-")
            start, end = (least, most) if first == "*" else (number(first), number(last or first))
            end = most if step and not last else end
            if start <= least and end >= most and start >= 0:
                spans.append(cls(None, None, int(step or 1)))
            elif end - start == 1 and not step:
                spans += [cls(start, start), cls(end, end)]
            else:
                spans.append(cls(start, end, int(step or 1), int(nth or 0)))
        return tuple(dict.fromkeys(spans))

    @property
    def is_single(self) -> bool:
        """Whether the range is a single value."""
        return self.first is not None and self.first == self.last

    def describe(self, noun: str, names: Sequence[str] = (), suffix: str = "") -> str:
        """Describe a range of several values: "every hour from 9 to 17", "every 3rd month"."""
        text = f"every {f'{_ordinal(self.step)} ' if self.step > 1 else ''}{noun}{suffix}"
        if self.first is None or self.last is None:
            return text
        first, last = (names[value] if names else value for value in (self.first, self.last))
        return f"{text} from {first} to {last}"


@dataclass(frozen=True)
class Rule:
    """A cron rule that can describe itself: a minute, hours, and days or weekdays.

    With `needs_both`, a day must also be one of the weekdays.
    """

    minute: int
    hours: tuple[Span, ...]
    days: tuple[Span, ...]
    months: tuple[Span, ...]
    weekdays: tuple[Span, ...]
    needs_both: bool

    @classmethod
    def parse(cls, cron: str) -> "Rule":
        """Parse cron's five fields of a rule that comes at most once an hour."""
        minute, hours, days, months, weekdays = cron.split()
        return cls(
            Span.parse(minute, 0, 59)[0].first or 0,
            Span.parse(hours, 0, 23),
            Span.parse(days, 1, _LONGEST_MONTH),
            Span.parse(months, 1, 12, _MONTH_FIELDS),
            Span.parse(weekdays, 0, 7, _DAY_FIELDS),
            "*" in (days[0], weekdays[0]),
        )

    def __str__(self) -> str:
        """Describe the rule: "every Monday at 09:00", "on the 1st and 15th day of every month at 09:00"."""
        days, weekdays = self._describe_days(), self._describe_weekdays()
        date = f"{days} and {weekdays}" if days and weekdays else days or weekdays
        if days and weekdays and self.needs_both:
            date = f"{days} if it is {weekdays.removeprefix('every ').removeprefix('on ')}"
        date = date.replace("every Monday to Friday", "every weekday")
        hours = sorted(span.first for span in self.hours if span.is_single and span.first is not None)
        if len(hours) < len(self.hours):
            return f"{self._describe_hours()} {date.removeprefix('every day ')}".rstrip()
        mark = "," if date.endswith("that has one") else ""
        return f"{date or 'every day'}{mark} at {_join(f'{hour:02}:{self.minute:02}' for hour in hours)}"

    def _describe_hours(self) -> str:
        """Describe hours that can't be listed as times of day."""
        if self.hours == _WHOLE_RANGE:
            return "at the start of every hour" if self.minute == 0 else f"at minute {self.minute} of every hour"
        parts = [f"hour {span.first}" if span.is_single else span.describe("hour") for span in self.hours]
        return f"at minute {self.minute} past {_join(parts)}"

    def _describe_months(self) -> str:
        """Describe the months: "every month", "January and July"."""
        return _join(
            _MONTH_NAMES[span.first or 0] if span.is_single else span.describe("month", _MONTH_NAMES)
            for span in self.months
        )

    def _describe_days(self) -> str:
        """Describe the days of the month; or the months alone, if the rule names neither days nor weekdays."""
        months, is_any_month = self._describe_months(), self.months == _WHOLE_RANGE
        numbers = [span.first or 0 for span in self.days if span.is_single]
        if self.days == _WHOLE_RANGE:
            if is_any_month or self.weekdays != _WHOLE_RANGE:
                return ""
            return f"{'every day ' if all(span.is_single for span in self.months) else ''}in {months}"
        if len(numbers) < len(self.days) or -2 in numbers:
            return f"on {_join(self._describe_day(span, months, is_any_month=is_any_month) for span in self.days)}"
        is_one_date = len(numbers) == len(self.months) == 1 and self.months[0].is_single and numbers[0] > 0
        if is_one_date and self.weekdays == _WHOLE_RANGE:
            leap = "leap " if (numbers[0], months) == (29, "February") else ""
            return f"every {leap}year on {numbers[0]} {months}"
        missing = " that has one" if is_any_month and numbers[-1] > _SHORTEST_MONTH else ""
        return f"on the {_join(_ordinal(number) for number in numbers)} day of {months}{missing}"

    def _describe_day(self, span: Span, months: str, *, is_any_month: bool) -> str:
        if span.is_single:
            return f"the {'last weekday' if span.first == -2 else f'{_ordinal(span.first or 0)} day'} of {months}"
        if span.first is None:
            return span.describe("day", suffix=f" of {'the month' if is_any_month else months}")
        return span.describe("day of the month") + ("" if is_any_month else f" in {months}")

    def _describe_weekdays(self) -> str:
        """Describe the weekdays."""
        if self.weekdays == _WHOLE_RANGE:
            return ""
        months, names, others = self._describe_months(), list[str](), list[str]()
        in_months = "" if self.months == _WHOLE_RANGE else f" in {months}"
        for span in self.weekdays:
            if span.nth:
                others.append(f"the {_ordinal(span.nth)} {_DAY_NAMES[span.first or 0]} of {months}")
            elif span.step > 1 or span.first is None:
                others.append(span.describe("day of the week", _DAY_NAMES) + in_months)
            else:
                ends = dict.fromkeys(_DAY_NAMES[value or 0] for value in (span.first, span.last))
                names.append(" to ".join(ends))
        parts = [f"every {_join(names)}{in_months}"] if names else []
        return " and ".join([*parts, *([f"on {_join(others)}"] if others else [])])


_WHOLE_RANGE = (Span(None, None),)


def _join(parts: Iterable[str]) -> str:
    texts = list(parts)
    return and_list(texts, len(texts))


def _ordinal(number: int) -> str:
    if number == -1:
        return "last"
    ending = "th" if number // 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def parse_rule(text: str, zone: str, now: datetime) -> str:
    """Parse a rule in a person's words, or in cron's, into cron's five fields or a single time in a zone.

    Raises UsageError for a rule that can't be parsed, never comes, or comes more than once an hour.
    """
    if len(text) > _LONGEST_TEXT:
        raise UsageError(f"I can't read {quote(text)} as a rule; write {_EXAMPLES}.")
    words = " ".join(text.lower().split())
    if once := _parse_once(words, zone, now):
        return once
    rule = text.upper() if _is_cron(text) else _parse_repeating(words)
    if rule is None or len(rule) > _LONGEST:
        raise UsageError(f"I can't read {quote(text)} as a rule; write {_EXAMPLES}.")
    rule = " ".join(rule.split())
    start = datetime(2024, 1, 1, tzinfo=UTC)
    try:
        times = list(islice(due_times(rule, "UTC", start, start + _HORIZON), _CHECKED_TIMES))
    except CronSimError as error:
        raise UsageError(f"{quote(text)} is no cron rule ({str(error).lower()}); write {_EXAMPLES}.") from error
    if not times:
        raise UsageError(f"{quote(text)} never comes; write {_EXAMPLES}.")
    if any(next_time.at - due.at < _SHORTEST_GAP for due, next_time in pairwise(times)):
        raise UsageError(f"{quote(text)} comes more than once an hour; leave an hour or more between two briefs.")
    return rule


def parse_zone(text: str) -> str:
    """Find a time zone by its name in any case; raises UsageError with suggestions for an unknown name."""
    zones = {name.lower(): name for name in available_timezones()}
    zone = zones.get(text.strip().lower().replace(" ", "_"))
    if zone is not None:
        return zone
    from rapidfuzz import process

    cities = {name.rsplit("/", 1)[-1].lower().replace("_", " "): name for name in sorted(zones.values()) if "/" in name}
    similar = process.extract(text.lower(), cities.keys(), limit=3, score_cutoff=70)
    names = tuple(cities[city] for city, _, _ in similar)
    hint = f"do you mean {' or '.join(names)}?" if names else "write it as Europe/Berlin or America/New_York."
    raise UsageError(f"No time zone is called {quote(text)}; {hint}", names)


def due_times(rule: str, zone: str, after: datetime, until: datetime) -> Iterator[Due]:
    """Yield a rule's times after one moment up to another, in order; a repeated local time comes once."""
    clock = ZoneInfo(zone)
    if is_once(rule):
        at = _once_moment(rule, clock)
        if after < at <= until:
            yield Due(f"{at.astimezone(clock):%Y-%m-%dT%H:%M}", at)
        return
    last_local = ""
    for moment in CronSim(rule, (after - _SHIFT).astimezone(clock)):
        at = moment.astimezone(UTC)
        if at > until:
            return
        local = moment.strftime("%Y-%m-%dT%H:%M")
        if at > after and local > last_local:
            yield Due(local, at)
        last_local = max(last_local, local)


def next_due(rule: str, zone: str, after: datetime, count: int = 3) -> list[datetime]:
    """Return a rule's next times after a moment, in UTC."""
    return [due.at for due in islice(due_times(rule, zone, after, after + _HORIZON), count)]


def describe_rule(rule: str) -> str:
    """Describe a rule: "every Monday at 09:00", "once, on 3 December 2026 at 09:00"."""
    if is_once(rule):
        at = datetime.fromisoformat(rule.removeprefix(_ONCE))
        return f"once, on {day(at.date())} at {at:%H:%M}"
    return str(Rule.parse(rule))


def is_once(rule: str) -> bool:
    """Whether a rule is for a single time."""
    return rule.startswith(_ONCE)


# ---- single times


def _once_moment(rule: str, clock: ZoneInfo) -> datetime:
    """Return a single time in UTC; one that a clock change skips is moved to after the gap."""
    return datetime.fromisoformat(rule.removeprefix(_ONCE)).replace(tzinfo=clock).astimezone(UTC)


def _parse_once(words: str, zone: str, now: datetime) -> str | None:
    """Parse words for a single time, or return None; raises UsageError for a time that is over."""
    clock = ZoneInfo(zone)
    today = now.astimezone(clock).date()
    for days, times in _split_times(re.sub(r"(\d{4}), ", r"\1 ", words)):  # no comma between a year and a time
        dates = _coming_days(days, today)
        if dates is None:
            continue
        minute, *hours = map(int, re.split("[ ,]", _time_fields(times)))
        if len(hours) > 1:
            raise UsageError(f"{quote(times)} is more than one time; set a schedule for each.")
        rules = (f"{_ONCE}{day}T{hours[0]:02}:{minute:02}" for day in dates)
        next_rule = next((rule for rule in rules if now < _once_moment(rule, clock)), None)
        if next_rule is None:
            raise UsageError(f"{quote(words)} is over in {zone}; give a time that is still to come.")
        if _once_moment(next_rule, clock) > now + _HORIZON:
            raise UsageError(f"{quote(words)} is too far ahead; give a day of the next nine years.")
        return next_rule
    return None


def _coming_days(words: str, today: date) -> list[date] | None:
    """Parse a day; without a year, return it for each of the next years. None if it is no day."""
    if match := _RELATIVE_DAY.fullmatch(words):
        if match["word"]:
            return [today + timedelta(days=("today", "tomorrow").index(match["word"]) if "after" not in words else 2)]
        weekday = next(number for number, name in enumerate(_DAYS) if name.startswith(match["weekday"][:3]))
        return [today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)]
    match = next((match for form in _DATES if (match := form.fullmatch(words))), None)
    if match is None:
        return None
    text = match["month"]
    month = int(text) if text.isdigit() else 1 + next(n for n, name in enumerate(_MONTHS) if name.startswith(text[:3]))
    years = [int(match["year"])] if match["year"] else range(today.year, today.year + 9)
    days = [day for year in years if (day := _date(year, month, int(match["day"])))]
    if not days:
        raise UsageError(f"There is no {quote(words)}; give a day that the calendar has.")
    return days


def _date(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


# ---- repeating rules


def _is_cron(text: str) -> bool:
    fields = text.split()
    return len(fields) == 5 and all(re.fullmatch(r"[\dA-Za-z*,/#-]+", field) for field in fields) and (
        fields[0][0] in "*0123456789"
    )  # fmt: skip


def _parse_repeating(words: str) -> str | None:
    """Parse a rule in words into cron's fields, or return None; raises UsageError if one part can't be."""
    for days, times in _split_times(words):
        if fields := _day_fields(days):
            return f"{_time_fields(times)} {fields}"
    if match := _EVERY_OTHER.fullmatch(words):
        raise UsageError(
            f"{quote(match['said'])} can't be; a rule comes every day, week or month, such as “every Friday at 9” or"
            " “on the 1st and 15th at 9”."
        )
    return None


def _split_times(words: str) -> Iterator[tuple[str, str]]:
    """Yield the ways to split a rule into its days and its times."""
    yield words, "9"
    head, mark, times = words.partition(" at ")
    if mark:
        yield head.rstrip(","), times
    for form in (_TIMES_FIRST, _TIMES_LAST):
        if match := form.fullmatch(words):
            yield match["days"], match["times"]


def _time_fields(times: str) -> str:
    """Parse times into cron's minute and hour; raises UsageError for invalid times or differing minutes."""
    pairs = [_parse_time(time) for time in _TIME_SEPARATOR.split(times.strip())]
    minutes = {minute for minute, _ in pairs}
    if len(minutes) > 1:
        raise UsageError(f"{quote(times)} can't be in one schedule, as the minutes differ; set one for each.")
    return f"{minutes.pop()} {','.join(map(str, sorted({hour for _, hour in pairs})))}"


def _parse_time(time: str) -> tuple[int, int]:
    match = _TIME.fullmatch(time)
    if match and match["word"]:
        return 0, 12 if match["word"] == "noon" else 0
    if match:
        hour, minute = int(match["hour"]), int(match["minute"] or 0)
        is_hour = 1 <= hour <= 12 if match["half"] else hour < 24
        if is_hour and minute < 60:
            return minute, hour % 12 + 12 * (match["half"] == "pm") if match["half"] else hour
    raise UsageError(f"{quote(time)} is no time of day; write one such as 9, 17:30 or 6 pm.")


def _day_fields(head: str) -> str | None:
    """Parse days into cron's day, month and weekday."""
    if head in _EVERY_DAY:
        return "* * *"
    if head in _WEEKDAYS:
        return "* * MON-FRI"
    if head == "weekly":
        return "* * MON"
    if match := _NTH_DAY.fullmatch(head):
        short = match["day"][:3].upper()
        number = _DAYS.index(next(day for day in _DAYS if day.startswith(match["day"][:3]))) + 1
        return f"* * {number}L" if match["nth"] == "last" else f"* * {short}#{_NTH[match['nth']]}"
    if match := _WEEKLY.fullmatch(head):
        return "* * " + ",".join(name[:3].upper() for name in re.findall(_DAY, match["days"]))
    if match := _MONTHLY.fullmatch(head):
        return f"{'L' if match['last'] else _month_days(match['days'] or 'first')} * *"
    return None


def _month_days(text: str) -> str:
    days = sorted({int(number) for number in re.findall(r"\d+", text.replace("first", "1st"))})
    for number in (number for number in days if not 1 <= number <= _LONGEST_MONTH):
        raise UsageError(
            f"No month has a day {number}; give 1 to {_LONGEST_MONTH}, or write “monthly on the last day”."
        )
    return ",".join(map(str, days))
