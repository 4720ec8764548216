"""The scales of charts, for pictures and for pages: ranges, and round ticks (few enough for a phone)."""

import math
from collections.abc import Sequence
from datetime import date

from core.words import MONTHS

_MONTH_STEPS = (0.1, 0.2, 0.5, 1, 2, 3, 6, 12, 24, 36, 60, 120)
_DAY_STEPS = (1, 2, 3, 6, 12, 24, 60, 120)
"""The steps between ticks of time, in months."""
_SHORTEST = 60
"""The shortest time that an axis shows, in days."""
_LEAST = 1e-4
"""A smaller range of values counts as empty."""
_MOST_TICKS = 6
"""The maximum number of ticks on a phone."""
_LOG_RATIO = 100
"""A scale in minutes is logarithmic if the largest value exceeds the smallest by more than this factor."""
_ZERO_SHARE = 0.25
"""A scale starts at zero unless its smallest value exceeds this share of its upper end."""

Tick = tuple[float, str]


def value_range(values: Sequence[float]) -> tuple[float, float]:
    """Return a range that holds all values, with room above, and also below if a value is negative."""
    low, high = min(values), max(values)
    span = high - low if high - low > _LEAST else 1.0
    return low - (0.05 * span if low < 0 else 0), high + 0.05 * span


def value_ticks(low: float, high: float, *, in_months: bool = False) -> list[Tick]:
    """Return ticks at round values from `low` to `high`.

    Steps in months fit years (3, 6, 12); other steps are 1, 2 or 5 times a power of ten.
    """
    span = high - low
    tens = [factor * 10.0**power for power in range(-6, 13) for factor in (1, 2, 5)]
    steps = [*(step for step in _MONTH_STEPS if in_months), *(step for step in tens if step > 120 or not in_months)]
    step = next(step for step in steps if span / step < _MOST_TICKS)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [(number * step, tick_text(number * step)) for number in range(first, last + 1)]


def power_ticks(low: float, high: float) -> list[Tick]:
    """Return ticks at powers of ten from `low` to `high`, both above zero."""
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    step = max(math.ceil((last - first + 1) / _MOST_TICKS), 1)
    return [(10.0**power, tick_text(10.0**power)) for power in range(first, last + 1, step)]


def tick_text(value: float) -> str:
    """Format a tick: "1,000", "0.5", "−3"; above a million in short, "200 mn"."""
    value_rounded = round(value, 6) + 0.0  # no minus before a zero
    shown = f"{value_rounded:,.0f}" if abs(value_rounded) >= 1000 else f"{value_rounded:g}"
    return (f"{value_rounded / 1e6:,g} mn" if abs(value_rounded) > 1e6 else shown).replace("-", "−")


def day_ticks(first: int, last: int, most: int = _MOST_TICKS) -> list[Tick]:
    """Return fewer than `most` ticks between two days (ordinals), at the first days of years or months."""
    start = date.fromordinal(first)
    months = (date.fromordinal(last).year - start.year) * 12 + date.fromordinal(last).month - start.month
    step = next((step for step in _DAY_STEPS if months / step < most), _DAY_STEPS[-1])
    ticks, begin = [], start.year * 12 + start.month - 1
    for number in range(begin // step * step, begin + months + 1, step):
        year, month = divmod(number, 12)
        at = date(year, month + 1, 1).toordinal()
        if first <= at <= last:
            ticks.append((float(at), str(year) if step >= 12 else f"{MONTHS[month][:3]} {year}"))
    return ticks


def day_range(days: Sequence[int]) -> tuple[int, int]:
    """Return the first and last day (ordinals) of an axis that shows some days."""
    first, last = min(days), max(days)
    if last - first < _SHORTEST:
        first, last = first - _SHORTEST // 2, last + _SHORTEST // 2
    return first, last


def is_log_scale(values: Sequence[float], label: str) -> bool:
    """Return whether scores with such a label are on a logarithmic scale."""
    return "minutes" in label and min(values) > 0 and max(values) / min(values) > _LOG_RATIO


def score_scale(values: Sequence[float], *, is_log: bool) -> tuple[tuple[float, float], list[Tick]]:
    """Return the range of scores and its ticks; the range starts at zero unless all values are well above zero."""
    if is_log:
        low, high = min(values) / 1.4, max(values) * 1.4
        return (low, high), power_ticks(low, high)
    low, high = value_range([0.0, *values])
    smallest = min(values)
    if smallest > max(_ZERO_SHARE * high, 0.1):
        low = max(smallest - max(0.1 * (high - smallest), 0.05 * smallest), 0)
    return (low, high), value_ticks(low, high)
