"""Days and periods in a text: in English by their forms, in other languages by dateparser, or as a model's release."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from bot.assistant.forms import DAYS, MONTHS, PERIODS, YEAR, Period, Read, day_of, whole_month, with_both_years
from bot.assistant.lexicon import is_known

_ROLES = (
    ("known", re.compile(r"\b(?:as )?known (?:by|on|at|in|until)(?: the)? $")),
    (
        "since",
        re.compile(
            r"\b(?:since|after|from|starting(?: from| in| on)?|beginning(?: in| on)?)(?: about| around| the| then)? $"
        ),
    ),
    ("until", re.compile(r"\b(?:until|up to|through|thru)(?: about| around| the)? $")),
    ("to", re.compile(r"\bto(?: the)? $")),
    ("before", re.compile(r"\b(?:before|prior to)(?: the)? $")),
)
"""What stands before a time, by how it bounds it."""
_MODEL = r"(?:the )?(<model:\d+>)"
_OUT = r"(?:release[ds]?|launch(?:ed)?|came out|comes? out|dropped|appeared|arrived|landed|debut(?:ed)?)"
_RELEASES = (
    re.compile(rf"\b(?:the )?(?:{_OUT}|arrival) of {_MODEL}"),
    re.compile(rf"(?<=\bsince ){_MODEL}(?: (?:was |has |got )?(?:been )?{_OUT})?"),
    re.compile(rf"(?<=\bafter )(?<!how long after )(?<!later after ){_MODEL}(?: (?:was |got )?{_OUT})?"),
    re.compile(rf"(?<=\bbefore ){_MODEL}(?: (?:was |got )?{_OUT})?"),
    re.compile(rf"{_MODEL}(?: was| got|'s)? {_OUT}\b"),
)
_ELSEWHERE = re.compile(
    r"(?<![\w<:])(?:(\d{1,2})(?:\.|er|e|º|°)? (?:de |di )?)?([^\W\d_]{3,10})\.?"
    r"(?: (?:de |del |di )?((?:19|20)\d\d))?(?![\w:>])"
)
"""The form of a day or a month with a name that is not English: "3. mai 2026", "mars 2026"."""
_NEAR = re.compile(
    r"\b(?:since|from|between|and|to|by|in|im|am|en|le|el|on|until|before|au|w|i)(?: le| el| dem| der)? $"
)
_LANGUAGES = ["de", "fr", "es", "it", "pt", "nl", "pl", "sv", "da", "cs", "tr", "ru", "uk", "ja", "zh"]
_MOST_LOOKED_UP = 4
"""In one text so many words are looked up in other languages."""


@dataclass
class Times:
    """The times that were found in a text, in the order in which they were, and what has a day's form and is none."""

    found: list[Period] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def marked(line: str, today: date, releases: dict[str, date], *, is_foreign: bool) -> tuple[str, Times]:
    """Return a line with a tag `<day:n>` for each time that it names, and these; `releases` are days by model tag.

    A month or quarter without a year is the last one that has begun; of a day without a year, the last one.
    """
    times = Times()
    line = with_both_years(line)
    for expression in _RELEASES:
        line = _replaced(line, expression, lambda match: _release(match, releases), times.found)
    for form in DAYS:
        times.wrong += [match[0].strip() for match in form[0].finditer(line) if _read(form, match, today) is None]
        line = _with_form(line, form, today, times)
    for form in PERIODS:
        line = _with_form(line, form, today, times)
    line = _replaced(line, _ELSEWHERE, _Elsewhere(line, today, is_foreign).read, times.found)
    return _with_form(line, YEAR, today, times), times


def _release(match: re.Match[str], releases: dict[str, date]) -> Period | None:
    """Take a model that stands for the day of its release: "since R1", "when GPT-5 came out"."""
    day = releases.get(match[1])
    return Period(day, day) if day else None


def _with_form(line: str, form: tuple[re.Pattern[str], Read], today: date, times: Times) -> str:
    return _replaced(line, form[0], lambda match: _read(form, match, today), times.found)


def _read(form: tuple[re.Pattern[str], Read], match: re.Match[str], today: date) -> Period | None:
    """Return the time that a match means, None where there is none: there is no 31 June."""
    try:
        return form[1](match, today)
    except (ValueError, OverflowError):
        return None


def _replaced(
    line: str, expression: re.Pattern[str], read: Callable[[re.Match[str]], Period | None], found: list[Period]
) -> str:
    """Replace every time of one form by its tag; what is none stays as it is."""
    parts: list[str] = []
    end = 0
    for match in expression.finditer(line):
        period = read(match)
        if period is None:
            continue
        before = line[: match.start()]
        role = next((role for role, written in _ROLES if written.search(before)), period.role)
        parts += [line[end : match.start()], f" <day:{len(found)}> "]
        found.append(replace(period, role=role))
        end = match.end()
    return "".join(parts) + line[end:]


# ---- other languages


@dataclass
class _Elsewhere:
    """Reads the months of other languages in a line; in an English line only before a year."""

    line: str
    today: date
    is_foreign: bool
    looked_up: int = 0

    def read(self, match: re.Match[str]) -> Period | None:
        """Return the day or month that a match names, None if none."""
        number, word, year = match.groups()
        near = self.is_foreign and (number or _NEAR.search(self.line[: match.start()]))
        if is_known(word) or not (year or near) or self.looked_up >= _MOST_LOOKED_UP:
            return None
        self.looked_up += 1
        month = _month_of(word)
        if month is None:
            return None
        if number:
            try:
                return day_of(number, month, year, self.today)
            except ValueError:
                return None
        found = whole_month(int(year) if year else self.today.year - (month > self.today.month), month)
        return replace(found, recurs="" if year else "year")


@lru_cache(maxsize=1024)
def _month_of(word: str) -> int | None:
    """Return the month that a word of another language names, None for any other word."""
    import dateparser

    parts = {"REQUIRE_PARTS": ["day", "month", "year"], "DATE_ORDER": "DMY"}
    found = dateparser.parse(f"15 {word} 2024", languages=_LANGUAGES, settings=parts)
    is_month = found is not None and (found.day, found.year) == (15, 2024) and MONTHS[found.month - 1] != word
    return found.month if found is not None and is_month else None
