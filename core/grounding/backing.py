"""What a fact backs: the numbers and dates that it shows, and its value; a text is checked against these by value."""

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from core.answer import Fact
from core.grounding.numbers import Day, Number, said, unit_name

_HALF_STEP = 0.5 + 1e-6
_SHARES = ("share", "fraction")
_NEAR = 0.06
"""How far over its own step a number with "more than" may be from the figure."""
_PART_OFF = 0.04
"""How far a share may be from the part that it is told as, with "about"."""
_SHARE_OFF = 0.07
"""How far a round number may be from the figure, as a share of it."""
_MONTHS_OF = {"years": 12.0, "decades": 120.0, "weeks": 12 / 52.18, "days": 12 / 365.25}
"""How many months a unit of time is."""
CONVERTED = frozenset(_MONTHS_OF)
TIMES = frozenset(("months", *_MONTHS_OF))
"""Units in which a gap may be told."""


@dataclass(frozen=True)
class Backing:
    """The numbers and the dates of one fact; a number without decimals of its own is its value, to be rounded."""

    numbers: tuple[Number, ...]
    days: tuple[Day, ...]


def ungrounded(text: str, facts: Iterable[Fact]) -> list[str]:
    """Return the numbers of a text, as they stand in it, that no fact backs; empty for a text that is grounded.

    A number is one in digits or in words, a percentage, a date, a range's end, an ordinal (but "first"), a part
    or a multiple ("half", "twice"). A fact backs it by its value or by what it shows, if that rounds to what the
    text says and counts the same thing where both say what. Names are no numbers: those of the facts, and words
    of letters and digits (GPT-4o, R1).
    """
    known = tuple(facts)
    text = " ".join(text.split())
    names = _names(known)
    numbers, days = said(text, _spans(text, names))
    backing = [backing_of(fact, names) for fact in known]
    wrong: list[Number | Day] = [
        number for number in numbers if not any(backs(good, number) for each in backing for good in each.numbers)
    ]
    wrong += [day for day in days if not any(is_day(good, day) for each in backing for good in each.days)]
    return [each.text for each in sorted(wrong, key=lambda each: each.start)]


def _names(facts: tuple[Fact, ...]) -> re.Pattern[str] | None:
    """Return a pattern of the facts' names, the longest first, None where there are none."""
    known = {
        name
        for fact in facts
        if is_name(fact)
        for name in (" ".join(str(fact.value).split()), " ".join(fact.shown.split()))
        if any(letter.isalpha() for letter in name)
    }
    if not known:
        return None
    longest_first = "|".join(re.escape(name) for name in sorted(known, key=lambda name: (-len(name), name)))
    return re.compile(rf"(?<![\w.])(?:{longest_first})(?!\w|[.,]\d|-\w)", re.IGNORECASE)


def _spans(text: str, names: re.Pattern[str] | None) -> list[tuple[int, int]]:
    return [found.span() for found in names.finditer(text)] if names else []


def is_name(fact: Fact) -> bool:
    """Whether a fact is a name or words, and no figure."""
    return not fact.unit and isinstance(fact.value, str)


def backing_of(fact: Fact, names: re.Pattern[str] | None) -> Backing:
    """Return what a fact backs: the numbers and dates that it shows, and its value."""
    shown = " ".join(fact.shown.split())
    numbers, days = said(shown, _spans(shown, names))
    value = " ".join(fact.value.split()) if isinstance(fact.value, str) else ""
    return backing_from(fact, numbers, days, *said(value, _spans(value, names)))


def backing_from(
    fact: Fact, numbers: list[Number], days: list[Day], more_numbers: list[Number], more_days: list[Day]
) -> Backing:
    """Put together what a fact backs, of the numbers and days that it shows and of those that its value says."""
    unit = unit_name(fact.unit)
    if isinstance(fact.value, str) and unit:
        numbers, days = numbers + more_numbers, days + more_days
    elif isinstance(fact.value, int | float):
        own = unit
        if any(number.unit == "points" for number in numbers):
            own = "points"  # a difference of two percentages is none
        numbers = [*numbers, Number(-1, "", abs(float(fact.value)), 0, own)]
    told = {number.unit for number in numbers if number.unit}
    if not unit and len(told) == 1 and told <= TIMES:
        unit = next(iter(told))  # "about 3 months (3.5; likely 1 to 5)"
    numbers = [number if number.unit else replace(number, unit=unit) for number in numbers]
    numbers += list(_parts_of(" ".join(fact.shown.split()), numbers))
    for number in list(numbers):
        if number.unit == "days":
            numbers.append(replace(number, value=number.value * _MONTHS_OF["days"], unit="months"))
            numbers.append(replace(number, value=number.value / 7, unit="weeks"))
        if number.unit == "percent":
            numbers.append(replace(number, value=number.value / 100, unit="share"))
        elif number.unit in _SHARES:
            numbers.append(replace(number, value=number.value * 100, unit="percent"))
    return Backing(tuple(numbers), tuple(days))


def _parts_of(shown: str, numbers: list[Number]) -> Iterator[Number]:
    """Yield the share that "29 of 162 levels" says too."""
    placed = [each for each in numbers if each.text]
    for one, other in itertools.pairwise(placed):
        if other.value >= one.value > 0 and shown[one.end : other.start] == " of ":
            yield Number(-1, "", one.value / other.value, 2, "share")


def backs(good: Number, said_: Number) -> bool:
    """Whether one number is what another says when it is rounded, and counts the same where both say what."""
    if said_.unit and good.unit and said_.unit != good.unit:
        if said_.value < 1 and good.unit in _SHARES and said_.unit not in TIMES:
            return rounds_to(good, said_)  # "a quarter of the models" is a share
        return said_.unit in _MONTHS_OF and good.unit in TIMES and _is_same_time(good, said_)
    return rounds_to(good, said_)


def farthest(said_: Number) -> float:
    """Return how far a number may be from what it is rounded from, at the most: what is farther needs no look."""
    step = 10.0**-said_.decimals
    if said_.value < 1:
        return max(step, 1.0)
    return max(step, _round_step(said_), 0.5) + _NEAR if said_.about else step


def rounds_to(good: Number, said_: Number) -> bool:
    """Whether one number is what another says when it is rounded; one below 1 is never rounded to a whole one.

    "More than 11" may stand for 11.7, "nearly 12" too, and "about 60" for 61.4: a round number to its step.
    """
    if abs(good.value - said_.value) > farthest(said_):
        return False
    if said_.about.endswith(("above", "below")) and said_.value >= 1:
        return _is_about(good.value, said_)
    if _is_rounded(good.value, said_) or (said_.about and said_.value >= 1 and _is_about(good.value, said_)):
        return True
    return said_.value < 1 and bool(said_.about) and _is_part(good, said_)


def _is_about(value: float, said_: Number) -> bool:
    step = 10.0**-said_.decimals
    is_half = bool(re.search(r"\bhalf\b", said_.text))
    if is_half:
        step = 0.5  # "above three and a half"
    reach = (_round_step(said_) or step) * (0.5 if said_.about.startswith("just") else 1.0)
    if said_.about.endswith("above"):
        return said_.value - 0.05 <= value < said_.value + reach
    if said_.about.endswith("below"):
        return said_.value - reach < value <= said_.value + 0.05
    is_near = abs(value - said_.value) <= reach / 2 and abs(value - said_.value) <= _SHARE_OFF * said_.value
    return ((reach > step or is_half) and is_near) or (said_.value == 1 and 0.75 <= value < 1)


def _round_step(said_: Number) -> float:
    """Return the step to which a round number of twenty or more is rounded, 0 where it is none."""
    if said_.decimals or said_.value < 20:
        return 0.0
    return next((step for step in (100.0, 10.0, 5.0) if said_.value % step == 0 and said_.value > step), 0.0)


def _is_part(good: Number, said_: Number) -> bool:
    """Whether a share is told as a part: "two thirds" for 68 %, "about a quarter" for 23 %."""
    if good.unit not in _SHARES or not re.search(r"[a-z]", said_.text):
        return False
    off = good.value - said_.value
    if said_.about.endswith(("above", "below")):
        return -0.005 <= (off if said_.about.endswith("above") else -off) <= _PART_OFF * 2
    return abs(off) <= _PART_OFF


def _is_rounded(value: float, said_: Number) -> bool:
    step = 10.0**-said_.decimals if value >= 1 else min(0.1, 10.0**-said_.decimals)
    return abs(value - said_.value) <= _HALF_STEP * step


def _is_same_time(good: Number, said_: Number) -> bool:
    """Whether years, weeks or days are the same time in whole months: "half a year" is 6, "a year" 12."""
    if good.unit == "days":
        return False
    months, told = good.value * _MONTHS_OF.get(good.unit, 1.0), said_.value * _MONTHS_OF[said_.unit]
    if said_.about.endswith("above") and said_.unit == "years":
        return told <= months < told + (1.5 if said_.about.startswith("just") else 6)
    if said_.about.endswith("below") and said_.unit == "years":
        return told - 2 <= months <= told
    return abs(months - told) <= (1.0 if said_.about and told >= 6 else _HALF_STEP)


def is_day(good: Day, said_: Day) -> bool:
    """Whether a date is the one that another says, as far as that says it."""
    return said_.year in (0, good.year) and said_.month in (0, good.month) and said_.day in (0, good.day)
