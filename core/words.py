"""How figures, days and lists are written to people: one decimal for months, "22 May 2026" for days."""

from collections.abc import Sequence
from datetime import date

_MONTHS = "January February March April May June July August September October November December".split()


def day(value: date | int) -> str:
    """Write a day (a date or its ordinal): "22 May 2026"."""
    found = date.fromordinal(value) if isinstance(value, int) else value
    return f"{found.day} {_MONTHS[found.month - 1]} {found.year}"


def month(value: date) -> str:
    """Write a day's month: "January 2025"."""
    return f"{_MONTHS[value.month - 1]} {value.year}"


def months(value: float) -> str:
    """Write a length of months, without its sign: "8.6 months"."""
    figure = f"{abs(value):.1f}"
    return f"{figure} month" if figure == "1.0" else f"{figure} months"


def likely(low: float, high: float) -> str:
    """Write an interval of lengths; to a tenth where a whole month would hide its width."""
    digits = 0 if high - low >= 2 else 1
    return f"likely {low + 0.0:.{digits}f} to {high + 0.0:.{digits}f}"  # no minus before a zero


def likely_behind(low: float, high: float) -> str:
    """Write an interval of a lag, with its direction where it reaches below zero, that is where open leads."""
    if low >= 0:
        return likely(low, high)
    if high <= 0:
        return f"{likely(-high, -low)} ahead"
    digits = 0 if high - low >= 2 else 1
    return f"likely {-low:.{digits}f} ahead to {high:.{digits}f} behind"


def level(value: float, unit: str) -> str:
    """Write a level of a benchmark in its unit: "35 %", "50 minutes", "145 points"."""
    return f"{value:g} {'%' if unit == 'percent' else unit}"


def count(number: int, thing: str) -> str:
    """Write a count with its noun: "1 result", "40 results"."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def quoted(text: str, longest: int = 40) -> str:
    """Write what a person typed in quotation marks, in a length and form that fit into a sentence."""
    clean = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return f'"{clean}"' if len(clean) <= longest else f'"{clean[: longest - 1]}…"'


def listed(things: Sequence[str], most: int = 4) -> str:
    """Write a list: "A, B and C", shortened to "A, B and 5 others"."""
    shown = list(things)
    if len(shown) > most:
        shown = [*shown[: most - 1], f"{len(things) - most + 1} others"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
