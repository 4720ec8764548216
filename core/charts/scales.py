"""Map data to places on a page: the plot with its ticks."""

import math
from collections.abc import Sequence
from itertools import pairwise

from matplotlib.transforms import Bbox

from core.charts.lettering import LINE_HEIGHT, width
from core.charts.page import Page, points
from core.ticks import Tick, day_range, day_ticks

_BELOW = 14
"""The distance from the plot to its tick labels, in pixels: keeps them clear of the label beside the lowest rule."""


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
            color = muted if value == 0 else self.page.theme.rule
            self.axes.axhline(value, color=color, linewidth=points(1.5), zorder=0)
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


def make_time_plot(
    page: Page, box: Bbox, days: Sequence[int], y_range: tuple[float, float], ticks: Sequence[Tick],
    *, is_log: bool = False,
) -> Plot:  # fmt: skip
    """Return a plot of days (ordinals) and values; the plot and its ticks together fill the box."""
    first, last = day_range(days)
    text = page.shape.text
    inner = Bbox.from_extents(box.x0 + ticks_width(page, ticks), box.y0 + ticks_height(page), box.x1, box.y1 - text / 2)
    plot = Plot(page, inner, (first, last), y_range, is_log=is_log)
    heights = [plot.pixels(first, value)[1] for value, _ in ticks]
    apart = min((above - below for below, above in pairwise(heights)), default=math.inf)
    plot.draw_y_ticks(ticks[:: max(math.ceil(LINE_HEIGHT * text / apart), 1)])
    plot.draw_x_ticks(day_ticks(first, last, page.shape.days))
    return plot


def ticks_width(page: Page, ticks: Sequence[Tick]) -> float:
    """Return the width of the ticks at the left of a plot, in pixels."""
    return max((width(label, page.shape.text) for _, label in ticks), default=0) + 10


def ticks_height(page: Page) -> float:
    """Return the height of the ticks below a plot, in pixels."""
    return _BELOW + page.shape.text + 4
