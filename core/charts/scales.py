"""Map data to places on a page: ranges, ticks (few enough for a phone), and the plot."""

import math
from collections.abc import Sequence
from datetime import date

from matplotlib.transforms import Bbox

from core.charts.lettering import width
from core.charts.page import Page, points
from core.words import MONTHS

_MONTH_STEPS = (0.1, 0.2, 0.5, 1, 2, 3, 6, 12, 24, 36, 60, 120)
_DAY_STEPS = (1, 2, 3, 6, 12, 24, 60, 120)
"""The steps between ticks of time, in months."""
_SHORTEST = 60
"""The shortest time that an axis shows, in days."""
_BELOW = 14
"""The distance from the plot to its tick labels, in pixels: keeps them clear of the label beside the lowest rule."""
_LEAST = 1e-4
"""A smaller range of values counts as empty."""
_MOST_TICKS = 6
"""The maximum number of ticks on a phone."""

Tick = tuple[float, str]


class Plot:
    """The part of a page that shows data: the ranges of x and y fill the box."""

    def __init__(
        self, page: Page, box: Bbox, x_range: tuple[float, float], y_range: tuple[float, float], *, is_log: bool = False
    ) -> None:
        self.page, self.box = page, box
        self.axes = page.add_axes(box)
        if is_log:
            self.axes.set_yscale("log")
        self.axes.set_xlim(x_range)
        self.axes.set_ylim(y_range)

    def pixels(self, x: float, y: float) -> tuple[float, float]:
        """Return the place of a data point on the page, in pixels."""
        right, up = self.axes.transData.transform((x, y)) / self.page.shape.scale
        return float(right), float(up)

    def draw_y_ticks(self, ticks: Sequence[Tick]) -> None:
        """Draw a rule at each tick, with its label to the left; the rule at zero is darker."""
        size, muted = self.page.shape.text, self.page.theme.muted
        for value, label in ticks:
            self.axes.axhline(value, color=self._rule_color(value), linewidth=points(1.5), zorder=0)
            _, y = self.pixels(self.axes.get_xlim()[0], value)
            self.page.write(self.box.x0 - 10, y, label, size, color=muted, align="right", rise="center")

    def draw_x_ticks(self, ticks: Sequence[Tick]) -> None:
        """Write the ticks below the plot; leave out labels that would touch."""
        shape, muted = self.page.shape, self.page.theme.muted
        free, end = 0.0, float(shape.width)
        for value, label in ticks:
            x, _ = self.pixels(value, self.axes.get_ylim()[0])
            self.page.draw_line((x, self.box.y0), (x, self.box.y0 - 6), muted)
            half = width(label, shape.text) / 2
            if x - half >= free and x + half <= end:
                self.page.write(x, self.box.y0 - _BELOW, label, color=muted, align="center")
                free = x + half + shape.text / 2

    def _rule_color(self, value: float) -> str:
        return self.page.theme.muted if value == 0 else self.page.theme.rule


def make_time_plot(
    page: Page, box: Bbox, days: Sequence[int], y_range: tuple[float, float], ticks: Sequence[Tick],
    *, is_log: bool = False,
) -> Plot:  # fmt: skip
    """Return a plot of days (ordinals) and values; the plot and its ticks together fill the box."""
    first, last = min(days), max(days)
    if last - first < _SHORTEST:
        first, last = first - _SHORTEST // 2, last + _SHORTEST // 2
    text = page.shape.text
    left = box.x0 + max((width(label, text) for _, label in ticks), default=0) + 10
    inner = Bbox.from_extents(left, box.y0 + ticks_height(page), box.x1, box.y1 - text / 2)
    plot = Plot(page, inner, (first, last), y_range, is_log=is_log)
    plot.draw_y_ticks(ticks)
    plot.draw_x_ticks(day_ticks(first, last, page.shape.days))
    return plot


def ticks_height(page: Page) -> float:
    """Return the height of the ticks below a plot, in pixels."""
    return _BELOW + page.shape.text + 4


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
