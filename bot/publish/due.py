"""When a brief is due: rules as people say them, made into cron's five fields, and their times in a named zone.

The times are cronsim's, which keeps to Debian's cron: of a day whose clock is put forward, an hour that it leaves out
comes right after it; an hour that comes twice counts once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError

from core.errors import UsageError
from core.words import quoted

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = f"(?:{'|'.join(f'{name[:3]}(?:{name[3:]})?' for name in _DAYS)}|tues|thurs)"
_NTH = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
_WEEKLY = re.compile(rf"(?:(?:every|each|on|weekly|weekly on)\s+)?(?P<days>{_DAY}s?(?:(?:\s*,\s*|\s+and\s+){_DAY}s?)*)")
_NTH_DAY = re.compile(
    rf"(?:(?:every|each|on the|monthly on the)\s+)?(?P<nth>last|{'|'.join(_NTH)})\s+(?P<day>{_DAY})(?: of the month)?"
)
_MONTHLY = re.compile(
    r"(?:monthly|every month|each month)(?:\s+on)?(?:\s+the)?"
    r"(?:\s+(?:(?P<day>\d\d?)(?:st|nd|rd|th)?|(?P<last>last(?: day)?)))?"
)
_TIME = re.compile(r"(?P<hour>\d\d?)(?:[:.](?P<minute>\d\d))?\s*(?P<half>am|pm)?|(?P<word>noon|midnight)")
_EVERY_DAY = ("every day", "each day", "daily")
_WEEKDAYS = ("every weekday", "each weekday", "on weekdays", "weekdays")
_EXAMPLES = "“every day at 9”, “every Monday at 09:00”, “monthly on the last day”, or cron's five fields"

_SHIFT = timedelta(hours=3)
"""More than any clock is ever put forward or back."""
_LEAST = timedelta(hours=1)
"""The shortest time between two briefs of one schedule."""
_LONGEST = 100
_LOOKED_AT = 50
"""How many times of a rule are looked at to see that none are closer."""
_AHEAD = timedelta(days=366 * 9)
"""A rule must come round within this: nine years hold a 29 February."""


@dataclass(frozen=True)
class Due:
    """A due time: as the schedule's own clock shows it, and as a moment in UTC."""

    local: str
    at: datetime


def read_rule(text: str) -> str:
    """Return cron's five fields for a rule as a person writes it, or as cron has it.

    Raises UsageError for what can't be read, for what never comes, and for what comes more than once an hour.
    """
    words = " ".join(text.lower().split())
    rule = text.upper() if _is_cron(text) else _of_words(words)
    if rule is None or len(rule) > _LONGEST:
        raise UsageError(f"I can't read {quoted(text)} as a rule; write {_EXAMPLES}.")
    rule = " ".join(rule.split())
    now = datetime(2024, 1, 1, tzinfo=UTC)
    try:
        first = list(islice(due_times(rule, "UTC", now, now + _AHEAD), _LOOKED_AT))
    except CronSimError as error:
        raise UsageError(f"{quoted(text)} is no cron rule ({str(error).lower()}); write {_EXAMPLES}.") from error
    if not first:
        raise UsageError(f"{quoted(text)} never comes; write {_EXAMPLES}.")
    if any(later.at - sooner.at < _LEAST for sooner, later in pairwise(first)):
        raise UsageError(f"{quoted(text)} comes more than once an hour; leave an hour or more between two briefs.")
    return rule


def read_zone(text: str) -> str:
    """Return a time zone by its name, whatever its case; raises UsageError with the nearest names for another."""
    known = {name.lower(): name for name in available_timezones()}
    found = known.get(text.strip().lower().replace(" ", "_"))
    if found is not None:
        return found
    from rapidfuzz import process

    cities = {name.rsplit("/", 1)[-1].lower().replace("_", " "): name for name in sorted(known.values()) if "/" in name}
    near = tuple(cities[city] for city, _, _ in process.extract(text.lower(), cities.keys(), limit=3, score_cutoff=70))
    hint = f"do you mean {' or '.join(near)}?" if near else "write it as Europe/Berlin or America/New_York."
    raise UsageError(f"No time zone is called {quoted(text)}; {hint}", near)


def due_times(rule: str, zone: str, after: datetime, until: datetime) -> Iterator[Due]:
    """Yield the times of a rule after a moment up to another, in order; what the clock shows twice comes once."""
    clock = ZoneInfo(zone)
    before = ""
    for moment in CronSim(rule, (after - _SHIFT).astimezone(clock)):
        at = moment.astimezone(UTC)
        if at > until:
            return
        local = moment.strftime("%Y-%m-%dT%H:%M")
        if at > after and local > before:
            yield Due(local, at)
        before = max(before, local)


def next_due(rule: str, zone: str, after: datetime, count: int = 3) -> list[datetime]:
    """Return the next times of a rule after a moment, in UTC."""
    return [due.at for due in islice(due_times(rule, zone, after, after + _AHEAD), count)]


def in_words(rule: str) -> str:
    """Say a rule: "at 09:00 on Monday"."""
    said = CronSim(rule, datetime(2024, 1, 1, tzinfo=UTC)).explain()
    return said[0].lower() + said[1:]


def _is_cron(text: str) -> bool:
    fields = text.split()
    return len(fields) == 5 and all(re.fullmatch(r"[\dA-Za-z*,/#-]+", field) for field in fields) and (
        fields[0][0] in "*0123456789"
    )  # fmt: skip


def _of_words(words: str) -> str | None:
    """Return cron's fields for a rule in words, None for what is none."""
    head, _, time = words.partition(" at ")
    clock = _clock(time or "9")
    days = _days(head.strip())
    return None if clock is None or days is None else f"{clock} {days}"


def _clock(time: str) -> str | None:
    found = _TIME.fullmatch(time.strip())
    if found is None:
        return None
    if found["word"]:
        return "0 12" if found["word"] == "noon" else "0 0"
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found["half"] == "pm" else 0)
    return f"{minute} {hour}" if hour < 24 and minute < 60 else None


def _days(head: str) -> str | None:
    """Return cron's fields of day, month and weekday."""
    if head in _EVERY_DAY:
        return "* * *"
    if head in _WEEKDAYS:
        return "* * MON-FRI"
    if head == "weekly":
        return "* * MON"
    if found := _NTH_DAY.fullmatch(head):
        short = found["day"][:3].upper()
        number = _DAYS.index(next(day for day in _DAYS if day.startswith(found["day"][:3]))) + 1
        return f"* * {number}L" if found["nth"] == "last" else f"* * {short}#{_NTH[found['nth']]}"
    if found := _WEEKLY.fullmatch(head):
        return "* * " + ",".join(name[:3].upper() for name in re.findall(_DAY, found["days"]))
    if found := _MONTHLY.fullmatch(head):
        day = "L" if found["last"] else str(int(found["day"] or 1))
        if day != "L" and int(day) > 28:
            raise UsageError(f"Not every month has a day {day}; write “monthly on the last day”.")
        return f"{day} * *"
    return None
