"""How figures, days and lists are written to people: one decimal for months, "22 May 2026" for days."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Literal, get_args

_PLAIN_WORD = re.compile(r"(?!gapbrief\b)[a-z]+(?:'[a-z]+)?[ ,;:.]")
_IN_BRACKETS, _CLAUSE = re.compile(r" \([^()]*\)"), re.compile(r"[:;] ")
_MOST_WORDS = 12
"""The maximum number of words of a title on a card."""
CLASSES = ("private", "public")
UNKNOWN = "unknown"
"""The access of a test that nobody has said to be private or public: it is in neither class."""
ACCESS = (*CLASSES, UNKNOWN)
"""A test's questions are secret (private), published (public), or nobody has said."""
Domain = Literal[
    "coding", "maths", "science", "reasoning", "agents", "knowledge", "long context", "pictures", "preference"
]
DOMAINS: tuple[str, ...] = get_args(Domain)
"""The fields of work that a test may belong to."""
NO_DOMAIN = "no domain yet"
"""The label for a test whose domain nobody has said."""
_ADJECTIVES = {"agents": "agent", "long context": "long-context", "pictures": "picture"}
LagStyle = Literal["", "behind", "later", "after"]
_LEADS = {"": "ahead", "behind": "ahead", "later": "earlier", "after": "before"}
_NO_LAGS = {"behind": "level", "later": "on the same day", "after": "on the same day as"}
MONTHS = tuple("January February March April May June July August September October November December".split())


def day(value: date | int) -> str:
    """Write a day (a date or its ordinal): "22 May 2026"."""
    at = date.fromordinal(value) if isinstance(value, int) else value
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}"


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


def lag_text(value: float, style: LagStyle = "") -> str:
    """Write a lag in months: "5.7 months"; with its direction where open models lead: "2.0 months ahead".

    `style` is the word for a lag. "behind" says where open models stand: "5.7 months behind", "0.4 months ahead",
    "level". "later" says when something came: "1 day later", "on the same day". "after" stands before a name:
    "5.7 months after", "5.7 months before", "on the same day as".
    """
    if value == 0 or (abs(value) < 0.05 and style not in ("later", "after")):
        return _NO_LAGS.get(style, months(value))
    length = "1 day" if style == "later" and abs(value) < 0.05 else months(value)
    return f"{length} {style if value > 0 else _LEADS[style]}".rstrip()


def likely_range(low: float, high: float) -> str:
    """Write an interval of lengths: "likely 7 to 11"; to a tenth where whole months would hide its width."""
    digits = 0 if high - low >= 2 else 1
    return f"likely {low + 0.0:.{digits}f} to {high + 0.0:.{digits}f}"  # no minus before a zero


def took_text(waits: Sequence[float]) -> str:
    """Write how long catch-ups took, in whole months: "3 to 14 months", "about 7 months", "at most 5 months"."""
    low, high = min(waits), max(waits)
    if low < 0:
        return f"at most {max(high, 0):.0f} months"
    if f"{low:.0f}" != f"{high:.0f}":
        return f"{low:.0f} to {high:.0f} months"
    return f"about {count(round(high), 'month')}" if high >= 0.5 else "less than a month"


def likely_lag(low: float, high: float) -> str:
    """Write an interval of a lag: "likely 7 to 11", "likely 2 to 6 ahead", "likely 2 ahead to 34 behind"."""
    if low >= 0:
        return likely_range(low, high)
    if high <= 0:
        return f"{likely_range(-high, -low)} ahead"
    digits = _digits(low, high)
    if f"{-low:.{digits}f}" == "0.0":
        return likely_range(0.0, high)
    if f"{high:.{digits}f}" == "0.0":
        return f"{likely_range(0.0, -low)} ahead"
    return f"likely {-low:.{digits}f} ahead to {high:.{digits}f} behind"


def _digits(low: float, high: float) -> int:
    """Return the decimals of an interval around 0: none where neither end would be written as 0."""
    return 0 if high - low >= 2 and min(-low, high) >= 0.5 else 1


def level(value: float, unit: str) -> str:
    """Write a level of a benchmark in its unit: "35 %", "50 minutes", "145 points"."""
    return f"{value:g} {'%' if unit == 'percent' else unit}"


def money(value: float) -> str:
    """Write a price in dollars: "$0.45", "$6", "$0.075"."""
    if value == round(value):
        return f"${value:g}"
    return f"${value:.2f}" if value >= 0.1 else f"${value:.2g}"


def parameter_count(billions: float) -> str:
    """Write a number of parameters: "32B", "2.8T"."""
    return f"{billions:g}B" if billions < 1000 else f"{billions / 1000:.3g}T"


def count(number: int, thing: str) -> str:
    """Write a count with its noun: "1 result", "40 results", "9 families"."""
    plural = "families" if thing == "family" else f"{thing}s"
    return f"{number:,} {thing if number == 1 else plural}"


def tests_of(domain: str) -> str:
    """Name the tests of a domain: "coding tests", "long-context tests"."""
    return f"{_ADJECTIVES.get(domain, domain)} tests"


def with_domain(domain: str, text: str) -> str:
    """Begin a text with its domain: "Coding · Closed models lead on 6 of 7 tests"."""
    return f"{capitalize(domain)} · {text}"


def one_line(text: str) -> str:
    """Return a text on one line, without unprintable characters."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def quote(text: str, longest: int = 40) -> str:
    """Quote what a person typed, on one line and short enough for a sentence."""
    clean = one_line(text)
    return f'"{clean}"' if len(clean) <= longest else f'"{clean[: longest - 1]}…"'


def shorten(text: str, longest: int = 60) -> str:
    """Cut a text to at most `longest` characters."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def and_list(things: Sequence[str], most: int = 4) -> str:
    """Write a list: "A, B and C", shortened to "A, B and 5 others"."""
    parts = list(things)
    if len(parts) > most:
        parts = [*parts[: most - 1], f"{len(things) - most + 1} others"]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def or_list(things: Sequence[str]) -> str:
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


def difference(first: float, second: float, unit: str) -> str:
    """Write the distance of two scores as both are written, without its sign: "14.2 points" between percentages."""
    written = [float(score(value, unit).split()[0].replace(",", "")) for value in (first, second)]
    return score(abs(written[0] - written[1]), "points" if unit == "percent" else unit)


def likely_change(low: float, high: float, less: str, more: str) -> str:
    """Write an interval of a change: "likely 2 shorter to 1 month longer"; its lengths alone where it leaves out 0.

    `less` and `more` are the words for a change below and above 0.
    """
    if not low < 0 < high:
        near, far = sorted((abs(low), abs(high)))
        if near < 0.5:  # as a whole month it might be written as 0
            return f"likely {near:.1f} to {far:.1f}"
        return likely_range(near, far)
    digits = _digits(low, high)
    fall, rise = (f"{abs(end):.{digits}f}" for end in (low, high))
    if not float(rise):
        return f"likely {fall} months {less} to no change" if float(fall) else "likely no change"
    longer = f"{rise} {'month' if float(rise) == 1 else 'months'} {more}"
    return f"likely {f'{fall} {less}' if float(fall) else 'no change'} to {longer}"


def likely_signed(low: float, high: float) -> str:
    """Write an interval of a change in a direction that stands beside it: "likely 2 to 6", "likely −1 to 6"."""
    if not low < 0 < high:
        return likely_range(low, high).replace("-", "−")
    digits = _digits(low, high)
    sign = "−" if round(low, digits) else ""  # no minus before a zero
    return f"likely {sign}{-low:.{digits}f} to {high:.{digits}f}"


def possessive(name: str) -> str:
    """Write a name's possessive: "China's", "others'"."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def capitalize(text: str) -> str:
    """Begin a text with a capital letter; unlike `str.capitalize`, leave the rest as it is."""
    return text[:1].upper() + text[1:]


def begin_sentence(text: str) -> str:
    """Begin a text with a capital letter, unless it begins with a name."""
    return capitalize(text) if _PLAIN_WORD.match(text) else text


def shorten_title(title: str) -> str:
    """Return a title without brackets and, where it has too many words, without its last clauses.

    A clause ends at ";" or ":" alone: what stands before a comma, "and" or "on" may say something else by itself.
    """
    title = _IN_BRACKETS.sub("", title)
    while len(title.split()) > _MOST_WORDS and (begins := list(_CLAUSE.finditer(title))):
        title = title[: begins[-1].start()]
    return title


def cell(value: float | None) -> str:
    """Write a figure for a table, to a tenth: "7.5", "−0.4"; None as a dash."""
    if value is None:
        return "–"
    return f"{value:.1f}".replace("-", "−") if abs(value) >= 0.05 else "0.0"


def range_cell(low: float | None, high: float | None) -> str:
    """Write an interval for a table: "5.1 to 9.0"; a dash if an end is missing."""
    return "–" if low is None or high is None else f"{cell(low)} to {cell(high)}"
