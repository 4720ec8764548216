"""How figures, days and lists are written to people: one decimal for months, "22 May 2026" for days."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Literal, get_args

_PLAIN_WORD = re.compile(r"(?!gapbrief\b)[a-z]+(?:'[a-z]+)?[ ,;:.]")
CLASSES = ("private", "public")
UNKNOWN = "unknown"
"""The access of a test of which nobody has said whether its questions are secret: it is of no class."""
ACCESS = (*CLASSES, UNKNOWN)
"""The two kinds of tests: with secret questions, and with published ones."""
Domain = Literal[
    "coding", "maths", "science", "reasoning", "agents", "knowledge", "long context", "pictures", "preference"
]
DOMAINS: tuple[str, ...] = get_args(Domain)
"""The fields of work that a test may be of."""
NO_DOMAIN = "no domain yet"
"""What stands where nobody has said which one a test is of."""
_OF_TESTS = {"agents": "agent", "long context": "long-context", "pictures": "picture"}
MONTHS = tuple("January February March April May June July August September October November December".split())


def day(value: date | int) -> str:
    """Write a day (a date or its ordinal): "22 May 2026"."""
    found = date.fromordinal(value) if isinstance(value, int) else value
    return f"{found.day} {MONTHS[found.month - 1]} {found.year}"


def month(value: date) -> str:
    """Write a day's month: "January 2025"."""
    return f"{MONTHS[value.month - 1]} {value.year}"


def months(value: float) -> str:
    """Write a length of months, without its sign: "8.6 months"."""
    figure = f"{abs(value):.1f}"
    return f"{figure} month" if figure == "1.0" else f"{figure} months"


def about_months(value: float) -> str:
    """Write a length for a sentence in whole months; to a tenth where it is short or lies midway between two."""
    if value < 0.05:
        return "less than 0.1 months"
    if value < 1.5 or f"{value:.1f}".endswith(".5"):
        return f"about {months(value)}"
    return f"about {value:.0f} months"


def lag(value: float) -> str:
    """Write a length of months that open models trail, with its direction where they lead: "2.0 months ahead"."""
    return months(value) if value > -0.05 else f"{months(value)} ahead"


def likely(low: float, high: float) -> str:
    """Write an interval of lengths; to a tenth where a whole month would hide its width."""
    digits = 0 if high - low >= 2 else 1
    return f"likely {low + 0.0:.{digits}f} to {high + 0.0:.{digits}f}"  # no minus before a zero


def _digits(low: float, high: float) -> int:
    """Return the decimals of an interval around 0: none where both its ends are then still on their sides of it."""
    return 0 if high - low >= 2 and min(-low, high) >= 0.5 else 1


def likely_behind(low: float, high: float) -> str:
    """Write an interval of a lag, with its direction where it reaches below zero, that is where open leads."""
    if low >= 0:
        return likely(low, high)
    if high <= 0:
        return f"{likely(-high, -low)} ahead"
    digits = _digits(low, high)
    if f"{-low:.{digits}f}" == "0.0":
        return likely(0.0, high)
    if f"{high:.{digits}f}" == "0.0":
        return f"{likely(0.0, -low)} ahead"
    return f"likely {-low:.{digits}f} ahead to {high:.{digits}f} behind"


def level(value: float, unit: str) -> str:
    """Write a level of a benchmark in its unit: "35 %", "50 minutes", "145 points"."""
    return f"{value:g} {'%' if unit == 'percent' else unit}"


def count(number: int, thing: str) -> str:
    """Write a count with its noun: "1 result", "40 results", "9 families"."""
    return f"{number:,} {thing if number == 1 else plural(thing)}"


def plural(thing: str) -> str:
    """Write a noun's plural: "results", "families"."""
    return "families" if thing == "family" else f"{thing}s"


def tests_of(domain: str) -> str:
    """Name the tests of a domain: "coding tests", "long-context tests"."""
    return f"{_OF_TESTS.get(domain, domain)} tests"


def headed(domain: str, text: str) -> str:
    """Write a text of a domain's own, beginning with the domain: "Coding · Closed models lead on 6 of 7 tests"."""
    return f"{sentence(domain)} · {text}"


def one_line(text: str) -> str:
    """Return a text on one line, without characters that can't be seen."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def quoted(text: str, longest: int = 40) -> str:
    """Write what a person typed in quotation marks, in a length and form that fit into a sentence."""
    clean = one_line(text)
    return f'"{clean}"' if len(clean) <= longest else f'"{clean[: longest - 1]}…"'


def shortened(text: str, longest: int = 60) -> str:
    """Write a text in at most so many characters."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def listed(things: Sequence[str], most: int = 4) -> str:
    """Write a list: "A, B and C", shortened to "A, B and 5 others"."""
    shown = list(things)
    if len(shown) > most:
        shown = [*shown[: most - 1], f"{len(things) - most + 1} others"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def either(things: Sequence[str]) -> str:
    """Write a choice: "private or public", "coding, maths or science"."""
    return f"{', '.join(things[:-1])} or {things[-1]}" if len(things) > 1 else things[0]


def levels(low: float, high: float, unit: str) -> str:
    """Write a run of levels: "60 to 70 %", "35 %"."""
    return level(high, unit) if low == high else f"{low:g} to {level(high, unit)}"


def score(value: float, unit: str) -> str:
    """Write a score in its unit, to a tenth: "79.3 %", "154.0 points"; minutes to a whole one from ten on."""
    if unit == "minutes" and not 1 <= value < 10:
        return f"{value:,.0f} minutes" if value >= 1 else f"{value:.2f} minutes"
    return f"{value:.1f} {'%' if unit == 'percent' else unit}"


def difference(value: float, unit: str) -> str:
    """Write the distance of two scores, without its sign: "14.2 points" where they are percentages."""
    return score(abs(value), "points" if unit == "percent" else unit)


def later(value: float) -> str:
    """Write when something came against something else, in months: "5.7 months later", "on the same day"."""
    if value == 0:
        return "on the same day"
    return f"{'1 day' if abs(value) < 0.05 else months(value)} {'later' if value > 0 else 'earlier'}"


def behind(value: float) -> str:
    """Write a lag so that whom it is held against can follow: "5.7 months behind", "ahead of", "level with"."""
    if abs(value) < 0.05:
        return "level with"
    return f"{months(value)} {'behind' if value > 0 else 'ahead of'}"


def likely_clear(low: float, high: float) -> str:
    """Write an interval of lengths that leaves 0 out; to a tenth where a whole month would hide that."""
    return f"likely {low:.1f} to {high:.1f}" if low < 0.5 else likely(low, high)


def likely_either(low: float, high: float, less: str, more: str) -> str:
    """Write an interval of a difference that holds 0, with both directions: "likely 2 shorter to 1 months longer"."""
    digits = _digits(low, high)
    ends = [f"{abs(each):.{digits}f}" for each in (low, high)]
    if not float(ends[1]):
        return f"likely {ends[0]} months {less} to no change" if float(ends[0]) else "likely no change"
    return f"likely {f'{ends[0]} {less}' if float(ends[0]) else 'no change'} to {ends[1]} months {more}"


def likely_change(low: float, high: float, less: str, more: str) -> str:
    """Write an interval of a difference: with both directions where it holds 0, else its lengths alone."""
    return likely_either(low, high, less, more) if low < 0 < high else likely_clear(*sorted((abs(low), abs(high))))


def possessive(name: str) -> str:
    """Write whose something is: "China's", "others'"."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def sentence(text: str) -> str:
    """Begin a text with a capital letter, and leave the rest as it is: names keep their own."""
    return text[:1].upper() + text[1:]


def begun(text: str) -> str:
    """Begin a text with a capital letter, unless it begins with a name."""
    return sentence(text) if _PLAIN_WORD.match(text) else text


def cell(value: float | None) -> str:
    """Write a figure for a table, to a tenth: "7.5", "−0.4"; a dash where there is none."""
    if value is None:
        return "–"
    return f"{value:.1f}".replace("-", "−") if abs(value) >= 0.05 else "0.0"


def span(low: float | None, high: float | None) -> str:
    """Write an interval for a table: "5.1 to 9.0"; a dash where it has no end."""
    return "–" if low is None or high is None else f"{cell(low)} to {cell(high)}"


def stands(value: float) -> str:
    """Write a lag of open models where nobody is named after it: "5.7 months behind", "0.4 months ahead", "level"."""
    return "level" if abs(value) < 0.05 else f"{months(value)} {'behind' if value > 0 else 'ahead'}"


def against(value: float) -> str:
    """Write a lag before the name that it is held against: "5.7 months after", "on the same day as"."""
    return f"{months(value)} {'after' if value > 0 else 'before'}" if value else "on the same day as"
